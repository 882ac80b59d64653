//! Cached records: what the two systems and the files said, each under its own identity, every version kept.
//!
//! A narrow row per record holds what lists need; the value and the raw document of each version are in
//! `documents`, which is only ever added to.

mod account;
mod customer;
mod digests;
mod gl_line;
mod invoice;
mod item;
mod order;
pub(crate) mod packing;
mod payment;
mod product;
mod profile;
mod receipt;
mod sales_document;
mod settlement;
mod upsert;

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::{List, ListQuery};
use crate::text::{from_json, hash_column, parse_instant, sha256, sql, to_json};
use crate::tx::{Reader, Tx};
use jiff::{Timestamp, civil::Date};
use packing::{Packing, unpack};
use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use tieout_domain::{ObjectKind, RecordRef, SourceId};
use tieout_money::Money;

/// What lists sort, filter and search a record by. Empty text means it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListColumns<'a> {
    pub kind: &'a str,
    pub state: &'a str,
    pub on: Option<Date>,
    pub amount: Option<Money>,
    /// What people call it: order number, invoice number, receipt number.
    pub number: &'a str,
    /// The other reference it carries: the gateway's id, a document number.
    pub reference: &'a str,
    pub party: &'a str,
    pub email: &'a str,
    /// Clearing account, payment method, gateway: where the money sits.
    pub account: &'a str,
    pub customer: &'a str,
}

/// A domain type that is kept in a table of its own.
pub trait CachedRecord: Serialize + DeserializeOwned {
    const OBJECT: ObjectKind;
    fn record(&self) -> RecordRef;
    fn list_columns(&self) -> ListColumns<'_>;
}

