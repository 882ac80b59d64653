//! The frame and Today: every figure is there, and is the one of the screen it opens.

use crate::rig::{demo, money};
use tieout_api as api;
use tieout_api::views::*;
use tieout_money::Money;

#[tokio::test(flavor = "multi_thread")]
async fn today_says_what_the_screens_behind_it_say() {
    let demo = demo(300).await;
    let state = api::app_state(&demo.app).unwrap();
    assert_eq!(state.environment, EnvironmentView::Demo);
    assert!(state.periods.iter().any(|it| it.id == state.current_period), "{:?}", state.periods);
    assert!(state.freshness.iter().all(|it| it.state == FreshnessState::Fresh), "{:?}", state.freshness);
    assert!(state.online && !state.needs_connection);
    let period = PeriodRequest { period: "2026-01".into() };
    let today = api::today(&demo.app, period.clone()).unwrap();
    assert_eq!(today.empty_reason, None);
    assert_eq!(today.tiles.len(), 4);
    for proof in &today.proof {
        let parts = proof.lines.iter().map(|it| money(&it.amount));
        assert_eq!(Money::sum(proof.currency.parse().unwrap(), parts).unwrap(), money(&proof.ledger));
        let unexplained = proof.lines.iter().find(|it| it.label == "Unexplained").unwrap();
        assert_eq!(proof.ties, money(&unexplained.amount).is_zero());
    }
    let tied = api::tie_out(&demo.app, period.clone()).unwrap();
    for (row, of) in today.clearing.iter().zip(&tied.rows) {
        assert_eq!(row.unexplained, of.unexplained);
        assert_eq!(money(&row.proven).checked_add(money(&row.unexplained)).unwrap(), money(&row.ledger));
    }
    let summary = api::approvals_summary(&demo.app, period.clone()).unwrap();
    assert!(today.tiles[2].detail.starts_with(&summary.to_approve.to_string()));
    let cases = ExceptionCasesRequest { period: period.period, filters: vec![] };
    let cases = api::exception_cases(&demo.app, cases).unwrap();
    assert_eq!(today.ageing.iter().map(|it| it.count).sum::<u32>(), cases.by_record);
    assert!(today.changes_total > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_and_the_window_keeps_how_it_looks() {
    let demo = demo(200).await;
    let request = OpenRowsRequest {
        period: String::new(),
        side: Side::Store,
        filters: vec![FieldFilter { field: FilterField::Kind, op: FilterOp::Is, value: "Capture".into() }],
        sort: MatchSort::Date,
        descending: true,
        offset: 0,
        limit: 1,
    };
    let row = api::open_rows(&demo.app, request).unwrap().rows.into_iter().next().unwrap();
    let text = row.reference.trim_start_matches('#').to_owned();
    let hits = api::search(&demo.app, SearchRequest { text, limit: 20 }).unwrap();
    assert!(hits.iter().any(|it| it.id == row.id), "{} among {hits:?}", row.id);
    let kept = Preferences { zoom: 125, density: Density::Comfortable, ..api::preferences(&demo.app).unwrap() };
    api::save_preferences(&demo.app, kept.clone()).unwrap();
    assert_eq!(api::preferences(&demo.app).unwrap(), kept);
    assert!(api::save_preferences(&demo.app, Preferences { zoom: 900, ..kept }).is_err());
    assert!(api::undo(&demo.app).is_err(), "nothing was decided yet");
    assert!(api::history(&demo.app).unwrap().is_empty());
    assert!(api::jobs(&demo.app).unwrap().iter().any(|it| it.kind == JobKind::Demo));
}

/// B1: what a second window shows in place of every screen (`src-tauri/src/state.rs` keeps it and answers with it).
#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_says_who_has_the_folder_and_changes_nothing() {
    let demo = demo(100).await;
    let folder = demo.folder.path().join("data");
    let content = || std::fs::read(folder.join("tieout.sqlite3")).unwrap();
    let before = content();
    let notify = std::sync::Arc::new(|_| ());
    let problem = api::App::open(&folder, demo.app.company.clock.clone(), "mira", notify).err().expect("it is taken");
    let who = format!("process {}", std::process::id());
    assert!(problem.title.contains("another Tieout has the data folder"), "{}", problem.title);
    assert!(problem.title.contains(&who) && problem.remedy.contains("Use the Tieout that is open"), "{problem:?}");
    assert!(content() == before, "the folder was changed");
    assert!(api::app_state(&demo.app).is_ok(), "the first goes on");
}
