//! One entity with its relations one level deep: an order brings its profiles, items, money and history.

use super::entity::Entity;
use super::scalars;
use crate::xcart::json::{extend, number};
use crate::xcart::model::*;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub fn one(store: &Store, entity: Entity, id: u64) -> Option<Value> {
    let orders = || store.orders.values();
    let transactions = || orders().flat_map(|order| order.transactions.iter().map(move |row| (order, row)));
    match entity {
        Entity::Order => store.orders.get(&id).map(|row| order(store, row)),
        Entity::Product => store.products.get(&id).map(|row| product(store, row)),
        Entity::Profile => profile(store, id).map(|row| profile_item(store, &row)),
        Entity::PaymentTransaction => {
            transactions().find(|(_, row)| row.id == id).map(|(order, row)| transaction(order, row))
        }
        Entity::PaymentBackendTransaction => transactions().find_map(|(_, parent)| {
            let row = parent.backend_transactions.iter().find(|row| row.id == id)?;
            let mut value = scalars::backend_transaction(row);
            value["payment_transaction"] = scalars::transaction(parent);
            value["data"] = row.data.iter().map(scalars::transaction_data).collect();
            Some(value)
        }),
        Entity::OrderTrackingNumber => orders().find_map(|order| {
            let row = order.tracking_numbers.iter().find(|row| row.id == id)?;
            Some(with_order(scalars::tracking(row), "order", order))
        }),
        Entity::OrderSurcharge => orders().find_map(|order| {
            let row = order.surcharges.iter().find(|row| row.id == id)?;
            Some(with_order(scalars::surcharge(row), "owner", order))
        }),
        // UNVERIFIED: no single event was recorded.
        Entity::OrderHistoryEvents => orders().find_map(|order| {
            let row = order.history.iter().find(|row| row.id == id)?;
            let mut value = with_order(scalars::event(row), "order", order);
            value["details"] = json!([]);
            value["author"] = row.profile_id.and_then(|id| profile(store, id)).map(|row| scalars::profile(&row)).into();
            Some(value)
        }),
        Entity::OrderItem => orders().find_map(|order| {
            let row = order.items.iter().find(|row| row.id == id)?;
            Some(order_item(store, order, row))
        }),
        Entity::Address => addresses(store).into_iter().find(|row| row.id == id).map(|row| address(store, row)),
        Entity::OrderStatusPayment => store.payment_statuses.iter().find(|row| row.id == id).map(scalars::status),
        Entity::OrderStatusShipping => store.shipping_statuses.iter().find(|row| row.id == id).map(scalars::status),
        Entity::Currency => {
            scalars::CURRENCIES.iter().find(|row| row.0 == id).map(|(_, code, ..)| scalars::currency(code))
        }
    }
}

/// A profile, or the copy of one that an order keeps.
pub fn profile(store: &Store, id: u64) -> Option<Profile> {
    if let Some(profile) = store.profiles.get(&id) {
        return Some(profile.clone());
    }
    store.orders.values().find(|order| order.order_profile_id == Some(id)).map(|order| copy_of(store, order, id))
}

/// Every profile, the copies orders keep included, by id.
pub fn profiles(store: &Store) -> BTreeMap<u64, Cow<'_, Profile>> {
    let copies = store.orders.values().filter_map(|order| {
        let id = order.order_profile_id?;
        Some((id, Cow::Owned(copy_of(store, order, id))))
    });
    let own = store.profiles.iter().map(|(id, profile)| (*id, Cow::Borrowed(profile)));
    copies.chain(own).collect()
}

fn copy_of(store: &Store, order: &Order, id: u64) -> Profile {
    let original = order.customer_id.and_then(|id| store.profiles.get(&id));
    let mut addresses: Vec<Address> =
        [&order.billing_address, &order.shipping_address].into_iter().flatten().cloned().collect();
    addresses.dedup_by_key(|address| address.id);
    Profile {
        id,
        login: order.email.clone(),
        anonymous: original.is_none_or(|profile| profile.anonymous),
        create_date: order.create_date,
        status: "E".to_owned(),
        language: "en".to_owned(),
        addresses,
        ..Profile::default()
    }
}

