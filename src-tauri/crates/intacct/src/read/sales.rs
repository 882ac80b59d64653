//! Order Entry documents and the definitions they are made by.

use super::Reader;
use crate::lookup::FieldList;
use crate::row::FieldError;
use tieout_domain::{ObjectKind, SalesDocument};

pub fn sales_documents() -> Reader<SalesDocument> {
    Reader {
        object: "SODOCUMENT",
        kind: ObjectKind::SalesDocument,
        fields: FieldList {
            required: &["RECORDNO", "DOCID", "WHENCREATED"],
            optional: &[
                "DOCNO",
                "DOCPARID",
                "PONUMBER",
                "CUSTVENDID",
                "CURRENCY",
                "BASECURR",
                "TRX_TOTAL",
                "TOTAL",
                "STATE",
                "PRRECORDKEY",
                "WHENMODIFIED",
            ],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["DOCID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            let doc_id = row.required(&["DOCID"])?;
            let currency = row.currency()?;
            let definition = row.text(&["DOCPARID"]);
            // `<definition>-<number>`, and both parts may contain dashes.
            let number = match (row.text(&["DOCNO"]), doc_id.strip_prefix(&format!("{definition}-"))) {
                (number, _) if !number.is_empty() => number,
                (_, Some(number)) if !definition.is_empty() => number.to_owned(),
                _ => return Err(FieldError::Missing("DOCNO".into())),
            };
            Ok(SalesDocument {
                company: company.clone(),
                record_no: row.required(&["RECORDNO"])?,
                definition,
                number,
                reference: row.text(&["PONUMBER"]),
                customer_id: row.text(&["CUSTVENDID"]),
                total: match row.money(&["TRX_TOTAL"], currency)? {
                    Some(total) => Some(total),
                    None => row.money(&["TOTAL"], row.base)?,
                },
                on: row.required_date(&["WHENCREATED"])?,
                state: row.text(&["STATE"]),
                invoice_record_no: Some(row.text(&["PRRECORDKEY"])).filter(|it| !it.is_empty()),
                doc_id,
            })
        },
    }
}
