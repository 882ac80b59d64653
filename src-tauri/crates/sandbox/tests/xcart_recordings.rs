//! Every recorded exchange of the resources the sandbox has, asked again of the sandbox and compared.
//!
//! `cargo test -p tieout-sandbox --test xcart_recordings -- --nocapture` prints the table.
#![allow(clippy::unwrap_used)]

mod xcart_support;

use serde_json::Value;
use std::collections::BTreeSet;
use tieout_sandbox::faults::Faults;
use xcart_support::{Exchange, Recordings, Shop, addon_store, admin_api_store, body, remember};

/// The recorder's own faults, named in the recordings' index: X-Cart does not answer these so.
const RECORDER_FAULTS: [&str; 3] =
    ["rest54/order-complex-limit", "rest54/order-status-payment-after", "rest54/put-order-shippingstatus-obj-code"];

/// Keys whose values the model does not carry; their JSON type is still compared.
const NOT_CARRIED: [(&str, &str); 13] = [
    ("password", "hashes are masked in the recordings and a canary in the sandbox"),
    ("entityVersion", "random"),
    ("@id", "random for items"),
    ("recent", "whether an administrator has opened the order"),
    ("sales", "a product's sales counter"),
    ("needProcess", "whether a product's images wait for a job"),
    ("participateSale", "the sale module"),
    ("discountType", "the sale module"),
    ("salePriceValue", "the sale module"),
    ("hash", "of image files"),
    ("size", "of image files"),
    ("added", "of an order's copy of a profile, which the model does not date"),
    ("updateDate", "the store's clock steps one second a row, X-Cart's did not"),
];

struct Verdict {
    name: String,
    shape: Vec<String>,
    values: Vec<String>,
}

#[tokio::test]
async fn the_sandbox_answers_every_recorded_request_in_the_same_shape() {
    let recordings = Recordings::load();
    let mut verdicts = Vec::new();

    let shop = Shop::open(admin_api_store(&recordings), Faults::none()).await;
    let (reads, writes): (Vec<&Exchange>, Vec<&Exchange>) = admin_api(&recordings).partition(|it| it.method == "GET");
    for exchange in reads {
        shop.store.with(|store| remember(store, exchange));
        verdicts.push(replayed(&shop, exchange).await);
    }
    // The profile the add-on had made was gone again before the admin API was asked to make it.
    shop.store.with(|store| store.profiles.remove(&7));
    for exchange in in_order_of_writing(writes) {
        verdicts.push(replayed(&shop, exchange).await);
    }

    let shop = Shop::open(addon_store(&recordings), Faults::none()).await;
    let mut addon: Vec<&Exchange> = recordings.exchanges.iter().filter(|it| it.name.starts_with("rest54/")).collect();
    addon.sort_by_key(|it| it.reply_headers.get("last-modified").map(|date| date.as_str().unwrap().to_owned()));
    for exchange in addon.into_iter().filter(|it| !RECORDER_FAULTS.contains(&it.name.as_str())) {
        verdicts.push(replayed(&shop, exchange).await);
    }

    insta::assert_snapshot!("xcart_exchanges", table(&recordings, &verdicts));
    let different = report(&recordings, &verdicts);
    assert!(different.is_empty(), "these differ: {different:?}");
}

fn admin_api(recordings: &Recordings) -> impl Iterator<Item = &Exchange> {
    recordings.exchanges.iter().filter(|it| it.name.starts_with("api55/"))
}

/// Puts first, then what adds rows, deletions last: the order they were recorded in.
fn in_order_of_writing(mut writes: Vec<&Exchange>) -> Vec<&Exchange> {
    let rank = |it: &Exchange| match (it.method.as_str(), it.name.ends_with("-dup")) {
        ("PUT" | "PATCH", _) => 0,
        ("POST", false) => 1,
        ("POST", true) => 2,
        _ => 3,
    };
    writes.sort_by_key(|it| rank(it));
    writes
}

/// The moment of a recorded write, by the date its answer shows.
fn moment(exchange: &Exchange) -> Option<i64> {
    let reply = &exchange.reply;
    let seconds = |key: &str| reply[key].as_i64();
    let date =
        |key: &str| reply[key].as_str().map(|text| format!("{}Z", &text[..19]).parse::<jiff::Timestamp>().unwrap());
    ["lastRenewDate", "updateDate", "added", "creationDate"]
        .into_iter()
        .find_map(seconds)
        .or_else(|| ["update_date", "create_date"].into_iter().find_map(date).map(|date| date.as_second()))
}

