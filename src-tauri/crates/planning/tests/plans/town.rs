//! A shop and its books in a few words, and the plan that comes of them. All of it lies in January 2026.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::ledger::Books;
use tieout_domain::*;
use tieout_money::{Currency, Money, UnitPrice};
use tieout_planning::{Choice, OpenItem, Plan, Settings, Snapshot, Why, plan};

pub const SETTINGS: &str = r#"
cut_over = "2026-01-02"
rate_type = "Daily"

[[clearing]]
method = "Stripe"
currency = "USD"
account = "1210"
deposit_to = "undeposited:1210"
payment_method = "Credit Card"
settlement = "stripe"
bank_account = "1010"
bank = "CHK"
fee_percent = "2.9"
fee_percent_abroad = "3.9"
fee_fixed = "0.30"

[[clearing]]
method = "Stripe"
currency = "EUR"
account = "1215"
deposit_to = "bank:EUR"
payment_method = "Credit Card"
settlement = "stripe"
bank_account = "1015"

[[clearing]]
method = "Check"
currency = "USD"
account = "1090"
deposit_to = "undeposited:1090"
payment_method = "Printed Check"
bank = "CHK"

[accounts]
receivable = "1100"
fees = "6100"
chargeback_fees = "6110"
chargebacks_in_dispute = "1290"
customer_deposits = "2300"
unapplied = "2310"
write_off = "6900"
bank_charges = "6910"
reserve = "1280"
returns = "4900"
discounts = "4800"
shipping = "4300"

[dimensions]
location = "100"
department = "20"

[orders]
definition = ""
warehouse = "WH"
term = "N30"
shipping_subtotal = "Shipping"
discount_subtotal = "Discount"
handling_subtotal = "Handling"

[items]
OLD-1 = "NEW-1"

[customers]
profile_prefix = "C-"
guest = "GUEST"

[customers.by_email]
"vip@example.com" = "VIP"

[taxes."TAX.1"]
subtotal = "Sales tax"
account = "2200"
"#;

pub fn day(day: i8) -> Date {
    date(2026, 1, day)
}

pub fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

pub fn eur(text: &str) -> Money {
    Money::parse(text, Currency::EUR).unwrap()
}

fn store() -> SourceId {
    SourceId::xcart("shop")
}

fn company() -> SourceId {
    SourceId::intacct("acme")
}

#[derive(Clone, Default)]
pub struct Town {
    pub settings: String,
    pub as_of: Option<Date>,
    pub books: Option<Books>,
    pub orders: Vec<Order>,
    pub payments: Vec<PaymentEvent>,
    pub rows: Vec<SettlementRow>,
    pub invoices: Vec<Invoice>,
    pub receipts: Vec<Receipt>,
    pub sales: Vec<SalesDocument>,
    pub customers: Vec<Customer>,
    pub accounts: Vec<LedgerAccount>,
    pub items: Vec<LedgerItem>,
    pub left: Vec<OpenItem>,
    pub right: Vec<OpenItem>,
    pub taxes: Option<BTreeMap<String, Money>>,
    pub booked: BTreeSet<RecordRef>,
    pub suggested: BTreeSet<RecordRef>,
    pub under_way: BTreeSet<PostingId>,
    pub facts_under_way: BTreeSet<RecordRef>,
    pub choices: BTreeMap<String, Choice>,
    pub written_off: Vec<(Date, Money)>,
}

pub fn nothing() -> Why {
    Why::Nothing("nothing near it".into())
}

impl Town {
    pub fn new() -> Town {
        let books =
            Books { base_currency: Currency::USD, closed_through: Some(date(2025, 12, 31)), multi_currency: true };
        Town { settings: SETTINGS.into(), as_of: Some(day(20)), books: Some(books), ..Town::default() }
    }

    /// Matching found nothing for it.
    pub fn open(mut self, payment: PaymentEvent, why: Why) -> Town {
        self.left.push(OpenItem { record: payment.record(), why });
        self.payments.push(payment);
        self
    }

    pub fn open_row(mut self, row: SettlementRow, why: Why) -> Town {
        self.left.push(OpenItem { record: row.record(), why });
        self.rows.push(row);
        self
    }

