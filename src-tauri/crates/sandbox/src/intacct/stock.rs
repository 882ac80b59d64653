//! How much of what lies where, by item and warehouse, and the function that tells it.

use super::company::Company;
use super::errors::Refusal;
use super::records::*;
use super::text::{amount, escape};
use super::xml::Element;

impl Company {
    /// Puts so much of an item into a bin of a warehouse, in place of what lay there.
    pub fn set_stock(&mut self, row: StockRow) {
        match self
            .stock
            .iter_mut()
            .find(|it| (&it.item, &it.warehouse, &it.bin) == (&row.item, &row.warehouse, &row.bin))
        {
            Some(there) => *there = row,
            None => self.stock.push(row),
        }
    }

    pub fn add_price(&mut self, price: PriceListEntry) -> RecordNo {
        let record_no = self.next_master();
        self.prices.push(PriceListEntry { record_no, ..price });
        record_no
    }

    /// The rows as they are now: what documents took off the shelf or brought back, and what orders hold. A warehouse's
    /// first row takes what its documents move.
    pub fn stock_totals(&self) -> Vec<StockRow> {
        let mut rows = self.stock.clone();
        for document in self.sales.values() {
            let Some(definition) = self.definitions.get(&document.definition) else { continue };
            for line in &document.lines {
                let fits = |it: &&mut StockRow| {
                    it.item == line.item && line.warehouse.as_ref().is_none_or(|wanted| *wanted == it.warehouse)
                };
                let Some(row) = rows.iter_mut().find(fits) else { continue };
                if definition.moves_stock {
                    let came_back = definition.posts == Posts::CreditMemo;
                    row.on_hand += if came_back { line.quantity } else { -line.quantity };
                } else if definition.holds_stock && document.state != "Closed" {
                    row.on_hold += line.quantity - line.quantity_converted;
                }
            }
        }
        rows
    }
}

/// UNVERIFIED: that the list stands in an element of its own inside `data`; the names are those of the vendor's
/// response grammar (`schema/intacct_response.v2.1.dtd`).
pub fn item_totals(company: &Company, call: &Element) -> Result<String, Refusal> {
    let (item, warehouse) = (call.filled("itemid"), call.filled("warehouseid"));
    if let Some(item) = item.filter(|it| !company.items.contains_key(*it)) {
        return Err(Refusal::not_valid("Item ID", item));
    }
    if let Some(warehouse) = warehouse.filter(|it| !company.warehouses.contains_key(*it)) {
        return Err(Refusal::not_valid("Warehouse", warehouse));
    }
    let wanted =
        |row: &StockRow| item.is_none_or(|it| it == row.item) && warehouse.is_none_or(|it| it == row.warehouse);
    let rows: String = company.stock_totals().iter().filter(|row| wanted(row)).map(total).collect();
    Ok(format!("<data><icitemtotals>{rows}</icitemtotals></data>"))
}

fn total(row: &StockRow) -> String {
    format!(
        "<itemtotal><itemid>{}</itemid><warehouseid>{}</warehouseid><aislekey></aislekey><rowkey></rowkey><binkey>{}</binkey><onhand>{}</onhand><onorder>{}</onorder><onhold>{}</onhold></itemtotal>",
        escape(&row.item),
        escape(&row.warehouse),
        escape(&row.bin),
        amount(row.on_hand),
        amount(row.on_order),
        amount(row.on_hold)
    )
}
