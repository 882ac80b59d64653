//! Restoring a backup: it is looked at in a copy first, whoever made it, and takes the place of the books only when a
//! person saw what would be lost. What it replaces is put aside, never deleted.

use crate::audit::{AuditHead, NewAuditRow};
use crate::folder::{self, BACKUPS, DATABASE};
use crate::schema::{self, KNOWN_FORMAT};
use crate::store::Store;
use crate::tx::Reader;
use crate::{StoreError, audit, heads};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// Rows named one by one; the count says how many there are.
const NAMED: u32 = 200;
/// Where a backup is looked at. Left over only where the program died meanwhile.
const SCRATCH: &str = "restore-check";

/// What a backup holds, and what restoring it would undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestorePreview {
    pub file: PathBuf,
    pub format: i64,
    pub rows: u64,
    pub head: String,
    pub records: u64,
    pub postings: u64,
    pub decisions: u64,
    /// When its newest audit row was written; `None`: it holds nothing.
    pub newest: Option<Timestamp>,
    /// Whether today's trail goes on where the backup's ends. `None`: today's books cannot be read.
    pub same_books: Option<bool>,
    /// Audit rows of today that the backup does not have; the newest of them are named.
    pub lost: u64,
    pub lost_rows: Vec<LostRow>,
    /// Of everything above: what the person saw goes back with the order to restore.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRow {
    pub seq: u64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub subject: String,
}

/// Looks at a backup. Nothing of the data folder changes; a Tieout may have it open meanwhile.
pub fn preview(data: &Path, file: &Path, now: Timestamp) -> Result<RestorePreview, StoreError> {
    let scratch = Scratch::of(data)?;
    checked(data, file, &scratch.0, now)
}

/// Puts the backup in the place of the books. The folder must be open in no Tieout; `seen` is the digest of the preview.
/// Gives where the replaced books lie.
pub fn restore(data: &Path, file: &Path, seen: &str, by: &str, now: Timestamp) -> Result<PathBuf, StoreError> {
    let data = folder::prepare(data)?;
    let lock = folder::lock(&data, now)?;
    let scratch = Scratch::of(&data)?;
    let preview = checked(&data, file, &scratch.0, now)?;
    if preview.digest != seen {
        return Err(StoreError::BadBackup {
            file: file.to_owned(),
            why: "it, or the books it would replace, changed since they were looked at".into(),
        });
    }
    let stamp = now.strftime("%Y%m%dT%H%M%S%.3fZ");
    let aside = folder::prepare(&data.join(BACKUPS).join(format!("replaced-{stamp}")))?;
    let head_now = head_of(&data.join(DATABASE));
    for name in [DATABASE.to_owned(), format!("{DATABASE}-wal"), format!("{DATABASE}-shm"), heads::HEADS.to_owned()] {
        let from = data.join(&name);
        if from.exists() {
            std::fs::rename(&from, aside.join(&name))
                .map_err(StoreError::io(format!("cannot put {} aside", from.display())))?;
        }
    }
    let copied = scratch.0.join(DATABASE);
    std::fs::rename(&copied, data.join(DATABASE))
        .map_err(StoreError::io(format!("cannot put {} in its place", copied.display())))?;
    drop(lock);
    let store = Store::open(&data, now)?;
    store.write(by, now, |tx| {
        tx.audit(NewAuditRow {
            action: "backup restored",
            subject: "books",
            before: &head_now.map(|it| it.to_string()).unwrap_or_default(),
            after: &format!("{}, {} rows, head {}", file.display(), preview.rows, preview.head),
            reason: &format!("{} later rows put aside in {}", preview.lost, aside.display()),
        })
    })?;
    Ok(aside)
}

struct Scratch(PathBuf);

impl Scratch {
    fn of(data: &Path) -> Result<Scratch, StoreError> {
        let path = data.join(SCRATCH);
        if path.exists() {
            std::fs::remove_dir_all(&path).map_err(StoreError::io(format!("cannot clear {}", path.display())))?;
        }
        Ok(Scratch(folder::prepare(&path)?))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // the next one clears it
    }
}

