//! For one record that is open: the open record of the other side that comes nearest, what fails between the two, and the rule
//! that would have matched them, tried before it is offered.

use super::RuleBook;
use crate::company::Company;
use crate::error::ServiceError;
use crate::sides::Sides;
use std::collections::BTreeSet;
use tieout_domain::{MatchGroup, RecordRef};
use tieout_matching::rules::{Condition, Draft, Rules, Step, conditions, draft_for, run};
use tieout_matching::{Item, Outcome, Unmatched, WhyNot};
use tieout_planning::Settings;

#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    pub record: RecordRef,
    /// What the two have in common and what fails, in order of weight.
    pub conditions: Vec<Condition>,
    /// What would have to be allowed; none where no rule may join the two.
    pub counterfactual: Option<String>,
    /// The `[[rule]]` block that, applied, produces the match; none where more than one pair would then be possible.
    pub rule: Option<String>,
}

/// `matches` are those of the last run.
pub fn nearest(
    company: &Company,
    settings: &Settings,
    sides: &Sides,
    matches: &[MatchGroup],
    record: &RecordRef,
) -> Result<Option<Nearest>, ServiceError> {
    let taken: BTreeSet<&RecordRef> = matches.iter().flat_map(MatchGroup::members).collect();
    if taken.contains(record) {
        return Ok(None);
    }
    let book = RuleBook::over(company, settings, sides, matches)?;
    let kept_out = book.kept_out(sides);
    let is_open = |it: &&Item| !taken.contains(&it.record) && !kept_out.contains(&it.record);
    let open = Open {
        left: sides.left.iter().filter(is_open).cloned().collect(),
        right: sides.right.iter().filter(is_open).cloned().collect(),
    };
    Ok(open.nearest(record, &book, settings))
}

struct Open {
    left: Vec<Item>,
    right: Vec<Item>,
}

impl Open {
    fn nearest(&self, record: &RecordRef, book: &RuleBook, settings: &Settings) -> Option<Nearest> {
        let of_left = self.left.iter().find(|it| it.record == *record);
        let of_right = self.right.iter().find(|it| it.record == *record);
        let pairs: Vec<(&Item, &Item)> = match (of_left, of_right) {
            (Some(left), _) => self.right.iter().map(|right| (left, right)).collect(),
            (None, Some(right)) => self.left.iter().map(|left| (left, right)).collect(),
            (None, None) => return None,
        };
        let other =
            |pair: (&Item, &Item)| if of_left.is_some() { pair.1.record.clone() } else { pair.0.record.clone() };
        let told = |pair: (&Item, &Item)| conditions(pair.0, pair.1, &book.facts, &settings.matching);
        let drafts = pairs.iter().filter_map(|&pair| Some((pair, draft_for(pair.0, pair.1, &book.facts)?)));
        let best = drafts.min_by_key(|(pair, draft)| {
            let agree = draft.rule.agree;
            let days = (pair.1.on - pair.0.on).get_days().abs();
            let apart = pair.1.amount.abs().minor().abs_diff(pair.0.amount.abs().minor());
            (!agree.reference, !agree.party, apart, days, other(*pair))
        });
        if let Some((pair, draft)) = best {
            let (counterfactual, rule) = self.tried(pair, draft, book);
            let (record, conditions) = (other(pair), told(pair));
            return Some(Nearest { record, conditions, counterfactual: Some(counterfactual), rule });
        }
        // Nothing a rule may join: a reference in common says most, if there is one.
        let shares = |pair: &&(&Item, &Item)| told(**pair).first().is_some_and(|it| it.is_met);
        let pair = *pairs.iter().find(shares)?;
        Some(Nearest { record: other(pair), conditions: told(pair), counterfactual: None, rule: None })
    }

    /// The draft, and where it does not single the pair out, the same for this party alone.
    fn tried(&self, pair: (&Item, &Item), draft: Draft, book: &RuleBook) -> (String, Option<String>) {
        let party = [&pair.1.party, &pair.0.party].into_iter().find(|it| !it.trim().is_empty());
        let narrow = party.map(|it| {
            let mut narrow = draft.rule.clone();
            narrow.of.party = vec![it.trim().to_owned()];
            narrow.name = format!("{}, {}", it.trim(), draft.rule.name);
            narrow.name.truncate(narrow.name.char_indices().nth(80).map_or(narrow.name.len(), |(at, _)| at));
            narrow
        });
        let whole = Some(draft.rule);
        for rule in [whole, narrow].into_iter().flatten() {
            let text = rule.to_text();
            let rules = Rules { calendar: Default::default(), steps: vec![Step::Match(rule)] };
            let built_in = |left: &[Item], right: &[Item]| Some(nothing(left, right));
            let ruled = run(&rules, &book.facts, &self.left, &self.right, built_in);
            let found = ruled.is_some_and(|it| {
                let ours = |it: &MatchGroup| it.left == [pair.0.record.clone()] && it.right == [pair.1.record.clone()];
                it.outcome.matches.iter().any(ours)
            });
            if found {
                return (draft.counterfactual, Some(text));
            }
        }
        (
            format!("{}; then more than one pair would be possible, and a person would choose", draft.counterfactual),
            None,
        )
    }
}

/// What the built-in passes left, they would leave again.
fn nothing(left: &[Item], right: &[Item]) -> Outcome {
    let open = |of: &[Item]| -> Vec<Unmatched> {
        of.iter().map(|it| Unmatched { record: it.record.clone(), why_not: WhyNot::NothingClose }).collect()
    };
    Outcome { matches: Vec::new(), left_over: open(left), right_over: open(right) }
}
