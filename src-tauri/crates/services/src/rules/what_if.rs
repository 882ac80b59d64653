//! A text of rules tried before it is saved: over all history cached, what would be matched that is not, what would not be any
//! more, and where it goes against what people decided. Nothing is written.

use super::RuleBook;
use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::{ReconcileReport, RuleYield, Run, is_confirmed, written_by_us};
use crate::sides::Sides;
use crate::watch::{Unwatched, Watch};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{MatchGroup, MatchId, MatchStatus, PostingState, RecordRef};
use tieout_matching::rules::{Facts, Rules, run};
use tieout_matching::{Item, Outcome};
use tieout_money::{Money, Totals};
use tieout_planning::Settings;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhatIf {
    /// Version of the rules in force that it was held against.
    pub against_version: u32,
    /// Matches there would be and are not; largest first, as all lists here.
    pub gained: Vec<TriedMatch>,
    /// Matches there are and would not be.
    pub lost: Vec<TriedMatch>,
    /// The same records, found by another rule or with another standing.
    pub changed: Vec<ChangedMatch>,
    /// Where the text goes against what people decided and the rules in force do not.
    pub regressions: Vec<Regression>,
    /// How often the rules in force do so already.
    pub against_already: usize,
    /// Of the matches people accepted or made by hand, how many the text finds by itself.
    pub decided: usize,
    pub found_again: usize,
    /// What each rule of the text would do.
    pub rules: Vec<RuleYield>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TriedMatch {
    pub id: MatchId,
    pub left: Vec<RecordRef>,
    pub right: Vec<RecordRef>,
    /// What people call it: order number or reference, and who.
    pub title: String,
    pub on: Option<Date>,
    /// Sum of the store's side, or of the ledger's where there is no other.
    pub amount: Money,
    pub variance: Money,
    pub pass: String,
    pub automatic: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedMatch {
    pub now: TriedMatch,
    pub before_pass: String,
    pub before_automatic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// Accepted by a person, or matched by hand.
    Accepted,
    /// Taken apart by a person.
    Rejected,
    /// An entry for it is approved, and not sent yet.
    EntryApproved,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regression {
    pub decided: Decided,
    pub by: String,
    /// What the text would match against it.
    pub would: TriedMatch,
    /// What was decided, and how the text differs.
    pub sentence: String,
}

/// Tries a text against the rules in force.
pub fn what_if(company: &Company, text: &str, watch: &dyn Watch) -> Result<WhatIf, ServiceError> {
    let (settings, _) = company.settings()?;
    let sides = Sides::read(company, &settings)?;
    what_if_over(company, &settings, &sides, text, watch)
}

/// The same over sides that were read already.
pub fn what_if_over(
    company: &Company,
    settings: &Settings,
    sides: &Sides,
    text: &str,
    watch: &dyn Watch,
) -> Result<WhatIf, ServiceError> {
    let in_force = RuleBook::read(company, settings, sides)?;
    let tried = in_force.with(Rules::parse(text).map_err(ServiceError::Rules)?);
    let now = Run::by(&in_force, company, settings, sides, watch)?;
    let then = Run::by(&tried, company, settings, sides, watch)?;
    let words = Words::of(sides);
    let by_id = |run: &Run| -> BTreeMap<MatchId, MatchGroup> {
        run.matches.iter().filter(|it| !is_confirmed(it)).map(|it| (it.id.clone(), it.clone())).collect()
    };
    let (before, after) = (by_id(&now), by_id(&then));
    let missing_in = |all: &BTreeMap<MatchId, MatchGroup>, other: &BTreeMap<MatchId, MatchGroup>| {
        all.values().filter(|it| !other.contains_key(&it.id)).cloned().collect::<Vec<MatchGroup>>()
    };
    let gained = missing_in(&after, &before);
    let decisions = Decisions::read(company, &gained, sides)?;
    let (then_against, found_again) = decisions.against(&history(&tried, settings, sides));
    let (now_against, _) = decisions.against(&history(&in_force, settings, sides));
    watch.go_on()?;
    let known: BTreeSet<(MatchId, String)> = now_against.iter().map(|it| (it.0.id.clone(), it.3.clone())).collect();
    let mut regressions: Vec<Regression> = then_against
        .into_iter()
        .filter(|it| !known.contains(&(it.0.id.clone(), it.3.clone())))
        .chain(decisions.approved(&gained))
        .map(|(group, decided, by, sentence)| Regression { decided, by, would: words.tried(&group), sentence })
        .collect();
    regressions.sort_by_key(|it| (std::cmp::Reverse(it.would.amount.abs().minor()), it.would.id.clone()));
    let changed = after.values().filter_map(|it| {
        let was = before.get(&it.id)?;
        let (is, before_automatic) = (it.is_settled(), was.is_settled());
        (is != before_automatic || it.pass != was.pass).then(|| ChangedMatch {
            now: words.tried(it),
            before_pass: was.pass.clone(),
            before_automatic,
        })
    });
    let mut changed: Vec<ChangedMatch> = changed.collect();
    changed.sort_by_key(|it| (std::cmp::Reverse(it.now.amount.abs().minor()), it.now.id.clone()));
    Ok(WhatIf {
        against_version: in_force.facts.version,
        gained: words.all(&gained),
        lost: words.all(&missing_in(&before, &after)),
        changed,
        regressions,
        against_already: now_against.len(),
        decided: decisions.accepted.len(),
        found_again,
        rules: ReconcileReport::yields_of(&then),
    })
}

/// What a text finds with nothing decided: neither what people accepted is taken, nor what they took apart kept away.
fn history(book: &RuleBook, settings: &Settings, sides: &Sides) -> Vec<MatchGroup> {
    let mut taken = BTreeSet::new();
    written_by_us(sides, &mut taken);
    let open =
        |items: &[Item]| -> Vec<Item> { items.iter().filter(|it| !taken.contains(&it.record)).cloned().collect() };
    let facts = Facts { rejected: BTreeSet::new(), spent: BTreeMap::new(), ..book.facts.clone() };
    let built_in = |left: &[Item], right: &[Item]| -> Option<Outcome> {
        Some(tieout_matching::reconcile(left, right, &settings.matching))
    };
    let ruled = run(&book.rules, &facts, &open(&sides.left), &open(&sides.right), built_in);
    ruled.map(|it| it.outcome.matches).unwrap_or_default()
}

type Against = (MatchGroup, Decided, String, String);

struct Decisions {
    accepted: Vec<MatchGroup>,
    rejected: Vec<tieout_store::Rejection>,
    /// Records with an entry that is approved, and who approved it.
    approved: BTreeMap<RecordRef, (String, String)>,
}

impl Decisions {
    fn read(company: &Company, gained: &[MatchGroup], sides: &Sides) -> Result<Decisions, ServiceError> {
        let (accepted, rejected) = company.store.read(|reader| {
            let accepted = reader.matches()?.into_iter().map(|it| it.group).filter(is_confirmed).collect();
            Ok::<_, tieout_store::StoreError>((accepted, reader.rejections()?))
        })?;
        let members: BTreeSet<&RecordRef> = gained.iter().flat_map(|it| it.members()).collect();
        let mut approved = BTreeMap::new();
        for it in &sides.postings {
            if let PostingState::Approved { approval, .. } = &it.posting.state {
                for (record, _) in it.posting.facts.iter().filter(|(record, _)| members.contains(record)) {
                    approved.insert(record.clone(), (approval.by.0.clone(), it.posting.document.natural_key().0));
                }
            }
        }
        Ok(Decisions { accepted, rejected, approved })
    }

    /// What was found that goes against a decision; and how many accepted matches were found as they are.
    fn against(&self, found: &[MatchGroup]) -> (Vec<Against>, usize) {
        let mut of_record: BTreeMap<&RecordRef, usize> = BTreeMap::new();
        for (at, group) in found.iter().enumerate() {
            of_record.extend(group.members().map(|it| (it, at)));
        }
        let (mut against, mut again) = (Vec::new(), 0);
        for group in &self.accepted {
            let touched: BTreeSet<usize> = group.members().filter_map(|it| of_record.get(it).copied()).collect();
            let members: BTreeSet<&RecordRef> = group.members().collect();
            for other in touched.into_iter().map(|at| &found[at]) {
                if other.id == group.id {
                    again += 1;
                } else if let Some(stranger) = other.members().find(|it| !members.contains(it)) {
                    let by = match &group.status {
                        MatchStatus::Confirmed { by } => by.0.clone(),
                        _ => String::new(),
                    };
                    let ids =
                        |of: &[RecordRef]| of.iter().map(|it| it.id.as_str()).take(3).collect::<Vec<_>>().join(", ");
                    let sentence = format!(
                        "{by} matched {} with {}; the text would match it with {}",
                        ids(&group.left),
                        ids(&group.right),
                        stranger.id
                    );
                    against.push((other.clone(), Decided::Accepted, by, sentence));
                }
            }
        }
        for it in &self.rejected {
            let (left, right) = (of_record.get(&it.pair.left), of_record.get(&it.pair.right));
            if let (Some(one), Some(other)) = (left, right)
                && one == other
            {
                let sentence = format!(
                    "{} took {} and {} apart; the text would match them",
                    it.by, it.pair.left.id, it.pair.right.id
                );
                against.push((found[*one].clone(), Decided::Rejected, it.by.clone(), sentence));
            }
        }
        (against, again)
    }

    /// Matches of records for which an entry is approved: it would be void.
    fn approved<'a>(&'a self, gained: &'a [MatchGroup]) -> impl Iterator<Item = Against> + 'a {
        gained.iter().filter_map(|group| {
            let (by, key) = group.members().find_map(|it| self.approved.get(it))?;
            let sentence = format!("{by} approved the entry {key} for it; matched, that entry would not be needed");
            Some((group.clone(), Decided::EntryApproved, by.clone(), sentence))
        })
    }
}

struct Words<'a>(BTreeMap<&'a RecordRef, &'a Item>);

impl<'a> Words<'a> {
    fn of(sides: &'a Sides) -> Words<'a> {
        Words(sides.left.iter().chain(&sides.right).map(|it| (&it.record, it)).collect())
    }

    fn all(&self, groups: &[MatchGroup]) -> Vec<TriedMatch> {
        let mut all: Vec<TriedMatch> = groups.iter().map(|it| self.tried(it)).collect();
        all.sort_by_key(|it| (std::cmp::Reverse(it.amount.abs().minor()), it.id.clone()));
        all
    }

    fn tried(&self, group: &MatchGroup) -> TriedMatch {
        let items = |of: &[RecordRef]| of.iter().filter_map(|it| self.0.get(it).copied()).collect::<Vec<&Item>>();
        let (left, right) = (items(&group.left), items(&group.right));
        let side = if left.is_empty() { &right } else { &left };
        let currency = group.variance.currency();
        let sum = Totals::of(side.iter().map(|it| it.amount)).map(|it| it.get(currency));
        let first = side.first();
        let number = first.map_or(String::new(), |it| match (it.order_number.as_str(), it.reference.as_str()) {
            ("", "") => it.record.id.clone(),
            ("", reference) => reference.to_owned(),
            (order, _) => format!("#{order}"),
        });
        let party = left.iter().chain(&right).map(|it| it.party.as_str()).find(|it| !it.is_empty()).unwrap_or_default();
        TriedMatch {
            id: group.id.clone(),
            left: group.left.clone(),
            right: group.right.clone(),
            title: format!("{number} {party}").trim().to_owned(),
            on: first.map(|it| it.on),
            amount: sum.unwrap_or(Money::zero(currency)),
            variance: group.variance,
            pass: group.pass.clone(),
            automatic: group.is_settled(),
        }
    }
}

/// Without a person watching.
pub fn what_if_now(company: &Company, text: &str) -> Result<WhatIf, ServiceError> {
    what_if(company, text, &Unwatched)
}
