//! Products and prices to the store.

use crate::rig::{ANN, BOTH, Rig, books, item, number, product, store};
use jiff::civil::date;
use tieout_sandbox::intacct::{Item, PriceListEntry};
use tieout_services as services;
use tieout_services::{Dialect, Flow};

const PRICES: &str = "[flows.products]\npolicy = \"automatic\"\n";
const ALL: &str = "[flows.products]\npolicy = \"automatic\"\nfields = [\"price\", \"name\", \"description\", \"weight\", \"enabled\"]\n";

fn price_of(rig: &Rig, sku: &str) -> String {
    rig.shop.with(|store| store.products.values().find(|it| it.sku == sku).unwrap().price.normalize().to_string())
}

#[tokio::test]
async fn prices_follow_intacct_and_the_second_run_has_nothing_to_do() {
    for dialect in BOTH {
        let store = store(vec![product(1, "A", "10.00", 7), product(2, "B", "20.00", 3)]);
        let rig = Rig::start(dialect, store, books(vec![item("A", "11.25"), item("B", "20")]), PRICES).await;
        let shown = rig.dry(Flow::Products).await;
        assert_eq!((shown.planned.len(), shown.equal, rig.writes().len()), (1, 1, 0), "{shown:#?}");
        let report = rig.run(Flow::Products).await;
        assert_eq!((report.done, price_of(&rig, "A").as_str()), (1, "11.25"), "{report:#?}");
        assert!(rig.writes()[0].body.contains("11.25"), "in exact digits: {:?}", rig.writes());
        assert_eq!(rig.run(Flow::Products).await.planned, []);
        assert_eq!(rig.amount("A"), 7, "and nothing else of it");
    }
}

#[tokio::test]
async fn a_price_that_falls_far_or_is_tenfold_waits_and_zero_is_never_carried() {
    let store = store(vec![
        product(1, "DROP", "10.00", 1),
        product(2, "TENFOLD", "10.00", 1),
        product(3, "ZERO", "10.00", 1),
        product(4, "NONE", "10.00", 1),
        product(5, "FINE", "10.00", 1),
    ]);
    let items = vec![
        item("DROP", "7.99"),
        item("TENFOLD", "100"),
        item("ZERO", "0"),
        Item { base_price: None, ..item("NONE", "1") },
        item("FINE", "8.00"),
    ];
    let rig = Rig::start(Dialect::AdminApi, store, books(items), PRICES).await;
    let report = rig.run(Flow::Products).await;
    assert_eq!((report.done, report.waiting), (1, 2), "{report:#?}");
    let warned: Vec<&str> = report.planned.iter().flat_map(|it| &it.warnings).map(String::as_str).collect();
    assert_eq!(warned, ["the price falls by 20.1 %", "the price rises by 900 %"]);
    assert_eq!(rig.causes(), ["ZERO price-zero", "NONE price-missing"]);
    let prices: Vec<String> = ["DROP", "TENFOLD", "ZERO", "NONE", "FINE"].map(|sku| price_of(&rig, sku)).into();
    assert_eq!(prices, ["10", "10", "10", "10", "8"]);
    // A person looks, and says yes.
    let approved = rig.approve(Flow::Products, &report).await.unwrap();
    assert_eq!((approved.done, price_of(&rig, "DROP").as_str()), (2, "7.99"));
}

