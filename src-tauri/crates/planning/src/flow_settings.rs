//! `[flows]` of the settings text: what is carried between the two systems besides postings, by which rules, and how far
//! without asking.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tieout_domain::ShippingStatus;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlowSettings {
    pub stock: StockSettings,
    pub products: ProductSettings,
    pub shipments: ShipmentSettings,
}

/// How far a flow goes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// It does not run.
    Off,
    /// Every write is shown and waits for a person.
    #[default]
    Ask,
    /// What is within the limits is sent; what is not waits for a person.
    Automatic,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockSettings {
    pub policy: Policy,
    /// Intacct's warehouses the store sells from; none named means all.
    pub warehouses: Vec<String>,
    /// Units of every item that are never offered.
    pub safety: u32,
    /// Item id -> units, in place of `safety`.
    pub safety_of: BTreeMap<String, u32>,
    /// Definitions of the documents that Intacct has already counted: an order that has one reserves nothing more. None
    /// named: any document of the order.
    pub counted: Vec<String>,
    /// A change of more units waits for a person.
    pub automatic_max: u32,
}

impl Default for StockSettings {
    fn default() -> Self {
        StockSettings {
            policy: Policy::default(),
            warehouses: Vec::new(),
            safety: 0,
            safety_of: BTreeMap::new(),
            counted: Vec::new(),
            automatic_max: 1_000,
        }
    }
}

impl StockSettings {
    pub fn safety(&self, item: &str) -> u32 {
        self.safety_of.get(item).copied().unwrap_or(self.safety)
    }
}

/// What of a product Intacct decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductField {
    Price,
    Name,
    Description,
    Weight,
    /// An inactive item is taken off sale; an active one is never put on sale by itself.
    Enabled,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProductSettings {
    pub policy: Policy,
    pub fields: Vec<ProductField>,
    /// Prices are taken from this price list; empty: the item's base price.
    pub price_list: String,
    /// A price that falls or rises by more percent waits for a person.
    pub drop_percent_max: u32,
    pub rise_percent_max: u32,
}

impl Default for ProductSettings {
    fn default() -> Self {
        ProductSettings {
            policy: Policy::default(),
            fields: vec![ProductField::Price],
            price_list: String::new(),
            drop_percent_max: 20,
            rise_percent_max: 50,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShipmentSettings {
    pub policy: Policy,
    /// Definitions of documents that say goods have left; none named means the flow has nothing to read.
    pub definitions: Vec<String>,
    /// Intacct's SHIPVIA -> what is written before the number; empty text writes the number alone.
    pub carriers: BTreeMap<String, String>,
    /// The code an order gets once all of it has left.
    pub shipped: String,
    /// Documents shipped before this day are not carried to the store.
    pub since: Option<Date>,
}

impl Default for ShipmentSettings {
    fn default() -> Self {
        ShipmentSettings {
            policy: Policy::default(),
            definitions: Vec::new(),
            carriers: BTreeMap::new(),
            shipped: "S".into(),
            since: None,
        }
    }
}

/// A value of `[flows]` that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("flows.{key} is {value:?}; {wanted}")]
pub struct NotAFlowValue {
    pub key: String,
    pub value: String,
    pub wanted: &'static str,
}

impl FlowSettings {
    pub(crate) fn check(&self) -> Result<(), NotAFlowValue> {
        let wrong = |key: &str, value: &str, wanted| {
            Err(NotAFlowValue { key: key.to_owned(), value: value.to_owned(), wanted })
        };
        // A code of the store's own making has no place in the order of things; one of X-Cart's has.
        if !matches!(
            ShippingStatus::from_code(&self.shipments.shipped),
            ShippingStatus::Shipped | ShippingStatus::Delivered
        ) {
            return wrong("shipments.shipped", &self.shipments.shipped, "it can be S or D");
        }
        if self.products.drop_percent_max > 100 {
            let value = self.products.drop_percent_max.to_string();
            return wrong("products.drop_percent_max", &value, "it can be 0 to 100");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Policy, Settings};

    #[test]
    fn flows_ask_where_nothing_is_said_and_a_wrong_line_is_named() {
        let text = |flows: &str| format!("cut_over = \"2026-01-01\"\n[accounts]\n{flows}");
        let settings = Settings::parse(&text("")).unwrap();
        assert_eq!(settings.flows.stock.policy, Policy::Ask);
        assert_eq!(Settings::parse(&settings.to_text()).unwrap(), settings);
        let wrong = |flows: &str| Settings::parse(&text(flows)).unwrap_err().to_string();
        assert!(wrong("[flows.stock]\npolicy = \"never\"").contains("line 4: unknown variant `never`"));
        assert!(wrong("[flows.stock]\nsafety = -1").contains("line 4"));
        assert_eq!(wrong("[flows.shipments]\nshipped = \"X\""), "flows.shipments.shipped is \"X\"; it can be S or D");
        assert_eq!(
            wrong("[flows.products]\ndrop_percent_max = 101"),
            "flows.products.drop_percent_max is \"101\"; it can be 0 to 100"
        );
    }
}
