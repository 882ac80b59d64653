//! A receivables invoice without an order document (create_invoice).

use super::lines::{Rate, line_item, required, total_of};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::InvoiceDocument;

pub(super) fn invoice(invoice: &InvoiceDocument, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("invoice {}", invoice.number);
    required(&document, "customer", &invoice.customer_id)?;
    let currency = total_of(&document, &invoice.lines)?;
    let rate = Rate::of(|| document, currency, invoice.rate_type.as_deref(), links)?;
    out.group("create_invoice", |out| {
        out.text("customerid", &invoice.customer_id);
        out.date_parts("datecreated", invoice.on);
        out.date_parts("dateposted", invoice.on);
        out.date_parts("datedue", invoice.due_on);
        out.text("action", "Submit");
        out.text("invoiceno", &invoice.number);
        out.text("ponumber", &invoice.reference);
        out.text("description", &marked(&invoice.description, &invoice.number));
        out.text("externalid", &invoice.number);
        rate.write_legacy(None, out);
        out.group("invoiceitems", |out| invoice.lines.iter().for_each(|line| line_item(line, out)));
    });
    Ok(())
}
