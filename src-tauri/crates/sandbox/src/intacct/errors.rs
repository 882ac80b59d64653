//! What the gateway says when it refuses: numbered errors, the cause first and the wrappers after it.
//!
//! Numbers and texts come from `reference/intacct.md` 1.5; where a text has no known number, or the other way
//! round, the line says so.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One `<error>` of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayError {
    pub errorno: String,
    pub description: String,
    pub description2: String,
    pub correction: String,
}

impl GatewayError {
    pub fn new(errorno: &str, description2: impl Into<String>) -> Self {
        GatewayError {
            errorno: errorno.to_owned(),
            description: String::new(),
            description2: description2.into(),
            correction: String::new(),
        }
    }

    pub fn correct(mut self, correction: impl Into<String>) -> Self {
        self.correction = correction.into();
        self
    }
}

/// Why nothing was written. The first error is the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal(pub Vec<GatewayError>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { "; " };
            write!(f, "{gap}{}: {}", error.errorno, error.description2)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

pub const WRAPPER: &str = "BL01001973";

impl Refusal {
    pub fn one(error: GatewayError) -> Self {
        Refusal(vec![error])
    }

    pub fn business(text: impl Into<String>) -> Self {
        Refusal::one(GatewayError::new(WRAPPER, text))
    }

    pub fn coded(errorno: &str, text: impl Into<String>) -> Self {
        Refusal::one(GatewayError::new(errorno, text))
    }

    /// A generic create or update adds the wrapper "Could not create x record!" after the cause.
    pub fn could_not(mut self, verb: &str, object: &str) -> Self {
        let text = format!("Could not {verb} {} record!", object.to_lowercase());
        self.0.push(GatewayError::new(WRAPPER, text));
        self
    }

    /// UNVERIFIED: the number; the text is from an SDK issue.
    pub fn periods_closed(date: Date) -> Self {
        Refusal::one(
            GatewayError::new(
                WRAPPER,
                format!(
                    "Periods are closed. Your transaction date ({}) is within a period that's been closed.",
                    super::text::us_date(date)
                ),
            )
            .correct(
                "You can add, modify, or delete a transaction only if the date of the transaction is within a period that's open.",
            ),
        )
    }

    pub fn duplicate(what: &str, value: &str) -> Self {
        Refusal::one(
            GatewayError::new("BL34000061", format!("Another {what} with the given value(s) {value}  already exists"))
                .correct("Use a unique value instead."),
        )
    }

    /// UNVERIFIED: the number; the text is what integrators quote.
    pub fn number_taken(number: &str) -> Self {
        Refusal::coded("PL05000104", format!("A transaction with the number '{number}' already exists."))
    }

    pub fn unknown_record(key: impl fmt::Display) -> Self {
        // "exits" is the gateway's own spelling
        Refusal::coded("DL03000005", format!("No record exits for the recordkey {key}"))
    }

    pub fn not_valid(what: &str, id: &str) -> Self {
        Refusal::business(format!("{what} '{id}' is not valid"))
    }

    pub fn missing(field: &str) -> Self {
        Refusal::business(format!("Required field {field} is missing"))
    }

    pub fn bad_date(text: &str) -> Self {
        Refusal::coded("PL03000006", format!("The transaction date '{text}' is invalid."))
    }

    pub fn bad_number(field: &str, text: &str) -> Self {
        Refusal::coded(
            "DL02000001",
            format!("There was an error processing the request. {field} '{text}' is not a number."),
        )
    }

    pub fn query_failed(text: impl Into<String>) -> Self {
        Refusal::coded("Query Failed", text)
    }
}
