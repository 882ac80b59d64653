//! Reads a store's orders, payments, customers and products from X-Cart, and says which rows it could not read.
//!
//! Two different programming interfaces exist (reference/xcart.md 0.1); both come out as the same domain values.
//! Read `shop.rs`, then `client.rs`, then `admin_api.rs` and `rest_addon.rs`, then `settle.rs`.
//! `write.rs` is the other way: one record looked at, one write sent once. `contract.rs` notices where a store departs from what was recorded.

mod admin_api;
mod client;
mod connect;
mod contract;
mod date;
mod error;
mod fields;
mod http;
mod number;
mod pull;
mod reading;
mod redact;
mod rest_addon;
mod row;
mod settle;
mod shop;
mod totals;
mod walk;
mod write;

pub use client::Client;
pub use connect::{Connected, Probe};
pub use contract::{Change, Departure, kind_of};
pub use error::XcartError;
pub use fields::{FIELDS, Fate, Field};
pub use pull::{Cursor, Page, Pull};
pub use reading::read_orders;
pub use redact::{masked_text, redact};
pub use settle::DEFAULT_GATEWAY_REF_NAMES;
pub use shop::{Config, Dialect, Shop};
pub use totals::{Difference, totals_add_up};
pub use write::{ProductPatch, Written};
