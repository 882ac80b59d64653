//! The store's own customers and products. Intacct's are `Customer` and `LedgerItem`.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_money::UnitPrice;

/// A customer's account. Names live in the addresses of orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub store: SourceId,
    pub id: u64,
    pub email: String,
    pub enabled: bool,
    pub created_at: Option<Timestamp>,
}

impl Profile {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.store.clone(), ObjectKind::Profile, self.id.to_string())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub store: SourceId,
    pub id: u64,
    pub sku: String,
    /// Empty in the add-on's lists, which carry no translations.
    pub name: String,
    pub price: UnitPrice,
    pub stock: Decimal,
    pub enabled: bool,
    pub changed_at: Option<Timestamp>,
}

impl Product {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.store.clone(), ObjectKind::Product, self.id.to_string())
    }
}
