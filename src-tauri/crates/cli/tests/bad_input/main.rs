//! Bad input of every kind, given to the real command line against the pretend systems: each is one message that says
//! what happened, to which record and what to do, the same in JSON, with the right exit status; nothing is lost,
//! nothing half-posted, and no secret is told.
//!
//! Reading order: `town`, `shop`, `told`, then one file per kind of input.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod shop;
mod told;
mod town;

mod addresses;
mod credentials;
mod files;
mod folder;
mod ledger;
mod orders;
