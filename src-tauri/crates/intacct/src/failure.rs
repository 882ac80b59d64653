//! What Intacct said when it said no: every error of its list, kept apart, and what kind of no it is.

use crate::remedy;
use crate::xml::Element;
use serde::{Deserialize, Serialize};
use std::fmt;
use tieout_domain::IntacctError;

/// The kinds of reference/intacct.md 1.5. What may be done next depends on nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// Try later; nothing was executed.
    Transient,
    /// Our request or the set-up is wrong; the same again will fail again.
    Permanent,
    /// A credential or the permission behind it.
    Auth,
    /// A record with this number exists.
    Duplicate,
    /// The date lies in a closed period.
    ClosedPeriod,
    /// Intacct's rules for the content.
    Business,
    /// It may have happened. Only a look-up decides.
    OutcomeUnknown,
}

/// Where in the reply the error stood. The same number means different things at different levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The request as a whole: sender id, form, rate.
    Control,
    /// Company, user, session.
    Authentication,
    /// The one function.
    Result,
}

/// One `error` element, nothing stripped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorRow {
    pub errorno: String,
    pub description: String,
    pub description2: String,
    pub correction: String,
    /// Stable ids, where the gateway sends them (showadditionalerrorinfo).
    pub error_id: Option<String>,
    pub message_id: Option<String>,
    /// To quote to Sage's support.
    pub support_id: Option<String>,
}

impl ErrorRow {
    fn read(node: &Element<'_>) -> ErrorRow {
        let text = |name: &str| node.text_of(name).unwrap_or_default().to_owned();
        let (description2, support_id) = split_support_id(&text("description2"));
        let extra = node.child("additionalinfo");
        ErrorRow {
            errorno: text("errorno"),
            description: text("description"),
            description2,
            correction: text("correction"),
            error_id: extra.and_then(|it| it.text_of("errorid")).map(str::to_owned),
            message_id: extra
                .and_then(|it| it.child("description"))
                .and_then(|it| it.text_of("messageid"))
                .map(str::to_owned),
            support_id,
        }
    }

    /// The words a person reads: the second description says more than the first wherever both are there.
    pub fn text(&self) -> &str {
        [&self.description2, &self.description, &self.correction]
            .into_iter()
            .find(|it| !it.is_empty())
            .map_or("no reason given", String::as_str)
    }

    /// `Could not create X record!` and the roll-back line repeat that there was an error, not which.
    fn is_wrapper(&self) -> bool {
        let text = self.text();
        self.errorno == "XL03000009"
            || (self.errorno == "BL01001973" && (text.starts_with("Could not ") || text == "no reason given"))
    }
}

/// `... [Support ID: x%7Ey]` is URL-encoded (reference/intacct.md 1.4).
fn split_support_id(text: &str) -> (String, Option<String>) {
    let Some(start) = text.find("[Support ID:") else { return (text.to_owned(), None) };
    let Some(length) = text[start..].find(']') else { return (text.to_owned(), None) };
    let inside = text[start + "[Support ID:".len()..start + length].trim();
    let rest = format!("{}{}", text[..start].trim_end(), &text[start + length + 1..]);
    (rest, Some(inside.replace("%7E", "~").replace("%7e", "~")))
}

/// A failure Intacct reported in XML. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub level: Level,
    /// HTTP status it came with; 200 for most.
    pub status: u16,
    pub rows: Vec<ErrorRow>,
}

impl Failure {
    /// From an `errormessage` element, or from its absence.
    pub(crate) fn read(level: Level, status: u16, errormessage: Option<&Element<'_>>) -> Failure {
        let mut rows: Vec<_> =
            errormessage.into_iter().flat_map(|it| it.children_named("error")).map(ErrorRow::read).collect();
        if rows.is_empty() {
            rows.push(ErrorRow::default());
        }
        Failure { level, status, rows }
    }

    /// The first error that says something; wrappers folded away.
    pub fn cause(&self) -> &ErrorRow {
        self.rows.iter().find(|row| !row.is_wrapper()).unwrap_or(&self.rows[0])
    }

    pub fn class(&self) -> ErrorClass {
        remedy::classify(self)
    }

    pub fn remedy(&self) -> &'static str {
        remedy::remedy(self)
    }

    pub fn is_invalid_session(&self) -> bool {
        self.level == Level::Authentication && self.rows.iter().any(|row| row.text().starts_with("Invalid session"))
    }

    /// All of it, for the record: what the domain keeps with a refused posting.
    pub fn to_domain(&self) -> IntacctError {
        IntacctError { code: self.code(), message: self.message(), remedy: self.remedy().to_owned() }
    }

    pub fn code(&self) -> String {
        let cause = self.cause();
        [cause.error_id.as_deref().unwrap_or_default(), cause.errorno.as_str()]
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or("no code")
            .to_owned()
    }

    fn message(&self) -> String {
        let cause = self.cause();
        let mut message = cause.text().to_owned();
        for more in [&cause.correction].into_iter().chain(
            self.rows.iter().filter(|row| !std::ptr::eq(*row, cause) && !row.is_wrapper()).map(|row| &row.description2),
        ) {
            if !more.is_empty() && !message.contains(more.as_str()) {
                message.push(' ');
                message.push_str(more);
            }
        }
        if let Some(id) = &cause.support_id {
            message.push_str(&format!(" [Support ID: {id}]"));
        }
        message
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Intacct refused: {} ({})", self.message(), self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(rows: &[(&str, &str)]) -> Failure {
        let rows = rows
            .iter()
            .map(|(errorno, text)| ErrorRow {
                errorno: (*errorno).into(),
                description2: (*text).into(),
                ..ErrorRow::default()
            })
            .collect();
        Failure { level: Level::Result, status: 200, rows }
    }

    #[test]
    fn the_cause_is_the_first_error_that_is_no_wrapper() {
        let one = failure(&[
            ("XL03000009", "The entire transaction in this operation has been rolled back due to an error."),
            ("BL01001973", "Could not create glbatch record!"),
            ("BL01001973", "Transactions do not balance for US"),
        ]);
        assert_eq!(one.cause().text(), "Transactions do not balance for US");
        let only_wrapper = failure(&[("BL01001973", "Could not create glbatch record!")]);
        assert_eq!(only_wrapper.cause().text(), "Could not create glbatch record!");
    }

    #[test]
    fn the_support_id_is_taken_out_and_decoded() {
        let (text, id) = split_support_id("Closed. [Support ID: a%7Eb]");
        assert_eq!((text.as_str(), id.as_deref()), ("Closed.", Some("a~b")));
    }
}
