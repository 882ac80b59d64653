//! The ledger's side of a worked example: what the ERP itself books, outside Tieout.

use crate::expected::{Balances, without_zeros};
use crate::shop::Sale;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_sandbox::intacct::post::NewLine;
use tieout_sandbox::intacct::post::journal::{NewGlLine, NewJournal};
use tieout_sandbox::intacct::post::payment::{NewPayment, NewPaymentDetail};
use tieout_sandbox::intacct::post::receivable::NewReceivable;
use tieout_sandbox::intacct::{Company, MoneyPlace};

pub const CUSTOMER: &str = "C-1001";

/// The settings of this company's accountant.
pub const SETTINGS: &str = include_str!("settings.toml");

/// The invoice the ERP posts when an order ships.
pub fn invoice(books: &mut Company, sale: &Sale, on: Date) {
    let parts = [("4000", sale.goods()), ("4050", sale.shipping), ("2200", sale.tax), ("4100", -sale.discount)];
    let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
    let new = NewReceivable {
        customer_id: CUSTOMER.into(),
        date: on,
        due: Some(on),
        number: Some(format!("INV-{}", sale.number)),
        doc_number: sale.number.clone(),
        lines: parts.map(|(account, amount)| NewLine::new(account, amount)).collect(),
        ..NewReceivable::default()
    };
    books.post_invoice(new).unwrap();
}

/// A receipt somebody entered by hand, into the card's clearing account.
pub fn receipt(books: &mut Company, invoice: &str, on: Date, amount: Decimal, reference: &str) {
    let details = vec![NewPaymentDetail::money(books.invoice_numbers[invoice], amount)];
    let place = MoneyPlace::Undeposited("1210".into());
    books.post_ar_payment(NewPayment::new(CUSTOMER, place, on, details).numbered(reference)).unwrap();
}

/// An entry of the ERP's own: cost of goods, restocking.
pub fn entry(books: &mut Company, on: Date, title: &str, debit: &str, credit: &str, amount: Decimal) {
    let lines = vec![NewGlLine::debit(debit, amount), NewGlLine::credit(credit, amount)];
    books.post_journal(NewJournal::new("GJ", on, title, lines)).unwrap();
}

/// Balances by account through a day, debit positive, zeros left out.
pub fn balances(books: &Company, through: Date) -> Balances {
    let mut all = Balances::new();
    for ((account, _), balance) in books.balances_through(through) {
        *all.entry(account).or_default() += balance.base;
    }
    without_zeros(all)
}
