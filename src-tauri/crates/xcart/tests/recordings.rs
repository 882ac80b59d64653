//! Every recorded answer of a real X-Cart comes out as domain values, or is refused for a reason we can name.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Store, answer, recording, recordings, store};
use futures::StreamExt;
use serde_json::Value;
use std::collections::BTreeSet;
use tieout_domain::{Order, PaymentEventKind as Kind, PaymentStatus, ShippingStatus, SurchargeKind};
use tieout_xcart::{Client, Cursor, Dialect, FIELDS, Fate, Page, Pull, redact, totals_add_up};

fn as_list(body: &Value) -> Value {
    if body.is_array() { body.clone() } else { Value::Array(vec![body.clone()]) }
}

/// A 5.5 store whose list of `path` is this recording.
async fn admin_store(path: &'static str, body: Value) -> Store {
    let text = as_list(&body).to_string();
    store(move |asked| {
        if asked.starts_with(path) {
            answer(200, text.clone())
        } else if asked.starts_with("/api/orders?") {
            answer(200, "[]")
        } else {
            answer(404, "{}")
        }
    })
    .await
}

/// A 5.4 store that answers by `_path`.
async fn addon_store(answers: Vec<(&'static str, Value)>) -> Store {
    store(move |asked| {
        if !asked.starts_with("/admin.php") {
            return answer(404, "<html>Not found</html>");
        }
        let currency = asked.contains("_path=currency").then(|| recording("rest54-currency-get-all").body);
        let found = answers.iter().find(|(path, _)| asked.contains(path)).map(|(_, body)| body.clone());
        answer(200, currency.or(found).unwrap_or(Value::Null).to_string())
    })
    .await
}

async fn orders(client: &Client) -> Page<Order> {
    client.orders_page(Pull::Whole, Cursor::default()).await.unwrap()
}

#[tokio::test]
async fn every_recorded_admin_order_is_an_order() {
    let mut read = 0;
    for it in recordings() {
        let about_orders = it.name.starts_with("api55-orders") || it.name == "api55-get-order-3-after";
        if !about_orders || it.name.contains("ldjson") {
            continue;
        }
        let count = as_list(&it.body).as_array().unwrap().len();
        let page = orders(&admin_store("/api/orders", it.body).await.client().await).await;
        assert_eq!((page.good.len(), page.refused.len()), (count, 0), "{}: {:?}", it.name, page.refused);
        read += count;
    }
    assert!(read > 30, "only {read} rows");
}

#[tokio::test]
async fn an_order_with_tax_keeps_its_four_decimals_and_is_caught_not_adding_up() {
    let body = recording("api55-orders-get-2-with-tax").body;
    let page = orders(&admin_store("/api/orders", body).await.client().await).await;
    let order = &page.good[0].value;
    assert_eq!((order.total.to_string().as_str(), order.subtotal.to_string().as_str()), ("88.67 USD", "84.95 USD"));
    assert_eq!(order.surcharge_total(SurchargeKind::Tax).to_string(), "6.3713");
    assert_eq!(order.payment_status, PaymentStatus::Paid);
    assert_eq!(order.shipping_status, ShippingStatus::Shipped);
    assert_eq!(order.tracking_numbers, ["1Z999AA10123456784"]);
    assert_eq!((order.lines.len(), order.party()), (2, "Guest Guest"));
    // The recording's tax row was planted after the total was made.
    assert_eq!(totals_add_up(order).unwrap_err().difference.to_string(), "-6.3713");
    let body = recording("api55-orders-get-1").body;
    let page = orders(&admin_store("/api/orders", body).await.client().await).await;
    totals_add_up(&page.good[0].value).unwrap();
}

#[tokio::test]
async fn an_authorised_captured_and_part_refunded_payment_is_four_events() {
    let order = admin_order("api55-orders-get-2").await;
    let body = recording("api55-payment-transactions-2-auth-capture-refund").body;
    let client = admin_store("/api/orders/2/payment_transactions", body).await.client().await;
    let page = client.payments_of(&order).await.unwrap();
    let told: Vec<_> = page.good.iter().map(|it| (it.value.row, it.value.kind, it.value.amount.to_string())).collect();
    assert_eq!(
        told,
        [
            (0, Kind::Unknown, "88.67 USD".to_owned()),
            (101, Kind::Authorization, "88.67 USD".to_owned()),
            (102, Kind::Capture, "88.67 USD".to_owned()),
            (103, Kind::Refund, "-20.00 USD".to_owned()),
            (104, Kind::NotCompleted, "500.00 USD".to_owned()),
        ]
    );
    assert!(page.good[0].value.note.contains("more than one transaction"), "{}", page.good[0].value.note);
    let capture = &page.good[2].value;
    assert_eq!((capture.gateway_ref.as_deref(), capture.method.as_str()), (Some("60123456789"), "Credit card"));
    assert_eq!((capture.on.to_string().as_str(), capture.order_number.as_str()), ("2019-03-29", "2"));
}

#[tokio::test]
async fn a_refund_without_its_sale_leaves_the_sale_unknown() {
    let order = admin_order("api55-orders-get-1").await;
    let body = recording("api55-payment-transactions-1").body;
    let client = admin_store("/api/orders/1/payment_transactions", body).await.client().await;
    let page = client.payments_of(&order).await.unwrap();
    let told: Vec<_> = page.good.iter().map(|it| (it.value.kind, it.value.amount.to_string())).collect();
    assert_eq!(told, [(Kind::Refund, "-5.00 USD".to_owned()), (Kind::Unknown, "110.65 USD".to_owned())]);
}

async fn admin_order(name: &'static str) -> Order {
    let mut page = orders(&admin_store("/api/orders", recording(name).body).await.client().await).await;
    page.good.remove(0).value
}

#[tokio::test]
async fn every_recorded_profile_and_product_is_read() {
    for it in recordings() {
        if it.name.starts_with("api55-products") {
            let client = admin_store("/api/products", it.body).await.client().await;
            let page = client.products_page(Cursor::default()).await.unwrap();
            assert!(page.refused.is_empty() && !page.good.is_empty(), "{}: {:?}", it.name, page.refused);
            assert!(page.good.iter().all(|it| !it.value.sku.is_empty() && !it.value.name.is_empty()));
        } else if it.name.starts_with("api55-profiles") {
            let client = admin_store("/api/profiles", it.body).await.client().await;
            let page = client.profiles_page(Cursor::default()).await.unwrap();
            assert!(page.refused.is_empty() && !page.good.is_empty(), "{}: {:?}", it.name, page.refused);
        } else if it.name.starts_with("rest54-product-get") {
            let client = addon_store(vec![("_path=product", as_list(&it.body))]).await.client().await;
            let page = client.products_page(Cursor::default()).await.unwrap();
            assert!(page.refused.is_empty() && !page.good.is_empty(), "{}: {:?}", it.name, page.refused);
        } else if it.name.starts_with("rest54-profile-get") {
            let admins = as_list(&it.body).as_array().unwrap().iter().filter(|it| it["access_level"] != 0).count();
            let count = as_list(&it.body).as_array().unwrap().len();
            let client = addon_store(vec![("_path=profile", as_list(&it.body))]).await.client().await;
            let page = client.profiles_page(Cursor::default()).await.unwrap();
            assert_eq!((page.good.len(), page.refused.len()), (count - admins, 0), "{}: {:?}", it.name, page.refused);
        }
    }
}

#[tokio::test]
async fn the_add_ons_orders_are_listed_then_asked_one_by_one() {
    let list = recording("rest54-order-get-all").body;
    let complex = recording("rest54-order-complex-all").body;
    let count = list.as_array().unwrap().len();
    let mut answers: Vec<(&'static str, Value)> = Vec::new();
    for (n, path) in
        ["_path=order/1&", "_path=order/2&", "_path=order/3&", "_path=order/4&", "_path=order/5&"].iter().enumerate()
    {
        answers.push((path, complex[n].clone()));
    }
    answers.push(("_path=order&", list));
    let store = addon_store(answers).await;
    let connected = store.connect().await.unwrap();
    assert_eq!(connected.probe.dialect, Dialect::RestAddon);
    let page = orders(&connected.client).await;
    assert_eq!((page.good.len(), page.refused.len()), (count, 0), "{:?}", page.refused);
    for it in &page.good {
        totals_add_up(&it.value).unwrap();
    }
    let first = &page.good[0].value;
    assert_eq!((first.subtotal.to_string().as_str(), first.total.to_string().as_str()), ("19.99 USD", "18.49 USD"));
    assert_eq!((first.payment_method.as_deref(), first.customer_id), (Some("Money Order"), Some(1)));
    // Those of 2026-11-23T08:34:29 and later: order 1 changed a second before.
    let since = "2026-11-23T08:49:29Z".parse().unwrap();
    let changed: Vec<_> = connected.client.changed_orders(Some(since)).collect().await;
    assert!(changed[0].as_ref().unwrap().good.iter().all(|it| it.value.id != 1));
}

#[tokio::test]
async fn the_add_ons_payments_carry_their_state() {
    let order_one = recording("rest54-order-get-one").body;
    let complex = recording("rest54-order-complex-one").body;
    for (name, expected) in [
        ("rest54-payment-transaction-get-one", vec![Kind::Unknown]), // 110.65 on an order of 18.49
        ("rest54-get-payment-transaction-1", vec![Kind::Refund, Kind::Unknown]),
    ] {
        let client = addon_store(vec![
            ("_schema=complex", complex.clone()),
            ("_path=order/1", order_one.clone()),
            ("_path=order&", Value::Array(vec![order_one.clone()])),
            ("_path=payment-transaction/1", recording(name).body),
        ])
        .await
        .client()
        .await;
        let page = orders(&client).await;
        let payments = client.payments_of(&page.good[0].value).await.unwrap();
        let kinds: Vec<_> = payments.good.iter().map(|it| it.value.kind).collect();
        assert_eq!(kinds, expected, "{name}: {:?}", payments.refused);
        assert!(payments.good.iter().all(|it| it.value.method == "Money Order"));
    }
}

/// `a order.items[].sku` for every key of every recording.
fn paths(prefix: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let dot = if prefix.ends_with(' ') { "" } else { "." };
                let path = format!("{prefix}{dot}{key}");
                found.insert(path.clone());
                paths(&path, value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|it| paths(&format!("{prefix}[]"), it, found)),
        _ => {}
    }
}

fn entity(name: &str) -> Option<&'static str> {
    let kinds = [
        ("api55-orders", "a order"),
        ("api55-get-order", "a order"),
        ("api55-payment-transactions", "a transaction"),
        ("api55-profiles", "a profile"),
        ("api55-products", "a product"),
        ("rest54-order-complex", "b order-complex"),
        ("rest54-order-get", "b order"),
        ("rest54-order-cnd", "b order"),
        ("rest54-get-order", "b order"),
        ("rest54-payment-transaction", "b transaction"),
        ("rest54-get-payment-transaction", "b transaction"),
        ("rest54-profile-get", "b profile"),
        ("rest54-product-get", "b product"),
    ];
    kinds.into_iter().find(|(start, _)| name.starts_with(start)).map(|(_, entity)| entity)
}

