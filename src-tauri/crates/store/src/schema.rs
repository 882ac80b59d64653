//! The data format and how an older file is brought up to date: forward only, after a backup that was checked.

use crate::folder::{BACKUPS, private_file};
use crate::{StoreError, audit};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// "TieO" in the file header: says whose file it is.
const APPLICATION_ID: i32 = 0x5469_654F;

/// What every list can be sorted, filtered and searched by. Empty text and NULL mean "has none".
const LIST_COLUMNS: &str = "kind TEXT NOT NULL, state TEXT NOT NULL, on_day TEXT, amount INTEGER, \
    currency TEXT NOT NULL, number TEXT NOT NULL, reference TEXT NOT NULL, party TEXT NOT NULL, \
    email TEXT NOT NULL, account TEXT NOT NULL, customer TEXT NOT NULL";

/// The record tables of format 1. Frozen: a later table is a later migration.
const RECORD_TABLES: [&str; 10] = [
    "orders",
    "payments",
    "settlements",
    "invoices",
    "receipts",
    "sales_documents",
    "customers",
    "accounts",
    "items",
    "gl_lines",
];

static FORMAT_1: LazyLock<String> = LazyLock::new(|| {
    let mut text = include_str!("schema/0001.sql").to_owned();
    for table in RECORD_TABLES {
        text.push_str(&include_str!("schema/0001_record.sql").replace("@TABLE@", table));
    }
    text.replace("@LIST_COLUMNS@", LIST_COLUMNS)
});

/// What came with format 2.
static FORMAT_2: LazyLock<String> = LazyLock::new(|| {
    let mut text = include_str!("schema/0002.sql").to_owned();
    for table in ["profiles", "products"] {
        text.push_str(&include_str!("schema/0001_record.sql").replace("@TABLE@", table));
    }
    text.replace("@LIST_COLUMNS@", LIST_COLUMNS)
});

/// What came with format 3.
const FORMAT_3: &str = include_str!("schema/0003.sql");

/// What came with format 4.
const FORMAT_4: &str = include_str!("schema/0004.sql");
/// What came with format 5: the record that cannot be quietly changed.
const FORMAT_5: &str = include_str!("schema/0005.sql");

/// What came with format 6: flows.
const FORMAT_6: &str = include_str!("schema/0006.sql");

fn steps() -> Vec<M<'static>> {
    vec![M::up(&FORMAT_1), M::up(&FORMAT_2), M::up(FORMAT_3), M::up(FORMAT_4), M::up(FORMAT_5), M::up(FORMAT_6)]
}

pub(crate) fn migrations() -> Migrations<'static> {
    Migrations::new(steps())
}

/// The settings of `design/promises.md` B4, for every connection.
pub(crate) fn configure(conn: &Connection, cache_kib: i64) -> Result<(), StoreError> {
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    conn.pragma_update(None, "trusted_schema", "OFF")?;
    conn.pragma_update(None, "cell_size_check", "ON")?;
    conn.pragma_update(None, "secure_delete", "ON")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    conn.busy_timeout(std::time::Duration::from_millis(5000))?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Brings the file to `migrations`. `known` is how many there are.
pub(crate) fn bring_up_to_date(
    conn: &mut Connection,
    file: &Path,
    migrations: &Migrations<'_>,
    known: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found = check_ours(conn, file, known)?;
    if found > 0 && found < known {
        let folder = file.parent().unwrap_or(Path::new("."));
        backup(conn, folder, &format!("before-format-{known}"), now)?;
    }
    conn.pragma_update(None, "journal_mode", "WAL")?;
    if found < known {
        conn.pragma_update(None, "application_id", APPLICATION_ID)?; // first: a start that dies here is still ours
        migrations.to_latest(conn).map_err(StoreError::Migration)?;
    }
    Ok(())
}

/// The format number in the file, or why this program must not touch it.
pub(crate) fn check_ours(conn: &Connection, file: &Path, known: i64) -> Result<i64, StoreError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION_ID && !empty {
        return Err(StoreError::NotOurs { file: file.to_owned() });
    }
    if found > known {
        return Err(StoreError::Newer { file: file.to_owned(), found, known });
    }
    Ok(found)
}

