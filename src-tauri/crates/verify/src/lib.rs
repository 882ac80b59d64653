//! Re-performs a tie-out certificate. It shares no code with Tieout: it was written from docs/certificate.md, reads every
//! record, and adds everything up again.
//!
//! Reading order: `document` (what a certificate holds), `check`.

mod amount;
mod check;
mod document;
#[cfg(test)]
mod tests;

pub use check::{Expected, Verdict, check};
