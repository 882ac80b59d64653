//! Lists for the command line, as JSON: the same records the window shows.

use crate::company::Company;
use crate::error::ServiceError;
use crate::pull::DepartedField;
use serde::Serialize;
use serde_json::{Value, json};
use tieout_domain::{Order, PaymentEvent, Product, Profile, Receipt, SettlementRow};
use tieout_store::{CachedRecord, ExceptionStatus, StoredPosting};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Orders,
    Payments,
    Profiles,
    Products,
    Receipts,
    Settlements,
    Matches,
    Exceptions,
    Proposals,
    Postings,
    Departures,
    /// What accepted matches taught.
    Learned,
    /// Counterparts that are to come.
    Expectations,
}

/// At most `limit` of them, and for proposals the digest an approval gives back.
pub fn list(company: &Company, what: Listed, limit: usize) -> Result<Value, ServiceError> {
    match what {
        Listed::Orders => records::<Order>(company, limit),
        Listed::Payments => records::<PaymentEvent>(company, limit),
        Listed::Profiles => records::<Profile>(company, limit),
        Listed::Products => records::<Product>(company, limit),
        Listed::Receipts => records::<Receipt>(company, limit),
        Listed::Settlements => records::<SettlementRow>(company, limit),
        Listed::Matches => {
            let matches = company.store.read(|reader| reader.matches())?;
            Ok(rows(matches.iter().map(|it| &it.group), matches.len(), limit))
        }
        Listed::Exceptions => {
            let standing = company.store.read(|reader| reader.standing_exceptions())?;
            let open: Vec<_> = standing.iter().filter(|it| it.status != ExceptionStatus::Resolved).collect();
            let views = open.iter().map(|it| {
                let next = it.exception.kind.next_action();
                json!({ "id": it.id, "exception": it.exception, "next_action": next, "first_seen": it.first_seen.to_string() })
            });
            Ok(rows(views, open.len(), limit))
        }
        Listed::Proposals => {
            let (waiting, digest) = crate::proposals_digest(company)?;
            let mut list = rows(waiting.iter().map(posting), waiting.len(), limit);
            list["digest"] = json!(digest);
            Ok(list)
        }
        Listed::Postings => {
            let postings = company.store.read(|reader| reader.postings())?;
            Ok(rows(postings.iter().map(posting), postings.len(), limit))
        }
        Listed::Learned => {
            let all = crate::learned(company)?;
            Ok(rows(all.iter(), all.len(), limit))
        }
        Listed::Expectations => {
            let all = crate::expectations(company)?;
            Ok(rows(all.iter(), all.len(), limit))
        }
        Listed::Departures => {
            let fields = departed_fields(company)?;
            Ok(rows(fields.iter(), fields.len(), limit))
        }
    }
}

/// Every field that ever came otherwise than known, those met last first.
pub fn departed_fields(company: &Company) -> Result<Vec<DepartedField>, ServiceError> {
    let all = company.store.read(|reader| reader.departures())?;
    Ok(all.into_iter().map(DepartedField::from).collect())
}

fn records<T: CachedRecord>(company: &Company, limit: usize) -> Result<Value, ServiceError> {
    let all = company.store.read(|reader| reader.load_all::<T>())?;
    Ok(rows(all.iter().map(|it| &it.value), all.len(), limit))
}

fn rows<T: Serialize>(rows: impl Iterator<Item = T>, total: usize, limit: usize) -> Value {
    json!({ "total": total, "rows": rows.take(limit).map(|it| json!(it)).collect::<Vec<_>>() })
}

fn posting(it: &StoredPosting) -> Value {
    let document = &it.posting.document;
    json!({
        "id": it.posting.id,
        "kind": document.kind(),
        "state": it.posting.state,
        "on": document.on(),
        "amount": document.amount(),
        "reference": document.natural_key(),
        "because": it.posting.because,
        "clear": it.posting.is_clear(),
        "checks": it.posting.checks,
        "fingerprint": it.fingerprint,
        "document": document,
    })
}
