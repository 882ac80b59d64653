//! What a pair needs to be a rule's, condition by condition.

use super::calendar::Calendar;
use super::rule::{Days, Rule, Tolerance, Window, holds_one};
use crate::items::Item;
use crate::items::reference;
use crate::table::names::names_percent;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Evidence, RecordRef};
use tieout_money::Currency;

/// What rules have to know beside their text and the records.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Version of the rules text, for the evidence.
    pub version: u32,
    /// Gateway or payment method -> the clearing accounts it stands for.
    pub gateways: BTreeMap<String, BTreeSet<(String, Currency)>>,
    /// How much alike names must be where a rule does not say.
    pub party_percent: u8,
    /// Payer (e-mail address or name, lower case) -> Intacct customer, as learned and not switched off.
    pub aliases: BTreeMap<String, String>,
    /// Pairs a person took apart.
    pub rejected: BTreeSet<(RecordRef, RecordRef)>,
    /// Differences that matches of a rule already hold, accepted by a person: day of the ledger record and minor units.
    pub spent: BTreeMap<String, Vec<(Date, Currency, i64)>>,
}

impl Facts {
    pub(super) fn is_of_gateway(&self, gateway: &str, item: &Item) -> bool {
        let accounts = self.gateways.get(gateway);
        accounts.is_some_and(|it| it.contains(&(item.account.clone(), item.amount.currency())))
    }

    /// The customer this payer is known as.
    pub fn customer_of(&self, item: &Item) -> Option<&str> {
        let keys = [&item.email, &item.party];
        keys.into_iter()
            .filter(|it| !it.is_empty())
            .find_map(|it| self.aliases.get(&it.to_lowercase()))
            .map(String::as_str)
    }
}

/// A condition a pair does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The rule does not look at one of the records; the key that says so.
    Filter(&'static str),
    Currency,
    /// The kinds never describe one event, or the accounts are two.
    Kinds,
    /// Money in against money out.
    Direction,
    Reference,
    /// How much alike the names are.
    Party(u8),
    /// Ledger less store without their signs, in minor units: above where positive.
    Amount(i64),
    /// As the window counts them; after where positive.
    Days(i32),
    Rejected,
}

pub(super) struct Pair<'a> {
    pub rule: &'a Rule,
    pub calendar: &'a Calendar,
    pub facts: &'a Facts,
    pub left: &'a Item,
    pub right: &'a Item,
}

type Check = fn(&Pair<'_>) -> Option<Unmet>;

/// The cheap ones first: most pairs fall at them.
const CHECKS: [Check; 9] =
    [currency, direction, amount, days, kinds, filter, is_rejected, of_one_reference, of_one_party];

/// Everything a pair lacks to be this rule's; nothing where it fits.
pub fn unmet(rule: &Rule, calendar: &Calendar, facts: &Facts, left: &Item, right: &Item) -> Vec<Unmet> {
    let pair = Pair { rule, calendar, facts, left, right };
    CHECKS.iter().filter_map(|check| check(&pair)).collect()
}

impl Pair<'_> {
    pub fn fits(&self) -> bool {
        CHECKS.iter().all(|check| check(self).is_none())
    }

    /// Ledger less store, without their signs.
    pub fn excess(&self) -> i64 {
        self.right.amount.abs().minor() - self.left.amount.abs().minor()
    }

    /// Why the two belong together, and whether it rests on something learned.
    pub fn evidence(&self, is_only: bool) -> (Vec<Evidence>, bool) {
        let mut all = vec![Evidence::Rule { name: self.rule.name.clone(), version: self.facts.version }];
        all.extend(shared_reference(self.left, self.right));
        match self.left.amount.checked_sub(self.right.amount) {
            Ok(difference) if difference.is_zero() => all.push(Evidence::AmountEqual),
            Ok(amount) => all.push(Evidence::Difference { amount }),
            Err(_) => {}
        }
        let percent = names_percent(&self.left.party, &self.right.party);
        let by_name = percent >= self.percent_needed();
        if by_name {
            all.push(Evidence::NameSimilar { percent });
        }
        let learned = self.rule.agree.party && !by_name;
        if learned {
            all.push(Evidence::CustomerEqual);
        }
        let days = (self.right.on - self.left.on).get_days();
        all.push(Evidence::Days { days: i16::try_from(days).unwrap_or(i16::MAX) });
        if is_only {
            all.push(Evidence::OnlyCandidate);
        }
        (all, learned)
    }

    fn percent_needed(&self) -> u8 {
        self.rule.party_percent.unwrap_or(self.facts.party_percent)
    }
}

fn currency(pair: &Pair<'_>) -> Option<Unmet> {
    (pair.left.amount.currency() != pair.right.amount.currency()).then_some(Unmet::Currency)
}

fn direction(pair: &Pair<'_>) -> Option<Unmet> {
    (pair.left.amount.is_negative() != pair.right.amount.is_negative()).then_some(Unmet::Direction)
}

