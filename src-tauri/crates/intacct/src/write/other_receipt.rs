//! Money that is no customer's payment (record_otherreceipt). Its `payee` really is the payer.

use super::lines::{Rate, account_of, line_items, required, total_of};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{Content, RECORD_OTHER_RECEIPT};
use tieout_domain::{DepositTo, OtherReceipt};

pub(super) fn other_receipt(receipt: &OtherReceipt, links: &Links) -> Result<Written, BuildError> {
    let document = format!("other receipt {}", receipt.reference);
    required(&document, "payer", &receipt.payer)?;
    required(&document, "payment method", &receipt.payment_method)?;
    required(&document, "bank or undeposited funds account", account_of(&receipt.deposit_to))?;
    let currency = total_of(&document, &receipt.lines)?;
    let rate = Rate::of(|| document, currency, receipt.rate_type.as_deref(), links)?;
    let content = Content::new()
        .day("paymentdate", receipt.on)
        .text("payee", &receipt.payer)
        .day("receiveddate", receipt.on)
        .text("paymentmethod", &receipt.payment_method)
        .text("refid", &receipt.reference)
        .text("description", &marked(&receipt.description, &receipt.reference))
        .group("receiptitems", line_items(&receipt.lines));
    let content = match &receipt.deposit_to {
        DepositTo::Undeposited(account) => content.text("undepglaccountno", account),
        DepositTo::Bank(id) => content.text("bankaccountid", id).day("depositdate", receipt.on),
    };
    Ok((&RECORD_OTHER_RECEIPT, rate.legacy(None, content)))
}
