//! The documents Tieout proposes to Intacct. Everything Intacct will be told is fixed here - accounts,
//! dimensions, dates, amounts, reference and natural key - so that posting decides nothing.

use crate::journal::{Dimensions, JournalEntry};
use crate::posting::NaturalKey;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_money::{Currency, Money, UnitPrice};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Document {
    CashReceipt(CashReceipt),
    Advance(Advance),
    AdvanceApplication(AdvanceApplication),
    JournalEntry(JournalEntry),
    SalesOrder(SalesOrder),
    Invoice(InvoiceDocument),
    Adjustment(Adjustment),
    OtherReceipt(OtherReceipt),
    Deposit(Deposit),
    ReceiptReversal(ReceiptReversal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    CashReceipt,
    Advance,
    AdvanceApplication,
    JournalEntry,
    SalesOrder,
    Invoice,
    Adjustment,
    OtherReceipt,
    Deposit,
    ReceiptReversal,
}

impl DocumentKind {
    /// What an accountant calls it.
    pub fn title(self) -> &'static str {
        match self {
            DocumentKind::CashReceipt => "Cash receipt",
            DocumentKind::Advance => "Customer advance",
            DocumentKind::AdvanceApplication => "Application of an advance",
            DocumentKind::JournalEntry => "Journal entry",
            DocumentKind::SalesOrder => "Sales order",
            DocumentKind::Invoice => "Invoice",
            DocumentKind::Adjustment => "Credit or debit memo",
            DocumentKind::OtherReceipt => "Other receipt",
            DocumentKind::Deposit => "Bank deposit",
            DocumentKind::ReceiptReversal => "Reversal of a receipt",
        }
    }
}

/// Where received money is put.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DepositTo {
    /// Intacct's id of a checking account (its GL account is set there).
    Bank(String),
    /// GL account number of an undeposited funds account.
    Undeposited(String),
}

/// How much of a receipt goes to one invoice. By invoice number: RECORDNO changes, and is looked up
/// again just before the request is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Application {
    pub invoice: String,
    /// Positive, in the receipt's currency.
    pub amount: Money,
}

/// A customer's money for open invoices (ARPYMT). `amount` equals the sum of the applications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CashReceipt {
    pub customer_id: String,
    pub deposit_to: DepositTo,
    /// One of Intacct's own words: Credit Card, Cash, EFT, Printed Check, ...
    pub payment_method: String,
    pub on: Date,
    pub amount: Money,
    /// Natural key, written as DOCNUMBER.
    pub reference: String,
    pub description: String,
    pub applications: Vec<Application>,
    /// Exchange rate type by name, for a foreign currency.
    pub rate_type: Option<String>,
}

/// A customer's money before any invoice (ARADVANCE).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advance {
    pub customer_id: String,
    pub deposit_to: DepositTo,
    pub payment_method: String,
    pub on: Date,
    pub amount: Money,
    pub reference: String,
    pub description: String,
    /// GL account number of customer deposits.
    pub liability_account: String,
    pub dimensions: Dimensions,
    pub rate_type: Option<String>,
}

/// An advance set against an invoice (ARPYMT whose details name the advance).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdvanceApplication {
    pub customer_id: String,
    /// RECORDNO of the advance.
    pub advance_record_no: String,
    pub deposit_to: DepositTo,
    pub payment_method: String,
    pub on: Date,
    pub reference: String,
    pub description: String,
    pub application: Application,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesOrder {
    /// Transaction definition, e.g. `Sales Order`.
    pub definition: String,
    pub customer_id: String,
    pub on: Date,
    pub due_on: Option<Date>,
    pub term: Option<String>,
    /// Natural key: store and order number, e.g. `XC-10482`. Written as documentno, referenceno and externalid.
    pub number: String,
    pub reference: String,
    pub message: String,
    pub currency: Currency,
    pub base_currency: Option<Currency>,
    pub rate_type: Option<String>,
    pub lines: Vec<SalesOrderLine>,
    pub subtotals: Vec<Subtotal>,
    /// The store's total: what Intacct's document must come to when it is read back.
    pub total: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesOrderLine {
    pub item_id: String,
    pub description: String,
    pub quantity: Decimal,
    pub unit: String,
    pub price: UnitPrice,
    pub warehouse: Option<String>,
    pub dimensions: Dimensions,
    pub memo: String,
}

/// Shipping, discount or tax of an order; `description` must be a subtotal of the transaction definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subtotal {
    pub description: String,
    /// Negative for a discount.
    pub total: Money,
    pub dimensions: Dimensions,
}

/// A receivables invoice without an order document (create_invoice).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceDocument {
    pub customer_id: String,
    pub on: Date,
    pub due_on: Date,
    pub number: String,
    pub reference: String,
    pub description: String,
    /// Income side; positive lines add to what the customer owes.
    pub lines: Vec<AccountLine>,
    pub rate_type: Option<String>,
}

/// A credit memo (negative total) or debit memo (create_aradjustment).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    pub customer_id: String,
    pub on: Date,
    pub number: String,
    /// The invoice it concerns, by number.
    pub invoice: String,
    pub description: String,
    /// Negative lines credit the customer, positive lines charge.
    pub lines: Vec<AccountLine>,
    pub rate_type: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountLine {
    pub account: String,
    pub amount: Money,
    pub memo: String,
    pub dimensions: Dimensions,
}