    pub fn open_receipt(mut self, receipt: Receipt, why: Why) -> Town {
        self.right.push(OpenItem { record: receipt.record(), why });
        self.receipts.push(receipt);
        self
    }

    pub fn order(mut self, order: Order) -> Town {
        self.orders.push(order);
        self
    }

    pub fn invoice(mut self, invoice: Invoice) -> Town {
        self.invoices.push(invoice);
        self
    }

    pub fn with<T>(mut self, change: impl FnOnce(&mut Town) -> T) -> Town {
        change(&mut self);
        self
    }

    pub fn replaced(mut self, from: &str, to: &str) -> Town {
        assert!(self.settings.contains(from), "{from}");
        self.settings = self.settings.replace(from, to);
        self
    }

    pub fn plan(&self) -> Plan {
        let settings = Settings::parse(&self.settings).unwrap();
        let mut snapshot = Snapshot::new(&settings, self.as_of.unwrap());
        snapshot.settings_version = 3;
        snapshot.books = self.books.clone();
        snapshot.orders = self.orders.iter().map(|it| (it.id, it)).collect();
        snapshot.payments = self.payments.iter().map(|it| (it.record(), it)).collect();
        snapshot.settlements = self.rows.iter().map(|it| (it.record(), it)).collect();
        snapshot.invoices = self.invoices.iter().collect();
        snapshot.receipts = self.receipts.iter().map(|it| (it.record(), it)).collect();
        snapshot.sales_documents = self.sales.iter().collect();
        snapshot.customers = self.customers.iter().map(|it| (it.customer_id.clone(), it)).collect();
        snapshot.accounts = self.accounts.iter().map(|it| (it.number.clone(), it)).collect();
        snapshot.items = self.items.iter().map(|it| (it.item_id.clone(), it)).collect();
        snapshot.left_over = self.left.clone();
        snapshot.right_over = self.right.clone();
        snapshot.invoice_taxes = self.taxes.clone();
        snapshot.booked_without_invoice = self.booked.clone();
        snapshot.suggested = self.suggested.clone();
        snapshot.under_way = self.under_way.clone();
        snapshot.facts_under_way = self.facts_under_way.clone();
        snapshot.versions = self.payments.iter().map(|it| (it.record(), 5)).collect();
        snapshot.choices = self.choices.clone();
        snapshot.written_off = self.written_off.clone();
        plan(&snapshot)
    }

    pub fn told(&self) -> String {
        crate::words::told(&self.plan())
    }
}

/// Goods of that price and nothing else; `1001` for id 1.
pub fn order(id: u64, total: &str) -> Order {
    let total = usd(total);
    let price = UnitPrice::new(total.amount(), Currency::USD);
    Order {
        store: store(),
        id,
        number: (1_000 + id).to_string(),
        currency: Currency::USD,
        total,
        subtotal: total,
        placed_at: Timestamp::UNIX_EPOCH,
        placed_on: day(5),
        changed_at: Timestamp::UNIX_EPOCH,
        payment_status: PaymentStatus::Paid,
        shipping_status: ShippingStatus::Processing,
        customer_id: Some(7),
        email: "jane@example.com".into(),
        billing: Some(Address { name: "Jane Roe".into(), ..Address::default() }),
        shipping: None,
        shipping_method: String::new(),
        lines: vec![OrderLine {
            id: 1,
            product_id: None,
            sku: "MUG".into(),
            name: "Blue mug".into(),
            quantity: Decimal::ONE,
            price,
            total: price,
        }],
        surcharges: vec![],
        tracking_numbers: vec![],
        payment_method: None,
        notes: String::new(),
    }
}

pub fn surcharge(kind: SurchargeKind, code: &str, value: &str) -> Surcharge {
    let value = UnitPrice::new(value.parse().unwrap(), Currency::USD);
    Surcharge { kind, code: code.into(), name: code.to_lowercase(), value, included: false }
}

