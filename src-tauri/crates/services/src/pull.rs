//! Reads both systems into the cache: changed orders and their payments, and what Intacct holds. Watermarks move only
//! when a whole object was read; what cannot be understood is kept beside its reason.

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::Watch;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;
use tieout_domain::{Fetched, GlLine, ObjectKind, Order, PaymentEvent, PaymentStatus, Receipt, Refused, SourceId};
use tieout_intacct::read::{invoices, masters, receipts, sales};
use tieout_intacct::{Page, Reader};
use tieout_store::{CachedRecord, SyncCounts};

const ACTOR: &str = "pull";
/// Orders this recent are read again on each pull: nothing shows that a refund moves an order's change date.
const RECENT_DAYS: i64 = 14;
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);
/// Two requests at once, as X-Cart hosts bear.
const AT_ONCE: usize = 2;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PullReport {
    pub orders: u64,
    pub payments: u64,
    pub receipts: u64,
    pub invoices: u64,
    pub gl_lines: u64,
    pub refused: u64,
    /// Those refused, one by one; their documents are kept.
    pub not_understood: Vec<NotUnderstood>,
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
    let (store_side, ledger_side) =
        futures::join!(pull_xcart(company, secrets, progress), pull_intacct(company, secrets, progress));
    let ((xcart_requests, mut refused), (intacct_requests, more)) = (store_side?, ledger_side?);
    refused += more;
    let standing = company.store.read(|reader| reader.refused_records())?;
    let this_time = standing.into_iter().filter(|it| it.last_seen >= began).map(|it| it.refused);
    let count = |object| company.store.read(|reader| reader.count(object));
    Ok(PullReport {
        orders: count(ObjectKind::Order)?,
        payments: count(ObjectKind::Payment)?,
        receipts: count(ObjectKind::Receipt)?,
        invoices: count(ObjectKind::Invoice)?,
        gl_lines: count(ObjectKind::GlLine)?,
        refused,
        not_understood: this_time
            .map(|it| NotUnderstood { record: it.record.to_string(), reason: it.reason })
            .collect(),
        xcart_requests,
        intacct_requests,
    })
}

/// Reads Intacct alone: after a posting it is the ledger that changed.
pub async fn pull_ledger(company: &Company, secrets: &Secrets, progress: &dyn Watch) -> Result<(), ServiceError> {
    pull_intacct(company, secrets, progress).await.map(drop)
}

async fn pull_xcart(company: &Company, secrets: &Secrets, progress: &dyn Watch) -> Result<(u64, u64), ServiceError> {
    let client = progress.unless_stopped(company.xcart(secrets)).await?;
    let source = client.shop().id.clone();
    let began = company.now();
    let run = company.store.start_sync_run(&source, began)?;
    let since = cursor(company, &source, ObjectKind::Order)?;
    let mut counts = SyncCounts::default();
    let reading = async {
        let mut read: BTreeSet<u64> = BTreeSet::new();
        let mut pages = Box::pin(client.changed_orders(since));
        while let Some(page) = pages.next().await {
            let page = page?;
            let orders: Vec<Order> =
                page.good.iter().map(|it| it.value.clone()).filter(|it| read.insert(it.id)).collect();
            keep(company, &page.good, &page.refused, &mut counts)?;
            payments_of(company, &client, orders, &mut counts).await?;
            progress.tell(Progress { what: "orders", done: read.len() as u64 });
        }
        if since.is_some() {
            let again = unsettled(company, &source, &read, began)?;
            payments_of(company, &client, again, &mut counts).await?;
        }
        company
            .store
            .write(ACTOR, company.now(), |tx| tx.set_cursor(&source, ObjectKind::Order, &began.to_string()))?;
        Ok::<_, ServiceError>(())
    };
    let result = progress.unless_stopped(reading).await;
    counts.requests = u32::try_from(client.requests_made()).unwrap_or(u32::MAX);
    finish(company, run, &counts, &result)?;
    result.map(|()| (client.requests_made(), u64::from(counts.refused)))
}

/// Orders whose money may still move: those changed lately (nothing shows that a refund moves the change date), and,
/// however old, those that still wait for money and those with a payment that was not understood.
fn unsettled(
    company: &Company,
    source: &SourceId,
    read: &BTreeSet<u64>,
    now: Timestamp,
) -> Result<Vec<Order>, ServiceError> {
    let misunderstood = misunderstood(company, source)?;
    let recent = now - SignedDuration::from_hours(24 * RECENT_DAYS);
    let waits = |order: &Order| {
        use PaymentStatus::{Authorized, Missing, PartiallyPaid, Queued, Unknown};
        matches!(order.payment_status, Queued | Authorized | PartiallyPaid | Unknown(_) | Missing)
    };
    let orders = company.store.read(|reader| reader.load_all::<Order>())?;
    let orders = orders.into_iter().map(|it| it.value);
    Ok(orders
        .filter(|it| !read.contains(&it.id) && (it.changed_at >= recent || waits(it) || misunderstood.contains(&it.id)))
        .collect())
}

