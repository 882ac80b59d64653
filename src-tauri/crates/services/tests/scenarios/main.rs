//! The accountant's worked examples, played whole: a store, a company's books, the real protocols between them, and the
//! balances of the pretend general ledger as the judge, to the cent.
//!
//! Reading order: `rig`, `shop`, `books`, `expected`, then one file per kind of situation.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod books;
mod expected;
mod rig;
mod shop;

mod captures;
mod catalogue;
mod cheques;
mod closed;
mod definitions;
mod deleted;
mod departures;
mod differences;
mod doubled;
mod drift;
mod given_up;
mod lists;
mod not_handled;
mod nothing_moved;
mod payout;
mod planted;
mod poison;
mod resumed;
mod returns;
mod reversal;
mod rules;
mod sending;
mod statuses;
mod tampered;
mod taught;
mod throttled;
mod varied;
mod windows;
