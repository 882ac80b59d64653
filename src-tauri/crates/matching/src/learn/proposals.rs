//! A rule a person follows by hand, once they did it three times; and how it would have done over all history.

use super::Together;
use crate::items::{Item, ItemKind};
use crate::items::{Outcome, Unmatched, WhyNot};
use crate::rules::{Agree, Calendar, Facts, Filter, Policy, Rule, Rules, Step, Tolerance, Unmet, Window, run, unmet};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::RecordRef;
use tieout_money::{Currency, Money};

/// So many alike before a rule is proposed.
pub const ALIKE_MIN: usize = 3;
const DAYS_MAX: u16 = 90;

#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub rule: Rule,
    /// Matches by hand it is made of.
    pub alike: usize,
}

/// What makes two matches by hand alike: between the same kinds on the same account, resting on the same evidence, differing in
/// the same direction.
type Likeness = (String, Currency, ItemKind, ItemKind, (bool, bool), i32);

/// From matches a person made by hand, one record with one.
pub fn proposals(by_hand: &[Together<'_>], facts: &Facts) -> Vec<Proposal> {
    let mut alike: BTreeMap<Likeness, Vec<Together<'_>>> = BTreeMap::new();
    for it in by_hand {
        if let Some(likeness) = likeness(it, facts) {
            alike.entry(likeness).or_default().push(*it);
        }
    }
    let enough = alike.into_iter().filter(|(_, all)| all.len() >= ALIKE_MIN);
    enough.filter_map(|(likeness, all)| proposal(likeness, &all)).collect()
}

fn likeness(it: &Together<'_>, facts: &Facts) -> Option<Likeness> {
    let (left, right) = (it.left, it.right);
    if !left.may_meet(right) || left.amount.is_negative() != right.amount.is_negative() {
        return None;
    }
    let holds = |agree: Agree| {
        let rule = Rule {
            agree,
            window: Window { before: DAYS_MAX, after: DAYS_MAX, ..Window::default() },
            ..Rule::default()
        };
        unmet(&rule, &Calendar::default(), facts, left, right).is_empty()
    };
    let reference = holds(Agree { reference: true, ..Agree::default() });
    let party = !reference && holds(Agree { party: true, ..Agree::default() });
    let account = if left.account.is_empty() { String::new() } else { left.account.clone() };
    let excess = (right.amount.abs().minor() - left.amount.abs().minor()).signum() as i32;
    Some((account, left.amount.currency(), left.kind, right.kind, (reference, party), excess))
}

fn proposal(likeness: Likeness, all: &[Together<'_>]) -> Option<Proposal> {
    let (account, currency, left_kind, right_kind, (reference, party), direction) = likeness;
    let days = all.iter().map(|it| (it.right.on - it.left.on).get_days());
    let (first, last) = (days.clone().min()?, days.max()?);
    let window = Window {
        before: u16::try_from(-first.min(0)).ok()?.min(DAYS_MAX),
        after: u16::try_from(last.max(0)).ok()?.min(DAYS_MAX),
        ..Window::default()
    };
    let most = all.iter().map(|it| (it.right.amount.abs().minor() - it.left.amount.abs().minor()).abs()).max()?;
    let most = Some(Money::from_minor(most, currency));
    let tolerance = match direction {
        0 => Tolerance::default(),
        1 => Tolerance { above: most, ..Tolerance::default() },
        _ => Tolerance { below: most, ..Tolerance::default() },
    };
    // Neither reference nor name: then a word that every memo has, or the amount would be all there is.
    let memo = if reference || party { Vec::new() } else { vec![common_word(all)?] };
    let evidence = match (reference, party, memo.first()) {
        (true, ..) => "by reference".to_owned(),
        (_, true, _) => "by name".to_owned(),
        (.., Some(word)) => format!("by “{word}” in the memo"),
        _ => return None,
    };
    let of = Filter {
        accounts: Some(account.clone()).filter(|it| !it.is_empty()).into_iter().collect(),
        currency: Some(currency),
        kinds: vec![left_kind, right_kind],
        memo,
        ..Filter::default()
    };
    let apart = match direction {
        0 => String::new(),
        1 => ", more in the ledger".to_owned(),
        _ => ", less in the ledger".to_owned(),
    };
    let rule = Rule {
        name: format!("As by hand: {account} {currency} {evidence}{apart}"),
        note: format!("Proposed after {} matches by hand", all.len()),
        of,
        agree: Agree { reference, party, amount: true },
        tolerance,
        window,
        policy: Policy::Suggested,
        ..Rule::default()
    };
    Some(Proposal { rule, alike: all.len() })
}

/// The first word of four letters or more, by the alphabet, that every memo or reference has.
fn common_word(all: &[Together<'_>]) -> Option<String> {
    let words = |item: &Item| -> BTreeSet<String> {
        let text = [item.reference.as_str(), item.memo.as_str()].join(" ").to_lowercase();
        text.split(|it: char| !it.is_alphabetic()).filter(|it| it.chars().count() >= 4).map(str::to_owned).collect()
    };
    let mut common = words(all.first()?.right);
    for it in all {
        let these = words(it.right);
        common.retain(|word| these.contains(word));
    }
    common.pop_first()
}

/// How a rule, alone, would have done over all that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Pairs that are matches.
    pub right: usize,
    /// Pairs of which one is matched with something else.
    pub wrong: usize,
    /// Pairs of records that are open.
    pub new: usize,
    /// Matches of one with one that the rule looks at.
    pub in_scope: usize,
}

impl Score {
    /// Of the pairs whose truth is known, in hundredths of a percent; none where none is known.
    pub fn precision(&self) -> Option<u32> {
        share(self.right, self.right + self.wrong)
    }

    /// Of the matches it looks at, how many it finds.
    pub fn recall(&self) -> Option<u32> {
        share(self.right, self.in_scope)
    }
}

fn share(part: usize, of: usize) -> Option<u32> {
    (of > 0).then(|| u32::try_from(part * 10_000 / of).unwrap_or(10_000))
}

/// `known` are matches of one record with one that stand.
pub fn score(rule: &Rule, facts: &Facts, left: &[Item], right: &[Item], known: &[Together<'_>]) -> Score {
    let rules = Rules { calendar: Calendar::default(), steps: vec![Step::Match(rule.clone())] };
    let facts = Facts { rejected: BTreeSet::new(), spent: BTreeMap::new(), ..facts.clone() };
    let nothing = |left: &[Item], right: &[Item]| {
        let open = |of: &[Item]| -> Vec<Unmatched> {
            of.iter().map(|it| Unmatched { record: it.record.clone(), why_not: WhyNot::NothingClose }).collect()
        };
        Some(Outcome { matches: Vec::new(), left_over: open(left), right_over: open(right) })
    };
    let Some(ruled) = run(&rules, &facts, left, right, nothing) else { return Score::default() };
    let of_left: BTreeMap<&RecordRef, &RecordRef> =
        known.iter().map(|it| (&it.left.record, &it.right.record)).collect();
    let of_right: BTreeMap<&RecordRef, &RecordRef> =
        known.iter().map(|it| (&it.right.record, &it.left.record)).collect();
    let mut score = Score::default();
    for group in &ruled.outcome.matches {
        let (left, right) = (&group.left[0], &group.right[0]);
        match (of_left.get(left), of_right.get(right)) {
            (None, None) => score.new += 1,
            (Some(known), _) if *known == right => score.right += 1,
            _ => score.wrong += 1,
        }
    }
    let is_looked_at = |it: &&Together<'_>| {
        let lacks = unmet(rule, &rules.calendar, &facts, it.left, it.right);
        !lacks.iter().any(|it| matches!(it, Unmet::Filter(_) | Unmet::Currency | Unmet::Kinds | Unmet::Direction))
    };
    score.in_scope = known.iter().filter(is_looked_at).count();
    score
}
