//! The sandbox store over real HTTP: paging, filters that work and filters that are ignored, refusals, writes,
//! and the faults.
#![allow(clippy::unwrap_used)]

mod xcart_support;

use rust_decimal::Decimal;
use serde_json::Value;
use std::time::Duration;
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, Faults, System};
use tieout_sandbox::xcart::*;
use xcart_support::Shop;

/// 250 orders a day apart, changed in the opposite order, every third one unpaid.
fn store() -> Store {
    let mut store = Store::default();
    let customer = store.add_profile(Profile {
        login: "ann@example.com".to_owned(),
        status: "E".to_owned(),
        ..Profile::default()
    });
    for n in 0..250_i64 {
        store.add_order(Order {
            total: Decimal::new(1000 + n, 2),
            sub_total: Decimal::new(1000 + n, 2),
            email: if n % 2 == 0 { "ann@example.com" } else { "bob@example.com" }.to_owned(),
            customer_id: Some(customer),
            order_profile_id: Some(10_000 + n as u64),
            payment_status: Some(if n % 3 == 0 { "Q" } else { "P" }.to_owned()),
            shipping_status: Some("N".to_owned()),
            create_date: 1_700_000_000 + n * 86_400,
            last_renew_date: 1_750_000_000 - n,
            transactions: vec![PaymentTransaction {
                kind: "sale".to_owned(),
                status: "S".to_owned(),
                method_name: "Gateway".to_owned(),
                value: Decimal::new(1000 + n, 2),
                ..PaymentTransaction::default()
            }],
            ..Order::default()
        });
    }
    store.add_product(Product { sku: "A-1".to_owned(), name: "A".to_owned(), amount: 5, ..Product::default() });
    store
}

async fn shop() -> Shop {
    Shop::open(store(), Faults::none()).await
}

async fn shop_with(fault: Fault, what: &str) -> Shop {
    let rule = FaultRule::always(System::Xcart, what, fault).times(1);
    Shop::open(store(), Faults::new(FaultPlan::new(1, vec![rule]))).await
}

