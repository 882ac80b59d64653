//! The proof: per clearing account and currency, ledger less store is timing and exceptions, and what remains is
//! unexplained. The ledger is summed from general ledger lines alone, never from our matches.

use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::Run;
use crate::sides::Sides;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{DepositTo, GlLine, ReceiptKind, ReceiptState, RecordRef};
use tieout_matching::{Item, ItemKind};
use tieout_money::{Currency, Money, Totals};
use tieout_planning::Settings;

/// Amounts are texts with the currency's decimals, debit positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountTieOut {
    pub account: String,
    pub currency: String,
    /// Sum of the general ledger lines of the days.
    pub ledger: String,
    /// Sum of what the store and its gateways say for them.
    pub store: String,
    /// Matched, but dated on different sides of the period's edge, or waiting for an approval in Intacct.
    pub timing: String,
    /// Store records without a ledger record (they make the ledger smaller), signed.
    pub exceptions_store: String,
    /// Ledger records without a store record, signed.
    pub exceptions_ledger: String,
    /// Differences inside accepted matches, each a named variance.
    pub variance: String,
    pub unexplained: String,
    pub ties: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieOut {
    pub from: Date,
    pub to: Date,
    pub accounts: Vec<AccountTieOut>,
    /// By currency.
    pub unexplained: BTreeMap<String, String>,
}

/// Both days included.
pub fn tie_out(company: &Company, from: Date, to: Date) -> Result<TieOut, ServiceError> {
    let (settings, _) = company.settings()?;
    let sides = Sides::read(company, &settings)?;
    let run = Run::over(company, &settings, &sides)?;
    let lines = company.store.read(|reader| reader.load_all::<GlLine>())?;
    let outside: BTreeSet<RecordRef> = sides
        .receipts
        .iter()
        .filter(|it| it.state != ReceiptState::Posted)
        .map(tieout_domain::Receipt::record)
        .collect();
    let right: Vec<Item> =
        sides.right.iter().cloned().chain(undeposited_side(&settings, &sides.right, is_deposit)).collect();
    let banked: BTreeSet<&RecordRef> = banked_lines(&run);
    let left: Vec<Item> = sides
        .left
        .iter()
        .cloned()
        .chain(undeposited_side(&settings, &sides.left, |it| banked.contains(&it.record)))
        .collect();
    let mut accounts = Vec::new();
    let mut unexplained = Totals::new();
    for (account, currency) in settings.clearing_accounts() {
        let within = |day: Date| from <= day && day <= to;
        let ledger = lines
            .iter()
            .map(|it| &it.value)
            .filter(|it| it.account == account && it.amount.currency() == currency && within(it.entry_date));
        let ledger = Money::sum(currency, ledger.map(|it| it.amount))?;
        let of = Side { account: &account, currency, within: &within, outside: &outside };
        let figures = of.figures(ledger, &left, &right, &run)?;
        unexplained.add(figures.unexplained)?;
        accounts.push(figures.into_view(&account));
    }
    let unexplained = unexplained.iter().map(|it| (it.currency().to_string(), it.amount_text())).collect();
    Ok(TieOut { from, to, accounts, unexplained })
}

/// Banked receipts leave the undeposited account: a deposit (or its bank line) shows the bank's side only.
fn undeposited_side<'a>(
    settings: &'a Settings,
    items: &'a [Item],
    wanted: impl Fn(&Item) -> bool + 'a,
) -> impl Iterator<Item = Item> + 'a {
    items.iter().filter(move |it| wanted(it)).filter_map(|item| {
        let account = settings.clearing.iter().find_map(|it| match &it.deposit_to.0 {
            DepositTo::Undeposited(account)
                if it.settlement.is_empty() && !it.bank.is_empty() && it.currency == item.amount.currency() =>
            {
                Some(account.clone())
            }
            _ => None,
        })?;
        Some(Item { account, amount: -item.amount, ..item.clone() })
    })
}

fn is_deposit(item: &Item) -> bool {
    item.kind == ItemKind::Receipt(ReceiptKind::Deposit)
}

/// Bank lines whose match holds a deposit.
fn banked_lines(run: &Run) -> BTreeSet<&RecordRef> {
    let is_deposit = |record: &RecordRef| record.id.starts_with(ReceiptKind::Deposit.object_name());
    run.matches.iter().filter(|it| it.is_settled() && it.right.iter().any(is_deposit)).flat_map(|it| &it.left).collect()
}

