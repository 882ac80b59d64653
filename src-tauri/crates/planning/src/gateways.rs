//! What the gateways' files say about themselves, whether or not it is booked: fees beside the contract, captures no
//! file holds, payouts that are on their way or late.

use crate::plan::Planner;
use crate::settings::{Clearing, Contract};
use crate::settlements::{ARRIVAL_DAYS_MAX, at_the_bank, subject};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{ExceptionKind, PaymentEventKind, RecordRef, SettlementKind};
use tieout_money::{Currency, Money};

/// A file that goes on for longer than this after a capture has left it out.
const SETTLES_DAYS_MAX: i32 = 3;

pub fn plan(planner: &mut Planner<'_, '_>) {
    fees(planner);
    missing_from_files(planner);
    strangers(planner);
    payouts_under_way(planner);
}

/// Where the settings hold the gateway's contract, every charge is held against it.
fn fees(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    for row in snapshot.settlements.values().copied() {
        if row.kind != SettlementKind::Charge || row.on < snapshot.settings.cut_over {
            continue;
        }
        let clearing = snapshot.settings.clearing_of_source(&row.source.0, row.net.currency());
        let Some(contract) = clearing.and_then(Clearing::contract) else { continue };
        let agreed = contract.fees(row.gross);
        // Gateways round in ways of their own: a cent is no claim.
        let differs = |fee: &Money| (fee.minor() + row.fee.minor()).abs() > 1;
        if agreed.is_empty() || !agreed.iter().all(differs) {
            continue;
        }
        let words = agreed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let nearest = agreed.iter().min_by_key(|it| (it.minor() + row.fee.minor()).abs()).copied();
        let stake = nearest.and_then(|it| row.fee.checked_add(it).ok());
        let why = format!("{} was charged on {}, the contract says {words}", row.fee.abs(), row.gross);
        planner.hold(ExceptionKind::FeeVariance, vec![row.record()], stake, Some(row.on), subject(row), why);
    }
}

/// Judged only for days the imported files cover.
fn missing_from_files(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let charges = || snapshot.settlements.values().filter(|it| it.kind == SettlementKind::Charge);
    let mut days: BTreeMap<(&str, Currency), (Date, Date)> = BTreeMap::new();
    for row in charges() {
        let span = days.entry((&row.source.0, row.net.currency())).or_insert((row.on, row.on));
        *span = (span.0.min(row.on), span.1.max(row.on));
    }
    let by_reference: BTreeSet<&str> = charges().map(|it| it.gateway_ref.as_str()).collect();
    let by_order: BTreeSet<(&str, Currency, i64)> =
        charges().map(|it| (it.order_number.as_str(), it.gross.currency(), it.gross.minor())).collect();
    for payment in snapshot.payments.values() {
        let currency = payment.amount.currency();
        if payment.kind != PaymentEventKind::Capture || payment.on < snapshot.settings.cut_over {
            continue;
        }
        let clearing = snapshot.settings.clearing(&payment.method, currency);
        let Some(source) = clearing.map(|it| format!("file/{}", it.settlement)) else { continue };
        let Some((first, last)) = days.get(&(source.as_str(), currency)) else { continue };
        let is_covered = *first <= payment.on && (*last - payment.on).get_days() > SETTLES_DAYS_MAX;
        let is_there = payment.gateway_ref.as_deref().is_some_and(|it| by_reference.contains(it))
            || by_order.contains(&(payment.order_number.as_str(), currency, payment.amount.minor()));
        if is_covered && !is_there {
            let why = format!("the files of {source} go on through {last}, and none holds it");
            planner.hold(
                ExceptionKind::MissingSettlement,
                vec![payment.record()],
                Some(payment.amount),
                Some(payment.on),
                crate::receipts::subject(payment),
                why,
            );
        }
    }
}

/// Charges of the gateway that no payment of the store is: not by its reference, nor by order and amount.
fn strangers(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let payments = || snapshot.payments.values();
    let references: BTreeSet<&str> = payments().filter_map(|it| it.gateway_ref.as_deref()).collect();
    let amounts: BTreeSet<(&str, Currency, i64)> =
        payments().map(|it| (it.order_number.as_str(), it.amount.currency(), it.amount.abs().minor())).collect();
    for row in snapshot.settlements.values().copied() {
        let is_known = references.contains(row.gateway_ref.as_str())
            || amounts.contains(&(row.order_number.as_str(), row.gross.currency(), row.gross.minor()));
        if row.kind == SettlementKind::Charge && row.on >= snapshot.settings.cut_over && !is_known {
            let why = format!("{} charged {}, and no payment at the store is of it", row.source, row.gross);
            planner.hold(
                ExceptionKind::CaptureWithoutOrder,
                vec![row.record()],
                Some(row.gross),
                Some(row.on),
                subject(row),
                why,
            );
        }
    }
}

fn payouts_under_way(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let not_booked: BTreeSet<&RecordRef> = snapshot.left_over.iter().map(|it| &it.record).collect();
    let lines = snapshot.settlements.values().filter(|it| it.kind == SettlementKind::BankLine);
    let bank_through = |currency| lines.clone().filter(|it| it.net.currency() == currency).map(|it| it.on).max();
    let payouts = snapshot.settlements.values().filter(|it| it.kind == SettlementKind::Payout);
    for row in payouts.copied().filter(|it| it.on >= snapshot.settings.cut_over) {
        if at_the_bank(snapshot, row).is_some() {
            continue;
        }
        let days_since = |through: Date| (through - row.on).get_days();
        let is_late = days_since(snapshot.as_of) > ARRIVAL_DAYS_MAX;
        // A payout that is booked is looked for at the bank only as far as the bank's files go.
        let is_known = bank_through(row.net.currency()).is_some_and(|it| days_since(it) > ARRIVAL_DAYS_MAX);
        let (kind, why) = if !is_late {
            (ExceptionKind::InTransit, format!("paid out on {}, expected at the bank", row.on))
        } else if is_known || not_booked.contains(&row.record()) {
            (
                ExceptionKind::LatePayout,
                format!("paid out on {}, and no bank line within {ARRIVAL_DAYS_MAX} days equals it", row.on),
            )
        } else {
            continue;
        };
        planner.hold(kind, vec![row.record()], Some(row.net), Some(row.on), subject(row), why);
    }
}

impl Contract {
    /// What one charge may cost, positive: one fee at home, one abroad.
    pub fn fees(&self, gross: Money) -> Vec<Money> {
        let fixed = self.fixed.minor();
        let fee = |percent: &rust_decimal::Decimal| {
            let share = Money::rounded(gross.amount() * percent / rust_decimal::Decimal::ONE_HUNDRED, gross.currency());
            Some(Money::from_minor(share.ok()?.minor() + fixed, gross.currency()))
        };
        self.percents.iter().filter_map(fee).collect()
    }
}
