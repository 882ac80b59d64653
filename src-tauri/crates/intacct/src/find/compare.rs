//! Field by field: what was approved beside what is there. A field the company does not show is not compared;
//! a field that is shown empty is.

use super::FieldDifference;
use crate::read::receipts::signed_amount;
use crate::row::Row;
use crate::xml::{Node, xml_text};
use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::{AccountLine, CashReceipt, DepositTo, Document, JournalEntry, SalesOrder};
use tieout_money::{Currency, Money};

pub(super) struct Comparison<'a> {
    row: Row<'a>,
    pub differences: Vec<FieldDifference>,
}

impl<'a> Comparison<'a> {
    pub fn new(row: Row<'a>) -> Comparison<'a> {
        Comparison { row, differences: Vec::new() }
    }

    pub fn header(&mut self, document: &Document) {
        match document {
            Document::CashReceipt(it) => {
                self.text("customer", &["CUSTOMERID"], &it.customer_id);
                self.amount(it.amount);
                self.date(&["RECEIPTDATE", "WHENPAID"], it.on);
                self.deposit_to(&it.deposit_to);
            }
            Document::Advance(it) => {
                self.text("customer", &["CUSTOMERID"], &it.customer_id);
                self.amount(it.amount);
                self.date(&["RECEIPTDATE", "WHENPAID"], it.on);
                self.deposit_to(&it.deposit_to);
            }
            Document::AdvanceApplication(it) => {
                // UNVERIFIED: what total a payment made only of an advance shows; it is not compared.
                self.text("customer", &["CUSTOMERID"], &it.customer_id);
                self.date(&["RECEIPTDATE", "WHENPAID"], it.on);
            }
            Document::JournalEntry(it) => {
                self.text("journal", &["JOURNAL"], it.journal());
                self.date(&["BATCH_DATE"], it.on());
            }
            Document::SalesOrder(it) => {
                self.text("customer", &["CUSTVENDID"], &it.customer_id);
                self.text("definition", &["DOCPARID"], &it.definition);
                self.date(&["WHENCREATED"], it.on);
                self.total(&["TRX_TOTAL"], &["TOTAL"], it.total);
            }
            Document::Invoice(it) => {
                self.text("customer", &["CUSTOMERID"], &it.customer_id);
                self.amount(document.amount());
                self.date(&["WHENCREATED"], it.on);
                self.date(&["WHENDUE"], it.due_on);
            }
            Document::Adjustment(it) => {
                self.text("customer", &["CUSTOMERID"], &it.customer_id);
                self.amount(document.amount());
                self.date(&["WHENCREATED"], it.on);
            }
            Document::OtherReceipt(it) => {
                self.amount(document.amount());
                self.date(&["RECEIPTDATE", "WHENPAID", "DATEPAID", "PAYMENTDATE"], it.on);
                self.deposit_to(&it.deposit_to);
            }
            Document::Deposit(it) => {
                self.amount(it.total);
                self.date(&["DEPOSITDATE", "RECEIPTDATE", "WHENCREATED"], it.on);
            }
            // The receipt itself; whether it is reversed is its state.
            Document::ReceiptReversal(_) => {}
        }
    }

    pub fn lines(&mut self, document: &Document, rows: &[Node], base: Currency) {
        match document {
            Document::JournalEntry(it) => self.journal_lines(it, rows, base),
            Document::SalesOrder(it) => self.order_lines(it, rows, base),
            Document::Invoice(it) => self.account_lines(&it.lines, rows, base),
            Document::Adjustment(it) => self.account_lines(&it.lines, rows, base),
            _ => {}
        }
    }

    /// Which invoice got how much.
    pub fn applications(&mut self, receipt: &CashReceipt, details: &[Node], invoices: &[Node], base: Currency) {
        let number = |key: &str| {
            let invoice = invoices.iter().find(|it| it.text_of("RECORDNO") == Some(key));
            // An invoice rewritten since has another RECORDNO; then the key is all there is.
            invoice.and_then(|it| it.text_of("RECORDID")).unwrap_or(key).to_owned()
        };
        let currency = receipt.amount.currency();
        let found = details.iter().filter_map(|node| {
            let row = Row::new(node, base);
            let amount = row.money(&["TRX_PAYMENTAMOUNT", "PAYMENTAMOUNT"], currency).ok()??;
            Some((number(node.text_of("RECORDKEY")?), amount))
        });
        // Intacct spreads a payment over the invoice's lines: one sum per invoice on both sides.
        let expected = per_invoice(receipt.applications.iter().map(|it| (it.invoice.clone(), it.amount)));
        self.sets("applications", expected, per_invoice(found));
    }

    fn journal_lines(&mut self, entry: &JournalEntry, rows: &[Node], base: Currency) {
        let expected = entry.lines().iter().map(|line| {
            let (dimensions, amount) = (&line.dimensions, line.amount);
            format!("{} {amount} {} {}", line.account, dimensions.location, dimensions.department).trim_end().to_owned()
        });
        let found = rows.iter().map(|node| {
            let row = Row::new(node, base);
            let amount = signed_amount(&row).map_or_else(|error| error.to_string(), |it| it.to_string());
            format!("{} {amount} {} {}", row.text(&["ACCOUNTNO"]), row.text(&["LOCATION"]), row.text(&["DEPARTMENT"]))
                .trim_end()
                .to_owned()
        });
        self.sets("lines", expected.collect(), found.collect());
    }

    fn order_lines(&mut self, order: &SalesOrder, rows: &[Node], base: Currency) {
        let text = |quantity: Option<Decimal>| quantity.map_or("?".to_owned(), |it| it.normalize().to_string());
        let expected = order.lines.iter().map(|it| format!("{} x {}", text(Some(it.quantity)), it.item_id));
        let found = rows.iter().map(|node| {
            let row = Row::new(node, base);
            format!("{} x {}", text(row.decimal(&["QUANTITY"])), row.text(&["ITEMID"]))
        });
        self.sets("lines", expected.collect(), found.collect());
    }

    fn account_lines(&mut self, lines: &[AccountLine], rows: &[Node], base: Currency) {
        let currency = lines.first().map_or(base, |it| it.amount.currency());
        let expected = lines.iter().map(|it| format!("{} {}", it.account, it.amount));
        let found = rows.iter().map(|node| {
            let row = Row::new(node, base);
            match row.money(&["TRX_AMOUNT", "AMOUNT"], currency) {
                Ok(Some(amount)) => format!("{} {amount}", row.text(&["ACCOUNTNO"])),
                _ => format!("{} ?", row.text(&["ACCOUNTNO"])),
            }
        });
        self.sets("lines", expected.collect(), found.collect());
    }

    fn deposit_to(&mut self, deposit_to: &DepositTo) {
        match deposit_to {
            DepositTo::Bank(id) => self.text("bank account", &["FINANCIALENTITY", "BANKACCOUNTID"], id),
            DepositTo::Undeposited(account) => {
                self.text("undeposited funds account", &["UNDEPOSITEDACCOUNTNO", "UNDEPGLACCOUNTNO"], account);
            }
        }
    }

    fn text(&mut self, name: &str, fields: &[&str], expected: &str) {
        if self.shows(fields) {
            let expected = xml_text(expected).0.trim().to_owned();
            self.differ(name, expected, self.row.text(fields));
        }
    }

    fn date(&mut self, fields: &[&str], expected: Date) {
        if self.shows(fields) {
            let found = match self.row.date(fields) {
                Ok(day) => day.map_or(String::new(), |it| it.to_string()),
                Err(error) => error.to_string(),
            };
            self.differ("date", expected.to_string(), found);
        }
    }

    fn amount(&mut self, expected: Money) {
        self.total(&["TRX_TOTALENTERED"], &["TOTALENTERED"], expected);
    }

    fn total(&mut self, transaction: &[&str], base: &[&str], expected: Money) {
        let row = self.row;
        let found = row.currency().and_then(|currency| {
            Ok(match row.money(transaction, currency)? {
                Some(amount) => Some(amount),
                None => row.money(base, row.base)?,
            })
        });
        let found = match found {
            Ok(Some(amount)) => amount.to_string(),
            Ok(None) if !self.shows(transaction) && !self.shows(base) => return,
            Ok(None) => String::new(),
            Err(error) => error.to_string(),
        };
        self.differ("amount", expected.to_string(), found);
    }

    fn shows(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.row.node.child(field).is_some())
    }

    /// The same lines in any order.
    fn sets(&mut self, name: &str, mut expected: Vec<String>, mut found: Vec<String>) {
        expected.sort();
        found.sort();
        self.differ(name, expected.join("; "), found.join("; "));
    }

    fn differ(&mut self, field: &str, expected: String, found: String) {
        if expected != found {
            self.differences.push(FieldDifference { field: field.to_owned(), expected, found });
        }
    }
}

fn per_invoice(applied: impl Iterator<Item = (String, Money)>) -> Vec<String> {
    let mut sums: std::collections::BTreeMap<String, Option<Money>> = std::collections::BTreeMap::new();
    for (invoice, amount) in applied {
        let sum = sums.entry(invoice).or_insert(Some(Money::zero(amount.currency())));
        *sum = sum.and_then(|it| it.checked_add(amount).ok());
    }
    sums.into_iter()
        .map(|(invoice, sum)| format!("{invoice} {}", sum.map_or("?".to_owned(), |it| it.to_string())))
        .collect()
}
