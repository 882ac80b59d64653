//! Reads both sides and has the flow planned. What could not be read becomes a letter; the rest is planned without it.

use crate::company::Company;
use crate::error::ServiceError;
use crate::pull::{Progress, fresh_documents, fresh_orders};
use crate::watch::Watch;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Invoice, ItemOffer, Order, PriceEntry, ProductCard, Refused, SalesDocument, Shipment};
use tieout_flows::{Cause, Flow, FlowPlan, Letter, products, shipments, stock};
use tieout_intacct::Reader;
use tieout_intacct::read::goods;
use tieout_planning::{ProductField, Settings};
use tieout_xcart::Cursor;

pub(super) struct Sources<'a> {
    pub company: &'a Company,
    pub settings: &'a Settings,
    pub xcart: &'a tieout_xcart::Client,
    pub intacct: &'a tieout_intacct::Client,
    pub watch: &'a dyn Watch,
}

/// What both systems say, read now.
pub(super) async fn plan(sources: &Sources<'_>, flow: Flow) -> Result<FlowPlan, ServiceError> {
    let mut not_read = Vec::new();
    let mut plan = match flow {
        Flow::Stock => Box::pin(sources.stock(&mut not_read)).await?,
        Flow::Products => Box::pin(sources.products(&mut not_read)).await?,
        Flow::Shipments => Box::pin(sources.shipments(&mut not_read)).await?,
    };
    plan.letters.extend(not_read.into_iter().map(|it| Letter {
        flow,
        key: format!("{flow}/{}/read", it.record),
        title: it.record.to_string(),
        cause: Cause::NotUnderstood,
        why: it.reason,
        raw: it.raw,
    }));
    Ok(plan)
}

impl Sources<'_> {
    async fn stock(&self, not_read: &mut Vec<Refused>) -> Result<FlowPlan, ServiceError> {
        // Documents before totals and orders last: what happens meanwhile is then taken off twice, and never not at all.
        fresh_documents(self.company, self.intacct, self.watch).await?;
        let totals = self.intacct.stock_totals().await?;
        not_read.extend(totals.refused);
        let items = self.items(not_read).await?;
        let cards = self.cards(not_read).await?;
        fresh_orders(self.company, self.xcart).await?;
        let counted = self.counted()?;
        let orders = self.company.store.read(|reader| reader.load_all::<Order>())?;
        let reserved = stock::reserved(self.settings, orders.iter().map(|it| &it.value), &counted);
        Ok(stock::plan(&stock::Facts {
            settings: self.settings,
            products: &cards,
            levels: &totals.levels,
            items: &items,
            reserved: &reserved,
        }))
    }

    async fn products(&self, not_read: &mut Vec<Refused>) -> Result<FlowPlan, ServiceError> {
        let items = self.items(not_read).await?;
        let prices: Vec<PriceEntry> = match self.settings.flows.products.price_list.is_empty() {
            true => Vec::new(),
            false => self.drained(&goods::prices(), not_read).await?,
        };
        let base = self.intacct.books().await?.base_currency;
        let mut cards = self.cards(not_read).await?;
        self.add_texts(&mut cards).await?;
        Ok(products::plan(&products::Facts {
            settings: self.settings,
            products: &cards,
            items: &items,
            prices: &prices,
            store_currency: self.company.connection()?.store_currency.code(),
            base_currency: base.code(),
            today: self.company.today()?,
        }))
    }

    async fn shipments(&self, not_read: &mut Vec<Refused>) -> Result<FlowPlan, ServiceError> {
        let documents: Vec<Shipment> = self.drained(&goods::shipments(), not_read).await?;
        fresh_orders(self.company, self.xcart).await?;
        let orders = self.company.store.read(|reader| reader.load_all::<Order>())?;
        let orders: BTreeMap<String, Order> =
            orders.into_iter().map(|it| (it.value.number.clone(), it.value)).collect();
        Ok(shipments::plan(&shipments::Facts {
            settings: self.settings,
            orders: &orders,
            documents: &documents,
            takes_tracking: self.xcart.takes_tracking(),
        }))
    }

    async fn items(&self, not_read: &mut Vec<Refused>) -> Result<BTreeMap<String, ItemOffer>, ServiceError> {
        let items = self.drained(&goods::offers(), not_read).await?;
        Ok(items.into_iter().map(|it| (it.item_id.clone(), it)).collect())
    }

    async fn drained<T>(&self, reader: &Reader<T>, not_read: &mut Vec<Refused>) -> Result<Vec<T>, ServiceError> {
        let mut all = BTreeMap::new();
        // A pull that runs twice hands the same records over again.
        self.intacct
            .drain(reader, None, |page| {
                for it in page.good {
                    all.insert(it.raw.clone(), it.value);
                }
                not_read.extend(page.refused);
            })
            .await?;
        self.watch.tell(Progress { what: reader.object, done: all.len() as u64 });
        Ok(all.into_values().collect())
    }

    async fn cards(&self, not_read: &mut Vec<Refused>) -> Result<Vec<ProductCard>, ServiceError> {
        let mut at = Some(Cursor::default());
        let mut cards = BTreeMap::new();
        while let Some(cursor) = at {
            let page = self.xcart.product_cards_page(cursor).await?;
            cards.extend(page.good.into_iter().map(|it| (it.value.id, it.value)));
            not_read.extend(page.refused);
            self.watch.tell(Progress { what: "products", done: cards.len() as u64 });
            at = page.next;
        }
        Ok(cards.into_values().collect())
    }

    /// The add-on's list holds no texts: where they are compared, each product is asked for, one request each.
    async fn add_texts(&self, cards: &mut [ProductCard]) -> Result<(), ServiceError> {
        let fields = &self.settings.flows.products.fields;
        let compares_texts = fields.contains(&ProductField::Name) || fields.contains(&ProductField::Description);
        for card in cards.iter_mut().filter(|it| compares_texts && it.name.is_none()) {
            self.watch.go_on()?;
            // Gone since the list was read: it is judged by what the list said.
            if let Some(whole) = self.xcart.product_card(card.id).await? {
                *card = whole.value;
            }
        }
        Ok(())
    }

    /// Numbers of the store's orders that Intacct has counted.
    fn counted(&self) -> Result<BTreeSet<String>, ServiceError> {
        let wanted = &self.settings.flows.stock.counted;
        let prefix = self.settings.orders.number_prefix.as_str();
        let plain = |number: &str| number.strip_prefix(prefix).unwrap_or(number).to_owned();
        let documents = self.company.store.read(|reader| reader.load_all::<SalesDocument>())?;
        let of_documents = documents
            .iter()
            .map(|it| &it.value)
            .filter(|it| wanted.is_empty() || wanted.contains(&it.definition))
            .flat_map(|it| [plain(&it.number), plain(&it.reference)]);
        let mut counted: BTreeSet<String> = of_documents.collect();
        if wanted.is_empty() {
            let invoices = self.company.store.read(|reader| reader.load_all::<Invoice>())?;
            counted.extend(invoices.iter().flat_map(|it| [plain(&it.value.number), plain(&it.value.reference)]));
        }
        counted.remove("");
        Ok(counted)
    }
}
