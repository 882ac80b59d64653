//! A failure in the window's words: what happened, what was written, what to do next.

use crate::views::{OpenTarget, Problem, Screen};
use jiff::Timestamp;
use tieout_services::ServiceError;

pub fn of(error: &ServiceError, at: Timestamp) -> Problem {
    let (code, screen, retry) = match error {
        ServiceError::Store(_) => ("TO-1001", None, false),
        ServiceError::Xcart(error) => ("TO-2001", Some(Screen::Connections), error.is_transient()),
        ServiceError::Paused { .. } => ("TO-3002", None, true),
        ServiceError::Intacct(_) => ("TO-3001", Some(Screen::Connections), true),
        ServiceError::Definition(_) | ServiceError::Settings(_) | ServiceError::NoSettings => {
            ("TO-4001", Some(Screen::Settings), false)
        }
        ServiceError::Rules(_) => ("TO-4002", Some(Screen::Settings), false),
        ServiceError::Reversal(_) => ("TO-4101", Some(Screen::Approvals), false),
        ServiceError::NotConnected(_) => ("TO-2002", Some(Screen::Connections), false),
        ServiceError::Secrets(_) => ("TO-2003", Some(Screen::Connections), false),
        ServiceError::BadInput { .. } => ("TO-4201", None, false),
        ServiceError::ListChanged { .. } | ServiceError::NotApprovable { .. } => {
            ("TO-4102", Some(Screen::Approvals), false)
        }
        ServiceError::NotAllowed { .. } => ("TO-4103", Some(Screen::Approvals), false),
        ServiceError::BadFile { .. } => ("TO-4301", Some(Screen::Settings), false),
        ServiceError::File { .. } | ServiceError::Report(_) => ("TO-4302", None, false),
        ServiceError::Money(_) => ("TO-0002", None, false),
        ServiceError::Broken => ("TO-0003", None, true),
        // A job that was stopped says so itself; nothing else can be.
        ServiceError::Stopped => ("TO-4202", None, true),
    };
    Problem {
        code: code.into(),
        title: title(error, at),
        what_happened: causes(error),
        written: "Nothing was written by this step.".into(),
        remedy: error.remedy(),
        record: None,
        open: screen.map(|screen| OpenTarget { screen, id: None }),
        retry,
        at: at.to_string(),
    }
}

/// A problem the window's own request made: nothing was tried.
pub fn bad_request(title: impl Into<String>, remedy: &str, at: Timestamp) -> Problem {
    Problem {
        code: "TO-4202".into(),
        title: title.into(),
        what_happened: String::new(),
        written: "Nothing was written.".into(),
        remedy: remedy.into(),
        record: None,
        open: None,
        retry: false,
        at: at.to_string(),
    }
}

/// A pause is told by how long it still is: the reader's clock is not the one it was set by.
fn title(error: &ServiceError, at: Timestamp) -> String {
    let ServiceError::Paused { system, until } = error else { return error.to_string() };
    let minutes = until.duration_since(at).as_secs().max(0).div_euclid(60) + 1;
    let minutes = if minutes == 1 { "one more minute".to_owned() } else { format!("{minutes} more minutes") };
    format!("{system} asked to be left alone for {minutes}; nothing was asked of it, and nothing sent")
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !error.to_string().contains(&text) {
            texts.push(text);
        }
        source = cause.source();
    }
    texts.join(": ")
}