/// A value with the version the cache holds it in.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    pub value: T,
    pub version: u32,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordRow<T> {
    pub value: T,
    pub version: u32,
    /// The live match it is part of, and whether that is settled.
    pub matched: Option<(tieout_domain::MatchId, bool)>,
    pub noted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionedRef {
    pub record: RecordRef,
    /// `None` when the cache does not hold it (any more).
    pub version: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpsertReport {
    /// New, or back after having been deleted at the source.
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
    /// Added and changed ones, in the order they came.
    pub changed_refs: Vec<RecordRef>,
}

impl UpsertReport {
    pub fn add(&mut self, other: UpsertReport) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.changed_refs.extend(other.changed_refs);
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TombstoneReport {
    pub deleted: Vec<RecordRef>,
}

/// One version of a record and the document it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentVersion {
    pub version: u32,
    pub fetched_at: Timestamp,
    /// JSON or XML, as received, after the redaction gate.
    pub raw: String,
    /// The value as it was understood, as JSON.
    pub body: String,
}

/// The table of each kind of record, and the number it has in `documents` and `search`. Never renumber.
pub(crate) fn table_of(object: ObjectKind) -> Option<(&'static str, i64)> {
    Some(match object {
        ObjectKind::Order => ("orders", 1),
        ObjectKind::Payment => ("payments", 2),
        ObjectKind::Settlement => ("settlements", 3),
        ObjectKind::Invoice => ("invoices", 4),
        ObjectKind::Receipt => ("receipts", 5),
        ObjectKind::SalesDocument => ("sales_documents", 6),
        ObjectKind::Customer => ("customers", 7),
        ObjectKind::GlLine => ("gl_lines", 8),
        ObjectKind::Account => ("accounts", 9),
        ObjectKind::Item => ("items", 10),
        ObjectKind::Profile => ("profiles", 11),
        ObjectKind::Product => ("products", 12),
    })
}

pub(crate) fn object_of(code: i64) -> Option<ObjectKind> {
    ObjectKind::ALL.into_iter().find(|object| table_of(*object).is_some_and(|(_, its)| its == code))
}

fn table<T: CachedRecord>() -> (&'static str, i64) {
    table_of(T::OBJECT).expect("every cached type has a table (tested)")
}

impl Tx<'_> {
    /// Marks as deleted what a complete key scan of the source did not find. The versions stay.
    pub fn tombstone_missing(
        &self,
        source: &SourceId,
        object: ObjectKind,
        live_ids: &BTreeSet<String>,
    ) -> Result<TombstoneReport, StoreError> {
        let (table, _) =
            table_of(object).ok_or_else(|| StoreError::NotFound { what: format!("a table of {}", object.as_str()) })?;
        let known = self.all(
            &sql(&["SELECT id, ext_id FROM ", table, " WHERE source = ?1 AND deleted_at IS NULL ORDER BY id"]),
            [&source.0],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
        )?;
        let mut report = TombstoneReport::default();
        for (row_id, ext_id) in known {
            if !live_ids.contains(&ext_id) {
                self.tombstone_row(table, row_id)?;
                report.deleted.push(RecordRef::new(source.clone(), object, ext_id));
            }
        }
        if !report.deleted.is_empty() {
            self.touch(List::Records(object));
            let names: Vec<String> = report.deleted.iter().map(ToString::to_string).collect();
            self.audit(NewAuditRow {
                action: "records deleted at their source",
                subject: object.as_str(),
                before: &to_json(&names),
                ..Default::default()
            })?;
        }
        Ok(report)
    }

    pub(crate) fn tombstone_row(&self, table: &'static str, row_id: i64) -> Result<(), StoreError> {
        self.run(&sql(&["UPDATE ", table, " SET deleted_at = ?2 WHERE id = ?1"]), params![row_id, self.now])?;
        Ok(())
    }
}

const VALUE_FROM: &str = "SELECT d.body, r.version, r.id FROM ";
const VALUE_JOIN: &str = " r JOIN documents d ON d.id = r.document ";

impl Reader<'_> {
    pub fn get<T: CachedRecord>(&self, record: &RecordRef) -> Result<Option<Stored<T>>, StoreError> {
        let (table, _) = table::<T>();
        let found = self.all(
            &sql(&[VALUE_FROM, table, VALUE_JOIN, "WHERE r.source = ?1 AND r.ext_id = ?2 AND r.deleted_at IS NULL"]),
            [record.source.0.as_str(), record.id.as_str()],
            stored,
        )?;
        Ok(found.into_iter().next().map(|(_, stored)| stored))
    }

    /// All live records of a kind that pass the filter, in the order they were first seen.
    pub fn load<T: CachedRecord>(&self, query: &ListQuery) -> Result<Vec<Stored<T>>, StoreError> {
        let (table, _) = table::<T>();
        if query.is_everything() {
            let rows = self.all(
                &sql(&[VALUE_FROM, table, VALUE_JOIN, "WHERE r.deleted_at IS NULL ORDER BY r.id"]),
                [],
                stored,
            )?;
            return Ok(rows.into_iter().map(|(_, stored)| stored).collect());
        }
        self.ids(List::Records(T::OBJECT), query)?.iter().map(|id| self.by_row_id(i64::from(*id))).collect()
    }

    pub fn load_all<T: CachedRecord>(&self) -> Result<Vec<Stored<T>>, StoreError> {
        self.load(&ListQuery::default())
    }

    /// What the cache holds of records that are gone at their source, as they were last seen.
    pub fn load_deleted<T: CachedRecord>(&self) -> Result<Vec<Stored<T>>, StoreError> {
        let (table, _) = table::<T>();
        let rows = self.all(
            &sql(&[VALUE_FROM, table, VALUE_JOIN, "WHERE r.deleted_at IS NOT NULL ORDER BY r.id"]),
            [],
            stored,
        )?;
        Ok(rows.into_iter().map(|(_, stored)| stored).collect())
    }

    pub(crate) fn by_row_id<T: CachedRecord>(&self, row_id: i64) -> Result<Stored<T>, StoreError> {
        let (table, _) = table::<T>();
        self.all(&sql(&[VALUE_FROM, table, VALUE_JOIN, "WHERE r.id = ?1"]), [row_id], stored)?
            .pop()
            .map(|(_, stored)| stored)
            .ok_or_else(|| StoreError::damaged(format!("row {row_id} of {table} is in an index and not in its table")))
    }

    /// How many live records of a kind the cache holds.
    pub fn count(&self, object: ObjectKind) -> Result<u64, StoreError> {
        let Some((table, _)) = table_of(object) else { return Ok(0) };
        let count = self.one(&sql(&["SELECT count(*) FROM ", table, " WHERE deleted_at IS NULL"]), [], |row| {
            row.get::<_, i64>(0)
        })?;
        Ok(count.unwrap_or(0) as u64)
    }

    /// The versions the cache holds now: what an approval's facts are compared with.
    pub fn versions(&self, records: &[RecordRef]) -> Result<Vec<VersionedRef>, StoreError> {
        records
            .iter()
            .map(|record| {
                let version = match table_of(record.object) {
                    None => None,
                    Some((table, _)) => self.one(
                        &sql(&[
                            "SELECT version FROM ",
                            table,
                            " WHERE source = ?1 AND ext_id = ?2 AND deleted_at IS NULL",
                        ]),
                        [record.source.0.as_str(), record.id.as_str()],
                        |row| row.get(0),
                    )?,
                };
                Ok(VersionedRef { record: record.clone(), version })
            })
            .collect()
    }

    /// Id of the narrow row, tombstoned or not.
    pub(crate) fn row_id(&self, record: &RecordRef) -> Result<Option<i64>, StoreError> {
        let Some((table, _)) = table_of(record.object) else { return Ok(None) };
        self.one(
            &sql(&["SELECT id FROM ", table, " WHERE source = ?1 AND ext_id = ?2"]),
            [record.source.0.as_str(), record.id.as_str()],
            |row| row.get(0),
        )
    }

    /// The newest raw document of a record.
    pub fn raw(&self, record: &RecordRef) -> Result<Option<DocumentVersion>, StoreError> {
        Ok(self.history(record)?.into_iter().next())
    }

    /// Every version of a record, newest first; deleted records too.
    pub fn history(&self, record: &RecordRef) -> Result<Vec<DocumentVersion>, StoreError> {
        let Some((table, _)) = table_of(record.object) else { return Ok(Vec::new()) };
        let mut next = self.one(
            &sql(&["SELECT document FROM ", table, " WHERE source = ?1 AND ext_id = ?2"]),
            [record.source.0.as_str(), record.id.as_str()],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        let mut versions = Vec::new();
        while let Some(Some(document)) = next {
            let (version, previous) = self
                .all(
                    "SELECT version, fetched_at, raw, packing, raw_bytes, body, previous FROM documents WHERE id = ?1",
                    [document],
                    |row| Ok((document_version(row)?, row.get::<_, Option<i64>>("previous")?)),
                )?
                .pop()
                .ok_or_else(|| StoreError::damaged(format!("a version of {record} is missing")))?;
            if previous.is_some_and(|previous| previous >= document) {
                return Err(StoreError::damaged(format!("the versions of {record} run in a circle")));
            }
            versions.push(version);
            next = Some(previous);
        }
        Ok(versions)
    }
}

fn document_version(row: &Row<'_>) -> Result<DocumentVersion, StoreError> {
    let packed: Vec<u8> = row.get("raw")?;
    let fetched_at: String = row.get("fetched_at")?;
    Ok(DocumentVersion {
        version: row.get("version")?,
        fetched_at: parse_instant(&fetched_at)?,
        raw: unpack(&packed, Packing::of_code(row.get("packing")?)?, row.get("raw_bytes")?)?,
        body: row.get("body")?,
    })
}

fn stored<T: CachedRecord>(row: &Row<'_>) -> Result<(i64, Stored<T>), StoreError> {
    let body = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    let id: i64 = row.get(2)?;
    Ok((id, Stored { value: from_json(&format!("{} in row {id}", T::OBJECT.as_str()), body)?, version: row.get(1)? }))
}

/// For `verify`: does each narrow row say what its document says? Returns the first row that does not.
pub(crate) fn verify_table<T: CachedRecord>(reader: &Reader<'_>) -> Result<u64, StoreError> {
    let (table, code) = table::<T>();
    let mut rows = 0;
    let text = sql(&[
        "SELECT r.id, r.source, r.ext_id, r.version, r.digest, r.kind, r.state, r.on_day, r.amount, r.currency, r.number, \
         r.reference, r.party, r.email, r.account, r.customer, d.body, d.digest AS d_digest, d.version AS d_version, \
         d.row_id AS d_row, d.object AS d_object FROM ",
        table,
        " r LEFT JOIN documents d ON d.id = r.document ORDER BY r.id",
    ]);
    let mut statement = reader.conn.prepare(&text)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        rows += 1;
        let id: i64 = row.get("id")?;
        let damaged = |why: &str| StoreError::damaged(format!("row {id} of {table}: {why}"));
        let Some(body) = row.get::<_, Option<String>>("body")? else { return Err(damaged("its document is missing")) };
        let digest = hash_column(row, "digest")?;
        if digest != hash_column(row, "d_digest")?
            || row.get::<_, u32>("version")? != row.get::<_, u32>("d_version")?
            || row.get::<_, i64>("d_row")? != id
            || row.get::<_, i64>("d_object")? != code
        {
            return Err(damaged("it points at another document"));
        }
        if digest != sha256(body.as_bytes()) {
            return Err(damaged("its document is not what was written"));
        }
        let value: T = from_json(table, &body)?;
        let record = value.record();
        let is = |column: &str, expected: &str| -> Result<bool, StoreError> {
            Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)? == expected)
        };
        let columns = value.list_columns();
        let currency = columns.amount.map(|amount| amount.currency().code().to_owned()).unwrap_or_default();
        let same = is("source", &record.source.0)?
            && is("ext_id", &record.id)?
            && is("kind", columns.kind)?
            && is("state", columns.state)?
            && is("currency", &currency)?
            && is("number", columns.number)?
            && is("reference", columns.reference)?
            && is("party", columns.party)?
            && is("email", columns.email)?
            && is("account", columns.account)?
            && is("customer", columns.customer)?
            && row.get::<_, Option<i64>>("amount")? == columns.amount.map(|amount| amount.minor())
            && row.get::<_, Option<String>>("on_day")? == columns.on.map(|day| day.to_string());
        if !same {
            return Err(damaged("a column is not what its document says"));
        }
    }
    Ok(rows)
}
