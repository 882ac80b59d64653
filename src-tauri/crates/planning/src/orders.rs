//! Orders that are not in Intacct yet become sales orders: lines, shipping, discount and tax as the store says
//! them, and a total that must come back to the cent.

use crate::checks::pass;
use crate::plan::{Draft, Planner};
use crate::snapshot::Snapshot;
use crate::words::shortened;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use tieout_domain::reference::normalised;
use tieout_domain::{
    Dimensions, Document, ExceptionKind, Order, PaymentStatus, SalesOrder, SalesOrderLine, Subtotal, SurchargeKind,
};
use tieout_money::{Money, MoneyError};

pub fn plan(planner: &mut Planner<'_, '_>) {
    let snapshot = planner.snapshot;
    if snapshot.settings.orders.definition.is_empty() {
        return;
    }
    let prefix = &snapshot.settings.orders.number_prefix;
    let known: BTreeSet<String> = snapshot
        .sales_documents
        .iter()
        .flat_map(|it| {
            [normalised(it.number.strip_prefix(prefix.as_str()).unwrap_or(&it.number)), normalised(&it.reference)]
        })
        .chain(snapshot.invoices.iter().flat_map(|it| [normalised(&it.reference), normalised(&it.number)]))
        .collect();
    let orders: Vec<&Order> = snapshot.orders.values().copied().collect();
    for order in orders {
        let wanted = matches!(
            order.payment_status,
            PaymentStatus::Paid | PaymentStatus::PartiallyPaid | PaymentStatus::Authorized | PaymentStatus::Queued
        );
        if order.placed_on >= snapshot.settings.cut_over
            && wanted
            && !known.contains(&normalised(&order.number))
            && !planner.is_taken_care_of(&order.record())
        {
            plan_order(planner, order);
        }
    }
}

fn plan_order(planner: &mut Planner<'_, '_>, order: &Order) {
    let snapshot = planner.snapshot;
    let subject = format!("#{} {}", order.number, order.party());
    let hold = |planner: &mut Planner<'_, '_>, kind, why: String| {
        planner.hold(kind, vec![order.record()], Some(order.total), Some(order.placed_on), subject.clone(), why);
    };
    let rules = &snapshot.settings.orders;
    let Some(customer_id) = customer_of(snapshot, order) else {
        return hold(
            planner,
            ExceptionKind::UnmappedCustomer,
            format!("order {} belongs to no customer that Settings or Intacct knows", order.number),
        );
    };
    let mut lines = Vec::new();
    for line in &order.lines {
        let Some(item_id) = item_of(snapshot, &line.sku) else {
            return hold(
                planner,
                ExceptionKind::UnmappedSku,
                format!("SKU {:?} is no item in Intacct and not listed under [items]", line.sku),
            );
        };
        lines.push(SalesOrderLine {
            item_id,
            description: shortened(&line.name),
            quantity: line.quantity,
            unit: rules.unit.clone(),
            price: line.price,
            warehouse: Some(rules.warehouse.clone()).filter(|it| !it.is_empty()),
            dimensions: snapshot.settings.default_dimensions(),
            memo: String::new(),
        });
    }
    let subtotals = match subtotals(snapshot, order) {
        Ok(subtotals) => subtotals,
        Err((kind, why)) => return hold(planner, kind, why),
    };
    let goods: Decimal = order.lines.iter().map(|line| line.price.amount * line.quantity).sum();
    let came_to = Money::rounded(goods, order.currency)
        .and_then(|goods| subtotals.iter().try_fold(goods, |sum, it| sum.checked_add(it.total)));
    if came_to != Ok(order.total) {
        let came_to = came_to.map_or_else(|error: MoneyError| error.to_string(), |it| it.to_string());
        return hold(
            planner,
            ExceptionKind::TotalMismatch,
            format!("its lines and surcharges come to {came_to}, the store says {}", order.total),
        );
    }
    let number = format!("{}{}", rules.number_prefix, order.number);
    planner.propose(Draft {
        document: Document::SalesOrder(SalesOrder {
            definition: rules.definition.clone(),
            customer_id,
            on: order.placed_on,
            due_on: None,
            term: Some(rules.term.clone()).filter(|it| !it.is_empty()),
            number,
            reference: order.number.clone(),
            message: format!("X-Cart order {}", order.number),
            currency: order.currency,
            base_currency: snapshot.books.as_ref().map(|it| it.base_currency),
            rate_type: snapshot.rate_type(order.total),
            lines,
            subtotals,
            total: order.total,
        }),
        facts: vec![order.record()],
        because: format!("placed on {} and not in Intacct", order.placed_on),
        own_day: order.placed_on,
        subject,
        checks: vec![pass(format!("lines and surcharges come to {}", order.total))],
        after: vec![],
    });
}

fn subtotals(snapshot: &Snapshot<'_>, order: &Order) -> Result<Vec<Subtotal>, (ExceptionKind, String)> {
    let rules = &snapshot.settings.orders;
    let mut subtotals: Vec<Subtotal> = Vec::new();
    for surcharge in order.surcharges.iter().filter(|it| !it.included && !it.value.amount.is_zero()) {
        let description = match surcharge.kind {
            SurchargeKind::Shipping => rules.shipping_subtotal.clone(),
            SurchargeKind::Discount => rules.discount_subtotal.clone(),
            SurchargeKind::Handling | SurchargeKind::Other => rules.handling_subtotal.clone(),
            SurchargeKind::Tax => {
                snapshot.settings.taxes.get(&surcharge.code).map(|it| it.subtotal.clone()).unwrap_or_default()
            }
        };
        if description.is_empty() {
            return Err((
                ExceptionKind::UnmappedTax,
                format!("surcharge {} ({}) has no subtotal in Settings", surcharge.code, surcharge.name),
            ));
        }
        let total = surcharge.value.rounded().map_err(|error| (ExceptionKind::TotalMismatch, error.to_string()))?;
        match subtotals.iter_mut().find(|it| it.description == description) {
            Some(same) => {
                same.total =
                    same.total.checked_add(total).map_err(|error| (ExceptionKind::TotalMismatch, error.to_string()))?;
            }
            None => subtotals.push(Subtotal { description, total, dimensions: Dimensions::default() }),
        }
    }
    Ok(subtotals)
}

/// By e-mail as listed, else by the profile rule, else the guest customer; only customers Intacct knows.
pub fn customer_of(snapshot: &Snapshot<'_>, order: &Order) -> Option<String> {
    let rules = &snapshot.settings.customers;
    let exists = |id: &String| snapshot.customers.is_empty() || snapshot.customers.contains_key(id);
    if let Some(id) = rules.by_email.get(&order.email) {
        return Some(id.clone());
    }
    let by_profile = order
        .customer_id
        .filter(|_| !rules.profile_prefix.is_empty())
        .map(|id| format!("{}{id}", rules.profile_prefix));
    by_profile
        .filter(exists)
        .or_else(|| Some(rules.guest.clone()).filter(|id| !id.is_empty() && order.customer_id.is_none() && exists(id)))
}

fn item_of(snapshot: &Snapshot<'_>, sku: &str) -> Option<String> {
    let id = snapshot.settings.items.get(sku).cloned().unwrap_or_else(|| sku.to_owned());
    (snapshot.items.is_empty() || snapshot.items.get(&id).is_some_and(|it| it.active))
        .then_some(id)
        .filter(|id| !id.is_empty())
}
