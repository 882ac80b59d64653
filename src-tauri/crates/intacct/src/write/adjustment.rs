//! A credit or debit memo (create_aradjustment): negative amounts credit the customer.

use super::lines::{Rate, line_item, required, total_of};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::Adjustment;

pub(super) fn adjustment(adjustment: &Adjustment, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("adjustment {}", adjustment.number);
    required(&document, "customer", &adjustment.customer_id)?;
    let currency = total_of(&document, &adjustment.lines)?;
    let rate = Rate::of(|| document, currency, adjustment.rate_type.as_deref(), links)?;
    out.group("create_aradjustment", |out| {
        out.text("customerid", &adjustment.customer_id);
        out.date_parts("datecreated", adjustment.on);
        out.date_parts("dateposted", adjustment.on);
        out.text("adjustmentno", &adjustment.number);
        out.text("action", "Submit");
        out.text("invoiceno", &adjustment.invoice);
        out.text("description", &marked(&adjustment.description, &adjustment.number));
        out.text("externalid", &adjustment.number);
        rate.write_legacy(None, out);
        out.group("aradjustmentitems", |out| adjustment.lines.iter().for_each(|line| line_item(line, out)));
    });
    Ok(())
}
