//! A record that could not be carried, with why and what to do: it waits for a person, and the rest goes on.

use crate::write::Flow;
use serde::{Deserialize, Serialize};

/// Why. A closed list: each has its words and its fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A product of the store that is no item of Intacct.
    UnknownSku,
    InactiveItem,
    /// Two products, or two items, for one.
    Ambiguous,
    PriceMissing,
    PriceZero,
    CurrencyMissing,
    TextTooLong,
    /// A document of Intacct names an order the store does not have.
    UnknownOrder,
    UnknownStatus,
    /// The store's version cannot be told.
    ByHand,
    /// The store said yes and did not do it.
    NotDone,
    Refused,
    Gone,
    /// No answer, and no look shows what came of it.
    StillUnknown,
    NotUnderstood,
}

impl Cause {
    pub const ALL: [Cause; 15] = [
        Cause::UnknownSku,
        Cause::InactiveItem,
        Cause::Ambiguous,
        Cause::PriceMissing,
        Cause::PriceZero,
        Cause::CurrencyMissing,
        Cause::TextTooLong,
        Cause::UnknownOrder,
        Cause::UnknownStatus,
        Cause::ByHand,
        Cause::NotDone,
        Cause::Refused,
        Cause::Gone,
        Cause::StillUnknown,
        Cause::NotUnderstood,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Cause::UnknownSku => "unknown-sku",
            Cause::InactiveItem => "inactive-item",
            Cause::Ambiguous => "ambiguous",
            Cause::PriceMissing => "price-missing",
            Cause::PriceZero => "price-zero",
            Cause::CurrencyMissing => "currency-missing",
            Cause::TextTooLong => "text-too-long",
            Cause::UnknownOrder => "unknown-order",
            Cause::UnknownStatus => "unknown-status",
            Cause::ByHand => "by-hand",
            Cause::NotDone => "not-done",
            Cause::Refused => "refused",
            Cause::Gone => "gone",
            Cause::StillUnknown => "still-unknown",
            Cause::NotUnderstood => "not-understood",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Cause::UnknownSku => "SKU is no item in Intacct",
            Cause::InactiveItem => "Item is inactive in Intacct",
            Cause::Ambiguous => "More than one fits",
            Cause::PriceMissing => "No price in Intacct",
            Cause::PriceZero => "Price is zero",
            Cause::CurrencyMissing => "Price is in another currency",
            Cause::TextTooLong => "Text is too long for the store",
            Cause::UnknownOrder => "Order is not in the store",
            Cause::UnknownStatus => "Status is not known",
            Cause::ByHand => "Has to be done by hand",
            Cause::NotDone => "Store said yes and did not do it",
            Cause::Refused => "Store refused it",
            Cause::Gone => "Record is gone from the store",
            Cause::StillUnknown => "Outcome is unknown",
            Cause::NotUnderstood => "Record could not be read",
        }
    }

    /// What to do, naming the place.
    pub fn fix(self) -> &'static str {
        match self {
            Cause::UnknownSku => {
                "Add the item in Intacct, or name it in Settings under [items]; the next run carries all alike."
            }
            Cause::InactiveItem => "Activate the item in Intacct, or take the product off sale in the store.",
            Cause::Ambiguous => "Give each product an item of its own in Settings under [items].",
            Cause::PriceMissing => {
                "Give the item a base price in Intacct, or a line in the price list that Settings names."
            }
            Cause::PriceZero => "Correct the price in Intacct; a price of zero is never carried.",
            Cause::CurrencyMissing => "Add a price in the store's own currency to the price list in Intacct.",
            Cause::TextTooLong => "Shorten it in Intacct.",
            Cause::UnknownOrder => "Correct the reference of the document in Intacct, or pull the store first.",
            Cause::UnknownStatus => "Set the order in the store to one of X-Cart's own statuses, or close this letter.",
            Cause::ByHand => "Enter it in the store's admin, then close this letter.",
            Cause::NotDone => "Look at the record in the store's admin; then replay this letter.",
            Cause::Refused => "Read the store's reason, correct the record, then replay this letter.",
            Cause::Gone => "Nothing is left to write to; close this letter.",
            Cause::StillUnknown => "Look at the record in the store's admin; then replay or close this letter.",
            Cause::NotUnderstood => "Correct the record at its source, then run the flow again.",
        }
    }

    /// The next plan may find that it is gone by itself: then the letter is closed without a person.
    pub fn heals(self) -> bool {
        !matches!(self, Cause::ByHand)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub flow: Flow,
    /// The place at the store or the record of Intacct; one letter each.
    pub key: String,
    pub title: String,
    pub cause: Cause,
    /// What exactly, with the values.
    pub why: String,
    /// The record it is about as it came, or the write as it was sent; never changed.
    pub raw: String,
}
