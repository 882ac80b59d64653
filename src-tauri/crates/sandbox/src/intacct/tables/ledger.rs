//! The general ledger: journal entries, their lines, and the detail view of every posted row.

use rust_decimal::Decimal;

use super::{columns, date_or_null, int_or_null, maybe, text};
use crate::intacct::records::*;
use crate::intacct::table::{AnyTable, Rows, Table, Value};

static GLBATCH: Table<GlBatch> = Table {
    name: "GLBATCH",
    id: "RECORDNO",
    columns: columns! { GlBatch:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "BATCHNO" Int => |_, r| Value::Int(r.batch_no);
        "BATCH_TITLE" Text => |_, r| text(&r.title);
        "BATCH_DATE" Date => |_, r| Value::Date(r.date);
        "JOURNAL" Text => |_, r| text(&r.journal);
        "JOURNAL.SYMBOL" Text => |_, r| text(&r.journal);
        "MODULE" Text => |_, r| text(&r.module);
        "REFERENCENO" Text => |_, r| text(&r.reference);
        "HISTORY_COMMENT" Text => |_, r| text(&r.history_comment);
        "STATE" Text => |_, r| text(r.state.word());
        "REVERSED" Date => |c, r| date_or_null(r.reversed_key.and_then(|key| c.batches.get(&key)).map(|it| it.date));
        "REVERSEDKEY" Int => |_, r| int_or_null(r.reversed_key);
        "REVERSEDFROM" Int => |_, r| int_or_null(r.reversed_from);
        "BASELOCATION_NO" Text => |_, r| maybe(&r.base_location);
        "SUPDOCID" Text => |_, r| maybe(&r.sup_doc);
        "PRBATCHKEY" Int => |_, r| int_or_null(r.source.record_no);
        "USERINFO.LOGINID" Text => |_, _| text("sandbox");
        "MODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
        "WHENCREATED" Stamp => |_, r| Value::Stamp(r.when_created);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "MEGAENTITY.ID" Text => |_, r| maybe(&r.entity);
    },
    rows: |company| Rows::Kept(company.batches.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

/// A journal line with the number of its entry.
pub struct EntryRow {
    batch: RecordNo,
    line: GlLine,
}

fn batch<'a>(company: &'a crate::intacct::Company, row: &EntryRow) -> Option<&'a GlBatch> {
    company.batches.get(&row.batch)
}

static GLENTRY: Table<EntryRow> = Table {
    name: "GLENTRY",
    id: "RECORDNO",
    columns: columns! { EntryRow:
        "RECORDNO" Int => |_, r| Value::Int(r.line.record_no);
        "BATCHNO" Int => |_, r| Value::Int(r.batch);
        "LINE_NO" Int => |_, r| Value::Int(u64::from(r.line.line_no));
        "TR_TYPE" Int => |_, r| Value::Signed(r.line.side.tr_type());
        "ENTRY_DATE" Date => |c, r| date_or_null(batch(c, r).map(|it| it.date));
        "AMOUNT" Number => |_, r| Value::Number(r.line.amount);
        "TRX_AMOUNT" Number => |_, r| Value::Number(r.line.trx_amount);
        "ACCOUNTNO" Text => |_, r| text(&r.line.account);
        "ACCOUNTTITLE" Text => |c, r| c.accounts.get(&r.line.account).map_or(Value::Null, |it| text(&it.title));
        "CURRENCY" Text => |_, r| text(&r.line.terms.currency);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "EXCH_RATE_DATE" Date => |_, r| date_or_null(r.line.terms.rate_date);
        "EXCH_RATE_TYPE_ID" Text => |_, r| maybe(&r.line.terms.rate_type);
        "EXCHANGE_RATE" Number => |_, r| Value::Number(r.line.terms.rate);
        "DOCUMENT" Text => |_, r| text(&r.line.document);
        "DESCRIPTION" Text => |_, r| text(&r.line.description);
        "DEPARTMENT" Text => |_, r| maybe(&r.line.dimensions.department);
        "LOCATION" Text => |_, r| maybe(&r.line.dimensions.location);
        "CUSTOMERID" Text => |_, r| maybe(&r.line.dimensions.customer);
        "ITEMID" Text => |_, r| maybe(&r.line.dimensions.item);
        "CLASSID" Text => |_, r| maybe(&r.line.dimensions.class);
        "PROJECTID" Text => |_, r| maybe(&r.line.dimensions.project);
        "WAREHOUSEID" Text => |_, r| maybe(&r.line.dimensions.warehouse);
        "STATISTICAL" Text => |_, _| text("F");
        "BATCH_NUMBER" Int => |c, r| int_or_null(batch(c, r).map(|it| it.batch_no));
        "BATCHTITLE" Text => |c, r| batch(c, r).map_or(Value::Null, |it| text(&it.title));
        "BATCH_DATE" Date => |c, r| date_or_null(batch(c, r).map(|it| it.date));
        "STATE" Text => |c, r| batch(c, r).map_or(Value::Null, |it| text(it.state.word()));
        "WHENMODIFIED" Stamp => |c, r| batch(c, r).map_or(Value::Null, |it| Value::Stamp(it.when_modified));
    },
    rows: |c| {
        Rows::Made(
            c.batches
                .values()
                .flat_map(|it| it.lines.iter().map(|line| EntryRow { batch: it.record_no, line: line.clone() }))
                .collect(),
        )
    },
    entity: |_, _| None,
};

