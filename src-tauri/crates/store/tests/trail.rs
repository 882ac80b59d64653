//! The audit trail against somebody with a database tool: whatever is done to it, the first row that is not as it was
//! written is named.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]
use jiff::Timestamp;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tieout_store::{AuditFilter, AuditHead, Broken, Store};

const FREE: &str = "DROP TRIGGER audit_is_kept_u; DROP TRIGGER audit_is_kept_d;";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

/// Five rows, each a change of its own.
fn five_rows() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("data"), at(0)).unwrap();
    for version in 1..=5 {
        store.write("ann", at(version), |tx| tx.save_settings(&format!("text {version}"), "why")).unwrap();
    }
    (folder, store)
}

fn raw(store: &Store) -> Connection {
    Connection::open(store.folder().join("tieout.sqlite3")).unwrap()
}

fn broken(store: &Store) -> Broken {
    store.verify_audit(None).unwrap().expect_err("the trail was believed")
}

/// The digest as docs/record.md describes it, written a second time.
fn digest(previous: &[u8], seq: i64, texts: &[String], content: Option<&[u8]>) -> Vec<u8> {
    let mut hash = Sha256::new();
    if texts.len() > 8 {
        hash.update([4]);
    }
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    match content {
        Some(content) => {
            hash.update([1]);
            hash.update(content);
        }
        None => hash.update([0]),
    }
    hash.finalize().to_vec()
}

