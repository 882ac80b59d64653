//! A pretend Sage Intacct: a company that really keeps books, behind its XML gateway.
//!
//! Written from `reference/intacct.md` and the vendor's own request and response documents, and from none of our
//! client code, so that a misreading there cannot agree with itself here.

pub mod company;
pub mod envelope;
pub mod errors;
pub mod fields;
pub mod gateway;
pub mod generic;
pub mod gl;
pub mod grammar;
pub mod ledger;
pub mod legacy;
pub mod post;
pub mod query;
pub mod read;
pub mod records;
pub mod sample;
pub mod server;
pub mod sqlish;
mod stock;
pub mod table;
pub mod tables;
pub mod text;
pub mod wire;
pub mod xml;

pub use company::{Company, Preferences};
pub use errors::{GatewayError, Refusal};
pub use gateway::{Access, Gateway};
pub use ledger::{LedgerEntry, Phase};
pub use records::*;
pub use server::{Server, Settings};
