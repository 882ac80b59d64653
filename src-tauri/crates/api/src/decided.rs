//! What a person decided about proposals and exceptions, carried out again and taken back in the same transaction as the
//! undo stack moves.

use serde::{Deserialize, Serialize};
use tieout_domain::{Event, ExceptionId, PostingId, PostingState, UserId};
use tieout_store::{Decision, NewDecision, StoreError, Tx};

pub(crate) const HOLD: &str = "hold";
pub(crate) const RELEASE: &str = "release";
pub(crate) const ASSIGN: &str = "assign";

/// Postings set aside, or taken out of it, with the reason each was held for.
#[derive(Serialize, Deserialize)]
pub(crate) struct Holding {
    pub reasons: Vec<(PostingId, String)>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Assigning {
    pub owner: Option<String>,
    /// The owner each had before.
    pub before: Vec<(ExceptionId, Option<String>)>,
}

pub(crate) fn decide(
    tx: &Tx<'_>,
    kind: &str,
    title: &str,
    subject: &impl Serialize,
    why: &str,
) -> Result<(), StoreError> {
    let subject = serde_json::to_string(subject).expect("a decision is plain text");
    tx.decide(&NewDecision { kind, title, subject: &subject, reason: why }).map(drop)
}

/// Carries out what undo or redo just marked. False: the decision is of another screen. A posting that has moved on since
/// is left where it is.
pub fn carry_out(tx: &Tx<'_>, decision: &Decision) -> Result<bool, StoreError> {
    match decision.kind.as_str() {
        kind @ (HOLD | RELEASE) => {
            let subject: Holding = parsed(decision)?;
            let hold = (kind == HOLD) != decision.undone;
            for (id, reason) in subject.reasons {
                let state = tx.posting(&id)?.map(|it| it.posting.state);
                match (hold, state) {
                    (true, Some(PostingState::Proposed | PostingState::Approved { .. })) => {
                        tx.apply_event(&id, Event::Hold { by: UserId(tx.actor().to_owned()), reason })?;
                    }
                    (false, Some(PostingState::Held { .. })) => {
                        tx.apply_event(&id, Event::Release)?;
                    }
                    _ => {}
                }
            }
            Ok(true)
        }
        ASSIGN => {
            let subject: Assigning = parsed(decision)?;
            for (id, before) in subject.before {
                let owner = if decision.undone { before } else { subject.owner.clone() };
                tx.assign_exception(&id, owner.as_deref())?;
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(decision: &Decision) -> Result<T, StoreError> {
    serde_json::from_str(&decision.subject)
        .map_err(|error| StoreError::Damaged { what: format!("decision {}: {error}", decision.id) })
}