async fn replayed(shop: &Shop, exchange: &Exchange) -> Verdict {
    if let Some(moment) = moment(exchange).filter(|_| exchange.method != "GET") {
        shop.store.with(|store| store.clock = moment - 1);
    }
    let mut request = shop.request(&exchange.method, &exchange.url);
    for (name, value) in &exchange.headers {
        request = request.header(name, value);
    }
    if let Some(body) = &exchange.body {
        request = request.body(body.clone());
    }
    let reply = request.send().await.unwrap();
    let mut verdict = Verdict { name: exchange.name.clone(), shape: Vec::new(), values: Vec::new() };
    if reply.status().as_u16() != exchange.status {
        verdict.shape.push(format!("status {} where {} was recorded", reply.status().as_u16(), exchange.status));
    }
    for (name, recorded) in &exchange.reply_headers {
        let ours = reply.headers().get(name).and_then(|value| value.to_str().ok());
        // Its value is the clock.
        if ours != recorded.as_str() && (name != "last-modified" || ours.is_none()) {
            verdict.shape.push(format!("header {name}: {ours:?} where {recorded} was recorded"));
        }
    }
    let ours = body(&reply.text().await.unwrap());
    compare("", "", &exchange.reply, &ours, &mut verdict);
    verdict
}

fn compare(path: &str, key: &str, recorded: &Value, ours: &Value, verdict: &mut Verdict) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            let keys = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
            let (theirs, mine) = (keys(recorded), keys(ours));
            for missing in theirs.difference(&mine) {
                verdict.shape.push(format!("{path}.{missing} is missing"));
            }
            for extra in mine.difference(&theirs) {
                verdict.shape.push(format!("{path}.{extra} was not recorded"));
            }
            for key in theirs.intersection(&mine) {
                compare(&format!("{path}.{key}"), key, &recorded[key], &ours[key], verdict);
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            if recorded.len() != ours.len() {
                verdict.shape.push(format!("{path} has {} rows where {} were recorded", ours.len(), recorded.len()));
            }
            for (at, (recorded, ours)) in recorded.iter().zip(ours).enumerate() {
                compare(&format!("{path}[{at}]"), key, recorded, ours, verdict);
            }
        }
        _ if kind(recorded) != kind(ours) => {
            verdict.shape.push(format!("{path} is {} where {} was recorded", kind(ours), kind(recorded)));
        }
        _ if key == "date" && within_the_session(recorded, ours) => {}
        _ if recorded != ours && !NOT_CARRIED.iter().any(|(name, _)| *name == key) => {
            verdict.values.push(format!("{path} is {ours} where {recorded} was recorded"));
        }
        _ => {}
    }
}

/// Two moments while the recorder was writing: a mail took it three seconds to fail.
fn within_the_session(recorded: &Value, ours: &Value) -> bool {
    let session = 1_795_423_000..1_795_430_000;
    match (recorded.as_i64(), ours.as_i64()) {
        (Some(recorded), Some(ours)) => session.contains(&recorded) && (recorded - ours).abs() <= 5,
        _ => false,
    }
}

/// The JSON type, and for text whether it is a date and of which shape.
fn kind(value: &Value) -> &'static str {
    let is_date = |text: &str, offset: &str| {
        text.strip_suffix(offset).is_some_and(|it| it.len() == 19 && it.as_bytes()[10] == b'T')
    };
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(text) if is_date(text, "+0000") => "a date +0000",
        Value::String(text) if is_date(text, "+00:00") => "a date +00:00",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// One line an exchange, counted into docs/wire.md.
fn table(recordings: &Recordings, verdicts: &[Verdict]) -> String {
    let same =
        |it: &Verdict| if it.shape.is_empty() && it.values.is_empty() { "passed\tthe same" } else { "differs\t" };
    let mut lines: Vec<_> = verdicts.iter().map(|it| format!("{}\t{}", it.name, same(it))).collect();
    lines.extend(RECORDER_FAULTS.iter().map(|it| format!("{it}\tnot covered\ta fault of the recorder, not of X-Cart")));
    let other = "not a resource of the sandbox, which answers 404";
    lines.extend(recordings.not_copied.iter().map(|it| format!("{it}\tnot covered\t{other}")));
    lines.sort();
    lines.join("\n")
}

/// Prints the table; returns the names of those that differ.
fn report(recordings: &Recordings, verdicts: &[Verdict]) -> Vec<String> {
    let mut different = Vec::new();
    for verdict in verdicts {
        if verdict.shape.is_empty() && verdict.values.is_empty() {
            println!("same    {}", verdict.name);
            continue;
        }
        different.push(verdict.name.clone());
        println!("DIFFERS {}", verdict.name);
        verdict.shape.iter().take(6).for_each(|line| println!("          shape {line}"));
        verdict.values.iter().take(6).for_each(|line| println!("          value {line}"));
    }
    RECORDER_FAULTS.iter().for_each(|name| println!("skipped {name}  recorder's fault (INDEX.md)"));
    recordings.not_copied.iter().for_each(|name| println!("skipped {name}  not a resource of the sandbox: 404 there"));
    println!(
        "\n{} of {} replayed exchanges are the same, {} differ; {} recorder faults and {} other resources skipped",
        verdicts.len() - different.len(),
        verdicts.len(),
        different.len(),
        RECORDER_FAULTS.len(),
        recordings.not_copied.len()
    );
    for (name, why) in NOT_CARRIED {
        println!("value not compared, only its type: {name} ({why})");
    }
    different
}
