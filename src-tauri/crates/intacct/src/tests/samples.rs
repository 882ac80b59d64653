//! Small documents and how to look at what was written.

use crate::config::{Config, Environment, Limits, SAGE_ENDPOINT};
use crate::write::{InvoiceLink, Links, NewAddress, NewContact, NewCustomer, WriteRequest, build};
use crate::write::{create_contact, create_customer};
use crate::xml::{Node, parse};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tieout_domain::{
    AccountLine, Adjustment, Advance, AdvanceApplication, Application, CashReceipt, Deposit, DepositTo, Dimensions,
    Document, IdempotencyKey, InvoiceDocument, JournalEntry, JournalLine, OtherReceipt, ReceiptReversal, SalesOrder,
    SalesOrderLine, Subtotal,
};
use tieout_money::{Currency, ExchangeRate, Money, UnitPrice};

pub fn config() -> Config {
    Config {
        url: SAGE_ENDPOINT.parse().unwrap(),
        company: "acme".into(),
        user: "ws_user".into(),
        sender: "tieout".into(),
        entity: None,
        environment: Environment::Production,
        entity_time_zone: TimeZone::UTC,
        password: "USER-SECRET".into(),
        sender_password: "SENDER-SECRET".into(),
        limits: Limits { extra_error_ids: false, ..Limits::default() },
    }
}

pub const DAY: Date = date(2025, 3, 31);

pub fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

pub fn eur(text: &str) -> Money {
    Money::parse(text, Currency::EUR).unwrap()
}

pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey(format!("tieout-{text}"))
}

pub fn links() -> Links {
    let link = |record_no: &str, due| InvoiceLink { record_no: record_no.into(), customer_id: "C-1001".into(), due };
    Links {
        base_currency: Currency::USD,
        multi_currency: true,
        invoices: [
            ("INV-1".to_owned(), link("4242", usd("104.95"))),
            ("INV-2".to_owned(), link("4243", usd("25.50"))),
            ("INV-3".to_owned(), link("4244", eur("10.00"))),
        ]
        .into(),
    }
}

pub fn shop() -> Dimensions {
    Dimensions { location: "100".into(), department: "200".into(), ..Dimensions::default() }
}

fn apply(invoice: &str, amount: Money) -> Application {
    Application { invoice: invoice.into(), amount }
}

/// `&` proves escaping.
pub fn cash_receipt() -> CashReceipt {
    CashReceipt {
        customer_id: "C-1001".into(),
        deposit_to: DepositTo::Bank("BANK-01".into()),
        payment_method: "Credit Card".into(),
        on: DAY,
        amount: usd("130.45"),
        reference: "XC-123-PAY-1".into(),
        description: "X-Cart order 123, R&D Co".into(),
        applications: vec![apply("INV-1", usd("104.95")), apply("INV-2", usd("25.50"))],
        rate_type: None,
    }
}

fn line(account: &str, amount: Money) -> AccountLine {
    AccountLine { account: account.into(), amount, memo: "Net of fees".into(), dimensions: shop() }
}

pub fn journal_entry() -> JournalEntry {
    let line = |account: &str, amount| JournalLine {
        account: account.into(),
        amount: usd(amount),
        memo: "Processor <fee>".into(),
        dimensions: shop(),
    };
    JournalEntry::new("GJ", DAY, "Card fees 03/31", "TO-FEE-1", vec![line("6200", "3.34"), line("1210", "-3.34")])
        .unwrap()
}

fn euro_entry() -> JournalEntry {
    let line = |account: &str, amount| JournalLine {
        account: account.into(),
        amount: eur(amount),
        memo: String::new(),
        dimensions: Dimensions::default(),
    };
    JournalEntry::new("GJ", DAY, "Fee in euro", "TO-FEE-2", vec![line("6200", "3.20"), line("1215", "-3.20")]).unwrap()
}

pub fn sales_order() -> SalesOrder {
    let subtotal = |description: &str, total| Subtotal { description: description.into(), total, dimensions: shop() };
    SalesOrder {
        definition: "Sales Order".into(),
        customer_id: "C-1001".into(),
        on: DAY,
        due_on: Some(date(2025, 4, 30)),
        term: Some("Net 30".into()),
        number: "XC-123".into(),
        reference: "123".into(),
        message: "Leave at \"door\" & ring <twice>".into(),
        currency: Currency::USD,
        base_currency: Some(Currency::USD),
        rate_type: None,
        lines: vec![SalesOrderLine {
            item_id: "SKU-1".into(),
            description: "Blue mug".into(),
            quantity: Decimal::new(30, 1),
            unit: "Each".into(),
            price: UnitPrice::new(Decimal::new(299_900, 4), Currency::USD),
            warehouse: Some("WH01".into()),
            dimensions: shop(),
            memo: String::new(),
        }],
        subtotals: vec![
            subtotal("Coupon", usd("-4.00")),
            subtotal("Shipping", usd("12.00")),
            subtotal("Tax", usd("0.00")),
        ],
        total: usd("97.97"),
    }
}

