//! Proposals whose own day is in a closed period.

use crate::captures::shipped_and_captured;
use crate::rig::{ANN, Rig};
use jiff::civil::{Date, date};
use tieout_domain::ExceptionKind;
use tieout_planning::Choice;
use tieout_services::choose;

const FEE: &str = "TO-FEE-po_1-0129";
const FIRST_OPEN: Date = Date::constant(2026, 2, 1);

/// The fee of 29 January comes to light when January is closed.
async fn fee_of_a_closed_month() -> Rig {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    rig.go_to(date(2026, 2, 5));
    rig.books(|books| books.close_books(Some(date(2026, 1, 31)), None));
    rig.import_card_file("r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29");
    rig
}

#[tokio::test]
async fn a_fee_of_a_closed_month_is_an_exception_and_not_redated() {
    let rig = fee_of_a_closed_month().await;
    let opening = rig.balances();
    assert!(rig.settle().await.is_empty());
    assert_eq!(rig.exception_kinds(), [ExceptionKind::ClosedPeriod]);
    assert!(rig.moved_since(&opening).is_empty());
}

#[tokio::test]
async fn a_fee_of_a_closed_month_is_posted_on_the_day_a_person_names() {
    let rig = fee_of_a_closed_month().await;
    rig.look().await;
    choose(&rig.company, ANN, FEE, &Choice::PostOn(FIRST_OPEN)).unwrap();
    rig.look().await;
    let shown = rig.proposals();
    assert_eq!(shown[0].posting.document.on(), FIRST_OPEN);
    assert!(!shown[0].posting.is_clear(), "the other day is shown and looked at");
    rig.settle().await;
    assert_eq!(rig.balances()["6100"], crate::shop::money("3.36"));
    assert_eq!(rig.balances_through(date(2026, 1, 31)).get("6100"), None);
    assert_eq!(rig.exceptions(), []);
}
