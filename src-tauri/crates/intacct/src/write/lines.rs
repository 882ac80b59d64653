//! What several documents write the same way: currencies, bank or undeposited funds, lines of legacy documents.

use super::BuildError;
use super::links::Links;
use crate::shape::Content;
use tieout_domain::{AccountLine, DepositTo};
use tieout_money::{Currency, Money};

/// How a document says what its currency is worth. Nothing is said about the base currency in a company that
/// keeps only one.
pub(super) struct Rate<'a> {
    pub currency: Currency,
    pub rate_type: Option<&'a str>,
}

impl<'a> Rate<'a> {
    pub fn of(
        document: impl FnOnce() -> String,
        currency: Currency,
        rate_type: Option<&'a str>,
        links: &Links,
    ) -> Result<Rate<'a>, BuildError> {
        let rate_type = rate_type.filter(|it| !it.is_empty());
        if currency != links.base_currency && rate_type.is_none() {
            return Err(BuildError::NoRateType { document: document(), currency, base: links.base_currency });
        }
        // A rate type beside the base currency would be noise the company may refuse.
        let rate_type = rate_type.filter(|_| currency != links.base_currency);
        Ok(Rate { currency, rate_type })
    }

    /// The legacy group `basecurr?, currency, exchratetype`: all of it or, in the base currency, none.
    pub fn legacy(&self, base: Option<Currency>, content: Content) -> Content {
        match self.rate_type {
            Some(rate_type) => content
                .optional("basecurr", base.as_ref().map(Currency::code))
                .text("currency", self.currency.code())
                .text("exchratetype", rate_type),
            None => content,
        }
    }
}

pub(super) fn required<'a>(document: &str, field: &'static str, value: &'a str) -> Result<&'a str, BuildError> {
    if value.trim().is_empty() { Err(BuildError::Missing { document: document.to_owned(), field }) } else { Ok(value) }
}

pub(super) fn account_of(deposit_to: &DepositTo) -> &str {
    match deposit_to {
        DepositTo::Bank(id) => id,
        DepositTo::Undeposited(account) => account,
    }
}

pub(super) fn total_of(document: &str, lines: &[AccountLine]) -> Result<Currency, BuildError> {
    let first = lines.first().ok_or_else(|| BuildError::Missing { document: document.to_owned(), field: "line" })?;
    let currency = first.amount.currency();
    Money::sum(currency, lines.iter().map(|it| it.amount)).map_err(|error| BuildError::DoesNotAdd {
        document: document.to_owned(),
        found: error.to_string(),
        expected: "one total".into(),
    })?;
    for line in lines {
        required(document, "account on one of its lines", &line.account)?;
    }
    Ok(currency)
}

/// Where the money of a generic object lies.
pub(super) fn deposited(to: &DepositTo, content: Content) -> Content {
    match to {
        DepositTo::Bank(id) => content.text("FINANCIALENTITY", id),
        DepositTo::Undeposited(account) => content.text("UNDEPOSITEDACCOUNTNO", account),
    }
}

/// `lineitem` of create_invoice, create_aradjustment and record_otherreceipt.
pub(super) fn line_items(lines: &[AccountLine]) -> Content {
    let lines = lines.iter().map(|line| {
        Content::new()
            .text("glaccountno", &line.account)
            .money("amount", line.amount)
            .text("memo", &line.memo)
            .text("locationid", &line.dimensions.location)
            .text("departmentid", &line.dimensions.department)
            .text("customerid", &line.dimensions.customer)
            .text("itemid", &line.dimensions.item)
            .text("classid", &line.dimensions.class)
    });
    Content::new().each("lineitem", lines)
}
