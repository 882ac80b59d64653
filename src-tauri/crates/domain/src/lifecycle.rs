//! The whole life of a posting on one screen. Pure: the runner in `services` performs what it allows.

use crate::posting::{Approval, IdempotencyKey, IntacctError, IntacctRecordNo, PostingId, PostingState, UserId};
use jiff::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    Approve(Approval),
    Hold {
        by: UserId,
        reason: String,
    },
    Release,
    /// A person took their approval back before anything was sent.
    Withdraw,
    /// A person withdrew it, or the facts behind it are gone.
    Void {
        reason: String,
    },
    /// A person took a rejection back; it is approved anew, or not.
    Restore,
    /// The fingerprint on the approval is no longer the content's.
    FactsChanged,
    /// Key and exact bytes are on disk.
    Saved {
        key: IdempotencyKey,
        at: Timestamp,
    },
    NoAnswer {
        look_up_after: Timestamp,
    },
    /// The gateway refused before executing anything.
    Rejected {
        reason: IntacctError,
    },
    /// The gateway would not listen (too many requests, no connection): nothing was done, and the approval stands.
    TurnedAway {
        approval: Approval,
    },
    /// The same of the second attempt: the first is as much in doubt as before.
    NotResent {
        look_up_after: Timestamp,
    },
    /// Found by natural key, field by field the same, whatever the reply said.
    Found {
        record: IntacctRecordNo,
        at: Timestamp,
    },
    FoundAwaiting {
        record: IntacctRecordNo,
    },
    /// Looked up by natural key after the cool-down and not there.
    Absent {
        look_up_after: Timestamp,
    },
    /// Both attempts vanished and every look-up found nothing: a person says it is not in Intacct, and may approve it anew.
    GivenUp {
        by: UserId,
        reason: String,
    },
    /// A person read the reason and wants to approve again.
    Reopen,
    ReadBackPosted {
        at: Timestamp,
    },
    ReversalPosted {
        by: PostingId,
    },
}

/// The caller's bug, returned whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a posting that is {} cannot take {event:?}", state.as_str())]
pub struct IllegalStep {
    pub state: PostingState,
    pub event: Event,
}

/// How often a posting is looked up and found absent before its same bytes may be sent once more.
pub const ABSENT_LOOKUPS_BEFORE_RESEND: u8 = 2;
/// A posting is sent at most twice; after that a person decides.
pub const ATTEMPTS_MAX: u8 = 2;

pub fn step(state: PostingState, event: Event) -> Result<PostingState, IllegalStep> {
    use {Event as E, PostingState as S};
    Ok(match (state, event) {
        (S::Proposed, E::Approve(approval)) => S::Approved { approval },
        (S::Proposed | S::Approved { .. }, E::Hold { by, reason }) => S::Held { by, reason },
        (S::Held { .. }, E::Release) => S::Proposed,
        (S::Approved { .. }, E::Withdraw) => S::Proposed,
        (S::Voided { .. }, E::Restore) => S::Proposed,
        (S::Proposed | S::Held { .. } | S::Approved { .. } | S::Refused { .. }, E::Void { reason }) => {
            S::Voided { reason }
        }
        (S::Approved { .. } | S::Proposed, E::FactsChanged) => S::Proposed,
        (S::Approved { .. }, E::Saved { key, at }) => S::Sending { key, attempt: 1, at },
        (S::Sending { key, attempt, .. }, E::NoAnswer { look_up_after }) => {
            S::InDoubt { key, attempt, look_up_after, absent: 0 }
        }
        (S::Sending { attempt: 1, .. }, E::TurnedAway { approval }) => S::Approved { approval },
        (S::Sending { key, attempt, .. }, E::NotResent { look_up_after }) if attempt > 1 => {
            S::InDoubt { key, attempt: attempt - 1, look_up_after, absent: ABSENT_LOOKUPS_BEFORE_RESEND }
        }
        (S::Sending { .. }, E::Rejected { reason }) => S::Refused { reason },
        (S::Sending { .. } | S::InDoubt { .. }, E::Found { record, at }) => S::Posted { record, at },
        (S::Sending { .. } | S::InDoubt { .. }, E::FoundAwaiting { record }) => S::AwaitingIntacct { record },
        (S::InDoubt { key, attempt, absent, .. }, E::Absent { look_up_after }) => {
            S::InDoubt { key, attempt, look_up_after, absent: absent.saturating_add(1) }
        }
        // Looked for twice after the cool-down and not there: once more, same key, same bytes.
        (S::InDoubt { key, attempt, absent, .. }, E::Saved { key: same, at })
            if absent >= ABSENT_LOOKUPS_BEFORE_RESEND && attempt < ATTEMPTS_MAX && key == same =>
        {
            S::Sending { key, attempt: attempt + 1, at }
        }
        (S::InDoubt { attempt, absent, .. }, E::GivenUp { .. }) if is_exhausted(attempt, absent) => S::Proposed,
        (S::Refused { .. }, E::Reopen) => S::Proposed,
        (S::AwaitingIntacct { record }, E::ReadBackPosted { at }) => S::Posted { record, at },
        (S::Posted { .. }, E::ReversalPosted { by }) => S::Reversed { by },
        (state, event) => return Err(IllegalStep { state, event }),
    })
}

