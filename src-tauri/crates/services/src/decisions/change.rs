//! A decision about matches with all it changed, carried out and taken back in one transaction with the undo stack.

use super::{approval, aside, split};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tieout_domain::{Event, MatchGroup, MatchStatus, Posting, PostingId, PostingState, RecordRef, UserId};
use tieout_store::{Decision, NewDecision, Reader, RejectedPair, StoreError, Tx};

pub(crate) const MATCH: &str = "match";
pub(crate) const UNMATCH: &str = "unmatch";
pub(crate) const NOTE: &str = "note";
/// Kinds that `choices` reads too: what planning goes by.
pub(crate) const KEEP_PARTIAL: &str = "keep-partial";
pub(crate) const WRITE_OFF_SHORT: &str = "write-off-short";
pub(crate) const WRITE_OFF_DIFFERENCE: &str = "write-off-difference";
const POST_ON: &str = "post-on";

/// Pairs remembered as wrong when a match is taken apart; a larger group would only fill the disk.
const PAIRS_MAX: usize = 2_500;
const TAKEN_BACK: &str = "its match was taken back";
const SUPERSEDED: &str = "a person matched its record with an entry that is in the ledger already";

/// Everything one decision did to matches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchChange {
    /// The natural key of the posting it is about, where planning has to know of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<MatchGroup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<MatchGroup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<(RecordRef, RecordRef)>,
    /// Entries that were to book what a person says is booked already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<PostingId>,
    /// The entry that takes up a difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posting: Option<PostingId>,
}

#[derive(Serialize, Deserialize)]
struct Noted {
    target: String,
    text: String,
}

/// Stores the decision and carries it out; `entry` is proposed with it. `kind` is one of `match`, `unmatch`,
/// `keep-partial`, `write-off-short`, `write-off-difference`.
pub fn decide_match(
    tx: &Tx<'_>,
    kind: &str,
    title: &str,
    mut change: MatchChange,
    entry: Option<&Posting>,
    reason: &str,
) -> Result<(), StoreError> {
    for group in &change.added {
        change.removed.extend(in_the_way(tx, group)?);
    }
    let mut seen = BTreeSet::new();
    change.removed.retain(|it| seen.insert(it.id.clone()));
    change.superseded = superseded(tx, &change.added)?;
    forward(tx, &change, reason)?;
    if let Some(entry) = entry {
        tx.put_proposals(std::slice::from_ref(entry), false)?;
        change.posting = Some(entry.id.clone());
    }
    decide(tx, kind, title, &change, reason)
}

pub fn decide_note(tx: &Tx<'_>, target: &str, text: &str, title: &str) -> Result<(), StoreError> {
    tx.add_note(target, text)?;
    decide(tx, NOTE, title, &Noted { target: target.to_owned(), text: text.to_owned() }, "")
}

pub(crate) fn noted_target(subject: &str) -> Option<String> {
    serde_json::from_str(subject).ok().map(|it: Noted| it.target)
}

pub(crate) fn decide(
    tx: &Tx<'_>,
    kind: &str,
    title: &str,
    subject: &impl Serialize,
    reason: &str,
) -> Result<(), StoreError> {
    let subject = serde_json::to_string(subject).expect("a decision is plain text");
    tx.decide(&NewDecision { kind, title, subject: &subject, reason }).map(drop)
}

/// What taking these matches apart changes; the write-off that a person's match brought is set aside with it.
pub fn unmatching(reader: &Reader<'_>, groups: &[MatchGroup]) -> Result<MatchChange, StoreError> {
    let mut rejected = Vec::new();
    for group in groups.iter().filter(|it| it.left.len() * it.right.len() <= PAIRS_MAX) {
        rejected
            .extend(group.left.iter().flat_map(|left| group.right.iter().map(|right| (left.clone(), right.clone()))));
    }
    let mut change = MatchChange { removed: groups.to_vec(), rejected, ..MatchChange::default() };
    for decision in reader.decisions(WRITE_OFF_DIFFERENCE)? {
        let made: MatchChange = parsed(&decision)?;
        if made.added.iter().any(|it| groups.iter().any(|group| group.id == it.id)) {
            change.posting = made.posting;
        }
    }
    Ok(change)
}

/// Carries out what undo or redo just marked. False: the decision is of another screen.
pub fn carry_out(tx: &Tx<'_>, decision: &Decision) -> Result<bool, StoreError> {
    match decision.kind.as_str() {
        MATCH | UNMATCH | KEEP_PARTIAL | WRITE_OFF_SHORT | WRITE_OFF_DIFFERENCE => {
            let change: MatchChange = parsed(decision)?;
            if decision.undone { backward(tx, &change)? } else { forward(tx, &change, "redone")? }
        }
        NOTE => {
            let note: Noted = parsed(decision)?;
            if decision.undone {
                let notes = tx.notes(&note.target)?;
                if let Some(found) = notes.iter().rev().find(|it| it.text == note.text) {
                    tx.remove_note(found.id)?;
                }
            } else {
                tx.add_note(&note.target, &note.text)?;
            }
        }
        // Only planning reads it, and the next run goes by what stands.
        POST_ON => {}
        kind => {
            return Ok(approval::carry_out(tx, decision)?
                || split::carry_out(tx, decision)?
                || aside::carry_out(tx, kind, decision)?);
        }
    }
    Ok(true)
}