async fn ids(shop: &Shop, url: &str) -> Vec<u64> {
    let (status, rows) = shop.get(url).await;
    assert_eq!(status, 200, "{url}: {rows}");
    rows.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn pages_are_thirty_rows_unless_asked_and_never_more_than_a_hundred() {
    let shop = shop().await;
    assert_eq!(ids(&shop, "/api/orders").await, (1..=30).collect::<Vec<_>>());
    assert_eq!(ids(&shop, "/api/orders?itemsPerPage=1000&page=3").await, (201..=250).collect::<Vec<_>>());
    assert_eq!(ids(&shop, "/api/orders?itemsPerPage=100&page=4").await, Vec::<u64>::new());
    assert_eq!(ids(&shop, "/api/orders?itemsPerPage=0").await, Vec::<u64>::new());
    assert_eq!(ids(&shop, "/api/orders?pagination=false").await.len(), 30);
    assert_eq!(ids(&shop, "/api/orders.json?itemsPerPage=2").await, [1, 2]);
    for wrong in ["page=0", "page=abc", "itemsPerPage=-1"] {
        assert_eq!(shop.get(&format!("/api/orders?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_filter_that_is_unknown_or_unreadable_returns_everything() {
    let shop = shop().await;
    for ignored in [
        "lastRenewDate[after]=2099-01-01",
        "date[after]=garbage",
        "date[since]=@1",
        "orderNumber=7",
        "order[total]=desc",
    ] {
        assert_eq!(ids(&shop, &format!("/api/orders?{ignored}")).await.len(), 30, "{ignored}");
    }
    // An unencoded + is a space, so this offset cannot be read and the filter with it falls away.
    assert_eq!(ids(&shop, "/api/orders?date[after]=2099-01-01T00:00:00+00:00").await.len(), 30);
    assert_eq!(ids(&shop, "/api/orders?date[after]=2099-01-01T00:00:00%2B00:00").await.len(), 0);
}

#[tokio::test]
async fn the_filters_that_work_narrow_and_the_sort_keys_sort() {
    let shop = shop().await;
    let first = 1_700_000_000;
    assert_eq!(
        ids(
            &shop,
            &format!("/api/orders?date[after]=@{}&date[strictly_before]=@{}", first + 86_400, first + 3 * 86_400)
        )
        .await,
        [2, 3]
    );
    assert_eq!(ids(&shop, "/api/orders?paymentStatus.code=Q&itemsPerPage=3").await, [1, 4, 7]);
    assert_eq!(ids(&shop, "/api/orders?paymentStatus.code[]=P&paymentStatus.code[]=Q&itemsPerPage=3").await, [1, 2, 3]);
    assert_eq!(ids(&shop, "/api/orders?paymentStatus.code=ZZ").await.len(), 0);
    assert_eq!(ids(&shop, "/api/orders?profile.login=bob&itemsPerPage=2").await, [2, 4]);
    assert_eq!(ids(&shop, "/api/orders?order[lastRenewDate]=asc&itemsPerPage=2").await, [250, 249]);
    assert_eq!(ids(&shop, "/api/orders?order[lastRenewDate]=DESC&itemsPerPage=2").await, [1, 2]);
}

#[tokio::test]
async fn a_write_of_a_status_moves_the_order_to_the_front_of_the_changed_ones() {
    let shop = shop().await;
    let (status, reply) = shop.put("/api/orders/7/payment_status", r#"{"code":"R"}"#).await.unwrap();
    assert_eq!((status, reply["name"].as_str()), (200, Some("Refunded")));
    assert_eq!(ids(&shop, "/api/orders?order[lastRenewDate]=desc&itemsPerPage=1").await, [7]);
    let before = shop.store.snapshot();
    shop.put("/api/orders/7/payment_status", r#"{"code":"R"}"#).await.unwrap();
    assert_eq!(before, shop.store.snapshot(), "the same code again changes nothing");
}

#[tokio::test]
async fn a_late_refund_step_does_not_move_the_orders_change_date() {
    let shop = shop().await;
    let before = shop.get("/api/orders/9").await.1["update_date"].clone();
    let step = BackendTransaction {
        kind: "refund".to_owned(),
        status: "S".to_owned(),
        value: Decimal::TEN,
        ..BackendTransaction::default()
    };
    shop.store.with(|store| store.add_backend_transaction(9, step)).unwrap();
    assert_eq!(shop.get("/api/orders/9").await.1["update_date"], before);
    let (_, rows) = shop.get("/api/orders/9/payment_transactions").await;
    assert_eq!(rows[0]["status"], "Gateway", "the method's name stands where the state should");
    assert_eq!(rows[0]["backend_transactions"][0]["status"], "S");
}

#[tokio::test]
async fn keys_are_compared_whole_and_the_read_only_one_cannot_write() {
    let shop = shop().await;
    let status = |token: &'static str, method: &'static str| {
        let request = shop.request(method, "/api/orders/1/payment_status").header("x-auth-TOKEN", token);
        let request = request.header("Content-Type", "application/json").body(r#"{"code":"P"}"#);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status("key-ro", "GET").await, 200);
    assert_eq!(status("key-ro", "PUT").await, 403);
    for wrong in ["KEY-RO", "key-r", "key-rw2", ""] {
        assert_eq!(status(wrong, "GET").await, 401, "{wrong:?}");
    }
    assert_eq!(
        shop.request("GET", "/admin.php?target=RESTAPI&_path=order").send().await.unwrap().status().as_u16(),
        403
    );
}

#[tokio::test]
async fn json_ld_counts_what_plain_json_does_not() {
    let shop = shop().await;
    let request = shop.request("GET", "/api/orders?itemsPerPage=100&page=2").header("X-Auth-Token", "key-ro");
    let reply = request.header("Accept", "application/ld+json").send().await.unwrap().text().await.unwrap();
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["hydra:totalItems"], 250);
    assert_eq!(reply["hydra:view"]["hydra:previous"], "/api/orders?itemsPerPage=100&page=1");
    assert_eq!(reply["hydra:view"]["hydra:next"], "/api/orders?itemsPerPage=100&page=3");
}

#[tokio::test]
async fn a_path_outside_the_slice_and_a_closed_dialect_are_not_found() {
    let mut closed = store();
    closed.settings.rest_addon = false;
    let shop = Shop::open(closed, Faults::none()).await;
    for path in
        ["/api/categories", "/api/orders/1/tracking_numbers", "/api/orders/by_number/A-1", "/api/orders/x", "/cart.php"]
    {
        assert_eq!(shop.get(path).await.0, 404, "{path}");
    }
    assert_eq!(shop.addon("GET", "order", "", "").await.0, 404);
}

#[tokio::test]
async fn the_add_on_narrows_by_limit_and_status_and_ignores_dates() {
    let shop = shop().await;
    let count = |headers: &reqwest::header::HeaderMap| headers["x-result-count"].to_str().unwrap().to_owned();
    let (_, headers, rows) = shop.addon("GET", "order", "&_cnd[limit][0]=248&_cnd[limit][1]=10", "").await;
    assert_eq!((count(&headers).as_str(), rows[0]["order_id"].as_u64()), ("2", Some(249)));
    assert_eq!(count(&shop.addon("GET", "order", "", "").await.1), "250");
    assert_eq!(count(&shop.addon("GET", "order", "&_cnd[dateRange][0]=1&_cnd[dateRange][1]=2", "").await.1), "250");
    assert_eq!(count(&shop.addon("GET", "order", "&_cnd[paymentStatus]=Q", "").await.1), "84");
    assert_eq!(count(&shop.addon("GET", "order", "&_cnd[limit]=5", "").await.1), "0");
    assert_eq!(shop.addon("GET", "order/99999", "", "").await.2, Value::Null);
    let (_, _, profile) = shop.addon("GET", "profile/1", "", "").await;
    assert_eq!(profile["password"], PASSWORD_HASH, "the leak a client must redact");
}

#[tokio::test]
async fn the_add_on_says_200_to_writes_it_ignores() {
    let shop = shop().await;
    let before = shop.store.snapshot().orders;
    for ignored in [r#"{"shippingStatus":3}"#, r#"{"shippingStatus":"S"}"#, r#"{"nosuch":1}"#] {
        assert_eq!(shop.addon("PUT", "order/2", "", ignored).await.0, 200, "{ignored}");
        assert_eq!(shop.store.snapshot().orders, before, "{ignored}");
    }
    let (_, _, order) = shop.addon("PUT", "order/2", "", r#"{"shippingStatus":{"id":3}}"#).await;
    assert_eq!(order["shippingStatus"]["code"], "S");
    let (_, _, row) = shop.addon("POST", "ordertrackingnumber/0", "", r#"{"value":"1Z","order":{"order_id":2}}"#).await;
    assert_eq!(row["value"], "1Z");
    let (status, headers, reply) = shop.addon("POST", "ordertrackingnumber/0", "", r#"{"value":"1Z"}"#).await;
    assert_eq!((status, reply), (400, Value::Array(Vec::new())));
    assert!(headers.contains_key("x-rest-error"));
    // A method in the query outranks the one of HTTP.
    assert_eq!(shop.addon("POST", "product/1", "&_method=PUT", r#"{"amount":"7"}"#).await.2["amount"], 7);
}

#[tokio::test]
async fn a_commit_then_drop_leaves_the_work_done_and_no_answer() {
    let shop = shop_with(Fault::CommitThenDrop, "PUT /api/orders/*").await;
    assert!(shop.put("/api/orders/1/payment_status", r#"{"code":"R"}"#).await.is_err());
    assert_eq!(shop.store.snapshot().orders[&1].payment_status.as_deref(), Some("R"));
    assert_eq!(shop.get("/api/orders/1/payment_status").await.1["code"], "R");
}

#[tokio::test]
async fn a_late_commit_happens_after_the_client_gave_up() {
    let shop = shop_with(Fault::TimeoutThenLateCommit { delay_ms: 80 }, "PUT /api/orders/*").await;
    let request = shop.request("PUT", "/api/orders/1/payment_status").header("X-Auth-Token", "key-rw");
    let request = request.header("Content-Type", "application/json").body(r#"{"code":"R"}"#);
    assert!(request.timeout(Duration::from_millis(20)).send().await.unwrap_err().is_timeout());
    assert_eq!(shop.store.snapshot().orders[&1].payment_status.as_deref(), Some("Q"));
    let committed = async {
        while shop.store.snapshot().orders[&1].payment_status.as_deref() != Some("R") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), committed).await.expect("the late commit comes");
}

#[tokio::test]
async fn a_fault_before_the_commit_changes_nothing() {
    for (fault, expected) in [
        (Fault::Error502BeforeCommit, 502),
        (Fault::Status429 { retry_after: Some(2) }, 429),
        (Fault::Status429 { retry_after: None }, 429),
        (Fault::ExpiredSession, 401),
    ] {
        let shop = shop_with(fault.clone(), "PUT *").await;
        let request = shop.request("PUT", "/api/orders/1/payment_status").header("X-Auth-Token", "key-rw");
        let reply = request.header("Content-Type", "application/json").body(r#"{"code":"R"}"#).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), expected);
        let hint = reply.headers().get("retry-after").and_then(|value| value.to_str().ok());
        assert_eq!(hint, (fault == Fault::Status429 { retry_after: Some(2) }).then_some("2"));
        assert_eq!(shop.store.snapshot(), store());
        assert_eq!(
            shop.put("/api/orders/1/payment_status", r#"{"code":"R"}"#).await.unwrap().0,
            200,
            "and then it is over"
        );
    }
}

#[tokio::test]
async fn a_truncated_reply_cannot_be_read_to_its_end() {
    let shop = shop_with(Fault::TruncatedReply, "GET /api/orders").await;
    let reply = shop.request("GET", "/api/orders").header("X-Auth-Token", "key-rw").send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 200);
    assert!(reply.text().await.is_err());
    assert_eq!(ids(&shop, "/api/orders").await.len(), 30);
}

#[tokio::test]
async fn the_add_on_meets_faults_by_entity_and_never_by_its_key() {
    let shop = shop_with(Fault::ExpiredSession, "GET order/*").await;
    assert_eq!(shop.addon("GET", "order", "", "").await.0, 200);
    assert_eq!(shop.addon("GET", "order/1", "", "").await.0, 403);
    assert_eq!(shop.addon("GET", "order/1", "", "").await.0, 200);
}

#[tokio::test]
async fn a_store_can_be_kept_and_gone_on_with() {
    let shop = shop().await;
    shop.put("/api/orders/3/shipping_status", r#"{"code":"S"}"#).await.unwrap();
    let kept = serde_json::to_string(&shop.store.snapshot()).unwrap();
    let again: Store = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, shop.store.snapshot());
}

#[tokio::test]
async fn the_same_requests_leave_the_same_store_behind() {
    let mut left = Vec::new();
    for _ in 0..2 {
        let shop = shop().await;
        shop.put("/api/orders/3/shipping_status", r#"{"code":"S"}"#).await.unwrap();
        shop.put("/api/products/1", r#"{"amount":4}"#).await.unwrap();
        shop.addon("POST", "profile/0", "", r#"{"login":"new@example.com"}"#).await;
        left.push((shop.store.snapshot(), shop.get("/api/orders/3/history").await, shop.store.requests()));
    }
    assert_eq!(left[0], left[1]);
    assert_eq!(left[0].2, 4);
}

#[tokio::test]
async fn two_clients_at_once_each_see_whole_pages() {
    let shop = shop().await;
    let read = || async {
        let mut all = Vec::new();
        for page in 1..=3 {
            all.extend(ids(&shop, &format!("/api/orders?itemsPerPage=100&page={page}")).await);
        }
        all
    };
    let (one, two, write) = tokio::join!(read(), read(), shop.put("/api/orders/3/shipping_status", r#"{"code":"S"}"#));
    assert_eq!(one, (1..=250).collect::<Vec<_>>());
    assert_eq!(one, two);
    assert_eq!(write.unwrap().0, 200);
}

#[tokio::test]
async fn a_store_may_publish_its_own_description_or_fail_at_it() {
    let shop = shop().await;
    assert_eq!(shop.get("/api/docs.json").await.0, 500, "as recorded");
    shop.store.with(|store| store.settings.docs_json = Some(serde_json::json!({"openapi": "3.0.0"})));
    assert_eq!(shop.get("/api/docs.json").await, (200, serde_json::json!({"openapi": "3.0.0"})));
}

#[tokio::test]
async fn the_add_on_lists_the_copies_of_profiles_that_the_admin_api_leaves_out() {
    let shop = shop().await;
    assert_eq!(ids(&shop, "/api/profiles").await, [1]);
    assert_eq!(shop.addon("GET", "profile", "", "").await.2.as_array().unwrap().len(), 251);
    let (_, _, rows) = shop.addon("GET", "profile", "&_schema=complex&_cnd[limit][0]=0&_cnd[limit][1]=2", "").await;
    assert_eq!((rows[0]["profileId"].as_u64(), rows[1]["profileId"].as_u64()), (Some(1), Some(10_000)));
}
