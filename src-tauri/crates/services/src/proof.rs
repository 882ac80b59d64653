//! What the proof of the clearing accounts rests on, read once: per account and currency the store's items, the ledger's
//! items, and the general ledger lines. The ledger is summed from general ledger lines alone, never from our matches.

use crate::company::Company;
use crate::decisions::Parts;
use crate::error::ServiceError;
use crate::reconcile::Run;
use crate::sides::Sides;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{DepositTo, GlLine, MatchGroup, Receipt, ReceiptKind, ReceiptState, RecordRef};
use tieout_matching::{Item, ItemKind};
use tieout_money::{Currency, Money};
use tieout_planning::Settings;

pub struct Proof {
    pub accounts: Vec<AccountProof>,
    pub(crate) matches: Vec<MatchGroup>,
    /// Place in `matches` of every record in a settled match, fees inside net receipts included.
    pub(crate) settled: BTreeMap<RecordRef, usize>,
    /// By place in `matches`: a member waits for an approval in Intacct.
    waits: Vec<bool>,
}

/// One clearing account in one currency.
pub struct AccountProof {
    pub account: String,
    pub currency: Currency,
    pub lines: Vec<GlLine>,
    pub(crate) left: Vec<Item>,
    /// Without receipts Intacct has not put into the ledger yet.
    pub(crate) right: Vec<Item>,
    /// The record each part of a split belongs to.
    pub(crate) parts: Parts,
}

/// All signed, debit positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Sum of the general ledger lines of the days.
    pub ledger: Money,
    /// Sum of what the store and its gateways say for them.
    pub store: Money,
    /// Matched, but dated on different sides of the period's edge, or waiting for an approval in Intacct.
    pub timing: Money,
    /// Store records without a ledger record (they make the ledger smaller).
    pub exceptions_store: Money,
    /// Ledger records without a store record.
    pub exceptions_ledger: Money,
    /// Differences inside accepted matches, each a named variance.
    pub variance: Money,
    pub unexplained: Money,
}

/// The members of one settled match on one account, and what they come to in the period: ledger less store.
pub(crate) struct GroupShare<'a> {
    pub at: usize,
    pub left: Vec<&'a Item>,
    pub right: Vec<&'a Item>,
    pub difference: Money,
    pub is_timing: bool,
}

impl Proof {
    pub fn read(company: &Company) -> Result<Proof, ServiceError> {
        let (settings, _) = company.settings()?;
        let sides = Sides::read(company, &settings)?;
        let run = Run::over(company, &settings, &sides)?;
        let lines = company.store.read(|reader| reader.load_all::<GlLine>())?;
        let outside: BTreeSet<RecordRef> =
            sides.receipts.iter().filter(|it| it.state != ReceiptState::Posted).map(Receipt::record).collect();
        let is_outside = |record: &RecordRef| outside.contains(sides.whole(record));
        let banked = banked_lines(&run);
        let right: Vec<Item> =
            sides.right.iter().cloned().chain(undeposited_side(&settings, &sides.right, is_deposit)).collect();
        let left: Vec<Item> = sides
            .left
            .iter()
            .cloned()
            .chain(undeposited_side(&settings, &sides.left, |it| banked.contains(&it.record)))
            .collect();
        let accounts = settings.clearing_accounts().into_iter().map(|(account, currency)| {
            let is_ours = |it: &&Item| it.account == account && it.amount.currency() == currency;
            AccountProof {
                lines: lines
                    .iter()
                    .map(|it| &it.value)
                    .filter(|it| it.account == account && it.amount.currency() == currency)
                    .cloned()
                    .collect(),
                left: left.iter().filter(is_ours).cloned().collect(),
                right: right.iter().filter(is_ours).filter(|it| !is_outside(&it.record)).cloned().collect(),
                parts: sides.parts.clone(),
                account: account.clone(),
                currency,
            }
        });
        let accounts = accounts.collect();
        let is_settled = |at: usize| run.matches.get(at).is_some_and(MatchGroup::is_settled);
        let members = run.matches.iter().enumerate().flat_map(|(at, it)| it.members().map(move |member| (member, at)));
        let covered = run.covered.iter().map(|(record, at)| (record, *at));
        let settled =
            members.chain(covered).filter(|(_, at)| is_settled(*at)).map(|(record, at)| (record.clone(), at)).collect();
        let waits = run.matches.iter().map(|it| it.right.iter().any(is_outside)).collect();
        Ok(Proof { accounts, settled, waits, matches: run.matches })
    }

