//! T2: no command changes what counts without a row of the trail in the same transaction. The tables themselves are the
//! judge, looked at from outside after every call.

use super::{CALLED, Came, call, shown};
use crate::rig::demo;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the window remembers, when what was read, and what a search goes by. None of it decides about money.
const OUTSIDE_THE_TRAIL: [&str; 6] = ["app_state", "sync_runs", "sync_cursors", "flow_runs", "cool_downs", "search"];

/// Every table with all it holds, and the trail's newest row, as one moment.
fn moment(conn: &Connection) -> (BTreeMap<String, Vec<String>>, i64) {
    conn.execute_batch("BEGIN").unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let names: Vec<String> =
        conn.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut tables = BTreeMap::new();
    for name in names.into_iter().filter(|it| it != "audit" && !OUTSIDE_THE_TRAIL.iter().any(|out| it.starts_with(out)))
    {
        let mut all = conn.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = all.column_count();
        let rows = all
            .query_map([], |row| {
                (0..columns).map(|at| Ok(format!("{:?}", row.get_ref(at)?))).collect::<Result<String, _>>()
            })
            .unwrap();
        tables.insert(name, rows.map(Result::unwrap).collect());
    }
    let head = conn.query_row("SELECT coalesce(max(seq), 0) FROM audit", [], |row| row.get(0)).unwrap();
    conn.execute_batch("COMMIT").unwrap();
    (tables, head)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_changes_anything_without_an_audit_row() {
    let demo = demo(20).await;
    let words = shown(&demo);
    let conn = Connection::open(demo.app.company.store.folder().join("tieout.sqlite3")).unwrap();
    let version = || conn.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let (mut before, mut seen) = (moment(&conn), version());
    let mut dice = super::Dice(7);
    let mut changed: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..super::CALLS {
        let name = CALLED[dice.below(CALLED.len())];
        let (app, at) = (Arc::clone(&demo.app), super::Dice(dice.roll()));
        let given = words.clone();
        let came = tokio::spawn(async move { call(name, &app, &mut { at }, &given).await }).await.unwrap();
        let now_seen = version();
        if now_seen == seen {
            continue;
        }
        seen = now_seen;
        let now = moment(&conn);
        if now.0 != before.0 {
            assert!(now.1 > before.1, "call {number}, {name}, changed something without a row: {came:?}");
            if came == Came::Answer {
                *changed.entry(name).or_default() += 1;
            }
        }
        before = now;
    }
    println!("changed something, each with its row: {changed:?}");
    assert!(changed.len() > 6, "they reach what is behind the door: {changed:?}");
}
