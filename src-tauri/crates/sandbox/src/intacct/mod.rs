//! A pretend Sage Intacct: a company that really keeps books, behind its XML gateway.
//!
//! Written from `reference/intacct.md` and the vendor's own request and response documents, and from none of our
//! client code, so that a misreading there cannot agree with itself here.

pub mod company;
pub mod errors;
pub mod gl;
pub mod post;
pub mod records;
pub mod text;

pub use company::{Company, Preferences};
pub use errors::{GatewayError, Refusal};
pub use records::*;
