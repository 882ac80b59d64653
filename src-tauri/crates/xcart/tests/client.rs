//! The client against stores that behave badly: every fault is named, nothing is lost, the key is never told.
#![allow(clippy::unwrap_used)]

mod common;

use axum::body::Body;
use axum::http::Response;
use common::{KEY, Store, answer, store};
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tieout_domain::{Order, PaymentEventKind as Kind};
use tieout_xcart::{Client, Connected, Cursor, Dialect, Page, Pull, XcartError};

fn order(id: u64, changed: &str) -> Value {
    json!({
        "order_number": id.to_string(), "id": id, "total": 10, "sub_total": 8.5, "email": "a@example.com", "currency": "USD",
        "create_date": "2026-01-05T23:30:00+0000", "update_date": changed,
        "payment_status": {"id": 4, "code": "P"}, "shipping_status": null,
        "items": [{"id": id, "product_id": 0, "sku": "S", "name": "N", "price": 8.5, "discounted_subtotal": 8.5, "amount": 1}],
        "surcharges": [{"id": 1, "type": "shipping", "code": "SHIPPING", "include": false, "value": 1.5, "name": "Shipping"}],
        "billing_address": null, "shipping_address": null, "tracking_numbers": [], "notes": ""
    })
}

/// Answers what `replies` says, one after the other (the last one for ever), after the probe.
async fn scripted(replies: Vec<fn() -> Response<Body>>) -> (Store, Arc<AtomicUsize>) {
    let served = Arc::new(AtomicUsize::new(0));
    let count = served.clone();
    let store = store(move |asked| {
        if asked.ends_with("?itemsPerPage=1") {
            return answer(200, "[]");
        }
        let n = count.fetch_add(1, Ordering::SeqCst);
        replies[n.min(replies.len() - 1)]()
    })
    .await;
    (store, served)
}

async fn first_page(client: &Client) -> Result<Page<Order>, XcartError> {
    client.orders_page(Pull::Whole, Cursor::default()).await
}

fn asked_number(asked: &str, name: &str) -> usize {
    let number = asked.split(name).nth(1).unwrap();
    number.split('&').next().unwrap().parse().unwrap()
}

fn error_of(result: Result<Connected, XcartError>) -> XcartError {
    result.err().expect("the connection must be refused")
}

fn assert_no_key(error: &XcartError) {
    assert!(!format!("{error} {error:?} {}", error.remedy()).contains(KEY), "{error:?}");
}

#[tokio::test]
async fn a_busy_store_is_asked_again_until_it_answers() {
    let (store, served) =
        scripted(vec![|| answer(502, ""), || answer(503, "<html>busy</html>"), || answer(504, ""), || {
            answer(200, json!([order(1, "2026-01-06T00:00:00+0000")]).to_string())
        }])
        .await;
    let client = store.client().await;
    assert_eq!(first_page(&client).await.unwrap().good.len(), 1);
    assert_eq!(served.load(Ordering::SeqCst), 4);
    assert_eq!(client.requests_made(), 5, "the probe and four tries");
}

