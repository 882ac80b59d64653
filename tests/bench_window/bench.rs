//! The window against an empty Tauri window, in one run: how soon it paints, how soon its first screen stands there with
//! cached data, and what it holds in memory at rest.
//!
//! `cargo bench --bench bench_window -- DIR`, inside a display; DIR is a data folder, such as `tieout demo --data DIR` leaves.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on says where")]

#[path = "../e2e/driver.rs"]
#[expect(dead_code, reason = "the benchmark opens windows and looks, and presses nothing")]
mod driver;
mod empty;
mod memory;

use driver::{Desk, Program};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const STARTS: usize = 9;
/// Long enough for caches to be filled and for the collector to have run.
const REST: Duration = Duration::from_secs(10);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if arguments.iter().any(|it| it == empty::FLAG) {
        return empty::run();
    }
    let Some(folder) = arguments.first().map(PathBuf::from) else {
        eprintln!("name a data folder: cargo bench --bench bench_window -- DIR");
        std::process::exit(2);
    };
    let own = std::env::current_exe().expect("the benchmark knows where it is");
    let blank = Program { binary: own, arguments: vec![empty::FLAG.into()] };
    let tieout = Program::default();

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut of_blank, mut of_tieout) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        of_blank.push(runtime.block_on(until_shown(&blank, &folder, empty::SHOWN)));
        of_tieout.push(runtime.block_on(until_shown(&tieout, &folder, "[data-testid=\"tile-inTransit\"]")));
    }
    for (what, of) in
        [("first paint", (|it| it.painted) as fn(&Opened) -> u64), ("first screen with its data", |it| it.shown)]
    {
        let (blank_ms, tieout_ms) = (median(of_blank.iter().map(of)), median(of_tieout.iter().map(of)));
        println!(
            "{what}, median of {STARTS}: empty {blank_ms} ms, Tieout {tieout_ms} ms, {}.{:02}x",
            tieout_ms / blank_ms,
            tieout_ms * 100 / blank_ms % 100
        );
    }

    let blank_kib = memory::at_rest(&blank, &folder, REST);
    let tieout_kib = memory::at_rest(&tieout, &folder, REST);
    println!(
        "at rest after {} s, PSS of all processes: empty {} MiB, Tieout {} MiB, {} MiB more",
        REST.as_secs(),
        blank_kib / 1024,
        tieout_kib / 1024,
        (tieout_kib as i64 - blank_kib as i64) / 1024
    );
}

/// Milliseconds since the driver was asked for a window.
struct Opened {
    painted: u64,
    shown: u64,
}

/// The page's own clock says when it first painted something of its content.
const FIRST_PAINT: &str = "const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return Math.round(performance.timeOrigin + (paint ? paint.startTime : 0))";

async fn until_shown(program: &Program, folder: &std::path::Path, css: &str) -> Opened {
    let mut desk = Desk::new().expect("a display and WebKitWebDriver");
    desk.data = folder.to_owned();
    let (began, clock) = (Instant::now(), SystemTime::now());
    let window = desk.open_program(program).await;
    window.find_css(css).await;
    let shown = began.elapsed().as_millis() as u64;
    let painted = window.script(FIRST_PAINT).await.as_f64().expect("the page knows when it painted") as u64;
    let asked = clock.duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_millis() as u64;
    window.close().await;
    Opened { painted: painted.saturating_sub(asked), shown }
}

fn median(of: impl Iterator<Item = u64>) -> u64 {
    let mut of: Vec<u64> = of.collect();
    of.sort_unstable();
    of[of.len() / 2].max(1)
}