/// Orders of which some payment row was refused when it was last read.
fn misunderstood(company: &Company, source: &SourceId) -> Result<BTreeSet<u64>, ServiceError> {
    let kept = company.store.read(|reader| reader.recall(&misunderstood_key(source)))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn misunderstood_key(source: &SourceId) -> String {
    format!("orders-with-refused-payments/{source}")
}

async fn payments_of(
    company: &Company,
    client: &tieout_xcart::Client,
    orders: Vec<Order>,
    counts: &mut SyncCounts,
) -> Result<(), ServiceError> {
    let pages: Vec<_> = stream::iter(orders)
        .map(|order| async move { Ok::<_, ServiceError>((order.id, client.payments_of(&order).await?)) })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut good: Vec<Fetched<PaymentEvent>> = Vec::new();
    let mut refused = Vec::new();
    let source = &client.shop().id;
    let before = misunderstood(company, source)?;
    let mut now = before.clone();
    for (order, page) in pages {
        if page.refused.is_empty() {
            now.remove(&order)
        } else {
            now.insert(order)
        };
        good.extend(page.good);
        refused.extend(page.refused);
    }
    keep(company, &good, &refused, counts)?;
    if now != before {
        company.store.remember(&misunderstood_key(source), &serde_json::to_string(&now).expect("plain numbers"))?;
    }
    Ok(())
}

async fn pull_intacct(company: &Company, secrets: &Secrets, progress: &dyn Watch) -> Result<(u64, u64), ServiceError> {
    let client = progress.unless_stopped(company.intacct(secrets)).await?;
    let source = client.source();
    let run = company.store.start_sync_run(&source, company.now())?;
    let mut counts = SyncCounts::default();
    let reading = async {
        company.remember_books(&client.books().await?)?;
        let mut pull = LedgerPull { company, client: &client, source: &source, counts: &mut counts, progress };
        pull.object("customers", &masters::customers()).await?;
        pull.object("items", &masters::items()).await?;
        pull.object("accounts", &masters::accounts()).await?;
        pull.object("invoices", &invoices::invoices()).await?;
        pull.object("receipts", &receipts::payments()).await?;
        pull.object("advances", &receipts::advances()).await?;
        pull.object("adjustments", &receipts::adjustments()).await?;
        pull.object("other receipts", &receipts::other_receipts()).await?;
        pull.object("deposits", &receipts::deposits()).await?;
        pull.object("sales documents", &sales::sales_documents()).await?;
        pull.journal_and_ledger().await
    };
    let result = progress.unless_stopped(reading).await;
    counts.requests = u32::try_from(client.requests_sent()).unwrap_or(u32::MAX);
    finish(company, run, &counts, &result)?;
    result.map(|()| (client.requests_sent(), u64::from(counts.refused)))
}

struct LedgerPull<'a> {
    company: &'a Company,
    client: &'a tieout_intacct::Client,
    source: &'a SourceId,
    counts: &'a mut SyncCounts,
    progress: &'a dyn Watch,
}

impl LedgerPull<'_> {
    /// One object since its own watermark. Several objects share a kind (receipts), so each keeps a cursor of its name.
    async fn object<T: CachedRecord>(&mut self, name: &'static str, reader: &Reader<T>) -> Result<(), ServiceError> {
        let watermark = self.watermark(name)?;
        let mut pages: Vec<Page<T>> = Vec::new();
        let drained = self.client.drain(reader, watermark, |page| pages.push(page)).await?;
        for page in pages {
            keep(self.company, &page.good, &page.refused, self.counts)?;
        }
        self.progress.tell(Progress { what: name, done: drained.good });
        self.move_watermark(name, drained.changed_through)
    }

    /// Journal lines of the accounts that are watched, and their general ledger rows, whole: deletions and edits must show.
    async fn journal_and_ledger(&mut self) -> Result<(), ServiceError> {
        let Ok((settings, _)) = self.company.settings() else { return Ok(()) };
        let clearing: BTreeSet<String> = settings.clearing.iter().map(|it| it.account.clone()).collect();
        let banks = settings.clearing.iter().map(|it| it.bank_account.clone()).filter(|it| !it.is_empty());
        let watched: Vec<String> = clearing.iter().cloned().chain(banks).collect::<BTreeSet<_>>().into_iter().collect();
        let watermark = self.watermark("journal lines")?;
        let mut pages: Vec<Page<Receipt>> = Vec::new();
        let drained = self.client.drain_journal_lines(&watched, watermark, |page| pages.push(page)).await?;
        for page in pages {
            keep(self.company, &page.good, &page.refused, self.counts)?;
        }
        self.move_watermark("journal lines", drained.changed_through)?;
        let accounts: Vec<String> = clearing.into_iter().collect();
        let window = self.client.gl_detail(&accounts, settings.cut_over, self.company.today()?).await?;
        self.progress.tell(Progress { what: "ledger lines", done: window.good.len() as u64 });
        let live: BTreeSet<String> = window.good.iter().map(|it| it.value.record_no.clone()).collect();
        keep(self.company, &window.good, &window.refused, self.counts)?;
        let gone = self
            .company
            .store
            .write(ACTOR, self.company.now(), |tx| tx.tombstone_missing(self.source, GlLine::OBJECT, &live))?;
        self.counts.deleted += u32::try_from(gone.deleted.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    fn watermark(&self, name: &str) -> Result<Option<Timestamp>, ServiceError> {
        let seen = cursor(self.company, &of_object(self.source, name), ObjectKind::Receipt)?;
        Ok(seen.map(|it| it - OVERLAP))
    }

    fn move_watermark(&self, name: &str, seen: Option<Timestamp>) -> Result<(), ServiceError> {
        let Some(seen) = seen else { return Ok(()) };
        let source = of_object(self.source, name);
        Ok(self
            .company
            .store
            .write(ACTOR, self.company.now(), |tx| tx.set_cursor(&source, ObjectKind::Receipt, &seen.to_string()))?)
    }
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
    counts.added += report.added;
    counts.changed += report.changed;
    counts.unchanged += report.unchanged;
    if !refused.is_empty() {
        company.store.write(ACTOR, company.now(), |tx| tx.refuse(refused))?;
        counts.refused += u32::try_from(refused.len()).unwrap_or(u32::MAX);
    }
    Ok(())
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
