//! The store: changed orders page by page, and the payments of each. It is the long half of a pull (a request for every order),
//! so how far it got is on disk with what it read.

use super::catalogue::Catalogue;
use super::{ACTOR, Progress, connected, count, cursor, departures, finish, keep, of_object};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::Watch;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tieout_domain::{Fetched, ObjectKind, Order, PaymentEvent, PaymentStatus, Refused, SourceId};
use tieout_store::{StoreError, SyncCounts, Tx};
use tieout_xcart::{Client, Cursor, Pull};

/// Orders this recent are read again on each pull: nothing shows that a refund moves an order's change date.
const RECENT_DAYS: i64 = 14;
/// Two requests at once, as X-Cart hosts bear.
const AT_ONCE: usize = 2;
/// Orders whose payments are kept together: no more than these are asked for again after a kill.
const ORDERS_AT_ONCE: usize = 25;
const PLACE: &str = "place";

pub(super) async fn pull_xcart(
    company: &Company,
    secrets: &Secrets,
    progress: &dyn Watch,
) -> Result<(u64, u64), ServiceError> {
    let source = SourceId::xcart(&company.connection()?.store_name);
    let run = company.store.start_sync_run(&source, company.now())?;
    let client = connected(company, run, progress.unless_stopped(company.xcart(secrets))).await?;
    let mut counts = SyncCounts::default();
    let reading = async {
        loop {
            let (place, goes_on) = Place::find(company, &source)?;
            let mut pull =
                StorePull { company, client: &client, source: &source, counts: &mut counts, progress, place };
            pull.orders().await?;
            pull.unsettled().await?;
            pull.through()?;
            // What an interrupted pull left is read now; what changed since it began comes next.
            if !goes_on {
                break;
            }
        }
        let mut lists = Catalogue { company, client: &client, source: &source, counts: &mut counts, progress };
        lists.read().await
    };
    let result = progress.unless_stopped(reading).await;
    counts.requests = u32::try_from(client.requests_made()).unwrap_or(u32::MAX);
    departures::keep(company, &source, departures::of_xcart(&client))?;
    company.heed(&result)?;
    finish(company, run, &counts, &result)?;
    result.map(|()| (client.requests_made(), u64::from(counts.refused)))
}

/// How far a pull is, stored as it goes on: an interrupted one is taken up here and not at its first page.
#[derive(Serialize, Deserialize)]
struct Place {
    /// When it began: the watermark once it is through.
    began: Timestamp,
    /// The watermark it goes by, `None` for every order there is. A place of another window is no place.
    since: Option<Timestamp>,
    stage: Stage,
    /// Orders whose payments are kept, of this page and the one before.
    done: BTreeSet<u64>,
    orders: u64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stage {
    Orders {
        page: Cursor,
        before: Option<Cursor>,
    },
    /// Payments of orders that did not change, above this id.
    Unsettled {
        after: u64,
    },
}

impl Place {
    /// The stored one, when it belongs to the window that is due, else the beginning. True when it goes on.
    fn find(company: &Company, source: &SourceId) -> Result<(Place, bool), ServiceError> {
        let since = cursor(company, source, ObjectKind::Order)?;
        let stored = company.store.read(|reader| reader.cursor(&of_object(source, PLACE), ObjectKind::Order))?;
        let stored: Option<Place> = stored.and_then(|(text, _)| serde_json::from_str(&text).ok());
        if let Some(mut place) = stored.filter(|it| it.since == since) {
            // One page back: orders deleted meanwhile have moved the others up.
            if let Stage::Orders { page, before } = place.stage {
                place.stage = Stage::Orders { page: before.unwrap_or(page).again(), before: None };
            }
            return Ok((place, true));
        }
        let stage = Stage::Orders { page: Cursor::default(), before: None };
        Ok((Place { began: company.now(), since, stage, done: BTreeSet::new(), orders: 0 }, false))
    }
}

struct StorePull<'a> {
    company: &'a Company,
    client: &'a Client,
    source: &'a SourceId,
    counts: &'a mut SyncCounts,
    progress: &'a dyn Watch,
    place: Place,
}

