//! Writes to the store, each sent once and never again by itself, and the fresh looks at one record that stand before and
//! after them. A yes proves nothing (reference/xcart.md 5): whoever writes looks again.

use crate::client::Client;
use crate::error::XcartError;
use crate::http::{Ask, Method};
use crate::pull::{Cursor, Page};
use crate::reading::{self, Kind};
use crate::row::{Bad, Row};
use crate::shop::Dialect;
use crate::{admin_api, rest_addon};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::time::Duration;
use tieout_domain::{Fetched, Order, ProductCard};

/// What came of a write that was sent once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// The store says it is done. `said` is its answer, without secrets.
    Yes { said: String },
    /// A definite no, and nothing was done.
    No { why: String },
    /// Not listened to, and nothing was done.
    TurnedAway { why: String, wait: Option<Duration> },
    /// No answer, or none that says anything: it may be done, or be done yet.
    Silence { why: String },
}

/// Only what is given changes: X-Cart starts from the stored product (reference/xcart.md 4.4). On 5.5 every write also sets
/// the arrival date to midnight, whatever it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductPatch {
    pub amount: Option<i64>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub price: Option<Decimal>,
    pub weight: Option<Decimal>,
    pub enabled: Option<bool>,
}

impl ProductPatch {
    fn body(&self, dialect: Dialect) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        put("amount", self.amount.map(Value::from));
        put("price", self.price.map(number));
        put("weight", self.weight.map(number));
        put("enabled", self.enabled.map(Value::from));
        match dialect {
            Dialect::AdminApi => {
                put("name", self.name.clone().map(Value::from));
                put("description", self.description.clone().map(Value::from));
            }
            // Texts are one row a language there.
            Dialect::RestAddon if self.name.is_some() || self.description.is_some() => {
                let mut texts = Map::new();
                texts.insert("code".into(), "en".into());
                for (name, text) in [("name", &self.name), ("description", &self.description)] {
                    if let Some(text) = text {
                        texts.insert(name.into(), text.clone().into());
                    }
                }
                put("translations", Some(json!([texts])));
            }
            Dialect::RestAddon => {}
        }
        Value::Object(body)
    }
}

/// A number in the digits it has: text is refused (reference/xcart.md 2), and a float would round.
fn number(value: Decimal) -> Value {
    serde_json::from_str(&value.normalize().to_string()).expect("a decimal is a JSON number")
}

const PRODUCT_LIST_A: &Kind = &reading::PRODUCT_A;
const PRODUCT_LIST_B: &Kind = &reading::PRODUCT_B;

impl Client {
    /// Whether this store's version can be told a tracking number (reference/xcart.md 0.3).
    // UNVERIFIED: 5.6 may list an endpoint in its own OpenAPI document.
    pub fn takes_tracking(&self) -> bool {
        self.dialect() == Dialect::RestAddon
    }

    /// Products with all that may be written to them. The add-on's list holds no texts; [`Client::product_card`] does.
    pub async fn product_cards_page(&self, at: Cursor) -> Result<Page<ProductCard>, XcartError> {
        let (path, kind) = match self.dialect() {
            Dialect::AdminApi => ("/api/products", PRODUCT_LIST_A),
            Dialect::RestAddon => ("product", PRODUCT_LIST_B),
        };
        self.whole_page(path, kind, at, |it| self.card(it).map(Some)).await
    }

    fn card(&self, row: Row<'_>) -> Result<ProductCard, Bad> {
        match self.dialect() {
            Dialect::AdminApi => admin_api::product_card(self.shop(), row),
            Dialect::RestAddon => rest_addon::product_card(self.shop(), row),
        }
    }

    /// `None`: it is not there.
    pub async fn product_card(&self, id: u64) -> Result<Option<Fetched<ProductCard>>, XcartError> {
        let (path, kind) = match self.dialect() {
            Dialect::AdminApi => (format!("/api/products/{id}"), PRODUCT_LIST_A),
            Dialect::RestAddon => (format!("product/{id}"), PRODUCT_LIST_B),
        };
        self.one(path, Vec::new(), kind, id, |it| self.card(it)).await
    }

