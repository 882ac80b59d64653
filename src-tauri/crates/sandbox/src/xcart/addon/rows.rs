//! Which rows a list shows: all of them in order of id, narrowed by the few conditions that work
//! (`reference/xcart.md` 5).

use super::entity::Entity;
use super::{items, scalars};
use crate::xcart::model::*;
use crate::xcart::php::{Query, int};
use serde_json::Value;

pub fn list(store: &Store, entity: Entity, query: &Query) -> Value {
    let orders = || store.orders.values();
    let transactions = || orders().flat_map(|order| &order.transactions);
    match entity {
        Entity::Order => {
            ids(store, entity, query).iter().filter_map(|id| store.orders.get(id)).map(scalars::order).collect()
        }
        Entity::Product => {
            ids(store, entity, query).iter().filter_map(|id| store.products.get(id)).map(scalars::product).collect()
        }
        Entity::Profile => {
            let all = items::profiles(store);
            ids(store, entity, query).iter().filter_map(|id| all.get(id)).map(|row| scalars::profile(row)).collect()
        }
        Entity::OrderItem => page(query, orders().flat_map(|order| &order.items), |row| row.id, scalars::item),
        Entity::OrderSurcharge => {
            page(query, orders().flat_map(|order| &order.surcharges), |row| row.id, scalars::surcharge)
        }
        Entity::OrderHistoryEvents => {
            page(query, orders().flat_map(|order| &order.history), |row| row.id, scalars::event)
        }
        Entity::OrderTrackingNumber => {
            page(query, orders().flat_map(|order| &order.tracking_numbers), |row| row.id, scalars::tracking)
        }
        Entity::PaymentTransaction => page(query, transactions(), |row| row.id, scalars::transaction),
        Entity::PaymentBackendTransaction => {
            let steps = transactions().flat_map(|row| &row.backend_transactions);
            page(query, steps, |row| row.id, scalars::backend_transaction)
        }
        Entity::Address => page(query, items::addresses(store).into_iter(), |row| row.id, scalars::address),
        Entity::OrderStatusPayment => page(query, store.payment_statuses.iter(), |row| row.id, scalars::status),
        Entity::OrderStatusShipping => page(query, store.shipping_statuses.iter(), |row| row.id, scalars::status),
        Entity::Currency => {
            page(query, scalars::CURRENCIES.iter(), |row| row.0, |(_, code, ..)| scalars::currency(code))
        }
    }
}

/// The ids of orders, products or profiles a list shows; profiles include every order's copy.
pub fn ids(store: &Store, entity: Entity, query: &Query) -> Vec<u64> {
    let ids: Vec<u64> = match entity {
        Entity::Order => {
            let payment = wanted(query, "paymentStatus");
            // UNVERIFIED: only paymentStatus was seen to work; its twin is taken to.
            let shipping = wanted(query, "shippingStatus");
            store
                .orders
                .values()
                .filter(|order| fits(&payment, order.payment_status.as_deref()))
                .filter(|order| fits(&shipping, order.shipping_status.as_deref()))
                .map(|order| order.id)
                .collect()
        }
        Entity::Product => store.products.keys().copied().collect(),
        Entity::Profile => items::profiles(store).into_keys().collect(),
        _ => Vec::new(),
    };
    limited(query, ids)
}

fn wanted<'a>(query: &'a Query, name: &str) -> Option<Vec<&'a str>> {
    let rows: Vec<&str> = query
        .named("_cnd")
        .filter(|it| it.parts.first().is_some_and(|part| part == name))
        .map(|it| it.value.as_str())
        .collect();
    (!rows.is_empty()).then_some(rows)
}

fn fits(wanted: &Option<Vec<&str>>, code: Option<&str>) -> bool {
    wanted.as_ref().is_none_or(|wanted| code.is_some_and(|code| wanted.contains(&code)))
}

fn page<'a, T: 'a>(
    query: &Query,
    rows: impl Iterator<Item = &'a T>,
    id: impl Fn(&T) -> u64,
    render: impl Fn(&T) -> Value,
) -> Value {
    let mut rows: Vec<&T> = rows.collect();
    rows.sort_by_key(|row| id(row));
    limited(query, rows).into_iter().map(render).collect()
}

/// `_cnd[limit][0]=offset&_cnd[limit][1]=count`; another shape of limit finds nothing.
fn limited<T>(query: &Query, rows: Vec<T>) -> Vec<T> {
    let bound = |part: &str| {
        query
            .named("_cnd")
            .find(|it| it.parts == ["limit", part])
            .map(|it| usize::try_from(int(&it.value)).unwrap_or(0))
    };
    match (bound("0"), bound("1")) {
        (Some(offset), Some(count)) => rows.into_iter().skip(offset).take(count).collect(),
        _ if query.named("_cnd").any(|it| it.parts.first().is_some_and(|part| part == "limit")) => Vec::new(),
        _ => rows,
    }
}
