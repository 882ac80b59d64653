//! Every recorded exchange, given to the client as the answer to its question: read, or refused for a stated reason.
//! The reasons are the snapshot; `cargo xtask wire` counts them into docs/wire.md.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod common;

use axum::body::Body;
use axum::http::Response;
use common::{Recording, Store, answer, recording, recordings, store};
use serde_json::Value;
use tieout_domain::Order;
use tieout_xcart::{Cursor, Dialect, Page, Pull, XcartError};

/// What the client may ask that this could answer.
enum Door {
    Orders,
    Payments,
    Products,
    Profiles,
    /// A refusal: any question may meet it.
    Any,
    /// The question that tells which interface a store has.
    Probe,
    Closed(&'static str),
}

fn door(it: &Recording) -> Door {
    let name = it.name.split_once('-').unwrap().1;
    let is = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if it.status >= 400 {
        return Door::Any;
    }
    if is(&["order-status", "put-payment-status", "payment-status", "put-shipping-status", "shipping-status"]) {
        return Door::Closed("a status by itself: the answer to a write is not believed, its order is read again");
    }
    if is(&["order-history", "order-details", "orderhistory"]) {
        return Door::Closed("an order's history: its payments say what moved");
    }
    if is(&["post-backendtransaction", "payment-backendtransaction", "get-backend", "order-surcharge", "orderitem"])
        || is(&["post-tracking", "get-tracking", "ordertracking"])
    {
        return Door::Closed("part of an order or of a payment, read with it");
    }
    if is(&["delete-product", "post-address", "profile-address", "address"]) || name == "carts-list" {
        return Door::Closed(
            "no question of ours: nothing is deleted, addresses come with orders, carts are no orders",
        );
    }
    if is(&["categor", "membership", "tax", "coupons", "cdev-coupons", "post-coupon", "shipping-method"])
        || is(&["payment-method"])
    {
        return Door::Closed("no reader yet: a record of the store's own set-up");
    }
    match name {
        "currency-get-all" => Door::Probe,
        "currency-get-one" => Door::Closed("no question of ours"),
        "product-complex-one" | "profile-complex-one" => Door::Closed("the complex schema is asked of orders only"),
        _ if is(&["orders", "order", "get-order", "put-order", "post-order", "xml-order"]) => Door::Orders,
        _ if is(&["payment-transaction", "get-payment-transaction"]) => Door::Payments,
        _ if is(&["product", "put-product", "post-product", "form-put-product"]) => Door::Products,
        _ if is(&["profile", "put-profile", "post-profile"]) => Door::Profiles,
        _ => panic!("no door for {}", it.name),
    }
}

fn recorded(it: &Recording, body: String) -> Response<Body> {
    let mut response = Response::builder().status(it.status);
    for (name, value) in [("content-type", &it.content_type), ("x-rest-error", &it.rest_error)] {
        if !value.is_empty() {
            response = response.header(name, value);
        }
    }
    response.body(body.into()).unwrap()
}

fn text(body: &Value) -> String {
    body.as_str().map_or_else(|| body.to_string(), str::to_owned)
}

/// Lists are asked for, so a single record is sent as a list of one.
fn as_list(body: &Value) -> Value {
    if body.is_object() && body.get("hydra:member").is_none() { Value::Array(vec![body.clone()]) } else { body.clone() }
}

async fn answering(it: &Recording, list: String) -> Store {
    let it = it.clone();
    let dialect = if it.name.starts_with("api55") { Dialect::AdminApi } else { Dialect::RestAddon };
    let currencies = recording("rest54-currency-get-all").body.to_string();
    let complex = recording("rest54-order-complex-all").body;
    let probe = "/api/orders?itemsPerPage=1";
    let mut store = store(move |asked| {
        let of_order =
            asked.split_once("_path=order/").and_then(|(_, rest)| rest.split('&').next()?.parse::<u64>().ok());
        match of_order {
            _ if asked == probe => answer(200, "[]"),
            _ if asked.contains("_path=currency") => answer(200, currencies.clone()),
            Some(id) if asked.contains("_schema=complex") => {
                let row = complex.as_array().unwrap().iter().find(|it| it["orderId"] == id);
                // Orders made after that recording: told apart by their number only.
                answer(
                    200,
                    row.map_or_else(
                        || complex[0].to_string().replacen("\"orderId\":1,", &format!("\"orderId\":{id},"), 1),
                        Value::to_string,
                    ),
                )
            }
            Some(_) => answer(200, r#"{"order_id":1,"payment_transactions":[{"transaction_id":1}]}"#),
            None => recorded(&it, list.clone()),
        }
    })
    .await;
    store.config.dialect = Some(dialect);
    store.config.retries = 0;
    store
}

fn of_page<T>(page: Result<Page<T>, XcartError>) -> (&'static str, String) {
    match page {
        Ok(page) if page.refused.is_empty() => ("passed", format!("{} read", page.good.len())),
        Ok(page) => {
            let why: Vec<_> = page.refused.iter().map(|it| it.reason.as_str()).collect();
            ("refused as stated", format!("{} read; {}", page.good.len(), why.join("; ")))
        }
        Err(error) => {
            let said = error.to_string().replace("127.0.0.1", "the store");
            ("refused as stated", said.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}

/// The order that the recorded payments belong to.
async fn order_one(it: &Recording) -> Order {
    let (name, number) =
        if it.name.starts_with("api55") { ("api55-orders-list", 0) } else { ("rest54-order-get-all", 0) };
    let orders = recording(name);
    let client = answering(&orders, orders.body.to_string()).await.client().await;
    client.orders_page(Pull::Whole, Cursor::default()).await.unwrap().good.swap_remove(number).value
}

async fn verdict(it: &Recording) -> (&'static str, String) {
    let faults = ["rest54-order-complex-limit", "rest54-order-status-payment-after"];
    let recorder = faults.contains(&it.name.as_str()) || it.name == "rest54-put-order-shippingstatus-obj-code";
    let client = async |list: String| answering(it, list).await.client().await;
    let list = as_list(&it.body).to_string();
    let verdict = match door(it) {
        Door::Closed(why) => ("not covered", why.to_owned()),
        Door::Probe => {
            let connected = answering(it, list).await.connect().await.unwrap();
            ("passed", format!("the probe tells {:?}", connected.probe.dialect))
        }
        Door::Any => of_page(client(text(&it.body)).await.products_page(Cursor::default()).await),
        Door::Orders if it.name.contains("order-complex") => {
            // Asked one by one, so the rows of the plain list lead to them.
            let orders = recording("rest54-order-get-all");
            let rows = orders.body.as_array().unwrap();
            let count = if it.body.is_array() { rows.len() } else { 1 };
            let client = answering(&orders, Value::from(&rows[..count]).to_string()).await.client().await;
            of_page(client.orders_page(Pull::Whole, Cursor::default()).await)
        }
        Door::Orders => of_page(client(list).await.orders_page(Pull::Whole, Cursor::default()).await),
        Door::Products => of_page(client(list).await.products_page(Cursor::default()).await),
        Door::Profiles => of_page(client(list).await.profiles_page(Cursor::default()).await),
        Door::Payments => {
            let one = if it.name.starts_with("rest54") { it.body.get(0).unwrap_or(&it.body).to_string() } else { list };
            of_page(client(one).await.payments_of(&order_one(it).await).await)
        }
    };
    match recorder {
        true => (verdict.0, format!("{} (a fault of the recorder, not of X-Cart)", verdict.1)),
        false => verdict,
    }
}

#[tokio::test]
async fn every_recorded_exchange_is_read_or_refused_for_a_stated_reason() {
    let mut lines = Vec::new();
    for it in recordings() {
        let (verdict, why) = verdict(&it).await;
        lines.push(format!("{}\t{verdict}\t{why}", it.name));
    }
    insta::assert_snapshot!("exchanges", lines.join("\n"));
}
