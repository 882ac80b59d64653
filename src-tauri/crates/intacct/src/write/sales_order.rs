//! An Order Entry document (create_sotransaction): only this legacy function makes one, and its order is strict.

use super::lines::{Rate, required};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::SalesOrder;

pub(super) fn sales_order(order: &SalesOrder, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("sales order {}", order.number);
    required(&document, "transaction definition", &order.definition)?;
    required(&document, "customer", &order.customer_id)?;
    if order.lines.is_empty() {
        return Err(BuildError::Missing { document, field: "line" });
    }
    for line in &order.lines {
        required(&document, "item on one of its lines", &line.item_id)?;
    }
    for subtotal in &order.subtotals {
        required(&document, "name on one of its subtotals", &subtotal.description)?;
    }
    let rate = Rate::of(|| document, order.currency, order.rate_type.as_deref(), links)?;
    out.group("create_sotransaction", |out| {
        out.text("transactiontype", &order.definition);
        out.date_parts("datecreated", order.on);
        out.text("customerid", &order.customer_id);
        out.text("documentno", &order.number);
        out.text("referenceno", &marked(&order.reference, &order.number));
        out.optional("termname", order.term.as_deref());
        if let Some(due_on) = order.due_on {
            out.date_parts("datedue", due_on);
        }
        out.text("message", &order.message);
        out.text("externalid", &order.number);
        rate.write_legacy(order.base_currency, out);
        out.group("sotransitems", |out| {
            for line in &order.lines {
                out.group("sotransitem", |out| {
                    out.text("itemid", &line.item_id);
                    out.text("itemdesc", &line.description);
                    out.optional("warehouseid", line.warehouse.as_deref());
                    out.text("quantity", &line.quantity.normalize().to_string());
                    out.text("unit", &line.unit);
                    out.text("price", &line.price.amount.normalize().to_string());
                    out.text("locationid", &line.dimensions.location);
                    out.text("departmentid", &line.dimensions.department);
                    out.text("memo", &line.memo);
                    out.text("customerid", &line.dimensions.customer);
                    out.text("classid", &line.dimensions.class);
                });
            }
        });
        if !order.subtotals.is_empty() {
            out.group("subtotals", |out| {
                for subtotal in &order.subtotals {
                    out.group("subtotal", |out| {
                        out.text("description", &subtotal.description);
                        out.money("total", subtotal.total);
                        out.text("locationid", &subtotal.dimensions.location);
                        out.text("departmentid", &subtotal.dimensions.department);
                        out.text("customerid", &subtotal.dimensions.customer);
                        out.text("classid", &subtotal.dimensions.class);
                        out.text("itemid", &subtotal.dimensions.item);
                    });
                }
            });
        }
    });
    Ok(())
}
