//! What a pretend X-Cart store holds: orders with their money and history, transactions, profiles, products.
//!
//! Plain data the demo generator builds and the server renders; field names follow the admin API
//! (`reference/xcart.md` 4), and how a figure or a date looks on the wire is decided in `json.rs`, never here.
//! Every change made over HTTP goes through [`Store`], whose clock steps one second a write, so that the same
//! requests on the same store always leave the same store behind.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seconds since 1970, the way X-Cart keeps every date.
pub type UnixSeconds = i64;

/// How the store is set up, and which of its doors are open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoreSettings {
    /// Shown in image and page addresses inside answers.
    pub base_url: String,
    /// IANA name; a bare date in a filter is midnight here, and arrival dates are midnight here.
    pub time_zone: String,
    /// The store's own currency; an order may carry another one.
    pub currency: String,
    pub key_read: String,
    pub key_read_write: String,
    /// Dialect A, the 5.5 admin API under `/api`.
    pub admin_api: bool,
    /// Dialect B, the 5.0-5.4 REST add-on under `/admin.php`.
    pub rest_addon: bool,
    /// What `/api/docs.json` answers. None answers 500, as the recorded kernel did.
    pub docs_json: Option<serde_json::Value>,
}

impl Default for StoreSettings {
    fn default() -> Self {
        StoreSettings {
            base_url: "http://127.0.0.1".to_owned(),
            time_zone: "UTC".to_owned(),
            currency: "USD".to_owned(),
            key_read: "key-ro".to_owned(),
            key_read_write: "key-rw".to_owned(),
            admin_api: true,
            rest_addon: true,
            docs_json: None,
        }
    }
}

/// A payment or shipping status as the store's administrator named it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderStatus {
    pub id: u64,
    /// At most four characters: `P`, `PP`, `WND`.
    pub code: String,
    pub name: String,
    pub customer_name: String,
    pub position: i64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// 0 lets [`Store::add_order`] give the next one.
    pub id: u64,
    pub order_number: String,
    /// Three letters; empty means the store's currency.
    pub currency: String,
    pub total: Decimal,
    pub sub_total: Decimal,
    pub items: Vec<OrderItem>,
    pub surcharges: Vec<Surcharge>,
    pub billing_address: Option<Address>,
    pub shipping_address: Option<Address>,
    pub email: String,
    /// The registered (or guest) customer; in `profiles`.
    pub customer_id: Option<u64>,
    /// The copy of the profile made for this order; never in `profiles`.
    pub order_profile_id: Option<u64>,
    /// Code, not id. None renders as null.
    pub payment_status: Option<String>,
    pub shipping_status: Option<String>,
    pub create_date: UnixSeconds,
    /// X-Cart's `lastRenewDate`, shown as `update_date`.
    pub last_renew_date: UnixSeconds,
    pub shipping_id: u64,
    pub shipping_method_name: String,
    /// What dialect B's item carries; the admin API does not show it.
    pub payment_method_name: String,
    pub notes: String,
    pub admin_notes: String,
    pub stock_status: String,
    pub transactions: Vec<PaymentTransaction>,
    pub tracking_numbers: Vec<TrackingNumber>,
    pub history: Vec<HistoryEvent>,
    pub details: Vec<OrderDetail>,
    pub used_coupons: Vec<UsedCoupon>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderItem {
    pub id: u64,
    /// None once the product was deleted.
    pub product_id: Option<u64>,
    pub sku: String,
    pub name: String,
    pub update_date: UnixSeconds,
    pub price: Decimal,
    pub item_net_price: Decimal,
    pub discounted_subtotal: Decimal,
    pub amount: i64,
    pub backordered_amount: i64,
    pub surcharges: Vec<Surcharge>,
}

/// A line between sub total and total: shipping, tax, discount, handling.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Surcharge {
    pub id: u64,
    /// `shipping`, `tax`, `discount` or `handling`.
    pub kind: String,
    /// `SHIPPING`, `DISCOUNT`, `DCOUPON`, `CDEV.STAX.1`.
    pub code: String,
    pub class: String,
    /// Already inside the price, so not added to the total.
    pub include: bool,
    pub available: bool,
    /// Negative for discounts; may carry four decimals.
    pub value: Decimal,
    pub name: String,
    pub weight: i64,
}

