//! What accepted matches teach: which customer a payer is, how late the ledger is on each channel, when a gateway pays out, and
//! which rule a person follows by hand.
//!
//! Invariants: pure; the order of the records changes nothing; a payer seen with two customers is no one's alias; nothing
//! learned decides anything by itself. Read `aliases`, `lags`, `proposals`.

mod aliases;
mod lags;
mod proposals;

pub use aliases::{Alias, aliases, payer_of};
pub use lags::{Channel, Lag, LagKind, Lags, Rhythm, lags, rhythms};
pub use proposals::{Proposal, Score, proposals, score};

use crate::items::Item;

/// One store record and one ledger record that belong together.
#[derive(Clone, Copy)]
pub struct Together<'a> {
    pub left: &'a Item,
    pub right: &'a Item,
}
