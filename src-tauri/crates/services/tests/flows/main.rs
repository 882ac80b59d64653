//! Flows between a pretend store and a pretend Intacct over real HTTP, judged by what both hold afterwards and by the store's
//! own list of the writes it saw.
//!
//! Reading order: `rig`, then one file a flow, then `letters` and `converge`.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod rig;

mod converge;
mod letters;
mod products;
mod shipments;
mod stock;
