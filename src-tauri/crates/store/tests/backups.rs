//! Backups that restore, and files that call themselves backups.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]
use jiff::Timestamp;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use tieout_store::{AuditFilter, Store, StoreError, backups, preview, restore};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn texts(store: &Store, from: u32, to: u32) {
    for version in from..=to {
        store.write("ann", at(i64::from(version)), |tx| tx.save_settings(&format!("text {version}"), "")).unwrap();
    }
}

/// Books of three rows, their backup, and two rows more.
fn books() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), at(0)).unwrap();
    texts(&store, 1, 3);
    let backup = store.backup(at(10)).unwrap();
    texts(&store, 4, 5);
    (folder, backup)
}

#[test]
fn a_restore_shows_what_is_lost_puts_it_aside_and_says_so_in_the_trail() {
    let (folder, backup) = books();
    let seen = preview(folder.path(), &backup, at(20)).unwrap();
    assert_eq!((seen.rows, seen.lost, seen.same_books), (3, 2, Some(true)));
    assert_eq!(seen.lost_rows.iter().map(|it| it.subject.as_str()).collect::<Vec<_>>(), ["settings/5", "settings/4"]);

    let aside = restore(folder.path(), &backup, &seen.digest, "bea", at(30)).unwrap();
    let store = Store::open(folder.path(), at(40)).unwrap();
    assert_eq!(store.read(|reader| reader.settings()).unwrap().unwrap().text, "text 3");
    store.verify_audit(None).unwrap().unwrap();
    store.read(|reader| reader.verify_contents()).unwrap();
    let rows = store.read(|reader| reader.audit_page(&AuditFilter::default(), None, 10)).unwrap();
    let told = rows.iter().find(|it| it.action == "backup restored").unwrap();
    assert_eq!(told.actor, "bea");
    assert!(told.before.starts_with("5:") && told.reason.starts_with("2 later rows"), "{told:?}");
    drop(store);

    // What was replaced is whole, and can be put back the same way.
    let replaced = aside.join("tieout.sqlite3");
    let back = preview(folder.path(), &replaced, at(50)).unwrap();
    assert_eq!((back.rows, back.same_books), (5, Some(false)));
    restore(folder.path(), &replaced, &back.digest, "bea", at(60)).unwrap();
    let store = Store::open(folder.path(), at(70)).unwrap();
    assert_eq!(store.read(|reader| reader.settings()).unwrap().unwrap().text, "text 5");
}

#[test]
fn what_was_not_seen_is_not_restored_and_open_books_are_left_alone() {
    let (folder, backup) = books();
    let seen = preview(folder.path(), &backup, at(20)).unwrap();
    {
        let store = Store::open(folder.path(), at(21)).unwrap();
        let locked = restore(folder.path(), &backup, &seen.digest, "bea", at(22)).unwrap_err();
        assert!(matches!(locked, StoreError::Locked { .. }), "{locked}");
        texts(&store, 6, 6);
    }
    let changed = restore(folder.path(), &backup, &seen.digest, "bea", at(23)).unwrap_err();
    assert!(changed.to_string().contains("changed since"), "{changed}");
    let store = Store::open(folder.path(), at(24)).unwrap();
    assert_eq!(store.read(|reader| reader.settings()).unwrap().unwrap().text, "text 6");
}