impl StorePull<'_> {
    async fn orders(&mut self) -> Result<(), ServiceError> {
        let pull = self.place.since.map_or(Pull::Whole, |since| Pull::Changed { since });
        let mut page_before: BTreeSet<u64> = BTreeSet::new();
        while let Stage::Orders { page: at, .. } = self.place.stage.clone() {
            let page = self.client.orders_page(pull, at.clone()).await?;
            keep(self.company, &page.good, &page.refused, self.counts)?;
            let here: BTreeSet<u64> = page.good.iter().map(|it| it.value.id).collect();
            let mut orders: Vec<Order> = page.good.into_iter().map(|it| it.value).collect();
            orders.retain(|it| !self.place.done.contains(&it.id));
            for some in orders.chunks(ORDERS_AT_ONCE) {
                let payments = self.payments_of(some).await?;
                self.place.done.extend(some.iter().map(|it| it.id));
                self.place.orders += some.len() as u64;
                self.keep_payments(&payments)?;
                self.progress.tell(Progress { what: "orders", done: self.place.orders });
            }
            self.place.done.retain(|it| !page_before.contains(it));
            page_before = here;
            self.place.stage = match page.next {
                Some(next) => Stage::Orders { page: next, before: Some(at) },
                None => Stage::Unsettled { after: 0 },
            };
            self.company.store.write(ACTOR, self.company.now(), |tx| self.save_place(tx))?;
        }
        Ok(())
    }

    /// Orders whose money may still move: those changed lately (nothing shows that a refund moves the change date), and,
    /// however old, those that still wait for money and those with a payment that was not understood. What changed since
    /// the watermark has just been read.
    async fn unsettled(&mut self) -> Result<(), ServiceError> {
        let (Some(since), Stage::Unsettled { after }) = (self.place.since, &self.place.stage) else { return Ok(()) };
        let misunderstood = self.misunderstood()?;
        let recent = self.place.began - SignedDuration::from_hours(24 * RECENT_DAYS);
        let waits = |order: &Order| {
            use PaymentStatus::{Authorized, Missing, PartiallyPaid, Queued, Unknown};
            matches!(order.payment_status, Queued | Authorized | PartiallyPaid | Unknown(_) | Missing)
        };
        let orders = self.company.store.read(|reader| reader.load_all::<Order>())?;
        let mut orders: Vec<Order> = orders.into_iter().map(|it| it.value).collect();
        orders.retain(|it| it.id > *after && it.changed_at < since);
        orders.retain(|it| it.changed_at >= recent || waits(it) || misunderstood.contains(&it.id));
        orders.sort_by_key(|it| it.id);
        for some in orders.chunks(ORDERS_AT_ONCE) {
            let payments = self.payments_of(some).await?;
            self.place.stage = Stage::Unsettled { after: some[some.len() - 1].id };
            self.keep_payments(&payments)?;
        }
        Ok(())
    }

    async fn payments_of(&self, orders: &[Order]) -> Result<Payments, ServiceError> {
        let pages: Vec<_> = stream::iter(orders.to_vec())
            .map(|order| async move { Ok::<_, ServiceError>((order.id, self.client.payments_of(&order).await?)) })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut payments = Payments::default();
        for (order, page) in pages {
            let kind = if page.refused.is_empty() { &mut payments.understood } else { &mut payments.misunderstood };
            kind.push(order);
            payments.good.extend(page.good);
            payments.refused.extend(page.refused);
        }
        Ok(payments)
    }

    /// With the place they belong to, so that a kill loses neither.
    fn keep_payments(&mut self, payments: &Payments) -> Result<(), ServiceError> {
        let report = self.company.store.write(ACTOR, self.company.now(), |tx| {
            let report = tx.upsert(&payments.good)?;
            if !payments.refused.is_empty() {
                tx.refuse(&payments.refused)?;
            }
            self.save_place(tx)?;
            Ok::<_, StoreError>(report)
        })?;
        count(self.counts, &report, payments.refused.len());
        let before = self.misunderstood()?;
        let mut now = before.clone();
        now.retain(|it| !payments.understood.contains(it));
        now.extend(&payments.misunderstood);
        if now != before {
            let text = serde_json::to_string(&now).expect("plain numbers");
            self.company.store.remember(&misunderstood_key(self.source), &text)?;
        }
        Ok(())
    }

    /// Orders of which some payment row was refused when it was last read.
    fn misunderstood(&self) -> Result<BTreeSet<u64>, ServiceError> {
        let kept = self.company.store.read(|reader| reader.recall(&misunderstood_key(self.source)))?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn save_place(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let text = serde_json::to_string(&self.place).expect("a place is plain text");
        tx.set_cursor(&of_object(self.source, PLACE), ObjectKind::Order, &text)
    }

    /// The window is read whole: the watermark moves, and there is no place in it any more.
    fn through(&self) -> Result<(), ServiceError> {
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| {
            tx.set_cursor(self.source, ObjectKind::Order, &self.place.began.to_string())?;
            tx.set_cursor(&of_object(self.source, PLACE), ObjectKind::Order, "")
        })?)
    }
}

#[derive(Default)]
struct Payments {
    good: Vec<Fetched<PaymentEvent>>,
    refused: Vec<Refused>,
    /// Orders all of whose payments were understood, and the others.
    understood: Vec<u64>,
    misunderstood: Vec<u64>,
}

fn misunderstood_key(source: &SourceId) -> String {
    format!("orders-with-refused-payments/{source}")
}
