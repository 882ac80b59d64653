//! A small company to try things on: a dozen accounts, two banks, one customer, one item, three definitions.

use jiff::civil::date;
use rust_decimal::Decimal;

use super::company::Company;
use super::records::{Contact, Customer, Item, Posts};

/// The chart of `data/accounting-scenarios.json`: number, title, balance sheet, debit normal.
pub const CHART: &[(&str, &str, bool, bool)] = &[
    ("1000", "Operating bank (USD)", true, true),
    ("1005", "Operating bank (EUR)", true, true),
    ("1050", "Undeposited funds", true, true),
    ("1100", "Accounts receivable", true, true),
    ("1210", "Gateway clearing - Card", true, true),
    ("1215", "Gateway clearing - Card (EUR)", true, true),
    ("1220", "Gateway reserve held", true, true),
    ("1230", "Chargebacks in dispute", true, true),
    ("1300", "Inventory", true, true),
    ("1900", "Suspense", true, true),
    ("2200", "Sales tax payable - State", true, false),
    ("2210", "Sales tax payable - County", true, false),
    ("2250", "VAT payable", true, false),
    ("2300", "Gift card liability", true, false),
    ("2310", "Store credit liability", true, false),
    ("2400", "Customer deposits (advances)", true, false),
    ("2410", "Unapplied cash", true, false),
    ("4000", "Product sales", false, false),
    ("4050", "Shipping revenue", false, false),
    ("4100", "Sales discounts", false, true),
    ("4200", "Returns and allowances", false, true),
    ("4900", "Gift card breakage income", false, false),
    ("5000", "Cost of goods sold", false, true),
    ("6100", "Merchant processing fees", false, true),
    ("6110", "Chargeback fees", false, true),
    ("6120", "Chargeback losses", false, true),
    ("6150", "Bank charges", false, true),
    ("6900", "Small-balance write-off", false, true),
    ("7000", "Realized FX gain/loss", false, true),
    ("7010", "Unrealized FX gain/loss", false, true),
    ("7900", "Rounding", false, true),
];

pub fn small_company() -> Company {
    let mut company = Company::new("sandbox", "USD");
    for (no, title, balance_sheet, debit_normal) in CHART {
        company.add_account(no, title, *balance_sheet, *debit_normal);
    }
    for (symbol, title) in [("GJ", "General"), ("ARJ", "Receivables"), ("CRJ", "Cash receipts"), ("IJ", "Inventory")] {
        company.add_journal(symbol, title);
    }
    company.add_location("100", "Head office", true, None);
    company.add_department("200", "Web shop");
    company.add_checking_account("BANK-01", "Operating bank", "1000", "USD");
    company.add_checking_account("BANK-EUR", "Operating bank (EUR)", "1005", "EUR");
    company.add_checking_account("CLEARING-CARD", "Card gateway", "1210", "USD");
    company.add_checking_account("CLEARING-EUR", "Card gateway (EUR)", "1215", "EUR");
    company.add_term("Net 30", 30);
    company.add_term("N30", 30);
    company.add_warehouse("WH01", "Main warehouse", Some("100"));
    company.add_rate("EUR", date(2015, 1, 1), Decimal::new(110, 2));
    company.add_rate("EUR", date(2025, 4, 1), Decimal::new(108, 2));
    company.add_period("Month Ended March 2025", date(2025, 3, 1), date(2025, 3, 31));
    let subtotals =
        [("Coupon", "4100"), ("Discount", "4100"), ("Shipping", "4050"), ("Sales Tax", "2200"), ("Gift Card", "2300")];
    company.add_definition("Sales Order", "Order", Posts::Nothing, "4000", &subtotals);
    company.add_definition("Sales Invoice", "Invoice", Posts::Invoice, "4000", &subtotals);
    company.add_definition("Sales Credit Memo", "Return", Posts::CreditMemo, "4200", &subtotals);
    let item =
        Item { id: "SKU-1".into(), name: "Blue mug".into(), item_type: "Non-Inventory".into(), ..Item::default() };
    company.add_item(item).expect("the first item of an empty company");
    let customer = Customer { id: "C-1001".into(), name: "Jane Doe".into(), ..Customer::default() };
    let contact = Contact { print_as: "Jane Doe".into(), email: "jane@example.com".into(), ..Contact::default() };
    company.add_customer(customer, contact).expect("the first customer of an empty company");
    company
}
