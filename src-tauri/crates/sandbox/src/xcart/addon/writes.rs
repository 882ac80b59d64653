//! What the add-on's POST, PUT and DELETE do, and how often a 200 means that nothing happened
//! (`reference/xcart.md` 5).

use super::entity::Entity;
use super::{Failure, items, scalars};
use crate::xcart::exchange::Request;
use crate::xcart::json::decimal;
use crate::xcart::model::*;
use crate::xcart::php::int;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

type Input = Map<String, Value>;

pub fn write(
    store: &mut Store,
    entity: Entity,
    id: Option<u64>,
    method: &str,
    request: &Request,
) -> Result<Value, Failure> {
    if method == "DELETE" {
        return delete(store, entity, id);
    }
    let input = input(request)?;
    match (method, id, input) {
        ("POST", _, Value::Object(input)) => create(store, entity, &input),
        ("PUT", Some(id), Value::Object(input)) => {
            update(store, entity, id, &input)?;
            Ok(items::one(store, entity, id).unwrap_or(Value::Null))
        }
        ("PUT", None, Value::Array(rows)) => {
            let mut shown = Vec::new();
            for row in rows.iter().filter_map(Value::as_object) {
                let id = whole(row, id_column(entity)).and_then(|id| u64::try_from(id).ok()).unwrap_or(0);
                update(store, entity, id, row)?;
                shown.extend(plain(store, entity, id));
            }
            Ok(Value::Array(shown))
        }
        _ => Err(Failure::new("Input data is incorrect")),
    }
}

/// The body as JSON, or as a form when it says so.
fn input(request: &Request) -> Result<Value, Failure> {
    let form =
        request.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if form {
        let pairs = url::form_urlencoded::parse(&request.body);
        return Ok(pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect());
    }
    if request.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(&request.body)
        .map_err(|_| Failure { message: "Input data is incorrect".to_owned(), body: "" })
}

fn id_column(entity: Entity) -> &'static str {
    match entity {
        Entity::Order => "order_id",
        Entity::Profile => "profile_id",
        Entity::Product => "product_id",
        _ => "id",
    }
}

fn plain(store: &Store, entity: Entity, id: u64) -> Option<Value> {
    match entity {
        Entity::Order => store.orders.get(&id).map(scalars::order),
        Entity::Profile => store.profiles.get(&id).map(scalars::profile),
        Entity::Product => store.products.get(&id).map(scalars::product),
        _ => None,
    }
}