/// A copy in the backups folder, opened again and checked before it is called a backup.
pub(crate) fn backup(conn: &Connection, folder: &Path, why: &str, now: Timestamp) -> Result<PathBuf, StoreError> {
    let backups = crate::folder::prepare(&folder.join(BACKUPS))?;
    let stamp = now.strftime("%Y%m%dT%H%M%S%.3fZ");
    let file = backups.join(format!("tieout-{stamp}-{why}.sqlite3"));
    drop(private_file(&file)?); // VACUUM INTO takes an empty file, and keeps its mode
    conn.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
    let bad = |why: String| StoreError::BadBackup { file: file.clone(), why };
    let copy = Connection::open_with_flags(&file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    quick_check(&copy).map_err(|error| bad(error.to_string()))?;
    for table in ["audit", "documents", "postings", "decisions", "flow_writes", "flow_letters"] {
        let count = |conn: &Connection| {
            let exists = conn
                .query_row("SELECT count(*) FROM sqlite_schema WHERE name = ?1", [table], |row| row.get::<_, i64>(0))?;
            match exists {
                0 => Ok(0),
                _ => {
                    conn.query_row(&crate::text::sql(&["SELECT count(*) FROM ", table]), [], |row| row.get::<_, i64>(0))
                }
            }
        };
        let (there, here) = (count(&copy)?, count(conn)?);
        if there != here {
            return Err(bad(format!("{table} has {there} rows instead of {here}")));
        }
    }
    if let Err(error) = audit::verify_chain(&copy, [])? {
        return Err(bad(error.to_string()));
    }
    Ok(file)
}

/// SQLite's own look at the structure of the file. Flipped content is found by `verify`, not here.
pub(crate) fn quick_check(conn: &Connection) -> Result<(), StoreError> {
    let answer: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" { Ok(()) } else { Err(StoreError::damaged(answer)) }
}

/// The structure and every index against its table; slower than `quick_check`.
pub(crate) fn integrity_check(conn: &Connection) -> Result<(), StoreError> {
    let answer: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if answer == "ok" { Ok(()) } else { Err(StoreError::damaged(answer)) }
}

pub(crate) const KNOWN_FORMAT: i64 = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;
    use tieout_domain::{Fetched, ObjectKind, PaymentEvent, RecordRef, SourceId};

    #[test]
    fn the_migrations_are_sound_and_counted() {
        migrations().validate().unwrap();
        let mut conn = Connection::open_in_memory().unwrap();
        migrations().to_latest(&mut conn).unwrap();
        let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, KNOWN_FORMAT);
    }

    #[test]
    fn an_older_file_is_backed_up_before_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tieout.sqlite3");
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut conn = Connection::open(&file).unwrap();
        bring_up_to_date(&mut conn, &file, &migrations(), KNOWN_FORMAT, now).unwrap();
        assert!(!folder.path().join(BACKUPS).exists(), "a new file needs no backup");

        let later = M::up("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;");
        let next = Migrations::new(steps().into_iter().chain([later]).collect());
        bring_up_to_date(&mut conn, &file, &next, KNOWN_FORMAT + 1, now).unwrap();
        let backups: Vec<_> = std::fs::read_dir(folder.path().join(BACKUPS)).unwrap().collect();
        assert_eq!(backups.len(), 1);
        let copy = Connection::open(backups[0].as_ref().unwrap().path()).unwrap();
        let version: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, KNOWN_FORMAT, "the backup is the file as it was");

        let error = bring_up_to_date(&mut conn, &file, &migrations(), KNOWN_FORMAT, now).unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { found, known: KNOWN_FORMAT, .. } if found == KNOWN_FORMAT + 1),
            "{error}"
        );
    }

    #[test]
    fn a_folder_of_format_1_comes_up_with_all_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tieout.sqlite3");
        let now = Timestamp::from_second(1_768_000_000).unwrap();
        {
            let mut conn = Connection::open(&file).unwrap();
            bring_up_to_date(&mut conn, &file, &Migrations::new(vec![M::up(&FORMAT_1)]), 1, now).unwrap();
            conn.execute_batch(include_str!("../tests/format_1_rows.sql")).unwrap();
        }
        let store = Store::open(folder.path(), now).unwrap();
        let report = store.read(|reader| reader.verify_contents()).unwrap();
        assert_eq!((report.records, report.document_versions, report.postings, report.keys), (5, 6, 1, 1));
        store.verify_audit(None).unwrap().unwrap();
        let record = RecordRef::new(SourceId::xcart("larkspur"), ObjectKind::Payment, "3:1");
        let history = |store: &Store| store.read(|reader| reader.history(&record)).unwrap();
        let versions = history(&store);
        assert_eq!(versions.iter().map(|it| it.version).collect::<Vec<_>>(), [2, 1]);
        assert!(versions[1].raw.starts_with(r#"{"id":3,"value":-389,"data":"xxx"#), "{}", versions[1].raw);

        let mut payment = store.read(|reader| reader.get::<PaymentEvent>(&record)).unwrap().unwrap().value;
        payment.note = "read by format 2".into();
        store.upsert("pull", now, &[Fetched { value: payment, raw: "{}".into() }]).unwrap();
        assert_eq!(store.read(|reader| reader.count(ObjectKind::Product)).unwrap(), 0, "tables that format 1 had not");
        assert_eq!(history(&store).len(), 3, "the versions of both formats are one row of them");
        store.read(|reader| reader.verify_contents()).unwrap();

        let backups: Vec<_> = std::fs::read_dir(folder.path().join(BACKUPS)).unwrap().map(Result::unwrap).collect();
        assert_eq!(backups.len(), 1);
        let copy = Connection::open(backups[0].path()).unwrap();
        let version: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, 1, "the backup is the file as it was");
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tieout.sqlite3");
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut conn = Connection::open(&file).unwrap();
        bring_up_to_date(&mut conn, &file, &migrations(), KNOWN_FORMAT, now).unwrap();
        let failing = M::up("CREATE TABLE later (id INTEGER); SELECT no_such();");
        let broken = Migrations::new(steps().into_iter().chain([failing]).collect());
        assert!(bring_up_to_date(&mut conn, &file, &broken, KNOWN_FORMAT + 1, now).is_err());
        assert_eq!(check_ours(&conn, &file, KNOWN_FORMAT).unwrap(), KNOWN_FORMAT);
        let later: i64 =
            conn.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'later'", [], |row| row.get(0)).unwrap();
        assert_eq!(later, 0);
    }
}
