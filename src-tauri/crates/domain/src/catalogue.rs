//! What the two systems share besides money: goods, stock, prices, parcels and people. Read when a flow runs, not cached.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How much of an item Intacct has in one warehouse: all its bins together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLevel {
    pub item_id: String,
    pub warehouse: String,
    pub on_hand: Decimal,
    /// Promised to documents of Intacct's own.
    pub on_hold: Decimal,
}

/// An item as Intacct offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOffer {
    pub company: SourceId,
    pub item_id: String,
    pub name: String,
    pub description: String,
    pub active: bool,
    /// In the base currency; `None` where Intacct has none.
    pub base_price: Option<Decimal>,
    pub weight: Option<Decimal>,
}

impl ItemOffer {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::Item, self.item_id.clone())
    }
}

/// One line of an Order Entry price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceEntry {
    pub record_no: String,
    pub list: String,
    pub item_id: String,
    pub value: Decimal,
    /// Empty: the base currency.
    pub currency: String,
    pub from: Option<Date>,
    /// The last day it holds.
    pub to: Option<Date>,
    /// It holds for this many and more.
    pub min_quantity: Option<Decimal>,
    pub active: bool,
}

impl PriceEntry {
    pub fn holds_on(&self, day: Date) -> bool {
        self.active && self.from.is_none_or(|it| it <= day) && self.to.is_none_or(|it| day <= it)
    }
}

/// What left the warehouse for an order, as an Order Entry document says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub company: SourceId,
    /// `<definition>-<number>`.
    pub doc_id: String,
    pub definition: String,
    pub number: String,
    /// PONUMBER: where the store's order number sits.
    pub reference: String,
    /// DOCID of the document it was converted from; empty where it was not.
    pub created_from: String,
    pub state: String,
    pub shipped_on: Option<Date>,
    pub carrier: String,
    /// Comma-separated in Intacct.
    pub tracking: Vec<String>,
    pub changed_at: Option<Timestamp>,
}

impl Shipment {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::SalesDocument, self.doc_id.clone())
    }
}

/// A product as the store has it now, with all that a flow may write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    pub store: SourceId,
    pub id: u64,
    pub sku: String,
    /// `None` where the dialect's list does not carry it.
    pub name: Option<String>,
    pub description: Option<String>,
    /// In the store's currency.
    pub price: Decimal,
    pub weight: Decimal,
    pub enabled: bool,
    /// Whole units; the store counts no parts of one.
    pub amount: i64,
    /// False: the store sells it without counting.
    pub counted: bool,
}

impl ProductCard {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.store.clone(), ObjectKind::Product, self.id.to_string())
    }
}