pub(crate) fn parsed<T: for<'de> Deserialize<'de>>(decision: &Decision) -> Result<T, StoreError> {
    serde_json::from_str(&decision.subject)
        .map_err(|error| StoreError::Damaged { what: format!("decision {}: {error}", decision.id) })
}

fn pairs(change: &MatchChange) -> Vec<RejectedPair> {
    let pair = |(left, right): &(RecordRef, RecordRef)| RejectedPair { left: left.clone(), right: right.clone() };
    change.rejected.iter().map(pair).collect()
}

fn forward(tx: &Tx<'_>, change: &MatchChange, reason: &str) -> Result<(), StoreError> {
    for group in &change.removed {
        tx.remove_match(&group.id, reason)?;
    }
    for group in &change.added {
        for other in in_the_way(tx, group)? {
            tx.remove_match(&other.id, reason)?;
        }
        tx.put_match(group, reason)?;
    }
    tx.reject_pairs(&pairs(change))?;
    for id in &change.superseded {
        set_aside(tx, id, SUPERSEDED)?;
    }
    match &change.posting {
        Some(posting) if change.added.is_empty() => set_aside(tx, posting, TAKEN_BACK),
        Some(posting) => bring_back(tx, posting, TAKEN_BACK),
        None => Ok(()),
    }
}

fn backward(tx: &Tx<'_>, change: &MatchChange) -> Result<(), StoreError> {
    for group in &change.added {
        tx.remove_match(&group.id, "undone")?;
    }
    tx.forget_rejected(&pairs(change))?;
    for group in &change.removed {
        let mut taken = false;
        for member in group.members() {
            taken |= tx.match_of(member)?.is_some();
        }
        let is_a_persons = matches!(group.status, MatchStatus::Confirmed { .. });
        // What the engine found since stays; the next run looks at the rest again.
        if !taken || is_a_persons {
            for other in in_the_way(tx, group)? {
                tx.remove_match(&other.id, "undone")?;
            }
            tx.put_match(group, "undone")?;
        }
    }
    for id in &change.superseded {
        bring_back(tx, id, SUPERSEDED)?;
    }
    match &change.posting {
        Some(posting) if change.added.is_empty() => bring_back(tx, posting, TAKEN_BACK),
        Some(posting) => set_aside(tx, posting, TAKEN_BACK),
        None => Ok(()),
    }
}

/// Live findings of the engine that hold one of its members; a person's own matches are never pushed away.
fn in_the_way(reader: &Reader<'_>, group: &MatchGroup) -> Result<Vec<MatchGroup>, StoreError> {
    let mut found: Vec<MatchGroup> = Vec::new();
    for member in group.members() {
        let Some(stored) = reader.match_of(member)? else { continue };
        let is_same = stored.group.id == group.id;
        if (is_same || stored.group.status == MatchStatus::Suggested) && !found.contains(&stored.group) {
            found.push(stored.group);
        }
    }
    Ok(found)
}

/// Entries about the store's side of these matches, not final yet: sent, they would book the same money twice.
fn superseded(reader: &Reader<'_>, added: &[MatchGroup]) -> Result<Vec<PostingId>, StoreError> {
    let mut found = BTreeSet::new();
    for group in added {
        for record in &group.left {
            found.extend(superseding(reader, record)?);
        }
    }
    Ok(found.into_iter().collect())
}

/// About one record.
pub(super) fn superseding(reader: &Reader<'_>, record: &RecordRef) -> Result<Vec<PostingId>, StoreError> {
    let mut found = Vec::new();
    for it in reader.postings_on(record)? {
        let is_final = matches!(
            it.posting.state,
            PostingState::Voided { .. } | PostingState::Refused { .. } | PostingState::Reversed { .. }
        );
        if !is_final && !matches!(it.posting.state, PostingState::Held { .. }) {
            found.push(it.posting.id);
        }
    }
    Ok(found)
}

/// An entry whose match is gone must not be sent; one that was sent is reversed, not undone.
pub(super) fn set_aside(tx: &Tx<'_>, id: &PostingId, why: &str) -> Result<(), StoreError> {
    match tx.posting(id)?.map(|it| it.posting.state) {
        Some(PostingState::Proposed | PostingState::Approved { .. }) => {
            let by = UserId(tx.actor().to_owned());
            tx.apply_event(id, Event::Hold { by, reason: why.into() }).map(drop)
        }
        Some(
            state @ (PostingState::Sending { .. }
            | PostingState::InDoubt { .. }
            | PostingState::AwaitingIntacct { .. }
            | PostingState::Posted { .. }),
        ) => Err(StoreError::NotSendable {
            posting: id.clone(),
            why: format!("it is {}: what is in Intacct is reversed in Approvals first", state.as_str()),
        }),
        _ => Ok(()),
    }
}

pub(super) fn bring_back(tx: &Tx<'_>, id: &PostingId, why: &str) -> Result<(), StoreError> {
    match tx.posting(id)?.map(|it| it.posting.state) {
        Some(PostingState::Held { reason, .. }) if reason == why => tx.apply_event(id, Event::Release).map(drop),
        _ => Ok(()),
    }
}
