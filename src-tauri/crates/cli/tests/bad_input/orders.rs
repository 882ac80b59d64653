//! Orders and payments that cannot be understood, or hold what no ledger takes.

use crate::shop::{self, of_customer, order};
use crate::town::{Town, set, tampered};
use serde_json::json;
use std::sync::Arc;
use tieout_sandbox::xcart::{Order, Store};
use tieout_services::{Company, ServiceError};

/// The store's good order and one more.
fn with(bad: Order) -> Town {
    let mut store = shop::store();
    store.add_order(bad);
    Town::opened(Town::of(store, shop::books()))
}

/// The refused records as they are kept: record, reason and raw document.
fn kept(town: &Town) -> Vec<(String, String, String)> {
    let company = Company::open(&town.data(), Arc::new(jiff::Timestamp::now)).unwrap();
    let refused = company.store.read::<_, ServiceError>(|reader| Ok(reader.refused_records()?)).unwrap();
    refused.into_iter().map(|it| (it.refused.record.to_string(), it.refused.reason, it.refused.raw)).collect()
}

/// Refused by name, its document kept, the good order read; and understood once it is corrected at the store.
fn is_refused_and_stops_nothing(bad: Order, says: &str, raw: &str, correct: fn(&mut Store, u64)) {
    let town = with(bad);
    let told = town.run(&["pull"]).is(1);
    for words in ["records not understood: 1", "order number 2002", says, "Correct them at their source"] {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    println!("{}", told.err);
    let again = town.ask(&["pull"], 1);
    assert_eq!(again["refused"], 1, "the same again, and nothing more: {again:#}");
    assert!(again["not_understood"][0]["reason"].as_str().unwrap().contains(says), "{again:#}");
    let kept = kept(&town);
    assert_eq!(kept.len(), 1, "{kept:#?}");
    assert!(kept[0].1.contains(says) && kept[0].2.contains(raw), "{kept:#?}");
    assert!(serde_json::from_str::<serde_json::Value>(&kept[0].2).is_ok(), "{kept:#?}");
    town.run(&["match"]);
    town.run(&["propose"]);
    let [exception] = &town.exceptions("refused-record")[..] else { panic!("one exception") };
    assert!(exception["exception"]["why_not"].as_str().unwrap().contains(says), "{exception:#}");
    assert_eq!(town.count("proposals"), 1, "the good order's receipt");

    let id = town.shop.with(|store: &mut Store| store.order_by_number("2002").unwrap().id);
    town.shop.with(|store| {
        store.clock = jiff::Timestamp::now().as_second();
        correct(store, id);
    });
    let told = town.ask(&["pull"], 0);
    assert_eq!((&told["refused"], &told["orders"], &told["payments"]), (&0.into(), &2.into(), &2.into()));
    assert!(self::kept(&town).is_empty());
}

#[test]
fn an_order_finer_than_its_currency_is_refused_by_name() {
    let bad = Order { total: "120.0004".parse().unwrap(), ..order("2002") };
    let says = "field `total`: 120.0004 has more decimals than USD has";
    is_refused_and_stops_nothing(bad, says, "120.0004", |store, id| {
        store.update_order(id, |it| it.total = "120.00".parse().unwrap()).unwrap();
    });
}

#[test]
fn an_order_in_an_unknown_currency_is_refused_by_name() {
    let bad = Order { currency: "XXQ".into(), ..order("2002") };
    let correct: fn(&mut Store, u64) = |store, id| {
        let to_dollars = |it: &mut Order| {
            it.currency = "USD".into();
            it.transactions.iter_mut().for_each(|row| row.currency = "USD".into());
        };
        store.update_order(id, to_dollars).unwrap();
    };
    is_refused_and_stops_nothing(bad, "unknown currency \"XXQ\"", "XXQ", correct);
}

#[test]
fn a_payment_finer_than_its_currency_is_refused_by_name() {
    let mut bad = order("2002");
    let finer = "120.0004".parse().unwrap();
    bad.transactions[0].value = finer;
    bad.transactions[0].backend_transactions[0].value = finer;
    // At the gateway's side nothing moves the order's change date.
    let correct: fn(&mut Store, u64) = |store, id| {
        let it = store.orders.get_mut(&id).unwrap();
        it.transactions[0].value = it.total;
        it.transactions[0].backend_transactions[0].value = it.total;
    };
    is_refused_and_stops_nothing(bad, "120.0004 has more decimals than USD has", "120.0004", correct);
}

#[test]
fn rows_that_are_no_orders_are_refused_by_their_place_and_stop_nothing() {
    let mut store = shop::store();
    for number in ["2002", "2003", "2004"] {
        store.add_order(order(number));
    }
    let town = Town::opened(Town::of(store, shop::books()));
    let spoilt = tampered(&town, |path, answer| {
        if let Some(rows) = answer.as_array_mut().filter(|_| path.starts_with("/api/orders?page=")) {
            rows[1]["items"] = json!("none");
            rows[2].as_object_mut().unwrap().remove("total");
            rows[3] = json!({ "id": "x", "note": "no order at all" });
            rows.push(json!(42));
        }
    });
    town.connect(|it| set(it, "xcart-url", &spoilt)).is(0);
    let told = town.run(&["pull"]).is(1);
    for words in [
        "records not understood: 4",
        "order 2: field `items`: \"none\" is not a list (order number 2002)",
        "order 3: field `total`: is missing (order number 2003)",
        "order page-1-row-4: field `create_date`: is missing",
        "order page-1-row-5: field `(row)`: is not a JSON object",
    ] {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    assert_eq!((town.count("orders"), town.count("payments")), (1, 1), "the good order is in");
    let raw: Vec<String> = kept(&town).into_iter().map(|(_, _, raw)| raw).collect();
    assert!(raw.iter().any(|it| it.contains("no order at all")) && raw.contains(&"42".to_owned()), "{raw:#?}");
}

#[test]
fn an_unknown_status_code_is_kept_as_it_is_and_guessed_at_by_nobody() {
    let mut bad = order("2002");
    bad.payment_status = Some("ZZ".into());
    let town = with(bad);
    assert_eq!(town.ask(&["pull"], 0)["orders"], 2);
    the_other_order_waits_for_a_person(
        &town,
        "unknown-status",
        "order 2002 has payment status \"ZZ\"",
        "Map the status code",
    );
}

#[test]
fn a_step_of_the_gateway_nobody_knows_is_no_money() {
    let mut bad = order("2002");
    bad.transactions[0].backend_transactions[0].status = "X".into();
    let town = with(bad);
    assert_eq!(town.ask(&["pull"], 0)["payments"], 2);
    the_other_order_waits_for_a_person(
        &town,
        "unknown-payment-state",
        "status \"X\"",
        "Look the payment up at the gateway",
    );
}

#[track_caller]
fn the_other_order_waits_for_a_person(town: &Town, kind: &str, why: &str, next: &str) {
    town.run(&["match"]);
    town.run(&["propose"]);
    assert_eq!(town.count("proposals"), 1, "only the good order's receipt");
    let [one] = &town.exceptions(kind)[..] else { panic!("one exception") };
    assert!(one["exception"]["why_not"].as_str().unwrap().contains(why), "{one:#}");
    assert!(one["exception"]["subject"].as_str().unwrap().contains("#2002"), "{one:#}");
    assert!(one["next_action"].as_str().unwrap().contains(next), "{one:#}");
}

/// Control characters, escape sequences, a right-to-left mark, XML's own letters, what XML forbids, and 4,000 letters.
fn strange_name() -> String {
    format!("J\u{1}a\u{b}ne\u{7f}\u{1b}[31m\n \u{202e}<&>\"']]>\u{fffe} {}", "ö".repeat(4_000))
}

fn strange_order() -> Order {
    let mut strange = of_customer(&strange_name(), order("2002"));
    strange.items[0].name = strange_name();
    strange
}

/// Pulled, approved, posted and read back; looked at again, nothing is proposed twice.
fn is_posted_once(town: &Town, documents: u64) {
    assert_eq!(town.ask(&["pull"], 0)["refused"], 0);
    town.look();
    assert_eq!(town.approve_everything() as u64, documents);
    let told = town.ask(&["post"], 0);
    assert_eq!(told["posted"], documents, "{told:#}");
    assert_eq!(town.posted_in_intacct() as u64, documents);
    town.look();
    assert_eq!(town.count("proposals"), 0);
    assert_eq!(town.ask(&["post"], 0)["posted"], 0);
    assert_eq!(town.ask(&["audit", "verify"], 0)["intact"], true);
}

#[test]
fn control_characters_and_a_name_of_4000_letters_are_posted_once_in_a_receipt() {
    let (mut store, mut books) = (shop::store(), shop::books());
    store.add_order(strange_order());
    shop::invoice(&mut books, "2002");
    is_posted_once(&Town::opened(Town::of(store, books)), 2);
}

#[test]
fn control_characters_and_a_name_of_4000_letters_are_posted_once_in_a_sales_order() {
    let town = with(strange_order());
    town.settings(&format!("{}\n[orders]\ndefinition = \"Sales Order\"\n", shop::SETTINGS)).is(0);
    // The receipt of 2001; order 2002 and the advance for it.
    is_posted_once(&town, 3);
    town.intacct.with(|gateway| {
        for entry in gateway.dump() {
            let odd = |it: char| (it < ' ' && it != '\n') || it == '\u{fffe}'; // XML 1.0 has no place for them
            assert!(!entry.call.contains(odd), "{}", entry.call);
            assert!(!entry.call.contains(&"ö".repeat(401)), "a description longer than Intacct is known to take");
        }
    });
}

#[test]
fn what_a_store_sends_cannot_steer_the_terminal() {
    let town = with(strange_order());
    town.look();
    for what in ["orders", "payments", "proposals", "exceptions"] {
        let told = town.run(&["list", what]).is(0);
        let steers = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert!(!told.out.contains(steers), "{what} holds a control character");
    }
    assert!(town.run(&["list", "orders"]).out.contains("\\u{1b}[31m\\n"), "it is shown, not hidden");
    // Programs get the name as it is.
    let orders = town.ask(&["list", "orders"], 0);
    assert!(orders.to_string().contains(&"ö".repeat(4_000)));
}
