//! The company's chart of accounts, journals, dimensions, items, banks and definitions.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::LoadError;
use crate::demo::calendar::{Day, date};
use crate::demo::people::{GUEST, Person};
use crate::demo::world::World;
use crate::intacct::{Address, Company, Contact, Customer, Item, Posts, StockRow};

/// Number, title, balance sheet account, debit is its normal side. As `data/accounting-scenarios.json` has them, with
/// one clearing account for each gateway.
const CHART: &[(&str, &str, bool, bool)] = &[
    ("1000", "Operating bank (USD)", true, true),
    ("1010", "Operating bank (EUR)", true, true),
    ("1050", "Undeposited funds", true, true),
    ("1100", "Accounts receivable", true, true),
    ("1210", "Gateway clearing - Stripe", true, true),
    ("1211", "Gateway clearing - PayPal", true, true),
    ("1212", "Gateway clearing - Authorize.Net", true, true),
    ("1215", "Gateway clearing - Stripe (EUR)", true, true),
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

pub const ENTITY: &str = "100";
pub const LOCATION: &str = "110";
pub const DEPARTMENT: &str = "WEB";
pub const SALES_ORDER: &str = "Sales Order";
pub const SHIPPER: &str = "Shipper";
pub const WAREHOUSE: &str = "WH1";

pub fn company(world: &World) -> Result<Company, LoadError> {
    let mut company = Company::new("larkspur-demo", "USD");
    company.set_clock(at_noon(world.first));
    for &(no, title, balance_sheet, debit) in CHART {
        let account = company.add_account(no, title, balance_sheet, debit);
        // the one account whose entries must say whom they concern
        account.required.customer = no == "6110";
    }
    for (symbol, title) in
        [("GJ", "General journal"), ("ARJ", "Accounts receivable"), ("CRJ", "Cash receipts"), ("IJ", "Inventory")]
    {
        company.add_journal(symbol, title);
    }
    company.add_location(ENTITY, crate::demo::COMPANY, true, None);
    company.add_location(LOCATION, "Web shop", false, Some(ENTITY));
    company.add_location("120", "Showroom", false, Some(ENTITY));
    company.add_department(DEPARTMENT, "Web sales");
    company.add_department("SHOW", "Showroom sales");
    for (id, name, account, currency) in [
        ("BANK-USD", "First Prairie operating", "1000", "USD"),
        ("BANK-EUR", "Rheinland euro account", "1010", "EUR"),
        ("CLR-STRIPE-EUR", "Stripe clearing (EUR)", "1215", "EUR"),
    ] {
        company.add_checking_account(id, name, account, currency);
    }
    company.add_term("Due on receipt", 0);
    company.add_term("Net 30", 30);
    company.add_warehouse(WAREHOUSE, "Main warehouse", Some(LOCATION));
    let subtotals = [("Shipping", "4050"), ("Discount", "4100"), ("Sales Tax", "2200")];
    company.add_definition(SALES_ORDER, "Order", Posts::Nothing, "4000", &subtotals);
    company.add_definition(SHIPPER, "Shipper", Posts::Nothing, "4000", &[]);
    company.add_definition("Sales Invoice", "Invoice", Posts::Invoice, "4000", &subtotals);
    company.add_definition("Sales Return", "Return", Posts::CreditMemo, "4200", &subtotals);
    for product in world.products.iter().filter(|it| it.in_ledger) {
        let item = Item {
            id: product.sku.clone(),
            name: product.name.clone(),
            item_type: "Inventory".to_owned(),
            base_price: Some(Decimal::new(product.book_price(), 2)),
            ship_weight: Some(Decimal::new(15, 1)),
            taxable: !product.is_gift_set,
            revenue_account: Some("4000".to_owned()),
            ..Item::default()
        };
        company.add_item(item).map_err(|refusal| LoadError::new(format!("item {}", product.sku), &refusal))?;
        company.set_stock(StockRow {
            item: product.sku.clone(),
            warehouse: WAREHOUSE.to_owned(),
            on_hand: Decimal::from(product.on_shelf()),
            ..StockRow::default()
        });
    }
    for (&day, &rate) in &world.rates {
        company.add_rate("EUR", date(day), Decimal::new(rate, 4));
    }
    periods(&mut company, world);
    customers(&mut company, world)?;
    Ok(company)
}

pub fn at_noon(day: Date) -> jiff::civil::DateTime {
    day.at(12, 0, 0, 0)
}

/// One reporting period a month, from the month before the data begins.
fn periods(company: &mut Company, world: &World) {
    let mut start = world.closed_through.first_of_month();
    while start <= world.last {
        let end = start.last_of_month();
        company.add_period(&start.strftime("Month Ended %B %Y").to_string(), start, end);
        start = crate::demo::calendar::next(end);
    }
}

fn customers(company: &mut Company, world: &World) -> Result<(), LoadError> {
    add_customer(company, GUEST, "Web guest", Contact { print_as: "Web guest".to_owned(), ..Contact::default() })?;
    let first: Day = crate::demo::calendar::day_of(world.first);
    for person in &world.people {
        let Some(id) = &person.ledger_id else { continue };
        // customers came in one by one over the years
        company.set_clock(at_noon(date(first - 30 - (person.profile % 700) as i64)));
        add_customer(company, id, &person.ledger_name, contact(person))?;
    }
    Ok(())
}

fn add_customer(company: &mut Company, id: &str, name: &str, display: Contact) -> Result<(), LoadError> {
    let customer = Customer { id: id.to_owned(), name: name.to_owned(), ..Customer::default() };
    let added = company.add_customer(customer, display);
    added.map(|_| ()).map_err(|refusal| LoadError::new(format!("customer {id}"), &refusal))
}

fn contact(person: &Person) -> Contact {
    Contact {
        print_as: person.ledger_name.clone(),
        company_name: if person.is_business { person.ledger_name.clone() } else { String::new() },
        first_name: person.first.clone(),
        last_name: person.last.clone(),
        email: person.email.clone(),
        address: Address {
            line1: person.street.clone(),
            city: person.city.to_owned(),
            state: person.state_code.to_owned(),
            zip: person.zip.to_owned(),
            country_code: person.country.to_owned(),
            ..Address::default()
        },
        ..Contact::default()
    }
}