/// Nothing more is done by itself: it was sent as often as it may be, and looked for after each time.
pub fn is_exhausted(attempt: u8, absent: u8) -> bool {
    attempt >= ATTEMPTS_MAX && absent >= ABSENT_LOOKUPS_BEFORE_RESEND
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fingerprint;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }
    fn key(text: &str) -> IdempotencyKey {
        IdempotencyKey(text.into())
    }
    fn approval() -> Approval {
        Approval { by: UserId("ann".into()), at: at(1), content: Fingerprint::from_text("f") }
    }
    fn in_doubt(attempt: u8, absent: u8) -> PostingState {
        PostingState::InDoubt { key: key("k"), attempt, look_up_after: at(9), absent }
    }

    #[test]
    fn the_straight_road_ends_posted() {
        let record = IntacctRecordNo("77".into());
        let state = [
            Event::Approve(approval()),
            Event::Saved { key: key("k"), at: at(2) },
            Event::Found { record: record.clone(), at: at(3) },
        ]
        .into_iter()
        .try_fold(PostingState::Proposed, step)
        .unwrap();
        assert_eq!(state, PostingState::Posted { record, at: at(3) });
    }

    #[test]
    fn nothing_is_sent_without_an_approval() {
        for state in [
            PostingState::Proposed,
            PostingState::Voided { reason: String::new() },
            PostingState::Posted { record: IntacctRecordNo("1".into()), at: at(1) },
        ] {
            assert!(step(state, Event::Saved { key: key("k"), at: at(2) }).is_err());
        }
    }

    #[test]
    fn a_person_takes_back_what_they_said_until_it_is_sent() {
        assert_eq!(step(PostingState::Approved { approval: approval() }, Event::Withdraw), Ok(PostingState::Proposed));
        assert_eq!(step(PostingState::Voided { reason: "x".into() }, Event::Restore), Ok(PostingState::Proposed));
        let reason = IntacctError { code: "x".into(), message: "x".into(), remedy: "x".into() };
        for state in [
            PostingState::Sending { key: key("k"), attempt: 1, at: at(1) },
            in_doubt(1, 0),
            PostingState::AwaitingIntacct { record: IntacctRecordNo("1".into()) },
            PostingState::Posted { record: IntacctRecordNo("1".into()), at: at(1) },
            PostingState::Refused { reason },
            PostingState::Reversed { by: PostingId("r".into()) },
        ] {
            assert!(step(state.clone(), Event::Withdraw).is_err(), "{state:?}");
            assert!(step(state.clone(), Event::Restore).is_err(), "{state:?}");
        }
    }

    #[test]
    fn silence_is_looked_up_twice_before_the_same_bytes_go_once_more() {
        let resend = || Event::Saved { key: key("k"), at: at(20) };
        assert!(step(in_doubt(1, 0), resend()).is_err());
        assert!(step(in_doubt(1, 1), resend()).is_err());
        assert!(matches!(step(in_doubt(1, 2), resend()), Ok(PostingState::Sending { attempt: 2, .. })));
        assert!(step(in_doubt(2, 2), resend()).is_err(), "after the second attempt a person decides");
        assert!(
            step(in_doubt(1, 2), Event::Saved { key: key("other"), at: at(20) }).is_err(),
            "another key is another posting"
        );
    }

    #[test]
    fn doubt_is_never_turned_into_a_no() {
        let reason = IntacctError { code: "x".into(), message: "x".into(), remedy: "x".into() };
        assert!(step(in_doubt(1, 2), Event::Rejected { reason }).is_err());
        assert!(step(in_doubt(1, 2), Event::Void { reason: "tired of waiting".into() }).is_err());
        assert!(step(in_doubt(1, 2), Event::FactsChanged).is_err());
    }

    #[test]
    fn a_person_gives_up_only_what_was_sent_twice_and_looked_for_after_each_time() {
        let give_up = || Event::GivenUp { by: UserId("ann".into()), reason: "not in Intacct".into() };
        assert_eq!(step(in_doubt(2, 2), give_up()), Ok(PostingState::Proposed));
        for (attempt, absent) in [(1, 0), (1, 2), (2, 0), (2, 1)] {
            assert!(step(in_doubt(attempt, absent), give_up()).is_err(), "{attempt} {absent}");
        }
        assert!(step(PostingState::Sending { key: key("k"), attempt: 2, at: at(1) }, give_up()).is_err());
    }

    #[test]
    fn who_is_turned_away_stands_where_they_stood_before() {
        let sending = |attempt| PostingState::Sending { key: key("k"), attempt, at: at(2) };
        let turned_away = || Event::TurnedAway { approval: approval() };
        let not_resent = || Event::NotResent { look_up_after: at(9) };
        assert_eq!(step(sending(1), turned_away()), Ok(PostingState::Approved { approval: approval() }));
        assert_eq!(step(sending(2), not_resent()), Ok(in_doubt(1, ABSENT_LOOKUPS_BEFORE_RESEND)));
        assert!(step(sending(2), turned_away()).is_err(), "the first attempt may have arrived");
        assert!(step(sending(1), not_resent()).is_err());
        assert!(step(in_doubt(1, 2), turned_away()).is_err());
        assert!(step(PostingState::Proposed, turned_away()).is_err(), "no approval is made this way");
    }

    #[test]
    fn posted_is_only_ever_reversed() {
        let posted = || PostingState::Posted { record: IntacctRecordNo("1".into()), at: at(1) };
        assert!(step(posted(), Event::Void { reason: "x".into() }).is_err());
        assert!(step(posted(), Event::Approve(approval())).is_err());
        assert!(matches!(
            step(posted(), Event::ReversalPosted { by: PostingId("r".into()) }),
            Ok(PostingState::Reversed { .. })
        ));
    }
}
