//! One movement of money (or an attempt at one) at the store: what a transaction's backend rows say happened.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use tieout_money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentEventKind {
    /// Money was taken: sale, capture, partial capture.
    Capture,
    /// Money was given back, in whole or part.
    Refund,
    /// A promise, not money.
    Authorization,
    /// A promise was withdrawn.
    Void,
    /// Declined, cancelled, initialised or pending: no money moved.
    NotCompleted,
    /// The store's rows do not say. Never guessed: this becomes an exception.
    Unknown,
}

impl PaymentEventKind {
    pub fn moves_money(self) -> bool {
        matches!(self, PaymentEventKind::Capture | PaymentEventKind::Refund)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            PaymentEventKind::Capture => "capture",
            PaymentEventKind::Refund => "refund",
            PaymentEventKind::Authorization => "authorization",
            PaymentEventKind::Void => "void",
            PaymentEventKind::NotCompleted => "not-completed",
            PaymentEventKind::Unknown => "unknown",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentEvent {
    pub store: SourceId,
    /// X-Cart's numeric transaction id.
    pub transaction: u64,
    /// The backend row; 0 where the transaction has none (offline methods).
    pub row: u64,
    pub order_id: u64,
    pub order_number: String,
    pub kind: PaymentEventKind,
    /// The payment method's local name, e.g. `Stripe`: what clearing accounts are mapped by.
    pub method: String,
    /// The gateway's own id from the transaction's data rows, where the processor keeps one.
    pub gateway_ref: Option<String>,
    /// Positive for captures, negative for refunds; the attempted amount for events that moved no money.
    pub amount: Money,
    pub at: Timestamp,
    /// The store's own day.
    pub on: Date,
    /// Who paid, from the order.
    pub party: String,
    pub email: String,
    /// Why the kind is unknown, or what the store noted.
    pub note: String,
}

impl PaymentEvent {
    pub fn record_id(transaction: u64, row: u64) -> String {
        format!("{transaction}:{row}")
    }

    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.store.clone(), ObjectKind::Payment, PaymentEvent::record_id(self.transaction, self.row))
    }
}
