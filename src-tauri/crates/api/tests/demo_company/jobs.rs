//! Long work is counted, can be stopped where nothing is half done, and says what it did and what it left.

use crate::rig::{Demo, demo, demo_with, unread};
use std::collections::BTreeMap;
use tieout_api as api;
use tieout_api::demo::open_demo;
use tieout_api::views::*;
use tieout_domain::{ObjectKind, SourceId};
use tieout_store::StoreError;

fn kept(demo: &Demo) -> (u64, u64) {
    let count = |object| demo.app.company.store.read(|reader| reader.count(object)).unwrap();
    (count(ObjectKind::Order), count(ObjectKind::Payment))
}

fn orders_read_through(demo: &Demo) -> bool {
    let read = |reader: &tieout_store::Reader<'_>| {
        Ok::<_, StoreError>(reader.cursor(&SourceId::xcart("larkspur"), ObjectKind::Order)?.is_some())
    };
    demo.app.company.store.read(read).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_stopped_in_the_middle_keeps_what_was_read_and_the_next_one_reads_the_rest() {
    let slow = r#"{"seed":1,"rules":[{"system":"xcart","effect":"slow_reply","ms":4}]}"#;
    let mut demo = unread(400, slow).await;
    let id = open_demo(&demo.app, demo.systems()).unwrap().job_id;
    demo.told_that(&id, |job| job.results.iter().any(|it| it.text.ends_with(" orders"))).await;
    let asked = demo.cancel(&id);
    assert_eq!((asked.state, asked.can_cancel), (JobState::Stopping, true));
    let stopped = demo.told_that(&id, |job| job.ended_at.is_some()).await;
    assert_eq!(stopped.state, JobState::Stopped, "{:?}", stopped.problem);
    assert!(stopped.summary.contains("were read and are kept"), "{}", stopped.summary);
    assert!(stopped.problem.is_none() && !stopped.can_cancel);
    let (orders, payments) = kept(&demo);
    assert!(orders >= 90 && payments > 0, "{orders} orders and {payments} payments are kept");
    assert!(!orders_read_through(&demo), "the next reading must not begin behind what was not read");
    let state = api::app_state(&demo.app).unwrap();
    let xcart = state.freshness.iter().find(|it| it.source == "X-Cart").unwrap();
    assert_ne!(xcart.state, FreshnessState::Failed, "nothing is broken: {}", xcart.detail);
    assert_eq!(demo.to_approve().len(), 0, "nothing was proposed from half a reading");

    // Again, at a random moment of another reading; then to its end.
    let id = api::work::pull(&demo.app).unwrap().job_id;
    demo.told_that(&id, |job| job.done > 0).await;
    demo.cancel(&id);
    let stopped = demo.told_that(&id, |job| job.ended_at.is_some()).await;
    assert_eq!(stopped.state, JobState::Stopped, "{:?}", stopped.problem);
    let id = open_demo(&demo.app, demo.systems()).unwrap().job_id;
    let whole = demo.ended(&id).await;
    let refused = demo.app.company.store.read(|reader| reader.refused_records()).unwrap();
    let refused = refused.iter().filter(|it| it.refused.record.object == ObjectKind::Order).count() as u64;
    assert_eq!(kept(&demo).0 + refused, demo.running.world.sales.len() as u64, "{}", whole.summary);
    assert!(orders_read_through(&demo) && !demo.to_approve().is_empty());
    assert!(whole.results.iter().any(|it| it.text.ends_with(" customers")), "{:?}", whole.results);
    let state = api::app_state(&demo.app).unwrap();
    assert!(state.freshness.iter().all(|it| it.state == FreshnessState::Fresh), "{:?}", state.freshness);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posting_stopped_after_the_first_entry_leaves_nothing_half_sent_and_a_later_one_sends_each_once() {
    let slow = r#"{"seed":1,"rules":[{"system":"intacct","what":"*create*","effect":"slow_reply","ms":250}]}"#;
    let mut demo = demo_with(150, slow).await;
    let seen: Vec<SeenProposal> = demo
        .to_approve()
        .into_iter()
        .filter(|it| it.clear)
        .take(6)
        .map(|it| SeenProposal { id: it.id, fingerprint: it.fingerprint })
        .collect();
    let count = seen.len();
    let approved = api::approve(&demo.app, ApproveRequest { seen }).unwrap().approved;
    assert_eq!((approved.len(), count), (6, 6));
    let sent_before = demo.running.intacct.with(|gateway| gateway.dump().len());

    let id = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap().job_id;
    let first = demo.told_that(&id, |job| !job.results.is_empty()).await;
    assert_eq!((first.total, first.unit.as_str()), (Some(6), "entries"));
    assert!(first.results[0].text.contains("posted as record") && first.results[0].amount.is_some());
    demo.cancel(&id);
    let stopped = demo.told_that(&id, |job| job.ended_at.is_some()).await;
    assert_eq!(stopped.state, JobState::Stopped, "{:?}", stopped.problem);
    let state_of = |demo: &Demo, id: &str| demo.detail(id).state;
    let posted = approved.iter().filter(|it| state_of(&demo, it) == PostingStateView::Posted).count();
    let waiting = approved.iter().filter(|it| state_of(&demo, it) == PostingStateView::Approved).count();
    assert!((1..=2).contains(&posted) && posted + waiting == 6, "{posted} posted, {waiting} approved");
    assert_eq!(stopped.results.len(), posted);
    let told =
        format!("{posted} posted, 0 refused, 0 outcome unknown; {waiting} entries were not sent, still approved");
    assert!(stopped.summary.contains(&told), "{}", stopped.summary);
    assert_eq!(demo.running.intacct.with(|gateway| gateway.dump().len()), sent_before + posted);

    let id = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap().job_id;
    let rest = demo.ended(&id).await;
    assert_eq!((rest.done, rest.total), (u32::try_from(waiting).unwrap(), Some(u32::try_from(waiting).unwrap())));
    assert!(approved.iter().all(|it| state_of(&demo, it) == PostingStateView::Posted));
    let mut by_key: BTreeMap<String, u32> = BTreeMap::new();
    for entry in demo.running.intacct.with(|gateway| gateway.dump()[sent_before..].to_vec()) {
        *by_key.entry(entry.natural_key).or_default() += 1;
    }
    assert_eq!((by_key.len(), by_key.values().max()), (6, Some(&1)), "each once: {by_key:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn matching_proposing_and_an_import_say_what_they_did_or_change_nothing_when_stopped() {
    let mut demo = demo(300).await;
    let period = |app: &std::sync::Arc<api::App>, kind| match kind {
        JobKind::Match => api::work::run_match(app),
        _ => api::work::propose(app),
    };
    let proposals: Vec<String> = demo.to_approve().into_iter().map(|it| it.fingerprint).collect();
    for kind in [JobKind::Match, JobKind::Propose] {
        let id = period(&demo.app, kind).unwrap().job_id;
        assert!(demo.cancel(&id).can_cancel, "{kind:?}");
        let stopped = demo.told_that(&id, |job| job.ended_at.is_some()).await;
        assert_eq!(stopped.state, JobState::Stopped, "{kind:?}: {:?}", stopped.problem);
        assert!(stopped.summary.contains("Nothing was changed"), "{}", stopped.summary);
        let now: Vec<String> = demo.to_approve().into_iter().map(|it| it.fingerprint).collect();
        assert_eq!(now, proposals, "{kind:?}");

        let id = period(&demo.app, kind).unwrap().job_id;
        let whole = demo.ended(&id).await;
        assert!(whole.total.is_some_and(|total| total == whole.done && total > 0), "{kind:?} {:?}", whole.total);
        assert!(!whole.results.is_empty(), "{kind:?}");
    }
    let path = demo.folder.path().join("more.csv");
    let rows = "row_id,date,currency,amount,description,reference\nx1,2026-01-05,USD,12.50,wire,w1\n";
    std::fs::write(&path, rows).unwrap();
    let request = ImportFileRequest { path: path.display().to_string(), source: "till".into(), mapping: vec![] };
    let id = api::work::import_file(&demo.app, request).unwrap().job_id;
    let imported = demo.ended(&id).await;
    assert_eq!((imported.done, imported.total, imported.unit.as_str()), (1, Some(1), "rows"));
    assert!(imported.results[0].text.starts_with("more.csv: 1 rows, 1 new"), "{:?}", imported.results);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posting_that_never_reached_intacct_says_that_nothing_was_sent() {
    let mut demo = demo(60).await;
    let seen: Vec<SeenProposal> = demo
        .to_approve()
        .into_iter()
        .filter(|it| it.clear)
        .take(3)
        .map(|it| SeenProposal { id: it.id, fingerprint: it.fingerprint })
        .collect();
    let approved = api::approve(&demo.app, ApproveRequest { seen }).unwrap().approved;
    let mut connection = demo.app.company.connection().unwrap();
    connection.intacct_user = "nobody".into();
    demo.app.company.connect("mira", &connection).unwrap();
    let id = api::work::post_approved(&demo.app, PostApprovedRequest { ids: vec![] }).unwrap().job_id;
    let failed = demo.told_that(&id, |job| job.ended_at.is_some()).await;
    assert_eq!(failed.state, JobState::Failed);
    let problem = failed.problem.unwrap();
    assert_eq!(problem.written, "Nothing was sent; what was approved still is.");
    assert_eq!(failed.summary, problem.written);
    assert!(approved.iter().all(|it| demo.detail(it).state == PostingStateView::Approved));
}
