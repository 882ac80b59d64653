//! What the protocol asks to be done, and what can come of it.

use jiff::{Timestamp, civil::Date};
use tieout_domain::{Approval, Event, IdempotencyKey, IntacctError, IntacctRecordNo, PostingState};

/// One thing to do. Each is a single transaction on disk or a single exchange with Intacct, never both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Compare the records the posting rests on, and its content, with what was approved.
    Compare { approval: Approval },
    /// Sign in; read the books and whatever the document links to; build the exact bytes. Nothing is sent.
    Prepare { approval: Approval },
    /// In one transaction: the approval still stands, and key, bytes and `Sending` are on disk.
    Begin { approval: Approval, key: IdempotencyKey },
    /// In one transaction: the bytes of the first attempt are still there, and the second attempt is on disk.
    BeginAgain { key: IdempotencyKey },
    /// Exactly the bytes stored under the key, exactly once.
    Send { key: IdempotencyKey },
    /// The same bytes once more: whatever the key may meet, no refusal of the function is believed.
    Resend { key: IdempotencyKey },
    /// Ask for every record that bears the posting's natural key.
    LookUp,
    /// Ask for one record by its number.
    ReadBack { record: IntacctRecordNo },
    /// One step of the lifecycle and the line that says why, in one transaction.
    Record { event: Event, note: Note },
    /// Its period was closed since the approval: back to a person, with an exception, in one transaction.
    HoldForClosedPeriod { through: Date },
    /// A line in the posting's log; its state stays.
    Tell(Note),
}

impl Effect {
    pub fn name(&self) -> &'static str {
        match self {
            Effect::Compare { .. } => "compare",
            Effect::Prepare { .. } => "prepare",
            Effect::Begin { .. } => "begin",
            Effect::BeginAgain { .. } => "begin-again",
            Effect::Send { .. } => "send",
            Effect::Resend { .. } => "resend",
            Effect::LookUp => "look-up",
            Effect::ReadBack { .. } => "read-back",
            Effect::Record { .. } => "record",
            Effect::HoldForClosedPeriod { .. } => "hold",
            Effect::Tell(_) => "tell",
        }
    }
}

/// A line of the posting's log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// `no answer`, `looked up`, ...
    pub what: &'static str,
    pub text: String,
}

/// What came of an effect. An effect that could not be performed at all (no network before anything was sent, a full disk)
/// ends the run instead; the state on disk says where the next one goes on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Happened {
    Compared {
        same: bool,
    },
    Prepared {
        key: IdempotencyKey,
    },
    /// It cannot be sent as it is.
    Hindered {
        reason: String,
    },
    PeriodClosed {
        through: Date,
    },
    Begun,
    /// A person took the approval back while it was prepared.
    ApprovalGone,
    /// The key carried other bytes once.
    OtherBytes,
    Answered(Answer),
    /// All that was found.
    Seen(Vec<Sighting>),
    /// The look-up itself failed.
    Blind {
        why: String,
    },
    /// What was to be written is written.
    Recorded(PostingState),
}

/// What the gateway said to a write, as far as it can be believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Accepted {
        record: IntacctRecordNo,
    },
    /// Nothing was executed.
    Refused {
        reason: IntacctError,
        note: String,
    },
    /// It would not listen: nothing was done. Not again before `until`.
    TurnedAway {
        reason: String,
        until: Timestamp,
    },
    /// Anything else: it may have happened, or may yet.
    Silence {
        why: String,
    },
}

/// A record in Intacct that bears the posting's natural key or number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sighting {
    pub record: IntacctRecordNo,
    pub standing: Standing,
    /// Field by field what was approved.
    pub is_same: bool,
    /// For the log and the person.
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// In the ledger, or for a reversal: reversed.
    Posted,
    /// Waiting for an approval inside Intacct.
    Awaiting,
    /// Reversed, or in a state this version does not know.
    Other,
}