    /// `None`: it is not there.
    pub async fn order(&self, id: u64) -> Result<Option<Fetched<Order>>, XcartError> {
        match self.dialect() {
            Dialect::AdminApi => {
                let read = |it: Row<'_>| admin_api::order(self.shop(), it);
                self.one(format!("/api/orders/{id}"), Vec::new(), &reading::ORDER_A, id, read).await
            }
            Dialect::RestAddon => {
                let read = |it: Row<'_>| rest_addon::order(self.shop(), it);
                let schema = vec![("_schema", "complex".to_owned())];
                self.one(format!("order/{id}"), schema, &reading::ORDER_B, id, read).await
            }
        }
    }

    async fn one<T>(
        &self,
        path: String,
        query: Vec<(&str, String)>,
        kind: &Kind,
        id: u64,
        read: impl Fn(Row<'_>) -> Result<T, Bad>,
    ) -> Result<Option<Fetched<T>>, XcartError> {
        let what = path.clone();
        let row = match self.get(path, query).await {
            Ok(Value::Null) | Err(XcartError::NotFound { .. }) => return Ok(None),
            other => other?,
        };
        let mut page = Page::empty();
        self.reading().keep(&mut page, kind, &id.to_string(), row, |it| read(it).map(Some));
        if let Some(refused) = page.refused.pop() {
            return Err(XcartError::BrokenAnswer { what, why: refused.reason });
        }
        Ok(page.good.pop())
    }

    pub async fn put_product(&self, id: u64, patch: &ProductPatch) -> Result<Written, XcartError> {
        let body = patch.body(self.dialect());
        match self.dialect() {
            Dialect::AdminApi => self.write(Method::Put, format!("/api/products/{id}"), &body).await,
            Dialect::RestAddon => self.write(Method::Put, format!("product/{id}"), &body).await,
        }
    }

    /// By its code. The customer is mailed by the store when an order ships (reference/xcart.md 4.3).
    pub async fn put_shipping_status(&self, order: u64, code: &str) -> Result<Written, XcartError> {
        match self.dialect() {
            Dialect::AdminApi => {
                let body = json!({ "code": code });
                self.write(Method::Put, format!("/api/orders/{order}/shipping_status"), &body).await
            }
            // By its number inside an object; anything else is ignored in silence (reference/xcart.md 5).
            Dialect::RestAddon => match self.status_number(code).await? {
                Some(id) => {
                    let body = json!({ "shippingStatus": { "id": id } });
                    self.write(Method::Put, format!("order/{order}"), &body).await
                }
                None => Ok(Written::No { why: format!("the store has no shipping status {code:?}") }),
            },
        }
    }

    async fn status_number(&self, code: &str) -> Result<Option<u64>, XcartError> {
        let path = "order-status-shipping";
        let rows = self.get(path.to_owned(), Vec::new()).await?;
        let broken = |why: String| XcartError::BrokenAnswer { what: path.to_owned(), why };
        let rows = rows.as_array().ok_or_else(|| broken("it is not a list".to_owned()))?;
        for row in rows {
            let row = Row::of(row).map_err(|bad| broken(bad.to_string()))?;
            if row.text_or_empty("code").is_ok_and(|it| it == code) {
                return row.id("id").map(Some).map_err(|bad| broken(bad.to_string()));
            }
        }
        Ok(None)
    }

    /// Where the version takes them ([`Client::takes_tracking`]); each call adds one, also the same again.
    pub async fn add_tracking(&self, order: u64, number: &str) -> Result<Written, XcartError> {
        match self.dialect() {
            Dialect::AdminApi => {
                Ok(Written::No { why: "X-Cart 5.5 takes no tracking numbers through its interface".to_owned() })
            }
            Dialect::RestAddon => {
                let body = json!({ "value": number, "order": { "order_id": order } });
                self.write(Method::Post, "ordertrackingnumber/0".to_owned(), &body).await
            }
        }
    }

    async fn write(&self, method: Method, path: String, body: &Value) -> Result<Written, XcartError> {
        self.http().write(&Ask { dialect: self.dialect(), path, query: Vec::new() }, method, body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_holds_what_is_given_in_exact_digits() {
        let patch = ProductPatch {
            amount: Some(0),
            price: Some("12.3400".parse().unwrap()),
            name: Some("R&D \"mug\"".into()),
            ..ProductPatch::default()
        };
        let texts = |dialect| patch.body(dialect).to_string();
        assert_eq!(texts(Dialect::AdminApi), r#"{"amount":0,"name":"R&D \"mug\"","price":12.34}"#);
        assert_eq!(
            texts(Dialect::RestAddon),
            r#"{"amount":0,"price":12.34,"translations":[{"code":"en","name":"R&D \"mug\""}]}"#
        );
    }
}
