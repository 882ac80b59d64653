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
        ServiceError::Reversal(_) => ("TO-4101", Some(Screen::Approvals), false),
        ServiceError::NotConnected(_) => ("TO-2002", Some(Screen::Connections), false),
        ServiceError::Secrets(_) => ("TO-2003", Some(Screen::Connections), false),
        ServiceError::BadInput { .. } => ("TO-4201", None, false),
        ServiceError::ListChanged { .. } | ServiceError::NotApprovable { .. } => {
            ("TO-4102", Some(Screen::Approvals), false)
        }
        ServiceError::BadFile { .. } => ("TO-4301", Some(Screen::Settings), false),
        ServiceError::File { .. } | ServiceError::Report(_) => ("TO-4302", None, false),
        ServiceError::Money(_) => ("TO-0002", None, false),
        ServiceError::Broken => ("TO-0003", None, true),
        // A job that was stopped says so itself; nothing else can be.
        ServiceError::Stopped => ("TO-4202", None, true),
    };
    Problem {
        code: code.into(),
        title: error.to_string(),
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

fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(cause.to_string());
        source = cause.source();
    }
    texts.join(": ")
}
