//! What the proof of the clearing accounts rests on, read once: per account and currency the store's items, the ledger's
//! items, and the general ledger lines. The ledger is summed from general ledger lines alone, never from our matches.

use crate::company::Company;
use crate::decisions::Parts;
use crate::error::ServiceError;
use crate::last_run::{Found, found_now};
use crate::sides::Sides;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{DepositTo, GlLine, MatchGroup, MatchId, Receipt, ReceiptKind, ReceiptState, RecordRef};
use tieout_matching::{Item, ItemKind};
use tieout_money::{Currency, Money};
use tieout_planning::Settings;

/// The figures of any day and period. It holds days and amounts only; the records behind them are [`ProofRows`].
pub struct Proof {
    pub accounts: Vec<AccountProof>,
    /// By number of the match: a member waits for an approval in Intacct.
    waits: Vec<bool>,
}

/// One clearing account in one currency.
pub struct AccountProof {
    pub account: String,
    pub currency: Currency,
    pub(crate) lines: Vec<Entry>,
    pub(crate) left: Vec<Entry>,
    /// Without receipts Intacct has not put into the ledger yet.
    pub(crate) right: Vec<Entry>,
}

/// What one ledger line or item adds to the figures.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub on: Date,
    pub amount: Money,
    /// Number of the settled match it is in; fees inside net receipts are in their receipt's.
    pub in_match: Option<u32>,
}

/// The proof with its records, each at the place its entry has.
pub struct ProofRows {
    pub proof: Proof,
    /// One for each account of the proof.
    pub(crate) accounts: Vec<AccountRows>,
    /// By number.
    pub(crate) matches: Vec<MatchId>,
    /// The record each part of a split belongs to.
    pub(crate) parts: Parts,
    /// Records of no clearing account, and receipts Intacct has not put into the ledger yet.
    pub(crate) outside: Vec<OutsideRow>,
}

pub(crate) struct OutsideRow {
    pub is_store: bool,
    pub item: Item,
    pub why: &'static str,
}

pub(crate) struct AccountRows {
    pub lines: Vec<GlLine>,
    pub left: Vec<Item>,
    pub right: Vec<Item>,
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

/// The members of one settled match on one account, by their places, and what they come to in the period: ledger less
/// store.
pub(crate) struct GroupShare {
    pub at: u32,
    pub left: Vec<usize>,
    pub right: Vec<usize>,
    pub difference: Money,
    pub is_timing: bool,
}

impl Proof {
    pub fn read(company: &Company) -> Result<Proof, ServiceError> {
        let (settings, _) = company.settings()?;
        Proof::over(company, &settings, &Sides::read(company, &settings)?)
    }

    /// Over sides that were read already.
    pub fn over(company: &Company, settings: &Settings, sides: &Sides) -> Result<Proof, ServiceError> {
        let found = found_now(company, settings, sides)?;
        build(company, settings, sides, &found, drop)
    }

    pub fn account(&self, account: &str, currency: Currency) -> Option<&AccountProof> {
        self.accounts.iter().find(|it| it.account == account && it.currency == currency)
    }

    /// Of the days that `within` holds for.
    pub fn figures(&self, of: &AccountProof, within: &dyn Fn(Date) -> bool) -> Result<Figures, ServiceError> {
        let ledger = of.ledger(within)?;
        let store = of.sum(of.left.iter().filter(|it| within(it.on)))?;
        let exceptions_store = -of.sum(open(&of.left, within).map(|(_, it)| it))?;
        let exceptions_ledger = of.sum(open(&of.right, within).map(|(_, it)| it))?;
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
        let lines = of.lines.iter().map(|it| (it.on, it.amount));
        // Store, timing, variance and exceptions of a day together come to that day's ledger items.
        for (day, amount) in lines.chain(of.right.iter().map(|it| (it.on, -it.amount))) {
            let sum = days.entry(day).or_insert(Money::zero(of.currency));
            *sum = sum.checked_add(amount)?;
        }
        Ok(days)
    }

    /// A member of the match waits for an approval in Intacct.
    pub(crate) fn is_waiting(&self, at: u32) -> bool {
        self.waits.get(at as usize).copied().unwrap_or(false)
    }

    /// Per settled group: what the ledger has in the period less what the store has in it. Whole groups differ by their
    /// variance only; the rest is the period's edge.
    pub(crate) fn groups(
        &self,
        of: &AccountProof,
        within: &dyn Fn(Date) -> bool,
    ) -> Result<Vec<GroupShare>, ServiceError> {
        let mut groups: BTreeMap<u32, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (place, entry) in of.left.iter().enumerate() {
            if let Some(at) = entry.in_match {
                groups.entry(at).or_default().0.push(place);
            }
        }
        for (place, entry) in of.right.iter().enumerate() {
            if let Some(at) = entry.in_match {
                groups.entry(at).or_default().1.push(place);
            }
        }
        let shares = groups.into_iter().map(|(at, (left, right))| {
            let (store, ledger) = (left.iter().map(|it| &of.left[*it]), right.iter().map(|it| &of.right[*it]));
            let (mut inside, mut outside) = (false, false);
            for entry in store.clone().chain(ledger.clone()) {
                let into = if within(entry.on) { &mut inside } else { &mut outside };
                *into = true;
            }
            let difference =
                of.sum(ledger.filter(|it| within(it.on)))?.checked_sub(of.sum(store.filter(|it| within(it.on)))?)?;
            Ok(GroupShare { at, left, right, difference, is_timing: inside == outside || self.waits[at as usize] })
        });
        shares.collect()
    }
}

impl ProofRows {
    pub fn read(company: &Company) -> Result<ProofRows, ServiceError> {
        let (settings, _) = company.settings()?;
        let sides = Sides::read(company, &settings)?;
        let found = found_now(company, &settings, &sides)?;
        let mut accounts = Vec::new();
        let proof = build(company, &settings, &sides, &found, |rows| accounts.push(rows))?;
        let outside = outside(&settings, &sides);
        let matches = found.matches.into_iter().map(|it| it.id).collect();
        Ok(ProofRows { proof, accounts, matches, parts: sides.parts, outside })
    }
}

impl AccountProof {
    pub fn ledger(&self, within: &dyn Fn(Date) -> bool) -> Result<Money, ServiceError> {
        self.sum(self.lines.iter().filter(|it| within(it.on)))
    }

