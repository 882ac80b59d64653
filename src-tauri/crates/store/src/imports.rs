//! Settlement and bank files: which rows came with which file, and taking one file back as a unit.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::records::table_of;
use crate::text::{Hash, hash_column, hex, parse_instant, sha256, sql};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};
use tieout_domain::{Fetched, ObjectKind, SettlementRow, SourceId};
use tieout_money::Money;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBatch {
    pub id: i64,
    pub source: SourceId,
    pub file_name: String,
    pub at: Timestamp,
    pub by: String,
    pub rows: u32,
    pub added: u32,
    pub already_there: u32,
    pub undone_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    pub batch: i64,
    /// The same bytes were imported before and not taken back: nothing was done.
    pub same_file_before: bool,
    pub added: u32,
    pub already_there: u32,
    pub changed: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoReport {
    pub removed: u32,
    /// Another file holds them too.
    pub kept: u32,
}

impl Tx<'_> {
    /// `content` is the file itself; only its digest is kept.
    pub fn import_settlements(
        &self,
        source: &SourceId,
        file_name: &str,
        content: &[u8],
        rows: &[Fetched<SettlementRow>],
    ) -> Result<ImportReport, StoreError> {
        let digest: Hash = sha256(content);
        let before = self.one(
            "SELECT id, already, added FROM import_batches WHERE source = ?1 AND digest = ?2 AND undone_at IS NULL",
            params![source.0, digest],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?, row.get::<_, u32>(2)?)),
        )?;
        if let Some((batch, already, added)) = before {
            return Ok(ImportReport {
                batch,
                same_file_before: true,
                added: 0,
                already_there: already + added,
                changed: 0,
            });
        }
        let report = self.upsert(rows)?;
        let already_there = report.unchanged + report.changed;
        self.run(
            "INSERT INTO import_batches (source, file_name, digest, at, by, rows, added, already)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![source.0, file_name, digest, self.now, self.actor, rows.len() as i64, report.added, already_there],
        )?;
        let batch = self.conn.last_insert_rowid();
        for row in rows {
            let record = row.value.record();
            let row_id = self
                .row_id(&record)?
                .ok_or_else(|| StoreError::damaged(format!("{record} vanished while it was imported")))?;
            self.run("INSERT OR IGNORE INTO import_rows (row_id, batch) VALUES (?1, ?2)", [row_id, batch])?;
        }
        let after = format!(
            r#"{{"rows":{},"added":{},"already_there":{already_there},"sha256":"{}"}}"#,
            rows.len(),
            report.added,
            hex(&digest)
        );
        self.touch(List::Records(ObjectKind::Settlement));
        self.audit(NewAuditRow {
            action: "file imported",
            subject: &["import/", &batch.to_string(), " ", file_name].concat(),
            after: &after,
            ..Default::default()
        })?;
        Ok(ImportReport { batch, same_file_before: false, added: report.added, already_there, changed: report.changed })
    }

    /// Takes a file back: its rows go, except those another standing file holds too.
    pub fn undo_import(&self, batch: i64) -> Result<UndoReport, StoreError> {
        let (table, _) =
            table_of(ObjectKind::Settlement).ok_or_else(|| StoreError::NotFound { what: "settlement rows".into() })?;
        let found = self.import_batch(batch)?;
        let found = found.ok_or_else(|| StoreError::NotFound { what: format!("import {batch}") })?;
        if found.undone_at.is_some() {
            return Ok(UndoReport::default());
        }
        self.run("UPDATE import_batches SET undone_at = ?2 WHERE id = ?1", params![batch, self.now])?;
        let rows = self.all(
            "SELECT r.row_id, EXISTS (SELECT 1 FROM import_rows o JOIN import_batches b ON b.id = o.batch
                WHERE o.row_id = r.row_id AND b.undone_at IS NULL)
             FROM import_rows r WHERE r.batch = ?1",
            [batch],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let mut report = UndoReport::default();
        for (row_id, held_elsewhere) in rows {
            if held_elsewhere {
                report.kept += 1;
            } else {
                self.tombstone_row(table, row_id)?;
                report.removed += 1;
            }
        }
        self.touch(List::Records(ObjectKind::Settlement));
        self.audit(NewAuditRow {
            action: "import undone",
            subject: &["import/", &batch.to_string(), " ", &found.file_name].concat(),
            after: &format!(r#"{{"removed":{},"kept":{}}}"#, report.removed, report.kept),
            ..Default::default()
        })?;
        Ok(report)
    }
}

const COLUMNS: &str =
    "SELECT id, source, file_name, digest, at, by, rows, added, already, undone_at FROM import_batches ";

impl Reader<'_> {
    /// Newest first.
    pub fn import_batches(&self) -> Result<Vec<ImportBatch>, StoreError> {
        self.all(&sql(&[COLUMNS, "ORDER BY id DESC"]), [], import_batch)
    }

    /// Gross of the rows that came with a file, by currency.
    pub fn import_totals(&self, batch: i64) -> Result<Vec<Money>, StoreError> {
        let sums = self.all(
            "SELECT s.currency, sum(s.amount) FROM import_rows r JOIN settlements s ON s.id = r.row_id
             WHERE r.batch = ?1 AND s.amount IS NOT NULL GROUP BY s.currency ORDER BY s.currency",
            [batch],
            |row| crate::text::money(row.get(1)?, &row.get::<_, String>(0)?),
        )?;
        Ok(sums.into_iter().flatten().collect())
    }

    pub fn import_batch(&self, id: i64) -> Result<Option<ImportBatch>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE id = ?1"]), [id], import_batch)?.pop())
    }
}

fn import_batch(row: &Row<'_>) -> Result<ImportBatch, StoreError> {
    hash_column(row, "digest")?;
    Ok(ImportBatch {
        id: row.get(0)?,
        source: SourceId(row.get(1)?),
        file_name: row.get(2)?,
        at: parse_instant(&row.get::<_, String>(4)?)?,
        by: row.get(5)?,
        rows: row.get(6)?,
        added: row.get(7)?,
        already_there: row.get(8)?,
        undone_at: row.get::<_, Option<String>>(9)?.map(|text| parse_instant(&text)).transpose()?,
    })
}
