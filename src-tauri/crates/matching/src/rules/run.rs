//! One run: each rule in its turn over what is still open, the built-in passes at their place.

use super::candidates::candidates;
use super::fit::{Facts, Pair};
use super::forced::forced;
use super::rule::{Caps, Policy, Rule, Rules, Side, Step, holds_one};
use crate::items::Item;
use crate::items::{Outcome, Unmatched, WhyNot};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Confidence, MatchGroup, MatchKind, MatchStatus, RecordRef};
use tieout_money::Money;

/// A rule is a person's word for what belongs together, not a calibrated guess.
const AUTOMATIC: Confidence = Confidence(9_500);
const SUGGESTED: Confidence = Confidence(8_500);
/// Records named beside one that stays open.
const NAMED_MAX: usize = 9;

#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    pub outcome: Outcome,
    /// Records a rule keeps out, with its name.
    pub ignored: BTreeMap<RecordRef, String>,
    /// Records that a rule leaves open for a person, with what fits them.
    pub left_open: BTreeMap<RecordRef, LeftOpen>,
    /// By rule, in their order.
    pub yields: Vec<Yield>,
}

/// A record that a rule fits, and that it does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOpen {
    /// Never empty.
    pub with: Vec<RecordRef>,
    pub sentence: String,
}

/// What one rule did in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Yield {
    pub name: String,
    pub matched: usize,
    pub ignored: usize,
    /// Pairs that fit and could be swapped for others.
    pub contested: usize,
    /// Pairs that fit and would take the sum of differences over a cap.
    pub over_cap: usize,
    /// Records and groups of records with more candidates than are looked at: left open.
    pub budget_reached: usize,
}

struct Open<'a> {
    left: BTreeMap<&'a RecordRef, &'a Item>,
    right: BTreeMap<&'a RecordRef, &'a Item>,
    ruled: Ruled,
}

/// Every record comes out once: in a match, or left over. `built_in` is given what the rules before it left; `None` from it stops
/// the run.
pub fn run(
    rules: &Rules,
    facts: &Facts,
    left: &[Item],
    right: &[Item],
    mut built_in: impl FnMut(&[Item], &[Item]) -> Option<Outcome>,
) -> Option<Ruled> {
    let empty = Outcome { matches: Vec::new(), left_over: Vec::new(), right_over: Vec::new() };
    let ruled = Ruled { outcome: empty, ignored: BTreeMap::new(), left_open: BTreeMap::new(), yields: Vec::new() };
    if rules.steps.iter().all(|it| *it == Step::BuiltIn) {
        return Some(Ruled { outcome: built_in(left, right)?, ..ruled });
    }
    let mut open = Open {
        left: left.iter().map(|it| (&it.record, it)).collect(),
        right: right.iter().map(|it| (&it.record, it)).collect(),
        ruled,
    };
    let mut why: BTreeMap<RecordRef, WhyNot> = BTreeMap::new();
    let at_end = (!rules.steps.contains(&Step::BuiltIn)).then_some(&Step::BuiltIn);
    for step in rules.steps.iter().chain(at_end) {
        match step {
            Step::Ignore { name, side, of, .. } => open.ignore(name, *side, of, facts),
            Step::Match(rule) => open.apply(rule, rules, facts),
            Step::BuiltIn => {
                let rest =
                    |of: &BTreeMap<&RecordRef, &Item>| of.values().map(|it| (*it).clone()).collect::<Vec<Item>>();
                let found = built_in(&rest(&open.left), &rest(&open.right))?;
                let over = found.left_over.into_iter().chain(found.right_over);
                why.extend(over.map(|it| (it.record, it.why_not)));
                for group in found.matches {
                    open.take(group);
                }
            }
        }
    }
    Some(open.finish(left, right, why))
}