    fn sum<'i>(&self, entries: impl Iterator<Item = &'i Entry>) -> Result<Money, ServiceError> {
        Ok(Money::sum(self.currency, entries.map(|it| it.amount))?)
    }
}

/// With their places.
pub(crate) fn open<'a>(
    entries: &'a [Entry],
    within: &'a dyn Fn(Date) -> bool,
) -> impl Iterator<Item = (usize, &'a Entry)> {
    entries.iter().enumerate().filter(move |(_, it)| within(it.on) && it.in_match.is_none())
}

/// Gives `keep` the records of each account.
fn build(
    company: &Company,
    settings: &Settings,
    sides: &Sides,
    found: &Found,
    mut keep: impl FnMut(AccountRows),
) -> Result<Proof, ServiceError> {
    let lines = company.store.read(|reader| reader.load_all::<GlLine>())?;
    let outside: BTreeSet<RecordRef> =
        sides.receipts.iter().filter(|it| it.state != ReceiptState::Posted).map(Receipt::record).collect();
    let is_outside = |record: &RecordRef| outside.contains(sides.whole(record));
    let settled = settled(found);
    let of_item =
        |it: &Item| Entry { on: it.on, amount: it.amount, in_match: settled.get(&it.record).map(|at| *at as u32) };
    let banked = banked_lines(found);
    let undeposited_left: Vec<Item> =
        undeposited_side(settings, &sides.left, |it| banked.contains(&it.record)).collect();
    let undeposited_right: Vec<Item> = undeposited_side(settings, &sides.right, is_deposit).collect();
    let accounts = settings.clearing_accounts().into_iter().map(|(account, currency)| {
        let is_ours = |of: &str, amount: Money| of == account && amount.currency() == currency;
        let items = |all: &[Item], undeposited: &[Item]| -> Vec<Item> {
            all.iter().chain(undeposited).filter(|it| is_ours(&it.account, it.amount)).cloned().collect()
        };
        let lines = lines.iter().map(|it| &it.value).filter(|it| is_ours(&it.account, it.amount));
        let mut rows = AccountRows {
            lines: lines.cloned().collect(),
            left: items(&sides.left, &undeposited_left),
            right: items(&sides.right, &undeposited_right),
        };
        rows.right.retain(|it| !is_outside(&it.record));
        let of_line = |it: &GlLine| Entry { on: it.entry_date, amount: it.amount, in_match: None };
        let proof = AccountProof {
            lines: rows.lines.iter().map(of_line).collect(),
            left: rows.left.iter().map(of_item).collect(),
            right: rows.right.iter().map(of_item).collect(),
            account,
            currency,
        };
        keep(rows);
        proof
    });
    let accounts = accounts.collect();
    Ok(Proof { accounts, waits: found.matches.iter().map(|it| it.right.iter().any(is_outside)).collect() })
}

fn outside(settings: &Settings, sides: &Sides) -> Vec<OutsideRow> {
    let clearing: BTreeSet<(String, Currency)> = settings.clearing_accounts().into_iter().collect();
    let waiting: BTreeSet<RecordRef> =
        sides.receipts.iter().filter(|it| it.state != ReceiptState::Posted).map(Receipt::record).collect();
    let is_ours = |it: &Item| clearing.contains(&(it.account.clone(), it.amount.currency()));
    let of_store = sides.left.iter().filter(|it| !is_ours(it)).map(|it| OutsideRow {
        is_store: true,
        item: it.clone(),
        why: if it.account.is_empty() { "no clearing account is named for it" } else { "it is of another account" },
    });
    let of_ledger = sides.right.iter().filter_map(|it| {
        let why = match (is_ours(it), waiting.contains(sides.whole(&it.record))) {
            (_, true) => "it is not in the ledger yet",
            (false, false) => "it is of another account",
            (true, false) => return None,
        };
        Some(OutsideRow { is_store: false, item: it.clone(), why })
    });
    of_store.chain(of_ledger).collect()
}

/// The number of the settled match of every record in one, fees inside net receipts included.
fn settled(found: &Found) -> BTreeMap<&RecordRef, usize> {
    let members = found.matches.iter().enumerate().flat_map(|(at, it)| it.members().map(move |member| (member, at)));
    let covered = found.covered.iter().map(|(record, at)| (record, *at));
    members.chain(covered).filter(|(_, at)| found.matches.get(*at).is_some_and(MatchGroup::is_settled)).collect()
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
fn banked_lines(found: &Found) -> BTreeSet<&RecordRef> {
    let is_deposit = |record: &RecordRef| record.id.starts_with(ReceiptKind::Deposit.object_name());
    found
        .matches
        .iter()
        .filter(|it| it.is_settled() && it.right.iter().any(is_deposit))
        .flat_map(|it| &it.left)
        .collect()
}