/// 2 x 50.00, coupon 10.00, shipping 8.00, tax 7.43: 105.43.
pub fn o2001() -> Order {
    let mut it = order(1, "105.43");
    it.lines[0].quantity = Decimal::TWO;
    it.lines[0].price.amount = Decimal::from(50);
    it.surcharges = vec![
        surcharge(SurchargeKind::Shipping, "SHIPPING", "8.00"),
        surcharge(SurchargeKind::Discount, "DCOUPON", "-10.00"),
        surcharge(SurchargeKind::Tax, "TAX.1", "7.43"),
    ];
    it
}

pub fn capture(order_id: u64, transaction: u64, amount: &str, on: i8) -> PaymentEvent {
    PaymentEvent {
        store: store(),
        transaction,
        row: 2,
        order_id,
        order_number: (1_000 + order_id).to_string(),
        kind: PaymentEventKind::Capture,
        method: "Stripe".into(),
        gateway_ref: Some(format!("ch_{transaction}")),
        amount: usd(amount),
        at: day(on).at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(),
        on: day(on),
        party: "Jane Roe".into(),
        email: "jane@example.com".into(),
        note: String::new(),
    }
}

/// `amount` positive.
pub fn refund(order_id: u64, transaction: u64, amount: &str, on: i8) -> PaymentEvent {
    let taken = capture(order_id, transaction, amount, on);
    PaymentEvent { kind: PaymentEventKind::Refund, row: 3, amount: -taken.amount, ..taken }
}

pub fn invoice(id: u64, total: &str, due: &str) -> Invoice {
    Invoice {
        company: company(),
        number: format!("INV-{}", 1_000 + id),
        record_no: format!("4{id}"),
        customer_id: "C-7".into(),
        customer_name: "Roe & Co".into(),
        reference: (1_000 + id).to_string(),
        description: String::new(),
        total: usd(total),
        due: usd(due),
        on: day(6),
        due_on: Some(day(30)),
        state: "Posted".into(),
        entity: String::new(),
        changed_at: None,
    }
}

pub fn receipt(kind: ReceiptKind, record_no: &str, reference: &str, amount: &str, on: i8) -> Receipt {
    Receipt {
        company: company(),
        kind,
        record_no: record_no.into(),
        record_id: format!("R-{record_no}"),
        reference: reference.into(),
        description: String::new(),
        customer_id: "C-7".into(),
        customer_name: "Roe & Co".into(),
        amount: usd(amount),
        unapplied: usd("0.00"),
        on: day(on),
        account: "1090".into(),
        payment_method: "Printed Check".into(),
        entity: String::new(),
        state: ReceiptState::Posted,
        changed_at: None,
    }
}

pub fn row(kind: SettlementKind, id: &str, gross: &str, fee: &str, on: i8) -> SettlementRow {
    let source = if kind == SettlementKind::BankLine { "bank" } else { "stripe" };
    SettlementRow {
        source: SourceId::file(source),
        row_id: id.into(),
        kind,
        payout_id: "po_1".into(),
        gateway_ref: format!("ch_{id}"),
        order_number: String::new(),
        gross: usd(gross),
        fee: usd(fee),
        net: usd(gross).checked_add(usd(fee)).unwrap(),
        on: day(on),
        available_on: None,
        description: format!("line {id}"),
    }
}

pub fn account(number: &str) -> LedgerAccount {
    LedgerAccount {
        company: company(),
        number: number.into(),
        title: format!("Account {number}"),
        active: true,
        requires_location: false,
        requires_department: false,
        requires_customer: false,
        requires_item: false,
    }
}

pub fn customer(id: &str) -> Customer {
    Customer {
        company: company(),
        customer_id: id.into(),
        name: "Roe & Co".into(),
        email: String::new(),
        active: true,
        on_hold: false,
    }
}

pub fn item(id: &str) -> LedgerItem {
    LedgerItem { company: company(), item_id: id.into(), name: id.into(), active: true, kind: "Inventory".into() }
}

pub fn sales_document(number: &str, reference: &str) -> SalesDocument {
    SalesDocument {
        company: company(),
        doc_id: format!("Sales Order-{number}"),
        record_no: "9".into(),
        definition: "Sales Order".into(),
        number: number.into(),
        reference: reference.into(),
        customer_id: "C-7".into(),
        total: None,
        on: day(5),
        state: "Pending".into(),
        invoice_record_no: None,
    }
}
