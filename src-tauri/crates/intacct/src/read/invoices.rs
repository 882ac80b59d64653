//! Receivables invoices. The number (RECORDID) is the link; RECORDNO changes when an order document is edited.

use super::Reader;
use crate::lookup::FieldList;
use crate::row::FieldError;
use tieout_domain::{Invoice, ObjectKind};

pub fn invoices() -> Reader<Invoice> {
    Reader {
        object: "ARINVOICE",
        kind: ObjectKind::Invoice,
        fields: FieldList {
            required: &[
                "RECORDNO",
                "RECORDID",
                "CUSTOMERID",
                "TRX_TOTALENTERED|TOTALENTERED",
                "TRX_TOTALDUE|TOTALDUE",
                "WHENCREATED",
            ],
            optional: &[
                "CUSTOMERNAME",
                "DOCNUMBER",
                "DESCRIPTION",
                "CURRENCY",
                "BASECURR",
                "WHENDUE",
                "STATE",
                "MODULEKEY",
                "MEGAENTITYID",
                "WHENMODIFIED",
            ],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["RECORDID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            let currency = row.currency()?;
            let amount = |transaction: &'static str, base: &'static str| {
                row.money(&[transaction], currency)?
                    .or(row.money(&[base], row.base)?)
                    .ok_or_else(|| FieldError::Missing(transaction.into()))
            };
            Ok(Invoice {
                company: company.clone(),
                number: row.required(&["RECORDID"])?,
                record_no: row.required(&["RECORDNO"])?,
                customer_id: row.required(&["CUSTOMERID"])?,
                customer_name: row.text(&["CUSTOMERNAME"]),
                reference: row.text(&["DOCNUMBER"]),
                description: row.text(&["DESCRIPTION"]),
                total: amount("TRX_TOTALENTERED", "TOTALENTERED")?,
                due: amount("TRX_TOTALDUE", "TOTALDUE")?,
                on: row.required_date(&["WHENCREATED"])?,
                due_on: row.date(&["WHENDUE"])?,
                state: row.text(&["STATE"]),
                entity: row.text(&["MEGAENTITYID"]),
                changed_at: row.moment(&["WHENMODIFIED"])?,
            })
        },
    }
}
