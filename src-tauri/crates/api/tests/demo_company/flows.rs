//! Sync, as the window asks for it.

use crate::rig::{Demo, demo};
use tieout_api as api;
use tieout_api::views::*;

fn row(demo: &Demo, id: FlowId) -> FlowRow {
    api::sync_board(&demo.app).unwrap().flows.into_iter().find(|it| it.id == id).unwrap()
}

async fn run(demo: &mut Demo, id: FlowId) {
    let job = api::run_flow(&demo.app, FlowRequest { flow: id }).unwrap();
    demo.ended(&job.job_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_says_how_each_flow_stands_and_what_is_approved_is_what_was_shown() {
    let mut demo = demo(120).await;
    let fresh = row(&demo, FlowId::Stock);
    assert_eq!((fresh.state.as_str(), fresh.lag.as_str(), fresh.policy), ("Not run yet", "never", FlowPolicy::Ask));
    run(&mut demo, FlowId::Stock).await;
    let planned = row(&demo, FlowId::Stock);
    assert_eq!(planned.state, format!("{} wait for you", planned.waiting));
    assert!(planned.waiting > 3 && planned.equal > 10 && demo.running.shop.writes().is_empty(), "{planned:?}");
    let shown = api::flow_writes(&demo.app, FlowWritesRequest { flow: FlowId::Stock, offset: 0, limit: 2 }).unwrap();
    assert_eq!((shown.total, shown.rows.len()), (planned.waiting, 2));
    let first = &shown.rows[0];
    assert!(first.because.starts_with(&format!("item {}: ", first.title)), "{first:?}");

    let wrong = ApproveFlowRequest { flow: FlowId::Stock, digest: "0".repeat(64) };
    let job = api::approve_flow(&demo.app, wrong).unwrap();
    let refused = demo.told_that(&job.job_id, |it| it.ended_at.is_some()).await;
    assert_eq!((refused.state, demo.running.shop.writes().len()), (JobState::Failed, 0));

    let right = ApproveFlowRequest { flow: FlowId::Stock, digest: planned.digest };
    let job = api::approve_flow(&demo.app, right).unwrap();
    let done = demo.ended(&job.job_id).await;
    assert!(done.summary.starts_with(&format!("{} done", planned.waiting)), "{}", done.summary);
    let after = row(&demo, FlowId::Stock);
    assert_eq!((after.waiting, after.done, after.runs_failed), (0, planned.waiting, 1), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_inspected_closed_and_replayed_alike() {
    let mut demo = demo(120).await;
    run(&mut demo, FlowId::Stock).await;
    run(&mut demo, FlowId::Products).await;
    let list = |demo: &Demo| {
        let all = LettersRequest { flow: None, offset: 0, limit: 200 };
        api::letters(&demo.app, all).unwrap().rows
    };
    let before = list(&demo);
    let zero = before.iter().find(|it| it.cause == "price-zero").unwrap();
    let detail = api::letter(&demo.app, LetterRequest { id: zero.id.clone() }).unwrap();
    assert_eq!((detail.is_write, detail.alike), (false, 1));
    assert!(detail.raw.contains(&zero.title) && detail.fix.contains("Correct the price"), "{detail:?}");
    let close = |reason: &str| CloseLetterRequest { id: zero.id.clone(), reason: reason.into() };
    assert!(api::close_letter(&demo.app, close(" ")).is_err());
    api::close_letter(&demo.app, close("sold out")).unwrap();
    assert_eq!(list(&demo).len(), before.len() - 1);

    // New goods are entered in Intacct: all alike heal.
    let unknown = before.iter().find(|it| it.cause == "unknown-sku").unwrap();
    let skus: Vec<String> = before.iter().filter(|it| it.cause == "unknown-sku").map(|it| it.title.clone()).collect();
    demo.running.intacct.with(|gateway| {
        for sku in &skus {
            let item = tieout_sandbox::intacct::Item { id: sku.clone(), name: sku.clone(), ..Default::default() };
            drop(gateway.company.add_item(tieout_sandbox::intacct::Item { base_price: Some(9.into()), ..item }));
        }
    });
    let job = api::replay_letters(&demo.app, ReplayLettersRequest { id: unknown.id.clone(), alike: true }).unwrap();
    let done = demo.ended(&job.job_id).await;
    assert!(done.summary.ends_with("0 still open"), "{}", done.summary);
    let edit = EditLetterRequest { id: unknown.id.clone(), text: Some("{}".into()) };
    assert!(api::edit_letter(&demo.app, edit).is_err(), "it holds no write");
    assert!(api::letter(&demo.app, LetterRequest { id: "seven".into() }).is_err());
}
