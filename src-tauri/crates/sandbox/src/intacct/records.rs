//! The records a company keeps: masters (customers, accounts, items) and documents (invoices, receipts, journals).

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The number the database gives a record; new whenever the record is made anew.
pub type RecordNo = u64;

/// The tags on a line that say which part of the business it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    pub department: Option<String>,
    pub location: Option<String>,
    pub customer: Option<String>,
    pub item: Option<String>,
    pub class: Option<String>,
    pub project: Option<String>,
    pub warehouse: Option<String>,
}

impl Dimensions {
    pub fn at(location: &str) -> Self {
        Dimensions { location: Some(location.to_owned()), ..Dimensions::default() }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub country: String,
    pub country_code: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Contact {
    pub record_no: RecordNo,
    pub name: String,
    pub print_as: String,
    pub company_name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub phone: String,
    pub taxable: bool,
    pub tax_group: String,
    pub inactive: bool,
    pub address: Address,
    pub when_modified: DateTime,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Customer {
    pub record_no: RecordNo,
    pub id: String,
    pub name: String,
    pub inactive: bool,
    pub on_hold: bool,
    pub parent: Option<String>,
    pub term: Option<String>,
    pub currency: Option<String>,
    pub tax_id: String,
    pub customer_type: String,
    pub credit_limit: Option<Decimal>,
    /// Receivable account of this customer; without one the company's.
    pub ar_account: Option<String>,
    pub display_contact: String,
    pub bill_to: Option<String>,
    pub ship_to: Option<String>,
    pub comments: String,
    pub when_modified: DateTime,
}

/// Which dimensions a line on this account must carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    pub department: bool,
    pub location: bool,
    pub customer: bool,
    pub item: bool,
    pub class: bool,
    pub project: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub record_no: RecordNo,
    pub no: String,
    pub title: String,
    /// `balancesheet` or `incomestatement`.
    pub account_type: String,
    /// `debit` or `credit`.
    pub normal_balance: String,
    pub inactive: bool,
    pub required: Required,
    pub when_modified: DateTime,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Journal {
    pub record_no: RecordNo,
    pub symbol: String,
    pub title: String,
    pub inactive: bool,
    /// With approval on, an entry stays Submitted and out of the ledger until somebody approves it.
    pub needs_approval: bool,
}

/// A location; an entity when it keeps books of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Location {
    pub record_no: RecordNo,
    pub id: String,
    pub name: String,
    pub is_entity: bool,
    /// The entity this location belongs to (itself, for an entity).
    pub entity: Option<String>,
    pub inactive: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Department {
    pub record_no: RecordNo,
    pub id: String,
    pub title: String,
    pub inactive: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CheckingAccount {
    pub record_no: RecordNo,
    pub id: String,
    pub name: String,
    pub gl_account: String,
    pub currency: String,
    pub location: Option<String>,
    pub inactive: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Term {
    pub record_no: RecordNo,
    pub name: String,
    pub due_days: i64,
    pub inactive: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Warehouse {
    pub record_no: RecordNo,
    pub id: String,
    pub name: String,
    pub location: Option<String>,
    pub inactive: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Item {
    pub record_no: RecordNo,
    pub id: String,
    pub name: String,
    /// Inventory, Non-Inventory, Kit, ...
    pub item_type: String,
    pub inactive: bool,
    pub base_price: Option<Decimal>,
    pub standard_cost: Option<Decimal>,
    pub taxable: bool,
    pub upc: String,
    pub gl_group: String,
    /// Where a sale of it is credited; without one the definition's account.
    pub revenue_account: Option<String>,
    pub inventory_account: Option<String>,
    pub cogs_account: Option<String>,
    /// EXTENDED_DESCRIPTION.
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub ship_weight: Option<Decimal>,
    pub when_modified: DateTime,
}

/// What lies in one bin of one warehouse, before any document of this company moved it. A company without bins has one
/// row a warehouse, its bin without a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRow {
    pub item: String,
    pub warehouse: String,
    pub bin: String,
    pub on_hand: Decimal,
    pub on_order: Decimal,
    pub on_hold: Decimal,
}

/// One price of a price list: in force from a day through a day, for a quantity and more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceListEntry {
    pub record_no: RecordNo,
    pub list: String,
    pub item: String,
    pub value: Decimal,
    pub currency: Option<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub min_quantity: Option<Decimal>,
    pub inactive: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExchangeRate {
    pub rate_type: String,
    pub from: String,
    pub date: Date,
    /// Units of base currency for one unit of `from`.
    pub rate: Decimal,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportingPeriod {
    pub record_no: RecordNo,
    pub name: String,
    pub start: Date,
    pub end: Date,
}

/// A subtotal line a transaction definition offers (shipping, tax, discount) and the account it posts to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubtotalRule {
    pub description: String,
    pub account: String,
}

/// What a sales document of this definition does to the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Posts {
    /// A quote or order: no posting.
    Nothing,
    /// An AR invoice.
    Invoice,
    /// A credit memo (AR adjustment with a negative amount).
    CreditMemo,
}

/// A transaction definition of Order Entry ("Sales Order", "Sales Invoice", ...).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TransactionDefinition {
    pub record_no: RecordNo,
    pub id: String,
    /// Quote, Order, Shipper, Invoice, Adjustment, Return.
    pub class: String,
    pub posts: Posts,
    pub revenue_account: String,
    pub subtotals: Vec<SubtotalRule>,
    /// Whether inventoried items move from stock to cost of goods sold.
    pub moves_stock: bool,
    /// Whether what it names is on hold until it is converted (an order that reserves).
    #[serde(default)]
    pub holds_stock: bool,
    pub inactive: bool,
    pub when_modified: DateTime,
}

/// The currency a document is in and what one unit of it is worth in base currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyTerms {
    pub currency: String,
    pub rate: Decimal,
    pub rate_type: Option<String>,
    pub rate_date: Option<Date>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ArLine {
    pub record_no: RecordNo,
    pub line_no: u32,
    pub account: String,
    pub account_label: Option<String>,
    pub trx_amount: Decimal,
    pub amount: Decimal,
    pub memo: String,
    pub dimensions: Dimensions,
    /// What payments have settled of it so far, in the document's currency.
    pub trx_paid: Decimal,
}

/// An invoice (positive) or an adjustment (positive debit memo, negative credit memo): one receivable document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receivable {
    pub record_no: RecordNo,
    /// Invoice or adjustment number.
    pub record_id: String,
    pub customer_id: String,
    pub doc_number: String,
    pub invoice_no: String,
    pub description: String,
    pub external_id: Option<String>,
    pub when_created: Date,
    pub when_posted: Date,
    pub when_due: Option<Date>,
    pub when_paid: Option<Date>,
    pub term: Option<String>,
    pub terms: CurrencyTerms,
    pub ar_account: String,
    pub lines: Vec<ArLine>,
    pub trx_total: Decimal,
    pub total: Decimal,
    pub trx_paid: Decimal,
    pub paid: Decimal,
    pub state: ReceivableState,
    /// `4.AR`, or `8.SO` when a sales document made it.
    pub module: String,
    pub sales_document: Option<RecordNo>,
    pub bill_to: Option<String>,
    pub ship_to: Option<String>,
    pub gl_batch: Option<RecordNo>,
    pub entity: Option<String>,
    pub sup_doc: Option<String>,
    pub when_modified: DateTime,
}

impl Receivable {
    pub fn trx_due(&self) -> Decimal {
        match self.state {
            ReceivableState::Reversed | ReceivableState::Draft => Decimal::ZERO,
            ReceivableState::Posted => self.trx_total - self.trx_paid,
        }
    }

    pub fn due(&self) -> Decimal {
        match self.state {
            ReceivableState::Reversed | ReceivableState::Draft => Decimal::ZERO,
            ReceivableState::Posted => self.total - self.paid,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceivableState {
    Draft,
    Posted,
    Reversed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentState {
    Draft,
    Complete,
    Reversed,
}

/// Where the money of a receipt went: a bank account, or the drawer of receipts not yet deposited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoneyPlace {
    Bank(String),
    Undeposited(String),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PaymentDetail {
    pub record_no: RecordNo,
    /// The invoice settled.
    pub record_key: Option<RecordNo>,
    /// Or the debit memo settled.
    pub pos_adj_key: Option<RecordNo>,
    pub entry_key: Option<RecordNo>,
    pub trx_payment_amount: Decimal,
    pub adjustment_key: Option<RecordNo>,
    pub trx_adjustment_amount: Decimal,
    pub advance_key: Option<RecordNo>,
    pub trx_advance_amount: Decimal,
    /// How much of each invoice line this detail settled (line record number, amount).
    pub lines: Vec<(RecordNo, Decimal)>,
    /// Base-currency value taken off the invoice.
    pub base_settled: Decimal,
    /// The same two for the credit memo used.
    pub credit_lines: Vec<(RecordNo, Decimal)>,
    pub credit_base: Decimal,
}

impl PaymentDetail {
    pub fn trx_settled(&self) -> Decimal {
        self.trx_payment_amount + self.trx_adjustment_amount + self.trx_advance_amount
    }
}

/// A customer's payment applied to invoices (ARPYMT).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArPayment {
    pub record_no: RecordNo,
    pub record_id: String,
    pub customer_id: Option<String>,
    pub payer_name: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    pub doc_number: String,
    pub description: String,
    pub receipt_date: Date,
    pub payment_date: Option<Date>,
    pub when_created: Date,
    pub terms: CurrencyTerms,
    pub details: Vec<PaymentDetail>,
    /// Money received, without credits applied.
    pub trx_total: Decimal,
    pub total: Decimal,
    pub trx_overpayment: Decimal,
    pub overpayment_dimensions: Dimensions,
    pub state: PaymentState,
    pub deposit: Option<RecordNo>,
    pub gl_batch: Option<RecordNo>,
    pub entity: Option<String>,
    pub when_modified: DateTime,
}

/// Money received before there is an invoice (ARADVANCE).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArAdvance {
    pub record_no: RecordNo,
    pub record_id: String,
    pub customer_id: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    pub doc_number: String,
    pub description: String,
    pub receipt_date: Date,
    pub payment_date: Date,
    pub terms: CurrencyTerms,
    pub lines: Vec<ArLine>,
    pub trx_total: Decimal,
    pub total: Decimal,
    pub trx_applied: Decimal,
    pub state: PaymentState,
    pub deposit: Option<RecordNo>,
    pub gl_batch: Option<RecordNo>,
    pub entity: Option<String>,
    pub when_modified: DateTime,
}

/// Money received that is no customer payment (OTHERRECEIPTS).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OtherReceipt {
    pub record_no: RecordNo,
    pub record_id: String,
    pub payer: String,
    pub place: MoneyPlace,
    pub payment_method: String,
    /// The transaction number given as `refid`.
    pub doc_number: String,
    pub description: String,
    pub payment_date: Date,
    pub receipt_date: Date,
    pub deposit_date: Option<Date>,
    pub terms: CurrencyTerms,
    pub lines: Vec<ArLine>,
    pub trx_total: Decimal,
    pub total: Decimal,
    pub deposit: Option<RecordNo>,
    pub gl_batch: Option<RecordNo>,
    pub entity: Option<String>,
    pub when_modified: DateTime,
}

/// Receipts carried from the drawer to the bank (DEPOSIT).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deposit {
    pub record_no: RecordNo,
    pub slip: String,
    pub bank: String,
    pub date: Date,
    pub description: String,
    pub receipts: Vec<RecordNo>,
    pub currency: String,
    pub total: Decimal,
    pub gl_batch: Option<RecordNo>,
    pub when_modified: DateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchState {
    Draft,
    Submitted,
    Posted,
    Reversed,
}

impl BatchState {
    pub fn word(self) -> &'static str {
        match self {
            BatchState::Draft => "Draft",
            BatchState::Submitted => "Submitted",
            BatchState::Posted => "Posted",
            BatchState::Reversed => "Reversed",
        }
    }

    /// The letter readByQuery uses.
    pub fn letter(self) -> &'static str {
        match self {
            BatchState::Draft => "I",
            BatchState::Submitted => "S",
            BatchState::Posted => "P",
            BatchState::Reversed => "Z",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Debit,
    Credit,
}

impl Side {
    pub fn other(self) -> Self {
        match self {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        }
    }

    pub fn tr_type(self) -> i64 {
        match self {
            Side::Debit => 1,
            Side::Credit => -1,
        }
    }

    pub fn signed(self, amount: Decimal) -> Decimal {
        match self {
            Side::Debit => amount,
            Side::Credit => -amount,
        }
    }
}

/// One line of a journal entry (GLENTRY).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GlLine {
    pub record_no: RecordNo,
    pub line_no: u32,
    pub side: Side,
    pub account: String,
    pub trx_amount: Decimal,
    pub amount: Decimal,
    pub terms: CurrencyTerms,
    pub document: String,
    pub description: String,
    pub dimensions: Dimensions,
}

/// A journal entry (GLBATCH), entered by hand or made by a subledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GlBatch {
    pub record_no: RecordNo,
    pub batch_no: u64,
    pub title: String,
    pub date: Date,
    pub journal: String,
    pub module: String,
    pub reference: String,
    pub history_comment: String,
    pub state: BatchState,
    pub lines: Vec<GlLine>,
    pub base_location: Option<String>,
    pub sup_doc: Option<String>,
    pub reversed_key: Option<RecordNo>,
    pub reversed_from: Option<RecordNo>,
    /// The subledger record behind it.
    pub source: Source,
    pub entity: Option<String>,
    pub when_created: DateTime,
    pub when_modified: DateTime,
}

/// The document a ledger row came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub record_no: Option<RecordNo>,
    pub record_id: String,
    /// ri invoice, ra adjustment, rp payment, rr advance, cr other receipt, cd deposit.
    pub record_type: String,
    pub doc_number: String,
    pub customer_id: Option<String>,
}

/// One row of the general ledger as the GLDETAIL view shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GlRow {
    pub record_no: RecordNo,
    pub batch_key: RecordNo,
    pub batch_no: u64,
    pub batch_date: Date,
    pub batch_title: String,
    pub journal: String,
    pub module: String,
    pub entry_date: Date,
    pub side: Side,
    pub account: String,
    pub trx_amount: Decimal,
    pub amount: Decimal,
    pub currency: String,
    pub document: String,
    pub description: String,
    pub dimensions: Dimensions,
    pub source: Source,
    pub entity: Option<String>,
    pub when_modified: DateTime,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SalesLine {
    pub record_no: RecordNo,
    pub item: String,
    pub description: String,
    pub warehouse: Option<String>,
    pub quantity: Decimal,
    pub unit: String,
    pub price: Decimal,
    pub trx_total: Decimal,
    pub memo: String,
    pub source_line: Option<RecordNo>,
    pub quantity_converted: Decimal,
    pub dimensions: Dimensions,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SalesSubtotal {
    pub record_no: RecordNo,
    pub description: String,
    pub total: Decimal,
    pub percent: Option<Decimal>,
    pub dimensions: Dimensions,
}

/// An Order Entry document (SODOCUMENT).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SalesDocument {
    pub record_no: RecordNo,
    pub definition: String,
    pub number: String,
    pub customer_id: String,
    pub when_created: Date,
    pub when_posted: Date,
    pub when_due: Option<Date>,
    /// `referenceno`, which reads back as PONUMBER.
    pub reference: String,
    pub term: Option<String>,
    pub message: String,
    pub ship_to: Option<String>,
    pub bill_to: Option<String>,
    pub external_id: Option<String>,
    pub terms: CurrencyTerms,
    pub state: String,
    pub created_from: Option<String>,
    pub lines: Vec<SalesLine>,
    pub subtotals: Vec<SalesSubtotal>,
    pub subtotal: Decimal,
    pub trx_total: Decimal,
    pub total: Decimal,
    /// The AR record this document made.
    pub ar_record: Option<RecordNo>,
    pub stock_batch: Option<RecordNo>,
    pub tracking_number: String,
    pub shipped_date: Option<Date>,
    pub shipping_method: String,
    pub entity: Option<String>,
    pub when_modified: DateTime,
}

impl SalesDocument {
    pub fn doc_id(&self) -> String {
        format!("{}-{}", self.definition, self.number)
    }
}
