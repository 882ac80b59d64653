//! Un-posting: a reversing entry, never a delete.

use crate::captures::shipped_and_captured;
use crate::expected::{Balances, balances};
use crate::rig::{ANN, Rig};
use jiff::civil::{Date, date};
use tieout_domain::ExceptionKind;
use tieout_planning::ReversalError;
use tieout_services::{ServiceError, propose_reversal};

const FEE_DAY: Date = Date::constant(2026, 1, 29);

/// J25's original: the fee entry of 29 January, posted through Tieout. With what the books held before it.
async fn fee_posted() -> (Rig, String, Balances) {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    let before = rig.balances();
    rig.import_card_file("r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29");
    let posted = rig.settle().await;
    let [fee] = &posted[..] else { panic!("{posted:#?}") };
    assert_eq!(rig.moved_since(&before), balances(&[("6100", "3.36"), ("1210", "-3.36")]));
    let id = fee.posting.id.0.clone();
    (rig, id, before)
}

fn with_fee(mut before: Balances) -> Balances {
    *before.entry("6100".into()).or_default() += crate::shop::money("3.36");
    *before.entry("1210".into()).or_default() -= crate::shop::money("3.36");
    before
}

#[tokio::test]
async fn j25_in_an_open_period_the_reversal_takes_the_entrys_own_day() {
    let (rig, fee, before) = fee_posted().await;
    let entries = rig.intacct.with(|gateway| gateway.company.batches.len());
    propose_reversal(&rig.company, ANN, &fee, None).unwrap();
    assert_eq!(rig.approve_all(), 1);
    assert_eq!(rig.post().await.posted, 1);
    assert_eq!(rig.balances(), before);
    assert_eq!(rig.balances_through(FEE_DAY), before, "on its own day");
    assert_eq!(rig.intacct.with(|gateway| gateway.company.batches.len()), entries + 1, "added, nothing deleted");
    only_the_fee_is_open_again(&rig).await;
}

#[tokio::test]
async fn j25_in_a_closed_period_only_the_first_open_day_that_was_named_and_approved_takes_it() {
    let (rig, fee, before) = fee_posted().await;
    let (closed, first_open) = (date(2026, 1, 31), date(2026, 2, 1));
    rig.go_to(date(2026, 2, 10));
    rig.books(|books| books.close_books(Some(closed), None));
    rig.look().await;
    for day in [None, Some(FEE_DAY), Some(closed)] {
        let refused = propose_reversal(&rig.company, ANN, &fee, day).unwrap_err();
        assert!(
            matches!(refused, ServiceError::Reversal(ReversalError::ClosedPeriod { first_open: day, .. }) if day == first_open),
            "{refused:?}"
        );
    }
    assert!(rig.proposals().is_empty(), "nothing was redated silently");

    propose_reversal(&rig.company, ANN, &fee, Some(first_open)).unwrap();
    let shown = rig.proposals();
    assert_eq!(shown[0].posting.document.on(), first_open);
    assert!(!shown[0].posting.is_clear(), "a chosen day is looked at, never swept through");
    assert_eq!(rig.post().await.posted, 0, "not before it is approved");
    rig.approve_all();
    assert_eq!(rig.post().await.posted, 1);
    assert_eq!(rig.balances(), before);
    assert_eq!(rig.balances_through(closed), with_fee(before), "January stays as it was closed");
    rig.books(|books| books.close_books(None, None));
    only_the_fee_is_open_again(&rig).await;
    rig.assert_tied_out(first_open, date(2026, 2, 28));
}

#[tokio::test]
async fn j25_a_reversed_receipt_opens_its_invoice_and_its_payment_again() {
    let rig = shipped_and_captured().await;
    let opening = rig.balances();
    let posted = rig.settle().await;
    propose_reversal(&rig.company, ANN, &posted[0].posting.id.0, None).unwrap();
    rig.approve_all();
    assert_eq!(rig.post().await.posted, 1);
    assert_eq!(rig.balances(), opening);
    rig.look().await;
    assert!(rig.proposals().is_empty(), "what a person reversed is not posted again by itself");
    assert_eq!(rig.exception_kinds(), [ExceptionKind::NotHandled]);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));
}

/// Entry and reversal cancel each other; the gateway's fee is a person's case now.
async fn only_the_fee_is_open_again(rig: &Rig) {
    rig.look().await;
    assert!(rig.proposals().is_empty());
    let exceptions = rig.exceptions();
    assert_eq!(rig.exception_kinds(), [ExceptionKind::NotHandled], "{exceptions:#?}");
    assert!(exceptions[0].why_not.contains("reversed by p-REV-TO-FEE-po_1-0129"), "{}", exceptions[0].why_not);
    rig.assert_tied_out(date(2026, 1, 1), date(2026, 1, 31));
}
