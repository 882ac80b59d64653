//! Bank lines: cheques banked together (J17), payouts arriving, and what nobody knows.

use crate::checks::pass;
use crate::keys::plain;
use crate::plan::{About, Draft, Planner};
use crate::snapshot::Why;
use tieout_domain::{
    Deposit, DepositTo, Document, ExceptionKind, Receipt, ReceiptKind, ReceiptState, SettlementKind, SettlementRow,
};
use tieout_money::Money;

/// A deposit slip holds cheques of at most this many days.
const DAYS_MAX: i32 = 10;
/// More open receipts than this are not searched for a subset: 2^20 sums is the budget.
const RECEIPTS_MAX: usize = 20;

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    for open in &snapshot.left_over {
        let Some(line) = snapshot.settlements.get(&open.record).copied() else { continue };
        if line.kind != SettlementKind::BankLine
            || line.on < snapshot.settings.cut_over
            || planner.is_taken_care_of(&open.record)
        {
            continue;
        }
        let is_payout = snapshot.settlements.values().any(|it| {
            it.kind == SettlementKind::Payout
                && it.net == -line.net
                && line.on >= it.on
                && (line.on - it.on).get_days() <= DAYS_MAX
        });
        match &open.why {
            Why::Ambiguous { with, sentence } => {
                let about = About { amount: line.net, on: line.on, subject: line.description.clone() };
                planner.hold_ambiguous(line.record(), with, about, sentence);
            }
            _ if is_payout => {}
            _ => plan_deposit(planner, line),
        }
    }
}

fn plan_deposit(planner: &mut Planner<'_, '_>, line: &SettlementRow) {
    let snapshot = planner.snapshot;
    let hold = |planner: &mut Planner<'_, '_>, why: String| {
        planner.hold(
            ExceptionKind::UnmatchedBankLine,
            vec![line.record()],
            Some(line.net),
            Some(line.on),
            line.description.clone(),
            why,
        );
    };
    let undeposited: Vec<&str> = snapshot
        .settings
        .clearing
        .iter()
        .filter(|it| it.settlement.is_empty() && !it.bank.is_empty())
        .filter_map(|it| match &it.deposit_to.0 {
            DepositTo::Undeposited(account) => Some(account.as_str()),
            DepositTo::Bank(_) => None,
        })
        .collect();
    let mut waiting: Vec<&Receipt> = snapshot
        .receipts
        .values()
        .copied()
        .filter(|it| {
            it.kind == ReceiptKind::Payment
                && it.state == ReceiptState::Posted
                && it.amount.currency() == line.net.currency()
                && undeposited.contains(&it.account.as_str())
                && it.on <= line.on
                && (line.on - it.on).get_days() <= DAYS_MAX
                && !snapshot.facts_under_way.contains(&it.record())
        })
        .collect();
    waiting.sort_by(|a, b| (a.on, &a.record_no).cmp(&(b.on, &b.record_no)));
    let Some(bank) = snapshot
        .settings
        .clearing
        .iter()
        .find(|it| it.settlement.is_empty() && !it.bank.is_empty() && it.currency == line.net.currency())
    else {
        return hold(planner, "no [[clearing]] entry of an offline method names the bank".into());
    };
    if waiting.is_empty() || waiting.len() > RECEIPTS_MAX {
        return hold(
            planner,
            format!("{} undeposited receipts of the last {DAYS_MAX} days could be in it", waiting.len()),
        );
    }
    match subsets(&waiting, line.net).as_slice() {
        [only] => {
            let chosen: Vec<&Receipt> = only.iter().map(|&it| waiting[it]).collect();
            let number = format!("TO-DEP-{}", plain(&line.row_id));
            let mut facts = vec![line.record()];
            facts.extend(chosen.iter().map(|it| it.record()));
            planner.propose(Draft {
                document: Document::Deposit(Deposit {
                    bank: bank.bank.clone(),
                    on: snapshot.day_for(&number, line.on),
                    number,
                    description: format!("Deposit of {} receipts, {}", chosen.len(), line.description),
                    receipts: chosen.iter().map(|it| it.record_no.clone()).collect(),
                    total: line.net,
                }),
                facts,
                because: format!("bank line of {} equals {} undeposited receipts together", line.on, chosen.len()),
                own_day: line.on,
                subject: line.description.clone(),
                checks: vec![pass("no other set of undeposited receipts comes to this amount")],
                after: vec![],
            });
        }
        [] => hold(planner, format!("no set of the {} undeposited receipts comes to {}", waiting.len(), line.net)),
        many => hold(
            planner,
            format!(
                "{}{} sets of undeposited receipts come to {}",
                if many.len() > 1 { "at least " } else { "" },
                many.len(),
                line.net
            ),
        ),
    }
}

/// Sets of receipts that come to the amount; stops at the second, since two answers are no answer.
fn subsets(receipts: &[&Receipt], target: Money) -> Vec<Vec<usize>> {
    let amounts: Vec<i64> = receipts.iter().map(|it| it.amount.minor()).collect();
    let mut found = Vec::new();
    for set in 1u32..(1 << amounts.len()) {
        let sum: i64 = amounts.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, it)| *it).sum();
        if sum == target.minor() {
            found.push((0..amounts.len()).filter(|bit| set & (1 << bit) != 0).collect());
            if found.len() == 2 {
                break;
            }
        }
    }
    found
}
