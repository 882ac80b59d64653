//! A receivables invoice without an order document (create_invoice).

use super::lines::{Rate, line_items, required, total_of};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_INVOICE, Content};
use tieout_domain::InvoiceDocument;

pub(super) fn invoice(invoice: &InvoiceDocument, links: &Links) -> Result<Written, BuildError> {
    let document = format!("invoice {}", invoice.number);
    required(&document, "customer", &invoice.customer_id)?;
    let currency = total_of(&document, &invoice.lines)?;
    let rate = Rate::of(|| document, currency, invoice.rate_type.as_deref(), links)?;
    let content = Content::new()
        .text("customerid", &invoice.customer_id)
        .day("datecreated", invoice.on)
        .day("dateposted", invoice.on)
        .day("datedue", invoice.due_on)
        .text("action", "Submit")
        .text("invoiceno", &invoice.number)
        .text("ponumber", &invoice.reference)
        .text("description", &marked(&invoice.description, &invoice.number))
        .text("externalid", &invoice.number)
        .group("invoiceitems", line_items(&invoice.lines));
    Ok((&CREATE_INVOICE, rate.legacy(None, content)))
}
