//! A customer's money before any invoice (ARADVANCE).

use super::lines::{Rate, account_of, deposited, required};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_ARADVANCE, Content};
use tieout_domain::Advance;

pub(super) fn advance(advance: &Advance, links: &Links) -> Result<Written, BuildError> {
    let document = format!("advance {}", advance.reference);
    required(&document, "customer", &advance.customer_id)?;
    required(&document, "payment method", &advance.payment_method)?;
    required(&document, "bank or undeposited funds account", account_of(&advance.deposit_to))?;
    required(&document, "account of customer deposits", &advance.liability_account)?;
    let rate = Rate::of(|| document, advance.amount.currency(), advance.rate_type.as_deref(), links)?;
    let item = Content::new()
        .text("ACCOUNTNO", &advance.liability_account)
        .money("TRX_AMOUNT", advance.amount)
        .text("ENTRYDESCRIPTION", &advance.description)
        .text("LOCATIONID", &advance.dimensions.location)
        .text("DEPARTMENTID", &advance.dimensions.department)
        .text("CUSTOMERID", &advance.dimensions.customer)
        .text("ITEMID", &advance.dimensions.item)
        .text("CLASSID", &advance.dimensions.class);
    let content = Content::new()
        .text("CUSTOMERID", &advance.customer_id)
        .text("PAYMENTMETHOD", &advance.payment_method)
        .day("PAYMENTDATE", advance.on)
        .day("RECEIPTDATE", advance.on)
        .text("DOCNUMBER", &advance.reference)
        .text("DESCRIPTION", &marked(&advance.description, &advance.reference))
        .text("CURRENCY", rate.currency.code())
        .optional("EXCH_RATE_TYPE_ID", rate.rate_type)
        .group("ARADVANCEITEMS", Content::new().each("ARADVANCEITEM", [item]));
    Ok((&CREATE_ARADVANCE, deposited(&advance.deposit_to, content)))
}
