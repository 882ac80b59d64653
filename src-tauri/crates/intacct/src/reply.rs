//! Intacct's answer, taken apart: three levels may each say no (reference/intacct.md 1.4), and an answer
//! counts only if it answers the function that was asked.

use crate::error::Error;
use crate::failure::{Failure, Level};
use crate::xml::{Element, borrowed};
use jiff::Timestamp;

/// The authentication block: who Intacct thinks we are and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// It borrows from the bytes it was read from, unless it was made to outlive them.
#[derive(Debug)]
pub(crate) struct Reply<'a> {
    pub signed: Signed,
    pub outcome: Outcome<'a>,
}

/// Which request and which function an answer must be to. Ours bear one id for both.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub request: &'a str,
    pub function: &'a str,
}

impl<'a> Asked<'a> {
    pub fn by(id: &'a str) -> Asked<'a> {
        Asked { request: id, function: id }
    }
}

/// What became of the one function.
#[derive(Debug)]
pub(crate) enum Outcome<'a> {
    /// `data` or `key`, whichever the function gives.
    Done { data: Option<Element<'a>>, key: Option<String> },
    /// `partly`: the reply names records that were made all the same.
    Failed { failure: Failure, partly: bool },
}

/// Reads a reply to what was asked. A no at control or authentication level is an
/// [`Error::Refused`]; at result level it is an [`Outcome::Failed`].
pub(crate) fn read<'a>(bytes: &'a [u8], status: u16, asked: Asked<'_>) -> Result<Reply<'a>, Error> {
    let mut root = borrowed(bytes)?;
    if root.name != "response" {
        return Err(Error::Unexpected(format!("the document is a <{}>, not a <response>", root.name)));
    }
    let refused = |level, errors: Option<&Element<'_>>| Err(Error::Refused(Failure::read(level, status, errors), None));
    let control = root.child("control").ok_or_else(|| missing("control block"))?;
    // A no belongs to us as much as a yes must: the answers of two requests may have been mixed up on the way.
    if control.text_of("controlid").is_some_and(|it| it != asked.request) {
        return Err(Error::Unexpected("the answer belongs to another request".into()));
    }
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
    let results: Vec<_> = operation.children_named("result").collect();
    let [result] = results[..] else {
        return Err(Error::Unexpected("one function was asked, not one result came".into()));
    };
    let function = result.text_of("function").ok_or_else(|| missing("function name"))?;
    match result.text_of("controlid") {
        Some(id) if id == asked.function => {}
        Some(_) => return Err(Error::Unexpected(format!("the answer belongs to another {function}"))),
        None => return Err(missing("result's controlid")),
    }
    let status_text = result.text_of("status");
    let key = result.text_of("key").map(str::to_owned);
    let failed = matches!(status_text, Some("failure" | "aborted"));
    let failure = failed.then(|| Failure::read(Level::Result, status, result.child("errormessage")));
    if failure.is_none() && status_text != Some("success") {
        return Err(status_of("result", status_text));
    }
    let time = |name: &str| authentication.text_of(name).and_then(|it| it.parse::<Timestamp>().ok());
    let signed = Signed { since: time("sessiontimestamp"), until: time("sessiontimeout") };
    let data = taken(&mut root, &["operation", "result", "data"]);
    let outcome = match failure {
        None => Outcome::Done { data, key },
        Some(failure) => {
            Outcome::Failed { failure, partly: data.is_some_and(|it| !it.children.is_empty()) || key.is_some() }
        }
    };
    Ok(Reply { signed, outcome })
}

/// The first element along a path, taken out.
fn taken<'a>(node: &mut Element<'a>, path: &[&str]) -> Option<Element<'a>> {
    let (name, rest) = path.split_first()?;
    let at = node.children.iter().position(|it| it.name == *name)?;
    if rest.is_empty() { Some(node.children.swap_remove(at)) } else { taken(&mut node.children[at], rest) }
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
