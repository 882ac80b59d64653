//! A write that would be sent: to what, from which value to which, and why it may not go by itself.

use crate::action::Action;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use tieout_domain::{Fingerprint, RecordRef};

/// One road between the two systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Intacct's quantities to the store.
    Stock,
    /// Intacct's names, prices and the rest to the store.
    Products,
    /// What left the warehouse to the store's orders.
    Shipments,
}

impl Flow {
    pub const ALL: [Flow; 3] = [Flow::Stock, Flow::Products, Flow::Shipments];

    pub fn as_str(self) -> &'static str {
        match self {
            Flow::Stock => "stock",
            Flow::Products => "products",
            Flow::Shipments => "shipments",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Flow::Stock => "Stock to the store",
            Flow::Products => "Products and prices to the store",
            Flow::Shipments => "Shipments to the store",
        }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Flow {
    type Err = String;
    fn from_str(text: &str) -> Result<Flow, String> {
        let known = || Flow::ALL.map(Flow::as_str).join(", ");
        Flow::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| format!("{text:?} is none of {}", known()))
    }
}

/// One field, as it is and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: String,
    /// Empty where there was nothing.
    pub before: String,
    pub after: String,
}

impl Change {
    pub fn new(field: &str, before: impl ToString, after: impl ToString) -> Change {
        Change { field: field.to_owned(), before: before.to_string(), after: after.to_string() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedWrite {
    pub flow: Flow,
    /// The record of the store that changes.
    pub target: RecordRef,
    /// Which side of it: one write of a facet is open at a time.
    pub facet: String,
    /// What people call it: a SKU, an order number.
    pub title: String,
    pub action: Action,
    pub changes: Vec<Change>,
    /// What it was computed from, in a sentence.
    pub because: String,
    /// Each keeps it from going without a person.
    pub warnings: Vec<String>,
    /// Keys of writes that must be done first.
    pub after: Vec<String>,
}

impl PlannedWrite {
    /// One place in the store: at most one open write has it.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.flow, self.target, self.facet)
    }

    /// Over exactly what a person is shown and what would be sent.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_bytes(&serde_json::to_vec(self).expect("writes are plain data with text keys"))
    }
}

/// Where a write stands. What was sent, and may have been done, is in the state that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum WriteState {
    Planned,
    Approved {
        by: String,
        at: Timestamp,
    },
    /// On disk before the connection opens.
    Sending {
        by: String,
        attempt: u8,
        sent: Action,
        at: Timestamp,
    },
    /// No answer: it may be done, or be done yet.
    InDoubt {
        by: String,
        attempt: u8,
        sent: Action,
        look_up_after: Timestamp,
    },
    /// Read back as it was meant.
    Done {
        by: String,
        at: Timestamp,
        note: String,
    },
    /// With a person: see the letter of the same key.
    Parked {
        why: String,
    },
    /// What it rested on has changed; the next plan decides anew.
    Stale {
        why: String,
    },
}

impl WriteState {
    pub fn name(&self) -> &'static str {
        match self {
            WriteState::Planned => "planned",
            WriteState::Approved { .. } => "approved",
            WriteState::Sending { .. } => "sending",
            WriteState::InDoubt { .. } => "in-doubt",
            WriteState::Done { .. } => "done",
            WriteState::Parked { .. } => "parked",
            WriteState::Stale { .. } => "stale",
        }
    }

    /// Nothing more happens to it.
    pub fn is_settled(&self) -> bool {
        matches!(self, WriteState::Done { .. } | WriteState::Parked { .. } | WriteState::Stale { .. })
    }

    /// It may be at the store already: no other write of its place is planned meanwhile.
    pub fn is_under_way(&self) -> bool {
        matches!(self, WriteState::Sending { .. } | WriteState::InDoubt { .. })
    }
}
