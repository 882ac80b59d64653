//! Money taken by card, from the order to the payout at the bank.

use crate::books::{entry, invoice};
use crate::expected::{balances, of};
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money, step, transaction};
use jiff::civil::date;
use tieout_sandbox::intacct::sample::small_company;

/// J01 up to the evening of the shipment: invoiced, cost booked, captured.
pub async fn shipped_and_captured() -> Rig {
    let (placed, shipped) = (date(2026, 1, 28), date(2026, 1, 29));
    let sale = Sale::o2001(placed);
    let mut store = shop::store();
    let steps = vec![
        step("auth", "S", placed, sale.total(), "txn_9000"),
        step("capture", "S", shipped, sale.total(), "txn_9001"),
    ];
    store.add_order(sale.order("P", vec![transaction("Credit Card", placed, sale.total(), steps)]));
    let mut books = small_company();
    invoice(&mut books, &sale, shipped);
    entry(&mut books, shipped, "Cost of the shipped goods", "5000", "1300", money("41.20"));
    Rig::start(shipped, store, books).await
}

#[tokio::test]
async fn j01_a_card_order_is_captured_its_fee_booked_and_its_payout_banked() {
    let rig = shipped_and_captured().await;
    let first = rig.settle().await;
    assert_eq!(first.len(), 1, "the sales order and the authorization post nothing: {first:#?}");
    rig.go_to(date(2026, 1, 31));
    rig.import_card_file(
        "r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29\n\
         r2,po_1,payout,,,USD,-102.07,0,-102.07,2026-01-31",
    );
    rig.import_bank_file("b1,2026-01-31,USD,102.07,CARD PAYOUT PO_1,po_1");
    rig.settle().await;
    assert_eq!(rig.balances(), of("J01"));
    assert_eq!(rig.exceptions(), [], "nothing is left to do");
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));
}

#[tokio::test]
async fn j02_money_before_the_invoice_is_an_advance_applied_on_the_day_of_shipment() {
    let (paid, shipped) = (date(2026, 1, 28), date(2026, 2, 3));
    let sale = Sale::o2001(paid);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", paid, sale.total(), "txn_9001")]));
    let rig = Rig::start(paid, store, small_company()).await;
    rig.settle().await;
    rig.go_to(shipped);
    rig.books(|books| invoice(books, &sale, shipped));
    rig.settle().await;
    assert_eq!(rig.balances(), of("J02"));
    let cut_off = rig.balances_through(date(2026, 1, 31));
    assert_eq!(cut_off, balances(&[("1210", "105.43"), ("2400", "-105.43")]), "no revenue before the shipment");
    assert_eq!(rig.exceptions(), []);
    rig.assert_tied_out(date(2026, 1, 1), shipped);
}