/// One attempt to take, hold or give back money, with the gateway's own steps below it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentTransaction {
    pub id: u64,
    /// X-Cart's own reference; neither unique nor the gateway's.
    pub public_id: String,
    pub public_txn_id: String,
    pub method_id: u64,
    /// `auth`, `sale`, `capture`, `refund`...
    pub kind: String,
    pub date: UnixSeconds,
    /// The true letter: I, P, S, W, F, C or V. The admin API hides it behind the method name.
    pub status: String,
    /// Service name of the method (`MoneyOrdering`): what the admin API shows as `status`.
    pub method_name: String,
    /// What the customer saw (`Money Order`).
    pub method_local_name: String,
    /// Three letters; empty means the order's currency.
    pub currency: String,
    pub value: Decimal,
    pub note: String,
    /// Where a processor keeps the gateway's own id, under a name of its choosing.
    pub data: Vec<TransactionData>,
    pub backend_transactions: Vec<BackendTransaction>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BackendTransaction {
    pub id: u64,
    pub kind: String,
    pub date: UnixSeconds,
    /// I, P, S, W or F; shown truthfully by both dialects.
    pub status: String,
    pub value: Decimal,
    pub data: Vec<TransactionData>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TransactionData {
    pub id: u64,
    pub name: String,
    pub label: String,
    pub value: String,
    /// `A` for administrators only, `C` for customers too.
    pub access_level: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackingNumber {
    pub id: u64,
    pub date: UnixSeconds,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryEvent {
    pub id: u64,
    pub date: UnixSeconds,
    pub code: String,
    /// May hold `{{oldStatus}}`-style places that the admin API fills from `data`.
    pub description: String,
    pub data: Option<serde_json::Map<String, serde_json::Value>>,
    pub comment: String,
    pub profile_id: Option<u64>,
    pub author_name: Option<String>,
    pub author_ip: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderDetail {
    pub id: u64,
    pub name: String,
    pub label: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UsedCoupon {
    pub id: u64,
    pub code: String,
    pub value: Decimal,
    pub kind: String,
    pub coupon_id: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub id: u64,
    pub is_billing: bool,
    pub is_shipping: bool,
    pub is_work: bool,
    /// Empty in the admin API, `R` (residential) in dialect B's demo rows.
    pub kind: String,
    pub title: String,
    pub firstname: String,
    pub lastname: String,
    pub phone: String,
    pub street: String,
    pub zipcode: String,
    pub city: String,
    pub country_code: String,
    /// X-Cart's numeric state id.
    pub state: Option<u64>,
    pub state_name: String,
    /// The two-letter code dialect B's complex schema shows.
    pub state_code: String,
}

/// A person who can log in, or a guest; `access_level` 100 is an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub id: u64,
    pub login: String,
    pub access_level: i64,
    pub anonymous: bool,
    pub create_date: UnixSeconds,
    pub first_login_date: Option<UnixSeconds>,
    pub last_login_date: Option<UnixSeconds>,
    /// `E` enabled, `D` disabled.
    pub status: String,
    pub status_comment: String,
    pub referer: String,
    pub language: String,
    pub membership_id: Option<u64>,
    pub pending_membership_id: Option<u64>,
    pub force_change_password: bool,
    pub role_ids: Vec<u64>,
    pub addresses: Vec<Address>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    pub id: u64,
    pub sku: String,
    pub name: String,
    pub description: String,
    pub brief_description: String,
    pub meta_tags: String,
    pub meta_description: String,
    pub meta_title: String,
    pub price: Decimal,
    pub enabled: bool,
    pub weight: Decimal,
    pub separate_box: bool,
    pub width: Decimal,
    pub length: Decimal,
    pub height: Decimal,
    pub free_shipping: bool,
    pub taxable: bool,
    pub create_date: UnixSeconds,
    pub update_date: UnixSeconds,
    pub arrival_date: UnixSeconds,
    pub inventory_traceable: bool,
    /// Units in stock.
    pub amount: i64,
    pub clean_url: String,
    pub images: Vec<ProductImage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductImage {
    pub id: u64,
    pub position: i64,
    pub alt: String,
    pub file: String,
    pub width: i64,
    pub height: i64,
}

/// Everything one pretend store holds. Serialise it to keep a sandbox's state, deserialise it to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Store {
    pub settings: StoreSettings,
    /// The store's time now. Steps one second at each write; never the computer's clock.
    pub clock: UnixSeconds,
    pub orders: BTreeMap<u64, Order>,
    pub profiles: BTreeMap<u64, Profile>,
    pub products: BTreeMap<u64, Product>,
    pub payment_statuses: Vec<OrderStatus>,
    pub shipping_statuses: Vec<OrderStatus>,
    /// The highest id given out so far, by table; rows bring their own ids along.
    pub last_ids: LastIds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LastIds {
    pub order: u64,
    pub item: u64,
    pub surcharge: u64,
    pub transaction: u64,
    pub backend_transaction: u64,
    pub transaction_data: u64,
    pub tracking_number: u64,
    pub event: u64,
    pub detail: u64,
    pub profile: u64,
    pub address: u64,
    pub product: u64,
}

impl Default for Store {
    fn default() -> Self {
        Store {
            settings: StoreSettings::default(),
            clock: 1_800_000_000,
            orders: BTreeMap::new(),
            profiles: BTreeMap::new(),
            products: BTreeMap::new(),
            payment_statuses: payment_statuses(),
            shipping_statuses: shipping_statuses(),
            last_ids: LastIds::default(),
        }
    }
}

/// The seven payment statuses of a fresh store (`reference/xcart.md` 4.3).
pub fn payment_statuses() -> Vec<OrderStatus> {
    statuses(&[
        ("Q", "Awaiting payment"),
        ("A", "Authorized"),
        ("PP", "Partially Paid"),
        ("P", "Paid"),
        ("D", "Declined"),
        ("C", "Cancelled"),
        ("R", "Refunded"),
    ])
}

/// The eight shipping statuses of a fresh store (`reference/xcart.md` 4.3).
pub fn shipping_statuses() -> Vec<OrderStatus> {
    statuses(&[
        ("N", "New"),
        ("P", "Processing"),
        ("S", "Shipped"),
        ("D", "Delivered"),
        ("WND", "Will Not Deliver"),
        ("R", "Returned"),
        ("WFA", "Waiting for approve"),
        ("NBA", "New/Backordered"),
    ])
}

fn statuses(named: &[(&str, &str)]) -> Vec<OrderStatus> {
    (1u64..)
        .zip(named)
        .map(|(id, (code, name))| OrderStatus {
            id,
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            customer_name: (*name).to_owned(),
            position: i64::try_from(id).unwrap_or(i64::MAX).saturating_mul(10),
        })
        .collect()
}
