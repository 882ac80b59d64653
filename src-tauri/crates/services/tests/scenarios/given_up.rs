//! Both attempts vanish: nothing more is done by itself, and a person's word, after one last look, lets it be approved anew.

use crate::captures::shipped_and_captured;
use crate::rig::{ANN, Rig};
use tieout_domain::{PostingId, PostingState};
use tieout_sandbox::faults::Fault;
use tieout_services::{Checked, ServiceError};

async fn sent_and_vanished(times: usize) -> (Rig, PostingId) {
    let rig = shipped_and_captured().await;
    rig.look().await;
    let id = rig.proposals()[0].posting.id.clone();
    assert_eq!(rig.approve_all(), 1);
    for _ in 0..times {
        rig.intacct.order(Some("create"), Fault::Error502BeforeCommit);
    }
    (rig, id)
}

async fn give_up(rig: &Rig, id: &PostingId) -> Result<Checked, ServiceError> {
    tieout_services::give_up(&rig.company, &rig.secrets, &id.0, ANN, "looked in Cash Management, nothing there").await
}

#[tokio::test]
async fn a_doubt_is_given_up_only_when_nothing_more_is_done_by_itself_and_is_then_posted_once_under_a_new_key() {
    let (rig, id) = sent_and_vanished(2).await;
    rig.post_without_waiting().await;
    assert!(matches!(rig.posting(&id), PostingState::InDoubt { attempt: 1, .. }));
    let early = give_up(&rig, &id).await.unwrap_err();
    assert!(early.to_string().contains("still looked up"), "{early}");

    rig.wait(1);
    let report = rig.post().await;
    assert_eq!((report.posted, report.unknown), (0, 1), "{report:?}");
    assert!(matches!(rig.posting(&id), PostingState::InDoubt { attempt: 2, absent: 2, .. }), "{:?}", rig.posting(&id));
    assert_eq!(give_up(&rig, &id).await.unwrap(), Checked::Absent);
    assert_eq!(rig.posting(&id), PostingState::Proposed, "with a person again");

    rig.wait(1);
    assert_eq!(rig.approve_all(), 1);
    assert_eq!(rig.post().await.posted, 1);
    let keys = rig.company.store.read(|reader| reader.requests_of(&id)).unwrap().len();
    assert_eq!((rig.intacct.with(|gateway| gateway.company.payments.len()), keys), (1, 2), "once, under the new key");
}
