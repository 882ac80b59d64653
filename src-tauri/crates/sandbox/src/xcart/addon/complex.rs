//! The add-on's `_schema=complex`: an order told in one flat document, with PHP's quirks (`reference/xcart.md` 5).

use super::entity::Entity;
use super::items;
use super::scalars::item_total;
use crate::xcart::json::{colon_date, float_difference, map_or_list, number};
use crate::xcart::model::*;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub fn one(store: &Store, entity: Entity, id: u64) -> Option<Value> {
    match entity {
        Entity::Order => store.orders.get(&id).map(|row| order(store, row)),
        Entity::Profile => items::profile(store, id).map(|row| profile(&row)),
        Entity::Product => store.products.get(&id).map(|row| product(store, row)),
        _ => None,
    }
}

fn order(store: &Store, order: &Order) -> Value {
    let sum = |kind: &str| order.surcharges.iter().filter(|row| row.kind == kind).map(|row| row.value).sum::<Decimal>();
    let usual = ["shipping", "handling", "tax", "discount"];
    // UNVERIFIED: no order with another kind was recorded; empty, it is a list as all PHP maps.
    let others: Map<String, Value> = order
        .surcharges
        .iter()
        .filter(|row| !usual.contains(&row.kind.as_str()))
        .map(|row| (row.code.clone(), number(row.value)))
        .collect();
    let tracking: Vec<&str> = order.tracking_numbers.iter().map(|row| row.value.as_str()).collect();
    let customer = order.customer_id.or(order.order_profile_id).and_then(|id| items::profile(store, id));
    let method = order.transactions.first().map(|row| row.method_local_name.as_str());
    json!({
        "orderId": order.id,
        "orderNumber": order.order_number,
        // Total less shipping, not the items' sum, and with the error of a float.
        "subtotal": float_difference(order.total, sum("shipping")),
        "total": number(order.total),
        "shippingCost": number(sum("shipping")),
        // UNVERIFIED: handling is taken to be the payment method's fee.
        "paymentFee": number(sum("handling")),
        "taxAmount": number(sum("tax")),
        "discountValue": number(sum("discount")),
        "otherSurcharges": map_or_list(others),
        "currency": order.currency,
        "items": order.items.iter().map(|row| item(store, row)).collect::<Vec<_>>(),
        "orderDate": colon_date(order.create_date),
        "updateDate": colon_date(order.last_renew_date),
        // UNVERIFIED: several numbers are taken to be joined.
        "trackingNumber": tracking.join(", "),
        "customerNotes": order.notes,
        "adminNotes": order.admin_notes,
        "coupon": order.used_coupons.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(),
        "customerInfo": customer.as_ref().map_or_else(|| json!([]), customer_info),
        "billingInfo": order.billing_address.as_ref().map_or_else(|| json!([]), address),
        "shippingInfo": order.shipping_address.as_ref().map_or_else(|| json!([]), address),
        "paymentMethod": method.unwrap_or(&order.payment_method_name),
        "paymentStatus": order.payment_status,
        "shippingMethod": order.shipping_method_name,
        "shippingStatus": order.shipping_status,
        "transactions": order.transactions.iter().map(transaction).collect::<Vec<_>>(),
        "details": order.details.iter().map(|row| json!({"name": row.name, "value": row.value})).collect::<Vec<_>>(),
    })
}

fn item(store: &Store, row: &OrderItem) -> Value {
    let product = row.product_id.and_then(|id| store.products.get(&id)).cloned().unwrap_or_default();
    json!({
        "sku": row.sku,
        "productId": row.product_id.unwrap_or(0),
        "name": row.name,
        "description": product.description,
        "shortDescription": product.brief_description,
        "attributes": [],
        "price": number(row.price),
        "weight": number(product.weight),
        "quantity": row.amount,
        "subtotal": number(item_total(row)),
        "total": number(item_total(row)),
        "releaseDate": colon_date(product.arrival_date),
        "URL": page_of(store, row.product_id.unwrap_or(0)),
        "enabled": product.enabled,
        "freeShipping": product.free_shipping,
    })
}

/// Escaped for a page it is not on.
fn page_of(store: &Store, product: u64) -> String {
    format!("{}/cart.php?target=product&amp;product_id={product}", store.settings.base_url)
}

fn transaction(row: &PaymentTransaction) -> Value {
    let human = match row.status.as_str() {
        "I" => "Initialized",
        "P" => "In progress",
        "S" => "Completed",
        "W" => "Pending",
        "F" => "Failed",
        "C" => "Canceled",
        "V" => "Voided",
        _ => "",
    };
    json!({
        "id": row.public_id, "type": row.kind, "value": number(row.value), "status": row.status,
        "human_status": human, "method": row.method_name, "note": row.note,
    })
}

fn customer_info(profile: &Profile) -> Value {
    let named = profile.addresses.first().cloned().unwrap_or_default();
    json!({
        "profileId": profile.id,
        "isAnonymous": profile.anonymous,
        "login": profile.login,
        "email": profile.login,
        "status": profile.status,
        "isAdmin": profile.access_level >= 100,
        "addedDate": colon_date(profile.create_date),
        "membership": "",
        "firstname": named.firstname,
        "lastname": named.lastname,
    })
}

fn address(address: &Address) -> Value {
    json!({
        "country": address.country_code,
        "firstname": address.firstname,
        "lastname": address.lastname,
        "phone": address.phone,
        "address": address.street,
        "city": address.city,
        "state": if address.state_code.is_empty() { &address.state_name } else { &address.state_code },
        "zipcode": address.zipcode,
        "isDefaultShippingAddress": address.is_shipping,
        "isDefaultBillingAddress": address.is_billing,
    })
}

fn profile(profile: &Profile) -> Value {
    let named = profile.addresses.first().cloned().unwrap_or_default();
    json!({
        "profileId": profile.id,
        "login": profile.login,
        "email": profile.login,
        "status": profile.status,
        "referer": profile.referer,
        "firstLogin": profile.first_login_date.unwrap_or(0),
        "lastLogin": profile.last_login_date.unwrap_or(0),
        "addresses": profile.addresses.iter().map(address).collect::<Vec<_>>(),
        "addedDate": colon_date(profile.create_date),
        "membership": "",
        "roles": [],
        "firstname": named.firstname,
        "lastname": named.lastname,
    })
}

fn product(store: &Store, product: &Product) -> Value {
    let images =
        product.images.iter().map(|image| format!("{}/images/product/{}", store.settings.base_url, image.file));
    json!({
        "sku": product.sku,
        "productId": product.id,
        "name": product.name,
        "description": product.description,
        "shortDescription": product.brief_description,
        "price": number(product.price),
        "weight": number(product.weight),
        "quantity": product.amount,
        "releaseDate": colon_date(product.arrival_date),
        "image": images.collect::<Vec<_>>(),
        "URL": page_of(store, product.id),
        "enabled": product.enabled,
        "freeShipping": product.free_shipping,
        "categories": [],
        "memberships": [],
        "translations": {"en": {
            "name": product.name, "description": product.description, "shortDescription": product.brief_description,
        }},
    })
}
