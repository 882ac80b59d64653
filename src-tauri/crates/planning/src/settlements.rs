//! What the gateways' files say and the ledger does not hold yet: fees, payouts, chargebacks, reserves.
//! Amounts are the file's facts; nothing is recomputed.

use crate::checks::{pass, review};
use crate::keys::plain;
use crate::plan::{About, Draft, Planner};
use crate::settings::Clearing;
use crate::snapshot::{Snapshot, Why};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tieout_domain::{
    Check, Document, ExceptionKind, JournalEntry, JournalLine, PostingId, RecordRef, SettlementKind, SettlementRow,
};
use tieout_money::{Currency, Money};

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let mut fees: BTreeMap<(String, String, Date, Currency), Vec<&SettlementRow>> = BTreeMap::new();
    for open in &snapshot.left_over {
        let Some(row) = snapshot.settlements.get(&open.record).copied() else { continue };
        if row.on < snapshot.settings.cut_over || planner.is_taken_care_of(&open.record) {
            continue;
        }
        if row.kind == SettlementKind::BankLine {
            continue; // see `deposits`
        }
        if snapshot.settings.clearing_of_source(&row.source.0, row.net.currency()).is_none() {
            let why =
                format!("no [[clearing]] entry names the settlement source {} in {}", row.source, row.net.currency());
            planner.hold(
                ExceptionKind::UnmappedMethod,
                vec![row.record()],
                Some(row.net),
                Some(row.on),
                subject(row),
                why,
            );
            continue;
        }
        if let Why::Ambiguous { with, sentence } = &open.why {
            let about = About { amount: row.net, on: row.on, subject: subject(row) };
            planner.hold_ambiguous(row.record(), with, about, sentence);
            continue;
        }
        match row.kind {
            SettlementKind::Charge | SettlementKind::Refund | SettlementKind::Fee => {
                let currency = row.net.currency();
                fees.entry((row.source.0.clone(), row.payout_id.clone(), row.on, currency)).or_default().push(row);
            }
            _ => plan_row(planner, row),
        }
    }
    for ((_, payout, on, currency), rows) in fees {
        plan_fees(planner, &payout, on, currency, &rows);
    }
}

/// One entry per payout and day: the sum of the fees as charged one by one.
fn plan_fees(planner: &mut Planner<'_, '_>, payout: &str, on: Date, currency: Currency, rows: &[&SettlementRow]) {
    let fee_of = |row: &SettlementRow| if row.kind == SettlementKind::Fee { row.net } else { row.fee };
    let Ok(total) = Money::sum(currency, rows.iter().map(|row| fee_of(row))) else { return };
    let (Some(first), false) = (rows.first(), total.is_zero()) else { return };
    let Some(clearing) = planner.snapshot.settings.clearing_of_source(&first.source.0, currency) else { return };
    let key =
        format!("TO-FEE-{}-{}", plain(if payout.is_empty() { &first.row_id } else { payout }), on.strftime("%m%d"));
    let of = if payout.is_empty() { on.to_string() } else { payout.to_owned() };
    let accounts = &planner.snapshot.settings.accounts;
    let entry = vec![(accounts.fees.clone(), -total), (clearing.account.clone(), total)];
    propose(
        planner,
        Entry {
            missing: ExceptionKind::FeeNotPosted,
            key,
            on,
            lines: entry,
            title: format!("Gateway fees, {} of {of}", clearing.method),
            because: format!("{} settlement rows of {of} charge fees that the ledger does not hold", rows.len()),
            facts: rows.iter().map(|row| row.record()).collect(),
            checks: vec![pass(format!("{} fees as the settlement file says them, none recomputed", rows.len()))],
            after: vec![],
        },
    );
}

fn plan_row(planner: &mut Planner<'_, '_>, row: &SettlementRow) {
    let settings = planner.snapshot.settings;
    let Some(clearing) = settings.clearing_of_source(&row.source.0, row.net.currency()) else { return };
    let accounts = &settings.accounts;
    let id = plain(&row.row_id);
    let (disputed, reserve) = (&accounts.chargebacks_in_dispute, &accounts.reserve);
    let (counter, tag, title, missing) = match row.kind {
        SettlementKind::Chargeback => (disputed, "CB", "Chargeback opened", ExceptionKind::ChargebackOpen),
        SettlementKind::ChargebackReversal => (disputed, "CBR", "Chargeback won", ExceptionKind::ChargebackOpen),
        SettlementKind::ChargebackFee => {
            (&accounts.chargeback_fees, "CBF", "Chargeback fee", ExceptionKind::FeeNotPosted)
        }
        SettlementKind::ReserveHold => (reserve, "RSH", "Reserve held", ExceptionKind::ReserveNotPosted),
        SettlementKind::ReserveRelease => (reserve, "RSR", "Reserve released", ExceptionKind::ReserveNotPosted),
        SettlementKind::Payout => return plan_payout(planner, row, clearing),
        SettlementKind::Adjustment => {
            let why = format!("the gateway adjusted by {}: {}", row.net, row.description);
            planner.hold(
                ExceptionKind::SettlementAdjustment,
                vec![row.record()],
                Some(row.net),
                Some(row.on),
                subject(row),
                why,
            );
            return;
        }
        SettlementKind::Charge | SettlementKind::Refund | SettlementKind::Fee | SettlementKind::BankLine => return,
    };
    let order = if row.order_number.is_empty() { String::new() } else { format!(", order {}", row.order_number) };
    propose(
        planner,
        Entry {
            missing,
            key: format!("TO-{tag}-{id}"),
            on: row.on,
            lines: vec![(counter.clone(), -row.net), (clearing.account.clone(), row.net)],
            title: format!("{title}, {}{order}", clearing.method),
            because: format!("{} says so and the ledger does not hold it", row.source.words()),
            facts: vec![row.record()],
            checks: if row.kind == SettlementKind::Chargeback {
                vec![review("answer the dispute before its deadline")]
            } else {
                vec![]
            },
            after: vec![],
        },
    );
}

