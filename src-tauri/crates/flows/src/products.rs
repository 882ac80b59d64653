//! Products and prices to the store: what Intacct says of an item, where the settings give it the say.

use crate::action::{Action, ProductFields};
use crate::letter::{Cause, Letter};
use crate::plan::FlowPlan;
use crate::stock::{item_of, raw};
use crate::write::{Change, Flow, PlannedWrite};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tieout_domain::{ItemOffer, PriceEntry, ProductCard};
use tieout_planning::{ProductField, Settings};

pub const FACET: &str = "product";
/// X-Cart's own limit of a product name (reference/xcart.md 4.4).
const NAME_MAX: usize = 255;
/// X-Cart keeps prices with four decimals (reference/xcart.md 0.7).
const PRICE_DECIMALS: u32 = 4;

pub struct Facts<'a> {
    pub settings: &'a Settings,
    pub products: &'a [ProductCard],
    pub items: &'a BTreeMap<String, ItemOffer>,
    pub prices: &'a [PriceEntry],
    /// Of the store and of the books, as three letters.
    pub store_currency: &'a str,
    pub base_currency: &'a str,
    /// The day prices are looked up for.
    pub today: Date,
}

pub fn plan(facts: &Facts<'_>) -> FlowPlan {
    let mut plan = FlowPlan::new(Flow::Products);
    let prices = prices_by_item(facts);
    for card in facts.products {
        let key = format!("{}/{}/{FACET}", Flow::Products, card.record());
        let item = item_of(facts.settings, &card.sku);
        let Some(offer) = facts.items.get(item) else {
            let why = format!("SKU {:?} is no item in Intacct", card.sku);
            plan.letters.push(letter(&key, card, Cause::UnknownSku, why));
            continue;
        };
        match wanted(facts, card, offer, prices.get(item)) {
            Err((cause, why)) => plan.letters.push(letter(&key, card, cause, why)),
            Ok(to) => {
                let from = ProductFields::of(card, &to);
                match PlannedWrite::of(facts, card, offer, from, to) {
                    Some(write) => plan.writes.push(write),
                    None => plan.equal += 1,
                }
            }
        }
    }
    plan
}

fn letter(key: &str, card: &ProductCard, cause: Cause, why: String) -> Letter {
    Letter { flow: Flow::Products, key: key.to_owned(), title: card.sku.clone(), cause, why, raw: raw(card) }
}

/// The line of the price list that holds today for one unit: of several, the one that began last.
fn prices_by_item<'a>(facts: &Facts<'a>) -> BTreeMap<&'a str, Vec<&'a PriceEntry>> {
    let list = facts.settings.flows.products.price_list.as_str();
    let mut by_item: BTreeMap<&str, Vec<&PriceEntry>> = BTreeMap::new();
    let single = |it: &&PriceEntry| it.min_quantity.is_none_or(|least| least <= Decimal::ONE);
    for entry in facts.prices.iter().filter(|it| it.list == list && it.holds_on(facts.today)).filter(single) {
        by_item.entry(entry.item_id.as_str()).or_default().push(entry);
    }
    for entries in by_item.values_mut() {
        entries.sort_by_key(|it| (std::cmp::Reverse(it.from), it.record_no.clone()));
    }
    by_item
}

/// What the product should be, or why that cannot be said. A field that already agrees stays out.
fn wanted(
    facts: &Facts<'_>,
    card: &ProductCard,
    offer: &ItemOffer,
    prices: Option<&Vec<&PriceEntry>>,
) -> Result<ProductFields, (Cause, String)> {
    let mut to = ProductFields::default();
    for field in &facts.settings.flows.products.fields {
        match field {
            ProductField::Price => {
                let price = price(facts, offer, prices)?;
                to.price = Some(price).filter(|it| *it != card.price);
            }
            ProductField::Name => {
                if offer.name.chars().count() > NAME_MAX {
                    return Err((
                        Cause::TextTooLong,
                        format!("the name of item {} has more than 255 letters", offer.item_id),
                    ));
                }
                let differs = card.name.as_ref().is_some_and(|it| *it != offer.name);
                to.name = Some(offer.name.clone()).filter(|it| differs && !it.is_empty());
            }
            ProductField::Description => {
                let differs = card.description.as_ref().is_some_and(|it| *it != offer.description);
                to.description = Some(offer.description.clone()).filter(|it| differs && !it.is_empty());
            }
            ProductField::Weight => to.weight = offer.weight.filter(|it| *it != card.weight),
            ProductField::Enabled => to.enabled = (!offer.active && card.enabled).then_some(false),
        }
    }
    Ok(to)
}

