//! The customer was charged twice.

use crate::books::{invoice, receipt};
use crate::expected::of;
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, step};
use jiff::civil::date;
use tieout_domain::ExceptionKind;
use tieout_sandbox::intacct::sample::small_company;

/// J15's order, invoiced, with both captures.
async fn charged_twice() -> Rig {
    let on = date(2026, 1, 29);
    let sale = Sale::o2001(date(2026, 1, 28));
    let mut store = shop::store();
    let twice = ["txn_9001", "txn_9011"].map(|reference| captured("Credit Card", on, sale.total(), reference));
    store.add_order(sale.order("P", twice.into()));
    let mut books = small_company();
    invoice(&mut books, &sale, on);
    Rig::start(on, store, books).await
}

/// The second capture is given back a day later.
fn refund_the_second(rig: &Rig) {
    let back = date(2026, 1, 30);
    rig.go_to(back);
    rig.shop(|store| {
        let order = store.orders.values().next().unwrap();
        let (second, total) = (order.transactions[1].id, order.total);
        store.add_backend_transaction(second, step("refund", "S", back, total, "txn_9012")).unwrap();
    });
}

#[tokio::test]
async fn j15_a_second_capture_waits_as_unapplied_cash_and_its_refund_clears_it() {
    let rig = charged_twice().await;
    let opening = rig.balances();
    rig.look().await;
    assert_eq!(rig.exception_kinds(), [ExceptionKind::DuplicateCapture]);
    rig.settle().await;
    assert_eq!(rig.balances()["2410"], shop::money("-105.43"));
    assert_eq!(rig.intacct.with(|gateway| gateway.company.invoices.len()), 1, "never a second invoice");
    refund_the_second(&rig);
    rig.settle().await;
    assert_eq!(rig.moved_since(&opening), of("J15"));
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));
}

#[tokio::test]
async fn j15_comes_out_the_same_when_the_refund_is_there_at_the_first_look() {
    let rig = charged_twice().await;
    let opening = rig.balances();
    refund_the_second(&rig);
    rig.settle().await;
    assert_eq!(rig.moved_since(&opening), of("J15"));
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));
}

#[tokio::test]
async fn a_refund_of_a_part_while_a_double_is_open_waits_for_a_person() {
    let rig = charged_twice().await;
    rig.settle().await;
    let opening = rig.balances();
    let back = date(2026, 1, 30);
    rig.go_to(back);
    rig.shop(|store| {
        let second = store.orders.values().next().unwrap().transactions[1].id;
        store.add_backend_transaction(second, step("refundPart", "S", back, shop::money("48.71"), "txn_9012")).unwrap();
    });
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::RefundWithoutCredit]);
}

/// An order of 200.00, invoiced and paid in two captures of 100.00.
async fn paid_in_halves() -> Rig {
    let on = date(2026, 1, 29);
    let sale = Sale::of("2002", on, "200.00");
    let mut store = shop::store();
    let halves =
        ["txn_1001", "txn_1002"].map(|reference| captured("Credit Card", on, shop::money("100.00"), reference));
    store.add_order(sale.order("P", halves.into()));
    let mut books = small_company();
    invoice(&mut books, &sale, on);
    Rig::start(on, store, books).await
}

#[tokio::test]
async fn two_equal_captures_that_pay_the_order_together_are_no_doubles() {
    let rig = paid_in_halves().await;
    rig.settle().await;
    assert_eq!(rig.balances().get("1100"), None, "both halves pay the invoice");
    assert_eq!(rig.exceptions(), []);
}

#[tokio::test]
async fn the_second_half_is_no_double_of_the_half_the_books_already_have() {
    let rig = paid_in_halves().await;
    rig.books(|books| receipt(books, "INV-2002", date(2026, 1, 29), shop::money("100.00"), "txn_1001"));
    assert_eq!(rig.settle().await.len(), 1);
    assert_eq!(rig.balances().get("1100"), None);
    assert_eq!(rig.balances()["1210"], shop::money("200.00"));
    assert_eq!(rig.exceptions(), []);
}
