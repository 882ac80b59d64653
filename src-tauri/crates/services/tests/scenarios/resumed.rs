//! A pull of the store that was interrupted goes on where it stopped.

use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money};
use jiff::civil::{Date, date};
use tieout_domain::ObjectKind;
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, System};
use tieout_sandbox::intacct::sample::small_company;

const TODAY: Date = Date::constant(2026, 1, 29);
/// Long settled: none of them is read again for being recent.
const LONG_AGO: Date = Date::constant(2025, 12, 1);
/// Three pages of a hundred.
const ORDERS: u64 = 250;

const LIST: &str = "GET /api/orders";
const PAYMENTS: &str = "GET /api/orders/*/payment_transactions";

fn add_order(store: &mut tieout_sandbox::xcart::Store, number: u64, on: Date) {
    let sale = Sale::of(&number.to_string(), on, "10.00");
    let payment = captured("Credit Card", on, sale.total(), &format!("txn_{number}"));
    store.add_order(sale.order("P", vec![payment]));
}

async fn many_orders() -> Rig {
    let mut store = shop::store();
    for number in 1..=ORDERS {
        add_order(&mut store, 5_000 + number, LONG_AGO);
    }
    Rig::start(TODAY, store, small_company()).await
}

/// Counts what is asked for, and refuses the `nth` request for payments: no client tries that again.
fn interrupt_at(rig: &Rig, nth: Option<u64>) {
    let count = |what| FaultRule::always(System::Xcart, what, Fault::ExpiredSession).times(0);
    let mut rules = vec![count(LIST), count(PAYMENTS)];
    rules.extend(nth.map(|nth| FaultRule::always(System::Xcart, PAYMENTS, Fault::ExpiredSession).nth(nth)));
    rig.shop_faults.replace(FaultPlan::new(1, rules));
}

/// Pages of orders and payments asked for since.
fn asked(rig: &Rig) -> (u64, u64) {
    let counts = rig.shop_faults.counts();
    (counts[0].seen, counts[1].seen)
}

fn kept(rig: &Rig) -> (u64, u64) {
    let count = |object| rig.company.store.read(|reader| reader.count(object)).unwrap();
    (count(ObjectKind::Order), count(ObjectKind::Payment))
}

#[tokio::test]
async fn an_interrupted_first_pull_goes_on_where_it_stopped_with_orders_and_with_payments() {
    let rig = many_orders().await;
    interrupt_at(&rig, None);
    rig.company.xcart(&rig.secrets).await.unwrap();
    let (to_connect, _) = asked(&rig);
    interrupt_at(&rig, Some(155));
    rig.pull().await.unwrap_err();
    assert_eq!(
        kept(&rig),
        (198, 150),
        "two pages of orders, the second with the last of the first, and payments up to the few that were being read"
    );

    interrupt_at(&rig, None);
    rig.pull().await.unwrap();
    assert_eq!(kept(&rig), (ORDERS, ORDERS));
    let (pages, payments) = asked(&rig);
    assert_eq!(payments, ORDERS - 150, "not one order is asked about twice");
    // Pages 1 and 2 once more (orders deleted meanwhile would have moved), 3, and the first of what changed since.
    assert_eq!(pages - to_connect, 4);

    interrupt_at(&rig, None);
    rig.pull().await.unwrap();
    assert_eq!(asked(&rig), (to_connect + 1, 0), "nothing is left of the interrupted one");
}

#[tokio::test]
async fn it_goes_on_at_the_page_it_reached_and_not_at_the_first() {
    let rig = many_orders().await;
    interrupt_at(&rig, None);
    rig.company.xcart(&rig.secrets).await.unwrap();
    let (to_connect, _) = asked(&rig);
    interrupt_at(&rig, Some(245));
    rig.pull().await.unwrap_err();
    interrupt_at(&rig, None);
    rig.pull().await.unwrap();
    assert_eq!(kept(&rig), (ORDERS, ORDERS));
    let (pages, payments) = asked(&rig);
    assert_eq!((pages - to_connect, payments), (3, 27), "page 2 once more, 3, and the first of what changed since");
}

#[tokio::test]
async fn what_changes_while_a_pull_lies_interrupted_is_not_missed() {
    let rig = many_orders().await;
    rig.pull().await.unwrap();
    rig.go_to(date(2026, 1, 30));
    rig.shop(|store| {
        let ids: Vec<u64> = store.orders.keys().copied().take(30).collect();
        for id in ids {
            store.touch(id).unwrap();
        }
    });
    interrupt_at(&rig, Some(15));
    rig.wait(60);
    rig.pull().await.unwrap_err();
    rig.go_to(date(2026, 1, 31));
    rig.shop(|store| {
        add_order(store, 9_001, date(2026, 1, 31));
        let id = *store.orders.keys().next().unwrap();
        store.update_order(id, |order| order.total = money("10.01")).unwrap();
        store.touch(id).unwrap();
    });
    interrupt_at(&rig, None);
    rig.wait(60);
    rig.pull().await.unwrap();
    assert_eq!(kept(&rig), (ORDERS + 1, ORDERS + 1));
    let orders = rig.company.store.read(|reader| reader.load_all::<tieout_domain::Order>()).unwrap();
    assert!(orders.iter().any(|it| it.value.total.amount() == money("10.01")), "the change made meanwhile is read too");
}
