//! How a pull walks a store's lists page by page, and goes on where it stopped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tieout_domain::{Fetched, Refused};

/// One page: what was understood, what was not, and where to go on.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub good: Vec<Fetched<T>>,
    pub refused: Vec<Refused>,
    /// `None`: that was the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    pub(crate) fn empty() -> Page<T> {
        Page { good: Vec::new(), refused: Vec::new(), next: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pull {
    /// Every order, oldest number first.
    Whole,
    /// Orders changed since this moment, less the overlap of the configuration.
    Changed { since: Timestamp },
}

/// A place in a list; stored, so that an interrupted pull goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub page: u32,
    /// First record of the page before, to notice a store that sends the same page again and again.
    pub(crate) first_id: Option<u64>,
    /// Oldest change seen so far, while the store really sorts by it.
    pub(crate) oldest: Option<Timestamp>,
    pub(crate) sorted: bool,
    /// Of a list of orders: how many rows of it lie behind, and which were the last of them.
    #[serde(default)]
    pub(crate) read: u64,
    #[serde(default)]
    pub(crate) lately: Vec<u64>,
    /// Pages one after the other that held nothing new: a store that sends the same page again and again.
    #[serde(default)]
    pub(crate) nothing_new: u8,
}

impl Cursor {
    /// The same page after a while: the rows may have moved, so they are not held against the page before.
    #[must_use]
    pub fn again(self) -> Cursor {
        Cursor { first_id: None, oldest: None, ..self }
    }
}

impl Default for Cursor {
    fn default() -> Cursor {
        Cursor { page: 1, first_id: None, oldest: None, sorted: true, read: 0, lately: Vec::new(), nothing_new: 0 }
    }
}