/// Every kind of document, and the variants that write something else.
pub fn documents() -> Vec<(&'static str, Document)> {
    let undeposited = || DepositTo::Undeposited("1099".into());
    let euro_order = SalesOrder {
        currency: Currency::EUR,
        rate_type: Some("Intacct Daily Rate".into()),
        total: eur("1.00"),
        subtotals: Vec::new(),
        ..sales_order()
    };
    let invoice = InvoiceDocument {
        customer_id: "C-1001".into(),
        on: DAY,
        due_on: date(2025, 4, 30),
        number: "XC-123".into(),
        reference: "123".into(),
        description: "X-Cart order 123".into(),
        lines: vec![line("4000", usd("100.00")), line("2200", usd("4.95"))],
        rate_type: None,
    };
    let euro_invoice = InvoiceDocument {
        lines: vec![line("4000", eur("10.00"))],
        rate_type: Some("Intacct Daily Rate".into()),
        ..invoice.clone()
    };
    vec![
        ("cash_receipt_to_a_bank", Document::CashReceipt(cash_receipt())),
        (
            "cash_receipt_in_euro_to_undeposited_funds",
            Document::CashReceipt(CashReceipt {
                deposit_to: undeposited(),
                amount: eur("10.00"),
                applications: vec![apply("INV-3", eur("10.00"))],
                rate_type: Some("Intacct Daily Rate".into()),
                ..cash_receipt()
            }),
        ),
        (
            "advance",
            Document::Advance(Advance {
                customer_id: "C-1001".into(),
                deposit_to: undeposited(),
                payment_method: "Credit Card".into(),
                on: DAY,
                amount: usd("75.00"),
                reference: "XC-125-PAY-1".into(),
                description: "Prepaid order 125".into(),
                liability_account: "2400".into(),
                dimensions: shop(),
                rate_type: None,
            }),
        ),
        (
            "advance_application",
            Document::AdvanceApplication(AdvanceApplication {
                customer_id: "C-1001".into(),
                advance_record_no: "5150".into(),
                deposit_to: DepositTo::Bank("BANK-01".into()),
                payment_method: "Credit Card".into(),
                on: DAY,
                reference: "XC-125-APPLY-1".into(),
                description: String::new(),
                application: apply("INV-1", usd("75.00")),
            }),
        ),
        ("journal_entry", Document::JournalEntry(journal_entry())),
        (
            "journal_entry_that_reverses_one",
            Document::JournalEntry(journal_entry().reversal(date(2025, 4, 1), "REV-TO-FEE-1")),
        ),
        (
            "journal_entry_in_euro_at_a_known_rate",
            Document::JournalEntry(
                euro_entry().with_rate(ExchangeRate::parse("1.1040", Currency::EUR, Currency::USD).unwrap()),
            ),
        ),
        (
            "journal_entry_in_euro_at_intaccts_rate",
            Document::JournalEntry(euro_entry().with_rate_type("Intacct Daily Rate")),
        ),
        ("sales_order", Document::SalesOrder(sales_order())),
        ("sales_order_in_euro", Document::SalesOrder(euro_order)),
        ("invoice", Document::Invoice(invoice)),
        ("invoice_in_euro", Document::Invoice(euro_invoice)),
        (
            "credit_memo",
            Document::Adjustment(Adjustment {
                customer_id: "C-1001".into(),
                on: DAY,
                number: "XC-123-CM-1".into(),
                invoice: "INV-1".into(),
                description: "Refund".into(),
                lines: vec![line("4010", usd("-10.00"))],
                rate_type: None,
            }),
        ),
        (
            "other_receipt_to_a_bank",
            Document::OtherReceipt(OtherReceipt {
                payer: "Stripe".into(),
                on: DAY,
                payment_method: "EFT".into(),
                deposit_to: DepositTo::Bank("BANK-01".into()),
                reference: "PO-2025-03-31".into(),
                description: "Batch payout".into(),
                lines: vec![line("1210", usd("101.61"))],
                rate_type: None,
            }),
        ),
        (
            "deposit",
            Document::Deposit(Deposit {
                bank: "BANK-01".into(),
                on: DAY,
                number: "DEP-2025-03-31".into(),
                description: "Payout po_1".into(),
                receipts: vec!["6001".into(), "6002".into()],
                total: usd("124.95"),
            }),
        ),
        (
            "receipt_reversal",
            Document::ReceiptReversal(ReceiptReversal {
                record_no: "6001".into(),
                on: DAY,
                reference: "REV-XC-123-PAY-1".into(),
                description: "Chargeback".into(),
                amount: usd("104.95"),
            }),
        ),
    ]
}

/// Every write request there is, by name.
pub fn writes() -> Vec<(&'static str, WriteRequest)> {
    let contact = NewContact {
        contact_name: "Jane Doe(CC-1001)".into(),
        print_as: "Jane Doe".into(),
        email: "jane@example.com".into(),
        address: NewAddress {
            line1: "300 Park Ave".into(),
            city: "San Jose".into(),
            country: "United States".into(),
            country_code: "US".into(),
            ..NewAddress::default()
        },
        ..NewContact::default()
    };
    let customer = NewCustomer {
        customer_id: "C-1001".into(),
        name: "Jane Doe".into(),
        contact: contact.clone(),
        term: Some("Net 30".into()),
        currency: None,
    };
    let mut writes: Vec<_> = documents()
        .into_iter()
        .map(|(name, document)| (name, build(&document, &links(), &key(name)).unwrap()))
        .collect();
    writes.push(("contact", create_contact(&contact, &key("contact")).unwrap()));
    writes.push(("customer", create_customer(&customer, &key("customer")).unwrap()));
    writes
}

/// Laid out to be read in a diff.
pub fn pretty(xml: &str) -> String {
    fn put(node: &Node, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        let whole = node.to_xml();
        if node.children.is_empty() {
            out.push_str(&format!("{pad}{whole}\n"));
            return;
        }
        let open = &whole[..=whole.find('>').unwrap()];
        out.push_str(&format!("{pad}{open}\n"));
        node.children.iter().for_each(|it| put(it, depth + 1, out));
        out.push_str(&format!("{pad}</{}>\n", node.name));
    }
    let mut out = String::new();
    put(&parse(xml.as_bytes()).unwrap(), 0, &mut out);
    out
}
