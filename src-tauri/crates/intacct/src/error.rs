//! What can go wrong between us and Intacct. `Display` says what happened, `remedy` what to do; no text ever
//! holds an address, a password or a session id.

use crate::config::ConfigError;
use crate::failure::{ErrorClass, Failure};
use crate::xml::XmlError;
use std::time::Duration;
use tieout_domain::IntacctError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// An HTTP error without an XML reason.
    #[error("{}", http_said(*status))]
    Http { status: u16, retry_after: Option<Duration> },
    #[error("{0}")]
    Refused(Failure, Option<Duration>),
    /// What came back is not a document of Intacct's.
    #[error("Intacct's answer cannot be used: {0}")]
    Xml(#[from] XmlError),
    /// It is XML, but not the answer to what was asked.
    #[error("Intacct's answer is not what was asked for: {0}")]
    Unexpected(String),
    /// A pull that does not add up is no pull: the watermark must not move.
    #[error("{object}: Intacct counts {expected} records, {received} arrived")]
    Incomplete { object: String, expected: u64, received: u64 },
    #[error("Intacct: {object} has no field {field} in this company")]
    MissingField { object: String, field: String },
    #[error("Intacct: {what} cannot be looked up in this company by {key}: no field holds it")]
    NoPlaceForKey { what: &'static str, key: String },
}

/// No answer, and why. Never carries the address: it is taken out before the text is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The connection was never made, so nothing was sent.
    #[error("Intacct could not be reached: {0}")]
    Connect(String),
    /// Nothing was sent here either: the certificate is looked at first.
    #[error("the connection to Intacct is not safe: {0}")]
    NotSafe(String),
    #[error("Intacct did not answer in time")]
    Timeout,
    #[error("the connection to Intacct broke: {0}")]
    Broken(String),
    #[error("Intacct's answer is larger than allowed")]
    TooLarge,
}

/// Where the gateway does not say how long (reference/intacct.md 1.7: back off up to a minute).
const USUAL_PAUSE: Duration = Duration::from_secs(60);

fn http_said(status: u16) -> String {
    match status {
        300..=399 => format!(
            "Intacct's address sends requests on elsewhere (HTTP {status}), as a sign-in page of this network does; it \
             was not followed"
        ),
        511 => "this network asks to sign in first (HTTP 511)".into(),
        _ => format!("Intacct answered HTTP {status} without saying why"),
    }
}

impl Error {
    pub fn class(&self) -> ErrorClass {
        match self {
            Error::Config(_) | Error::MissingField { .. } | Error::NoPlaceForKey { .. } => ErrorClass::Permanent,
            Error::Transport(TransportError::Connect(_) | TransportError::NotSafe(_)) => ErrorClass::Transient,
            Error::Transport(TransportError::TooLarge) => ErrorClass::Permanent,
            Error::Transport(TransportError::Timeout | TransportError::Broken(_)) => ErrorClass::OutcomeUnknown,
            Error::Http { status: 429, .. } => ErrorClass::Transient,
            Error::Http { status: 401 | 403, .. } => ErrorClass::Auth,
            Error::Http { status: 300..=499, .. } => ErrorClass::Permanent,
            Error::Http { .. } => ErrorClass::OutcomeUnknown,
            Error::Refused(failure, _) => failure.class(),
            Error::Xml(XmlError::Truncated | XmlError::Empty) => ErrorClass::OutcomeUnknown,
            Error::Xml(_) | Error::Unexpected(_) => ErrorClass::Permanent,
            Error::Incomplete { .. } => ErrorClass::Transient,
        }
    }

    /// Whether asking the same question again makes sense. Only ever consulted for reads.
    pub fn is_worth_asking_again(&self) -> bool {
        matches!(self.class(), ErrorClass::Transient | ErrorClass::OutcomeUnknown)
    }

    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Http { retry_after, .. } | Error::Refused(_, retry_after) => *retry_after,
            _ => None,
        }
    }

    /// How long the gateway wants to be left alone; `None` unless it said that there were too many requests.
    pub fn pause(&self) -> Option<Duration> {
        let throttled = match self {
            Error::Http { status, .. } => *status == 429,
            Error::Refused(failure, _) => failure.status == 429 || failure.cause().errorno == "GW-0010",
            _ => false,
        };
        throttled.then(|| self.retry_after().unwrap_or(USUAL_PAUSE))
    }

    pub fn remedy(&self) -> &'static str {
        match self {
            Error::Config(error) => error.remedy(),
            Error::Transport(TransportError::Connect(_)) => {
                "Check the network and, in Connections > Intacct, the address; then try again."
            }
            Error::Transport(TransportError::NotSafe(_)) => {
                "Open any site in a browser: if the network asks you to sign in, do that and try again. Else something \
                 stands between you and Intacct: ask who runs the network. Tieout never goes on without a right certificate."
            }
            Error::Xml(XmlError::WebPage) | Error::Http { status: 300..=399 | 511, .. } => {
                "Open any site in a browser: if the network asks you to sign in, do that and try again. Else check the \
                 address in Connections > Intacct, and ask who runs the proxy."
            }
            Error::Transport(_) | Error::Http { status: 500.., .. } => "Try again in a few minutes.",
            Error::Http { status: 429, .. } => "Wait a few minutes and try again; nothing was done.",
            Error::Http { .. } | Error::Xml(_) | Error::Unexpected(_) => {
                "Connections > Intacct: check the address. A proxy or sign-in page may be answering in Intacct's place."
            }
            Error::Refused(failure, _) => failure.remedy(),
            Error::Incomplete { .. } => "Pull again; what arrived is kept and nothing is lost.",
            Error::MissingField { .. } | Error::NoPlaceForKey { .. } => {
                "In Intacct, give the web services user permission to this object; then test the connection again."
            }
        }
    }

    /// For a posting that was refused.
    pub fn to_domain(&self) -> IntacctError {
        match self {
            Error::Refused(failure, _) => failure.to_domain(),
            other => IntacctError {
                code: format!("{:?}", other.class()),
                message: other.to_string(),
                remedy: other.remedy().to_owned(),
            },
        }
    }
}
