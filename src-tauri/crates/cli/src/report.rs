//! How an answer is told: JSON for programs, indented lines for people.

use serde::Serialize;
use serde_json::{Value, json};
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use tieout_services::ServiceError;

/// What a command came to.
pub enum Done {
    Whole(Value),
    /// Done, but something needs a person; the text says what.
    NeedsAPerson(Value, String),
    /// A text to be kept in a file as it is; the value holds it for programs.
    Text(String, Value),
    /// The same, with what needs a person.
    TextForAPerson(String, Value, String),
    /// Some of it failed and the rest was done; the text says how each part went.
    PartlyFailed(Value, String, Failure),
}

/// What went wrong, what to do, and the exit status that says so.
#[derive(Serialize)]
pub struct Failure {
    pub happened: String,
    pub remedy: String,
    pub status: u8,
}

impl Failure {
    pub fn of(error: &ServiceError) -> Failure {
        Failure { happened: chain(error), remedy: in_a_terminal(&error.remedy()), status: status(error) }
    }
}

pub fn tell(result: Result<Done, ServiceError>, json: bool) -> ExitCode {
    match result {
        Ok(Done::Whole(value)) => {
            print(&value, json);
            ExitCode::SUCCESS
        }
        Ok(Done::Text(text, value)) => {
            if json {
                print(&value, json);
            } else {
                put(&text);
            }
            ExitCode::SUCCESS
        }
        Ok(Done::TextForAPerson(text, _, what)) if !json => {
            put(&text);
            eprintln!("tieout: {}", visible(&what));
            ExitCode::from(1)
        }
        Ok(Done::NeedsAPerson(mut value, what) | Done::TextForAPerson(_, mut value, what)) => {
            if json {
                value["needs_a_person"] = what.as_str().into();
            }
            with_words(&value, &what, json);
            ExitCode::from(1)
        }
        Ok(Done::PartlyFailed(mut value, what, failure)) => {
            if json {
                value["error"] = json!(failure);
            }
            with_words(&value, &what, json);
            ExitCode::from(failure.status)
        }
        Err(error) => {
            let Failure { happened, remedy, status } = Failure::of(&error);
            stopped(&happened, &remedy, status, json)
        }
    }
}

/// The answer, and for people what it comes to beside it; for programs the answer holds that too.
fn with_words(value: &Value, what: &str, json: bool) {
    print(value, json);
    if !json {
        eprintln!("tieout: {}", what.lines().map(visible).collect::<Vec<_>>().join("\n"));
    }
}

/// One message: what happened and to what, then what to do. In JSON the same facts, where the answer would have been.
pub fn stopped(happened: &str, remedy: &str, status: u8, json: bool) -> ExitCode {
    if json {
        print(&json!({ "error": { "happened": happened, "remedy": remedy, "status": status } }), json);
    } else {
        eprintln!("tieout: {}", visible(happened));
        eprintln!("  {}", visible(remedy));
    }
    ExitCode::from(status)
}

pub const WRONG_USE: u8 = 2;
const FAILED: u8 = 3;

fn status(error: &ServiceError) -> u8 {
    if error.is_wrong_use() { WRONG_USE } else { FAILED }
}

/// The remedies speak of the window's screens; here the same places are commands and files.
const PLACES: [(&str, &str); 7] = [
    (
        "Connections > Intacct: check the sender id",
        "In `tieout connect` and TIEOUT_INTACCT_SENDER_PASSWORD: check the sender id",
    ),
    (
        "Connections > Intacct: check the company id",
        "In `tieout connect` and TIEOUT_INTACCT_PASSWORD: check the company id",
    ),
    ("in Connections > Intacct", "in `tieout connect`"),
    ("Connections > Intacct", "In `tieout connect`"),
    ("Choose the first open day and approve that date", "Give `--on` the first open day and approve that"),
    ("and save it here", "and set TIEOUT_XCART_KEY to it"),
    ("Press Check status", "Run `tieout post` again"),
];

fn in_a_terminal(remedy: &str) -> String {
    PLACES.iter().fold(remedy.to_owned(), |text, (screen, here)| text.replace(screen, here))
}

/// What comes from a store may not steer the terminal, nor break out of its line.
pub fn visible(text: &str) -> String {
    let steers = |it: char| it.is_control() || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .flat_map(|it| {
            let escaped = steers(it).then(|| it.escape_default());
            let plain = (!steers(it)).then_some(it);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

fn print(value: &Value, json: bool) {
    let mut text = String::new();
    if json {
        text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.push('\n');
    } else {
        lines(&mut text, value, 0);
    }
    put(&text);
}

/// To standard output. A reader that has seen enough (`| head`) is no failure.
fn put(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("tieout: the answer could not be written: {error}");
    }
}

fn lines(out: &mut String, value: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Object(_) | Value::Array(_) => {
                        out.push_str(&format!("{pad}{key}:\n"));
                        lines(out, value, depth + 1);
                    }
                    single => out.push_str(&format!("{pad}{key}: {}\n", plain(single))),
                }
            }
        }
        Value::Array(rows) => {
            for row in rows {
                match row {
                    Value::Object(_) | Value::Array(_) => {
                        out.push_str(&format!("{pad}-\n"));
                        lines(out, row, depth + 1);
                    }
                    single => out.push_str(&format!("{pad}- {}\n", plain(single))),
                }
            }
        }
        single => out.push_str(&format!("{pad}{}\n", plain(single))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        other => other.to_string(),
    }
}