struct Side<'a> {
    account: &'a str,
    currency: Currency,
    within: &'a dyn Fn(Date) -> bool,
    /// Receipts Intacct has not put into the ledger yet.
    outside: &'a BTreeSet<RecordRef>,
}

struct Figures {
    currency: Currency,
    ledger: Money,
    store: Money,
    timing: Money,
    exceptions_store: Money,
    exceptions_ledger: Money,
    variance: Money,
    unexplained: Money,
}

impl Side<'_> {
    fn is_ours(&self, item: &Item) -> bool {
        item.account == self.account && item.amount.currency() == self.currency
    }

    fn sum<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Result<Money, ServiceError> {
        Ok(Money::sum(self.currency, items.map(|it| it.amount))?)
    }

    fn figures(&self, ledger: Money, left: &[Item], right: &[Item], run: &Run) -> Result<Figures, ServiceError> {
        let ours_left: Vec<&Item> = left.iter().filter(|it| self.is_ours(it)).collect();
        let ours_right: Vec<&Item> =
            right.iter().filter(|it| self.is_ours(it) && !self.outside.contains(&it.record)).collect();
        let in_period = |it: &&&Item| (self.within)(it.on);
        let store = self.sum(ours_left.iter().filter(in_period).copied())?;
        let is_settled = |at: usize| run.matches.get(at).is_some_and(tieout_domain::MatchGroup::is_settled);
        let members = run.matches.iter().enumerate().flat_map(|(at, it)| it.members().map(move |member| (member, at)));
        let covered = run.covered.iter().map(|(record, at)| (record, *at));
        let settled: BTreeMap<&RecordRef, usize> = members.chain(covered).filter(|(_, at)| is_settled(*at)).collect();
        let open = |it: &&&Item| (self.within)(it.on) && !settled.contains_key(&it.record);
        let exceptions_store = -self.sum(ours_left.iter().filter(open).copied())?;
        let exceptions_ledger = self.sum(ours_right.iter().filter(open).copied())?;
        // Per settled group: what the ledger has in the period less what the store has in it. Whole groups differ by
        // their variance only; the rest is the period's edge.
        let (mut timing, mut variance) = (Money::zero(self.currency), Money::zero(self.currency));
        let mut groups: BTreeMap<usize, (Vec<&Item>, Vec<&Item>)> = BTreeMap::new();
        for &item in &ours_left {
            if let Some(at) = settled.get(&item.record) {
                groups.entry(*at).or_default().0.push(item);
            }
        }
        for &item in &ours_right {
            if let Some(at) = settled.get(&item.record) {
                groups.entry(*at).or_default().1.push(item);
            }
        }
        for (at, (lefts, rights)) in groups {
            let days: BTreeSet<bool> = lefts.iter().chain(&rights).map(|it| (self.within)(it.on)).collect();
            let period = |items: &[&Item]| self.sum(items.iter().filter(|it| (self.within)(it.on)).copied());
            let difference = period(&rights)?.checked_sub(period(&lefts)?)?;
            let waits = run.matches[at].right.iter().any(|it| self.outside.contains(it));
            let into = if days.len() == 1 && !waits { &mut variance } else { &mut timing };
            *into = into.checked_add(difference)?;
        }
        let explained = [store, timing, variance, exceptions_store, exceptions_ledger];
        let unexplained = explained.into_iter().try_fold(ledger, |rest, it| rest.checked_sub(it))?;
        Ok(Figures {
            currency: self.currency,
            ledger,
            store,
            timing,
            exceptions_store,
            exceptions_ledger,
            variance,
            unexplained,
        })
    }
}

impl Figures {
    fn into_view(self, account: &str) -> AccountTieOut {
        AccountTieOut {
            account: account.to_owned(),
            currency: self.currency.to_string(),
            ledger: self.ledger.amount_text(),
            store: self.store.amount_text(),
            timing: self.timing.amount_text(),
            exceptions_store: self.exceptions_store.amount_text(),
            exceptions_ledger: self.exceptions_ledger.amount_text(),
            variance: self.variance.amount_text(),
            unexplained: self.unexplained.amount_text(),
            ties: self.unexplained.is_zero(),
        }
    }
}