#[tokio::test]
async fn a_price_list_is_read_by_day_quantity_and_currency() {
    let entry = |item: &str, value: &str, from, to| PriceListEntry {
        record_no: 0,
        list: "Web".into(),
        item: item.into(),
        value: number(value),
        currency: None,
        from,
        to,
        min_quantity: None,
        inactive: false,
    };
    let store =
        store(vec![product(1, "A", "10.00", 1), product(2, "EUR", "10.00", 1), product(3, "LATER", "10.00", 1)]);
    let mut company = books(vec![item("A", "1"), item("EUR", "1"), item("LATER", "1")]);
    company.add_price(entry("A", "12", None, Some(date(2026, 3, 19))));
    company.add_price(entry("A", "11", Some(date(2026, 3, 1)), None));
    company.add_price(entry("A", "11.50", Some(date(2026, 3, 20)), None));
    company.add_price(PriceListEntry { min_quantity: Some(number("10")), ..entry("A", "9", None, None) });
    company.add_price(PriceListEntry { list: "Shop".into(), ..entry("A", "8", None, None) });
    company.add_price(PriceListEntry { currency: Some("EUR".into()), ..entry("EUR", "9", None, None) });
    company.add_price(entry("LATER", "9", Some(date(2026, 3, 21)), None));
    let rig = Rig::start(Dialect::AdminApi, store, company, &format!("{PRICES}price_list = \"Web\"\n")).await;
    let report = rig.run(Flow::Products).await;
    assert_eq!((report.done, price_of(&rig, "A").as_str()), (1, "11.5"), "the one that began last: {report:#?}");
    assert_eq!(rig.causes(), ["EUR currency-missing", "LATER price-missing"]);
}

#[tokio::test]
async fn names_texts_weights_and_the_end_of_sale_follow_the_item() {
    for dialect in BOTH {
        let store = store(vec![product(1, "A", "10.00", 1), product(2, "GONE", "10.00", 1)]);
        let better = Item {
            name: "Mug, R&D <blue>".into(),
            description: "Holds 0.3 l".into(),
            ship_weight: Some(number("0.45")),
            ..item("A", "10")
        };
        let rig =
            Rig::start(dialect, store, books(vec![better, Item { inactive: true, ..item("GONE", "10") }]), ALL).await;
        let report = rig.run(Flow::Products).await;
        // Taking something off sale is never done without a person.
        assert_eq!((report.done, report.waiting), (1, 1), "{report:#?}");
        rig.approve(Flow::Products, &report).await.unwrap();
        let (a, gone) = rig.shop.with(|store| (store.products[&1].clone(), store.products[&2].clone()));
        assert_eq!((a.weight, gone.enabled), (number("0.45"), false));
        assert_eq!((a.name.as_str(), a.description.as_str()), ("Mug, R&D <blue>", "Holds 0.3 l"), "{dialect:?}");
        assert_eq!(rig.run(Flow::Products).await.planned, []);
    }
}

#[tokio::test]
async fn a_push_is_taken_back_as_a_unit_but_for_what_was_changed_since() {
    let store = store(vec![product(1, "A", "10.00", 1), product(2, "B", "20.00", 1)]);
    let rig =
        Rig::start(Dialect::AdminApi, store, books(vec![item("A", "11"), item("B", "22")]), "[flows.products]\n").await;
    let shown = rig.run(Flow::Products).await;
    rig.approve(Flow::Products, &shown).await.unwrap();
    assert_eq!((price_of(&rig, "A"), price_of(&rig, "B")), ("11".into(), "22".into()));
    rig.shop(|store| store.products.get_mut(&2).unwrap().price = number("25"));
    let back = services::take_back(&rig.company, &rig.secrets, shown.run, ANN).await.unwrap();
    assert_eq!((back.done, back.stale), (1, 1), "{back:#?}");
    assert_eq!((price_of(&rig, "A"), price_of(&rig, "B")), ("10".into(), "25".into()));
    let nothing = services::take_back(&rig.company, &rig.secrets, 4711, ANN).await.unwrap_err();
    assert!(nothing.is_wrong_use(), "{nothing}");
}

#[tokio::test]
async fn a_product_changed_at_the_store_after_it_was_approved_is_not_overwritten() {
    let store = store(vec![product(1, "A", "10.00", 1)]);
    let rig = Rig::start(Dialect::AdminApi, store, books(vec![item("A", "11")]), "[flows.products]\n").await;
    let shown = rig.run(Flow::Products).await;
    rig.shop(|store| store.products.get_mut(&1).unwrap().price = number("10.50"));
    let report = rig.approve(Flow::Products, &shown).await.unwrap();
    assert_eq!((report.done, report.stale, price_of(&rig, "A").as_str()), (0, 1, "10.5"), "{report:#?}");
    assert_eq!(rig.run(Flow::Products).await.planned[0].changes[0].before, "10.5");
}
