//! What is carried between the store and the books besides postings: from what both sides say to the writes that would make
//! them agree, and from what the store answers to what is true of a write.
//!
//! Invariants: pure (no clock, no I/O); a write names what it changes, before and after; what cannot be decided becomes a
//! letter for a person and stops nothing else; planning on equal sides writes nothing; stock is never raised above what
//! Intacct has to sell, and a shipping status never goes back.
//!
//! Reading order: `write`, `letter`, `plan`, then a flow (`stock`), then `carry`.

mod action;
pub mod carry;
mod letter;
mod plan;
pub mod products;
pub mod shipments;
pub mod stock;
mod write;

pub use action::{Action, ProductFields, Seen, Verdict};
pub use letter::{Cause, Letter};
pub use plan::FlowPlan;
pub use write::{Change, Flow, PlannedWrite, WriteState};
