//! One record among many that nobody can understand: everything else is read, and it is shown with what came.
//!
//! `TIEOUT_ORDERS=10000 cargo nextest run -p tieout-services --no-capture -E 'test(one_bad_order)'`

use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money};
use jiff::civil::{Date, date};
use tieout_domain::{ExceptionKind, ObjectKind};
use tieout_sandbox::intacct::sample::small_company;

const ORDERS: u64 = 250;
const PLACED: Date = date(2025, 12, 1);
const TODAY: Date = date(2026, 1, 29);

fn kept(rig: &Rig) -> (u64, u64) {
    let count = |object| rig.company.store.read(|reader| reader.count(object)).unwrap();
    (count(ObjectKind::Order), count(ObjectKind::Payment))
}

#[tokio::test]
async fn one_bad_order_among_many_is_one_exception_with_its_document_and_again_the_same() {
    let orders = std::env::var("TIEOUT_ORDERS").ok().map_or(ORDERS, |it| it.parse().unwrap());
    let bad = orders / 2;
    let mut store = shop::store();
    for number in 1..=orders {
        let sale = Sale::of(&(5_000 + number).to_string(), PLACED, "10.00");
        let mut order = sale.order("P", vec![captured("Credit Card", PLACED, sale.total(), &format!("txn_{number}"))]);
        if number == bad {
            order.total = money("10.0004");
        }
        store.add_order(order);
    }
    let rig = Rig::start(TODAY, store, small_company()).await;
    for again in [false, true] {
        let report = rig.pull().await.unwrap();
        assert_eq!(kept(&rig), (orders - 1, orders - 1), "again: {again}");
        let [told] = &report.not_understood[..] else { panic!("{:?}", report.not_understood) };
        assert!(told.reason.contains("10.0004 has more decimals than USD has"), "{told:?}");
        rig.look().await;
        let refused = rig.company.store.read(|reader| reader.refused_records()).unwrap();
        let [one] = &refused[..] else { panic!("{refused:?}") };
        assert!(one.refused.raw.contains("10.0004") && one.refused.raw.contains(&(5_000 + bad).to_string()));
        let exceptions = rig.exceptions();
        let of_it: Vec<_> = exceptions.iter().filter(|it| it.kind == ExceptionKind::RefusedRecord).collect();
        assert_eq!(of_it.len(), 1, "again: {again}: {of_it:#?}");
        assert_eq!(of_it[0].records, std::slice::from_ref(&one.refused.record));
    }
    println!("{orders} orders, 1 bad: {:?} kept, 1 exception, the same again", kept(&rig));
    rig.go_to(date(2026, 1, 30));
    let bad = rig.shop(|store| {
        let id = store.order_by_number(&(5_000 + bad).to_string()).unwrap().id;
        store.update_order(id, |order| order.total = money("10.00")).unwrap();
        id
    });
    rig.look().await;
    assert_eq!(kept(&rig), (orders, orders), "order {bad} was corrected at the store");
    assert!(!rig.exception_kinds().contains(&ExceptionKind::RefusedRecord));
}
