//! What is approved is what is sent, and what came of it is known.

use crate::rig::{Demo, demo, demo_with, money};
use tieout_api as api;
use tieout_api::views::*;
use tieout_domain::{Confidence, MatchGroup, MatchKind, MatchStatus, PostingId, RecordRef};
use tieout_services as services;

#[tokio::test(flavor = "multi_thread")]
async fn approvals_show_exactly_what_is_sent_and_what_came_of_it() {
    let mut demo = demo(150).await;
    let rows = demo.to_approve();
    assert!(!rows.is_empty());
    let mut groups: Vec<&str> = rows.iter().map(|it| it.group.as_str()).collect();
    groups.dedup();
    let distinct: std::collections::BTreeSet<_> = groups.iter().collect();
    assert_eq!(distinct.len(), groups.len(), "each group stands together");

    for descending in [true, false] {
        let order = ListOrder { by: OrderBy::Money, descending };
        let tab = ApprovalTab::ToApprove;
        let request = ProposalsRequest { period: String::new(), tab, filters: vec![], order, offset: 0, limit: 200 };
        let ordered = api::proposals(&demo.app, request).unwrap().rows;
        let of_one_currency = |pair: &&[ProposalRow]| pair[0].amount.currency == pair[1].amount.currency;
        let in_order = |pair: &[ProposalRow]| {
            let [a, b] = [money(&pair[0].amount).abs().minor(), money(&pair[1].amount).abs().minor()];
            if descending { a >= b } else { a <= b }
        };
        assert!(ordered.windows(2).filter(of_one_currency).all(in_order));
        assert_eq!(ordered.len(), rows.len().min(200));
    }

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

fn seen(rows: &[ProposalRow]) -> ApproveRequest {
    let seen = rows.iter().map(|it| SeenProposal { id: it.id.clone(), fingerprint: it.fingerprint.clone() });
    ApproveRequest { seen: seen.collect() }
}

fn ids(rows: &[ProposalRow]) -> Vec<String> {
    rows.iter().map(|it| it.id.clone()).collect()
}

fn decision(rows: &[ProposalRow], reason: &str) -> ProposalsDecision {
    ProposalsDecision { ids: ids(rows), reason: reason.into() }
}

fn count(demo: &Demo, rows: &[ProposalRow], state: PostingStateView) -> usize {
    rows.iter().filter(|it| demo.detail(&it.id).state == state).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_taken_back_after_a_restart_and_stays_where_its_money_found_a_receipt_meanwhile() {
    let demo = demo(150).await;
    let rows: Vec<ProposalRow> = demo.to_approve().into_iter().filter(|it| it.group == "Receipts").take(3).collect();
    let waiting = demo.to_approve();
    api::hold(&demo.app, decision(&rows[..1], "ask the desk")).unwrap();
    assert!(api::reject(&demo.app, decision(&rows, "not ours")).unwrap().undoable);
    assert_eq!(count(&demo, &rows, PostingStateView::Rejected), 3);
    services::propose(&demo.app.company).unwrap();
    assert_eq!(count(&demo, &rows, PostingStateView::Rejected), 3, "planning does not bring it back");

    let demo = demo.restarted();
    assert!(api::app_state(&demo.app).unwrap().undo.unwrap().contains("Rejected 3 proposals"));
    api::undo(&demo.app).unwrap();
    assert_eq!(count(&demo, &rows[..1], PostingStateView::Held), 1, "held as it was");
    assert_eq!(count(&demo, &rows[1..], PostingStateView::Proposed), 2);
    api::redo(&demo.app).unwrap();
    assert_eq!(count(&demo, &rows, PostingStateView::Rejected), 3);
    api::undo(&demo.app).unwrap();
    api::undo(&demo.app).unwrap();
    let now: Vec<_> = demo.to_approve().into_iter().map(|it| (it.id, it.fingerprint)).collect();
    assert_eq!(now, waiting.into_iter().map(|it| (it.id, it.fingerprint)).collect::<Vec<_>>());

    // While it is rejected, its payment is found to be in the ledger already.
    let one = &rows[1..2];
    api::reject(&demo.app, decision(one, "is there already")).unwrap();
    let store = &demo.app.company.store;
    let facts = store.read(|reader| reader.posting(&PostingId(one[0].id.clone()))).unwrap().unwrap().posting.facts;
    let left: Vec<RecordRef> = facts.iter().map(|(record, _)| record.clone()).take(1).collect();
    let right: Vec<RecordRef> = vec!["intacct/larkspur#receipt#ARPYMT:999999".parse().unwrap()];
    let found = MatchGroup {
        id: MatchGroup::id_of(&left, &right),
        left,
        right,
        kind: MatchKind::OneToOne,
        status: MatchStatus::Automatic,
        pass: "gateway reference".into(),
        confidence: Confidence(10_000),
        evidence: vec![],
        variance: money(&one[0].amount).checked_sub(money(&one[0].amount)).unwrap(),
    };
    store.write("match", demo.app.company.now(), |tx| tx.put_match(&found, "")).unwrap();
    api::undo(&demo.app).unwrap();
    assert_eq!(count(&demo, one, PostingStateView::Rejected), 1, "it would be booked twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_taken_back_until_it_is_sent() {
    let mut demo = demo(150).await;
    let rows: Vec<ProposalRow> = demo.to_approve().into_iter().filter(|it| it.clear).take(4).collect();
    let note = NoteRequest { target_id: rows[0].id.clone(), text: "looked at".into() };
    api::note(&demo.app, note).unwrap();
    let (three, other) = (&rows[..3], &rows[3..]);
    assert_eq!(api::approve(&demo.app, seen(three)).unwrap().approved.len(), 3);
    demo = demo.restarted();
    assert_eq!(api::undo(&demo.app).unwrap().message, "Undone: Approved 3 entries");
    assert_eq!(count(&demo, three, PostingStateView::Proposed), 3);
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    let nothing = demo.ended(&job.job_id).await;
    assert!(nothing.summary.starts_with("0 posted"), "{}", nothing.summary);
    api::redo(&demo.app).unwrap();
    assert_eq!(count(&demo, three, PostingStateView::Approved), 3, "the same content, approved again");

    let first = ids(&three[..1]);
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: first }).unwrap();
    demo.ended(&job.job_id).await;
    let message = api::undo(&demo.app).unwrap().message;
    assert!(message.contains("2 of 3"), "{message}");
    assert_eq!(count(&demo, three, PostingStateView::Posted), 1, "what was sent is reversed, not undone");
    assert_eq!(count(&demo, three, PostingStateView::Proposed), 2);

    // An approval that was sent whole is passed over: what was decided before it can still be taken back.
    api::approve(&demo.app, seen(other)).unwrap();
    let job = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap();
    demo.ended(&job.job_id).await;
    assert_eq!(count(&demo, other, PostingStateView::Posted), 1);
    assert!(api::app_state(&demo.app).unwrap().undo.unwrap().starts_with("Note on"));
    assert!(api::undo(&demo.app).unwrap().message.starts_with("Undone: Note on"));
    assert_eq!(count(&demo, other, PostingStateView::Posted), 1);
}