fn price(facts: &Facts<'_>, offer: &ItemOffer, prices: Option<&Vec<&PriceEntry>>) -> Result<Decimal, (Cause, String)> {
    let item = &offer.item_id;
    let list = &facts.settings.flows.products.price_list;
    let price = if list.is_empty() {
        if facts.base_currency != facts.store_currency {
            let (base, store) = (facts.base_currency, facts.store_currency);
            return Err((Cause::CurrencyMissing, format!("base prices are in {base}, the store sells in {store}")));
        }
        offer.base_price.ok_or_else(|| (Cause::PriceMissing, format!("item {item} has no base price")))?
    } else {
        let prices = prices
            .ok_or_else(|| (Cause::PriceMissing, format!("price list {list:?} has no line for item {item} today")))?;
        let currency_of = |it: &PriceEntry| {
            if it.currency.is_empty() { facts.base_currency.to_owned() } else { it.currency.clone() }
        };
        let entry = prices.iter().find(|it| currency_of(it) == facts.store_currency).ok_or_else(|| {
            let why = format!("price list {list:?} has no price for item {item} in {}", facts.store_currency);
            (Cause::CurrencyMissing, why)
        })?;
        entry.value
    };
    if price <= Decimal::ZERO {
        return Err((Cause::PriceZero, format!("the price of item {item} is {}", price.normalize())));
    }
    Ok(price.round_dp(PRICE_DECIMALS))
}

/// By how many percent a price moves; `None` where there was none.
fn percent_moved(from: Decimal, to: Decimal) -> Option<Decimal> {
    (!from.is_zero()).then(|| ((to - from) * Decimal::ONE_HUNDRED / from).round_dp(1))
}

impl PlannedWrite {
    fn of(
        facts: &Facts<'_>,
        card: &ProductCard,
        offer: &ItemOffer,
        from: ProductFields,
        to: ProductFields,
    ) -> Option<PlannedWrite> {
        if to.is_empty() {
            return None;
        }
        let rules = &facts.settings.flows.products;
        let mut warnings = Vec::new();
        if let Some(price) = to.price {
            match percent_moved(card.price, price) {
                Some(percent) if percent < -Decimal::from(rules.drop_percent_max) => {
                    warnings.push(format!("the price falls by {} %", percent.abs()));
                }
                Some(percent) if percent > Decimal::from(rules.rise_percent_max) => {
                    warnings.push(format!("the price rises by {percent} %"));
                }
                None => warnings.push("the store sells it for nothing now".into()),
                _ => {}
            }
        }
        if to.enabled == Some(false) {
            warnings.push("it is taken off sale".into());
        }
        Some(PlannedWrite {
            flow: Flow::Products,
            target: card.record(),
            facet: FACET.into(),
            title: card.sku.clone(),
            changes: changes(&from, &to),
            action: Action::SetProduct { product: card.id, from, to },
            because: format!("as item {} is in Intacct", offer.item_id),
            warnings,
            after: vec![],
        })
    }
}

/// Field by field, for whoever reads it.
pub fn changes(from: &ProductFields, to: &ProductFields) -> Vec<Change> {
    let mut all = Vec::new();
    let mut add = |field: &str, before: Option<String>, after: Option<String>| {
        if let Some(after) = after {
            all.push(Change::new(field, before.unwrap_or_default(), after));
        }
    };
    let sale = |it: &Option<bool>| it.map(|on| if on { "on sale" } else { "off sale" }.to_owned());
    let figure = |it: &Option<Decimal>| it.map(|it| it.normalize().to_string());
    add("price", figure(&from.price), figure(&to.price));
    add("name", from.name.clone(), to.name.clone());
    add("description", from.description.clone(), to.description.clone());
    add("weight", figure(&from.weight), figure(&to.weight));
    add("on sale", sale(&from.enabled), sale(&to.enabled));
    all
}
