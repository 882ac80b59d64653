//! An order as the store tells it. Totals are the store's facts; Tieout checks them and never recomputes them.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_money::{Currency, Money, UnitPrice};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub store: SourceId,
    /// X-Cart's internal number; identity is store + id.
    pub id: u64,
    /// What the customer and the accountant call it, e.g. `10482`. Not unique across stores.
    pub number: String,
    pub currency: Currency,
    /// Subtotal plus the surcharges that are not already in the price.
    pub total: Money,
    pub subtotal: Money,
    pub placed_at: Timestamp,
    /// The store's own day (its time zone), not UTC's.
    pub placed_on: Date,
    pub changed_at: Timestamp,
    pub payment_status: PaymentStatus,
    pub shipping_status: ShippingStatus,
    /// X-Cart's profile id of the customer; `None` for some guests.
    pub customer_id: Option<u64>,
    pub email: String,
    pub billing: Option<Address>,
    pub shipping: Option<Address>,
    pub shipping_method: String,
    pub lines: Vec<OrderLine>,
    pub surcharges: Vec<Surcharge>,
    pub tracking_numbers: Vec<String>,
    /// Method names of the transactions, where the dialect tells them with the order.
    pub payment_method: Option<String>,
    pub notes: String,
}

impl Order {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.store.clone(), ObjectKind::Order, self.id.to_string())
    }

    /// The person or company to show: company or name of the billing address, else the e-mail address.
    pub fn party(&self) -> &str {
        self.billing
            .as_ref()
            .or(self.shipping.as_ref())
            .map(|it| it.name.as_str())
            .filter(|it| !it.is_empty())
            .unwrap_or(&self.email)
    }

    /// Sum of one kind of surcharge that is added to the price (reference/xcart.md 6).
    pub fn surcharge_total(&self, kind: SurchargeKind) -> Decimal {
        self.surcharges.iter().filter(|it| it.kind == kind && !it.included).map(|it| it.value.amount).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    pub id: u64,
    pub product_id: Option<u64>,
    pub sku: String,
    pub name: String,
    pub quantity: Decimal,
    /// May be finer than the currency.
    pub price: UnitPrice,
    /// The store's own total of the line after line discounts, where it tells it.
    pub total: UnitPrice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SurchargeKind {
    Shipping,
    Tax,
    Discount,
    Handling,
    Other,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surcharge {
    pub kind: SurchargeKind,
    /// X-Cart's code, e.g. `SHIPPING`, `CDEV.STAX.2`: what taxes are mapped by.
    pub code: String,
    pub name: String,
    /// Negative for discounts. May be finer than the currency.
    pub value: UnitPrice,
    /// Already inside the item prices (VAT-style); not added to the total.
    pub included: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// First and last name, or the company where the store tells one.
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub country_code: String,
    pub phone: String,
}

/// X-Cart's payment status codes (reference/xcart.md 4.3). A custom code is kept as it is, never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentStatus {
    Queued,
    Authorized,
    PartiallyPaid,
    Paid,
    Declined,
    Cancelled,
    Refunded,
    /// A code this store invented; named in an exception until a person maps it.
    Unknown(String),
    /// The store sent no status at all.
    Missing,
}

impl PaymentStatus {
    pub fn from_code(code: &str) -> PaymentStatus {
        match code {
            "Q" => PaymentStatus::Queued,
            "A" => PaymentStatus::Authorized,
            "PP" => PaymentStatus::PartiallyPaid,
            "P" => PaymentStatus::Paid,
            "D" => PaymentStatus::Declined,
            "C" => PaymentStatus::Cancelled,
            "R" => PaymentStatus::Refunded,
            "" => PaymentStatus::Missing,
            other => PaymentStatus::Unknown(other.to_owned()),
        }
    }

    pub fn code(&self) -> &str {
        match self {
            PaymentStatus::Queued => "Q",
            PaymentStatus::Authorized => "A",
            PaymentStatus::PartiallyPaid => "PP",
            PaymentStatus::Paid => "P",
            PaymentStatus::Declined => "D",
            PaymentStatus::Cancelled => "C",
            PaymentStatus::Refunded => "R",
            PaymentStatus::Unknown(code) => code,
            PaymentStatus::Missing => "",
        }
    }

    /// Nothing more will happen to the money without a new event at the store.
    pub fn is_final(&self) -> bool {
        matches!(self, PaymentStatus::Declined | PaymentStatus::Cancelled | PaymentStatus::Refunded)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShippingStatus {
    New,
    Processing,
    Shipped,
    Delivered,
    WillNotDeliver,
    Returned,
    WaitingForApproval,
    Backordered,
    Unknown(String),
    Missing,
}

impl ShippingStatus {
    pub fn from_code(code: &str) -> ShippingStatus {
        match code {
            "N" => ShippingStatus::New,
            "P" => ShippingStatus::Processing,
            "S" => ShippingStatus::Shipped,
            "D" => ShippingStatus::Delivered,
            "WND" => ShippingStatus::WillNotDeliver,
            "R" => ShippingStatus::Returned,
            "WFA" => ShippingStatus::WaitingForApproval,
            "NBA" => ShippingStatus::Backordered,
            "" => ShippingStatus::Missing,
            other => ShippingStatus::Unknown(other.to_owned()),
        }
    }

    pub fn code(&self) -> &str {
        match self {
            ShippingStatus::New => "N",
            ShippingStatus::Processing => "P",
            ShippingStatus::Shipped => "S",
            ShippingStatus::Delivered => "D",
            ShippingStatus::WillNotDeliver => "WND",
            ShippingStatus::Returned => "R",
            ShippingStatus::WaitingForApproval => "WFA",
            ShippingStatus::Backordered => "NBA",
            ShippingStatus::Unknown(code) => code,
            ShippingStatus::Missing => "",
        }
    }
}