/// Every address, those on orders included, each id once.
pub fn addresses(store: &Store) -> Vec<&Address> {
    let of_profiles = store.profiles.values().flat_map(|profile| &profile.addresses);
    let of_orders = store.orders.values().flat_map(|order| [&order.billing_address, &order.shipping_address]).flatten();
    let mut rows: Vec<&Address> = of_profiles.chain(of_orders).collect();
    rows.sort_by_key(|address| address.id);
    rows.dedup_by_key(|address| address.id);
    rows
}

fn with_order(mut value: Value, name: &str, order: &Order) -> Value {
    value[name] = scalars::order(order);
    value
}

fn list<T>(rows: &[T], render: impl Fn(&T) -> Value) -> Value {
    rows.iter().map(render).collect()
}

fn order(store: &Store, order: &Order) -> Value {
    let status = |rows: &[OrderStatus], code: &Option<String>| {
        rows.iter().find(|row| Some(&row.code) == code.as_ref()).map_or(Value::Null, scalars::status)
    };
    let copy = order.order_profile_id.map(|id| scalars::profile(&copy_of(store, order, id)));
    let original = order.customer_id.and_then(|id| store.profiles.get(&id)).map(scalars::profile);
    let mut value = scalars::order(order);
    extend(
        &mut value,
        json!({
            "usedCoupons": list(&order.used_coupons, scalars::coupon),
            "uspsShipment": [], "capostParcels": [], "capostReturns": [], "capostOffice": null,
            "not_finished_order": null, "reviewKey": null, "conversation": null,
            "profile": copy,
            "orig_profile": original,
            "paymentStatus": status(&store.payment_statuses, &order.payment_status),
            "shippingStatus": status(&store.shipping_statuses, &order.shipping_status),
            "details": list(&order.details, scalars::detail),
            "trackingNumbers": list(&order.tracking_numbers, scalars::tracking),
            "events": list(&order.history, scalars::event),
            "items": list(&order.items, scalars::item),
            "surcharges": list(&order.surcharges, scalars::surcharge),
            "payment_transactions": list(&order.transactions, scalars::transaction),
            "currency": scalars::currency(&order.currency),
            "backorderCompetitors": [],
        }),
    );
    value
}

fn transaction(order: &Order, row: &PaymentTransaction) -> Value {
    let mut value = scalars::transaction(row);
    extend(
        &mut value,
        json!({
            "xpaymentsFraudCheckData": [],
            "order": scalars::order(order),
            "payment_method": {
                "method_id": row.method_id,
                "service_name": row.method_name,
                "class": "Model\\Payment\\Processor\\Offline",
                "moduleName": "", "orderby": 50, "adminOrderby": 0, "enabled": true, "added": true,
                "type": "O", "fromMarketplace": false, "iconURL": null, "countries": null, "exCountries": null,
            },
            "data": list(&row.data, scalars::transaction_data),
            "backend_transactions": list(&row.backend_transactions, scalars::backend_transaction),
            "currency": scalars::currency(&row.currency),
        }),
    );
    value
}

fn order_item(store: &Store, order: &Order, row: &OrderItem) -> Value {
    let product = row.product_id.and_then(|id| store.products.get(&id));
    let mut value = scalars::item(row);
    extend(
        &mut value,
        json!({
            "privateAttachments": [], "pinCodes": [], "capostParcelItems": [], "capostReturnItems": [],
            "customerAttachments": [], "xpaymentsSubscription": null,
            "object": product.map(scalars::product),
            "order": scalars::order(order),
            "surcharges": list(&row.surcharges, scalars::surcharge),
            "attributeValues": [],
        }),
    );
    value
}

fn profile_item(store: &Store, profile: &Profile) -> Value {
    let copied_for = store.orders.values().find(|order| order.order_profile_id == Some(profile.id));
    let events = store.orders.values().flat_map(|order| &order.history);
    let mut written: Vec<&HistoryEvent> = events.filter(|event| event.profile_id == Some(profile.id)).collect();
    written.sort_by_key(|event| event.id);
    let mut value = scalars::profile(profile);
    extend(
        &mut value,
        json!({
            "mail_chimp_lists": [], "mail_chimp_interests": [], "mail_chimp_segments": [], "conversations": [],
            "order": copied_for.map(scalars::order),
            "event": written.into_iter().map(scalars::event).collect::<Vec<_>>(),
            "membership": null, "pending_membership": null,
            "addresses": list(&profile.addresses, scalars::address),
            "roles": [],
        }),
    );
    value
}

