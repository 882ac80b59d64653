//! Payment statuses that a store invented.

use crate::books::{self, invoice};
use crate::rig::Rig;
use crate::shop::{self, Sale, captured, money};
use jiff::civil::{Date, date};
use tieout_domain::{Document, ExceptionKind};
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::xcart::{OrderStatus, Store};

const ON: Date = Date::constant(2026, 1, 28);

fn store_with_zz() -> Store {
    let mut store = shop::store();
    let id = store.payment_statuses.len() as u64 + 1;
    let (code, name) = ("ZZ".to_owned(), "Our own".to_owned());
    store.payment_statuses.push(OrderStatus { id, code, customer_name: name.clone(), name, position: 90 });
    store
}

/// An order of 105.43 with the status `ZZ`, invoiced; half of it was captured. `means`: what the settings say it stands for.
async fn half_paid(means: Option<&str>) -> Rig {
    let sale = Sale::o2001(ON);
    let mut store = store_with_zz();
    store.add_order(sale.order("ZZ", vec![captured("Credit Card", ON, money("50.00"), "txn_9001")]));
    let mut books = small_company();
    invoice(&mut books, &sale, ON);
    let said = means.map(|it| format!("[payment_statuses]\nZZ = \"{it}\"\n")).unwrap_or_default();
    let rig = Rig::with_settings(ON, store, books, &format!("{}\n{said}", books::SETTINGS)).await;
    rig.look().await;
    rig
}

/// A paid order that is in no books yet, with order entry switched on.
async fn not_in_the_books(means: &str) -> Rig {
    let sale = Sale::o2001(ON);
    let mut store = store_with_zz();
    store.add_order(sale.order("ZZ", vec![captured("Credit Card", ON, sale.total(), "txn_9001")]));
    let orders =
        "[orders]\ndefinition = \"Sales Order\"\nshipping_subtotal = \"Shipping\"\ndiscount_subtotal = \"Discount\"\n";
    let settings = format!("{}\n{orders}\n[payment_statuses]\nZZ = \"{means}\"\n", books::SETTINGS);
    let rig = Rig::with_settings(ON, store, small_company(), &settings).await;
    rig.look().await;
    rig
}

#[tokio::test]
async fn an_invented_status_is_an_exception_until_settings_say_what_it_stands_for() {
    let rig = half_paid(None).await;
    assert_eq!(rig.exception_kinds(), [ExceptionKind::UnknownStatus]);
    assert!(rig.exceptions()[0].why_not.contains("\"ZZ\""), "{}", rig.exceptions()[0].why_not);
    assert!(rig.proposals().is_empty());
}

#[tokio::test]
async fn what_an_invented_status_stands_for_decides_what_becomes_of_the_order() {
    let partly = half_paid(Some("PP")).await;
    assert_eq!(partly.exceptions(), []);
    assert_eq!(partly.settle().await.len(), 1, "half of the money is what a partly paid order has");
    partly.assert_tied_out(date(2026, 1, 1), ON);

    let paid = half_paid(Some("P")).await;
    assert_eq!(paid.exception_kinds(), [ExceptionKind::AmountVariance], "a paid order is 55.43 short");
    assert!(paid.proposals().is_empty());

    let has_order = |rig: &Rig| rig.proposals().iter().any(|it| matches!(it.posting.document, Document::SalesOrder(_)));
    assert!(has_order(&not_in_the_books("P").await));
    assert!(!has_order(&not_in_the_books("C").await), "a cancelled order is no sales order");
}