#[test]
fn every_recorded_field_has_a_stated_fate() {
    let mut found = BTreeSet::new();
    for it in recordings() {
        if let (Some(entity), 200, false) = (entity(&it.name), it.status, it.name.contains("ldjson")) {
            match &it.body {
                Value::Array(rows) => rows.iter().for_each(|row| paths(&format!("{entity}."), row, &mut found)),
                other => paths(&format!("{entity}."), other, &mut found),
            }
        }
    }
    let found: BTreeSet<String> = found.into_iter().map(|it| it.replacen("..", ".", 1)).collect();
    let fate = |path: &str| {
        FIELDS.iter().find(|it| match it.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => it.path == path,
        })
    };
    let missing: Vec<_> = found.iter().filter(|it| fate(it).is_none()).collect();
    assert!(missing.is_empty(), "fields without a fate: {missing:#?}");
    let unseen: Vec<_> = FIELDS
        .iter()
        .filter(|it| it.fate == Fate::Read && !it.why.contains("not recorded"))
        .filter(|it| !found.contains(it.path))
        .map(|it| it.path)
        .collect();
    assert!(unseen.is_empty(), "read, but never recorded: {unseen:#?}");
    for it in FIELDS {
        println!("| {} | {:?} | {} |", it.path, it.fate, it.why);
    }
}

#[test]
fn no_password_survives_the_gate() {
    let planted = serde_json::json!({"orig_profile": {"password": "p", "password_hint": "h", "passwordResetKey": "k"}});
    assert_eq!(redact(planted).to_string(), r#"{"orig_profile":{}}"#);
}
