//! How far each source was read, and what each pull came to.

use crate::text::{from_json, instant, parse_instant, sql, to_json};
use crate::tx::{Reader, Tx};
use crate::{Store, StoreError};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use tieout_domain::{ObjectKind, SourceId};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCounts {
    pub requests: u32,
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
    pub refused: u32,
    pub deleted: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRun {
    pub id: i64,
    pub source: SourceId,
    pub started: Timestamp,
    /// `None` while it runs, or when it was killed.
    pub ended: Option<Timestamp>,
    pub counts: SyncCounts,
    pub problem: Option<String>,
}

impl Tx<'_> {
    /// In the same transaction as the records it speaks of, so that a kill loses neither. `cursor` is the client's own text.
    pub fn set_cursor(&self, source: &SourceId, object: ObjectKind, cursor: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO sync_cursors (source, object, cursor, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (source, object) DO UPDATE SET cursor = excluded.cursor, at = excluded.at",
            params![source.0, object.as_str(), cursor, self.now],
        )?;
        Ok(())
    }
}

impl Store {
    pub fn start_sync_run(&self, source: &SourceId, started: Timestamp) -> Result<i64, StoreError> {
        let writer = self.writer()?;
        writer.execute(
            "INSERT INTO sync_runs (source, started, counts) VALUES (?1, ?2, ?3)",
            params![source.0, instant(started), to_json(&SyncCounts::default())],
        )?;
        Ok(writer.last_insert_rowid())
    }

    pub fn end_sync_run(
        &self,
        id: i64,
        ended: Timestamp,
        counts: &SyncCounts,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        self.writer()?.execute(
            "UPDATE sync_runs SET ended = ?2, counts = ?3, problem = ?4 WHERE id = ?1",
            params![id, instant(ended), to_json(counts), problem],
        )?;
        Ok(())
    }
}

const RUNS: &str = "SELECT id, source, started, ended, counts, problem FROM sync_runs ";

impl Reader<'_> {
    /// The cursor and when it was set.
    pub fn cursor(&self, source: &SourceId, object: ObjectKind) -> Result<Option<(String, Timestamp)>, StoreError> {
        let found = self.one(
            "SELECT cursor, at FROM sync_cursors WHERE source = ?1 AND object = ?2",
            [source.0.as_str(), object.as_str()],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
        )?;
        found.map(|(cursor, at)| Ok((cursor, parse_instant(&at)?))).transpose()
    }

    /// Newest first.
    pub fn sync_runs(&self, limit: u32) -> Result<Vec<SyncRun>, StoreError> {
        self.all(&sql(&[RUNS, "ORDER BY id DESC LIMIT ?1"]), [limit], sync_run)
    }

    /// The last run of a source that ended without a problem: how fresh it is.
    pub fn last_good_run(&self, source: &SourceId) -> Result<Option<SyncRun>, StoreError> {
        let text = sql(&[RUNS, "WHERE source = ?1 AND ended IS NOT NULL AND problem IS NULL ORDER BY id DESC LIMIT 1"]);
        Ok(self.all(&text, [&source.0], sync_run)?.pop())
    }
}

fn sync_run(row: &Row<'_>) -> Result<SyncRun, StoreError> {
    Ok(SyncRun {
        id: row.get(0)?,
        source: SourceId(row.get(1)?),
        started: parse_instant(&row.get::<_, String>(2)?)?,
        ended: row.get::<_, Option<String>>(3)?.map(|text| parse_instant(&text)).transpose()?,
        counts: from_json("the counts of a pull", &row.get::<_, String>(4)?)?,
        problem: row.get(5)?,
    })
}
