//! The store's customers and products. Neither list can be asked for what changed (reference/xcart.md 3), so from time to time
//! each is read whole, after the orders: money comes first.

use super::{ACTOR, Progress, cursor, keep, of_object};
use crate::company::Company;
use crate::error::ServiceError;
use crate::watch::Watch;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tieout_domain::{ObjectKind, SourceId};
use tieout_store::{CachedRecord, SyncCounts};
use tieout_xcart::{Client, Cursor, Page, XcartError};

const PLACE: &str = "place";
/// Where no settings say otherwise.
const HOURS: i64 = 24;

/// Where an interrupted reading goes on.
#[derive(Serialize, Deserialize)]
struct Place {
    began: Timestamp,
    page: Cursor,
    read: u64,
}

pub(super) struct Catalogue<'a> {
    pub company: &'a Company,
    pub client: &'a Client,
    pub source: &'a SourceId,
    pub counts: &'a mut SyncCounts,
    pub progress: &'a dyn Watch,
}

impl Catalogue<'_> {
    pub async fn read(&mut self) -> Result<(), ServiceError> {
        self.whole_list("customers of the store", |client, at| async move { client.profiles_page(at).await }).await?;
        self.whole_list("products", |client, at| async move { client.products_page(at).await }).await
    }

    async fn whole_list<T: CachedRecord, Asked: Future<Output = Result<Page<T>, XcartError>>>(
        &mut self,
        what: &'static str,
        ask: impl Fn(Client, Cursor) -> Asked,
    ) -> Result<(), ServiceError> {
        let Some(mut place) = self.due(T::OBJECT)? else { return Ok(()) };
        loop {
            let page = ask(self.client.clone(), place.page.clone()).await?;
            keep(self.company, &page.good, &page.refused, self.counts)?;
            place.read += (page.good.len() + page.refused.len()) as u64;
            self.progress.tell(Progress { what, done: place.read });
            match page.next {
                Some(next) => place.page = next,
                None => return self.through(T::OBJECT, place.began),
            }
            let text = serde_json::to_string(&place).expect("a place is plain text");
            let at = of_object(self.source, PLACE);
            self.company.store.write(ACTOR, self.company.now(), |tx| tx.set_cursor(&at, T::OBJECT, &text))?;
        }
    }

    /// `None`: it was read lately. Of an interrupted reading the page it reached is asked for again.
    fn due(&self, object: ObjectKind) -> Result<Option<Place>, ServiceError> {
        let now = self.company.now();
        let stored = self.company.store.read(|reader| reader.cursor(&of_object(self.source, PLACE), object))?;
        if let Some(place) = stored.and_then(|(text, _)| serde_json::from_str::<Place>(&text).ok()) {
            return Ok(Some(Place { page: place.page.again(), ..place }));
        }
        let settings = self.company.settings().ok().map(|(settings, _)| settings);
        let hours = settings.map_or(HOURS, |it| i64::from(it.pull.lists_every_hours));
        let is_fresh = cursor(self.company, self.source, object)?
            .is_some_and(|last| now.duration_since(last) < SignedDuration::from_hours(hours));
        Ok((!is_fresh).then(|| Place { began: now, page: Cursor::default(), read: 0 }))
    }

    fn through(&self, object: ObjectKind, began: Timestamp) -> Result<(), ServiceError> {
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| {
            tx.set_cursor(self.source, object, &began.to_string())?;
            tx.set_cursor(&of_object(self.source, PLACE), object, "")
        })?)
    }
}
