//! Opening the data folder, reading from it, and the one way to change it.

use crate::audit::{self, AuditHead, AuditReport, Broken, NewAuditRow};
use crate::folder::{self, DATABASE};
use crate::heads;
use crate::lists::List;
use crate::ranks::Ranks;
use crate::schema::{self, KNOWN_FORMAT};
use crate::text;
use crate::tx::{Reader, Tx};
use crate::{CachedRecord, StoreError, UpsertReport};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tieout_domain::Fetched;

/// Rows per transaction of a bulk upsert.
const BATCH_ROWS: usize = 1_000;
/// What the head file began with.
const HEADS_BEGAN: &str = "heads-began";
/// Read connections kept for the next reader; more are opened when needed and closed after use.
const READERS_KEPT: usize = 4;
const WRITER_CACHE_KIB: i64 = 16_384;
const READER_CACHE_KIB: i64 = 4_096;

/// The open data folder. Cheap to clone; every clone is the same store. All calls block.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// Before the writer: the last to close takes the write-ahead log into the file, and a reader cannot.
    readers: Mutex<Vec<Connection>>,
    /// `None` when opened for reading only.
    writer: Option<Mutex<Connection>>,
    ranks: Ranks,
    /// Says the time zone this computer is in now, for the trail.
    zone: OnceLock<fn() -> String>,
    /// Rows the head file could not take when they were written; the next change brings them.
    heads_behind: Mutex<Vec<AuditHead>>,
    /// Ours while it lives.
    _lock: Option<File>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens or makes the data folder and takes it for this process. An older file is backed up, then brought up to date.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Store, StoreError> {
        let folder = folder::prepare(folder)?;
        let lock = folder::lock(&folder, now)?;
        let file = folder.join(DATABASE);
        drop(folder::private_file(&file)?);
        let mut writer =
            Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        schema::configure(&writer, WRITER_CACHE_KIB)
            .and_then(|()| schema::bring_up_to_date(&mut writer, &file, &schema::migrations(), KNOWN_FORMAT, now))
            .map_err(|error| error.in_file(&file))?;
        let store = Store(Arc::new(Inner {
            folder,
            writer: Some(Mutex::new(writer)),
            readers: Mutex::default(),
            ranks: Ranks::default(),
            zone: OnceLock::new(),
            heads_behind: Mutex::default(),
            _lock: Some(lock),
        }));
        store.begin_heads(now).map_err(|error| error.in_file(&file))?;
        Ok(store)
    }

    /// From now on the trail's rows name the zone this gives.
    pub fn in_zone(&self, zone: fn() -> String) {
        let _ = self.0.zone.set(zone); // the first to say it is the one who opened the folder
    }

    /// The head file follows the trail from its first row on; a folder of an older format begins with the row it has
    /// come to. Where the file was there and is gone, the trail says so.
    fn begin_heads(&self, now: Timestamp) -> Result<(), StoreError> {
        let folder = self.folder();
        let (head, began) =
            self.read(|reader| Ok::<_, StoreError>((reader.audit_head()?, reader.recall(HEADS_BEGAN)?)))?;
        if heads::path(folder).exists() {
            return Ok(());
        }
        heads::append(folder, &[head])?;
        if began.is_none() {
            return self.remember(HEADS_BEGAN, &head.to_string());
        }
        self.write("tieout", now, |tx| {
            tx.audit(NewAuditRow { action: "head file missing", subject: "audit", ..Default::default() }).map(drop)
        })
    }

    /// For lists and exports beside a Tieout that is running. Never writes, takes no lock.
    pub fn open_read_only(folder: &Path) -> Result<Store, StoreError> {
        let file = folder.join(DATABASE);
        if !file.exists() {
            return Err(StoreError::NotFound { what: format!("a Tieout database in {}", folder.display()) });
        }
        let store = Store(Arc::new(Inner {
            folder: folder.to_owned(),
            writer: None,
            readers: Mutex::default(),
            ranks: Ranks::default(),
            zone: OnceLock::new(),
            heads_behind: Mutex::default(),
            _lock: None,
        }));
        let found = schema::check_ours(&store.reader()?, &file, KNOWN_FORMAT)?;
        if found < KNOWN_FORMAT {
            return Err(StoreError::NotFound {
                what: "the current data format (open the folder with Tieout once)".into(),
            });
        }
        Ok(store)
    }

    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Everything read inside sees one state of the data, whatever is written meanwhile.
    pub fn read<R, E: From<StoreError>>(&self, read: impl FnOnce(&Reader<'_>) -> Result<R, E>) -> Result<R, E> {
        let pooled = self.0.lock_readers().pop();
        let conn = match pooled {
            Some(conn) => conn,
            None => self.reader()?,
        };
        let versions = self.0.ranks.versions(); // before the snapshot: a rank may be newer than it says, never older
        let result = {
            let snapshot = conn.unchecked_transaction().map_err(StoreError::from)?;
            let ranks = self.0.writer.is_some().then_some((&self.0.ranks, versions));
            read(&Reader { conn: &snapshot, ranks })
        };
        let mut readers = self.0.lock_readers();
        if readers.len() < READERS_KEPT {
            readers.push(conn);
        }
        result
    }

    /// One transaction: all of it happens, with its audit rows, or none of it.
    pub fn write<R, E: From<StoreError>>(
        &self,
        actor: &str,
        at: Timestamp,
        change: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut writer = self.writer()?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let zone = self.0.zone.get().map_or_else(|| "UTC".to_owned(), |zone| zone());
        let (result, (touched, written)) = {
            let tx = Tx::new(&transaction, actor, at, &zone)?;
            (change(&tx)?, tx.finish()?)
        };
        transaction.commit().map_err(StoreError::from)?;
        self.note_heads(written);
        self.0.ranks.changed(&touched);
        Ok(result)
    }

    /// The change is durable already: a head file that cannot be written now (a full disk) is written by a later change.
    fn note_heads(&self, written: Vec<AuditHead>) {
        let mut behind = self.0.heads_behind.lock().unwrap_or_else(PoisonError::into_inner);
        behind.extend(written);
        if !behind.is_empty() && heads::append(&self.0.folder, &behind).is_ok() {
            behind.clear();
        }
    }

    /// Bulk upsert in transactions of 1,000 rows, each with its own audit row where anything changed.
    pub fn upsert<T: CachedRecord>(
        &self,
        actor: &str,
        at: Timestamp,
        records: &[Fetched<T>],
    ) -> Result<UpsertReport, StoreError> {
        let mut report = UpsertReport::default();
        for batch in records.chunks(BATCH_ROWS) {
            report.add(self.write(actor, at, |tx| tx.upsert(batch))?);
        }
        Ok(report)
    }

    /// Walks the whole audit chain and holds it against the head file and against `kept`, heads from elsewhere (the
    /// keychain, an export): with them a cut tail and a chain rewritten from the start are found too, by the first row
    /// that is other than it was.
    pub fn verify_audit<'h>(
        &self,
        kept: impl IntoIterator<Item = &'h AuditHead>,
    ) -> Result<Result<AuditReport, Broken>, StoreError> {
        // Before the snapshot: what is written meanwhile is in neither.
        let Some(mut all) = heads::read(&self.0.folder)? else {
            return Ok(Err(Broken { seq: 0, why: format!("{} is missing from the data folder", heads::HEADS) }));
        };
        all.extend(kept);
        all.sort_unstable();
        self.read(|reader| audit::verify_chain(reader.conn, all))
    }

    /// The first row the head file speaks of; rows before it rest on the chain alone.
    pub fn noted_from(&self) -> Result<u64, StoreError> {
        let heads = heads::read(&self.0.folder)?.unwrap_or_default();
        Ok(heads.first().map_or(0, |it| it.seq))
    }

    /// SQLite's own check of the file's structure; `verify_contents` finds what this cannot.
    pub fn quick_check(&self) -> Result<(), StoreError> {
        self.read(|reader| schema::quick_check(reader.conn))
    }

    /// And every index against its table: what lists and searches go by.
    pub fn integrity_check(&self) -> Result<(), StoreError> {
        self.read(|reader| schema::integrity_check(reader.conn))
    }

    /// A verified copy in the backups folder, because a person asked for it.
    pub fn backup(&self, now: Timestamp) -> Result<PathBuf, StoreError> {
        self.backup_named("manual", now)
    }

    /// Tells that a list may be other than it was, to whoever keeps rows of it on screen.
    pub fn list_version(&self, list: List) -> u64 {
        self.0.ranks.versions().of(list)
    }

    /// Lets go of the pages that long readings left in memory; the next reading takes a few milliseconds more.
    pub fn rest(&self) {
        self.0.lock_readers().clear();
        // In the middle of a change it is not at rest.
        if let Some(Ok(writer)) = self.0.writer.as_ref().map(Mutex::try_lock) {
            // A page that is not given back is only memory.
            let _ = writer.execute_batch("PRAGMA shrink_memory");
        }
    }

    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        let writer = self.0.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        // A panic inside a change has rolled its transaction back; the connection is sound.
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let conn = Connection::open_with_flags(
            self.0.folder.join(DATABASE),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        schema::configure(&conn, READER_CACHE_KIB)?;
        Ok(conn)
    }
}

impl Inner {
    fn lock_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Housekeeping outside the audit trail: what the window remembers, cool-downs. Nothing here decides about money.
impl Store {
    pub fn remember(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.writer()?.prepare_cached(
            "INSERT INTO app_state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute([key, value])?;
        Ok(())
    }

    /// No request goes to `host` before `until`. Survives restarts; an earlier end never shortens a later one.
    pub fn set_cool_down(&self, host: &str, until: Timestamp) -> Result<(), StoreError> {
        self.writer()?.execute(
            "INSERT INTO cool_downs (host, until) VALUES (?1, ?2)
             ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)",
            [host, &text::instant(until)],
        )?;
        Ok(())
    }
}
