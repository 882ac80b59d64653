//! Records that could not be understood: kept whole with the reason until a later pull reads them.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{parse_instant, sql};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};
use tieout_domain::{ObjectKind, RecordRef, Refused};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRecord {
    pub refused: Refused,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
}

impl Tx<'_> {
    /// Keeps what was refused. Seen again with the same reason, only the time of the last look changes.
    pub fn refuse(&self, refused: &[Refused]) -> Result<(), StoreError> {
        for one in refused {
            let record = one.record.to_string();
            let known = self.one("SELECT reason, raw FROM refused_records WHERE record = ?1", [&record], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            self.run(
                "INSERT INTO refused_records (record, reason, raw, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (record) DO UPDATE SET reason = excluded.reason, raw = excluded.raw, last_seen = excluded.last_seen",
                params![record, one.reason, one.raw, self.now],
            )?;
            let before = known.as_ref().map_or("", |(reason, _)| reason);
            if known.as_ref().is_none_or(|(reason, raw)| *reason != one.reason || *raw != one.raw) {
                self.audit(NewAuditRow {
                    action: "record refused",
                    subject: &record,
                    before,
                    after: &one.reason,
                    ..Default::default()
                })?;
            }
        }
        Ok(())
    }

    pub(crate) fn has_refused(&self, object: ObjectKind) -> Result<bool, StoreError> {
        let pattern = crate::text::contains_pattern(&["#", object.as_str(), "#"].concat());
        let found = self.one(
            "SELECT EXISTS (SELECT 1 FROM refused_records WHERE record LIKE ?1 ESCAPE '\\')",
            [pattern],
            |row| row.get(0),
        )?;
        Ok(found.unwrap_or(false))
    }
}

/// Called for a record that was understood.
pub(crate) fn clear(tx: &Tx<'_>, record: &RecordRef) -> Result<(), StoreError> {
    for record in [Some(record.clone()), whole_transaction(record)].into_iter().flatten() {
        let record = record.to_string();
        if tx.run("DELETE FROM refused_records WHERE record = ?1", [&record])? > 0 {
            tx.audit(NewAuditRow { action: "refused record understood", subject: &record, ..Default::default() })?;
        }
    }
    Ok(())
}

/// A payment row that cannot be read at all is refused as its step 0; once a step of it is read, it was understood.
fn whole_transaction(record: &RecordRef) -> Option<RecordRef> {
    let (transaction, step) = record.id.split_once(':').filter(|_| record.object == ObjectKind::Payment)?;
    (step != "0").then(|| RecordRef::new(record.source.clone(), ObjectKind::Payment, format!("{transaction}:0")))
}

const COLUMNS: &str = "SELECT record, reason, raw, first_seen, last_seen FROM refused_records ";

impl Reader<'_> {
    pub fn refused_records(&self) -> Result<Vec<RefusedRecord>, StoreError> {
        self.all(&sql(&[COLUMNS, "ORDER BY record"]), [], refused_record)
    }

    pub fn refused_record(&self, record: &RecordRef) -> Result<Option<RefusedRecord>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE record = ?1"]), [record.to_string()], refused_record)?.pop())
    }
}

fn refused_record(row: &Row<'_>) -> Result<RefusedRecord, StoreError> {
    let record: String = row.get(0)?;
    Ok(RefusedRecord {
        refused: Refused {
            record: record.parse().map_err(StoreError::damaged)?,
            reason: row.get(1)?,
            raw: row.get(2)?,
        },
        first_seen: parse_instant(&row.get::<_, String>(3)?)?,
        last_seen: parse_instant(&row.get::<_, String>(4)?)?,
    })
}
