//! The program's own diary: one JSON line an event in `<data folder>/logs/tieout.jsonl`, panics included.
//!
//! It holds no amounts, no customers and no secrets; what was done to the books is in the audit trail instead.

use crate::data_folder::create_private;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;

/// Past this size the log is put aside at the next start, so two files of it are the most that is kept.
const LOG_BYTES_MAX: u64 = 5 * 1024 * 1024;

pub fn start(data_folder: &Path) -> io::Result<()> {
    let folder = data_folder.join("logs");
    create_private(&folder)?;
    let file = open_log(&folder)?;
    let filter = EnvFilter::try_from_env("TIEOUT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // `Err` only says that a test in this process started one already.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(Mutex::new(file)).try_init();
    log_panics();
    Ok(())
}

fn open_log(folder: &Path) -> io::Result<File> {
    let current = folder.join("tieout.jsonl");
    if current.metadata().is_ok_and(|file| file.len() > LOG_BYTES_MAX) {
        std::fs::rename(&current, folder.join("tieout.1.jsonl"))?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(current)
}

/// A panicking command must not take the window down, and must not pass unseen either.
fn log_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "panicked");
        before(panic);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise L2.
    #[test]
    fn no_text_can_forge_a_line_or_steer_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("forged.jsonl");
        let writer = Mutex::new(File::create(&path).unwrap());
        let subscriber = tracing_subscriber::fmt().json().with_writer(writer).finish();
        let hostile = [
            "two\nlines",
            "a\r\n{\"level\":\"INFO\",\"message\":\"forged\"}",
            "\u{1b}[2J\u{1b}]0;title\u{7}",
            "\"}{\"",
            "nul \0 and \u{2028} and \u{202e}",
        ];
        tracing::subscriber::with_default(subscriber, || {
            for text in hostile {
                tracing::warn!(order = text, "{text}");
            }
        });
        let written = std::fs::read_to_string(path).unwrap();
        assert_eq!(written.lines().count(), hostile.len(), "one line an event: {written}");
        for (line, text) in written.lines().zip(hostile) {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(event["fields"]["order"], text);
            assert!(!line.contains('\u{1b}') && !line.contains('\0'), "{line}");
        }
    }

    #[test]
    fn a_log_that_grew_too_long_is_put_aside_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let current = folder.path().join("tieout.jsonl");
        File::create(&current).unwrap().set_len(LOG_BYTES_MAX + 1).unwrap();

        open_log(folder.path()).unwrap();

        assert_eq!(current.metadata().unwrap().len(), 0);
        assert_eq!(folder.path().join("tieout.1.jsonl").metadata().unwrap().len(), LOG_BYTES_MAX + 1);
    }
}
