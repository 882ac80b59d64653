//! What two records have in common and what fails between them, one by one, with the values.

use super::fit::{Facts, shared_reference};
use crate::items::Item;
use crate::items::reference;
use crate::table::names::names_percent;
use tieout_domain::MatchSettings;
use tieout_money::Money;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `Reference`, `Amount`, `Days`, `Name`, `Account`, `Currency`, `Direction`.
    pub name: &'static str,
    pub is_met: bool,
    /// `28 days later; up to 12 are allowed`.
    pub said: String,
}

/// The reference first, then amount, days and name; account, currency and direction only where they stand in the way.
pub fn conditions(left: &Item, right: &Item, facts: &Facts, settings: &MatchSettings) -> Vec<Condition> {
    let one = |name, is_met, said: String| Condition { name, is_met, said };
    let shared = shared_reference(left, right);
    let mut all = Vec::new();
    all.push(match &shared {
        Some(evidence) => one("Reference", true, evidence.sentence()),
        None => one("Reference", false, other_reference(left, right)),
    });
    let same_currency = left.amount.currency() == right.amount.currency();
    if same_currency {
        let excess = right.amount.abs().minor() - left.amount.abs().minor();
        let apart = Money::from_minor(excess.abs(), left.amount.currency());
        all.push(match excess {
            0 => one("Amount", true, format!("{} on both sides", left.amount)),
            1.. => {
                one("Amount", false, format!("the ledger holds {apart} more: {} against {}", right.amount, left.amount))
            }
            _ => {
                one("Amount", false, format!("the ledger holds {apart} less: {} against {}", right.amount, left.amount))
            }
        });
    } else {
        all.push(one("Currency", false, format!("{} against {}", left.amount, right.amount)));
    }
    all.push(days(left, right, shared.is_some(), settings));
    all.push(party(left, right, facts));
    if same_currency && left.amount.is_negative() != right.amount.is_negative() {
        all.push(one(
            "Direction",
            false,
            format!("{} against {}: money in against money out", left.amount, right.amount),
        ));
    }
    if same_currency && !left.may_meet(right) {
        let accounts = [left.account.as_str(), right.account.as_str()];
        let said = if accounts[0] != accounts[1] && accounts.iter().all(|it| !it.is_empty()) {
            format!("account {} against {}", accounts[0], accounts[1])
        } else {
            "records of these kinds never are one event".to_owned()
        };
        all.push(one("Account", false, said));
    }
    all
}

fn other_reference(left: &Item, right: &Item) -> String {
    let own = if left.order_number.is_empty() { &left.gateway_ref } else { &left.order_number };
    let named = [&right.reference, &right.memo].into_iter().find(|it| !it.is_empty());
    match (own.is_empty(), named) {
        (true, _) => "the store's record has no number".to_owned(),
        (false, None) => format!("the ledger's record names nothing; the store's is {own}"),
        (false, Some(text)) if reference::tokens(text).is_empty() => {
            format!("“{text}” names no order; the store's is {own}")
        }
        (false, Some(text)) => format!("“{text}” against {own}"),
    }
}

fn days(left: &Item, right: &Item, with_reference: bool, settings: &MatchSettings) -> Condition {
    let days = (right.on - left.on).get_days();
    let (before, after) = if with_reference {
        (settings.days_before_max, settings.days_after_max)
    } else {
        (settings.days_without_reference_max, settings.days_without_reference_max)
    };
    let count = |days: i32| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let (said, allowed) = match days {
        0 => ("on the same day".to_owned(), after),
        1.. => (format!("{} later", count(days)), after),
        _ => (format!("{} earlier", count(-days)), before),
    };
    let is_met = days.abs() <= allowed;
    let said = if is_met { said } else { format!("{said}; up to {} are allowed", count(allowed)) };
    Condition { name: "Days", is_met, said }
}

fn party(left: &Item, right: &Item, facts: &Facts) -> Condition {
    let name = "Name";
    let known = facts.customer_of(left).filter(|it| *it == right.customer_id && !right.customer_id.is_empty());
    if let Some(customer) = known {
        return Condition { name, is_met: true, said: format!("{} is known as {customer}", left.party) };
    }
    if left.party.is_empty() || right.party.is_empty() {
        let side = if left.party.is_empty() { "the store's" } else { "the ledger's" };
        return Condition { name, is_met: false, said: format!("{side} record has no name") };
    }
    let percent = names_percent(&left.party, &right.party);
    let said = format!("“{}” and “{}” agree to {percent} %", left.party, right.party);
    Condition { name, is_met: percent >= facts.party_percent, said }
}
