//! Authorizations that took no money.

use crate::books::{self, invoice};
use crate::rig::Rig;
use crate::shop::{self, Sale, money, step, transaction};
use jiff::civil::date;
use tieout_domain::ExceptionKind;
use tieout_sandbox::intacct::sample::small_company;

#[tokio::test]
async fn j24_declined_voided_and_expired_authorizations_post_nothing() {
    let (on, today) = (date(2026, 1, 28), date(2026, 2, 28));
    let value = money("105.43");
    let mut store = shop::store();
    let card = |steps| vec![transaction("Credit Card", on, value, steps)];
    let declined = card(vec![step("sale", "F", on, value, "txn_1")]);
    let voided = card(vec![step("auth", "S", on, value, "txn_2"), step("void", "S", on, value, "txn_2")]);
    let expired = card(vec![step("auth", "S", on, value, "txn_3"), step("capture", "F", today, value, "txn_3")]);
    for (number, status, transactions) in [("2001", "D", declined), ("2002", "C", voided), ("2003", "C", expired)] {
        store.add_order(Sale::o2001(on).numbered(number).order(status, transactions));
    }
    // With order entry switched on too: a cancelled order is no sales order.
    let settings = format!("{}\n[orders]\ndefinition = \"Sales Order\"\n", books::SETTINGS);
    let rig = Rig::with_settings(today, store, small_company(), &settings).await;
    assert!(rig.settle().await.is_empty());
    assert!(rig.balances().is_empty());
    assert_eq!(rig.intacct.with(|gateway| gateway.company.sales.len()), 0);
    rig.assert_tied_out(date(2026, 1, 1), today);
}

#[tokio::test]
async fn j24_an_invoice_made_too_early_is_an_exception_once_it_is_due() {
    let on = date(2026, 1, 28);
    let sale = Sale::o2001(on);
    let mut store = shop::store();
    let steps = vec![step("auth", "S", on, sale.total(), "txn_2"), step("void", "S", on, sale.total(), "txn_2")];
    store.add_order(sale.order("C", vec![transaction("Credit Card", on, sale.total(), steps)]));
    let mut books = small_company();
    invoice(&mut books, &sale, on);
    let rig = Rig::start(date(2026, 2, 28), store, books).await;
    let opening = rig.balances();
    assert!(rig.settle().await.is_empty());
    assert!(rig.moved_since(&opening).is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::InvoiceWithoutCapture]);
}
