//! Orders beside their invoices: what was delivered and never invoiced, and tax that is not what the customer paid.

use crate::plan::Planner;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::reference::{normalised, tokens};
use tieout_domain::{ExceptionKind, Invoice, Order, PaymentEvent, ShippingStatus, SurchargeKind};
use tieout_money::Money;

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    let mut invoices: BTreeMap<String, Vec<&Invoice>> = BTreeMap::new();
    for &invoice in &snapshot.invoices {
        for key in keys(invoice) {
            invoices.entry(key).or_default().push(invoice);
        }
    }
    let mut payments: BTreeMap<u64, Vec<&PaymentEvent>> = BTreeMap::new();
    for payment in snapshot.payments.values().filter(|it| it.kind.moves_money()) {
        payments.entry(payment.order_id).or_default().push(payment);
    }
    let orders: Vec<&Order> = snapshot.orders.values().copied().collect();
    for order in orders.into_iter().filter(|it| it.placed_on >= snapshot.settings.cut_over) {
        let paid = payments.get(&order.id).map_or(&[][..], Vec::as_slice);
        match invoices.get(&normalised(&order.number)) {
            None => delivered(planner, order, paid),
            Some(invoices) => taxed(planner, order, invoices),
        }
    }
}

/// The order numbers an invoice can be found by, as [`tieout_domain::reference::names`] reads them.
fn keys(invoice: &Invoice) -> BTreeSet<String> {
    let texts = [&invoice.reference, &invoice.number];
    texts.into_iter().flat_map(|it| tokens(it).into_iter().chain([normalised(it)])).collect()
}

/// The goods are out and the money is in: the sale has happened, and the books do not say so.
fn delivered(planner: &mut Planner<'_, '_>, order: &Order, paid: &[&PaymentEvent]) {
    let is_out = matches!(order.shipping_status, ShippingStatus::Shipped | ShippingStatus::Delivered);
    let kept = Money::sum(order.currency, paid.iter().map(|it| it.amount)).unwrap_or(Money::zero(order.currency));
    let is_booked = paid.iter().any(|it| planner.snapshot.booked_without_invoice.contains(&it.record()));
    if is_out && kept.is_positive() && !is_booked {
        let state = if order.shipping_status == ShippingStatus::Shipped { "shipped" } else { "delivered" };
        let why = format!("it is {state} and {kept} was paid, and no invoice in Intacct names it");
        hold(planner, ExceptionKind::OrderWithoutInvoice, order, kept, why);
    }
}

/// Said only where everything but the tax agrees: then the difference is the tax and nothing else.
fn taxed(planner: &mut Planner<'_, '_>, order: &Order, invoices: &[&Invoice]) {
    let Some(booked) = &planner.snapshot.invoice_taxes else { return };
    let stands = |it: &&&Invoice| !matches!(it.state.as_str(), "Draft" | "Reversed" | "Voided" | "Void");
    let invoices: Vec<&Invoice> = invoices.iter().filter(stands).copied().collect();
    if invoices.iter().any(|it| it.on < planner.snapshot.settings.cut_over) {
        return; // the ledger is read from the cut-over on
    }
    let zero = Money::zero(order.currency);
    let Ok(charged) = Money::new(order.surcharge_total(SurchargeKind::Tax), order.currency) else { return };
    let tax_of = |it: &Invoice| booked.get(&it.number).copied().unwrap_or(zero);
    let sums = (
        Money::sum(order.currency, invoices.iter().map(|it| it.total)),
        Money::sum(order.currency, invoices.iter().map(|it| tax_of(it))),
    );
    let (Ok(total), Ok(tax)) = sums else { return };
    let (Ok(invoiced), Ok(sold)) = (total.checked_sub(tax), order.total.checked_sub(charged)) else { return };
    let Ok(difference) = charged.checked_sub(tax) else { return };
    if invoices.is_empty() || invoiced != sold || difference.is_zero() {
        return;
    }
    let numbers = invoices.iter().map(|it| it.number.as_str()).collect::<Vec<_>>().join(", ");
    let why = format!("the customer was charged {charged} of tax, invoice {numbers} holds {tax}; all else agrees");
    hold(planner, ExceptionKind::TaxVariance, order, difference, why);
}

fn hold(planner: &mut Planner<'_, '_>, kind: ExceptionKind, order: &Order, stake: Money, why: String) {
    let subject = format!("#{} {}", order.number, order.party());
    planner.hold(kind, vec![order.record()], Some(stake), Some(order.placed_on), subject.trim(), why);
}