fn kinds(pair: &Pair<'_>) -> Option<Unmet> {
    (!pair.left.may_meet(pair.right)).then_some(Unmet::Kinds)
}

fn filter(pair: &Pair<'_>) -> Option<Unmet> {
    let Pair { rule, facts, left, right, .. } = pair;
    let of_gateway = |gateway: &str, item: &Item| facts.is_of_gateway(gateway, item);
    let key =
        rule.of.refuses(left, true, false, of_gateway).or_else(|| rule.of.refuses(right, false, false, of_gateway));
    let party = !holds_one(&rule.of.party, &[&left.party, &right.party]);
    let memo = !holds_one(&rule.of.memo, &[&left.memo, &right.memo, &right.reference]);
    key.or(party.then_some("party")).or(memo.then_some("memo")).map(Unmet::Filter)
}

fn amount(pair: &Pair<'_>) -> Option<Unmet> {
    let excess = pair.excess();
    let (above, below) = pair.rule.tolerance.allowed(pair.left.amount.abs().minor());
    (pair.rule.agree.amount && (excess > above || -excess > below)).then_some(Unmet::Amount(excess))
}

fn days(pair: &Pair<'_>) -> Option<Unmet> {
    let days = pair.rule.window.days_between(pair.calendar, pair.left.on, pair.right.on);
    let Window { before, after, .. } = pair.rule.window;
    (days > i32::from(after) || -days > i32::from(before)).then_some(Unmet::Days(days))
}

fn is_rejected(pair: &Pair<'_>) -> Option<Unmet> {
    let rejected = &pair.facts.rejected;
    let is = !rejected.is_empty() && rejected.contains(&(pair.left.record.clone(), pair.right.record.clone()));
    is.then_some(Unmet::Rejected)
}

fn of_one_reference(pair: &Pair<'_>) -> Option<Unmet> {
    (pair.rule.agree.reference && shared_reference(pair.left, pair.right).is_none()).then_some(Unmet::Reference)
}

fn of_one_party(pair: &Pair<'_>) -> Option<Unmet> {
    if !pair.rule.agree.party {
        return None;
    }
    let (left, right) = (pair.left, pair.right);
    let known = pair.facts.customer_of(left);
    if !right.customer_id.is_empty() && known == Some(right.customer_id.as_str()) {
        return None;
    }
    let percent = names_percent(&left.party, &right.party);
    (percent < pair.percent_needed()).then_some(Unmet::Party(percent))
}

/// What the ledger's record can name a store's record by.
pub(super) fn keys_of(left: &Item) -> impl Iterator<Item = String> {
    let gateway = left.gateway_ref.to_uppercase();
    let keys = [reference::normalised(&left.order_number), gateway, left.payout_id.to_uppercase()];
    keys.into_iter().filter(|it| !it.is_empty())
}

pub(super) fn tokens_of(right: &Item) -> Vec<String> {
    let mut tokens = reference::tokens(&right.reference);
    tokens.extend(reference::tokens(&right.memo));
    tokens.extend([&right.reference].into_iter().filter(|it| !it.is_empty()).map(|it| reference::normalised(it)));
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

pub(super) fn shared_reference(left: &Item, right: &Item) -> Option<Evidence> {
    let order = reference::normalised(&left.order_number);
    if !order.is_empty() {
        if reference::names(&right.reference, &left.order_number) {
            return Some(Evidence::OrderNumberEqual { value: left.order_number.clone() });
        }
        if reference::tokens(&right.memo).contains(&order) {
            return Some(Evidence::ReferenceInMemo { value: left.order_number.clone() });
        }
    }
    let tokens = tokens_of(right);
    let named = |value: &str| !value.is_empty() && tokens.contains(&value.to_uppercase());
    if named(&left.gateway_ref) {
        return Some(Evidence::GatewayReferenceEqual { value: left.gateway_ref.clone() });
    }
    named(&left.payout_id).then(|| Evidence::PayoutIdEqual { value: left.payout_id.clone() })
}

impl Tolerance {
    /// How much more and how much less the ledger may hold, in minor units, where the store says so much.
    pub(super) fn allowed(&self, store_minor: i64) -> (i64, i64) {
        let share =
            |points: u32| i64::try_from(i128::from(store_minor) * i128::from(points) / 10_000).unwrap_or(i64::MAX);
        let least = |amount: Option<tieout_money::Money>, points: Option<u32>| match (amount, points) {
            (None, None) => 0,
            (Some(amount), None) => amount.minor(),
            (None, Some(points)) => share(points),
            (Some(amount), Some(points)) => amount.minor().min(share(points)),
        };
        (least(self.above, self.above_points), least(self.below, self.below_points))
    }
}

impl Window {
    pub(super) fn days_between(&self, calendar: &Calendar, from: Date, to: Date) -> i32 {
        match self.days {
            Days::Calendar => (to - from).get_days(),
            Days::Business => calendar.business_days(from, to),
        }
    }
}