/// The copy is brought to this program's format and must then be, table by table and trigger by trigger, what this
/// program makes itself: a file from elsewhere brings no code with it.
fn checked(data: &Path, file: &Path, scratch: &Path, now: Timestamp) -> Result<RestorePreview, StoreError> {
    let bad = |why: String| StoreError::BadBackup { file: file.to_owned(), why };
    let kind = std::fs::metadata(file).map_err(StoreError::io(format!("cannot read {}", file.display())))?;
    if !kind.is_file() {
        return Err(bad("it is no file".into()));
    }
    let copy = scratch.join(DATABASE);
    drop(folder::private_file(&copy)?);
    std::fs::copy(file, &copy).map_err(StoreError::io(format!("cannot copy {}", file.display())))?;
    let mut conn =
        Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let look = |conn: &mut Connection| -> Result<(i64, RestorePreview), StoreError> {
        schema::configure(conn, 16_384)?;
        let format = schema::check_ours(conn, file, KNOWN_FORMAT)?;
        if format == 0 {
            return Err(bad("it holds nothing".into()));
        }
        schema::quick_check(conn)?;
        if let Err(broken) = audit::verify_chain(conn, [])? {
            return Err(bad(broken.to_string()));
        }
        schema::bring_up_to_date(conn, &copy, &schema::migrations(), KNOWN_FORMAT, now)?;
        if schema::shape(conn)? != schema::shape_of_ours()? {
            return Err(bad("it has tables, triggers or views that no Tieout makes".into()));
        }
        schema::integrity_check(conn)?;
        let contents = Reader { conn, ranks: None }.verify_contents()?;
        let (head, newest) = audit::end(conn)?;
        let today = compare(&data.join(DATABASE), head);
        let (same_books, lost, lost_rows) = today.unwrap_or((None, 0, Vec::new()));
        let preview = RestorePreview {
            file: file.to_owned(),
            format,
            rows: head.seq,
            head: head.hex(),
            records: contents.records,
            postings: contents.postings,
            decisions: contents.decisions,
            newest: newest.as_deref().map(crate::text::parse_instant).transpose()?,
            same_books,
            lost,
            lost_rows,
            digest: String::new(),
        };
        Ok((format, preview))
    };
    let (_, mut preview) = look(&mut conn).map_err(|error| match error {
        StoreError::Damaged { what } => bad(what),
        other => other,
    })?;
    // Into the file: the copy takes its place alone, without a log beside it.
    conn.pragma_update(None, "journal_mode", "DELETE")?;
    drop(conn);
    preview.digest = crate::text::hex(&crate::text::sha256(format!("{preview:?}").as_bytes()));
    Ok(preview)
}

fn head_of(database: &Path) -> Option<AuditHead> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    audit::end(&conn).ok().map(|it| it.0)
}

/// Same books, how many rows of today the backup lacks, and the newest of them.
type Today = (Option<bool>, u64, Vec<LostRow>);

fn compare(database: &Path, backup: AuditHead) -> Option<Today> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let today = audit::end(&conn).ok()?.0;
    let there: Option<Vec<u8>> =
        conn.query_row("SELECT hash FROM audit WHERE seq = ?1", [backup.seq as i64], |row| row.get(0)).ok();
    let same = backup.seq == 0 || there.as_deref() == Some(&backup.hash[..]);
    let mut rows = conn
        .prepare("SELECT seq, at, actor, action, subject FROM audit WHERE seq > ?1 ORDER BY seq DESC LIMIT ?2")
        .ok()?;
    let after = if same { backup.seq } else { 0 };
    let lost = rows.query_map(rusqlite::params![after as i64, NAMED], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    });
    let lost = lost.ok()?.filter_map(Result::ok).filter_map(|(seq, at, actor, action, subject)| {
        Some(LostRow { seq: seq as u64, at: crate::text::parse_instant(&at).ok()?, actor, action, subject })
    });
    Some((Some(same), today.seq.saturating_sub(after), lost.collect()))
}
