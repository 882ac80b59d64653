//! What a document does to the general ledger, account by account, before it is sent: debits positive, credits negative.
//!
//! A sales order commits to nothing; its lines are shown as what the customer would owe and for what.

use crate::company::Company;
use crate::error::ServiceError;
use crate::sides::ledger_account;
use std::collections::BTreeMap;
use tieout_domain::{
    AccountLine, DepositTo, Dimensions, Document, LedgerAccount, ObjectKind, Receipt, ReceiptKind, ReceiptState,
    RecordRef, SourceId,
};
use tieout_money::{Currency, Money};
use tieout_planning::Settings;

#[derive(Clone, Debug, PartialEq)]
pub struct EntryLine {
    /// GL account number, or what stands in its place on a sales order.
    pub account: String,
    pub amount: Money,
    pub memo: String,
    pub dimensions: Dimensions,
}

/// The books' names and numbers that showing an entry needs.
pub struct Chart {
    pub settings: Settings,
    titles: BTreeMap<String, String>,
    company: Company,
    books: Option<SourceId>,
}

impl Chart {
    pub fn read(company: &Company) -> Result<Chart, ServiceError> {
        let (settings, _) = company.settings()?;
        let accounts = company.store.read(|reader| reader.load_all::<LedgerAccount>())?;
        Ok(Chart {
            settings,
            titles: accounts.into_iter().map(|it| (it.value.number, it.value.title)).collect(),
            company: company.clone(),
            books: company.connection().ok().map(|it| SourceId::intacct(&it.intacct_company)),
        })
    }

    /// `1210 Stripe clearing`.
    pub fn label(&self, account: &str) -> String {
        match self.titles.get(account) {
            Some(title) => format!("{account} {title}"),
            None => account.to_owned(),
        }
    }

    /// Balanced wherever everything it rests on is known.
    pub fn lines(&self, document: &Document) -> Vec<EntryLine> {
        let receivable = self.settings.accounts.receivable.as_str();
        match document {
            Document::JournalEntry(it) => it
                .lines()
                .iter()
                .map(|line| EntryLine {
                    account: line.account.clone(),
                    amount: line.amount,
                    memo: line.memo.clone(),
                    dimensions: line.dimensions.clone(),
                })
                .collect(),
            Document::CashReceipt(it) => {
                let mut lines = vec![line(self.deposit(&it.deposit_to, it.amount.currency()), it.amount, "")];
                let applied = it.applications.iter();
                lines.extend(applied.map(|to| line(receivable, -to.amount, &format!("Invoice {}", to.invoice))));
                lines
            }
            Document::Advance(it) => vec![
                line(self.deposit(&it.deposit_to, it.amount.currency()), it.amount, ""),
                EntryLine {
                    dimensions: it.dimensions.clone(),
                    ..line(it.liability_account.as_str(), -it.amount, &it.customer_id)
                },
            ],
            Document::AdvanceApplication(it) => vec![
                line(self.settings.accounts.customer_deposits.as_str(), it.application.amount, &it.customer_id),
                line(receivable, -it.application.amount, &format!("Invoice {}", it.application.invoice)),
            ],
            Document::Invoice(it) => against(receivable, &it.customer_id, &it.lines),
            Document::Adjustment(it) => against(receivable, &format!("Invoice {}", it.invoice), &it.lines),
            Document::OtherReceipt(it) => {
                let account = self.deposit(&it.deposit_to, document.amount().currency());
                against(account, &it.payer, &it.lines)
            }
            Document::Deposit(it) => {
                let mut lines = vec![line(self.bank(&it.bank, it.total.currency()), it.total, &it.bank)];
                lines.extend(it.receipts.iter().filter_map(|number| {
                    let receipt = self.receipt_to_bank(number)?;
                    let memo = format!("{} {}", receipt.record_id, receipt.customer_name);
                    Some(line(ledger_account(&self.settings, &receipt), -receipt.amount, memo.trim()))
                }));
                lines
            }
            Document::ReceiptReversal(it) => {
                let account = self.receipt(ReceiptKind::Payment, &it.record_no).map_or_else(
                    || format!("account of receipt {}", it.record_no),
                    |it| ledger_account(&self.settings, &it),
                );
                vec![line(receivable, it.amount, &it.description), line(account, -it.amount, &it.description)]
            }
            Document::SalesOrder(it) => {
                let mut lines = vec![line(format!("Customer {}", it.customer_id), it.total, &it.number)];
                lines.extend(it.lines.iter().filter_map(|of| {
                    let amount = Money::rounded(of.quantity * of.price.amount, of.price.currency).ok()?;
                    let memo = format!("{} × {} {}", of.quantity, of.price.amount, of.description);
                    let dimensions = of.dimensions.clone();
                    Some(EntryLine { dimensions, ..line(format!("Item {}", of.item_id), -amount, &memo) })
                }));
                lines.extend(it.subtotals.iter().map(|of| EntryLine {
                    dimensions: of.dimensions.clone(),
                    ..line(of.description.as_str(), -of.total, "Subtotal")
                }));
                lines
            }
        }
    }

    fn deposit(&self, to: &DepositTo, currency: Currency) -> String {
        match to {
            DepositTo::Undeposited(account) => account.clone(),
            DepositTo::Bank(id) => {
                let by_method =
                    self.settings.clearing.iter().find(|it| it.deposit_to.0 == *to && it.currency == currency);
                by_method.map_or_else(|| self.bank(id, currency), |it| it.account.clone())
            }
        }
    }

    /// The GL account of a checking account.
    fn bank(&self, id: &str, currency: Currency) -> String {
        let known = self.settings.clearing.iter().find(|it| it.bank == id && it.currency == currency);
        known.map_or_else(|| format!("bank {id}"), |it| it.bank_account.clone())
    }

    fn receipt_to_bank(&self, number: &str) -> Option<Receipt> {
        [ReceiptKind::Payment, ReceiptKind::Advance, ReceiptKind::OtherReceipt]
            .into_iter()
            .filter_map(|kind| self.receipt(kind, number))
            .find(|it| it.state != ReceiptState::Reversed)
    }

    /// One that cannot be read is shown as one that is not known.
    fn receipt(&self, kind: ReceiptKind, number: &str) -> Option<Receipt> {
        let id = format!("{}:{number}", kind.object_name());
        let record = RecordRef::new(self.books.clone()?, ObjectKind::Receipt, id);
        let found = self.company.store.read(|reader| reader.get::<Receipt>(&record));
        found.ok().flatten().map(|it| it.value)
    }
}

fn line(account: impl Into<String>, amount: Money, memo: &str) -> EntryLine {
    EntryLine { account: account.into(), amount, memo: memo.to_owned(), dimensions: Dimensions::default() }
}

/// Positive lines credit their account, and the other side takes the total.
fn against(account: impl Into<String>, memo: &str, lines: &[AccountLine]) -> Vec<EntryLine> {
    let currency = lines.first().map_or(Currency::USD, |it| it.amount.currency());
    let total = Money::sum(currency, lines.iter().map(|it| it.amount)).unwrap_or(Money::zero(currency));
    let mut entry = vec![line(account, total, memo)];
    entry.extend(lines.iter().map(|it| EntryLine {
        account: it.account.clone(),
        amount: -it.amount,
        memo: it.memo.clone(),
        dimensions: it.dimensions.clone(),
    }));
    entry
}
