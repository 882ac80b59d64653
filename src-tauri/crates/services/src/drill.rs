//! The rows behind one figure of the proof: they always add up to the figure itself.

use crate::error::ServiceError;
use crate::proof::{AccountProof, GroupShare, Proof};
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

impl Proof {
    /// By day. `first` is the first day of the period, for the opening figure.
    pub fn drill(
        &self,
        of: &AccountProof,
        figure: Figure,
        first: Date,
        within: &dyn Fn(Date) -> bool,
    ) -> Result<Vec<DrillLine>, ServiceError> {
        let mut lines: Vec<DrillLine> = match figure {
            Figure::Opening => of.lines.iter().filter(|it| it.entry_date < first).map(of_ledger).collect(),
            Figure::Ledger => of.lines.iter().filter(|it| within(it.entry_date)).map(of_ledger).collect(),
            Figure::Store => of.left.iter().filter(|it| within(it.on)).map(|it| of_item(it, it.amount)).collect(),
            Figure::Timing => self.of_groups(of, within, true)?,
            Figure::Exceptions => {
                let mut lines: Vec<DrillLine> = self.open(&of.left, within).map(|it| of_item(it, -it.amount)).collect();
                lines.extend(self.open(&of.right, within).map(|it| of_item(it, it.amount)));
                lines.extend(self.of_groups(of, within, false)?);
                lines
            }
            Figure::Unexplained => unexplained(of, within),
        };
        lines.sort_by(|a, b| (a.on, &a.record).cmp(&(b.on, &b.record)));
        Ok(lines)
    }

    fn of_groups(
        &self,
        of: &AccountProof,
        within: &dyn Fn(Date) -> bool,
        timing: bool,
    ) -> Result<Vec<DrillLine>, ServiceError> {
        let groups = self.groups(of, within)?;
        let wanted = groups.iter().filter(|it| it.is_timing == timing && !it.difference.is_zero());
        Ok(wanted.filter_map(|it| self.of_group(it)).collect())
    }

    fn of_group(&self, share: &GroupShare<'_>) -> Option<DrillLine> {
        let first = share.left.iter().chain(&share.right).min_by_key(|it| it.on)?;
        let last = share.left.iter().chain(&share.right).map(|it| it.on).max()?;
        let memo =
            format!("{} of the store, {} of the ledger, {} to {last}", share.left.len(), share.right.len(), first.on);
        let group = self.matches.get(share.at).map(|it| it.id.0.clone());
        Some(DrillLine { group, memo, ..of_item(first, share.difference) })
    }
}

/// Ledger lines that no record stands for, and records that no ledger line stands for. A line and a record of the same
/// day and amount stand for each other.
fn unexplained(of: &AccountProof, within: &dyn Fn(Date) -> bool) -> Vec<DrillLine> {
    let wholes = wholes(of, within);
    let mut unmet: BTreeMap<(Date, i64), Vec<&Item>> = BTreeMap::new();
    for item in &wholes {
        unmet.entry((item.on, item.amount.minor())).or_default().push(item);
    }
    let mut lines = Vec::new();
    for line in of.lines.iter().filter(|it| within(it.entry_date)) {
        if unmet.get_mut(&(line.entry_date, line.amount.minor())).and_then(Vec::pop).is_none() {
            lines.push(of_ledger(line));
        }
    }
    lines.extend(unmet.into_values().flatten().map(|it| of_item(it, -it.amount)));
    lines
}

/// A record that a person split is one line in the ledger.
fn wholes(of: &AccountProof, within: &dyn Fn(Date) -> bool) -> Vec<Item> {
    let mut all: Vec<Item> = Vec::new();
    let mut split: BTreeMap<&RecordRef, Item> = BTreeMap::new();
    for item in of.right.iter().filter(|it| within(it.on)) {
        match of.parts.get(&item.record) {
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
