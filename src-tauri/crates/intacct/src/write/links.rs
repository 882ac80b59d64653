//! What a document's names mean in Intacct right now: invoice numbers become RECORDNOs just before the request
//! is written, since RECORDNO changes whenever an order document is edited (reference/intacct.md 0.9).

use super::BuildError;
use crate::client::Client;
use crate::error::Error;
use crate::query::Filter;
use crate::read::{invoices::invoices, receipts};
use crate::row::Row;
use std::collections::BTreeMap;
use tieout_domain::{Application, Document, Invoice, Receipt, ReceiptState};
use tieout_money::{Currency, Money};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLink {
    pub record_no: String,
    pub customer_id: String,
    pub due: Money,
}

/// Fresh facts a request rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    pub base_currency: Currency,
    pub multi_currency: bool,
    /// By invoice number.
    pub invoices: BTreeMap<String, InvoiceLink>,
}

impl Links {
    /// For documents that name no invoice.
    pub fn without_invoices(base_currency: Currency, multi_currency: bool) -> Links {
        Links { base_currency, multi_currency, invoices: BTreeMap::new() }
    }

    pub(super) fn record_no(&self, invoice: &str) -> Result<&str, BuildError> {
        self.invoices
            .get(invoice)
            .map(|it| it.record_no.as_str())
            .ok_or_else(|| BuildError::Unresolved(invoice.to_owned()))
    }
}

/// The facts have moved on since the document was approved. Nothing was sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Read(#[from] Error),
    #[error("{what} {name} is not in Intacct any more")]
    Gone { what: &'static str, name: String },
    #[error("{what} {name} is there {count} times")]
    Ambiguous { what: &'static str, name: String, count: usize },
    #[error("{what} {name} belongs to customer {found}, not to {expected}")]
    OtherCustomer { what: &'static str, name: String, expected: String, found: String },
    #[error("{what} {name} is in {found}, not in {expected}")]
    OtherCurrency { what: &'static str, name: String, expected: Currency, found: Currency },
    #[error("{what} {name} has {left} left, {needed} are to be applied")]
    TooLittleLeft { what: &'static str, name: String, left: Money, needed: Money },
    #[error("{what} {name} cannot be read: {reason}")]
    Unreadable { what: &'static str, name: String, reason: String },
    #[error("{what} {name} is {state} in Intacct")]
    WrongState { what: &'static str, name: String, state: String },
}

impl LinkError {
    pub fn remedy(&self) -> &'static str {
        match self {
            LinkError::Read(error) => error.remedy(),
            LinkError::Ambiguous { .. } => "Give the two records different numbers in Intacct, then pull again.",
            _ => "Intacct changed since this was approved. Pull again, then propose and approve again.",
        }
    }
}

impl Client {
    /// Reads what the document names, now, and checks that it still can be done.
    pub async fn resolve_links(&self, document: &Document) -> Result<Links, LinkError> {
        let setup = self.setup().await?;
        let mut links = Links::without_invoices(setup.base_currency, setup.multi_currency);
        match document {
            Document::CashReceipt(it) => {
                links.invoices = self.open_invoices(&it.customer_id, &it.applications).await?;
            }
            Document::AdvanceApplication(it) => {
                let applications = std::slice::from_ref(&it.application);
                links.invoices = self.open_invoices(&it.customer_id, applications).await?;
                self.check_advance(&it.customer_id, &it.advance_record_no, it.application.amount).await?;
            }
            Document::ReceiptReversal(it) => {
                let receipt = self.one_receipt("receipt", &receipts::payments(), &it.record_no).await?;
                if receipt.state != ReceiptState::Posted {
                    let state = format!("{:?}", receipt.state).to_lowercase();
                    return Err(LinkError::WrongState { what: "receipt", name: it.record_no.clone(), state });
                }
            }
            Document::Advance(_)
            | Document::JournalEntry(_)
            | Document::SalesOrder(_)
            | Document::Invoice(_)
            | Document::Adjustment(_)
            | Document::OtherReceipt(_)
            | Document::Deposit(_) => {}
        }
        Ok(links)
    }

    async fn open_invoices(
        &self,
        customer: &str,
        applications: &[Application],
    ) -> Result<BTreeMap<String, InvoiceLink>, LinkError> {
        const WHAT: &str = "invoice";
        let mut needed: BTreeMap<&str, Money> = BTreeMap::new();
        for application in applications {
            let sum = needed.entry(&application.invoice).or_insert(Money::zero(application.amount.currency()));
            *sum = sum.checked_add(application.amount).map_err(|error| LinkError::Unreadable {
                what: WHAT,
                name: application.invoice.clone(),
                reason: error.to_string(),
            })?;
        }
        let reader = invoices();
        let fields = self.fields_of(reader.object).await?.select(&reader.fields)?;
        let numbers = needed.keys().map(|&it| it.to_owned());
        let rows = self.all_rows(reader.object, &fields, Some(Filter::one_of("RECORDID", numbers))).await?;
        let base = self.base_currency().await?;
        let mut links = BTreeMap::new();
        for (number, needed) in needed {
            let name = || number.to_owned();
            let found: Vec<_> = rows.iter().filter(|it| it.text_of("RECORDID") == Some(number)).collect();
            let [node] = found[..] else {
                return Err(match found.len() {
                    0 => LinkError::Gone { what: WHAT, name: name() },
                    count => LinkError::Ambiguous { what: WHAT, name: name(), count },
                });
            };
            let invoice: Invoice = (reader.parse)(&self.source(), &Row::new(node, base))
                .map_err(|error| LinkError::Unreadable { what: WHAT, name: name(), reason: error.to_string() })?;
            check(WHAT, number, customer, needed, &invoice.customer_id, invoice.due)?;
            links.insert(
                name(),
                InvoiceLink { record_no: invoice.record_no, customer_id: invoice.customer_id, due: invoice.due },
            );
        }
        Ok(links)
    }

    async fn check_advance(&self, customer: &str, record_no: &str, needed: Money) -> Result<(), LinkError> {
        let advance = self.one_receipt("advance", &receipts::advances(), record_no).await?;
        check("advance", record_no, customer, needed, &advance.customer_id, advance.unapplied)
    }

    async fn one_receipt(
        &self,
        what: &'static str,
        reader: &crate::read::Reader<Receipt>,
        record_no: &str,
    ) -> Result<Receipt, LinkError> {
        let fields = self.fields_of(reader.object).await?.select(&reader.fields)?;
        let rows = self.all_rows(reader.object, &fields, Some(Filter::equal("RECORDNO", record_no))).await?;
        let node = rows.first().ok_or_else(|| LinkError::Gone { what, name: record_no.to_owned() })?;
        (reader.parse)(&self.source(), &Row::new(node, self.base_currency().await?))
            .map_err(|error| LinkError::Unreadable { what, name: record_no.to_owned(), reason: error.to_string() })
    }
}

fn check(
    what: &'static str,
    name: &str,
    customer: &str,
    needed: Money,
    found_customer: &str,
    left: Money,
) -> Result<(), LinkError> {
    let name = || name.to_owned();
    if found_customer != customer {
        return Err(LinkError::OtherCustomer {
            what,
            name: name(),
            expected: customer.to_owned(),
            found: found_customer.to_owned(),
        });
    }
    if left.currency() != needed.currency() {
        return Err(LinkError::OtherCurrency {
            what,
            name: name(),
            expected: needed.currency(),
            found: left.currency(),
        });
    }
    if left.amount() < needed.amount() {
        return Err(LinkError::TooLittleLeft { what, name: name(), left, needed });
    }
    Ok(())
}
