//! What a payment transaction's rows say happened to the money, and "unknown" where they do not say.
//!
//! Both dialects read into [`Transaction`]; the rules of reference/xcart.md 4.2 are here once.

use crate::date::day_in;
use crate::row::{Bad, Row};
use crate::shop::Shop;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use tieout_domain::{ObjectKind, Order, PaymentEvent, PaymentEventKind as Kind, PaymentStatus, RecordRef};
use tieout_money::{Currency, Money};

/// `transId` is recorded; the others are what processors are known to call their id. The order is the preference.
// UNVERIFIED: only `transId` has been seen in a recording.
pub const DEFAULT_GATEWAY_REF_NAMES: [&str; 16] = [
    "transId",
    "trans_id",
    "transaction_id",
    "transactionId",
    "txn_id",
    "charge_id",
    "stripe_charge_id",
    "payment_intent_id",
    "payment_intent",
    "PPREF",
    "PNREF",
    "TRANSACTIONID",
    "braintree_transaction_id",
    "xpc_txnid",
    "gateway_transaction_id",
    "reference",
];

/// A transaction in our words, whichever dialect it came in.
pub(crate) struct Transaction {
    pub id: u64,
    pub kind: String,
    /// The state letter, where the store sent one and not the method's name (reference/xcart.md 0.4).
    pub letter: Option<char>,
    pub value: Money,
    pub currency: Currency,
    pub at: Timestamp,
    pub method: String,
    pub note: String,
    pub gateway_ref: Option<String>,
    pub rows: Vec<Result<Backend, (u64, Bad)>>,
}

pub(crate) struct Backend {
    pub id: u64,
    pub kind: String,
    pub status: String,
    pub value: Money,
    pub at: Timestamp,
    pub gateway_ref: Option<String>,
}

impl Transaction {
    /// The keys that differ between the dialects are handed in; the rest have one name.
    pub(crate) fn read(
        row: Row<'_>,
        keys: &TransactionKeys,
        currency: Currency,
        names: &[String],
    ) -> Result<Transaction, Bad> {
        let value = positive(row, currency)?;
        let method = match row.text_or_empty(keys.local_name)? {
            empty if empty.is_empty() => row.text_or_empty(keys.name)?,
            name => name,
        };
        let rows = row.list("backend_transactions")?.iter().enumerate().map(|(n, it)| backend(n, it, currency, names));
        Ok(Transaction {
            id: row.id(keys.id)?,
            kind: row.text_or_empty("type")?,
            letter: letter(&row.text_or_empty("status")?),
            value,
            currency,
            at: row.timestamp("date")?,
            method,
            note: row.text_or_empty("note")?,
            gateway_ref: gateway_ref(row, names)?,
            rows: rows.collect(),
        })
    }
}

pub(crate) struct TransactionKeys {
    pub id: &'static str,
    pub name: &'static str,
    pub local_name: &'static str,
}

fn backend(n: usize, value: &Value, currency: Currency, names: &[String]) -> Result<Backend, (u64, Bad)> {
    let place = format!("backend_transactions[{n}]");
    let row = Row::of(value).map_err(|bad| (0, bad.inside(&place)))?;
    let id = row.id("id").map_err(|bad| (0, bad.inside(&place)))?;
    let read = || {
        Ok(Backend {
            id,
            kind: row.text_or_empty("type")?,
            status: row.text_or_empty("status")?,
            value: positive(row, currency)?,
            at: row.timestamp("date")?,
            gateway_ref: gateway_ref(row, names)?,
        })
    };
    read().map_err(|bad: Bad| (id, bad.inside(&place)))
}

/// X-Cart's values carry no sign; the type says which way the money went.
fn positive(row: Row<'_>, currency: Currency) -> Result<Money, Bad> {
    let value = row.money("value", currency)?;
    if value.is_negative() {
        return Err(Bad::new("value", format_args!("{value} is negative")));
    }
    Ok(value)
}

fn letter(status: &str) -> Option<char> {
    let mut chars = status.chars();
    match (chars.next(), chars.next()) {
        (Some(it), None) if "IPSWFCV".contains(it) => Some(it),
        _ => None,
    }
}

fn gateway_ref(row: Row<'_>, names: &[String]) -> Result<Option<String>, Bad> {
    let data = row.each("data", |it| Ok((it.text_or_empty("name")?, it.text_or_empty("value")?)))?;
    let found = names
        .iter()
        .find_map(|name| data.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty()));
    Ok(found.map(|(_, value)| value.trim().to_owned()))
}

/// A row that could not be read: its record and why.
pub(crate) type BadRow = (RecordRef, String);