/// Every digest from the first row on made anew, as a careful forger would.
fn reseal(conn: &Connection) {
    let mut rows = conn
        .prepare("SELECT seq, content, at, actor, action, subject, before, after, reason, app, zone, rule FROM audit ORDER BY seq")
        .unwrap();
    let rows: Vec<(i64, Option<Vec<u8>>, Vec<String>)> = rows
        .query_map([], |row| {
            let texts = (2..12).map(|at| row.get(at)).collect::<Result<_, _>>()?;
            Ok((row.get(0)?, row.get(1)?, texts))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut previous = vec![0; 32];
    for (seq, content, texts) in rows {
        let hash = digest(&previous, seq, &texts, content.as_deref());
        conn.execute("UPDATE audit SET prev = ?2, hash = ?3 WHERE seq = ?1", (seq, &previous, &hash)).unwrap();
        previous = hash;
    }
}

#[test]
fn every_tampering_names_the_first_bad_row() {
    let copy = "at, actor, action, subject, before, after, reason, app, content, zone, rule";
    for (what, sql, row) in [
        ("an edit", "UPDATE audit SET actor = 'eve' WHERE seq = 3".to_owned(), 3),
        ("another zone", "UPDATE audit SET zone = 'Asia/Tokyo' WHERE seq = 2".to_owned(), 2),
        ("another rule", "UPDATE audit SET rule = 'settings/1' WHERE seq = 4".to_owned(), 4),
        ("no zone at all", "UPDATE audit SET zone = NULL, rule = NULL WHERE seq = 2".to_owned(), 2),
        ("another program", "UPDATE audit SET app = '9.9.9' WHERE seq = 5".to_owned(), 5),
        ("another time", "UPDATE audit SET at = '2025-01-01T00:00:00.000000Z' WHERE seq = 1".to_owned(), 1),
        ("a digest's bit", "UPDATE audit SET hash = zeroblob(32) WHERE seq = 4".to_owned(), 4),
        ("a delete", "DELETE FROM audit WHERE seq = 3".to_owned(), 3),
        (
            "a swapped pair",
            "UPDATE audit SET seq = 1000 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 1000".to_owned(),
            2,
        ),
        ("a cut tail", "DELETE FROM audit WHERE seq > 3".to_owned(), 4),
        ("all of it gone", "DELETE FROM audit".to_owned(), 1),
        (
            "a row put at the end",
            format!("INSERT INTO audit (seq, {copy}, prev, hash) SELECT 6, {copy}, hash, hash FROM audit WHERE seq = 5"),
            6,
        ),
        (
            "a row put in between",
            format!(
                "UPDATE audit SET seq = seq + 100 WHERE seq > 2; UPDATE audit SET seq = seq - 99 WHERE seq > 100;
                 INSERT INTO audit (seq, {copy}, prev, hash) SELECT 3, {copy}, hash, hash FROM audit WHERE seq = 2"
            ),
            3,
        ),
    ] {
        let (_folder, store) = five_rows();
        assert_eq!(store.verify_audit(None).unwrap().unwrap().rows, 5);
        raw(&store).execute_batch(&format!("{FREE}{sql}")).unwrap();
        assert_eq!(broken(&store).seq, row, "{what}: {}", broken(&store));
    }
}

#[test]
fn a_trail_rewritten_from_the_start_is_found_by_the_head_file() {
    for (what, sql, row) in [
        ("one name", "UPDATE audit SET actor = 'eve' WHERE seq = 3", 3),
        ("every row", "UPDATE audit SET actor = 'eve'", 1),
        ("the newest", "UPDATE audit SET reason = 'as agreed' WHERE seq = 5", 5),
        (
            "a tail cut, its number too",
            "DELETE FROM audit WHERE seq > 4; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'",
            5,
        ),
    ] {
        let (_folder, store) = five_rows();
        let conn = raw(&store);
        conn.execute_batch(&format!("{FREE}{sql}")).unwrap();
        reseal(&conn);
        assert_eq!(broken(&store).seq, row, "{what}");
    }
}

#[test]
fn a_rewrite_of_the_head_file_too_is_found_by_a_head_from_elsewhere() {
    let (_folder, store) = five_rows();
    let kept = store.read(|reader| reader.audit_head()).unwrap();
    assert_eq!(AuditHead::parse(&kept.to_string()), Some(kept));
    let conn = raw(&store);
    conn.execute_batch(&format!("{FREE}UPDATE audit SET actor = 'eve' WHERE seq = 3")).unwrap();
    reseal(&conn);
    let mut heads = String::new();
    let mut rows = conn.prepare("SELECT seq, lower(hex(hash)) FROM audit ORDER BY seq").unwrap();
    let mut rows = rows.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        heads.push_str(&format!("{}:{}\n", row.get::<_, i64>(0).unwrap(), row.get::<_, String>(1).unwrap()));
    }
    std::fs::write(store.folder().join("tieout.heads"), heads).unwrap();
    assert!(store.verify_audit(None).unwrap().is_ok(), "from inside this folder it looks whole; SECURITY.md says so");
    let found = store.verify_audit(Some(&kept)).unwrap().unwrap_err();
    assert_eq!((found.seq, found.why.as_str()), (5, "it is not the row that was noted outside the database"));
}

#[test]
fn a_missing_head_file_is_told_now_and_in_the_trail() {
    let (folder, store) = five_rows();
    std::fs::remove_file(store.folder().join("tieout.heads")).unwrap();
    assert!(broken(&store).why.contains("tieout.heads is missing"));
    drop(store);
    let store = Store::open(&folder.path().join("data"), at(10)).unwrap();
    let newest = store.read(|reader| reader.audit_page(&AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(newest[0].action, "head file missing");
}

#[test]
fn a_torn_line_of_the_head_file_harms_nothing() {
    let (folder, store) = five_rows();
    let path = store.folder().join("tieout.heads");
    let text = std::fs::read_to_string(&path).unwrap();
    for cut in 0..text.len() {
        std::fs::write(&path, &text[..cut]).unwrap();
        assert!(store.verify_audit(None).unwrap().is_ok(), "cut at {cut}");
    }
    std::fs::write(&path, &text[..text.len() - 20]).unwrap();
    drop(store);
    let store = Store::open(&folder.path().join("data"), at(10)).unwrap();
    store.write("ann", at(11), |tx| tx.save_settings("text 6", "")).unwrap();
    assert_eq!(store.verify_audit(None).unwrap().unwrap().rows, 6);
    raw(&store).execute_batch(&format!("{FREE}UPDATE audit SET actor = 'eve' WHERE seq = 6")).unwrap();
    reseal(&raw(&store));
    assert_eq!(broken(&store).seq, 6, "the row after the torn line is noted");
}

#[test]
fn a_row_holds_who_when_where_before_after_why_rule_and_program() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("data"), at(0)).unwrap();
    store.in_zone(|| "America/Chicago".into());
    store.write("ann", at(1), |tx| tx.save_settings("first", "the first")).unwrap();
    store.write("bea", at(2), |tx| tx.save_settings("second", "a new limit")).unwrap();
    let rows = store.read(|reader| reader.audit_of("settings/2")).unwrap();
    let row = &rows[0];
    assert_eq!((row.actor.as_str(), row.at), ("bea", at(2)));
    assert_eq!((row.zone.as_str(), row.rule.as_str()), ("America/Chicago", "settings/2"));
    assert_eq!((row.before.as_str(), row.after.as_str(), row.reason.as_str()), ("first", "second", "a new limit"));
    assert_eq!(row.app_version, env!("CARGO_PKG_VERSION"));
}

/// Promise D8: the order is that of the numbers; what the clock cannot have done is said.
#[test]
fn a_clock_that_jumps_is_noted_and_the_order_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("data"), at(0)).unwrap();
    let years = 365 * 86_400;
    let dates = [0, 86_400, -86_400, 100, 74 * years, 74 * years + 1, 200, 12 * years + 3_600];
    for (version, second) in dates.into_iter().enumerate() {
        store.write("ann", at(second), |tx| tx.save_settings(&format!("text {version}"), "")).unwrap();
    }
    let report = store.verify_audit(None).unwrap().unwrap();
    let mut rows = store.read(|reader| reader.audit_page(&AuditFilter::default(), None, 100)).unwrap();
    rows.reverse();
    let said: Vec<&str> = rows.iter().map(|it| it.action.as_str()).collect();
    let (saved, back, ahead) = ("settings saved", "clock moved back", "clock moved ahead");
    assert_eq!(said, [saved, saved, back, saved, saved, ahead, saved, saved, back, saved, ahead, saved]);
    assert_eq!(report.rows, 12);
    assert_eq!(store.read(|reader| reader.settings()).unwrap().unwrap().text, "text 7", "the newest by number");
}