fn address(store: &Store, address: &Address) -> Value {
    let state = address.state.map_or_else(|| address.state_name.clone(), |state| state.to_string());
    // Ten fields of every address, numbered through all addresses.
    let texts = [
        &address.title,
        &address.country_code,
        &address.firstname,
        &address.lastname,
        &address.phone,
        &address.street,
        &address.city,
        &state,
        &address.country_code,
        &address.zipcode,
    ];
    let first = address.id.saturating_sub(1) * 10;
    let fields: Vec<Value> = (first + 1..).zip(texts).map(|(id, value)| json!({"id": id, "value": value})).collect();
    let owner = store.profiles.values().find(|profile| profile.addresses.iter().any(|row| row.id == address.id));
    let owner = owner.cloned().or_else(|| {
        let holds = |order: &&Order| {
            [&order.billing_address, &order.shipping_address].into_iter().flatten().any(|row| row.id == address.id)
        };
        let order = store.orders.values().find(holds)?;
        Some(copy_of(store, order, order.order_profile_id?))
    });
    let mut value = scalars::address(address);
    extend(
        &mut value,
        json!({
            "addressFields": fields,
            "profile": owner.as_ref().map(scalars::profile),
            "state": null,
            "country": country(&address.country_code),
        }),
    );
    value
}

/// ISO numbers and three-letter codes of the countries the demo company ships to.
const COUNTRIES: [(&str, u64, &str); 9] = [
    ("US", 840, "USA"),
    ("CA", 124, "CAN"),
    ("GB", 826, "GBR"),
    ("DE", 276, "DEU"),
    ("FR", 250, "FRA"),
    ("ES", 724, "ESP"),
    ("IT", 380, "ITA"),
    ("NL", 528, "NLD"),
    ("IE", 372, "IRL"),
];

fn country(code: &str) -> Value {
    let known = COUNTRIES.iter().find(|(known, ..)| *known == code);
    known.map_or(Value::Null, |(code, id, code3)| json!({"code": code, "id": id, "code3": code3, "enabled": true}))
}

fn product(store: &Store, product: &Product) -> Value {
    let sold = store.orders.values().flat_map(|order| &order.items).filter(|row| row.product_id == Some(product.id));
    let sold: Vec<Value> = sold.map(scalars::item).collect();
    let image = |image: &ProductImage| {
        json!({
            "orderby": image.position, "alt": image.alt, "width": image.width, "height": image.height,
            "hash": format!("{:032x}", image.id), "needProcess": true, "id": image.id, "path": image.file,
            "fileName": image.file, "mime": "image/jpeg", "storageType": "r", "size": 0, "date": product.create_date,
        })
    };
    let tab = |id: u64| json!({"id": id, "position": -10, "enabled": true, "link": null});
    let price = number(product.price);
    let mut value = scalars::product(product);
    extend(
        &mut value,
        json!({
            "couponProducts": [], "featuredProducts": [], "attachments": [], "pinCodes": [], "views_stats": [],
            "purchase_stats": [], "saleDiscountProducts": [],
            "tabs": [tab(product.id), tab(product.id + 63), tab(product.id + 126)],
            "tags": [], "reviews": [], "upsellingProducts": [], "upsellingParentProducts": [],
            "xpaymentsSubscriptionPlan": null, "categoryProducts": [],
            "order_items": sold,
            "images": list(&product.images, image),
            "productClass": null, "taxClass": null, "attributes": [], "attributeValueC": [], "attributeValueT": [],
            "attributeValueS": [], "attributeValueH": [],
            "quickData": [
                {"id": product.id * 2 - 1, "price": price.clone()},
                {"id": product.id * 2, "price": price},
            ],
            "memberships": [],
            "cleanURLs": [{"id": product.id + 2, "cleanURL": product.clean_url}],
            "translations": [{
                "ogMeta": "", "name": product.name, "description": product.description,
                "briefDescription": product.brief_description, "metaTags": product.meta_tags,
                "metaDesc": product.meta_description, "metaTitle": product.meta_title, "label_id": product.id, "code": "en",
            }],
        }),
    );
    value
}