fn text(input: &Input, name: &str) -> Option<String> {
    match input.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// PHP takes a number written as text.
fn whole(input: &Input, name: &str) -> Option<i64> {
    text(input, name).map(|text| int(&text))
}

fn figure(input: &Input, name: &str) -> Option<Decimal> {
    input.get(name).and_then(decimal)
}

fn truth(input: &Input, name: &str) -> Option<bool> {
    match input.get(name)? {
        Value::Bool(value) => Some(*value),
        Value::Null => None,
        other => Some(!matches!(other.to_string().trim_matches('"'), "0" | "")),
    }
}

/// `{"order":{"order_id":2}}`: a relation is an object with its id; anything else is silently ignored.
fn related(input: &Input, name: &str, id: &str) -> Option<u64> {
    let object = input.get(name)?.as_object()?;
    whole(object, id).and_then(|id| u64::try_from(id).ok())
}

// UNVERIFIED: PUT on an id that does not exist answers null as GET does.
fn update(store: &mut Store, entity: Entity, id: u64, input: &Input) -> Result<(), Failure> {
    match entity {
        Entity::Order => update_order(store, id, input),
        Entity::Product => {
            if let Some(stored) = store.products.get(&id).cloned() {
                let product = filled_product(stored.clone(), input);
                if product != stored {
                    let update_date = store.tick();
                    store.add_product(Product { update_date, ..product });
                }
            }
            Ok(())
        }
        Entity::Profile => {
            if let Some(stored) = store.profiles.get(&id).cloned() {
                store.tick();
                store.add_profile(filled_profile(stored, input));
            }
            Ok(())
        }
        _ => Err(unwritable()),
    }
}

// UNVERIFIED: the message; the sandbox changes only what the reference lists as written to.
fn unwritable() -> Failure {
    Failure::new("The sandbox does not write this entity")
}

fn update_order(store: &mut Store, id: u64, input: &Input) -> Result<(), Failure> {
    let Some(stored) = store.orders.get(&id).cloned() else { return Ok(()) };
    let changed = filled_order(stored.clone(), input);
    if changed != stored {
        store.update_order(id, |order| {
            let last_renew_date = order.last_renew_date;
            *order = Order { last_renew_date, ..changed };
        });
    }
    if let Some(code) = related_status(&store.payment_statuses, input, "paymentStatus")? {
        store.set_payment_status(id, &code);
    }
    if let Some(code) = related_status(&store.shipping_statuses, input, "shippingStatus")? {
        store.set_shipping_status(id, &code);
    }
    Ok(())
}

fn related_status(statuses: &[OrderStatus], input: &Input, name: &str) -> Result<Option<String>, Failure> {
    let Some(id) = related(input, name, "id") else { return Ok(None) };
    let status = statuses.iter().find(|status| status.id == id);
    // UNVERIFIED: what a status that does not exist is answered.
    status.map(|status| Some(status.code.clone())).ok_or_else(|| Failure::new(format!("Status {id} was not found")))
}

fn filled_order(stored: Order, input: &Input) -> Order {
    Order {
        notes: text(input, "notes").unwrap_or(stored.notes),
        admin_notes: text(input, "adminNotes").unwrap_or(stored.admin_notes),
        order_number: text(input, "orderNumber").unwrap_or(stored.order_number),
        total: figure(input, "total").unwrap_or(stored.total),
        sub_total: figure(input, "subtotal").unwrap_or(stored.sub_total),
        create_date: whole(input, "date").unwrap_or(stored.create_date),
        stock_status: text(input, "stockStatus").unwrap_or(stored.stock_status),
        ..stored
    }
}

fn filled_product(stored: Product, input: &Input) -> Product {
    let translation = input.get("translations").and_then(Value::as_array).and_then(|rows| rows.first()?.as_object());
    let named = |name: &str| translation.and_then(|row| text(row, name));
    Product {
        sku: text(input, "sku").unwrap_or(stored.sku),
        name: named("name").unwrap_or(stored.name),
        description: named("description").unwrap_or(stored.description),
        price: figure(input, "price").unwrap_or(stored.price),
        amount: whole(input, "amount").unwrap_or(stored.amount),
        weight: figure(input, "weight").unwrap_or(stored.weight),
        enabled: truth(input, "enabled").unwrap_or(stored.enabled),
        taxable: truth(input, "taxable").unwrap_or(stored.taxable),
        free_shipping: truth(input, "free_shipping").unwrap_or(stored.free_shipping),
        ..stored
    }
}

fn filled_profile(stored: Profile, input: &Input) -> Profile {
    Profile {
        login: text(input, "login").unwrap_or(stored.login),
        status: text(input, "status").unwrap_or(stored.status),
        status_comment: text(input, "statusComment").unwrap_or(stored.status_comment),
        referer: text(input, "referer").unwrap_or(stored.referer),
        language: text(input, "language").unwrap_or(stored.language),
        access_level: whole(input, "access_level").unwrap_or(stored.access_level),
        ..stored
    }
}

fn create(store: &mut Store, entity: Entity, input: &Input) -> Result<Value, Failure> {
    // Relations a fresh entity has not loaded or not made yet; the next GET shows them.
    let (id, not_loaded, not_made): (u64, &[&str], &[&str]) = match entity {
        Entity::Order => (create_order(store, input)?, &["capostReturns"], &[]),
        Entity::Product => {
            let now = store.tick();
            let fresh = Product {
                enabled: true,
                taxable: true,
                inventory_traceable: true,
                amount: 1000,
                create_date: now,
                update_date: now,
                arrival_date: now - now.rem_euclid(86_400),
                ..Product::default()
            };
            (
                store.add_product(filled_product(fresh, input)),
                &["views_stats", "purchase_stats", "reviews", "attributeValueH"],
                &["tabs", "quickData", "cleanURLs"],
            )
        }
        Entity::Profile => {
            let create_date = store.tick();
            let fresh =
                Profile { status: "E".to_owned(), language: "en".to_owned(), create_date, ..Profile::default() };
            (store.add_profile(filled_profile(fresh, input)), &["conversations", "event"], &[])
        }
        Entity::OrderTrackingNumber => (create_tracking(store, input)?, &[], &[]),
        Entity::PaymentBackendTransaction => (create_backend_transaction(store, input)?, &[], &[]),
        _ => return Err(unwritable()),
    };
    let mut shown = items::one(store, entity, id).unwrap_or(Value::Null);
    for name in not_loaded {
        shown[*name] = Value::Null;
    }
    for name in not_made {
        shown[*name] = Value::Array(Vec::new());
    }
    Ok(shown)
}

fn create_order(store: &mut Store, input: &Input) -> Result<u64, Failure> {
    let payment_status = related_status(&store.payment_statuses, input, "paymentStatus")?;
    let shipping_status = related_status(&store.shipping_statuses, input, "shippingStatus")?;
    let currency = related(input, "currency", "currency_id")
        .and_then(|id| scalars::CURRENCIES.iter().find(|row| row.0 == id))
        .map_or_else(String::new, |(_, code, ..)| (*code).to_owned());
    // A last-renew date that was sent is overwritten.
    let last_renew_date = store.tick();
    let fresh = Order { payment_status, shipping_status, currency, last_renew_date, ..Order::default() };
    let mut order = filled_order(fresh, input);
    if order.create_date == 0 {
        order.create_date = last_renew_date;
    }
    Ok(store.add_order(order))
}

/// Does not raise the order's last-renew date, as recorded.
fn create_tracking(store: &mut Store, input: &Input) -> Result<u64, Failure> {
    let missing = || Failure::new("The order of the tracking number was not found");
    let order = related(input, "order", "order_id").ok_or_else(missing)?;
    let date = store.tick();
    let id = store.last_ids.tracking_number + 1;
    let order = store.orders.get_mut(&order).ok_or_else(missing)?;
    order.tracking_numbers.push(TrackingNumber { id, date, value: text(input, "value").unwrap_or_default() });
    store.last_ids.tracking_number = id;
    Ok(id)
}

fn create_backend_transaction(store: &mut Store, input: &Input) -> Result<u64, Failure> {
    let now = store.tick();
    let step = BackendTransaction {
        kind: text(input, "type").unwrap_or_default(),
        date: whole(input, "date").unwrap_or(now),
        status: text(input, "status").unwrap_or_default(),
        value: figure(input, "value").unwrap_or_default(),
        ..BackendTransaction::default()
    };
    related(input, "payment_transaction", "transaction_id")
        .and_then(|parent| store.add_backend_transaction(parent, step))
        .ok_or_else(|| Failure::new("The payment transaction was not found"))
}

/// `true` even when there was nothing to delete; without an id it deletes them ALL, as the real one does.
fn delete(store: &mut Store, entity: Entity, id: Option<u64>) -> Result<Value, Failure> {
    store.tick();
    match (entity, id) {
        (Entity::Order, None) => store.orders.clear(),
        (Entity::Product, None) => store.products.clear(),
        (Entity::Profile, None) => store.profiles.clear(),
        (Entity::Order, Some(id)) => drop(store.orders.remove(&id)),
        (Entity::Product, Some(id)) => drop(store.products.remove(&id)),
        (Entity::Profile, Some(id)) => drop(store.profiles.remove(&id)),
        _ => return Err(unwritable()),
    }
    Ok(Value::Bool(true))
}
