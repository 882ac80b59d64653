//! From the rows of an answer to values and refusals; nothing is asked here. A row that cannot be read is refused with
//! its reason and its document, and stops nothing.

use crate::contract::Contract;
use crate::error::XcartError;
use crate::pull::Page;
use crate::redact::redact;
use crate::row::{Bad, Row};
use crate::settle::{self, Transaction};
use crate::shop::{Dialect, Shop};
use crate::{admin_api, rest_addon};
use serde_json::Value;
use tieout_domain::{Fetched, ObjectKind, Order, PaymentEvent, RecordRef, Refused};

/// One kind of record as one of the interfaces has it.
pub(crate) struct Kind {
    pub object: ObjectKind,
    /// The field of its number.
    pub id: &'static str,
    /// Its name in the contract.
    pub entity: &'static str,
}

const fn kind(object: ObjectKind, id: &'static str, entity: &'static str) -> Kind {
    Kind { object, id, entity }
}

pub(crate) const ORDER_A: Kind = kind(ObjectKind::Order, "id", "a order");
pub(crate) const ORDER_B: Kind = kind(ObjectKind::Order, "orderId", "b order-complex");
pub(crate) const PROFILE_A: Kind = kind(ObjectKind::Profile, "id", "a profile");
pub(crate) const PROFILE_B: Kind = kind(ObjectKind::Profile, "profile_id", "b profile");
pub(crate) const PRODUCT_A: Kind = kind(ObjectKind::Product, "id", "a product");
pub(crate) const PRODUCT_B: Kind = kind(ObjectKind::Product, "product_id", "b product");

type ReadOrder = fn(&Shop, Row<'_>) -> Result<Order, Bad>;
type ReadTransaction = fn(Row<'_>, &Order, &[String]) -> Result<Transaction, Bad>;

pub(crate) struct Reading<'a> {
    pub shop: &'a Shop,
    pub dialect: Dialect,
    pub gateway_ref_names: &'a [String],
    /// Taken out of every text: a store may send it back at us.
    pub key: &'a str,
    pub contract: &'a Contract,
}

impl Reading<'_> {
    pub fn keep<T>(
        &self,
        page: &mut Page<T>,
        kind: &Kind,
        place: &str,
        row: Value,
        read: impl Fn(Row<'_>) -> Result<Option<T>, Bad>,
    ) {
        let row = redact(row);
        self.contract.compare(kind.entity, &row);
        match Row::of(&row).and_then(read) {
            Ok(Some(value)) => page.good.push(Fetched { value, raw: self.raw(&row) }),
            Ok(None) => {}
            Err(bad) => {
                let id = Row::of(&row).and_then(|it| it.id(kind.id));
                let name = id.map_or_else(|_| place.to_owned(), |id| id.to_string());
                page.refused.push(self.refused(kind.object, name, &bad, &row));
            }
        }
    }

    pub fn refused(&self, kind: ObjectKind, id: String, bad: &Bad, redacted: &Value) -> Refused {
        let record = RecordRef::new(self.shop.id.clone(), kind, id.clone());
        let number = redacted.get("order_number").or(redacted.get("orderNumber")).and_then(Value::as_str);
        let number = number.map(|it| format!(" (order number {it})")).unwrap_or_default();
        let reason = without(self.key, &format!("{} {id}: {bad}{number}", kind.as_str()));
        Refused { record, reason, raw: self.raw(redacted) }
    }

    pub fn raw(&self, redacted: &Value) -> String {
        without(self.key, &redacted.to_string())
    }

    /// What the transactions of an order prove about its money.
    pub fn payments(&self, order: &Order, rows: Vec<Value>) -> Page<PaymentEvent> {
        let mut page = Page::empty();
        let alone = rows.len() == 1;
        for (n, row) in rows.into_iter().enumerate() {
            let row = redact(row);
            let (entity, read): (_, ReadTransaction) = match self.dialect {
                Dialect::AdminApi => ("a transaction", admin_api::transaction),
                Dialect::RestAddon => ("b transaction", rest_addon::transaction),
            };
            self.contract.compare(entity, &row);
            match Row::of(&row).and_then(|it| read(it, order, self.gateway_ref_names)) {
                Ok(transaction) => {
                    let raw = self.raw(&row);
                    let (events, bad) = settle::events(self.shop, order, transaction, alone);
                    page.good.extend(events.into_iter().map(|value| Fetched { value, raw: raw.clone() }));
                    page.refused.extend(bad.into_iter().map(|(record, reason)| Refused {
                        record,
                        reason: format!("payment of order {}: {reason}", order.number),
                        raw: raw.clone(),
                    }));
                }
                Err(bad) => {
                    let id = Row::of(&row).and_then(|it| it.id("id").or_else(|_| it.id("transaction_id")));
                    let id = match id {
                        Ok(id) => PaymentEvent::record_id(id, 0),
                        Err(_) => format!("order-{}-row-{}", order.id, n + 1),
                    };
                    let mut refused = self.refused(ObjectKind::Payment, id, &bad, &row);
                    refused.reason.push_str(&format!(" (of order number {})", order.number));
                    page.refused.push(refused);
                }
            }
        }
        page
    }
}

/// The text without the key.
pub(crate) fn without(key: &str, text: &str) -> String {
    if key.is_empty() || !text.contains(key) { text.to_owned() } else { text.replace(key, "[key]") }
}

/// An answer's JSON. Depth is bounded by the parser (128), size by whoever received it.
pub(crate) fn json(what: &str, body: &[u8]) -> Result<Value, XcartError> {
    serde_json::from_slice(body).map_err(|it| {
        let category = match it.classify() {
            serde_json::error::Category::Eof => "it ends too early",
            _ => "wrong syntax",
        };
        let why = format!("it is not JSON ({category} at line {})", it.line());
        XcartError::BrokenAnswer { what: what.to_owned(), why }
    })
}

/// A list of orders as it came (for the add-on: of the `complex` schema), and what each would say of a payment given
/// beside it: what the client does with what it is sent, for whoever holds the bytes already.
pub fn read_orders(
    shop: &Shop,
    dialect: Dialect,
    orders: &[u8],
    payments: &[u8],
) -> Result<(Page<Order>, Page<PaymentEvent>), XcartError> {
    let contract = Contract::default();
    let reading = Reading { shop, dialect, gateway_ref_names: &[], key: "", contract: &contract };
    let list = |what: &str, body: &[u8]| match json(what, body)? {
        Value::Array(rows) => Ok(rows),
        _ => Err(XcartError::BrokenAnswer { what: what.to_owned(), why: "it is not a list".to_owned() }),
    };
    let mut page = Page::empty();
    for (n, row) in list("orders", orders)?.into_iter().enumerate() {
        let (kind, read): (_, ReadOrder) = match dialect {
            Dialect::AdminApi => (&ORDER_A, admin_api::order),
            Dialect::RestAddon => (&ORDER_B, rest_addon::order),
        };
        reading.keep(&mut page, kind, &format!("row-{}", n + 1), row, |it| read(shop, it).map(Some));
    }
    let mut moved = Page::empty();
    if let Some(order) = page.good.first() {
        moved = reading.payments(&order.value, list("payments", payments)?);
    }
    Ok((page, moved))
}
