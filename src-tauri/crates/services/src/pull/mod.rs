//! Reads both systems into the cache: changed orders and their payments, and what Intacct holds. Watermarks move only
//! when a whole object was read; what cannot be understood is kept beside its reason.
//!
//! Reading order: `store_side`, `catalogue`, `ledger_side`, `deletions`, `departures`.

mod catalogue;
mod deletions;
mod departures;
mod fresh;
mod ledger_side;
mod store_side;

pub use deletions::ask_for_deletions;
pub use departures::DepartedField;
pub(crate) use fresh::{fresh_documents, fresh_orders};

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::Watch;
use jiff::Timestamp;
use ledger_side::pull_intacct;
use serde::Serialize;
use store_side::pull_xcart;
use tieout_domain::{Fetched, ObjectKind, Refused, SourceId};
use tieout_store::{CachedRecord, SyncCounts, UpsertReport};

const ACTOR: &str = "pull";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PullReport {
    pub orders: u64,
    pub payments: u64,
    pub receipts: u64,
    pub invoices: u64,
    pub gl_lines: u64,
    /// Customers and products of the store.
    pub profiles: u64,
    pub products: u64,
    pub refused: u64,
    /// Those refused, one by one; their documents are kept.
    pub not_understood: Vec<NotUnderstood>,
    /// How many fields came otherwise than known in this pull; none of them stopped it.
    pub departed_fields: usize,
    pub departures: Vec<DepartedField>,
    pub xcart_requests: u64,
    pub intacct_requests: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotUnderstood {
    pub record: String,
    pub reason: String,
}

/// What is being read and how far it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub what: &'static str,
    pub done: u64,
}

pub async fn pull(company: &Company, secrets: &Secrets, progress: &dyn Watch) -> Result<PullReport, ServiceError> {
    let began = company.now();
    // Boxed: each is large, and whoever waits for a pull would carry both on its stack.
    let store_side = Box::pin(pull_xcart(company, secrets, progress));
    let ledger_side = Box::pin(pull_intacct(company, secrets, progress));
    let (store_side, ledger_side) = futures::join!(store_side, ledger_side);
    let ((xcart_requests, mut refused), (intacct_requests, more)) = (store_side?, ledger_side?);
    refused += more;
    let standing = company.store.read(|reader| reader.refused_records())?;
    let this_time = standing.into_iter().filter(|it| it.last_seen >= began).map(|it| it.refused);
    let departures = departures::seen_since(company, began)?;
    let count = |object| company.store.read(|reader| reader.count(object));
    Ok(PullReport {
        orders: count(ObjectKind::Order)?,
        payments: count(ObjectKind::Payment)?,
        receipts: count(ObjectKind::Receipt)?,
        invoices: count(ObjectKind::Invoice)?,
        gl_lines: count(ObjectKind::GlLine)?,
        profiles: count(ObjectKind::Profile)?,
        products: count(ObjectKind::Product)?,
        refused,
        not_understood: this_time
            .map(|it| NotUnderstood { record: it.record.to_string(), reason: it.reason })
            .collect(),
        departed_fields: departures.len(),
        departures,
        xcart_requests,
        intacct_requests,
    })
}

/// Reads Intacct alone: after a posting it is the ledger that changed.
pub async fn pull_ledger(company: &Company, secrets: &Secrets, progress: &dyn Watch) -> Result<(), ServiceError> {
    Box::pin(pull_intacct(company, secrets, progress)).await.map(drop)
}

fn of_object(source: &SourceId, name: &str) -> SourceId {
    SourceId(format!("{source}/{name}"))
}

fn cursor(company: &Company, source: &SourceId, object: ObjectKind) -> Result<Option<Timestamp>, ServiceError> {
    let found = company.store.read(|reader| reader.cursor(source, object))?;
    Ok(found.and_then(|(text, _)| text.parse().ok()))
}

fn keep<T: CachedRecord>(
    company: &Company,
    good: &[Fetched<T>],
    refused: &[Refused],
    counts: &mut SyncCounts,
) -> Result<(), ServiceError> {
    let report = company.store.upsert(ACTOR, company.now(), good)?;
    if !refused.is_empty() {
        company.store.write(ACTOR, company.now(), |tx| tx.refuse(refused))?;
    }
    count(counts, &report, refused.len());
    Ok(())
}

fn count(counts: &mut SyncCounts, report: &UpsertReport, refused: usize) {
    counts.added += report.added;
    counts.changed += report.changed;
    counts.unchanged += report.unchanged;
    counts.refused += u32::try_from(refused).unwrap_or(u32::MAX);
}

/// Connects as a part of the run, so that a system that is not reached is told of like one that fails later.
async fn connected<C>(
    company: &Company,
    run: i64,
    connect: impl Future<Output = Result<C, ServiceError>>,
) -> Result<C, ServiceError> {
    let client = connect.await;
    if client.is_err() {
        finish(company, run, &SyncCounts::default(), &client)?;
    }
    client
}

fn finish<T>(
    company: &Company,
    run: i64,
    counts: &SyncCounts,
    result: &Result<T, ServiceError>,
) -> Result<(), ServiceError> {
    let problem = result.as_ref().err().map(ToString::to_string);
    Ok(company.store.end_sync_run(run, company.now(), counts, problem.as_deref())?)
}
