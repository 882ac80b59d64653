//! Records that somebody deletes in Intacct: no list of changes names them.

use crate::books::{self, receipt};
use crate::captures::shipped_and_captured;
use crate::rig::{ANN, Rig};
use crate::shop::money;
use jiff::civil::{Date, date};
use tieout_domain::{ExceptionKind, MatchStatus, ObjectKind, RecordRef, UserId};
use tieout_sandbox::intacct::post::receivable::Kind;
use tieout_sandbox::intacct::records::{Contact, Customer};
use tieout_services::ask_for_deletions;

const SHIPPED: Date = Date::constant(2026, 1, 29);
const NEXT_DAY: Date = Date::constant(2026, 1, 30);

/// The order's card receipt, entered by hand and matched; the record it is known by.
async fn receipt_entered_by_hand() -> (Rig, RecordRef) {
    let rig = shipped_and_captured().await;
    rig.books(|books| receipt(books, "INV-2001", SHIPPED, money("105.43"), "txn_9001"));
    rig.look().await;
    let receipts = rig.receipts();
    assert_eq!(receipts.len(), 1);
    (rig, receipts[0].record())
}

fn delete_the_receipt(rig: &Rig) {
    rig.books(|books| {
        let record_no = *books.payments.keys().next().unwrap();
        books.delete_payment(record_no).unwrap();
    });
}

#[tokio::test]
async fn a_receipt_deleted_in_intacct_leaves_lists_and_tie_out_and_the_trail_says_so() {
    let (rig, record) = receipt_entered_by_hand().await;
    delete_the_receipt(&rig);
    rig.look().await;
    assert_eq!(rig.receipts().len(), 1, "no list of changes names what is gone");
    assert_eq!(rig.unexplained(SHIPPED), "-105.43", "but the ledger speaks for itself");

    rig.go_to(NEXT_DAY);
    rig.look().await;
    assert_eq!(rig.receipts(), []);
    assert_eq!(rig.unexplained(SHIPPED), "0.00");
    let kept = rig.company.store.read(|reader| reader.raw(&record)).unwrap().unwrap();
    assert!(kept.raw.contains("txn_9001"), "what it said stays in the file: {}", kept.raw);
    let trail = rig.trail("records deleted at their source");
    let [receipt, row] = &trail[..] else { panic!("{trail:#?}") };
    assert!(receipt.contains(&record.to_string()), "{receipt}");
    assert!(row.contains("gl-line"), "ledger rows are compared in every pull: {row}");
    let proposed = rig.proposals();
    assert_eq!(proposed.len(), 1, "the payment is open again: {:#?}", crate::rig::names(&proposed));
    rig.look().await;
    assert_eq!(rig.trail("records deleted at their source").len(), 2, "told once");
}

#[tokio::test]
async fn deletions_are_looked_for_at_once_when_asked() {
    let (rig, _) = receipt_entered_by_hand().await;
    delete_the_receipt(&rig);
    ask_for_deletions(&rig.company).unwrap();
    rig.look().await;
    assert_eq!(rig.receipts(), []);
}

#[tokio::test]
async fn a_match_a_person_made_with_what_is_gone_is_an_exception_until_they_take_it_apart() {
    let (rig, record) = receipt_entered_by_hand().await;
    let mut group = rig.company.store.read(|reader| reader.match_of(&record)).unwrap().unwrap().group;
    group.status = MatchStatus::Confirmed { by: UserId(ANN.into()) };
    rig.company.store.write(ANN, rig.company.now(), |tx| tx.put_match(&group, "looked at")).unwrap();
    delete_the_receipt(&rig);
    rig.go_to(NEXT_DAY);
    rig.look().await;
    let exceptions = rig.exceptions();
    assert_eq!(rig.exception_kinds(), [ExceptionKind::CaptureWithoutReceipt], "{exceptions:#?}");
    assert!(exceptions[0].why_not.contains(&record.id), "{}", exceptions[0].why_not);
    assert!(rig.proposals().is_empty(), "nothing takes its place before a person looked");
    rig.assert_tied_out(date(2026, 1, 1), NEXT_DAY);

    rig.company
        .store
        .write(ANN, rig.company.now(), |tx| tx.remove_match(&group.id, "deleted there").map(drop))
        .unwrap();
    rig.settle().await;
    assert_eq!(rig.exceptions(), []);
    assert_eq!(rig.receipts().len(), 1, "posted by Tieout in its place");
}

#[tokio::test]
async fn a_posted_entry_deleted_in_intacct_is_an_exception_and_never_posted_again() {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    rig.import_card_file("r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29");
    let posted = rig.settle().await;
    assert_eq!(rig.exceptions(), []);
    rig.books(|books| {
        let ours = books.batches.values().find(|it| it.reference == posted[0].posting.document.natural_key().0);
        let record_no = ours.unwrap().record_no;
        books.delete_journal(record_no).unwrap();
    });
    rig.go_to(NEXT_DAY);
    assert!(rig.settle().await.is_empty(), "its key was used: a person decides");
    let exceptions = rig.exceptions();
    assert_eq!(rig.exception_kinds(), [ExceptionKind::ReadBackDifference], "{exceptions:#?}");
    assert!(exceptions[0].why_not.contains("not in Intacct any more"), "{}", exceptions[0].why_not);
    rig.assert_tied_out(date(2026, 1, 1), NEXT_DAY);
}

#[tokio::test]
async fn invoices_customers_and_items_that_are_gone_are_gone_here_too() {
    let rig = shipped_and_captured().await;
    rig.books(|books| {
        let other = crate::shop::Sale::of("2002", SHIPPED, "10.00");
        books::invoice(books, &other, SHIPPED);
        let nobody = Customer { id: "C-2000".into(), name: "Nobody".into(), ..Customer::default() };
        books.add_customer(nobody, Contact::default()).unwrap();
    });
    rig.look().await;
    let count = |object| rig.company.store.read(|reader| reader.count(object)).unwrap();
    assert_eq!((count(ObjectKind::Invoice), count(ObjectKind::Customer), count(ObjectKind::Item)), (2, 2, 1));
    rig.books(|books| {
        let record_no = books.invoice_numbers["INV-2002"];
        books.delete_receivable(Kind::Invoice, record_no).unwrap();
        books.customers.remove("C-2000");
        books.items.clear();
    });
    rig.go_to(NEXT_DAY);
    rig.look().await;
    assert_eq!((count(ObjectKind::Invoice), count(ObjectKind::Customer), count(ObjectKind::Item)), (1, 1, 0));
    assert_eq!(rig.trail("records deleted at their source").len(), 3);
}
