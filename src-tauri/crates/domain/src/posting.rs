//! A posting: one proposed document and where it stands on its way into Intacct.

use crate::document::Document;
use crate::fingerprint::Fingerprint;
use crate::record::RecordRef;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// Ours, stable for one proposed document: derived from what it is about, so planning twice proposes nothing new.
    PostingId
);
text_id!(
    /// The operating system account or name a person gave when approving.
    UserId
);
text_id!(
    /// The function's `controlid`: minted once per approval and on disk before the socket opens.
    IdempotencyKey
);
text_id!(
    /// Our reference inside the record itself (DOCNUMBER, REFERENCENO, documentno): what decides whether it is there.
    NaturalKey
);
text_id!(
    /// RECORDNO (or DOCID for order documents) as Intacct gave it.
    IntacctRecordNo
);

/// Something a reviewer should see before approving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub level: CheckLevel,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckLevel {
    Pass,
    /// A person must look; keeps the posting out of "all clear".
    Review,
    /// Cannot be approved as it is.
    Blocked,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posting {
    pub id: PostingId,
    pub document: Document,
    /// The records it rests on and the version of each when it was built.
    pub facts: Vec<(RecordRef, u32)>,
    /// Why it is proposed, in a sentence.
    pub because: String,
    pub checks: Vec<Check>,
    /// Version of the settings text that made it.
    pub settings_version: u32,
    /// Postings that must be in the ledger before this one may be sent.
    pub after: Vec<PostingId>,
    pub state: PostingState,
}

impl Posting {
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.document, &self.facts)
    }

    /// No flag: may be approved together with others without being opened one by one.
    pub fn is_clear(&self) -> bool {
        self.checks.iter().all(|check| check.level == CheckLevel::Pass)
    }

    pub fn is_blocked(&self) -> bool {
        self.checks.iter().any(|check| check.level == CheckLevel::Blocked)
    }
}

/// Who accepted which content, when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Approval {
    pub by: UserId,
    pub at: Timestamp,
    pub content: Fingerprint,
}

/// Intacct's definite answer "no": all its errors, the first being the cause (reference/intacct.md 1.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IntacctError {
    pub code: String,
    pub message: String,
    /// What to do, in our words.
    pub remedy: String,
}

impl fmt::Display for IntacctError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

/// Where one proposed posting stands. Each state holds exactly the facts that are true in it.
/// (Intacct has a state of its own called Submitted; ours is never called that.)
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PostingState {
    /// Built by the planner; nothing has left this machine.
    Proposed,
    /// A person set it aside; it comes back when they say so.
    Held {
        by: UserId,
        reason: String,
    },
    /// A person accepted this exact content. If a fact changes, so does the fingerprint: back to `Proposed`.
    Approved {
        approval: Approval,
    },
    /// Key, exact bytes and natural key are on disk; the socket may open now.
    Sending {
        key: IdempotencyKey,
        attempt: u8,
        at: Timestamp,
    },
    /// No final answer. It may have posted, or may yet post: nothing is resent before `look_up_after`, and never blindly.
    InDoubt {
        key: IdempotencyKey,
        attempt: u8,
        look_up_after: Timestamp,
        absent: u8,
    },
    /// In Intacct, waiting for its own approval; not in the ledger yet.
    AwaitingIntacct {
        record: IntacctRecordNo,
    },
    Posted {
        record: IntacctRecordNo,
        at: Timestamp,
    },
    /// A definite no; a person must read why, and a new approval makes a new key.
    Refused {
        reason: IntacctError,
    },
    Reversed {
        by: PostingId,
    },
    /// A person (or a changed fact) withdrew it before anything was sent.
    Voided {
        reason: String,
    },
}

impl PostingState {
    pub fn as_str(&self) -> &'static str {
        match self {
            PostingState::Proposed => "proposed",
            PostingState::Held { .. } => "held",
            PostingState::Approved { .. } => "approved",
            PostingState::Sending { .. } => "sending",
            PostingState::InDoubt { .. } => "in-doubt",
            PostingState::AwaitingIntacct { .. } => "awaiting-intacct",
            PostingState::Posted { .. } => "posted",
            PostingState::Refused { .. } => "refused",
            PostingState::Reversed { .. } => "reversed",
            PostingState::Voided { .. } => "voided",
        }
    }

    /// Something may already be in Intacct, or is about to be: planning must leave the records alone.
    pub fn is_under_way(&self) -> bool {
        matches!(
            self,
            PostingState::Approved { .. }
                | PostingState::Sending { .. }
                | PostingState::InDoubt { .. }
                | PostingState::AwaitingIntacct { .. }
                | PostingState::Posted { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deposit;
    use tieout_money::{Currency, Money};

    fn with(levels: &[CheckLevel]) -> Posting {
        let deposit = Deposit {
            bank: "BANK".into(),
            on: jiff::civil::date(2026, 1, 29),
            number: "TO-1".into(),
            description: String::new(),
            receipts: vec![],
            total: Money::zero(Currency::USD),
        };
        Posting {
            id: PostingId("p-TO-1".into()),
            document: Document::Deposit(deposit),
            facts: vec![],
            because: String::new(),
            checks: levels.iter().map(|&level| Check { level, text: String::new() }).collect(),
            settings_version: 1,
            after: vec![],
            state: PostingState::Proposed,
        }
    }

    #[test]
    fn one_flag_and_it_is_not_clear_and_one_block_and_it_is_blocked() {
        use CheckLevel::{Blocked, Pass, Review};
        let told = |levels: &[CheckLevel]| (with(levels).is_clear(), with(levels).is_blocked());
        assert_eq!(told(&[]), (true, false));
        assert_eq!(told(&[Pass, Pass]), (true, false));
        assert_eq!(told(&[Pass, Review]), (false, false));
        assert_eq!(told(&[Pass, Blocked]), (false, true));
        assert_eq!(told(&[Review, Blocked]), (false, true));
    }

    #[test]
    fn from_approval_on_the_records_are_left_alone_until_it_is_refused_or_taken_back() {
        let at = Timestamp::UNIX_EPOCH;
        let (key, record) = (IdempotencyKey("k".into()), IntacctRecordNo("7".into()));
        let (by, reason) = (UserId("ann".into()), String::new);
        let approval = Approval { by: by.clone(), at, content: Fingerprint::of_bytes(b"x") };
        let error = IntacctError { code: "BL01".into(), message: "closed".into(), remedy: "reopen it".into() };
        assert_eq!(error.to_string(), "closed (BL01)");
        for (state, name, under_way) in [
            (PostingState::Proposed, "proposed", false),
            (PostingState::Held { by, reason: reason() }, "held", false),
            (PostingState::Approved { approval }, "approved", true),
            (PostingState::Sending { key: key.clone(), attempt: 1, at }, "sending", true),
            (PostingState::InDoubt { key, attempt: 1, look_up_after: at, absent: 0 }, "in-doubt", true),
            (PostingState::AwaitingIntacct { record: record.clone() }, "awaiting-intacct", true),
            (PostingState::Posted { record, at }, "posted", true),
            (PostingState::Refused { reason: error }, "refused", false),
            (PostingState::Reversed { by: PostingId("r".into()) }, "reversed", false),
            (PostingState::Voided { reason: reason() }, "voided", false),
        ] {
            assert_eq!((state.as_str(), state.is_under_way()), (name, under_way));
        }
    }
}