/// Promises D5 and Z1: nothing of a file is believed, and nothing of it is written anywhere but where it was looked at.
#[test]
fn a_hostile_backup_is_refused_before_anything_changes() {
    let (folder, backup) = books();
    let before = listing(folder.path());
    let outside = tempfile::tempdir().unwrap();
    let spoilt = |name: &str, spoil: &dyn Fn(&Path)| {
        let file = outside.path().join(name);
        std::fs::copy(&backup, &file).unwrap();
        spoil(&file);
        file
    };
    let sql = |sql: &'static str| move |file: &Path| Connection::open(file).unwrap().execute_batch(sql).unwrap();
    let bytes = |change: fn(&mut Vec<u8>)| {
        move |file: &Path| {
            let mut bytes = std::fs::read(file).unwrap();
            change(&mut bytes);
            std::fs::write(file, bytes).unwrap();
        }
    };
    let folder_named = outside.path().join("a folder");
    std::fs::create_dir(&folder_named).unwrap();
    let free = "DROP TRIGGER audit_is_kept_u; DROP TRIGGER audit_is_kept_d; DROP TRIGGER settings_are_kept_u;";
    for (what, file) in [
        ("nothing", outside.path().join("not there")),
        ("a folder", folder_named),
        ("empty", spoilt("empty", &bytes(Vec::clear))),
        ("text", spoilt("text", &bytes(|it| *it = b"../../../etc/passwd\n".repeat(500)))),
        ("cut in half", spoilt("half", &bytes(|it| it.truncate(it.len() / 2)))),
        ("a page of zeros", spoilt("zeros", &bytes(|it| it[4096..8192].fill(0)))),
        ("another program's", spoilt("other", &sql("PRAGMA application_id = 7"))),
        ("of the future", spoilt("newer", &sql("PRAGMA user_version = 900"))),
        (
            "a trigger that approves",
            spoilt("trigger", &sql("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END")),
        ),
        ("a view", spoilt("view", &sql("CREATE VIEW v AS SELECT * FROM audit"))),
        ("a table", spoilt("table", &sql("CREATE TABLE more (a)"))),
        ("without a trigger", spoilt("free", &sql("DROP TRIGGER audit_is_kept_d"))),
        (
            "an edited row",
            spoilt("row", &|file| {
                Connection::open(file)
                    .unwrap()
                    .execute_batch(&format!("{free} UPDATE audit SET actor = 'eve' WHERE seq = 2"))
                    .unwrap();
            }),
        ),
        (
            "an edited text",
            spoilt("content", &|file| {
                Connection::open(file)
                    .unwrap()
                    .execute_batch(&format!("{free} UPDATE settings SET text = 'mine'"))
                    .unwrap();
            }),
        ),
    ] {
        let refused = preview(folder.path(), &file, at(20)).expect_err(what);
        assert!(!refused.to_string().is_empty() && !refused.remedy().is_empty(), "{what}");
        assert!(restore(folder.path(), &file, "", "eve", at(21)).is_err(), "{what}");
        assert_eq!(listing(folder.path()), before, "{what}");
    }
    Store::open(folder.path(), at(30)).unwrap().verify_audit(None).unwrap().unwrap();
}

fn listing(folder: &Path) -> Vec<(String, u64)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                // Locks and logs come and go with every look.
                false if path.to_string_lossy().ends_with(".lock") || path.to_string_lossy().contains("-shm") => {}
                false if path.to_string_lossy().contains("-wal") => {}
                false => all.push((path.display().to_string(), path.metadata().unwrap().len())),
            }
        }
    }
    all.sort();
    all
}

/// D5: the books are damaged beyond reading; yesterday's backup brings them back.
#[test]
fn damaged_books_are_restored_from_a_backup() {
    let (folder, backup) = books();
    let database = folder.path().join("tieout.sqlite3");
    let mut bytes = std::fs::read(&database).unwrap();
    let half = bytes.len() / 2;
    bytes[100..half].fill(0xAA);
    std::fs::write(&database, bytes).unwrap();
    let _ = std::fs::remove_file(folder.path().join("tieout.sqlite3-wal"));
    let broken = Store::open(folder.path(), at(20)).and_then(|store| store.quick_check()).unwrap_err();
    assert!(matches!(broken, StoreError::Damaged { .. }), "{broken}");
    assert!(broken.remedy().contains("restore"), "{}", broken.remedy());

    let seen = preview(folder.path(), &backup, at(21)).unwrap();
    restore(folder.path(), &backup, &seen.digest, "bea", at(22)).unwrap();
    let store = Store::open(folder.path(), at(23)).unwrap();
    assert_eq!(store.read(|reader| reader.settings()).unwrap().unwrap().text, "text 3");
    assert_eq!(backups(folder.path()).unwrap().len(), 1);
}
