//! Stock to the store: what Intacct has to sell, less what the store has sold and Intacct does not know of yet.

use crate::action::Action;
use crate::letter::{Cause, Letter};
use crate::plan::FlowPlan;
use crate::write::{Change, Flow, PlannedWrite};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{ItemOffer, Order, PaymentStatus, ProductCard, StockLevel};
use tieout_planning::Settings;

pub const FACET: &str = "stock";

pub struct Facts<'a> {
    pub settings: &'a Settings,
    pub products: &'a [ProductCard],
    pub levels: &'a [StockLevel],
    pub items: &'a BTreeMap<String, ItemOffer>,
    /// Units sold by the store and not counted by Intacct, by item (see [`reserved`]).
    pub reserved: &'a BTreeMap<String, Decimal>,
}

/// The item a product of the store is, by the settings or by its own SKU.
pub fn item_of<'a>(settings: &'a Settings, sku: &'a str) -> &'a str {
    settings.items.get(sku).map_or(sku, String::as_str)
}

/// What the store's open orders hold of each item while Intacct has no document of theirs. An order that was declined,
/// cancelled or refunded holds nothing: the store puts its units back (reference/xcart.md 4.3).
pub fn reserved<'a>(
    settings: &Settings,
    orders: impl IntoIterator<Item = &'a Order>,
    counted: &BTreeSet<String>,
) -> BTreeMap<String, Decimal> {
    let mut held: BTreeMap<String, Decimal> = BTreeMap::new();
    for order in orders {
        let status = settings.payment_status(&order.payment_status);
        let holds = !matches!(status, PaymentStatus::Declined | PaymentStatus::Cancelled | PaymentStatus::Refunded);
        if !holds || order.placed_on < settings.cut_over || counted.contains(&order.number) {
            continue;
        }
        for line in &order.lines {
            *held.entry(item_of(settings, &line.sku).to_owned()).or_default() += line.quantity;
        }
    }
    held
}

pub fn plan(facts: &Facts<'_>) -> FlowPlan {
    let rules = &facts.settings.flows.stock;
    let mut plan = FlowPlan::new(Flow::Stock);
    let mut totals: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for level in facts.levels {
        if rules.warehouses.is_empty() || rules.warehouses.contains(&level.warehouse) {
            let total = totals.entry(level.item_id.as_str()).or_default();
            total.0 += level.on_hand;
            total.1 += level.on_hold;
        }
    }
    let mut products_of: BTreeMap<&str, Vec<&ProductCard>> = BTreeMap::new();
    for card in facts.products.iter().filter(|it| it.counted) {
        products_of.entry(item_of(facts.settings, &card.sku)).or_default().push(card);
    }
    for (item, cards) in products_of {
        for card in &cards {
            let key = key_of(card);
            let park = |cause, why| Letter {
                flow: Flow::Stock,
                key: key.clone(),
                title: card.sku.clone(),
                cause,
                why,
                raw: raw(card),
            };
            let letter = match (facts.items.get(item), totals.get(item)) {
                (None, _) => Some(park(Cause::UnknownSku, format!("SKU {:?} is no item in Intacct", card.sku))),
                (Some(known), _) if !known.active => Some(park(
                    Cause::InactiveItem,
                    format!("item {item} is inactive and the store has {}", card.amount),
                )),
                // Not a stocked item, and nothing is known of how much there is: unknown is no zero.
                (Some(_), None) => {
                    continue;
                }
                (Some(_), Some(_)) if cards.len() > 1 => Some(park(
                    Cause::Ambiguous,
                    format!("{} products of the store are item {item}; its stock cannot be split", cards.len()),
                )),
                _ => None,
            };
            if let Some(letter) = letter {
                plan.letters.push(letter);
                continue;
            }
            let (on_hand, on_hold) = totals.get(item).copied().unwrap_or_default();
            compare(facts, card, item, on_hand, on_hold, &mut plan);
        }
    }
    plan
}

fn compare(facts: &Facts<'_>, card: &ProductCard, item: &str, on_hand: Decimal, on_hold: Decimal, plan: &mut FlowPlan) {
    let rules = &facts.settings.flows.stock;
    let reserved = facts.reserved.get(item).copied().unwrap_or_default();
    let safety = rules.safety(item);
    let available = (on_hand - on_hold - reserved - Decimal::from(safety)).floor();
    let to = available.max(Decimal::ZERO).to_i64().unwrap_or(i64::MAX);
    if to == card.amount {
        plan.equal += 1;
        return;
    }
    let mut warnings = Vec::new();
    let short = reserved + on_hold - on_hand;
    if short > Decimal::ZERO {
        warnings.push(format!("oversold: {} more are promised than are on hand", short.normalize()));
    }
    let step = card.amount.abs_diff(to);
    if step > u64::from(rules.automatic_max) {
        warnings.push(format!("a change of {step} units is above {}", rules.automatic_max));
    }
    plan.writes.push(PlannedWrite {
        flow: Flow::Stock,
        target: card.record(),
        facet: FACET.into(),
        title: card.sku.clone(),
        action: Action::SetStock { product: card.id, from: card.amount, to },
        changes: vec![Change::new("in stock", card.amount, to)],
        because: format!(
            "item {item}: {} on hand, {} on hold, {} sold and not in Intacct yet, {safety} kept back",
            on_hand.normalize(),
            on_hold.normalize(),
            reserved.normalize()
        ),
        warnings,
        after: vec![],
    });
}

fn key_of(card: &ProductCard) -> String {
    format!("{}/{}/{FACET}", Flow::Stock, card.record())
}

pub(crate) fn raw(card: &ProductCard) -> String {
    serde_json::to_string_pretty(card).expect("a product is plain data")
}