    pub fn account(&self, account: &str, currency: Currency) -> Option<&AccountProof> {
        self.accounts.iter().find(|it| it.account == account && it.currency == currency)
    }

    /// Of the days that `within` holds for.
    pub fn figures(&self, of: &AccountProof, within: &dyn Fn(Date) -> bool) -> Result<Figures, ServiceError> {
        let ledger = of.ledger(within)?;
        let store = of.sum(of.left.iter().filter(|it| within(it.on)))?;
        let exceptions_store = -of.sum(self.open(&of.left, within))?;
        let exceptions_ledger = of.sum(self.open(&of.right, within))?;
        let (mut timing, mut variance) = (Money::zero(of.currency), Money::zero(of.currency));
        for group in self.groups(of, within)? {
            let into = if group.is_timing { &mut timing } else { &mut variance };
            *into = into.checked_add(group.difference)?;
        }
        let explained = [store, timing, variance, exceptions_store, exceptions_ledger];
        let unexplained = explained.into_iter().try_fold(ledger, |rest, it| rest.checked_sub(it))?;
        Ok(Figures { ledger, store, timing, exceptions_store, exceptions_ledger, variance, unexplained })
    }

    /// Ledger less store less everything named, per day that has any of it. Much cheaper than all figures of each day.
    pub fn unexplained_by_day(&self, of: &AccountProof) -> Result<BTreeMap<Date, Money>, ServiceError> {
        let mut days: BTreeMap<Date, Money> = BTreeMap::new();
        let lines = of.lines.iter().map(|it| (it.entry_date, it.amount));
        // Store, timing, variance and exceptions of a day together come to that day's ledger items.
        for (day, amount) in lines.chain(of.right.iter().map(|it| (it.on, -it.amount))) {
            let sum = days.entry(day).or_insert(Money::zero(of.currency));
            *sum = sum.checked_add(amount)?;
        }
        Ok(days)
    }

    pub(crate) fn open<'a>(
        &'a self,
        items: &'a [Item],
        within: &'a dyn Fn(Date) -> bool,
    ) -> impl Iterator<Item = &'a Item> {
        items.iter().filter(move |it| within(it.on) && !self.settled.contains_key(&it.record))
    }

    /// Per settled group: what the ledger has in the period less what the store has in it. Whole groups differ by their
    /// variance only; the rest is the period's edge.
    pub(crate) fn groups<'a>(
        &'a self,
        of: &'a AccountProof,
        within: &dyn Fn(Date) -> bool,
    ) -> Result<Vec<GroupShare<'a>>, ServiceError> {
        let mut groups: BTreeMap<usize, (Vec<&Item>, Vec<&Item>)> = BTreeMap::new();
        for item in &of.left {
            if let Some(at) = self.settled.get(&item.record) {
                groups.entry(*at).or_default().0.push(item);
            }
        }
        for item in &of.right {
            if let Some(at) = self.settled.get(&item.record) {
                groups.entry(*at).or_default().1.push(item);
            }
        }
        let shares = groups.into_iter().map(|(at, (left, right))| {
            let days: BTreeSet<bool> = left.iter().chain(&right).map(|it| within(it.on)).collect();
            let period = |items: &[&Item]| of.sum(items.iter().filter(|it| within(it.on)).copied());
            let difference = period(&right)?.checked_sub(period(&left)?)?;
            Ok(GroupShare { at, left, right, difference, is_timing: days.len() != 1 || self.waits[at] })
        });
        shares.collect()
    }
}

impl AccountProof {
    pub fn ledger(&self, within: &dyn Fn(Date) -> bool) -> Result<Money, ServiceError> {
        let lines = self.lines.iter().filter(|it| within(it.entry_date));
        Ok(Money::sum(self.currency, lines.map(|it| it.amount))?)
    }

    fn sum<'i>(&self, items: impl Iterator<Item = &'i Item>) -> Result<Money, ServiceError> {
        Ok(Money::sum(self.currency, items.map(|it| it.amount))?)
    }
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
