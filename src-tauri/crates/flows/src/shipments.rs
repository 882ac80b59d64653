//! Shipments to the store: what has left the warehouse, as tracking numbers and as the status of the order. All documents of
//! an order are looked at together, so the order in which they are heard of makes no difference.

use crate::action::{Action, is_further, is_on_the_way, same_number};
use crate::letter::{Cause, Letter};
use crate::plan::FlowPlan;
use crate::write::{Change, Flow, PlannedWrite};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Order, Shipment, ShippingStatus};
use tieout_planning::Settings;

pub const STATUS: &str = "status";
/// What an order is while only a part of it has left.
const PROCESSING: &str = "P";

pub struct Facts<'a> {
    pub settings: &'a Settings,
    /// By their numbers.
    pub orders: &'a BTreeMap<String, Order>,
    /// Every Order Entry document, those that ship and those they were made from.
    pub documents: &'a [Shipment],
    /// Whether this store's version takes tracking numbers.
    pub takes_tracking: bool,
}

pub fn plan(facts: &Facts<'_>) -> FlowPlan {
    let mut plan = FlowPlan::new(Flow::Shipments);
    let by_id: BTreeMap<&str, &Shipment> = facts.documents.iter().map(|it| (it.doc_id.as_str(), it)).collect();
    let mut of_order: BTreeMap<&str, Vec<&Shipment>> = BTreeMap::new();
    for document in facts.documents.iter().filter(|it| ships(facts.settings, it)) {
        let key = format!("{}/{}", Flow::Shipments, document.record());
        match order_number(facts, document, &by_id) {
            Some(number) => {
                of_order.entry(number).or_default().push(document);
            }
            None => plan.letters.push(Letter {
                flow: Flow::Shipments,
                key,
                title: document.doc_id.clone(),
                cause: Cause::UnknownOrder,
                why: format!("{} names order {:?}, which the store does not have", document.doc_id, document.reference),
                raw: raw(document),
            }),
        }
    }
    for (number, documents) in of_order {
        if let Some(order) = facts.orders.get(number) {
            of_one(facts, order, &documents, &by_id, &mut plan);
        }
    }
    plan
}

fn ships(settings: &Settings, document: &Shipment) -> bool {
    let rules = &settings.flows.shipments;
    let recent = rules.since.is_none_or(|since| document.shipped_on.is_none_or(|on| on >= since));
    let said = document.shipped_on.is_some() || !document.tracking.is_empty();
    rules.definitions.contains(&document.definition) && document.state != "Draft" && said && recent
}

/// By its reference, by its own number, or by the document it was made from.
fn order_number<'a>(facts: &'a Facts<'_>, document: &Shipment, by_id: &BTreeMap<&str, &Shipment>) -> Option<&'a str> {
    let prefix = facts.settings.orders.number_prefix.as_str();
    let source = by_id.get(document.created_from.as_str());
    let names = [
        Some(&document.reference),
        Some(&document.number),
        source.map(|it| &it.reference),
        source.map(|it| &it.number),
    ];
    names.into_iter().flatten().find_map(|name| {
        let plain = name.strip_prefix(prefix).unwrap_or(name);
        facts.orders.get_key_value(plain).map(|(number, _)| number.as_str())
    })
}

fn of_one(
    facts: &Facts<'_>,
    order: &Order,
    documents: &[&Shipment],
    by_id: &BTreeMap<&str, &Shipment>,
    plan: &mut FlowPlan,
) {
    let mut first = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for document in documents {
        for number in document.tracking.iter().filter(|it| !it.trim().is_empty()) {
            if seen.insert(number) {
                first.extend(tracking(facts, order, document, number, plan));
            }
        }
    }
    let key = format!("{}/{}/{STATUS}", Flow::Shipments, order.record());
    let now = order.shipping_status.code();
    if let ShippingStatus::Unknown(code) = &order.shipping_status {
        plan.letters.push(Letter {
            flow: Flow::Shipments,
            key,
            title: format!("#{}", order.number),
            cause: Cause::UnknownStatus,
            why: format!("order {} has the shipping status {code:?}, which this store made up", order.number),
            raw: serde_json::to_string_pretty(order).expect("an order is plain data"),
        });
        return;
    }
    let shipped = facts.settings.flows.shipments.shipped.as_str();
    let to = if documents.iter().any(|it| leaves_nothing(it, by_id)) { shipped } else { PROCESSING };
    if now == to || is_further(now, to) || !is_on_the_way(now) {
        plan.equal += 1;
        return;
    }
    let names: Vec<&str> = documents.iter().map(|it| it.doc_id.as_str()).collect();
    plan.writes.push(PlannedWrite {
        flow: Flow::Shipments,
        target: order.record(),
        facet: STATUS.into(),
        title: format!("#{}", order.number),
        action: Action::SetShippingStatus { order: order.id, from: now.to_owned(), to: to.to_owned() },
        changes: vec![Change::new("shipping status", now, to)],
        because: format!("{} left the warehouse", names.join(", ")),
        warnings: vec![],
        after: first,
    });
}

/// A document that was made from no other, or whose order has nothing left to convert.
fn leaves_nothing(document: &Shipment, by_id: &BTreeMap<&str, &Shipment>) -> bool {
    by_id.get(document.created_from.as_str()).is_none_or(|source| source.state == "Converted")
}

/// Gives the key of the write, where one is needed.
fn tracking(
    facts: &Facts<'_>,
    order: &Order,
    document: &Shipment,
    number: &str,
    plan: &mut FlowPlan,
) -> Option<String> {
    let facet = format!("tracking {number}");
    let key = format!("{}/{}/{facet}", Flow::Shipments, order.record());
    if order.tracking_numbers.iter().any(|it| same_number(it, number)) {
        plan.equal += 1;
        return None;
    }
    let carrier = facts.settings.flows.shipments.carriers.get(&document.carrier).map_or("", String::as_str);
    let text = if carrier.is_empty() { number.to_owned() } else { format!("{carrier} {number}") };
    if !facts.takes_tracking {
        plan.letters.push(Letter {
            flow: Flow::Shipments,
            key,
            title: format!("#{}", order.number),
            cause: Cause::ByHand,
            why: format!(
                "this store's version takes no tracking numbers from outside: enter {text} on order {} by hand",
                order.number
            ),
            raw: raw(document),
        });
        return None;
    }
    plan.writes.push(PlannedWrite {
        flow: Flow::Shipments,
        target: order.record(),
        facet,
        title: format!("#{}", order.number),
        action: Action::AddTracking { order: order.id, number: text.clone() },
        changes: vec![Change::new("tracking number", "", text)],
        because: format!("{} has it", document.doc_id),
        warnings: vec![],
        after: vec![],
    });
    Some(key)
}

fn raw(document: &Shipment) -> String {
    serde_json::to_string_pretty(document).expect("a document is plain data")
}
