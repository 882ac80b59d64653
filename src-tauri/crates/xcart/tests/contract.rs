//! The contract is what was recorded, no more and no less. `TIEOUT_WRITE_CONTRACT=1` writes it again.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod common;

use common::recordings;
use serde_json::Value;
use std::collections::BTreeMap;
use tieout_xcart::kind_of;

/// By path: the kinds seen, how often it was there, and how often what holds it was.
#[derive(Default)]
struct Seen {
    kinds: String,
    there: u64,
}

fn look(path: &str, value: &Value, seen: &mut BTreeMap<String, Seen>) {
    match value {
        Value::Object(fields) => {
            seen.entry(path.to_owned()).or_default().there += 1;
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                let field = seen.entry(format!("{path}\t")).or_default();
                field.there += 1;
                let kind = kind_of(value);
                if kind != '-' && !field.kinds.contains(kind) {
                    field.kinds.push(kind);
                }
                look(&path, value, seen);
            }
        }
        Value::Array(rows) => rows.iter().for_each(|it| look(&format!("{path}[]"), it, seen)),
        _ => {}
    }
}

#[test]
fn the_contract_is_what_was_recorded() {
    let kinds = [
        ("api55-orders", "a order"),
        ("api55-get-order", "a order"),
        ("api55-payment-transactions", "a transaction"),
        ("api55-profiles", "a profile"),
        ("api55-products", "a product"),
        ("rest54-order-complex", "b order-complex"),
        ("rest54-payment-transaction", "b transaction"),
        ("rest54-get-payment-transaction", "b transaction"),
        ("rest54-profile-get", "b profile"),
        ("rest54-product-get", "b product"),
    ];
    let mut seen = BTreeMap::new();
    for it in recordings().into_iter().filter(|it| it.status == 200 && !it.name.contains("ldjson")) {
        let Some((_, entity)) = kinds.iter().find(|(start, _)| it.name.starts_with(start)) else { continue };
        match tieout_xcart::redact(it.body) {
            Value::Array(rows) => rows.iter().for_each(|row| look(entity, row, &mut seen)),
            one => look(entity, &one, &mut seen),
        }
    }
    let mut lines = String::new();
    for (path, field) in seen.iter().filter_map(|(path, field)| Some((path.strip_suffix('\t')?, field))) {
        let holder = path.rsplit_once('.').unwrap().0;
        let always = if seen[holder].there == field.there { "always" } else { "sometimes" };
        let kinds = if field.kinds.is_empty() { "bntlo" } else { &field.kinds };
        lines.push_str(&format!("{path}\t{kinds}\t{always}\n"));
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/contract.tsv");
    if std::env::var_os("TIEOUT_WRITE_CONTRACT").is_some() {
        std::fs::write(file, &lines).unwrap();
    }
    assert!(std::fs::read_to_string(file).unwrap() == lines, "run it with TIEOUT_WRITE_CONTRACT=1");
}

#[tokio::test]
async fn a_store_that_departs_from_the_recordings_is_read_all_the_same_and_told_of() {
    let mut order = common::recording("api55-orders-get-1").body;
    order["gift_message"] = "Happy birthday".into();
    let list = Value::Array(vec![order]).to_string();
    let store = common::store(move |asked| {
        let body = if asked.starts_with("/api/orders?page") { list.clone() } else { "[]".to_owned() };
        common::answer(200, body)
    })
    .await;
    let client = store.client().await;
    let page = client.orders_page(tieout_xcart::Pull::Whole, tieout_xcart::Cursor::default()).await.unwrap();
    assert_eq!((page.good.len(), page.refused.len()), (1, 0));
    let [departure] = &client.departures()[..] else { panic!("{:?}", client.departures()) };
    assert_eq!(
        (departure.field.as_str(), departure.change, departure.example.as_str()),
        ("a order.gift_message", tieout_xcart::Change::New, "\"Happy birthday\"")
    );
}
