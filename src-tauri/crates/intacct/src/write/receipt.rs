//! A customer's payment (ARPYMT), and the application of an advance, which Intacct takes as a payment too.

use super::lines::{Rate, account_of, required};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use jiff::civil::Date;
use tieout_domain::{AdvanceApplication, CashReceipt, DepositTo};
use tieout_money::Money;

pub(super) fn cash_receipt(receipt: &CashReceipt, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
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
        .map(|it| Ok((links.record_no(&it.invoice)?, it.amount)))
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
    payment(&header, out, |out| {
        for (record_no, amount) in details {
            out.group("ARPYMTDETAIL", |out| {
                out.text("RECORDKEY", record_no);
                out.money("TRX_PAYMENTAMOUNT", amount);
            });
        }
    });
    Ok(())
}

pub(super) fn advance_application(
    application: &AdvanceApplication,
    links: &Links,
    out: &mut XmlWriter,
) -> Result<(), BuildError> {
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
    payment(&header, out, |out| {
        out.group("ARPYMTDETAIL", |out| {
            out.text("RECORDKEY", record_no);
            out.text("ADVANCEKEY", &application.advance_record_no);
            out.money("TRX_POSTEDADVANCEAMOUNT", amount);
        });
    });
    Ok(())
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

fn payment(header: &Header<'_>, out: &mut XmlWriter, details: impl FnOnce(&mut XmlWriter)) {
    out.group("create", |out| {
        out.group("ARPYMT", |out| {
            if let DepositTo::Bank(id) = header.deposit_to {
                out.text("FINANCIALENTITY", id);
            }
            out.text("PAYMENTMETHOD", header.payment_method);
            out.text("CUSTOMERID", header.customer_id);
            out.text("DOCNUMBER", header.reference);
            out.text("DESCRIPTION", &marked(header.description, header.reference));
            out.optional("EXCH_RATE_TYPE_ID", header.rate.rate_type);
            out.date("RECEIPTDATE", header.on);
            out.text("CURRENCY", header.rate.currency.code());
            if let DepositTo::Undeposited(account) = header.deposit_to {
                out.text("UNDEPOSITEDACCOUNTNO", account);
            }
            out.group("ARPYMTDETAILS", details);
        });
    });
}
