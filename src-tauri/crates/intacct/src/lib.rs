//! The Sage Intacct client: domain in, XML out, answers back.
//!
//! Invariants: every document read passes one gate (`xml`), every document written another; a write is sent
//! exactly once per attempt and anything but a definite answer is [`WriteOutcome::Unknown`]; a pull that
//! does not add up is an error; no error, log line or stored request holds a password, session id or address.
//!
//! Reading order: `config`, `envelope`, `reply`, `failure`, `remedy`, `client`, `query`, `read`, `shape`, `write`, `send`, `find`.

mod client;
mod config;
mod contract;
mod credentials;
mod definition;
mod envelope;
mod error;
mod failure;
mod find;
mod lookup;
mod query;
pub mod read;
mod remedy;
mod reply;
mod row;
mod send;
mod session;
pub mod shape;
mod transport;
pub mod write;
pub mod xml;

pub use client::Client;
pub use config::{Config, ConfigError, Environment, Limits, SAGE_ENDPOINT};
pub use contract::{Change, Departure};
pub use credentials::{CredentialPart, CredentialReport};
pub use definition::{DefinitionError, TransactionDefinition};
pub use error::{Error, TransportError};
pub use failure::{ErrorClass, ErrorRow, Failure, Level};
pub use find::{FieldDifference, Found, FoundState};
pub use lookup::{FieldList, ObjectFields};
pub use query::{Aggregate, Direction, Filter, Query};
pub use read::{Drained, Page, Reader};
pub use row::{FieldError, Row};
pub use send::WriteOutcome;
pub use write::{BuildError, InvoiceLink, LinkError, Links, WriteRequest, build, request};

#[cfg(test)]
mod tests;