impl<'a> Open<'a> {
    fn ignore(&mut self, name: &str, side: Side, of: &super::rule::Filter, facts: &Facts) {
        let of_gateway = |gateway: &str, item: &Item| facts.is_of_gateway(gateway, item);
        let meant = |item: &Item, is_left: bool| {
            of.refuses(item, is_left, true, of_gateway).is_none()
                && holds_one(&of.party, &[&item.party])
                && holds_one(&of.memo, &[&item.memo, &item.reference])
        };
        let mut gone: Vec<&'a RecordRef> = Vec::new();
        if side != Side::Ledger {
            gone.extend(self.left.values().filter(|it| meant(it, true)).map(|it| &it.record));
        }
        if side != Side::Store {
            gone.extend(self.right.values().filter(|it| meant(it, false)).map(|it| &it.record));
        }
        for record in &gone {
            self.left.remove(*record);
            self.right.remove(*record);
            self.ruled.ignored.insert((*record).clone(), name.to_owned());
        }
        self.ruled.yields.push(Yield { name: name.to_owned(), ignored: gone.len(), ..Yield::default() });
    }

    fn apply(&mut self, rule: &Rule, rules: &Rules, facts: &Facts) {
        let of_gateway = |gateway: &str, item: &Item| facts.is_of_gateway(gateway, item);
        let looked_at = |of: &BTreeMap<&'a RecordRef, &'a Item>, is_left: bool| -> Vec<&'a Item> {
            of.values().copied().filter(|it| rule.of.refuses(it, is_left, false, of_gateway).is_none()).collect()
        };
        let (left, right) = (looked_at(&self.left, true), looked_at(&self.right, false));
        let found = candidates(rule, &rules.calendar, facts, &left, &right);
        let sure = forced(&found.graph);
        let mut degree: (BTreeMap<usize, usize>, BTreeMap<usize, usize>) = Default::default();
        for (l, r) in &found.graph.edges {
            *degree.0.entry(*l).or_default() += 1;
            *degree.1.entry(*r).or_default() += 1;
        }
        let pair =
            |(l, r): (usize, usize)| Pair { rule, calendar: &rules.calendar, facts, left: left[l], right: right[r] };
        let mut pairs: Vec<(usize, usize)> = sure.pairs;
        // The smallest differences first, so that a cap holds as many as it can, and always the same ones.
        pairs.sort_by_key(|it| (pair(*it).excess().abs(), it.0, it.1));
        let mut report =
            Yield { name: rule.name.clone(), budget_reached: found.crowded + sure.too_large, ..Yield::default() };
        let mut spent = Spent::of(rule, facts);
        let mut paired: (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
        for at in pairs {
            let it = pair(at);
            paired.0.insert(at.0);
            paired.1.insert(at.1);
            if !spent.allows(&rule.tolerance.caps, it.right.on, it.excess().abs()) {
                report.over_cap += 1;
                let why = "and the sum of the rule's differences would pass its cap";
                self.leave_open(rule, &[(it.left, it.right)], why);
                continue;
            }
            let is_only = degree.0.get(&at.0) == Some(&1) && degree.1.get(&at.1) == Some(&1);
            report.matched += 1;
            let group = group(&it, is_only);
            self.take(group);
        }
        let contested: Vec<(&Item, &Item)> = found
            .graph
            .edges
            .iter()
            .filter(|(l, r)| !paired.0.contains(l) && !paired.1.contains(r))
            .map(|(l, r)| (left[*l], right[*r]))
            .collect();
        report.contested = contested.len();
        self.leave_open(rule, &contested, "and more than one pair is possible");
        self.ruled.yields.push(report);
    }

    /// Both ends of each pair, with what fits them.
    fn leave_open(&mut self, rule: &Rule, pairs: &[(&Item, &Item)], why: &str) {
        let mut fitting: BTreeMap<&RecordRef, Vec<&RecordRef>> = BTreeMap::new();
        for (left, right) in pairs {
            fitting.entry(&left.record).or_default().push(&right.record);
            fitting.entry(&right.record).or_default().push(&left.record);
        }
        for (record, mut with) in fitting {
            with.truncate(NAMED_MAX);
            let ids: Vec<&str> = with.iter().map(|it| it.id.as_str()).collect();
            let sentence = format!("rule “{}” fits {}, {why}", rule.name, ids.join(" or "));
            let with = with.into_iter().cloned().collect();
            self.ruled.left_open.insert(record.clone(), LeftOpen { with, sentence });
        }
    }

