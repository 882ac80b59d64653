//! The way of one posting, from approval to ledger: `(stage, what happened) -> (stage, what to do)`.
//!
//! Silence is never an answer: it becomes a doubt that is looked up by natural key, after the cool-down, twice, before the
//! same bytes go once more under the same key. After that a person decides.

use crate::effect::{Answer, Effect, Happened, Note, Sighting, Standing};
use jiff::{SignedDuration, Timestamp};
use tieout_domain::lifecycle::{ABSENT_LOOKUPS_BEFORE_RESEND, ATTEMPTS_MAX};
use tieout_domain::{Approval, Event, IdempotencyKey, IntacctRecordNo, PostingState};

/// The moment a decision is taken at.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    pub now: Timestamp,
    /// Longer than any request can live inside the gateway.
    pub cool_down: SignedDuration,
}

impl Clock {
    pub fn after_cool_down(self) -> Timestamp {
        self.now + self.cool_down
    }
}

/// Where one posting stands within a run. A run that is cut off forgets it: the lifecycle on disk is enough to go on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Comparing {
        approval: Approval,
    },
    Preparing {
        approval: Approval,
    },
    Beginning {
        approval: Approval,
        key: IdempotencyKey,
    },
    BeginningAgain {
        key: IdempotencyKey,
    },
    /// On its way. The approval is kept of the first attempt only: a second one never goes back to it.
    Sent {
        approval: Option<Approval>,
    },
    /// Accepted, and not believed yet.
    ReadingBack,
    LookingUp {
        key: IdempotencyKey,
        attempt: u8,
        absent: u8,
    },
    /// In Intacct, waiting for an approval there.
    Watching,
    /// The last line is being written.
    Closing(End),
}

/// How a run leaves one posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Nothing more to do for it in this run, or a doubt that is looked up when its time has come.
    Settled,
    /// A doubt that only a person can end.
    ForAPerson,
    /// Intacct does not listen: the run ends.
    NotHeard,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    Do(Stage, Effect),
    End(End),
}

/// The runner's bug, returned whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{happened:?} cannot come of what was asked at {stage:?}")]
pub struct Impossible {
    pub stage: Stage,
    pub happened: Happened,
}

/// Where to start from what is on disk; `None` where nothing is to be done now.
pub fn begin(state: &PostingState, clock: Clock) -> Option<(Stage, Effect)> {
    match state {
        PostingState::Approved { approval } => {
            Some((Stage::Comparing { approval: approval.clone() }, Effect::Compare { approval: approval.clone() }))
        }
        // Cut off while it was being sent: nobody knows whether the request arrived.
        PostingState::Sending { .. } => Some((
            Stage::Closing(End::Settled),
            no_answer(clock, "no answer", "the program ended while it was being sent"),
        )),
        PostingState::InDoubt { key, attempt, look_up_after, absent } if *look_up_after <= clock.now => {
            Some((Stage::LookingUp { key: key.clone(), attempt: *attempt, absent: *absent }, Effect::LookUp))
        }
        PostingState::AwaitingIntacct { record } => {
            Some((Stage::Watching, Effect::ReadBack { record: record.clone() }))
        }
        _ => None,
    }
}

pub fn advance(stage: Stage, happened: Happened, clock: Clock) -> Result<Move, Impossible> {
    use {Happened as H, Stage as S};
    Ok(match (stage, happened) {
        (S::Comparing { approval }, H::Compared { same: true }) => {
            Move::Do(S::Preparing { approval: approval.clone() }, Effect::Prepare { approval })
        }
        (S::Comparing { .. }, H::Compared { same: false }) => {
            back_to_a_person("facts changed", "a record it rests on is other than it was approved")
        }
        (S::Preparing { approval }, H::Prepared { key }) => {
            let effect = Effect::Begin { approval: approval.clone(), key: key.clone() };
            Move::Do(S::Beginning { approval, key }, effect)
        }
        (S::Preparing { .. }, H::Hindered { reason }) => back_to_a_person("not sent", &reason),
        (S::Preparing { .. }, H::PeriodClosed { through }) => {
            Move::Do(S::Closing(End::Settled), Effect::HoldForClosedPeriod { through })
        }
        (S::Beginning { approval, key }, H::Begun) => {
            Move::Do(S::Sent { approval: Some(approval) }, Effect::Send { key })
        }
        (S::Beginning { .. }, H::ApprovalGone) => Move::End(End::Settled),
        (S::Beginning { .. }, H::OtherBytes) => {
            back_to_a_person("not sent", "what would be sent now is other than what was turned away under its key")
        }
        (S::BeginningAgain { key }, H::Begun) => Move::Do(S::Sent { approval: None }, Effect::Resend { key }),
        (S::BeginningAgain { .. }, H::OtherBytes) => Move::Do(
            S::Closing(End::ForAPerson),
            Effect::Tell(note("not sent again", "the bytes of the first attempt cannot be read")),
        ),
        (S::Sent { .. }, H::Answered(Answer::Accepted { record })) => {
            Move::Do(S::ReadingBack, Effect::ReadBack { record })
        }
        (S::Sent { .. }, H::Answered(Answer::Refused { reason, note: text })) => {
            record(End::Settled, Event::Rejected { reason }, note("reply", text))
        }
        (S::Sent { approval }, H::Answered(Answer::TurnedAway { reason, until })) => {
            turned_away(approval, &reason, until, clock)
        }
        (S::Sent { .. }, H::Answered(Answer::Silence { why })) => {
            Move::Do(S::Closing(End::Settled), no_answer(clock, "no answer", &why))
        }
        (S::ReadingBack, H::Seen(seen)) => read_back(&seen, clock),
        (S::ReadingBack, H::Blind { why }) => {
            not_verified(clock, &format!("accepted, and could not be read back: {why}"))
        }
        (S::LookingUp { key, attempt, absent }, H::Seen(seen)) => looked_up(key, attempt, absent, &seen, clock),
        (S::LookingUp { .. }, H::Blind { why }) => {
            Move::Do(S::Closing(End::ForAPerson), Effect::Tell(note("look-up failed", why)))
        }
        (S::Watching, H::Seen(seen)) => match &seen[..] {
            [one] if one.is_same && one.standing == Standing::Posted => {
                let event = Event::ReadBackPosted { at: clock.now };
                record(End::Settled, event, note("approved in Intacct", &one.words))
            }
            _ => Move::End(End::Settled),
        },
        (S::Watching, H::Blind { .. }) => Move::End(End::Settled),
        (S::Closing(end), H::Recorded(_)) => Move::End(end),
        (stage, happened) => return Err(Impossible { stage, happened }),
    })
}

