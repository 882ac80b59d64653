//! The rule that would have matched a pair: what has to be allowed, and nothing beyond it.

use super::calendar::Calendar;
use super::fit::{Facts, Unmet, unmet};
use super::rule::{Agree, Filter, Policy, Rule, Tolerance, Window};
use crate::items::Item;
use tieout_money::Money;

/// More days than this apart, two records are not one event.
const DAYS_MAX: u32 = 90;
/// The same amount and nothing else in common: further apart it is chance.
const DAYS_BY_AMOUNT_MAX: u32 = 30;

/// A rule to try, and in a sentence what it allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub rule: Rule,
    /// `if a receipt could be dated 14 days after the payment`.
    pub counterfactual: String,
}

/// `None` where no rule may join them: two currencies, two accounts, money in against money out, or nothing in common.
pub fn draft_for(left: &Item, right: &Item, facts: &Facts) -> Option<Draft> {
    let currency = left.amount.currency();
    let days = (right.on - left.on).get_days();
    let usual = Window::default();
    let day_count = u16::try_from(days.unsigned_abs()).ok().filter(|it| u32::from(*it) <= DAYS_MAX)?;
    let window = match days {
        0.. => Window { before: 0, after: day_count.max(1), ..usual },
        _ => Window { before: day_count, after: 0, ..usual },
    };
    let excess = right.amount.abs().minor().checked_sub(left.amount.abs().minor())?;
    let mut base = Rule {
        of: Filter {
            currency: Some(currency),
            accounts: Some(left.account.clone()).filter(|it| !it.is_empty()).into_iter().collect(),
            kinds: vec![left.kind, right.kind],
            ..Filter::default()
        },
        agree: Agree { reference: true, party: false, amount: true },
        window,
        policy: Policy::Suggested,
        ..Rule::default()
    };
    if excess > 0 {
        base.tolerance = Tolerance { above: Some(Money::from_minor(excess, currency)), ..Tolerance::default() };
    } else if excess < 0 {
        base.tolerance = Tolerance { below: Some(Money::from_minor(-excess, currency)), ..Tolerance::default() };
    }
    // As little as will do, the strongest evidence first: a reference, then a name, then the amount alone.
    let demands = [(true, false), (false, true), (false, false)];
    let calendar = Calendar::default();
    for (reference, party) in demands {
        if !reference && !party && (excess != 0 || days.unsigned_abs() > DAYS_BY_AMOUNT_MAX) {
            return None; // another amount and nothing else in common is no evidence
        }
        let rule = Rule { agree: Agree { reference, party, amount: true }, ..base.clone() };
        let lacks = unmet(&rule, &calendar, facts, left, right);
        if lacks.is_empty() {
            let counterfactual = words(days, excess, currency, reference, party);
            return Some(Draft { rule: Rule { name: name_of(left, days, excess), ..rule }, counterfactual });
        }
        let hopeless = |it: &Unmet| !matches!(it, Unmet::Reference | Unmet::Party(_));
        if lacks.iter().any(hopeless) {
            return None;
        }
    }
    None
}

fn name_of(left: &Item, days: i32, excess: i64) -> String {
    let about =
        if left.account.is_empty() { "account unknown".to_owned() } else { format!("account {}", left.account) };
    let mut what = Vec::new();
    if excess != 0 {
        what.push(format!("{} apart", Money::from_minor(excess.abs(), left.amount.currency())));
    }
    what.push(format!("{} days", days.abs()));
    format!("{about}: {}", what.join(", "))
}

fn words(days: i32, excess: i64, currency: tieout_money::Currency, reference: bool, party: bool) -> String {
    let by = match (reference, party) {
        (true, _) => "the same reference",
        (_, true) => "the same name",
        _ => "the same amount",
    };
    let count = days.abs();
    let when = match days {
        0 => "on the same day".to_owned(),
        1.. => format!("up to {count} {} later", if count == 1 { "day" } else { "days" }),
        _ => format!("up to {count} {} earlier", if count == 1 { "day" } else { "days" }),
    };
    let difference = Money::from_minor(excess.abs(), currency);
    match excess {
        0 => format!("it would match if records with {by} could be dated {when}"),
        1.. => format!("it would match if records with {by}, dated {when}, could hold up to {difference} more"),
        _ => format!("it would match if records with {by}, dated {when}, could hold up to {difference} less"),
    }
}
