//! A credit or debit memo (create_aradjustment): negative amounts credit the customer.

use super::lines::{Rate, line_items, required, total_of};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_AR_ADJUSTMENT, Content};
use tieout_domain::Adjustment;

pub(super) fn adjustment(adjustment: &Adjustment, links: &Links) -> Result<Written, BuildError> {
    let document = format!("adjustment {}", adjustment.number);
    required(&document, "customer", &adjustment.customer_id)?;
    let currency = total_of(&document, &adjustment.lines)?;
    let rate = Rate::of(|| document, currency, adjustment.rate_type.as_deref(), links)?;
    let content = Content::new()
        .text("customerid", &adjustment.customer_id)
        .day("datecreated", adjustment.on)
        .day("dateposted", adjustment.on)
        .text("adjustmentno", &adjustment.number)
        .text("action", "Submit")
        .text("invoiceno", &adjustment.invoice)
        .text("description", &marked(&adjustment.description, &adjustment.number))
        .text("externalid", &adjustment.number)
        .group("aradjustmentitems", line_items(&adjustment.lines));
    Ok((&CREATE_AR_ADJUSTMENT, rate.legacy(None, content)))
}