/// The first attempt is as if it had never been; the second leaves the first as much in doubt as before.
fn turned_away(approval: Option<Approval>, reason: &str, until: Timestamp, clock: Clock) -> Move {
    let text = format!("{reason}; nothing was done, not again before {until}");
    let event = match approval {
        Some(approval) => Event::TurnedAway { approval },
        None => Event::NotResent { look_up_after: until.max(clock.after_cool_down()) },
    };
    record(End::NotHeard, event, note("turned away", text))
}

/// Accepted is not believed before the record was read back, field by field.
fn read_back(seen: &[Sighting], clock: Clock) -> Move {
    match believable(seen, clock) {
        Some(event) => record(End::Settled, event, note("read back", words(seen))),
        None if seen.is_empty() => not_verified(clock, "accepted, and not there yet"),
        None => not_verified(clock, &words(seen)),
    }
}

fn looked_up(key: IdempotencyKey, attempt: u8, absent: u8, seen: &[Sighting], clock: Clock) -> Move {
    if let Some(event) = believable(seen, clock) {
        return record(End::Settled, event, note("looked up by its key", words(seen)));
    }
    if !seen.is_empty() {
        return Move::Do(Stage::Closing(End::ForAPerson), Effect::Tell(note("found, not as approved", words(seen))));
    }
    if absent < ABSENT_LOOKUPS_BEFORE_RESEND {
        let event = Event::Absent { look_up_after: clock.after_cool_down() };
        return record(End::Settled, event, note("looked up", "not in Intacct"));
    }
    if attempt < ATTEMPTS_MAX {
        return Move::Do(Stage::BeginningAgain { key: key.clone() }, Effect::BeginAgain { key });
    }
    Move::Do(
        Stage::Closing(End::ForAPerson),
        Effect::Tell(note("looked up", "not in Intacct after two attempts; a person decides")),
    )
}

/// One record, the same as approved, in a state that says so. Two are a duplicate, and a person's case.
pub fn believable(seen: &[Sighting], clock: Clock) -> Option<Event> {
    let [one] = seen else { return None };
    let record = |it: &Sighting| -> IntacctRecordNo { it.record.clone() };
    match one.standing {
        _ if !one.is_same => None,
        Standing::Posted => Some(Event::Found { record: record(one), at: clock.now }),
        Standing::Awaiting => Some(Event::FoundAwaiting { record: record(one) }),
        Standing::Other => None,
    }
}

/// All sightings in one line, for the log and the person.
pub fn words(seen: &[Sighting]) -> String {
    seen.iter().map(|it| it.words.as_str()).collect::<Vec<_>>().join("; ")
}

fn not_verified(clock: Clock, text: &str) -> Move {
    Move::Do(Stage::Closing(End::Settled), no_answer(clock, "accepted, not verified", text))
}

fn no_answer(clock: Clock, what: &'static str, text: &str) -> Effect {
    Effect::Record { event: Event::NoAnswer { look_up_after: clock.after_cool_down() }, note: note(what, text) }
}

fn back_to_a_person(what: &'static str, text: &str) -> Move {
    record(End::Settled, Event::FactsChanged, note(what, text))
}

fn record(end: End, event: Event, note: Note) -> Move {
    Move::Do(Stage::Closing(end), Effect::Record { event, note })
}

fn note(what: &'static str, text: impl Into<String>) -> Note {
    Note { what, text: text.into() }
}
