//! One situation after the other, and everything planning says of it: documents to the cent, with their keys, days, accounts,
//! checks and reasons, and what is held back and why. The whole plan is kept beside each test (`snapshots`): no word or
//! amount of it changes unseen. That the plans come out right in a ledger is what `services/tests/scenarios` shows.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod checks;
mod deposits;
mod files;
mod orders;
mod payments;
mod refunds;
mod reversals;
mod town;
mod words;
