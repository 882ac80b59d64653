//! The page's process is killed while the program goes on.

use crate::driver::{Desk, Program};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The process that draws the page, other than `not`.
fn page_of(program: u32, not: Option<u32>) -> u32 {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        for entry in fs::read_dir("/proc").expect("/proc is there").flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|it| it.parse::<u32>().ok()) else { continue };
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let Some((name, rest)) = stat.rsplit_once(')') else { continue };
            let mut rest = rest.split_whitespace();
            let is_alive = rest.next() != Some("Z");
            let parent = rest.next().and_then(|it| it.parse::<u32>().ok());
            if name.contains("(WebKitWebProces") && parent == Some(program) && is_alive && Some(pid) != not {
                return pid;
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("no page process of {program} within {PATIENCE:?}");
}

#[test]
fn a_page_that_is_killed_comes_back_and_the_log_says_so() {
    let Some(desk) = Desk::new() else { return };
    let child = Command::new(Program::default().binary)
        .env("TIEOUT_DATA", desk.data_folder())
        .env("TIEOUT_KEYCHAIN", "off")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    let page = page_of(running.0.id(), None);
    // Killed before it has shown anything, it would be no page that a person had before them.
    std::thread::sleep(Duration::from_secs(2));
    assert!(Command::new("kill").args(["-9", &page.to_string()]).status().unwrap().success());
    let another = page_of(running.0.id(), Some(page));
    assert_ne!(another, page);
    let log = desk.data_folder().join("logs/tieout.jsonl");
    let told = fs::read_to_string(log).unwrap();
    assert!(told.contains("the page died and is loaded again"), "{told}");
}
