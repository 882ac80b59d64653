//! The store's customers and products: read whole, once a day, after the orders.

use crate::books;
use crate::rig::{ANN, Rig};
use crate::shop;
use jiff::civil::{Date, date};
use tieout_domain::{ObjectKind, Product, Profile};
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, System};
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::xcart as pretend;
use tieout_services::Dialect;

const TODAY: Date = Date::constant(2026, 1, 29);
/// Three pages of a hundred, with the one every example has.
const CUSTOMERS: u64 = 250;
const LISTS: [&str; 2] = ["GET /api/profiles", "GET /api/products"];

fn store() -> pretend::Store {
    let mut store = shop::store();
    for number in 1..CUSTOMERS {
        let login = format!("buyer{number}@example.com");
        store.add_profile(pretend::Profile { login, status: "E".into(), ..Default::default() });
    }
    store.add_profile(pretend::Profile { login: "root@example.com".into(), access_level: 100, ..Default::default() });
    store.add_product(pretend::Product {
        sku: "MUG-1".into(),
        name: "Mug, blue".into(),
        price: shop::money("6.3713"),
        enabled: true,
        amount: 40,
        ..Default::default()
    });
    store
}

/// Counts what is asked for, and refuses the `nth` page of profiles: no client tries that again.
fn interrupt_at(rig: &Rig, nth: Option<u64>) {
    let count = |what| FaultRule::always(System::Xcart, what, Fault::ExpiredSession).times(0);
    let mut rules: Vec<FaultRule> = LISTS.map(count).into();
    rules.extend(nth.map(|nth| FaultRule::always(System::Xcart, LISTS[0], Fault::ExpiredSession).nth(nth)));
    rig.shop_faults.replace(FaultPlan::new(1, rules));
}

fn asked(rig: &Rig) -> [u64; 2] {
    let counts = rig.shop_faults.counts();
    [counts[0].seen, counts[1].seen]
}

fn kept(rig: &Rig) -> [u64; 2] {
    [ObjectKind::Profile, ObjectKind::Product].map(|it| rig.company.store.read(|reader| reader.count(it)).unwrap())
}

#[tokio::test]
async fn customers_and_products_are_read_once_a_day_and_go_on_where_they_were_interrupted() {
    let rig = Rig::start(TODAY, store(), small_company()).await;
    interrupt_at(&rig, Some(2));
    rig.pull().await.unwrap_err();
    assert_eq!(kept(&rig), [100, 0], "the first page stays");

    interrupt_at(&rig, None);
    let report = rig.pull().await.unwrap();
    assert_eq!(asked(&rig), [2, 1], "pages 2 and 3 of the customers, and the products");
    assert_eq!(
        (report.profiles, report.products, report.refused),
        (CUSTOMERS, 1, 0),
        "administrators are no customers"
    );

    interrupt_at(&rig, None);
    rig.pull().await.unwrap();
    assert_eq!(asked(&rig), [0, 0], "not again on the same day");
    rig.go_to(date(2026, 1, 30));
    rig.shop(|store| store.products.values_mut().next().unwrap().amount = 39);
    rig.pull().await.unwrap();
    assert_eq!(asked(&rig), [3, 1]);
    let product = rig.company.store.read(|reader| reader.load_all::<Product>()).unwrap().remove(0);
    assert_eq!(
        (product.version, product.value.stock, product.value.price.amount),
        (2, 39.into(), shop::money("6.3713"))
    );

    rig.company.save_settings(ANN, &format!("{}\n[pull]\nlists_every_hours = 0\n", books::SETTINGS), "").unwrap();
    rig.pull().await.unwrap();
    assert_eq!(asked(&rig), [6, 2], "in every pull, when the settings say so");
}

#[tokio::test]
async fn both_dialects_say_the_same_of_customers_and_products() {
    let mut both = Vec::new();
    for dialect in [Dialect::AdminApi, Dialect::RestAddon] {
        let mut store = store();
        store.settings.rest_addon = true;
        let rig = Rig::start(TODAY, store, small_company()).await;
        let connection = rig.company.connection().unwrap();
        rig.company.connect(ANN, &tieout_services::Connection { xcart_dialect: Some(dialect), ..connection }).unwrap();
        rig.pull().await.unwrap();
        assert_eq!(kept(&rig), [CUSTOMERS, 1], "{dialect:?}");
        let read = |rig: &Rig| {
            let store = &rig.company.store;
            let profiles = store.read(|reader| reader.load_all::<Profile>()).unwrap().into_iter().map(|it| it.value);
            let products = store.read(|reader| reader.load_all::<Product>()).unwrap().into_iter().map(|it| it.value);
            let emails: Vec<(u64, String, bool)> = profiles.map(|it| (it.id, it.email, it.enabled)).collect();
            let products: Vec<_> = products.map(|it| (it.id, it.sku, it.price, it.stock, it.enabled)).collect();
            (emails, products)
        };
        both.push(read(&rig));
        rig.company.store.refresh_search().unwrap();
        for (text, object) in [("buyer249@example.com", ObjectKind::Profile), ("MUG-1", ObjectKind::Product)] {
            let found = rig.company.store.read(|reader| reader.search(text, 10)).unwrap();
            let is_it = |it: &tieout_store::SearchHit| matches!(&it.found, tieout_store::SearchKind::Record(record) if record.object == object);
            assert_eq!(found.hits.iter().filter(|it| is_it(it)).count(), 1, "{text} in {dialect:?}");
        }
    }
    assert!(both[0] == both[1], "but for the names of products, which the add-on's lists do not carry");
}