/// Money that is no customer's payment (record_otherreceipt).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherReceipt {
    pub payer: String,
    pub on: Date,
    pub payment_method: String,
    pub deposit_to: DepositTo,
    pub reference: String,
    pub description: String,
    /// Positive lines credit the account.
    pub lines: Vec<AccountLine>,
    pub rate_type: Option<String>,
}

/// Undeposited receipts taken to the bank together (record_deposit).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deposit {
    pub bank: String,
    pub on: Date,
    /// Natural key.
    pub number: String,
    pub description: String,
    /// RECORDNOs of the receipts.
    pub receipts: Vec<String>,
    pub total: Money,
}

/// Reverses a posted receipt (reverse_arpayment).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReceiptReversal {
    pub record_no: String,
    pub on: Date,
    /// Natural key of ours, kept in the description: the function offers no other place.
    pub reference: String,
    pub description: String,
    pub amount: Money,
}

impl Document {
    pub fn kind(&self) -> DocumentKind {
        match self {
            Document::CashReceipt(_) => DocumentKind::CashReceipt,
            Document::Advance(_) => DocumentKind::Advance,
            Document::AdvanceApplication(_) => DocumentKind::AdvanceApplication,
            Document::JournalEntry(_) => DocumentKind::JournalEntry,
            Document::SalesOrder(_) => DocumentKind::SalesOrder,
            Document::Invoice(_) => DocumentKind::Invoice,
            Document::Adjustment(_) => DocumentKind::Adjustment,
            Document::OtherReceipt(_) => DocumentKind::OtherReceipt,
            Document::Deposit(_) => DocumentKind::Deposit,
            Document::ReceiptReversal(_) => DocumentKind::ReceiptReversal,
        }
    }

    /// What the record is looked up by when an answer never came.
    pub fn natural_key(&self) -> NaturalKey {
        NaturalKey(
            match self {
                Document::CashReceipt(it) => &it.reference,
                Document::Advance(it) => &it.reference,
                Document::AdvanceApplication(it) => &it.reference,
                Document::JournalEntry(it) => it.reference(),
                Document::SalesOrder(it) => &it.number,
                Document::Invoice(it) => &it.number,
                Document::Adjustment(it) => &it.number,
                Document::OtherReceipt(it) => &it.reference,
                Document::Deposit(it) => &it.number,
                Document::ReceiptReversal(it) => &it.reference,
            }
            .to_owned(),
        )
    }

    /// The day it lands on in the general ledger (for a sales order, its own date).
    pub fn on(&self) -> Date {
        match self {
            Document::CashReceipt(it) => it.on,
            Document::Advance(it) => it.on,
            Document::AdvanceApplication(it) => it.on,
            Document::JournalEntry(it) => it.on(),
            Document::SalesOrder(it) => it.on,
            Document::Invoice(it) => it.on,
            Document::Adjustment(it) => it.on,
            Document::OtherReceipt(it) => it.on,
            Document::Deposit(it) => it.on,
            Document::ReceiptReversal(it) => it.on,
        }
    }

    /// The amount a person would name it by. Negative for money given back.
    pub fn amount(&self) -> Money {
        match self {
            Document::CashReceipt(it) => it.amount,
            Document::Advance(it) => it.amount,
            Document::AdvanceApplication(it) => it.application.amount,
            Document::JournalEntry(it) => it.total(),
            Document::SalesOrder(it) => it.total,
            Document::Invoice(it) => total_of(&it.lines),
            Document::Adjustment(it) => total_of(&it.lines),
            Document::OtherReceipt(it) => total_of(&it.lines),
            Document::Deposit(it) => it.total,
            Document::ReceiptReversal(it) => -it.amount,
        }
    }

    pub fn description(&self) -> &str {
        match self {
            Document::CashReceipt(it) => &it.description,
            Document::Advance(it) => &it.description,
            Document::AdvanceApplication(it) => &it.description,
            Document::JournalEntry(it) => it.title(),
            Document::SalesOrder(it) => &it.message,
            Document::Invoice(it) => &it.description,
            Document::Adjustment(it) => &it.description,
            Document::OtherReceipt(it) => &it.description,
            Document::Deposit(it) => &it.description,
            Document::ReceiptReversal(it) => &it.description,
        }
    }

    pub fn customer_id(&self) -> Option<&str> {
        match self {
            Document::CashReceipt(it) => Some(&it.customer_id),
            Document::Advance(it) => Some(&it.customer_id),
            Document::AdvanceApplication(it) => Some(&it.customer_id),
            Document::SalesOrder(it) => Some(&it.customer_id),
            Document::Invoice(it) => Some(&it.customer_id),
            Document::Adjustment(it) => Some(&it.customer_id),
            Document::JournalEntry(_)
            | Document::OtherReceipt(_)
            | Document::Deposit(_)
            | Document::ReceiptReversal(_) => None,
        }
    }

    /// A sales order commits to nothing in the ledger; everything else needs an open period.
    pub fn posts_to_the_ledger(&self) -> bool {
        !matches!(self, Document::SalesOrder(_))
    }
}

fn total_of(lines: &[AccountLine]) -> Money {
    let currency = lines.first().map_or(Currency::USD, |line| line.amount.currency());
    Money::sum(currency, lines.iter().map(|line| line.amount)).unwrap_or(Money::zero(currency))
}
