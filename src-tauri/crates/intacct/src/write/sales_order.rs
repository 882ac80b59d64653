//! An Order Entry document (create_sotransaction): only this legacy function makes one, and its order is strict.

use super::lines::{Rate, required};
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_SO_TRANSACTION, Content};
use tieout_domain::SalesOrder;

pub(super) fn sales_order(order: &SalesOrder, links: &Links) -> Result<Written, BuildError> {
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
    let lines = order.lines.iter().map(|line| {
        Content::new()
            .text("itemid", &line.item_id)
            .text("itemdesc", &line.description)
            .optional("warehouseid", line.warehouse.as_deref())
            .text("quantity", &line.quantity.normalize().to_string())
            .text("unit", &line.unit)
            .text("price", &line.price.amount.normalize().to_string())
            .text("locationid", &line.dimensions.location)
            .text("departmentid", &line.dimensions.department)
            .text("memo", &line.memo)
            .text("customerid", &line.dimensions.customer)
            .text("classid", &line.dimensions.class)
    });
    let subtotals = order.subtotals.iter().map(|subtotal| {
        Content::new()
            .text("description", &subtotal.description)
            .money("total", subtotal.total)
            .text("locationid", &subtotal.dimensions.location)
            .text("departmentid", &subtotal.dimensions.department)
            .text("customerid", &subtotal.dimensions.customer)
            .text("classid", &subtotal.dimensions.class)
            .text("itemid", &subtotal.dimensions.item)
    });
    let content = Content::new()
        .text("transactiontype", &order.definition)
        .day("datecreated", order.on)
        .text("customerid", &order.customer_id)
        .text("documentno", &order.number)
        .text("referenceno", &marked(&order.reference, &order.number))
        .optional("termname", order.term.as_deref())
        .optional_day("datedue", order.due_on)
        .text("message", &order.message)
        .text("externalid", &order.number)
        .group("sotransitems", Content::new().each("sotransitem", lines))
        .group("subtotals", Content::new().each("subtotal", subtotals));
    Ok((&CREATE_SO_TRANSACTION, rate.legacy(order.base_currency, content)))
}
