//! Situations no rule of planning covers: a typed exception says so, and nothing is guessed.

use crate::books::{CUSTOMER, invoice};
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money, step};
use jiff::civil::{Date, date};
use tieout_domain::ExceptionKind;
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::xcart::Surcharge;

const SOLD: Date = Date::constant(2026, 1, 20);

/// Nothing is proposed, nothing moves, and the one exception says it is not handled.
async fn is_not_handled(rig: &Rig, says: &str) {
    let opening = rig.balances();
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::NotHandled]);
    let exception = &rig.exceptions()[0];
    assert!(exception.at_stake.is_some());
    assert!(exception.why_not.contains("not handled") && exception.why_not.contains(says), "{}", exception.why_not);
}

/// J20: 20 % VAT inside the price.
fn tax_inclusive(sale: &Sale) -> tieout_sandbox::xcart::Order {
    let mut order = sale.order("P", vec![captured("Credit Card", SOLD, sale.total(), "ch_1")]);
    order.surcharges.push(Surcharge {
        kind: "tax".into(),
        code: "CDEV.VAT.1".into(),
        name: "VAT".into(),
        available: true,
        include: true,
        value: money("20.00"),
        ..Surcharge::default()
    });
    order
}

#[tokio::test]
async fn a_return_of_prices_that_include_tax_is_not_handled() {
    let sale = Sale::of("2001", SOLD, "120.00");
    let (mut store, mut books) = (shop::store(), small_company());
    store.add_order(tax_inclusive(&sale));
    invoice(&mut books, &sale, SOLD);
    let rig = Rig::start(SOLD, store, books).await;
    rig.settle().await;
    rig.go_to(date(2026, 1, 22));
    rig.shop(|store| {
        let taken = store.orders.values().next().unwrap().transactions[0].id;
        let back = step("refund", "S", date(2026, 1, 22), sale.total(), "re_1");
        store.add_backend_transaction(taken, back).unwrap();
    });
    is_not_handled(&rig, "CDEV.VAT.1").await;
}

#[tokio::test]
async fn a_sales_order_of_prices_that_include_tax_is_not_handled() {
    let sale = Sale::of("2001", SOLD, "120.00");
    let mut store = shop::store();
    store.add_order(tax_inclusive(&sale));
    let settings = format!("{}\n[orders]\ndefinition = \"Sales Order\"\n", crate::books::SETTINGS);
    let rig = Rig::with_settings(SOLD, store, small_company(), &settings).await;
    let posted = rig.settle().await;
    assert_eq!(posted.len(), 1, "the advance only: {posted:#?}");
    is_not_handled(&rig, "CDEV.VAT.1").await;
}

#[tokio::test]
async fn one_advance_for_two_open_invoices_is_not_handled() {
    let sale = Sale::of("2001", SOLD, "100.00");
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", SOLD, sale.total(), "ch_1")]));
    let rig = Rig::start(SOLD, store, small_company()).await;
    assert_eq!(rig.settle().await.len(), 1, "the advance");
    rig.go_to(date(2026, 1, 25));
    rig.books(|books| {
        for (number, part) in [("INV-2001-A", "60.00"), ("INV-2001-B", "40.00")] {
            let line = tieout_sandbox::intacct::post::NewLine::new("4000", money(part));
            let new = tieout_sandbox::intacct::post::receivable::NewReceivable {
                customer_id: CUSTOMER.into(),
                date: date(2026, 1, 24),
                due: Some(date(2026, 2, 24)),
                number: Some(number.into()),
                doc_number: sale.number.clone(),
                lines: vec![line],
                ..Default::default()
            };
            books.post_invoice(new).unwrap();
        }
    });
    is_not_handled(&rig, "INV-2001-A and INV-2001-B").await;
}