#[tokio::test]
async fn a_store_that_stays_busy_is_left_after_five_tries_more() {
    let (store, served) = scripted(vec![|| answer(503, "")]).await;
    let error = first_page(&store.client().await).await.unwrap_err();
    assert!(matches!(error, XcartError::Busy { status: 503, tries: 6, .. }), "{error}");
    assert!(error.is_transient());
    assert_eq!(served.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn what_retry_after_asks_for_comes_before_our_own_plan() {
    let (mut store, _) = scripted(vec![
        || Response::builder().status(429).header("retry-after", "0").body(Body::empty()).unwrap(),
        || answer(200, "[]"),
    ])
    .await;
    store.config.first_wait = Duration::from_secs(25);
    let started = Instant::now();
    first_page(&store.client().await).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));

    let (store, _) = scripted(vec![
        || Response::builder().status(429).header("retry-after", "1").body(Body::empty()).unwrap(),
        || answer(200, "[]"),
    ])
    .await;
    let client = store.client().await;
    let started = Instant::now();
    first_page(&client).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_pause_of_a_day_is_the_next_pulls_business() {
    let (store, served) =
        scripted(vec![|| Response::builder().status(429).header("retry-after", "86400").body(Body::empty()).unwrap()])
            .await;
    let error = first_page(&store.client().await).await.unwrap_err();
    assert!(matches!(error, XcartError::Busy { status: 429, tries: 1, .. }), "{error}");
    assert_eq!(served.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_fault_of_the_store_is_not_repeated() {
    let (store, served) =
        scripted(vec![|| answer(500, format!(r#"{{"detail":"Internal Server Error for {KEY}"}}"#))]).await;
    let error = first_page(&store.client().await).await.unwrap_err();
    assert!(error.to_string().contains("Internal Server Error for [key]"), "{error}");
    assert_no_key(&error);
    assert_eq!(served.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redirect_is_refused_and_the_second_host_hears_nothing() {
    let second = store(|_| answer(200, "[]")).await;
    let to = format!("{}api/orders?_key={KEY}", second.config.shop.base_url);
    let first =
        store(move |_| Response::builder().status(301).header("location", to.as_str()).body(Body::empty()).unwrap())
            .await;
    let error = error_of(first.connect().await);
    assert!(matches!(&error, XcartError::Redirected { to, .. } if to == "127.0.0.1"), "{error}");
    assert_no_key(&error);
    assert!(second.asked().is_empty());
}

#[tokio::test]
async fn a_wrong_key_is_named_and_not_tried_in_a_url() {
    let store = store(|_| answer(200, "[]")).await;
    let error = error_of(Client::connect(store.config.clone(), "other-key".to_owned().into()).await);
    assert!(matches!(error, XcartError::WrongKey { status: 401, .. }), "{error}");
    assert!(store.asked().iter().all(|it| !it.contains("other-key")));

    let mut addon = common::store(|_| answer(403, "")).await;
    addon.config.dialect = Some(Dialect::RestAddon);
    let error = error_of(addon.connect().await);
    assert!(matches!(error, XcartError::WrongKey { status: 403, .. }), "{error}");
    assert_no_key(&error);
}

#[tokio::test]
async fn a_web_site_that_is_no_store_is_named() {
    for body in ["{\"status\":\"ok\"}", "[{\"id\":1}]", "hello"] {
        let store = store(move |_| answer(200, body)).await;
        let error = error_of(store.connect().await);
        assert!(matches!(error, XcartError::NotXcart { .. }), "{body}: {error}");
        assert_no_key(&error);
    }
}

#[tokio::test]
async fn a_sign_in_page_of_the_network_is_named_as_such() {
    let page = "\n<!DOCTYPE html><html><title>Guest Wi-Fi</title>Please accept our terms</html>";
    for status in [200, 511] {
        let store = store(move |_| answer(status, page)).await;
        let error = error_of(store.connect().await);
        assert!(matches!(error, XcartError::WebPage { .. }), "{status}: {error}");
        assert!(error.to_string().contains("a sign-in page of this network") && error.remedy().contains("sign in"));
        assert_no_key(&error);
    }
    // In the middle of a pull as well as at its beginning.
    let store = store(move |asked| if asked.contains("page=") { answer(200, page) } else { answer(200, "[]") }).await;
    let error = first_page(&store.client().await).await.unwrap_err();
    assert!(matches!(error, XcartError::WebPage { .. }), "{error}");
    // And where it answers with its address.
    let portal = common::store(|_| {
        Response::builder()
            .status(302)
            .header("location", "http://login.guest.example/?go=1")
            .body(Body::empty())
            .unwrap()
    })
    .await;
    let error = error_of(portal.connect().await);
    assert!(matches!(&error, XcartError::Redirected { to, .. } if to == "login.guest.example"), "{error}");
    assert!(error.remedy().contains("sign-in page"));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named_once_and_quickly() {
    let mut store = store(|_| answer(200, "[]")).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    store.config.shop.base_url = format!("http://{closed}").parse().unwrap();
    for dialect in [None, Some(Dialect::RestAddon)] {
        store.config.dialect = dialect;
        let error = error_of(store.connect().await);
        assert!(matches!(error, XcartError::Unreachable { .. }), "{error}");
        assert_no_key(&error);
    }
}

#[tokio::test]
async fn a_name_that_points_into_this_network_is_refused() {
    // This machine's own name: public in form, private where it points to.
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_owned();
    if name.is_empty() || tokio::net::lookup_host((name.as_str(), 443)).await.is_err() {
        println!("skipped: this machine's name cannot be looked up");
        return;
    }
    let mut store = store(|_| answer(200, "[]")).await;
    store.config.shop.base_url = format!("https://{name}").parse().unwrap();
    store.config.allow_loopback_http = false;
    let error = error_of(store.connect().await);
    assert!(matches!(error, XcartError::PrivateAddress { .. }), "{error}");
}

#[tokio::test]
async fn a_page_of_ten_megabytes_is_read_and_one_over_the_cap_is_not() {
    for (megabytes, fits) in [(10usize, true), (33, false)] {
        let (store, _) = match megabytes {
            10 => scripted(vec![|| answer(200, big(10))]).await,
            _ => scripted(vec![|| answer(200, big(33))]).await,
        };
        let page = first_page(&store.client().await).await;
        assert_eq!(page.is_ok(), fits, "{megabytes} MB");
        if let Err(error) = page {
            assert!(matches!(error, XcartError::TooLarge { .. }), "{error}");
        }
    }
}

fn big(megabytes: usize) -> String {
    let mut row = order(1, "2026-01-06T00:00:00+0000");
    row["description"] = Value::String("x".repeat(megabytes * 1024 * 1024));
    json!([row]).to_string()
}

#[tokio::test]
async fn a_malformed_row_is_refused_by_name_and_stops_nothing() {
    type Fault = (&'static str, Value, &'static str);
    let faults: Vec<Fault> = vec![
        ("total", json!(10.005), "field `total`: 10.005 has more decimals than USD has"),
        ("total", json!("1,000.00"), "field `total`"),
        ("currency", json!("usd"), "field `currency`: unknown currency \"usd\""),
        ("create_date", json!("yesterday"), "field `create_date`"),
        ("order_number", json!(null), "field `order_number`: is missing"),
        ("items", json!("none"), "field `items`: \"none\" is not a list"),
        ("items", json!([{"id": 1, "price": "x", "amount": 1}]), "field `items[0].price`"),
        ("id", json!("x"), "order page-1-row-7: field `id`"),
    ];
    let mut rows: Vec<Value> = faults
        .iter()
        .enumerate()
        .map(|(n, (field, value, _))| {
            let mut row = order(n as u64 + 1, "2026-01-06T00:00:00+0000");
            row[*field] = value.clone();
            row
        })
        .collect();
    rows.insert(0, order(77, "2026-01-06T00:00:00+0000"));
    rows.push(json!(42));
    let text = Value::Array(rows).to_string();
    let store =
        store(move |asked| answer(200, if asked.ends_with("?itemsPerPage=1") { "[]" } else { &text }.to_owned())).await;
    let page = first_page(&store.client().await).await.unwrap();
    assert_eq!((page.good.len(), page.refused.len()), (1, faults.len() + 1));
    for ((_, _, reason), refused) in faults.iter().zip(&page.refused) {
        let reason = reason.replace("row-7", "row-9");
        assert!(refused.reason.contains(&reason), "{} should contain {reason}", refused.reason);
        assert!(serde_json::from_str::<Value>(&refused.raw).is_ok());
    }
    assert_eq!(page.refused[0].record.to_string(), "xcart/test#order#1");
}

#[tokio::test]
async fn unknown_statuses_are_kept_and_four_decimal_surcharges_too() {
    let mut row = order(1, "2026-01-06T00:00:00+0000");
    row["payment_status"]["code"] = json!("ZZ");
    row["surcharges"][0]["value"] = json!(1.5125);
    row["notes"] = json!("my card is 4111 1111 1111 1111");
    let text = json!([row]).to_string();
    let store = store(move |_| answer(200, text.clone())).await;
    let page = first_page(&store.client().await).await.unwrap();
    let order = &page.good[0];
    assert_eq!(order.value.payment_status.code(), "ZZ");
    assert_eq!(order.value.surcharges[0].value.amount.to_string(), "1.5125");
    assert_eq!(order.value.notes, "my card is ****1111");
    assert!(!order.raw.contains("4111"));
}

/// 250 orders, one changed a minute, the newest first where the store sorts.
async fn changing_store(sorts: bool) -> Store {
    store(move |asked| {
        let mut rows: Vec<Value> =
            (1..=250u64).map(|id| order(id, &format!("2026-01-06T{:02}:{:02}:00+0000", id / 60, id % 60))).collect();
        if sorts && asked.contains("order[lastRenewDate]=desc") {
            rows.reverse();
        }
        if asked.ends_with("?itemsPerPage=1") {
            return answer(200, json!([rows[0]]).to_string());
        }
        let size = asked_number(asked, "itemsPerPage=");
        let from = (asked_number(asked, "page=") - 1) * size;
        let page: Vec<_> = rows.into_iter().skip(from).take(size).collect();
        answer(200, Value::Array(page).to_string())
    })
    .await
}

#[tokio::test]
async fn a_whole_pull_reads_every_page_and_can_go_on_in_the_middle() {
    let store = changing_store(true).await;
    let client = store.client().await;
    let pages: Vec<_> = client.changed_orders(None).try_collect().await.unwrap();
    let ids: Vec<_> = pages.iter().flat_map(|it| it.good.iter().map(|it| it.value.id)).collect();
    assert_eq!(ids, (1..=250).collect::<Vec<_>>());
    let stored = serde_json::to_string(pages[0].next.as_ref().unwrap()).unwrap();
    let rest: Vec<_> = client.orders_from(Pull::Whole, serde_json::from_str(&stored).unwrap()).collect().await;
    assert_eq!(rest.iter().map(|it| it.as_ref().unwrap().good.len()).sum::<usize>(), 150);
}

#[tokio::test]
async fn a_pull_of_changes_stops_at_the_watermark_less_the_overlap() {
    let store = changing_store(true).await;
    let client = store.client().await;
    let since = "2026-01-06T04:00:00Z".parse().unwrap();
    let pages: Vec<_> = client.changed_orders(Some(since)).try_collect().await.unwrap();
    let ids: Vec<_> = pages.iter().flat_map(|it| it.good.iter().map(|it| it.value.id)).collect();
    assert_eq!(ids, (225..=250).rev().collect::<Vec<_>>(), "from 03:45");
    assert_eq!(store.asked().len(), 2, "the probe and one page");
}

#[tokio::test]
async fn a_store_that_ignores_the_sort_is_read_to_its_end() {
    let client = changing_store(false).await.client().await;
    let since = "2026-01-06T04:00:00Z".parse().unwrap();
    let pages: Vec<_> = client.changed_orders(Some(since)).try_collect().await.unwrap();
    let ids: Vec<_> = pages.iter().flat_map(|it| it.good.iter().map(|it| it.value.id)).collect();
    assert_eq!((ids, pages.len()), ((225..=250).collect::<Vec<_>>(), 3));
}

#[tokio::test]
async fn a_store_that_sends_the_same_page_for_ever_is_noticed() {
    let text = Value::Array((1..=100).map(|id| order(id, "2026-01-06T00:00:00+0000")).collect()).to_string();
    let store = store(move |_| answer(200, text.clone())).await;
    let pages: Vec<_> = store.client().await.changed_orders(None).collect().await;
    assert_eq!(pages.len(), 2);
    assert!(matches!(pages[1], Err(XcartError::BrokenAnswer { .. })));
}

#[tokio::test]
async fn payments_without_rows_count_only_where_there_is_no_doubt() {
    let one = |value: Value, status: &str, code: &str, kind: &str, twice: bool| {
        let transaction = json!({"id": 5, "type": kind, "date": "2026-01-05T23:30:00+0000", "status": status, "name": "Phone",
            "local_name": "Phone Ordering", "currency": "USD", "value": value, "note": "", "data": [], "backend_transactions": []});
        let mut order = order(1, "2026-01-06T00:00:00+0000");
        order["payment_status"]["code"] = json!(code);
        let rows = if twice { json!([transaction, transaction]) } else { json!([transaction]) };
        (json!([order]).to_string(), rows.to_string())
    };
    for ((orders, rows), expected) in [
        (one(json!(10), "Phone", "P", "sale", false), Some(Kind::Capture)),
        (one(json!(9.99), "Phone", "P", "sale", false), Some(Kind::Unknown)),
        (one(json!(10), "Phone", "Q", "sale", false), Some(Kind::Unknown)),
        (one(json!(10), "Phone", "P", "auth", false), Some(Kind::Unknown)),
        (one(json!(10), "Phone", "P", "sale", true), Some(Kind::Unknown)),
        (one(json!(10), "Phone", "D", "sale", false), Some(Kind::NotCompleted)),
        (one(json!(10), "Phone", "C", "sale", true), Some(Kind::NotCompleted)),
        (one(json!(10), "F", "P", "sale", false), Some(Kind::NotCompleted)),
        (one(json!(10), "S", "P", "sale", false), Some(Kind::Capture)),
        (one(json!(10.005), "S", "P", "sale", false), None),
        (one(json!(-10), "S", "P", "sale", false), None),
    ] {
        let shown = rows.clone();
        let store = store(move |asked| {
            answer(200, if asked.contains("payment_transactions") { rows.clone() } else { orders.clone() })
        })
        .await;
        let client = store.client().await;
        let order = first_page(&client).await.unwrap().good.remove(0).value;
        let page = client.payments_of(&order).await.unwrap();
        assert_eq!(page.good.first().map(|it| it.value.kind), expected, "{shown}");
        assert_eq!(page.refused.is_empty(), expected.is_some(), "{shown}");
        for it in page.good.iter().filter(|it| it.value.kind == Kind::Unknown) {
            assert!(!it.value.note.is_empty());
        }
    }
}

#[tokio::test]
async fn a_strange_row_is_unknown_and_an_unreadable_one_refused_beside_its_good_neighbours() {
    let row = |id: u64, kind: &str, status: &str, value: Value| json!({"id": id, "type": kind, "date": "2026-01-05T23:30:00+0000", "status": status, "value": value, "data": []});
    let rows = json!([{"id": 5, "type": "sale", "date": "2026-01-05T23:30:00+0000", "status": "Stripe", "name": "Stripe",
        "local_name": "Stripe", "currency": "USD", "value": 10, "note": "", "data": [{"name": "charge_id", "value": "ch_1"}],
        "backend_transactions": [
            row(1, "sale", "S", json!(10)), row(2, "sale", "X", json!(10)), row(3, "bonus", "S", json!(1)),
            row(4, "captureMulti", "S", json!(1)), row(5, "refund", "S", json!(1.001)), row(6, "void", "S", json!(1))
        ]}])
    .to_string();
    let orders = json!([order(1, "2026-01-06T00:00:00+0000")]).to_string();
    let store = store(move |asked| {
        answer(200, if asked.contains("payment_transactions") { rows.clone() } else { orders.clone() })
    })
    .await;
    let client = store.client().await;
    let order = first_page(&client).await.unwrap().good.remove(0).value;
    let page = client.payments_of(&order).await.unwrap();
    let kinds: Vec<_> = page.good.iter().map(|it| (it.value.row, it.value.kind)).collect();
    assert_eq!(
        kinds,
        [(1, Kind::Capture), (2, Kind::Unknown), (3, Kind::Unknown), (4, Kind::Unknown), (6, Kind::Void)]
    );
    assert_eq!(page.good[0].value.gateway_ref.as_deref(), Some("ch_1"));
    assert_eq!(page.refused.len(), 1);
    assert_eq!(page.refused[0].record.to_string(), "xcart/test#payment#5:5");
    assert!(page.refused[0].reason.contains("backend_transactions[4].value"), "{}", page.refused[0].reason);
}
