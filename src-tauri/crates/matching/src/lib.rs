//! Payments and settlement rows on the left, receipts and journal lines on the right: which belong together,
//! why, and what is left over.
//!
//! Invariants: pure and deterministic; the order of the rows changes nothing; a record is in at most one
//! match; equal digits in two currencies never meet; where two partners could be swapped at no cost, a person
//! chooses. One engine, two roads into it: `files` (CSV) and `items` (a company's cache) both make the columns of `table`, and
//! `solve` runs the passes over them, strongest evidence first.

pub mod expect;
pub mod files;
mod items;
pub mod learn;
pub mod rules;
pub mod solve;
pub mod table;

pub use items::{Item, ItemKind, Outcome, Unmatched, WhyNot, reconcile, reconcile_while};
/// Beside the settings it is a part of.
pub use tieout_domain::MatchSettings;
