//! How well matches found by somebody agree with the truth.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use super::truth::{Truth, TruthGroup};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// By kind: groups found whole, and groups there are.
    pub kinds: BTreeMap<&'static str, (usize, usize)>,
    /// Matches whose records are not one event, or not all of it.
    pub false_matches: Vec<(Vec<String>, Vec<String>)>,
}

impl Score {
    /// Hundredths of a percent of the groups of these kinds that were found; all kinds when none is named.
    pub fn recall(&self, kinds: &[&str]) -> usize {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.is_empty() || kinds.contains(kind));
        let (found, all) = wanted.fold((0, 0), |(found, all), (_, one)| (found + one.0, all + one.1));
        (found * 10_000).checked_div(all).unwrap_or(10_000)
    }
}

impl Truth {
    /// Compares matches with the groups of payments and of settlement rows. Left ids are `<transaction>:<row>` or `<file>:<row id>`,
    /// right ids `<OBJECT>:<RECORDNO>`; the world must have been loaded. One-sided matches are passed over.
    pub fn score(&self, matches: impl IntoIterator<Item = (Vec<String>, Vec<String>)>) -> Score {
        let mut score = Score::default();
        // A settlement row stands in two groups: its gross in one, its fee in another.
        let mut of_left: BTreeMap<&str, Vec<&TruthGroup>> = BTreeMap::new();
        for group in self.groups.iter().chain(&self.settlement_groups) {
            score.kinds.entry(group.kind).or_default().1 += 1;
            for id in &group.left {
                of_left.entry(id).or_default().push(group);
            }
        }
        for (left, right) in matches {
            let Some(first) = left.first().filter(|_| !right.is_empty()) else { continue };
            match of_left.get(first.as_str()).into_iter().flatten().find(|it| it.is_met_by(&left, &right)) {
                Some(group) => score.kinds.entry(group.kind).or_default().0 += 1,
                None => score.false_matches.push((left, right)),
            }
        }
        score
    }
}

impl TruthGroup {
    /// All of the left, and all of the right or a document that may stand in its place, and nothing else.
    fn is_met_by(&self, left: &[String], right: &[String]) -> bool {
        let own: BTreeSet<String> = self.right.iter().map(super::LedgerRef::id).collect();
        let also: BTreeSet<String> = self.also.iter().map(super::LedgerRef::id).collect();
        let wanted: BTreeSet<&String> = self.left.iter().collect();
        let named: BTreeSet<&String> = right.iter().collect();
        let whole = own.iter().all(|id| named.contains(id)) || named.iter().all(|id| also.contains(*id));
        wanted == left.iter().collect() && whole && named.iter().all(|id| own.contains(*id) || also.contains(*id))
    }
}
