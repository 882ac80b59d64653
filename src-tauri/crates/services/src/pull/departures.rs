//! What came otherwise than known: both clients notice it while they read, here it is kept for a person to see.

use super::ACTOR;
use crate::company::Company;
use crate::error::ServiceError;
use jiff::Timestamp;
use serde::Serialize;
use tieout_domain::SourceId;
use tieout_store::{Departure, StoredDeparture};

/// A field of a reply that is new, missing or of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DepartedField {
    pub source: String,
    pub object: String,
    pub field: String,
    pub change: String,
    pub example: String,
    pub records: u64,
    pub first_seen: String,
    pub last_seen: String,
}

impl From<StoredDeparture> for DepartedField {
    fn from(it: StoredDeparture) -> DepartedField {
        DepartedField {
            source: it.source.0,
            object: it.departure.object,
            field: it.departure.field,
            change: it.departure.change,
            example: it.departure.example,
            records: it.departure.records,
            first_seen: it.first_seen.to_string(),
            last_seen: it.last_seen.to_string(),
        }
    }
}

pub(super) fn of_intacct(client: &tieout_intacct::Client) -> Vec<Departure> {
    let departures = client.departures().into_iter().map(|it| Departure {
        // Free text of Intacct's may hold what a customer should not have written there.
        example: tieout_xcart::masked_text(&it.example),
        object: it.object,
        field: it.field,
        change: it.change.to_string(),
        records: it.records,
    });
    departures.collect()
}

/// The store's paths begin with the object: `a order.items[].sku`.
pub(super) fn of_xcart(client: &tieout_xcart::Client) -> Vec<Departure> {
    let departures = client.departures().into_iter().map(|it| {
        let (object, field) = it.field.split_once('.').unwrap_or((&it.field, ""));
        let object = object.split_once(' ').map_or(object, |(_dialect, object)| object);
        Departure {
            object: object.to_owned(),
            field: field.to_owned(),
            change: it.change.to_string(),
            example: it.example,
            records: it.rows,
        }
    });
    departures.collect()
}

pub(super) fn keep(company: &Company, source: &SourceId, met: Vec<Departure>) -> Result<(), ServiceError> {
    if !met.is_empty() {
        company.store.write(ACTOR, company.now(), |tx| tx.note_departures(source, &met))?;
    }
    Ok(())
}

/// Those a pull that began then has met.
pub(super) fn seen_since(company: &Company, began: Timestamp) -> Result<Vec<DepartedField>, ServiceError> {
    let all = company.store.read(|reader| reader.departures())?;
    Ok(all.into_iter().filter(|it| it.last_seen >= began).map(DepartedField::from).collect())
}
