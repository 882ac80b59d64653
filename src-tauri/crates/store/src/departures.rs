//! Where the replies of a store or of Intacct are not as they were known: a field that is new, missing or of another kind.
//! Kept with the first example, counted from pull to pull, and never in the way of one.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::parse_instant;
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::params;
use tieout_domain::SourceId;

/// One field that was not as known, as one pull met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub object: String,
    pub field: String,
    /// `is new`, `is missing`, `is of another kind`.
    pub change: String,
    /// What was there, already without card numbers and secrets.
    pub example: String,
    pub records: u64,
}

/// The same as it stands, over all pulls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDeparture {
    pub source: SourceId,
    /// With the example of the pull that met it first.
    pub departure: Departure,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
}

impl Tx<'_> {
    /// Gives how many were not known before; each of those is a row of the trail.
    pub fn note_departures(&self, source: &SourceId, met: &[Departure]) -> Result<usize, StoreError> {
        let mut new = 0;
        for one in met {
            let records = i64::try_from(one.records).unwrap_or(i64::MAX);
            let known = self.run(
                "UPDATE departures SET records = records + ?5, last_seen = ?6
                 WHERE source = ?1 AND object = ?2 AND field = ?3 AND change = ?4",
                params![source.0, one.object, one.field, one.change, records, self.now],
            )?;
            if known > 0 {
                continue;
            }
            self.run(
                "INSERT INTO departures (source, object, field, change, records, example, first_seen, last_seen)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                params![source.0, one.object, one.field, one.change, records, one.example, self.now],
            )?;
            self.audit(NewAuditRow {
                action: "reply not as known",
                subject: &format!("{}/{}.{}", source.0, one.object, one.field),
                after: &one.example,
                reason: &format!("{} of {} {}", one.field, one.object, one.change),
                ..Default::default()
            })?;
            new += 1;
        }
        Ok(new)
    }
}

impl Reader<'_> {
    /// Those met last come first.
    pub fn departures(&self) -> Result<Vec<StoredDeparture>, StoreError> {
        self.all(
            "SELECT source, object, field, change, example, records, first_seen, last_seen FROM departures
             ORDER BY last_seen DESC, source, object, field, change",
            [],
            |row| {
                Ok(StoredDeparture {
                    source: SourceId(row.get(0)?),
                    departure: Departure {
                        object: row.get(1)?,
                        field: row.get(2)?,
                        change: row.get(3)?,
                        example: row.get(4)?,
                        records: u64::try_from(row.get::<_, i64>(5)?).unwrap_or_default(),
                    },
                    first_seen: parse_instant(&row.get::<_, String>(6)?)?,
                    last_seen: parse_instant(&row.get::<_, String>(7)?)?,
                })
            },
        )
    }
}
