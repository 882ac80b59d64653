//! The rows behind one figure of the proof: they always add up to the figure itself.

use crate::decisions::Parts;
use crate::error::ServiceError;
use crate::proof::{AccountProof, AccountRows, GroupShare, ProofRows, open};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tieout_domain::{GlLine, RecordRef};
use tieout_matching::Item;
use tieout_money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Opening,
    Ledger,
    Store,
    Timing,
    /// Open records of both sides, and the named differences inside accepted matches.
    Exceptions,
    Unexplained,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DrillLine {
    pub record: RecordRef,
    /// The match it is part of, where the figure is about matches.
    pub group: Option<String>,
    pub on: Date,
    pub source: String,
    pub reference: String,
    pub party: String,
    pub memo: String,
    pub amount: Money,
}

impl ProofRows {
    /// By day. `of` is one of its accounts, `first` the first day of the period, for the opening figure.
    pub fn drill(
        &self,
        of: &AccountProof,
        figure: Figure,
        first: Date,
        within: &dyn Fn(Date) -> bool,
    ) -> Result<Vec<DrillLine>, ServiceError> {
        let at = self.proof.accounts.iter().position(|it| it.account == of.account && it.currency == of.currency);
        let Some(rows) = at.and_then(|it| self.accounts.get(it)) else { return Ok(Vec::new()) };
        let ledger = |wanted: &dyn Fn(Date) -> bool| -> Vec<DrillLine> {
            rows.lines.iter().filter(|it| wanted(it.entry_date)).map(of_ledger).collect()
        };
        let mut lines: Vec<DrillLine> = match figure {
            Figure::Opening => ledger(&|it| it < first),
            Figure::Ledger => ledger(within),
            Figure::Store => rows.left.iter().filter(|it| within(it.on)).map(|it| of_item(it, it.amount)).collect(),
            Figure::Timing => self.of_groups(of, rows, within, true)?,
            Figure::Exceptions => {
                let left = open(&of.left, within).map(|(place, it)| of_item(&rows.left[place], -it.amount));
                let right = open(&of.right, within).map(|(place, it)| of_item(&rows.right[place], it.amount));
                let mut lines: Vec<DrillLine> = left.chain(right).collect();
                lines.extend(self.of_groups(of, rows, within, false)?);
                lines
            }
            Figure::Unexplained => unexplained(rows, &self.parts, within),
        };
        lines.sort_by(|a, b| (a.on, &a.record).cmp(&(b.on, &b.record)));
        Ok(lines)
    }

    fn of_groups(
        &self,
        of: &AccountProof,
        rows: &AccountRows,
        within: &dyn Fn(Date) -> bool,
        timing: bool,
    ) -> Result<Vec<DrillLine>, ServiceError> {
        let groups = self.proof.groups(of, within)?;
        let wanted = groups.iter().filter(|it| it.is_timing == timing && !it.difference.is_zero());
        Ok(wanted.filter_map(|it| self.of_group(rows, it)).collect())
    }

    fn of_group(&self, rows: &AccountRows, share: &GroupShare) -> Option<DrillLine> {
        let members = || {
            let left = share.left.iter().map(|it| &rows.left[*it]);
            left.chain(share.right.iter().map(|it| &rows.right[*it]))
        };
        let first = members().min_by_key(|it| it.on)?;
        let last = members().map(|it| it.on).max()?;
        let memo =
            format!("{} of the store, {} of the ledger, {} to {last}", share.left.len(), share.right.len(), first.on);
        let group = self.matches.get(share.at as usize).map(|it| it.0.clone());
        Some(DrillLine { group, memo, ..of_item(first, share.difference) })
    }
}

/// Ledger lines that no record stands for, and records that no ledger line stands for. A line and a record of the same
/// day and amount stand for each other.
fn unexplained(rows: &AccountRows, parts: &Parts, within: &dyn Fn(Date) -> bool) -> Vec<DrillLine> {
    let wholes = wholes(rows, parts, within);
    let mut unmet: BTreeMap<(Date, i64), Vec<&Item>> = BTreeMap::new();
    for item in &wholes {
        unmet.entry((item.on, item.amount.minor())).or_default().push(item);
    }
    let mut lines = Vec::new();
    for line in rows.lines.iter().filter(|it| within(it.entry_date)) {
        if unmet.get_mut(&(line.entry_date, line.amount.minor())).and_then(Vec::pop).is_none() {
            lines.push(of_ledger(line));
        }
    }
    lines.extend(unmet.into_values().flatten().map(|it| of_item(it, -it.amount)));
    lines
}

/// A record that a person split is one line in the ledger.
fn wholes(rows: &AccountRows, parts: &Parts, within: &dyn Fn(Date) -> bool) -> Vec<Item> {
    let mut all: Vec<Item> = Vec::new();
    let mut split: BTreeMap<&RecordRef, Item> = BTreeMap::new();
    for item in rows.right.iter().filter(|it| within(it.on)) {
        match parts.get(&item.record) {
            None => all.push(item.clone()),
            Some(whole) => {
                let zero = Money::zero(item.amount.currency());
                let of_whole = || Item { record: whole.clone(), amount: zero, ..item.clone() };
                let sum = split.entry(whole).or_insert_with(of_whole);
                // What does not fit is not there either: the figure itself is summed elsewhere, and says so.
                sum.amount = sum.amount.checked_add(item.amount).unwrap_or(sum.amount);
            }
        }
    }
    all.extend(split.into_values());
    all
}

fn of_ledger(line: &GlLine) -> DrillLine {
    let reference = if line.document.is_empty() { &line.record_id } else { &line.document };
    DrillLine {
        record: line.record(),
        group: None,
        on: line.entry_date,
        source: format!("Intacct {}", line.journal).trim().to_owned(),
        reference: reference.clone(),
        party: line.customer_id.clone(),
        memo: if line.description.is_empty() { line.batch_title.clone() } else { line.description.clone() },
        amount: line.amount,
    }
}

fn of_item(item: &Item, amount: Money) -> DrillLine {
    let reference = [&item.order_number, &item.reference, &item.gateway_ref, &item.payout_id];
    DrillLine {
        record: item.record.clone(),
        group: None,
        on: item.on,
        source: item.record.source.to_string(),
        reference: reference.into_iter().find(|it| !it.is_empty()).unwrap_or(&item.record.id).clone(),
        party: item.party.clone(),
        memo: item.memo.clone(),
        amount,
    }
}
