//! What the store sells, as Intacct has it: items, stock totals, price lists, and the documents that ship.

use super::Reader;
use crate::client::Client;
use crate::error::Error;
use crate::lookup::FieldList;
use crate::row::{FieldError, Row};
use crate::xml::Element;
use rust_decimal::Decimal;
use tieout_domain::{ItemOffer, ObjectKind, PriceEntry, RecordRef, Refused, Shipment, StockLevel};

pub fn offers() -> Reader<ItemOffer> {
    Reader {
        object: "ITEM",
        kind: ObjectKind::Item,
        fields: FieldList {
            required: &["RECORDNO", "ITEMID"],
            optional: &["NAME", "EXTENDED_DESCRIPTION", "STATUS", "BASEPRICE", "SHIP_WEIGHT", "WHENMODIFIED"],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["ITEMID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            Ok(ItemOffer {
                company: company.clone(),
                item_id: row.required(&["ITEMID"])?,
                name: row.text(&["NAME"]),
                description: row.text(&["EXTENDED_DESCRIPTION"]),
                active: row.is_active(),
                base_price: figure(row, "BASEPRICE")?,
                weight: figure(row, "SHIP_WEIGHT")?,
            })
        },
    }
}

/// `None` where there is none; what is no number is refused with its field.
fn figure(row: &Row<'_>, field: &str) -> Result<Option<Decimal>, FieldError> {
    let text = row.text(&[field]);
    match row.decimal(&[field]) {
        None if !text.is_empty() => {
            Err(FieldError::Wrong { field: field.to_owned(), value: text, expected: "a number" })
        }
        other => Ok(other),
    }
}

pub fn prices() -> Reader<PriceEntry> {
    Reader {
        object: "SOPRICELISTENTRY",
        kind: ObjectKind::Item,
        fields: FieldList {
            required: &["RECORDNO", "PRICELISTID", "ITEMID", "VALUE"],
            optional: &["DATEFROM", "DATETO", "CURRENCY", "MINQTY", "STATUS"],
        },
        changed: &[],
        id_fields: &["RECORDNO"],
        id_prefix: "price:",
        filter: None,
        parse: |_, row| {
            Ok(PriceEntry {
                record_no: row.required(&["RECORDNO"])?,
                list: row.required(&["PRICELISTID"])?,
                item_id: row.required(&["ITEMID"])?,
                value: figure(row, "VALUE")?.ok_or_else(|| FieldError::Missing("VALUE".into()))?,
                currency: row.text(&["CURRENCY"]),
                from: row.date(&["DATEFROM"])?,
                to: row.date(&["DATETO"])?,
                min_quantity: figure(row, "MINQTY")?,
                active: row.is_active(),
            })
        },
    }
}

pub fn shipments() -> Reader<Shipment> {
    Reader {
        object: "SODOCUMENT",
        kind: ObjectKind::SalesDocument,
        fields: FieldList {
            required: &["RECORDNO", "DOCID"],
            optional: &[
                "DOCNO",
                "DOCPARID",
                "PONUMBER",
                "CREATEDFROM",
                "STATE",
                "TRACKINGNUMBER",
                "SHIPPEDDATE",
                "SHIPVIA",
                "WHENMODIFIED",
            ],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["DOCID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            let tracking = row.text(&["TRACKINGNUMBER"]);
            Ok(Shipment {
                company: company.clone(),
                doc_id: row.required(&["DOCID"])?,
                definition: row.text(&["DOCPARID"]),
                number: row.text(&["DOCNO"]),
                reference: row.text(&["PONUMBER"]),
                created_from: row.text(&["CREATEDFROM"]),
                state: row.text(&["STATE"]),
                shipped_on: row.date(&["SHIPPEDDATE"])?,
                carrier: row.text(&["SHIPVIA"]),
                tracking: tracking.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect(),
                changed_at: row.moment(&["WHENMODIFIED"])?,
            })
        },
    }
}

/// Stock totals of the company, the bins of a warehouse summed, and the rows that could not be read.
pub struct StockTotals {
    pub levels: Vec<StockLevel>,
    pub refused: Vec<Refused>,
}

impl Client {
    /// One answer with every item and warehouse. Not in a page: nothing says that it can be cut (reference/intacct.md 2.2).
    pub async fn stock_totals(&self) -> Result<StockTotals, Error> {
        let data = self.ask(|out| out.flag("get_icitemtotals")).await?;
        let mut totals = StockTotals { levels: Vec::new(), refused: Vec::new() };
        let Some(data) = data else { return Ok(totals) };
        // UNVERIFIED: whether the list stands in an element of its own inside `data`; both are read.
        let list = data.child("icitemtotals").unwrap_or(&data);
        let base = self.base_currency().await?;
        let mut by_place: std::collections::BTreeMap<(String, String), (Decimal, Decimal)> = Default::default();
        for (at, node) in list.children_named("itemtotal").enumerate() {
            match total(&Row::new(node, base)) {
                Ok((item, warehouse, on_hand, on_hold)) => {
                    let sum = by_place.entry((item, warehouse)).or_default();
                    sum.0 += on_hand;
                    sum.1 += on_hold;
                }
                Err(error) => totals.refused.push(self.refused_total(node, at, &error)),
            }
        }
        // Half a sum is no sum.
        let broken: std::collections::BTreeSet<&str> =
            totals.refused.iter().filter_map(|it| it.record.id.strip_prefix("stock:")).collect();
        by_place.retain(|(item, _), _| !broken.contains(item.as_str()));
        totals.levels = by_place
            .into_iter()
            .map(|((item_id, warehouse), (on_hand, on_hold))| StockLevel { item_id, warehouse, on_hand, on_hold })
            .collect();
        Ok(totals)
    }

    fn refused_total(&self, node: &Element<'_>, at: usize, error: &FieldError) -> Refused {
        let item = node.text_of("itemid").map_or_else(|| format!("row-{}", at + 1), str::to_owned);
        Refused {
            record: RecordRef::new(self.source(), ObjectKind::Item, format!("stock:{item}")),
            reason: format!("stock of item {item}: {error}"),
            raw: node.to_xml(),
        }
    }
}

fn total(row: &Row<'_>) -> Result<(String, String, Decimal, Decimal), FieldError> {
    let item = row.required(&["itemid"])?;
    // A total without its quantity is unknown, not zero.
    let on_hand = figure(row, "onhand")?.ok_or_else(|| FieldError::Missing("onhand".into()))?;
    Ok((item, row.text(&["warehouseid"]), on_hand, figure(row, "onhold")?.unwrap_or_default()))
}
