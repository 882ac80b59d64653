//! The store: changed orders page by page, and the payments of each.

use super::{ACTOR, Progress, cursor, finish, keep};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use tieout_domain::{Fetched, ObjectKind, Order, PaymentEvent, PaymentStatus};
use tieout_store::SyncCounts;

/// Orders this recent are read again on each pull: nothing shows that a refund moves an order's change date.
const RECENT_DAYS: i64 = 14;
/// Two requests at once, as X-Cart hosts bear.
const AT_ONCE: usize = 2;

pub(super) async fn pull_xcart(
    company: &Company,
    secrets: &Secrets,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(u64, u64), ServiceError> {
    let client = company.xcart(secrets).await?;
    let source = client.shop().id.clone();
    let began = company.now();
    let run = company.store.start_sync_run(&source, began)?;
    let since = cursor(company, &source, ObjectKind::Order)?;
    let mut counts = SyncCounts::default();
    let result = async {
        let mut read: BTreeSet<u64> = BTreeSet::new();
        let mut pages = Box::pin(client.changed_orders(since));
        while let Some(page) = pages.next().await {
            let page = page?;
            let orders: Vec<Order> =
                page.good.iter().map(|it| it.value.clone()).filter(|it| read.insert(it.id)).collect();
            keep(company, &page.good, &page.refused, &mut counts)?;
            payments_of(company, &client, orders, &mut counts).await?;
            progress(Progress { what: "orders", done: read.len() as u64 });
        }
        if since.is_some() {
            let again = unsettled(company, &read, began)?;
            payments_of(company, &client, again, &mut counts).await?;
        }
        company
            .store
            .write(ACTOR, company.now(), |tx| tx.set_cursor(&source, ObjectKind::Order, &began.to_string()))?;
        Ok::<_, ServiceError>(())
    }
    .await;
    counts.requests = u32::try_from(client.requests_made()).unwrap_or(u32::MAX);
    company.heed(&result)?;
    finish(company, run, &counts, &result)?;
    result.map(|()| (client.requests_made(), u64::from(counts.refused)))
}

/// Orders whose money may still move: those changed lately (nothing shows that a refund moves the change date), and
/// those that still wait for money, however old.
fn unsettled(company: &Company, read: &BTreeSet<u64>, now: Timestamp) -> Result<Vec<Order>, ServiceError> {
    let recent = now - SignedDuration::from_hours(24 * RECENT_DAYS);
    let waits = |order: &Order| {
        use PaymentStatus::{Authorized, Missing, PartiallyPaid, Queued, Unknown};
        matches!(order.payment_status, Queued | Authorized | PartiallyPaid | Unknown(_) | Missing)
    };
    let orders = company.store.read(|reader| reader.load_all::<Order>())?;
    let orders = orders.into_iter().map(|it| it.value);
    Ok(orders.filter(|it| !read.contains(&it.id) && (it.changed_at >= recent || waits(it))).collect())
}

async fn payments_of(
    company: &Company,
    client: &tieout_xcart::Client,
    orders: Vec<Order>,
    counts: &mut SyncCounts,
) -> Result<(), ServiceError> {
    let pages: Vec<_> = stream::iter(orders)
        .map(|order| async move { client.payments_of(&order).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut good: Vec<Fetched<PaymentEvent>> = Vec::new();
    let mut refused = Vec::new();
    for page in pages {
        good.extend(page.good);
        refused.extend(page.refused);
    }
    keep(company, &good, &refused, counts)
}
