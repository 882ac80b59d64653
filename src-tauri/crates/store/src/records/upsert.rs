//! Bringing the cache up to what was fetched: the same bytes change nothing, other bytes make a new version, and
//! the audit row of the batch vouches for every document in it.

use super::packing::{Packer, Packing, add_to_batch};
use super::{CachedRecord, ListColumns, UpsertReport, table};
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::text::{Hash, hex, sha256, sql, to_json};
use crate::tx::Tx;
use crate::{StoreError, refused};
use rusqlite::{CachedStatement, OptionalExtension, params};
use sha2::{Digest, Sha256};
use tieout_domain::{Fetched, RecordRef};

const RECORD_INSERT: &str = " (source, ext_id, version, digest, document, fetched_at, deleted_at, kind, state, on_day, \
    amount, currency, number, reference, party, email, account, customer) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
    ON CONFLICT (source, ext_id) DO NOTHING";

const RECORD_UPDATE: &str = " SET version = ?3, digest = ?4, document = ?5, fetched_at = ?6, deleted_at = NULL, \
    kind = ?7, state = ?8, on_day = ?9, amount = ?10, currency = ?11, number = ?12, reference = ?13, party = ?14, \
    email = ?15, account = ?16, customer = ?17 WHERE source = ?1 AND ext_id = ?2";

const DOCUMENT_INSERT: &str = "INSERT INTO documents (id, object, row_id, version, previous, digest, body, raw, \
    packing, raw_bytes, fetched_at, audit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// The row that is there already.
struct Known {
    row_id: i64,
    version: u32,
    digest: Hash,
    document: i64,
    is_deleted: bool,
}

struct NewDocument<'a> {
    id: i64,
    code: i64,
    version: u32,
    previous: Option<i64>,
    digest: Hash,
    body: &'a str,
    raw_bytes: usize,
    packing: Packing,
    packed: &'a [u8],
    audit: i64,
}

impl Tx<'_> {
    /// Brings the cache up to what was fetched. The same bytes change nothing and leave no trace; other bytes make a
    /// new version. One audit row tells how many changed and holds a digest over all of them.
    pub fn upsert<T: CachedRecord>(&self, records: &[Fetched<T>]) -> Result<UpsertReport, StoreError> {
        let (table, code) = table::<T>();
        let mut report = UpsertReport::default();
        let mut batch = Sha256::new();
        let mut packer = Packer::new();
        let audit = self.next_audit_seq()? as i64;
        // Held for the whole batch: looking them up by their text again for every row is a tenth of the work.
        let mut insert = self.conn.prepare_cached(&sql(&["INSERT INTO ", table, RECORD_INSERT]))?;
        let mut insert_document = self.conn.prepare_cached(DOCUMENT_INSERT)?;
        let refused_before = self.has_refused(T::OBJECT)?;
        let mut next_document = self.next_document_id()?;
        for fetched in records {
            let record = fetched.value.record();
            let columns = fetched.value.list_columns();
            let body = to_json(&fetched.value);
            let digest = sha256(body.as_bytes());
            let (mut version, mut previous) = (1, None);
            let row_id = if self.write_row(&mut insert, &record, (version, &digest, next_document), &columns)? == 1 {
                report.added += 1;
                self.conn.last_insert_rowid()
            } else {
                let known = self.known(table, &record)?;
                if known.digest == digest && !known.is_deleted {
                    report.unchanged += 1;
                    continue;
                }
                (version, previous) = (known.version + 1, Some(known.document));
                let mut update = self.conn.prepare_cached(&sql(&["UPDATE ", table, RECORD_UPDATE]))?;
                self.write_row(&mut update, &record, (version, &digest, next_document), &columns)?;
                if known.is_deleted {
                    report.added += 1; // back again
                } else {
                    report.changed += 1;
                }
                known.row_id
            };
            let (packing, packed) = packer.pack(fetched.raw.as_bytes());
            let id = next_document;
            let raw_bytes = fetched.raw.len();
            let document =
                NewDocument { id, code, version, previous, digest, body: &body, raw_bytes, packing, packed, audit };
            self.write_document(&mut insert_document, row_id, &document)?;
            add_to_batch(&mut batch, id, version, &digest, (packing, packed));
            next_document += 1;
            report.changed_refs.push(record);
        }
        self.next_document.set(Some(next_document));
        if !report.changed_refs.is_empty() {
            self.touch(List::Records(T::OBJECT));
            let after = format!(
                r#"{{"added":{},"changed":{},"unchanged":{},"digest":"{}"}}"#,
                report.added,
                report.changed,
                report.unchanged,
                hex(&batch.finalize())
            );
            self.audit(NewAuditRow {
                action: "records pulled",
                subject: T::OBJECT.as_str(),
                after: &after,
                ..Default::default()
            })?;
        }
        if refused_before {
            for fetched in records {
                refused::clear(self, &fetched.value.record())?; // after the summary: its number is in the documents
            }
        }
        Ok(report)
    }

    fn known(&self, table: &'static str, record: &RecordRef) -> Result<Known, StoreError> {
        let find = sql(&[
            "SELECT id, version, digest, document, deleted_at IS NOT NULL FROM ",
            table,
            " WHERE source = ?1 AND ext_id = ?2",
        ]);
        let mut find = self.conn.prepare_cached(&find)?;
        find.query_row([record.source.0.as_str(), record.id.as_str()], |row| {
            Ok(Known {
                row_id: row.get(0)?,
                version: row.get(1)?,
                digest: row.get(2)?,
                document: row.get(3)?,
                is_deleted: row.get(4)?,
            })
        })
        .optional()?
        .ok_or_else(|| StoreError::damaged(format!("{record} is in an index and not in its table")))
    }

    fn write_row(
        &self,
        statement: &mut CachedStatement<'_>,
        record: &RecordRef,
        (version, digest, document): (u32, &Hash, i64),
        columns: &ListColumns<'_>,
    ) -> Result<usize, StoreError> {
        Ok(statement.execute(params![
            record.source.0,
            record.id,
            version,
            digest,
            document,
            self.now,
            columns.kind,
            columns.state,
            columns.on.map(|day| day.to_string()),
            columns.amount.map(|amount| amount.minor()),
            columns.amount.map(|amount| amount.currency()).as_ref().map_or("", |currency| currency.code()),
            columns.number,
            columns.reference,
            columns.party,
            columns.email,
            columns.account,
            columns.customer
        ])?)
    }

    fn write_document(
        &self,
        statement: &mut CachedStatement<'_>,
        row_id: i64,
        document: &NewDocument<'_>,
    ) -> Result<(), StoreError> {
        statement.execute(params![
            document.id,
            document.code,
            row_id,
            document.version,
            document.previous,
            document.digest,
            document.body,
            document.packed,
            document.packing.code(),
            document.raw_bytes as i64,
            self.now,
            document.audit
        ])?;
        Ok(())
    }

    fn next_document_id(&self) -> Result<i64, StoreError> {
        if let Some(id) = self.next_document.get() {
            return Ok(id);
        }
        let newest = self.one("SELECT max(id) FROM documents", [], |row| row.get::<_, Option<i64>>(0))?.flatten();
        Ok(newest.unwrap_or(0) + 1)
    }
}
