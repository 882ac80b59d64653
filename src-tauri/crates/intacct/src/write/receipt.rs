//! A customer's payment (ARPYMT), and the application of an advance, which Intacct takes as a payment too.

use super::lines::{Rate, account_of, deposited, required};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_ARPYMT, Content};
use jiff::civil::Date;
use tieout_domain::{AdvanceApplication, CashReceipt, DepositTo};
use tieout_money::Money;

pub(super) fn cash_receipt(receipt: &CashReceipt, links: &Links) -> Result<Written, BuildError> {
    let document = format!("cash receipt {}", receipt.reference);
    required(&document, "customer", &receipt.customer_id)?;
    required(&document, "payment method", &receipt.payment_method)?;
    required(&document, "bank or undeposited funds account", account_of(&receipt.deposit_to))?;
    let currency = receipt.amount.currency();
    let rate = Rate::of(|| document.clone(), currency, receipt.rate_type.as_deref(), links)?;
    let applied = Money::sum(currency, receipt.applications.iter().map(|it| it.amount));
    if applied.as_ref().ok() != Some(&receipt.amount) {
        return Err(BuildError::DoesNotAdd {
            document,
            found: applied.map_or_else(|error| error.to_string(), |it| format!("applications of {it}")),
            expected: receipt.amount.to_string(),
        });
    }
    let details = receipt
        .applications
        .iter()
        .map(|it| {
            let record_no = links.record_no(&it.invoice)?;
            Ok(Content::new().text("RECORDKEY", record_no).money("TRX_PAYMENTAMOUNT", it.amount))
        })
        .collect::<Result<Vec<_>, BuildError>>()?;
    let header = Header {
        deposit_to: &receipt.deposit_to,
        payment_method: &receipt.payment_method,
        customer_id: &receipt.customer_id,
        reference: &receipt.reference,
        description: &receipt.description,
        on: receipt.on,
        rate,
    };
    Ok(payment(&header, details))
}

pub(super) fn advance_application(application: &AdvanceApplication, links: &Links) -> Result<Written, BuildError> {
    let document = format!("application {}", application.reference);
    required(&document, "advance", &application.advance_record_no)?;
    required(&document, "customer", &application.customer_id)?;
    required(&document, "payment method", &application.payment_method)?;
    let amount = application.application.amount;
    let record_no = links.record_no(&application.application.invoice)?;
    let header = Header {
        deposit_to: &application.deposit_to,
        payment_method: &application.payment_method,
        customer_id: &application.customer_id,
        reference: &application.reference,
        description: &application.description,
        on: application.on,
        // The rate was fixed when the advance was taken.
        rate: Rate { currency: amount.currency(), rate_type: None },
    };
    let detail = Content::new()
        .text("RECORDKEY", record_no)
        .text("ADVANCEKEY", &application.advance_record_no)
        .money("TRX_POSTEDADVANCEAMOUNT", amount);
    Ok(payment(&header, vec![detail]))
}

struct Header<'a> {
    deposit_to: &'a DepositTo,
    payment_method: &'a str,
    customer_id: &'a str,
    reference: &'a str,
    description: &'a str,
    on: Date,
    rate: Rate<'a>,
}

fn payment(header: &Header<'_>, details: Vec<Content>) -> Written {
    let content = Content::new()
        .text("PAYMENTMETHOD", header.payment_method)
        .text("CUSTOMERID", header.customer_id)
        .text("DOCNUMBER", header.reference)
        .text("DESCRIPTION", &marked(header.description, header.reference))
        .optional("EXCH_RATE_TYPE_ID", header.rate.rate_type)
        .day("RECEIPTDATE", header.on)
        .text("CURRENCY", header.rate.currency.code())
        .group("ARPYMTDETAILS", Content::new().each("ARPYMTDETAIL", details));
    (&CREATE_ARPYMT, deposited(header.deposit_to, content))
}
