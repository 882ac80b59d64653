//! Records as Sage Intacct keeps them. Amounts of documents are in the document's own currency; GL lines
//! carry both it and the base currency. Debits are positive.

use crate::record::{ObjectKind, RecordRef, SourceId};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use tieout_money::{Currency, Money};

/// What kind of Intacct document says that money arrived, left, or was set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptKind {
    /// ARPYMT.
    Payment,
    /// ARADVANCE: money before any invoice.
    Advance,
    /// ARADJUSTMENT: credit memo (negative) or debit memo.
    Adjustment,
    /// OTHERRECEIPTS.
    OtherReceipt,
    /// DEPOSIT: undeposited funds banked.
    Deposit,
    /// One GLENTRY of a GLBATCH on a clearing or bank account, signed as the account sees it.
    JournalLine,
}

impl ReceiptKind {
    pub const ALL: [ReceiptKind; 6] = [
        ReceiptKind::Payment,
        ReceiptKind::Advance,
        ReceiptKind::Adjustment,
        ReceiptKind::OtherReceipt,
        ReceiptKind::Deposit,
        ReceiptKind::JournalLine,
    ];

    /// The Intacct object it is read from; first part of the record's id.
    pub fn object_name(self) -> &'static str {
        match self {
            ReceiptKind::Payment => "ARPYMT",
            ReceiptKind::Advance => "ARADVANCE",
            ReceiptKind::Adjustment => "ARADJUSTMENT",
            ReceiptKind::OtherReceipt => "OTHERRECEIPTS",
            ReceiptKind::Deposit => "DEPOSIT",
            ReceiptKind::JournalLine => "GLENTRY",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptState {
    /// In the ledger.
    Posted,
    /// Written but not in the ledger yet (Draft, Submitted, Partially approved).
    NotPosted(String),
    Reversed,
    /// A state this version does not know; becomes an exception.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub company: SourceId,
    pub kind: ReceiptKind,
    pub record_no: String,
    /// RECORDID or batch number: what people call it.
    pub record_id: String,
    /// DOCNUMBER, REFERENCENO, deposit id: where references and our natural key sit.
    pub reference: String,
    pub description: String,
    pub customer_id: String,
    pub customer_name: String,
    /// Positive when money came in (or the account was debited).
    pub amount: Money,
    /// The part not applied to invoices yet (advances, overpayments); zero where not applicable.
    pub unapplied: Money,
    /// The GL date.
    pub on: Date,
    /// Bank account id, undeposited funds account or GL account number the money went to.
    pub account: String,
    pub payment_method: String,
    pub entity: String,
    pub state: ReceiptState,
    pub changed_at: Option<Timestamp>,
}

impl Receipt {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(
            self.company.clone(),
            ObjectKind::Receipt,
            format!("{}:{}", self.kind.object_name(), self.record_no),
        )
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub company: SourceId,
    /// RECORDID, the invoice number: the stable link, since RECORDNO changes when its order document is edited.
    pub number: String,
    pub record_no: String,
    pub customer_id: String,
    pub customer_name: String,
    /// DOCNUMBER / PO number: where the store's order number usually sits.
    pub reference: String,
    pub description: String,
    pub total: Money,
    pub due: Money,
    pub on: Date,
    pub due_on: Option<Date>,
    /// Intacct's own word, e.g. `Posted`, `Paid`, `Draft`, `Reversed`.
    pub state: String,
    pub entity: String,
    pub changed_at: Option<Timestamp>,
}

impl Invoice {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::Invoice, self.number.clone())
    }

    pub fn is_open(&self) -> bool {
        self.due.is_positive() && !matches!(self.state.as_str(), "Draft" | "Reversed" | "Voided" | "Void")
    }
}

/// One row of the general ledger, read on its own for the tie-out and never derived from our matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlLine {
    pub company: SourceId,
    pub record_no: String,
    pub batch_key: String,
    pub batch_title: String,
    pub journal: String,
    pub module: String,
    pub account: String,
    pub entry_date: Date,
    /// In the transaction currency; debit positive.
    pub amount: Money,
    /// In the books' base currency; debit positive.
    pub base: Money,
    pub document: String,
    pub record_id: String,
    pub customer_id: String,
    pub description: String,
}

impl GlLine {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::GlLine, self.record_no.clone())
    }
}

/// An Order Entry document (sales order, sales invoice).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesDocument {
    pub company: SourceId,
    /// `<definition>-<number>`, e.g. `Sales Order-XC-10482`.
    pub doc_id: String,
    pub record_no: String,
    pub definition: String,
    pub number: String,
    /// PONUMBER / referenceno.
    pub reference: String,
    pub customer_id: String,
    pub total: Option<Money>,
    pub on: Date,
    pub state: String,
    /// RECORDNO of the AR invoice it made, if any.
    pub invoice_record_no: Option<String>,
}

impl SalesDocument {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::SalesDocument, self.doc_id.clone())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub company: SourceId,
    pub customer_id: String,
    pub name: String,
    pub email: String,
    pub active: bool,
    pub on_hold: bool,
}

impl Customer {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::Customer, self.customer_id.clone())
    }
}

/// A general ledger account, with the dimensions it insists on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerAccount {
    pub company: SourceId,
    pub number: String,
    pub title: String,
    pub active: bool,
    pub requires_location: bool,
    pub requires_department: bool,
    pub requires_customer: bool,
    pub requires_item: bool,
}

impl LedgerAccount {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::Account, self.number.clone())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerItem {
    pub company: SourceId,
    pub item_id: String,
    pub name: String,
    pub active: bool,
    pub kind: String,
}

impl LedgerItem {
    pub fn record(&self) -> RecordRef {
        RecordRef::new(self.company.clone(), ObjectKind::Item, self.item_id.clone())
    }
}

/// The books' base currency and closing date, as read before planning and again before sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    pub base_currency: Currency,
    /// Everything up to and including this day is closed; `None` when nothing is.
    pub closed_through: Option<Date>,
    pub multi_currency: bool,
}

impl Books {
    pub fn is_open_on(&self, day: Date) -> bool {
        self.closed_through.is_none_or(|closed| day > closed)
    }
}
