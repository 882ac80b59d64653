//! Money that is no customer's payment (record_otherreceipt). Its `payee` really is the payer.

use super::lines::{Rate, account_of, line_item, required, total_of};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::{DepositTo, OtherReceipt};

pub(super) fn other_receipt(receipt: &OtherReceipt, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("other receipt {}", receipt.reference);
    required(&document, "payer", &receipt.payer)?;
    required(&document, "payment method", &receipt.payment_method)?;
    required(&document, "bank or undeposited funds account", account_of(&receipt.deposit_to))?;
    let currency = total_of(&document, &receipt.lines)?;
    let rate = Rate::of(|| document, currency, receipt.rate_type.as_deref(), links)?;
    out.group("record_otherreceipt", |out| {
        out.date_parts("paymentdate", receipt.on);
        out.text("payee", &receipt.payer);
        out.date_parts("receiveddate", receipt.on);
        out.text("paymentmethod", &receipt.payment_method);
        match &receipt.deposit_to {
            DepositTo::Undeposited(account) => out.text("undepglaccountno", account),
            DepositTo::Bank(id) => {
                out.text("bankaccountid", id);
                out.date_parts("depositdate", receipt.on);
            }
        }
        out.text("refid", &receipt.reference);
        out.text("description", &marked(&receipt.description, &receipt.reference));
        rate.write_legacy(None, out);
        out.group("receiptitems", |out| receipt.lines.iter().for_each(|line| line_item(line, out)));
    });
    Ok(())
}
