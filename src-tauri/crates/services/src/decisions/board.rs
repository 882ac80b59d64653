//! Where every record stands: in a match, open, open with more than one partner, or set aside until a day.
//!
//! Invariant: the matches are the stored ones; nothing is matched anew here, so the lists stand still while a person works.

use super::aside::{Aside, AsideKind, standing};
use super::facts::{MatchFacts, MatchRecord};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tieout_domain::{MatchGroup, MatchId, MatchStatus, RecordRef};
use tieout_matching::{Item, MatchSettings};
use tieout_money::Currency;

/// As many as there are number keys to choose with.
const CANDIDATES_MAX: usize = 9;

pub struct Board {
    pub facts: Arc<MatchFacts>,
    pub today: Date,
    pub groups: Vec<MatchGroup>,
    /// In no match, from the cut-over on. Those with candidates are in `choices` only.
    pub open: Vec<RecordRef>,
    /// Open store records that fit ledger records, each as a match of its own, best first.
    pub choices: Vec<(RecordRef, Vec<MatchGroup>)>,
    pub asides: BTreeMap<String, Aside>,
    pub noted: BTreeSet<String>,
    by_id: BTreeMap<MatchId, usize>,
    in_group: BTreeMap<RecordRef, usize>,
}

impl Board {
    pub fn read(company: &Company, facts: &Arc<MatchFacts>) -> Result<Board, ServiceError> {
        let today = company.today()?;
        let (groups, rejected, asides, noted) = company.store.read(|reader| {
            let groups: Vec<MatchGroup> = reader.matches()?.into_iter().map(|it| it.group).collect();
            let rejected = reader.rejected_pairs()?.into_iter().map(|it| (it.left, it.right)).collect();
            Ok::<_, tieout_store::StoreError>((groups, rejected, standing(reader, today)?, noted(reader)?))
        })?;
        let mut in_group: BTreeMap<RecordRef, usize> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            in_group.extend(group.members().map(|it| (it.clone(), at)));
        }
        in_group.extend(crate::reconcile::fees_inside_receipts(&facts.sides, &groups));
        let is_open = |item: &&Item| !in_group.contains_key(&item.record) && item.on >= facts.settings.cut_over;
        let left: Vec<&Item> = facts.sides.left.iter().filter(is_open).collect();
        let right: Vec<&Item> = facts.sides.right.iter().filter(is_open).collect();
        let choices = choices(&left, &right, &rejected, &facts.settings.matching);
        let chosen: BTreeSet<&RecordRef> = choices.iter().map(|(record, _)| record).collect();
        let open = left.iter().chain(&right).map(|it| it.record.clone()).filter(|it| !chosen.contains(it)).collect();
        Ok(Board {
            by_id: groups.iter().enumerate().map(|(at, it)| (it.id.clone(), at)).collect(),
            facts: Arc::clone(facts),
            today,
            groups,
            open,
            choices,
            asides,
            noted,
            in_group,
        })
    }

    pub fn record(&self, record: &RecordRef) -> Option<&MatchRecord> {
        self.facts.records.get(record)
    }

    pub fn records<'a>(&'a self, of: &'a [RecordRef]) -> impl Iterator<Item = &'a MatchRecord> {
        of.iter().filter_map(|it| self.record(it))
    }

    pub fn group(&self, id: &str) -> Option<&MatchGroup> {
        self.by_id.get(&MatchId(id.to_owned())).map(|at| &self.groups[*at])
    }

    /// The match a record is in; a fee inside a receipt entered net is in that receipt's.
    pub fn group_of(&self, record: &RecordRef) -> Option<&MatchGroup> {
        self.in_group.get(record).map(|at| &self.groups[*at])
    }

    pub fn candidates(&self, record: &RecordRef) -> Option<&[MatchGroup]> {
        self.choices.iter().find(|(of, _)| of == record).map(|(_, all)| all.as_slice())
    }

    /// A group, or a record by itself, that a person moved to a later day.
    pub fn aside(&self, target: &str) -> Option<&Aside> {
        self.asides.get(target)
    }

    /// Matched, with its sides on different sides of the month's edge.
    pub fn crosses_a_month(&self, group: &MatchGroup) -> bool {
        let months: BTreeSet<_> =
            group.members().filter_map(|it| self.record(it)).map(|it| (it.on.year(), it.on.month())).collect();
        months.len() > 1
    }

    pub fn is_timing(&self, target: &str) -> bool {
        self.aside(target).is_some_and(|it| it.kind == AsideKind::Timing)
    }

    pub fn is_suggested(group: &MatchGroup) -> bool {
        group.status == MatchStatus::Suggested
    }
}

fn noted(reader: &tieout_store::Reader<'_>) -> Result<BTreeSet<String>, tieout_store::StoreError> {
    // Notes are written as decisions, so that they can be taken back.
    let notes = reader.decisions(super::change::NOTE)?;
    Ok(notes.iter().filter_map(|it| super::change::noted_target(&it.subject)).collect())
}

/// A candidate is a record that the engine would pair with this one if there were no others.
fn choices(
    left: &[&Item],
    right: &[&Item],
    rejected: &BTreeSet<(RecordRef, RecordRef)>,
    settings: &MatchSettings,
) -> Vec<(RecordRef, Vec<MatchGroup>)> {
    let mut by_amount: BTreeMap<(Currency, i64), Vec<&Item>> = BTreeMap::new();
    for item in right {
        by_amount.entry((item.amount.currency(), item.amount.minor())).or_default().push(item);
    }
    let mut all = Vec::new();
    for item in left {
        let same = by_amount.get(&(item.amount.currency(), item.amount.minor()));
        let mut found: Vec<MatchGroup> = same
            .into_iter()
            .flatten()
            .filter(|other| !rejected.contains(&(item.record.clone(), other.record.clone())))
            .filter_map(|other| {
                let alone =
                    tieout_matching::reconcile(std::slice::from_ref(*item), std::slice::from_ref(*other), settings);
                alone.matches.into_iter().find(|it| !it.left.is_empty() && !it.right.is_empty())
            })
            .map(|mut group| {
                // Alone nothing else fits; here something does.
                group.evidence.retain(|it| *it != tieout_domain::Evidence::OnlyCandidate);
                group.status = MatchStatus::Suggested;
                group
            })
            .collect();
        found.sort_by(|a, b| (b.confidence, &a.id).cmp(&(a.confidence, &b.id)));
        found.truncate(CANDIDATES_MAX);
        if !found.is_empty() {
            all.push((item.record.clone(), found));
        }
    }
    all
}
