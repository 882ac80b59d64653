//! Order Entry: documents, lines, subtotals and the definitions they follow.

use super::{columns, date_or_null, int_or_null, made, maybe, text};
use crate::intacct::records::*;
use crate::intacct::table::{AnyTable, Rows, Table, Value};

// UNVERIFIED: names beyond those the vendor's pages show (reference/intacct.md 2.3)
static SODOCUMENT: Table<SalesDocument> = Table {
    name: "SODOCUMENT",
    id: "DOCID",
    columns: columns! { SalesDocument:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "DOCNO" Text => |_, r| text(&r.number);
        "DOCID" Text => |_, r| made(r.doc_id());
        "DOCPARID" Text => |_, r| text(&r.definition);
        "CUSTVENDID" Text => |_, r| text(&r.customer_id);
        "CUSTVENDNAME" Text => |c, r| c.customers.get(&r.customer_id).map_or(Value::Null, |it| text(&it.name));
        "STATE" Text => |_, r| text(&r.state);
        "WHENCREATED" Date => |_, r| Value::Date(r.when_created);
        "WHENPOSTED" Date => |_, r| Value::Date(r.when_posted);
        "WHENDUE" Date => |_, r| date_or_null(r.when_due);
        "PONUMBER" Text => |_, r| text(&r.reference);
        "MESSAGE" Text => |_, r| text(&r.message);
        "TERM.NAME" Text => |_, r| maybe(&r.term);
        "CURRENCY" Text => |_, r| text(&r.terms.currency);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "EXCHRATE" Number => |_, r| Value::Number(r.terms.rate);
        "SUBTOTAL" Number => |_, r| Value::Number(r.subtotal);
        "TOTAL" Number => |_, r| Value::Number(r.total);
        "TRX_SUBTOTAL" Number => |_, r| Value::Number(r.subtotal);
        "TRX_TOTAL" Number => |_, r| Value::Number(r.trx_total);
        "CREATEDFROM" Text => |_, r| maybe(&r.created_from);
        "PRRECORDKEY" Int => |_, r| int_or_null(r.ar_record);
        "ARINVOICE.RECORDNO" Int => |_, r| int_or_null(r.ar_record);
        "EXTERNALID" Text => |_, r| maybe(&r.external_id);
        "SHIPTO.CONTACTNAME" Text => |_, r| maybe(&r.ship_to);
        "BILLTO.CONTACTNAME" Text => |_, r| maybe(&r.bill_to);
        "TRACKINGNUMBER" Text => |_, r| text(&r.tracking_number);
        "SHIPPEDDATE" Date => |_, r| date_or_null(r.shipped_date);
        "SHIPVIA" Text => |_, r| text(&r.shipping_method);
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.sales.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

/// A line with its document and its place there, counted from 0.
pub struct EntryRow {
    document: RecordNo,
    doc_id: String,
    at: u64,
    line: SalesLine,
}

static SODOCUMENTENTRY: Table<EntryRow> = Table {
    name: "SODOCUMENTENTRY",
    id: "RECORDNO",
    columns: columns! { EntryRow:
        "RECORDNO" Int => |_, r| Value::Int(r.line.record_no);
        "DOCHDRNO" Int => |_, r| Value::Int(r.document);
        "DOCHDRID" Text => |_, r| text(&r.doc_id);
        "LINE_NO" Int => |_, r| Value::Int(r.at);
        "ITEMID" Text => |_, r| text(&r.line.item);
        "ITEMDESC" Text => |_, r| text(&r.line.description);
        "QUANTITY" Number => |_, r| Value::Number(r.line.quantity);
        "QTY_CONVERTED" Number => |_, r| Value::Number(r.line.quantity_converted);
        "UNIT" Text => |_, r| text(&r.line.unit);
        "PRICE" Number => |_, r| Value::Number(r.line.price);
        "TRX_PRICE" Number => |_, r| Value::Number(r.line.price);
        "TOTAL" Number => |_, r| Value::Number(r.line.trx_total);
        "TRX_VALUE" Number => |_, r| Value::Number(r.line.trx_total);
        "WAREHOUSE.LOCATION_NO" Text => |_, r| maybe(&r.line.warehouse);
        "WAREHOUSEID" Text => |_, r| maybe(&r.line.warehouse);
        "MEMO" Text => |_, r| text(&r.line.memo);
        "LOCATION" Text => |_, r| maybe(&r.line.dimensions.location);
        "LOCATIONID" Text => |_, r| maybe(&r.line.dimensions.location);
        "DEPARTMENT" Text => |_, r| maybe(&r.line.dimensions.department);
        "DEPARTMENTID" Text => |_, r| maybe(&r.line.dimensions.department);
        "CUSTOMERID" Text => |_, r| maybe(&r.line.dimensions.customer);
        "SOURCE_DOCLINEKEY" Int => |_, r| int_or_null(r.line.source_line);
    },
    rows: |c| {
        Rows::Made(
            c.sales
                .values()
                .flat_map(|it| {
                    it.lines.iter().enumerate().map(|(at, line)| EntryRow {
                        document: it.record_no,
                        doc_id: it.doc_id(),
                        at: at as u64,
                        line: line.clone(),
                    })
                })
                .collect(),
        )
    },
    entity: |_, _| None,
};

pub struct SubtotalRow {
    document: RecordNo,
    doc_id: String,
    line: SalesSubtotal,
}

static SODOCUMENTSUBTOTALS: Table<SubtotalRow> = Table {
    name: "SODOCUMENTSUBTOTALS",
    id: "RECORDNO",
    columns: columns! { SubtotalRow:
        "RECORDNO" Int => |_, r| Value::Int(r.line.record_no);
        "DOCHDRNO" Int => |_, r| Value::Int(r.document);
        "DOCHDRID" Text => |_, r| text(&r.doc_id);
        "DESCRIPTION" Text => |_, r| text(&r.line.description);
        "TOTAL" Number => |_, r| Value::Number(r.line.total);
        "TRX_TOTAL" Number => |_, r| Value::Number(r.line.total);
        "LOCATION" Text => |_, r| maybe(&r.line.dimensions.location);
        "DEPARTMENT" Text => |_, r| maybe(&r.line.dimensions.department);
    },
    rows: |c| {
        Rows::Made(
            c.sales
                .values()
                .flat_map(|it| {
                    it.subtotals.iter().map(|line| SubtotalRow {
                        document: it.record_no,
                        doc_id: it.doc_id(),
                        line: line.clone(),
                    })
                })
                .collect(),
        )
    },
    entity: |_, _| None,
};

static SODOCUMENTPARAMS: Table<TransactionDefinition> = Table {
    name: "SODOCUMENTPARAMS",
    id: "DOCID",
    columns: columns! { TransactionDefinition:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "DOCID" Text => |_, r| text(&r.id);
        "DOCCLASS" Text => |_, r| text(&r.class);
        "CATEGORY" Text => |_, r| text(&r.class);
        "UPDATES_GL" Text => |_, r| text(match r.posts { Posts::Nothing => "N", Posts::Invoice | Posts::CreditMemo => "A" });
        "UPDATES_INV" Text => |_, r| text(if r.moves_stock { "Q" } else { "N" });
        "STATUS" Text => |_, r| super::status(r.inactive);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.definitions.values().collect()),
    entity: |_, _| None,
};

/// A subtotal name a definition offers. UNVERIFIED: the object's name and fields.
pub struct RuleRow {
    number: u64,
    definition: String,
    rule: SubtotalRule,
}

static SODOCUMENTPARAMSUBTOTAL: Table<RuleRow> = Table {
    name: "SODOCUMENTPARAMSUBTOTAL",
    id: "RECORDNO",
    columns: columns! { RuleRow:
        "RECORDNO" Int => |_, r| Value::Int(r.number);
        "DOCID" Text => |_, r| text(&r.definition);
        "DESCRIPTION" Text => |_, r| text(&r.rule.description);
        "GLACCOUNTNO" Text => |_, r| text(&r.rule.account);
    },
    rows: |c| {
        Rows::Made(
            c.definitions
                .values()
                .flat_map(|it| {
                    it.subtotals.iter().enumerate().map(|(at, rule)| RuleRow {
                        number: it.record_no * 100 + at as u64,
                        definition: it.id.clone(),
                        rule: rule.clone(),
                    })
                })
                .collect(),
        )
    },
    entity: |_, _| None,
};

pub fn tables() -> Vec<&'static dyn AnyTable> {
    vec![&SODOCUMENT, &SODOCUMENTENTRY, &SODOCUMENTSUBTOTALS, &SODOCUMENTPARAMS, &SODOCUMENTPARAMSUBTOTAL]
}
