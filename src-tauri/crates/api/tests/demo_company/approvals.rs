//! What is approved is what is sent, and what came of it is known.

use crate::rig::{demo, demo_with, money};
use tieout_api as api;
use tieout_api::views::*;

#[tokio::test(flavor = "multi_thread")]
async fn approvals_show_exactly_what_is_sent_and_what_came_of_it() {
    let mut demo = demo(150).await;
    let rows = demo.to_approve();
    assert!(!rows.is_empty());
    let mut groups: Vec<&str> = rows.iter().map(|it| it.group.as_str()).collect();
    groups.dedup();
    let distinct: std::collections::BTreeSet<_> = groups.iter().collect();
    assert_eq!(distinct.len(), groups.len(), "each group stands together");

    for row in rows.iter().take(80) {
        let detail = demo.detail(&row.id);
        assert!(detail.xml.starts_with("<function controlid=\"tieout-"), "{}: {:?}", row.title, detail.why_not);
        assert_eq!(money(&detail.entry.total_debit), money(&detail.entry.total_credit), "{}", row.title);
        assert_eq!(detail.fingerprint, row.fingerprint);
    }

    let ids: Vec<String> = rows.iter().take(2).map(|it| it.id.clone()).collect();
    let held = api::hold(&demo.app, ProposalsDecision { ids: ids.clone(), reason: "ask the desk".into() }).unwrap();
    assert!(held.undoable);
    assert_eq!(demo.tab(ApprovalTab::Held).len(), 2);
    demo.undo();
    assert_eq!(demo.tab(ApprovalTab::Held).len(), 0);
    assert!(api::hold(&demo.app, ProposalsDecision { ids, reason: " ".into() }).is_err(), "a reason is needed");

    let clear: Vec<&ProposalRow> = rows.iter().filter(|it| it.clear).collect();
    let effect =
        api::batch_effect(&demo.app, BatchEffectRequest { ids: clear.iter().map(|it| it.id.clone()).collect() });
    assert!(effect.unwrap().balanced);
    let mut seen: Vec<SeenProposal> =
        clear.iter().map(|it| SeenProposal { id: it.id.clone(), fingerprint: it.fingerprint.clone() }).collect();
    seen[0].fingerprint = "00".into();
    let count = seen.len();
    let report = api::approve(&demo.app, ApproveRequest { seen }).unwrap();
    assert_eq!((report.approved.len(), report.refused.len()), (count - 1, 1));
    assert!(report.refused[0].reason.contains("changed"));

    let approved = demo.detail(&report.approved[0]);
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    demo.ended(&job.job_id).await;
    let after = demo.detail(&report.approved[0]);
    assert_eq!(after.state, PostingStateView::Posted);
    assert_eq!(after.key, approved.key, "the key shown is the key sent");
    assert_eq!(after.xml, approved.xml, "the text shown is the text sent");
    assert!(after.record.is_some() && after.history.len() > 2);

    let summary = api::approvals_summary(&demo.app, PeriodRequest { period: String::new() }).unwrap();
    assert!(summary.unknown.is_empty() && summary.last_posting.contains("read back"));
    let posted = demo.tab(ApprovalTab::Sent);
    let id = posted.iter().find(|it| demo.detail(&it.id).can_reverse).unwrap().id.clone();
    let preview = api::reversal_preview(&demo.app, ProposalRequest { id: id.clone() }).unwrap();
    assert_eq!(money(&preview.entry.total_debit), money(&preview.entry.total_credit));
    let request = ReverseRequest { id: id.clone(), reverse_on: preview.reverse_on, reason: "wrong customer".into() };
    let reversal = api::reverse(&demo.app, request).unwrap().open.unwrap().id.unwrap();
    assert_eq!(demo.detail(&reversal).state, PostingStateView::Proposed);
    let known = api::check_status(&demo.app, ProposalRequest { id }).await.unwrap_err();
    assert!(known.title.contains("its outcome is known"), "{}", known.title);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posting_that_never_answered_is_found_by_one_look_and_never_sent_again() {
    let lost = r#"{"seed":1,"rules":[{"system":"intacct","what":"*create*","nth":[1],"effect":"commit_then_drop"}]}"#;
    let mut demo = demo_with(60, lost).await;
    // Longer than posting waits: the doubt is left to the person.
    let mut connection = demo.app.company.connection().unwrap();
    connection.cool_down_seconds = 3_600;
    demo.app.company.connect("mira", &connection).unwrap();
    let clear: Vec<SeenProposal> = demo
        .to_approve()
        .into_iter()
        .filter(|it| it.clear)
        .take(3)
        .map(|it| SeenProposal { id: it.id, fingerprint: it.fingerprint })
        .collect();
    api::approve(&demo.app, ApproveRequest { seen: clear }).unwrap();
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    demo.ended(&job.job_id).await;
    let summary = || api::approvals_summary(&demo.app, PeriodRequest { period: String::new() }).unwrap();
    let unknown = summary().unknown;
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].steps.iter().any(|it| it.text.starts_with("No answer")), "{:?}", unknown[0].steps);
    let id = unknown[0].id.clone();
    let wrong = api::settle_found(&demo.app, SettleFoundRequest { id: id.clone(), record: "999999".into() }).await;
    assert!(wrong.unwrap_err().title.contains("no record 999999"));
    let done = api::check_status(&demo.app, ProposalRequest { id: id.clone() }).await.unwrap();
    assert!(done.message.contains("read back equal"), "{}", done.message);
    assert!(summary().unknown.is_empty());
    assert_eq!(demo.detail(&id).state, PostingStateView::Posted);
}
