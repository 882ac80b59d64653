//! What a person said about proposals, so that they can take it back: an approval until it is sent, a rejection always.

use super::change::{decide, parsed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tieout_domain::{Approval, Event, Fingerprint, MatchId, PostingId, PostingState, UserId};
use tieout_store::{Decision, Reader, StoreError, StoredPosting, Tx};

pub(crate) const APPROVE: &str = "approve";
const REJECT: &str = "reject";

#[derive(Serialize, Deserialize)]
struct Approved {
    /// Each with the content that was accepted.
    postings: Vec<(PostingId, Fingerprint)>,
    /// The rules it was made under.
    #[serde(default)]
    settings: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct Rejected {
    postings: Vec<Rejection>,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct Rejection {
    id: PostingId,
    /// Why it was held before, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<String>,
    /// Settled matches its records were in then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    matched: Vec<MatchId>,
}

/// Approves exactly this content. Nothing is sent.
pub(crate) fn decide_approval(tx: &Tx<'_>, chosen: &[StoredPosting]) -> Result<(), StoreError> {
    for it in chosen {
        approve(tx, &it.posting.id, &it.fingerprint)?;
    }
    let title = match chosen {
        [] => return Ok(()),
        [one] => format!("Approved {}", named(one)),
        many => format!("Approved {} entries", many.len()),
    };
    let postings = chosen.iter().map(|it| (it.posting.id.clone(), it.fingerprint.clone())).collect();
    decide(tx, APPROVE, &title, &Approved { postings, settings: rules(tx)? }, "")
}

fn rules(reader: &Reader<'_>) -> Result<Option<u32>, StoreError> {
    Ok(reader.settings()?.map(|it| it.version))
}

/// Made anew only by who made it, under the rules it was made under, and into a period that is open.
fn may_be_redone(tx: &Tx<'_>, decision: &Decision, approved: &Approved) -> Result<bool, StoreError> {
    Ok(decision.by == tx.actor() && approved.settings == rules(tx)? && tx.period_locks()?.is_empty())
}

fn approve(tx: &Tx<'_>, id: &PostingId, content: &Fingerprint) -> Result<(), StoreError> {
    let approval = Approval { by: UserId(tx.actor().to_owned()), at: tx.at(), content: content.clone() };
    tx.apply_event(id, Event::Approve(approval)).map(drop)
}

/// Planning does not propose them again, until the person takes it back.
pub fn decide_rejection(tx: &Tx<'_>, chosen: &[StoredPosting], reason: &str, title: &str) -> Result<(), StoreError> {
    let mut postings = Vec::new();
    for it in chosen {
        let held = match &it.posting.state {
            PostingState::Held { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        postings.push(Rejection { id: it.posting.id.clone(), held, matched: settled(tx, it)?.into_iter().collect() });
        tx.apply_event(&it.posting.id, Event::Void { reason: reason.to_owned() })?;
    }
    decide(tx, REJECT, title, &Rejected { postings, reason: reason.to_owned() }, reason)
}

fn named(it: &StoredPosting) -> String {
    let document = &it.posting.document;
    let said = document.description();
    if said.is_empty() { document.natural_key().0 } else { said.to_owned() }
}

fn settled(reader: &Reader<'_>, it: &StoredPosting) -> Result<BTreeSet<MatchId>, StoreError> {
    let mut found = BTreeSet::new();
    for (record, _) in &it.posting.facts {
        found.extend(reader.match_of(record)?.filter(|it| it.group.is_settled()).map(|it| it.group.id));
    }
    Ok(found)
}

pub(super) fn carry_out(tx: &Tx<'_>, decision: &Decision) -> Result<bool, StoreError> {
    match (decision.kind.as_str(), decision.undone) {
        (APPROVE, undone) => {
            let approved: Approved = parsed(decision)?;
            let redone = !undone && may_be_redone(tx, decision, &approved)?;
            for (id, content) in &approved.postings {
                let Some(it) = tx.posting(id)? else { continue };
                match &it.posting.state {
                    PostingState::Approved { .. } if undone => drop(tx.apply_event(id, Event::Withdraw)?),
                    // The same content only: what has changed since was not seen.
                    PostingState::Proposed if redone && it.fingerprint == *content && !it.posting.is_blocked() => {
                        approve(tx, id, content)?;
                    }
                    _ => {}
                }
            }
        }
        (REJECT, true) => {
            let rejected: Rejected = parsed(decision)?;
            for it in &rejected.postings {
                restore(tx, it)?;
            }
        }
        (REJECT, false) => {
            let rejected: Rejected = parsed(decision)?;
            for Rejection { id, .. } in &rejected.postings {
                if let Some(PostingState::Proposed | PostingState::Held { .. } | PostingState::Approved { .. }) =
                    tx.posting(id)?.map(|it| it.posting.state)
                {
                    tx.apply_event(id, Event::Void { reason: rejected.reason.clone() })?;
                }
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// To be approved anew, or held as it was. One whose records found their partner meanwhile, or whose reference another
/// entry has, stays rejected: it would book the same money twice.
fn restore(tx: &Tx<'_>, rejection: &Rejection) -> Result<(), StoreError> {
    let Some(it) = tx.posting(&rejection.id)? else { return Ok(()) };
    let is_rejected = matches!(it.posting.state, PostingState::Voided { .. });
    let matched_since = settled(tx, &it)?.into_iter().any(|it| !rejection.matched.contains(&it));
    if !is_rejected || matched_since || tx.owner_of(&it.posting.document.natural_key())?.is_some() {
        return Ok(());
    }
    tx.apply_event(&rejection.id, Event::Restore)?;
    if let Some(reason) = &rejection.held {
        let by = UserId(tx.actor().to_owned());
        tx.apply_event(&rejection.id, Event::Hold { by, reason: reason.clone() })?;
    }
    Ok(())
}

/// Of an approval: how many of it are still only approved, and how many there were. `None`: another decision.
pub fn approvals_left(reader: &Reader<'_>, decision: &Decision) -> Result<Option<(usize, usize)>, StoreError> {
    if decision.kind != APPROVE {
        return Ok(None);
    }
    let of: Approved = parsed(decision)?;
    let approved: BTreeSet<PostingId> =
        reader.postings_in(&["approved"])?.into_iter().map(|it| it.posting.id).collect();
    let left = of.postings.iter().filter(|(id, _)| approved.contains(id)).count();
    Ok(Some((left, of.postings.len())))
}

/// Whether undo has anything to take back: an approval that was sent whole is passed over, since what was posted is
/// reversed and not undone.
pub fn can_be_undone(reader: &Reader<'_>, decision: &Decision) -> Result<bool, StoreError> {
    Ok(approvals_left(reader, decision)?.is_none_or(|(left, _)| left > 0))
}