    fn take(&mut self, group: MatchGroup) {
        for record in group.members() {
            self.left.remove(record);
            self.right.remove(record);
        }
        self.ruled.outcome.matches.push(group);
    }

    fn finish(mut self, left: &[Item], right: &[Item], mut why: BTreeMap<RecordRef, WhyNot>) -> Ruled {
        let taken: BTreeSet<RecordRef> =
            self.ruled.outcome.matches.iter().flat_map(|it| it.members().cloned()).collect();
        self.ruled.left_open.retain(|record, _| !taken.contains(record));
        let mut over = |items: &[Item]| -> Vec<Unmatched> {
            let open = items.iter().filter(|it| !taken.contains(&it.record));
            open.map(|it| Unmatched {
                record: it.record.clone(),
                why_not: why.remove(&it.record).unwrap_or(WhyNot::NothingClose),
            })
            .collect()
        };
        self.ruled.outcome.left_over = over(left);
        self.ruled.outcome.right_over = over(right);
        self.ruled.outcome.matches.sort_by(|a, b| a.id.cmp(&b.id));
        self.ruled
    }
}

fn group(pair: &Pair<'_>, is_only: bool) -> MatchGroup {
    let (evidence, learned) = pair.evidence(is_only);
    let (left, right) = (vec![pair.left.record.clone()], vec![pair.right.record.clone()]);
    let size = pair.left.amount.abs().minor();
    let automatic = match pair.rule.policy {
        Policy::Suggested => false,
        Policy::Automatic { up_to } => up_to.is_none_or(|it| size <= it.minor()),
    };
    // What rests on something learned waits for a person, whatever the rule says.
    let automatic = automatic && !learned;
    let none = Money::zero(pair.left.amount.currency());
    MatchGroup {
        id: MatchGroup::id_of(&left, &right),
        left,
        right,
        kind: MatchKind::OneToOne,
        status: if automatic { MatchStatus::Automatic } else { MatchStatus::Suggested },
        pass: pass_of(&pair.rule.name),
        confidence: if automatic { AUTOMATIC } else { SUGGESTED },
        evidence,
        variance: pair.left.amount.checked_sub(pair.right.amount).unwrap_or(none),
    }
}

/// What the pass of a rule's matches is called.
pub fn pass_of(rule: &str) -> String {
    format!("rule: {rule}")
}

/// What the differences of a rule come to so far: altogether, and by day and month of the ledger's record.
#[derive(Default)]
struct Spent {
    total: i64,
    days: BTreeMap<Date, i64>,
    months: BTreeMap<(i16, i8), i64>,
}

impl Spent {
    fn of(rule: &Rule, facts: &Facts) -> Spent {
        let mut spent = Spent::default();
        let currency = rule.of.currency;
        for (day, of, minor) in facts.spent.get(&rule.name).into_iter().flatten() {
            if currency == Some(*of) {
                spent.add(*day, *minor);
            }
        }
        spent
    }

    fn add(&mut self, day: Date, minor: i64) {
        self.total = self.total.saturating_add(minor);
        for sum in [self.days.entry(day).or_default(), self.months.entry((day.year(), day.month())).or_default()] {
            *sum = sum.saturating_add(minor);
        }
    }

    /// Counts it where it fits under every cap.
    fn allows(&mut self, caps: &Caps, day: Date, minor: i64) -> bool {
        let month = (day.year(), day.month());
        let under = |cap: Option<Money>, so_far: i64| cap.is_none_or(|it| so_far.saturating_add(minor) <= it.minor());
        let fits = minor == 0
            || (under(caps.total, self.total)
                && under(caps.day, self.days.get(&day).copied().unwrap_or_default())
                && under(caps.month, self.months.get(&month).copied().unwrap_or_default()));
        if fits {
            self.add(day, minor);
        }
        fits
    }
}
