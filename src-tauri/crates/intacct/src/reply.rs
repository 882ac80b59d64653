//! Intacct's answer, taken apart: three levels may each say no (reference/intacct.md 1.4), and an answer
//! counts only if it answers the function that was asked.

use crate::error::Error;
use crate::failure::{Failure, Level};
use crate::xml::{Node, parse};
use jiff::Timestamp;

/// The authentication block: who Intacct thinks we are and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub signed: Signed,
    pub outcome: Outcome,
}

/// What became of the one function.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// `data` or `key`, whichever the function gives.
    Done { data: Option<Node>, key: Option<String> },
    /// `partly`: the reply names records that were made all the same.
    Failed { failure: Failure, partly: bool },
}

/// Reads a reply to the function with this `control_id`. A no at control or authentication level is an
/// [`Error::Refused`]; at result level it is an [`Outcome::Failed`].
pub(crate) fn read(bytes: &[u8], status: u16, control_id: &str) -> Result<Reply, Error> {
    let root = parse(bytes)?;
    if root.name != "response" {
        return Err(Error::Unexpected(format!("the document is a <{}>, not a <response>", root.name)));
    }
    let refused = |level, errors: Option<&Node>| Err(Error::Refused(Failure::read(level, status, errors), None));
    let control = root.child("control").ok_or_else(|| missing("control block"))?;
    match control.text_of("status") {
        Some("success") => {}
        Some("failure") => {
            return refused(Level::Control, root.child("errormessage").or(control.child("errormessage")));
        }
        other => return Err(status_of("control", other)),
    }
    if status >= 400 {
        return Err(Error::Unexpected(format!("HTTP {status} around a success")));
    }
    let operation = root.child("operation").ok_or_else(|| missing("operation block"))?;
    let authentication = operation.child("authentication").ok_or_else(|| missing("authentication block"))?;
    match authentication.text_of("status") {
        Some("success") => {}
        Some("failure") => return refused(Level::Authentication, operation.child("errormessage")),
        other => return Err(status_of("authentication", other)),
    }
    if let Some(errors) = operation.child("errormessage") {
        return refused(Level::Authentication, Some(errors));
    }
    let mut results = operation.children_named("result");
    let (Some(result), None) = (results.next(), results.next()) else {
        return Err(Error::Unexpected("one function was asked, not one result came".into()));
    };
    let function = result.text_of("function").ok_or_else(|| missing("function name"))?;
    match result.text_of("controlid") {
        Some(id) if id == control_id => {}
        Some(_) => return Err(Error::Unexpected(format!("the answer belongs to another {function}"))),
        None => return Err(missing("result's controlid")),
    }
    let data = result.child("data");
    let outcome = match result.text_of("status") {
        Some("success") => Outcome::Done { data: data.cloned(), key: result.text_of("key").map(str::to_owned) },
        Some("failure" | "aborted") => Outcome::Failed {
            failure: Failure::read(Level::Result, status, result.child("errormessage")),
            partly: data.is_some_and(|it| !it.children.is_empty()) || result.text_of("key").is_some(),
        },
        other => return Err(status_of("result", other)),
    };
    let time = |name: &str| authentication.text_of(name).and_then(|it| it.parse::<Timestamp>().ok());
    Ok(Reply { signed: Signed { since: time("sessiontimestamp"), until: time("sessiontimeout") }, outcome })
}

fn missing(what: &str) -> Error {
    Error::Unexpected(format!("the {what} is missing"))
}

fn status_of(block: &str, status: Option<&str>) -> Error {
    match status {
        Some(other) => Error::Unexpected(format!("the {block} status is {other:?}")),
        None => Error::Unexpected(format!("the {block} status is missing")),
    }
}
