//! What a matching run has to know of a person's decisions: pairs they took apart, and lines of their own write-offs.

use crate::sides::Sides;
use std::collections::BTreeSet;
use tieout_domain::{Confidence, Evidence, MatchGroup, MatchKind, MatchStatus, PostingState, RecordRef};
use tieout_matching::{Outcome, Unmatched, WhyNot};

/// A group that pairs what a person took apart, or joins the parts of what they split, is no finding: its records are open.
pub(crate) fn left_open_by_person(
    rejected: &BTreeSet<(RecordRef, RecordRef)>,
    sides: &Sides,
    mut outcome: Outcome,
) -> Outcome {
    if rejected.is_empty() && sides.parts.is_empty() {
        return outcome;
    }
    let rejected: BTreeSet<(&RecordRef, &RecordRef)> = rejected.iter().map(|it| (&it.0, &it.1)).collect();
    let is_rejected =
        |it: &MatchGroup| it.left.iter().any(|left| it.right.iter().any(|right| rejected.contains(&(left, right))));
    let joins_parts = |it: &MatchGroup| {
        let mut wholes = BTreeSet::new();
        it.members().filter_map(|it| sides.parts.get(it)).any(|whole| !wholes.insert(whole))
    };
    let apart: Vec<MatchGroup> = outcome.matches.extract_if(.., |it| is_rejected(it) || joins_parts(it)).collect();
    for group in apart {
        let why = |with: Option<&RecordRef>| match with {
            Some(with) => WhyNot::NearMiss { with: with.clone(), failed: "a person took the two apart".into() },
            None => WhyNot::NothingClose,
        };
        let open = |records: &[RecordRef], other: Option<&RecordRef>| -> Vec<Unmatched> {
            records.iter().map(|it| Unmatched { record: it.clone(), why_not: why(other) }).collect()
        };
        outcome.left_over.extend(open(&group.left, group.right.first()));
        outcome.right_over.extend(open(&group.right, group.left.first()));
    }
    outcome
}

/// Ledger lines of posted write-offs whose records a person matched: each explains itself by its key, and its amount takes
/// up the variance of that match.
pub(crate) fn written_off_lines(sides: &Sides, taken: &BTreeSet<RecordRef>) -> Vec<MatchGroup> {
    let keys: BTreeSet<String> = sides
        .postings
        .iter()
        .filter(|it| {
            matches!(it.posting.state, PostingState::Posted { .. })
                && tieout_planning::is_write_off(&it.posting.document)
                && it.posting.facts.iter().any(|(record, _)| taken.contains(record))
        })
        .map(|it| it.posting.document.natural_key().0)
        .collect();
    let ours = sides.right.iter().filter(|it| keys.contains(&it.reference) && !taken.contains(&it.record));
    ours.map(|item| {
        let right = vec![item.record.clone()];
        MatchGroup {
            id: MatchGroup::id_of(&[], &right),
            left: vec![],
            right,
            kind: MatchKind::OneSided,
            status: MatchStatus::Automatic,
            pass: "posted by Tieout".into(),
            confidence: Confidence(10_000),
            evidence: vec![Evidence::PostedByTieout { key: item.reference.clone() }],
            variance: -item.amount,
        }
    })
    .collect()
}