/// The events of one transaction. `alone`: it is the order's only transaction.
pub(crate) fn events(
    shop: &Shop,
    order: &Order,
    transaction: Transaction,
    alone: bool,
) -> (Vec<PaymentEvent>, Vec<BadRow>) {
    let mut events = Vec::new();
    let mut bad = Vec::new();
    let event = |row: u64, kind: Kind, amount: Money, at: Timestamp, reference: Option<String>, why: String| {
        let amount = if kind == Kind::Refund { -amount } else { amount };
        PaymentEvent {
            store: shop.id.clone(),
            transaction: transaction.id,
            row,
            order_id: order.id,
            order_number: order.number.clone(),
            kind,
            method: transaction.method.clone(),
            gateway_ref: reference.or_else(|| transaction.gateway_ref.clone()),
            amount,
            at,
            on: day_in(at, &shop.time_zone),
            party: order.party().to_owned(),
            email: order.email.clone(),
            note: if why.is_empty() { transaction.note.clone() } else { why },
        }
    };
    let whole = |kind: Kind, why: String| event(0, kind, transaction.value, transaction.at, None, why);
    if transaction.rows.is_empty() {
        let (kind, why) = without_rows(order, &transaction, alone);
        return (vec![whole(kind, why)], bad);
    }
    let (mut taken, mut given, mut done) = (Decimal::ZERO, Decimal::ZERO, false);
    for row in &transaction.rows {
        match row {
            Ok(row) => {
                let (kind, why) = by_row(&row.kind, &row.status);
                done |= row.status == "S";
                match kind {
                    Kind::Capture => taken += row.value.amount(),
                    Kind::Refund => given += row.value.amount(),
                    _ => {}
                }
                events.push(event(row.id, kind, row.value, row.at, row.gateway_ref.clone(), why));
            }
            Err((row, why)) => {
                let id = PaymentEvent::record_id(transaction.id, *row);
                bad.push((RecordRef::new(shop.id.clone(), ObjectKind::Payment, id), why.to_string()));
            }
        }
    }
    if bad.is_empty() && given > taken {
        let why = format!(
            "The rows give back {given} {0} but take only {taken} {0}; the store does not say whether the {1} was received.",
            transaction.currency, transaction.value
        );
        events.push(whole(Kind::Unknown, why));
    } else if bad.is_empty() && !done && transaction.letter == Some('S') {
        events.push(whole(Kind::Unknown, "The transaction says completed, but none of its rows does.".to_owned()));
    }
    (events, bad)
}

/// reference/xcart.md 4.2: X-Cart's own sums count these types, and only with status S.
fn by_row(kind: &str, status: &str) -> (Kind, String) {
    let meaning = match kind {
        "sale" | "capture" | "capturePart" => Kind::Capture,
        "refund" | "refundPart" | "refundMulti" => Kind::Refund,
        "auth" => Kind::Authorization,
        "void" | "voidPart" | "voidMulti" => Kind::Void,
        "getInfo" | "test" | "decline" => Kind::NotCompleted,
        // In X-Cart's list of types, but in none of its sums.
        "captureMulti" | "accept" => Kind::Unknown,
        _ => return (Kind::Unknown, format!("The row's type {kind:?} is not one of X-Cart's.")),
    };
    match status {
        "S" if meaning == Kind::Unknown => (
            Kind::Unknown,
            format!("X-Cart's own sums do not count rows of type {kind:?}; whether money moved is not said."),
        ),
        "S" => (meaning, String::new()),
        "I" | "P" | "W" | "F" => (Kind::NotCompleted, String::new()),
        _ => (Kind::Unknown, format!("The row's status {status:?} (type {kind:?}) is not one of X-Cart's.")),
    }
}

/// Offline methods keep no rows; then only an order that leaves no doubt counts as paid.
fn without_rows(order: &Order, transaction: &Transaction, alone: bool) -> (Kind, String) {
    match transaction.letter {
        Some('I' | 'P' | 'W' | 'F' | 'C') => return (Kind::NotCompleted, String::new()),
        Some('V') => return (Kind::Void, String::new()),
        _ => {}
    }
    if matches!(order.payment_status, PaymentStatus::Declined | PaymentStatus::Cancelled) {
        return (Kind::NotCompleted, String::new());
    }
    let unknown = |why: String| (Kind::Unknown, format!("No rows say what happened, and {why}."));
    if !matches!(transaction.kind.as_str(), "sale" | "capture" | "capturePart") {
        return unknown(format!("a transaction of type {:?} does not show whether money was taken", transaction.kind));
    }
    if !alone {
        return unknown("the order has more than one transaction".to_owned());
    }
    if transaction.value != order.total {
        return unknown(format!("its value {} is not the order's total {}", transaction.value, order.total));
    }
    if order.payment_status != PaymentStatus::Paid {
        return unknown(format!("the order's payment status is {:?}, not paid", order.payment_status.code()));
    }
    (Kind::Capture, String::new())
}