fn when(side: Side, wanted: Side, amount: Decimal) -> Value<'static> {
    if side == wanted { Value::Number(amount) } else { Value::Number(Decimal::ZERO) }
}

static GLDETAIL: Table<GlRow> = Table {
    name: "GLDETAIL",
    id: "RECORDNO",
    columns: columns! { GlRow:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "BATCHKEY" Int => |_, r| Value::Int(r.batch_key);
        "BATCH_DATE" Date => |_, r| Value::Date(r.batch_date);
        "BATCH_TITLE" Text => |_, r| text(&r.batch_title);
        "SYMBOL" Text => |_, r| text(&r.journal);
        "BATCH_NO" Int => |_, r| Value::Int(r.batch_no);
        "BOOKID" Text => |_, _| text("ACCRUAL");
        "MODULEKEY" Text => |_, r| text(&r.module);
        "ENTRY_DATE" Date => |_, r| Value::Date(r.entry_date);
        "TR_TYPE" Int => |_, r| Value::Signed(r.side.tr_type());
        "DOCUMENT" Text => |_, r| text(&r.document);
        "DESCRIPTION" Text => |_, r| text(&r.description);
        "ACCOUNTNO" Text => |_, r| text(&r.account);
        "ACCOUNTTITLE" Text => |c, r| c.accounts.get(&r.account).map_or(Value::Null, |it| text(&it.title));
        "DEBITAMOUNT" Number => |_, r| when(r.side, Side::Debit, r.amount);
        "CREDITAMOUNT" Number => |_, r| when(r.side, Side::Credit, r.amount);
        // UNVERIFIED: the sign of AMOUNT and TRX_AMOUNT in this view; signed here, debit positive
        "AMOUNT" Number => |_, r| Value::Number(r.side.signed(r.amount));
        "TRX_DEBITAMOUNT" Number => |_, r| when(r.side, Side::Debit, r.trx_amount);
        "TRX_CREDITAMOUNT" Number => |_, r| when(r.side, Side::Credit, r.trx_amount);
        "TRX_AMOUNT" Number => |_, r| Value::Number(r.side.signed(r.trx_amount));
        "CURRENCY" Text => |_, r| text(&r.currency);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "CUSTOMERID" Text => |_, r| maybe(if r.dimensions.customer.is_some() { &r.dimensions.customer } else { &r.source.customer_id });
        "CUSTOMERNAME" Text => |c, r| r.source.customer_id.as_ref().or(r.dimensions.customer.as_ref())
            .and_then(|id| c.customers.get(id)).map_or(Value::Null, |it| text(&it.name));
        "DOCNUMBER" Text => |_, r| text(&r.source.doc_number);
        "RECORDID" Text => |_, r| text(&r.source.record_id);
        "RECORDTYPE" Text => |_, r| text(&r.source.record_type);
        "PRRECORDKEY" Int => |_, r| int_or_null(r.source.record_no);
        "DEPARTMENTID" Text => |_, r| maybe(&r.dimensions.department);
        "LOCATIONID" Text => |_, r| maybe(&r.dimensions.location);
        "ITEMID" Text => |_, r| maybe(&r.dimensions.item);
        "CLASSID" Text => |_, r| maybe(&r.dimensions.class);
        "PROJECTID" Text => |_, r| maybe(&r.dimensions.project);
        "STATISTICAL" Text => |_, _| text("F");
        "ADJ" Text => |_, _| text("F");
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.gl.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

pub fn tables() -> Vec<&'static dyn AnyTable> {
    vec![&GLBATCH, &GLENTRY, &GLDETAIL]
}
