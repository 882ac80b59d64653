//! How a write is carried to the store: looked at before, sent once, looked at after. No answer is no answer: nothing is
//! sent again before a look shows what came of it.

use crate::action::{Action, Seen, Verdict};
use crate::letter::Cause;
use crate::write::WriteState;
use jiff::{SignedDuration, Timestamp};

/// Sent and unanswered so often, it is left to a person.
pub const ATTEMPTS_MAX: u8 = 3;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Read the target at the store.
    Look,
    /// Put `Sending` with this on disk, then send it.
    Send {
        attempt: u8,
        action: Action,
    },
    /// Not before then.
    Wait(Timestamp),
    End(End),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Done(String),
    Stale(String),
    Parked(Cause, String),
    /// The store does not listen: approved as before, for the next run.
    NotHeard,
    InDoubt {
        look_up_after: Timestamp,
    },
}

/// What the store answered to a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It says yes, which proves nothing.
    Yes,
    /// A definite no; nothing was done.
    No(String),
    /// Too many requests, or not reached: nothing was done.
    TurnedAway,
    Silence,
}

/// `None`: it is not approved, or settled.
pub fn begin(state: &WriteState, now: Timestamp, cool_down: SignedDuration) -> Option<Next> {
    let not_before = |moment: Timestamp| if now < moment { Next::Wait(moment) } else { Next::Look };
    match state {
        WriteState::Approved { .. } => Some(Next::Look),
        // Cut off while it was sent, by an end of the program.
        WriteState::Sending { at, .. } => Some(not_before(interrupted(*at, cool_down))),
        WriteState::InDoubt { look_up_after, .. } => Some(not_before(*look_up_after)),
        WriteState::Planned | WriteState::Done { .. } | WriteState::Parked { .. } | WriteState::Stale { .. } => None,
    }
}

/// When a look proves something: until then it may be done yet.
fn interrupted(at: Timestamp, cool_down: SignedDuration) -> Timestamp {
    at.saturating_add(cool_down).unwrap_or(Timestamp::MAX)
}

/// After a look at the target, before anything is sent in this run.
pub fn after_look(state: &WriteState, planned: &Action, seen: &Seen) -> Next {
    let (attempt, sent) = match state {
        WriteState::InDoubt { attempt, sent, .. } | WriteState::Sending { attempt, sent, .. } => (*attempt, Some(sent)),
        _ => (0, None),
    };
    if let Some(sent) = sent {
        if *seen == Seen::Gone {
            return Next::End(End::Parked(Cause::Gone, "it is not in the store any more".into()));
        }
        if sent.is_done(seen) {
            return Next::End(End::Done("found done after no answer came".into()));
        }
        // What was planned on has moved on since it was sent; only a plan of fresh facts may say what is right now.
        return match (sent, sent.judge(seen)) {
            // Written and sold since, or never written: the same figure. Only orders read anew tell which.
            (Action::SetStock { .. }, Verdict::Send(_)) => {
                Next::End(End::Stale("no answer came, and what was sold since decides what is right".into()))
            }
            (_, Verdict::Send(action)) if attempt < ATTEMPTS_MAX => Next::Send { attempt: attempt + 1, action },
            (_, Verdict::Send(_)) => {
                Next::End(End::Parked(Cause::StillUnknown, format!("sent {attempt} times, each without an answer")))
            }
            (_, other) => end_of(other),
        };
    }
    match planned.judge(seen) {
        Verdict::Send(action) => Next::Send { attempt: 1, action },
        other => end_of(other),
    }
}

fn end_of(verdict: Verdict) -> Next {
    Next::End(match verdict {
        Verdict::AlreadyThere(note) => End::Done(note),
        Verdict::Moved(why) => End::Stale(why),
        Verdict::Gone => End::Parked(Cause::Gone, "it is not in the store any more".into()),
        Verdict::Send(_) => unreachable!("asked for before"),
    })
}

pub fn after_answer(answer: Answer, now: Timestamp, cool_down: SignedDuration) -> Next {
    match answer {
        Answer::Yes => Next::Look,
        Answer::No(why) => Next::End(End::Parked(Cause::Refused, why)),
        Answer::TurnedAway => Next::End(End::NotHeard),
        Answer::Silence => Next::End(End::InDoubt { look_up_after: interrupted(now, cool_down) }),
    }
}

/// A yes is not believed before the target shows it.
pub fn after_check(sent: &Action, seen: &Seen) -> End {
    if sent.is_done(seen) {
        return End::Done(String::new());
    }
    match seen {
        Seen::Gone => End::Parked(Cause::Gone, "it was there before the write and is not any more".into()),
        _ => End::Parked(Cause::NotDone, "the store answered that it is done, and it is not".into()),
    }
}
