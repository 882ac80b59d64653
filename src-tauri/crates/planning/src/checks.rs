//! What a reviewer is told about every proposal before approving it, and what blocks it.

use crate::settings::Settings;
use crate::snapshot::Snapshot;
use tieout_domain::{Check, CheckLevel, DepositTo, Dimensions, Document, Exception, ExceptionKind, RecordRef};

pub fn pass(text: impl Into<String>) -> Check {
    Check { level: CheckLevel::Pass, text: text.into() }
}

pub fn review(text: impl Into<String>) -> Check {
    Check { level: CheckLevel::Review, text: text.into() }
}

/// The checks of a document, or the exceptions that hold it back. `own_day` is the day the facts give it.
pub fn check(
    snapshot: &Snapshot<'_>,
    document: &Document,
    own_day: jiff::civil::Date,
    about: &[RecordRef],
    subject: &str,
) -> Result<Vec<Check>, Vec<Exception>> {
    let mut checks = Vec::new();
    let mut held = Vec::new();
    let exception = |kind: ExceptionKind, why_not: String| Exception {
        kind,
        records: about.to_vec(),
        at_stake: Some(document.amount()),
        on: Some(own_day),
        subject: subject.to_owned(),
        why_not,
    };
    if document.posts_to_the_ledger() {
        let day = document.on();
        if !snapshot.is_open_on(day) {
            held.push(exception(
                ExceptionKind::ClosedPeriod,
                format!("it belongs on {day}, and the books are closed through that day"),
            ));
        } else if day == own_day {
            checks.push(pass(format!("{day} is in an open period")));
        } else {
            checks.push(review(format!("dated {day} instead of {own_day}, as a person chose")));
        }
    }
    for (account, dimensions) in lines(document) {
        match snapshot.accounts.get(account) {
            None if snapshot.accounts.is_empty() => {}
            None => held
                .push(exception(ExceptionKind::AccountMissing, format!("account {account} does not exist in Intacct"))),
            Some(known) if !known.active => {
                held.push(exception(
                    ExceptionKind::AccountMissing,
                    format!("account {account} {} is inactive", known.title),
                ));
            }
            Some(known) => {
                for (required, given, name) in [
                    (known.requires_location, &dimensions.location, "location"),
                    (known.requires_department, &dimensions.department, "department"),
                    (known.requires_customer, &dimensions.customer, "customer"),
                    (known.requires_item, &dimensions.item, "item"),
                ] {
                    if required && given.is_empty() {
                        held.push(exception(
                            ExceptionKind::DimensionMissing,
                            format!("account {account} {} requires a {name}", known.title),
                        ));
                    }
                }
            }
        }
    }
    if let Some(customer) = document.customer_id()
        && !snapshot.customers.is_empty()
    {
        match snapshot.customers.get(customer) {
            None => held.push(exception(
                ExceptionKind::UnmappedCustomer,
                format!("customer {customer} does not exist in Intacct"),
            )),
            Some(known) if !known.active => {
                held.push(exception(
                    ExceptionKind::UnmappedCustomer,
                    format!("customer {customer} {} is inactive", known.name),
                ));
            }
            Some(known) if known.on_hold => {
                checks.push(review(format!("customer {customer} {} is on hold in Intacct", known.name)))
            }
            Some(known) => checks.push(pass(format!("customer {customer} {} is active", known.name))),
        }
    }
    let amount = document.amount();
    if snapshot.rate_type(amount).is_some_and(|name| name.is_empty()) {
        held.push(exception(
            ExceptionKind::RateMissing,
            format!("{} is not the base currency and rate_type is empty in Settings", amount.currency()),
        ));
    }
    let limit = Settings::limit(&snapshot.settings.limits.all_clear_max, amount.currency());
    if amount.abs().amount() > limit.amount() {
        checks.push(review(format!("{amount} is above the all-clear limit of {limit}")));
    }
    if held.is_empty() { Ok(checks) } else { Err(held) }
}

/// Every GL account a document names, with the dimensions given beside it.
fn lines(document: &Document) -> Vec<(&str, &Dimensions)> {
    match document {
        Document::JournalEntry(it) => it.lines().iter().map(|line| (line.account.as_str(), &line.dimensions)).collect(),
        Document::Advance(it) => {
            let mut lines = vec![(it.liability_account.as_str(), &it.dimensions)];
            if let DepositTo::Undeposited(account) = &it.deposit_to {
                lines.push((account, &it.dimensions));
            }
            lines
        }
        Document::Invoice(it) => it.lines.iter().map(|line| (line.account.as_str(), &line.dimensions)).collect(),
        Document::Adjustment(it) => it.lines.iter().map(|line| (line.account.as_str(), &line.dimensions)).collect(),
        Document::OtherReceipt(it) => it.lines.iter().map(|line| (line.account.as_str(), &line.dimensions)).collect(),
        // Receipts take their dimensions from the invoice lines they pay.
        Document::CashReceipt(_)
        | Document::AdvanceApplication(_)
        | Document::SalesOrder(_)
        | Document::Deposit(_)
        | Document::ReceiptReversal(_) => vec![],
    }
}
