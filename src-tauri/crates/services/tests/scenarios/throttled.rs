//! A host that says there were too many requests: nothing was done, and it is left alone for as long as it asks.

use crate::books::invoice;
use crate::captures::shipped_and_captured;
use crate::rig::Rig;
use crate::shop::{self, Sale, captured};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use tieout_domain::{PostingId, PostingState};
use tieout_sandbox::faults::{Fault, FaultPlan, FaultRule, System};
use tieout_sandbox::intacct::sample::small_company;
use tieout_services::ServiceError;

const ON: Date = Date::constant(2026, 1, 29);

fn too_many(retry_after: Option<u64>) -> Fault {
    Fault::Status429 { retry_after }
}

/// The receipt of a captured order, approved.
async fn approved() -> (Rig, PostingId) {
    let rig = shipped_and_captured().await;
    rig.look().await;
    let id = rig.proposals()[0].posting.id.clone();
    assert_eq!(rig.approve_all(), 1);
    (rig, id)
}

fn receipts_in_intacct(rig: &Rig) -> usize {
    rig.intacct.with(|gateway| gateway.company.payments.len())
}

fn keys(rig: &Rig, id: &PostingId) -> usize {
    rig.company.store.read(|reader| reader.requests_of(id)).unwrap().len()
}

#[tokio::test]
async fn a_write_answered_429_stays_approved_and_is_posted_once_after_the_pause_it_asked_for() {
    let (rig, id) = approved().await;
    let before = rig.posting(&id);
    rig.intacct.order(Some("create"), too_many(Some(90)));
    let report = rig.post().await;
    assert_eq!((report.posted, report.refused, report.waiting), (0, 0, 1), "{report:?}");
    assert_eq!(rig.posting(&id), before, "as it was approved: who, when, what");
    assert_eq!(receipts_in_intacct(&rig), 0);

    let asked = rig.asked_of_intacct();
    let refused = rig.try_to_post().await.unwrap_err();
    let end = rig.company.now() + SignedDuration::from_secs(90);
    assert!(matches!(refused, ServiceError::Paused { system: "Intacct", until } if until == end), "{refused}");
    assert!(matches!(rig.pull().await, Err(ServiceError::Paused { system: "Intacct", .. })), "reads keep it too");
    rig.wait(89);
    assert!(matches!(rig.try_to_post().await, Err(ServiceError::Paused { .. })));
    assert_eq!(rig.asked_of_intacct(), asked, "not one request in the pause");

    rig.wait(1);
    assert_eq!(rig.post().await.posted, 1);
    assert!(matches!(rig.posting(&id), PostingState::Posted { .. }));
    assert_eq!((receipts_in_intacct(&rig), keys(&rig, &id)), (1, 1), "once, under the key of its one approval");
    rig.settle().await;
    rig.assert_tied_out(date(2026, 1, 1), ON);
}

#[tokio::test]
async fn without_a_time_given_the_pause_is_a_minute_and_the_rest_of_the_run_keeps_it() {
    let mut store = shop::store();
    let mut books = small_company();
    for number in ["2001", "2002"] {
        let sale = Sale::o2001(ON).numbered(number);
        store.add_order(sale.order("P", vec![captured("Credit Card", ON, sale.total(), &format!("txn_{number}"))]));
        invoice(&mut books, &sale, ON);
    }
    let rig = Rig::start(ON, store, books).await;
    rig.look().await;
    assert_eq!(rig.approve_all(), 2);
    rig.intacct.order(Some("create"), too_many(None));
    let report = rig.post().await;
    assert_eq!((report.posted, report.waiting), (0, 2), "the second was not tried: {report:?}");
    rig.wait(59);
    assert!(matches!(rig.try_to_post().await, Err(ServiceError::Paused { .. })));
    rig.wait(1);
    assert_eq!(rig.post().await.posted, 2);
    assert_eq!(receipts_in_intacct(&rig), 2);
}

#[tokio::test]
async fn a_second_attempt_turned_away_leaves_the_first_as_doubtful_as_it_was() {
    let (rig, id) = approved().await;
    rig.intacct.order(Some("create"), Fault::Error502BeforeCommit);
    rig.intacct.order(Some("create"), too_many(Some(30)));
    let report = rig.post().await;
    assert_eq!((report.posted, report.refused, report.unknown), (0, 0, 1), "{report:?}");
    assert!(matches!(rig.posting(&id), PostingState::InDoubt { attempt: 1, .. }), "{:?}", rig.posting(&id));
    rig.wait(30);
    assert_eq!(rig.post().await.posted, 1);
    assert_eq!((receipts_in_intacct(&rig), keys(&rig, &id)), (1, 1));
}

#[tokio::test]
async fn a_store_that_asks_for_an_hour_gets_it_across_pulls() {
    let rig = shipped_and_captured().await;
    let rule = FaultRule::always(System::Xcart, "GET /api/orders", too_many(Some(3600)));
    rig.shop_faults.replace(FaultPlan::new(1, vec![rule]));
    rig.pull().await.unwrap_err();
    rig.shop_faults.replace(FaultPlan::default());
    let asked = rig.shop.requests();
    assert!(matches!(rig.pull().await, Err(ServiceError::Paused { system: "X-Cart", .. })));
    assert_eq!(rig.shop.requests(), asked);
    rig.wait(3600);
    rig.look().await;
    assert_eq!(rig.proposals().len(), 1);
}
