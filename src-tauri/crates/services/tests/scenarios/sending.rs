//! What may have changed between a person's approval and the moment of sending, and what Intacct itself still has to approve.

use crate::captures::shipped_and_captured;
use crate::rig::Rig;
use crate::shop::money;
use jiff::civil::{Date, date};
use tieout_domain::{ExceptionKind, PostingId, PostingState};

const JANUARY: Date = Date::constant(2026, 1, 1);
const LATER: Date = Date::constant(2026, 2, 5);

/// The fee entry of 29 January, proposed and approved; the receipt before it is posted.
async fn approved_fee() -> (Rig, PostingId) {
    let rig = shipped_and_captured().await;
    rig.settle().await;
    rig.import_card_file("r1,po_1,charge,txn_9001,2001,USD,105.43,-3.36,102.07,2026-01-29");
    rig.look().await;
    let id = rig.proposals()[0].posting.id.clone();
    assert_eq!(rig.approve_all(), 1);
    (rig, id)
}

#[tokio::test]
async fn a_period_closed_after_the_approval_is_found_before_anything_is_sent_and_never_redated() {
    let (rig, id) = approved_fee().await;
    let opening = rig.balances();
    rig.go_to(LATER);
    rig.books(|books| books.close_books(Some(date(2026, 1, 31)), None));
    let created = |rig: &Rig| rig.intacct.with(|gateway| gateway.counts.get("create").copied());
    let before = created(&rig);
    let report = rig.post().await;
    assert_eq!((report.posted, report.changed), (0, 1), "{report:?}");
    assert_eq!(created(&rig), before, "nothing was sent");
    assert_eq!(rig.posting(&id), PostingState::Proposed, "with a person again, and the approval is void");
    // That the fee is in no ledger is said beside it, and stays said until it is posted.
    let closed = |rig: &Rig| -> Vec<_> {
        rig.exceptions().into_iter().filter(|it| it.kind == ExceptionKind::ClosedPeriod).collect()
    };
    let exceptions = closed(&rig);
    assert_eq!(exceptions.len(), 1, "{:#?}", rig.exceptions());
    assert!(exceptions[0].why_not.contains("period 2026-01 was closed"), "{}", exceptions[0].why_not);
    assert!(rig.moved_since(&opening).is_empty());

    rig.look().await;
    assert_eq!(closed(&rig).iter().map(|it| it.id()).collect::<Vec<_>>(), [exceptions[0].id()], "the same one stands");
    assert!(rig.proposals().is_empty(), "and nothing was dated otherwise in silence");
    rig.books(|books| books.close_books(None, None));
    assert_eq!(rig.settle().await.len(), 1, "open again, it takes its own day after a new approval");
    assert_eq!(rig.balances_through(date(2026, 1, 31))["6100"], money("3.36"));
    assert_eq!(rig.exceptions(), []);
}

#[tokio::test]
async fn a_record_that_changed_since_the_approval_is_found_before_anything_is_sent() {
    let rig = shipped_and_captured().await;
    rig.look().await;
    let id = rig.proposals()[0].posting.id.clone();
    assert_eq!(rig.approve_all(), 1);
    rig.wait(60);
    rig.shop(|store| {
        let order = *store.orders.keys().next().unwrap();
        let change = |order: &mut tieout_sandbox::xcart::model::Order| {
            order.transactions[0].backend_transactions.iter_mut().for_each(|it| it.value = money("99.00"));
        };
        store.update_order(order, change).unwrap();
        store.touch(order).unwrap();
    });
    // Read, and neither matched nor proposed anew: the approval still stands on disk.
    rig.pull().await.unwrap();
    assert!(matches!(rig.posting(&id), PostingState::Approved { .. }));
    let report = rig.post().await;
    assert_eq!((report.posted, report.changed), (0, 1), "{report:?}");
    assert_eq!(rig.posting(&id), PostingState::Proposed, "with a person again");
    assert_eq!(rig.intacct.with(|gateway| gateway.company.payments.len()), 0, "nothing was sent");
    assert!(report.unfinished[0].why.contains("other than it was approved"), "{report:?}");
}

#[tokio::test]
async fn an_entry_intacct_holds_for_approval_is_not_posted_and_not_counted_until_it_is_approved_there() {
    let (rig, id) = approved_fee().await;
    rig.books(|books| books.journals.get_mut("GJ").unwrap().needs_approval = true);
    let report = rig.post().await;
    assert_eq!((report.posted, report.awaiting), (0, 1), "{report:?}");
    let PostingState::AwaitingIntacct { record } = rig.posting(&id) else { panic!("{:?}", rig.posting(&id)) };
    rig.look().await;
    assert_eq!(rig.exception_kinds(), [ExceptionKind::AwaitingIntacct]);
    let tied = rig.tie_out(JANUARY, date(2026, 1, 31));
    let card = tied.accounts.iter().find(|it| it.account == "1210").unwrap();
    assert_eq!((card.ledger.as_str(), card.unexplained.as_str()), ("105.43", "0.00"), "{card:?}");
    assert_eq!(card.timing, "3.36", "the fee is not in the ledger yet: {card:?}");
    assert!(matches!(rig.posting(&id), PostingState::AwaitingIntacct { .. }), "reading it again is no approval");

    rig.books(|books| books.approve_journal(record.0.parse().unwrap()).unwrap());
    rig.look().await;
    assert!(matches!(rig.posting(&id), PostingState::Posted { record: posted, .. } if posted == record));
    rig.look().await;
    assert_eq!(rig.exceptions(), []);
    let tied = rig.tie_out(JANUARY, date(2026, 1, 31));
    let card = tied.accounts.iter().find(|it| it.account == "1210").unwrap();
    assert_eq!((card.ledger.as_str(), card.timing.as_str(), card.unexplained.as_str()), ("102.07", "0.00", "0.00"));
}
