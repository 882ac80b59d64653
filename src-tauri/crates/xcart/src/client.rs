//! The client the rest of Tieout uses: pages of orders, the payments of an order, customers, products.

use crate::contract::{Contract, Departure};
use crate::error::XcartError;
use crate::http::{Ask, Http};
use crate::pull::{Cursor, Page, Pull};
use crate::reading::{self, Kind, Reading};
use crate::row::{Bad, Row};
use crate::shop::{Dialect, Shop};
use crate::walk::{self, Window};
use crate::{admin_api, redact, rest_addon};
use futures::{Stream, StreamExt, stream};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use tieout_domain::{Fetched, ObjectKind, Order, PaymentEvent, Product, Profile};

#[derive(Clone, Debug)]
pub struct Client {
    http: Arc<Http>,
    dialect: Dialect,
    contract: Arc<Contract>,
}

impl Client {
    pub(crate) fn new(http: Http, dialect: Dialect) -> Client {
        Client { http: Arc::new(http), dialect, contract: Arc::default() }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub fn shop(&self) -> &Shop {
        &self.http.config.shop
    }

    /// Every request sent, tries again included.
    pub fn requests_made(&self) -> u64 {
        self.http.requests_made()
    }

    /// All pages of orders changed since then (`None`: all orders), one after the other.
    /// The next watermark is the moment this pull began, not the newest change seen.
    pub fn changed_orders(
        &self,
        since: Option<Timestamp>,
    ) -> impl Stream<Item = Result<Page<Order>, XcartError>> + Send {
        self.orders_from(since.map_or(Pull::Whole, |since| Pull::Changed { since }), Cursor::default())
    }

    /// Goes on at a stored place; `page.next` of the last page that was kept is that place.
    pub fn orders_from(
        &self,
        pull: Pull,
        cursor: Cursor,
    ) -> impl Stream<Item = Result<Page<Order>, XcartError>> + Send {
        let client = self.clone();
        stream::try_unfold(Some(cursor), move |at| {
            let client = client.clone();
            async move {
                let Some(at) = at else { return Ok(None) };
                let page = client.orders_page(pull, at).await?;
                let next = page.next.clone();
                Ok(Some((page, next)))
            }
        })
    }

    pub async fn orders_page(&self, pull: Pull, at: Cursor) -> Result<Page<Order>, XcartError> {
        match self.dialect {
            Dialect::AdminApi => self.orders_page_a(pull, at).await,
            Dialect::RestAddon => self.orders_page_b(pull, at).await,
        }
    }

    /// No filter is trusted (reference/xcart.md 0.5): newest change first, and stop once older than asked for.
    async fn orders_page_a(&self, pull: Pull, at: Cursor) -> Result<Page<Order>, XcartError> {
        let sort = match pull {
            Pull::Whole => None,
            Pull::Changed { .. } => Some(("order[lastRenewDate]", "desc".to_owned())),
        };
        let some = self.some_orders("/api/orders", "id", &at, sort).await?;
        let mut page = Page::empty();
        let (mut oldest, mut sorted, mut before) = (at.oldest, at.sorted, None);
        let cutoff = self.cutoff(pull);
        for (n, row) in some.rows.iter().enumerate() {
            self.reading().keep(&mut page, &reading::ORDER_A, &self.place_name(some.start, n), row.clone(), |it| {
                admin_api::order(self.shop(), it).map(Some)
            });
            if let Some(changed) = Row::of(row).ok().and_then(|it| it.timestamp_if_set("update_date")) {
                // Within a page: between two, what was changed meanwhile has moved to the front and the others back.
                sorted &= before.is_none_or(|before| changed <= before);
                before = Some(changed);
                oldest = Some(oldest.map_or(changed, |it: Timestamp| it.min(changed)));
            }
        }
        page.good.retain(|it| cutoff.is_none_or(|cutoff| it.value.changed_at >= cutoff));
        page.good.retain(|it| !at.lately.contains(&it.value.id));
        // Where the store ignored the sort, every page is read.
        let done = sorted && cutoff.zip(oldest).is_some_and(|(cutoff, oldest)| oldest < cutoff);
        if !done {
            page.next = some.next.map(|next| Cursor { oldest, sorted, ..next });
        }
        Ok(page)
    }

    /// The plain list tells what changed; the `complex` schema is asked order by order, since its paging is unproven.
    async fn orders_page_b(&self, pull: Pull, at: Cursor) -> Result<Page<Order>, XcartError> {
        let some = self.some_orders("order", "order_id", &at, None).await?;
        let cutoff = self.cutoff(pull);
        let mut page = Page::empty();
        let mut wanted = Vec::new();
        for (n, value) in some.rows.iter().enumerate() {
            let row = Row::of(value).and_then(|it| Ok((it.id("order_id")?, it.timestamp("lastRenewDate").ok())));
            match row {
                // A change date that cannot be read is no reason to leave the order out.
                Ok((id, changed)) => {
                    let is_wanted = cutoff.zip(changed).is_none_or(|(cutoff, changed)| changed >= cutoff);
                    if is_wanted && !at.lately.contains(&id) {
                        wanted.push(id);
                    }
                }
                Err(bad) => {
                    let row = redact(value.clone());
                    let place = self.place_name(some.start, n);
                    page.refused.push(self.reading().refused(ObjectKind::Order, place, &bad, &row));
                }
            }
        }
        let parallel = self.http.config.parallel.clamp(1, 2);
        let mut answers = stream::iter(wanted.into_iter().map(|id| async move {
            (id, self.get(format!("order/{id}"), vec![("_schema", "complex".to_owned())]).await)
        }))
        .buffered(parallel);
        while let Some((id, answer)) = answers.next().await {
            let answer = match answer {
                // Deleted between the list and the question.
                Ok(Value::Null) | Err(XcartError::NotFound { .. }) => continue,
                other => other?,
            };
            let answer = redact(answer);
            self.contract.compare(reading::ORDER_B.entity, &answer);
            match Row::of(&answer).and_then(|it| rest_addon::order(self.shop(), it)) {
                Ok(order) if order.id != id => {
                    let bad = Bad::new("orderId", format_args!("{} came in answer to {id}", order.id));
                    page.refused.push(self.reading().refused(ObjectKind::Order, id.to_string(), &bad, &answer));
                }
                Ok(value) => page.good.push(Fetched { value, raw: self.reading().raw(&answer) }),
                Err(bad) => page.refused.push(self.reading().refused(ObjectKind::Order, id.to_string(), &bad, &answer)),
            }
        }
        drop(answers);
        page.next = some.next;
        Ok(page)
    }

    /// The rows behind those read before, without a gap (see `walk`).
    async fn some_orders(
        &self,
        path: &str,
        id: &str,
        at: &Cursor,
        extra: Option<(&str, String)>,
    ) -> Result<Rows, XcartError> {
        let mut window = Window::after(at.read, self.page_size());
        let mut rows = self.window(path, window, extra.clone()).await?;
        while !walk::follows(window, &rows, at.read, &at.lately, id) {
            window = Window::after(window.start(), self.page_size());
            rows = self.window(path, window, extra.clone()).await?;
        }
        // Lists carry no total: a page shorter than asked for is the last; a longer one ignored paging and is everything.
        let is_last = rows.len() != window.size as usize;
        let new: Vec<u64> = walk::ids(&rows, id).filter(|it| !at.lately.contains(it)).collect();
        let nothing_new = if new.is_empty() { at.nothing_new + 1 } else { 0 };
        let ignores_paging = window.start() > 0 && rows.len() > window.size as usize;
        if ignores_paging || nothing_new >= NOTHING_NEW_MAX {
            let why = format!("page {} holds what was there before; the store ignores paging", window.page);
            return Err(XcartError::BrokenAnswer { what: "a list".to_owned(), why });
        }
        let next = (!is_last).then(|| {
            let read = window.start() + rows.len() as u64;
            let mut lately: Vec<u64> = at.lately.iter().copied().chain(new).collect();
            lately.drain(..lately.len().saturating_sub(2 * self.page_size() as usize));
            Cursor { page: at.page + 1, read, lately, nothing_new, ..at.clone() }
        });
        Ok(Rows { start: window.start(), rows, next })
    }

    /// A row without a number of its own is named by where it stands.
    fn place_name(&self, start: u64, n: usize) -> String {
        let (at, size) = (start + n as u64, u64::from(self.page_size()));
        format!("page-{}-row-{}", at / size + 1, at % size + 1)
    }

    /// One call per order in the admin API, one and one per transaction in the add-on.
    pub async fn payments_of(&self, order: &Order) -> Result<Page<PaymentEvent>, XcartError> {
        let rows = match self.dialect {
            Dialect::AdminApi => self.transactions_a(order.id).await?,
            Dialect::RestAddon => self.transactions_b(order.id).await?,
        };
        Ok(self.reading().payments(order, rows))
    }

    async fn transactions_a(&self, order: u64) -> Result<Vec<Value>, XcartError> {
        let path = format!("/api/orders/{order}/payment_transactions");
        let mut all = Vec::new();
        let mut at = Cursor::default();
        loop {
            let rows = self.list_page(&path, &at, None).await?;
            let next = self.next(&at, &rows, "id")?;
            all.extend(rows);
            match next {
                Some(next) => at = next,
                None => return Ok(all),
            }
        }
    }

    async fn transactions_b(&self, order: u64) -> Result<Vec<Value>, XcartError> {
        let what = format!("order/{order}");
        let answer = self.get(what.clone(), Vec::new()).await?;
        let Ok(row) = Row::of(&answer) else { return Err(XcartError::NotFound { what }) };
        let broken = |bad: Bad| XcartError::BrokenAnswer { what: what.clone(), why: bad.to_string() };
        let listed = row.list("payment_transactions").map_err(broken)?;
        let asked = listed.iter().cloned().map(|it| async move {
            match Row::of(&it).and_then(|it| it.id("transaction_id")) {
                Ok(id) => match self.get(format!("payment-transaction/{id}"), Vec::new()).await? {
                    // Gone since the order named it: what the order said of it is refused with the row count kept right.
                    Value::Null => Ok(serde_json::json!({ "transaction_id": id })),
                    found => Ok(found),
                },
                Err(_) => Ok(it),
            }
        });
        let parallel = self.http.config.parallel.clamp(1, 2);
        stream::iter(asked).buffered(parallel).collect::<Vec<Result<Value, XcartError>>>().await.into_iter().collect()
    }

    /// Customers; administrators are left out.
    pub async fn profiles_page(&self, at: Cursor) -> Result<Page<Profile>, XcartError> {
        let (path, kind) = match self.dialect {
            Dialect::AdminApi => ("/api/profiles", &reading::PROFILE_A),
            Dialect::RestAddon => ("profile", &reading::PROFILE_B),
        };
        self.whole_page(path, kind, at, |it| match self.dialect {
            Dialect::AdminApi => admin_api::profile(self.shop(), it),
            Dialect::RestAddon => rest_addon::profile(self.shop(), it),
        })
        .await
    }

    pub async fn products_page(&self, at: Cursor) -> Result<Page<Product>, XcartError> {
        let (path, kind) = match self.dialect {
            Dialect::AdminApi => ("/api/products", &reading::PRODUCT_A),
            Dialect::RestAddon => ("product", &reading::PRODUCT_B),
        };
        self.whole_page(path, kind, at, |it| match self.dialect {
            Dialect::AdminApi => admin_api::product(self.shop(), it).map(Some),
            Dialect::RestAddon => rest_addon::product(self.shop(), it).map(Some),
        })
        .await
    }

    pub(crate) async fn whole_page<T>(
        &self,
        path: &str,
        kind: &Kind,
        at: Cursor,
        read: impl Fn(Row<'_>) -> Result<Option<T>, Bad>,
    ) -> Result<Page<T>, XcartError> {
        let rows = self.list_page(path, &at, None).await?;
        let mut page = Page::empty();
        page.next = self.next(&at, &rows, kind.id)?;
        for (n, row) in rows.into_iter().enumerate() {
            self.reading().keep(&mut page, kind, &row_name(n, &at), row, &read);
        }
        Ok(page)
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading {
            shop: self.shop(),
            dialect: self.dialect,
            gateway_ref_names: &self.http.config.gateway_ref_names,
            key: self.http.key(),
            contract: &self.contract,
        }
    }

    /// Where this store's answers were not as recorded, so far.
    pub fn departures(&self) -> Vec<Departure> {
        self.contract.departures()
    }

    fn cutoff(&self, pull: Pull) -> Option<Timestamp> {
        match pull {
            Pull::Whole => None,
            Pull::Changed { since } => Some(since.saturating_sub(self.http.config.overlap).unwrap_or(Timestamp::MIN)),
        }
    }

    fn page_size(&self) -> u32 {
        self.http.config.page_size.clamp(1, 100)
    }

    pub(crate) async fn get(&self, path: String, query: Vec<(&str, String)>) -> Result<Value, XcartError> {
        self.http.get(&Ask { dialect: self.dialect, path, query }).await
    }

    async fn list_page(
        &self,
        path: &str,
        at: &Cursor,
        extra: Option<(&str, String)>,
    ) -> Result<Vec<Value>, XcartError> {
        self.window(path, Window { page: at.page.max(1), size: self.page_size() }, extra).await
    }

    async fn window(
        &self,
        path: &str,
        window: Window,
        extra: Option<(&str, String)>,
    ) -> Result<Vec<Value>, XcartError> {
        let mut query = match self.dialect {
            Dialect::AdminApi => vec![("page", window.page.to_string()), ("itemsPerPage", window.size.to_string())],
            Dialect::RestAddon => {
                vec![("_cnd[limit][0]", window.start().to_string()), ("_cnd[limit][1]", window.size.to_string())]
            }
        };
        query.extend(extra);
        match self.get(path.to_owned(), query).await? {
            Value::Array(rows) => Ok(rows),
            _ => Err(XcartError::BrokenAnswer { what: path.to_owned(), why: "it is not a list".to_owned() }),
        }
    }

    /// Lists carry no total: a page shorter than asked for is the last; a longer one ignored paging and is everything.
    fn next(&self, at: &Cursor, rows: &[Value], id: &str) -> Result<Option<Cursor>, XcartError> {
        let first_id = rows.first().and_then(|it| Row::of(it).ok()).and_then(|it| it.id(id).ok());
        if at.page > 1 && first_id.is_some() && first_id == at.first_id {
            let why = format!("page {} is page {} again; the store ignores paging", at.page, at.page - 1);
            return Err(XcartError::BrokenAnswer { what: "a list".to_owned(), why });
        }
        let full = rows.len() == self.page_size() as usize;
        Ok(full.then(|| Cursor { page: at.page + 1, first_id, ..at.clone() }))
    }
}

/// Rows of a list, how many stand before them, and where to go on.
struct Rows {
    start: u64,
    rows: Vec<Value>,
    next: Option<Cursor>,
}

/// Orders are changed and moved to the front while they are read, so some pages of nothing new are no wonder.
const NOTHING_NEW_MAX: u8 = 10;

fn row_name(n: usize, at: &Cursor) -> String {
    format!("page-{}-row-{}", at.page, n + 1)
}