fn plan_payout(planner: &mut Planner<'_, '_>, row: &SettlementRow, clearing: &Clearing) {
    let snapshot = planner.snapshot;
    let members = snapshot.settlements.values().filter(|it| {
        it.source == row.source
            && it.payout_id == row.payout_id
            && it.kind != SettlementKind::Payout
            && it.net.currency() == row.net.currency()
    });
    let sum = Money::sum(row.net.currency(), members.map(|it| it.net)).unwrap_or(Money::zero(row.net.currency()));
    if let Ok(difference) = sum.checked_add(row.net)
        && !difference.is_zero()
    {
        let why = format!("its rows come to {sum}, the payout is {}", -row.net);
        planner.hold(
            ExceptionKind::PayoutVariance,
            vec![row.record()],
            Some(difference),
            Some(row.on),
            subject(row),
            why,
        );
        return;
    }
    let bank_line = at_the_bank(snapshot, row);
    let check = match bank_line {
        Some(line) => pass(format!("bank line of {} equals the payout to the cent", line.on)),
        None => review("no bank line equals it yet: import the bank file, or see that it arrived"),
    };
    propose(
        planner,
        Entry {
            missing: ExceptionKind::PayoutNotPosted,
            key: format!("TO-PO-{}", plain(&row.payout_id)),
            on: row.on,
            lines: vec![(clearing.bank_account.clone(), -row.net), (clearing.account.clone(), row.net)],
            title: format!("Payout {}, {}", row.payout_id, clearing.method),
            because: format!("{} says it was paid out and the ledger does not hold it", row.source.words()),
            facts: vec![row.record()],
            checks: vec![check, pass("its rows come to the payout to the cent")],
            after: vec![],
        },
    );
}

/// Days a payout may take to reach the bank.
pub const ARRIVAL_DAYS_MAX: i32 = 7;

/// The line of the bank's file that the payout arrived as.
pub fn at_the_bank<'a>(snapshot: &Snapshot<'a>, payout: &SettlementRow) -> Option<&'a SettlementRow> {
    snapshot.settlements.values().copied().find(|it| {
        it.kind == SettlementKind::BankLine
            && it.net == -payout.net
            && it.on >= payout.on
            && (it.on - payout.on).get_days() <= ARRIVAL_DAYS_MAX
    })
}

struct Entry {
    /// What the ledger lacks until the entry is posted.
    missing: ExceptionKind,
    key: String,
    on: Date,
    lines: Vec<(String, Money)>,
    title: String,
    because: String,
    facts: Vec<RecordRef>,
    checks: Vec<Check>,
    after: Vec<PostingId>,
}

fn propose(planner: &mut Planner<'_, '_>, entry: Entry) {
    let settings = planner.snapshot.settings;
    let stake = entry.lines.first().map(|(_, amount)| -*amount);
    let lines = entry
        .lines
        .into_iter()
        .map(|(account, amount)| JournalLine {
            account,
            amount,
            memo: entry.title.clone(),
            dimensions: settings.default_dimensions(),
        })
        .collect();
    let on = planner.snapshot.day_for(&entry.key, entry.on);
    match JournalEntry::new(&settings.journal.symbol, on, &entry.title, &entry.key, lines) {
        Ok(document) => {
            let proposed = planner.propose(Draft {
                document: Document::JournalEntry(planner.snapshot.with_rate(document)),
                facts: entry.facts.clone(),
                because: entry.because.clone(),
                own_day: entry.on,
                subject: entry.title.clone(),
                checks: entry.checks,
                after: entry.after,
            });
            if proposed.is_some() {
                let why = format!("{}; its entry is proposed and not posted yet", entry.because);
                planner.hold(entry.missing, entry.facts, stake, Some(entry.on), entry.title, why);
            }
        }
        Err(error) => planner.hold(
            ExceptionKind::AccountMissing,
            entry.facts,
            stake,
            Some(entry.on),
            entry.title,
            format!("{error}; name the account under [accounts] in Settings"),
        ),
    }
}

pub fn subject(row: &SettlementRow) -> String {
    [row.payout_id.as_str(), row.gateway_ref.as_str(), row.order_number.as_str()]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
