//! Money given back for goods returned.

use crate::books::entry;
use crate::captures::shipped_and_captured;
use crate::expected::{balances, of};
use crate::rig::Rig;
use crate::shop::{money, step};
use jiff::civil::{Date, date};

/// The gateway gives money back on the order's one transaction.
fn refund(rig: &Rig, on: Date, value: &str, reference: &str) {
    rig.shop(|store| {
        let transaction = store.orders.values().next().unwrap().transactions[0].id;
        store.add_backend_transaction(transaction, step("refundPart", "S", on, money(value), reference)).unwrap();
    });
}

#[tokio::test]
async fn j03_one_of_two_units_is_refunded_and_the_second_takes_the_remainder_of_the_tax() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    let opening = rig.balances();
    let back = date(2026, 2, 2);
    rig.go_to(back);
    refund(&rig, back, "48.71", "txn_9002");
    rig.books(|books| entry(books, back, "Goods back on the shelf at cost", "1300", "5000", money("20.60")));
    rig.settle().await;
    assert_eq!(rig.moved_since(&opening), of("J03"));
    assert_eq!(rig.exceptions(), []);

    let later = date(2026, 2, 5);
    rig.go_to(later);
    refund(&rig, later, "48.72", "txn_9003");
    rig.books(|books| entry(books, later, "Goods back on the shelf at cost", "1300", "5000", money("20.60")));
    rig.settle().await;
    let both = [
        ("1210", "-97.43"),
        ("1300", "41.20"),
        ("2200", "7.43"),
        ("4100", "-10.00"),
        ("4200", "100.00"),
        ("5000", "-41.20"),
    ];
    assert_eq!(rig.moved_since(&opening), balances(&both), "the refunded tax is the invoiced tax");
    rig.assert_tied_out(date(2026, 1, 1), later);
}

#[tokio::test]
async fn j03_a_refund_that_fits_no_units_waits_for_a_person() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    let opening = rig.balances();
    let back = date(2026, 2, 2);
    rig.go_to(back);
    refund(&rig, back, "20.00", "txn_9002");
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [tieout_domain::ExceptionKind::RefundWithoutCredit]);
}
