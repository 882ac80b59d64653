//! Payments and settlement rows on the left, receipts and journal lines on the right: which belong together,
//! why, and what is left over.
//!
//! Invariants: pure and deterministic; the order of the rows changes nothing; a record is in at most one
//! match; equal digits in two currencies never meet; where two partners could be swapped at no cost, a person
//! chooses. Read `item`, then `engine` (the passes, strongest evidence first), then `passes/`.

mod engine;
pub mod files;
mod item;
mod near_miss;
mod passes;
mod pool;
mod reference;
pub mod rules;
mod similarity;
pub mod solve;
pub mod table;

pub use engine::{Outcome, Unmatched, WhyNot, reconcile, reconcile_while};
pub use item::{Item, ItemKind};
/// Beside the settings it is a part of.
pub use tieout_domain::MatchSettings;
