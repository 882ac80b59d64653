//! GL detail of given accounts, window by window: what the tie-out sums, read on its own and complete or not at all.

use super::Reader;
use crate::client::Client;
use crate::error::Error;
use crate::lookup::FieldList;
use crate::query::Filter;
use crate::row::{FieldError, Row};
use jiff::civil::Date;
use std::collections::BTreeSet;
use tieout_domain::{Fetched, GlLine, ObjectKind, Refused};
use tieout_money::{Currency, Money};

const FIELDS: FieldList = FieldList {
    required: &["RECORDNO", "ENTRY_DATE", "ACCOUNTNO", "TR_TYPE|DEBITAMOUNT", "AMOUNT|DEBITAMOUNT"],
    optional: &[
        "BATCHKEY",
        "BATCH_TITLE",
        "SYMBOL",
        "MODULEKEY",
        "BOOKID",
        "CREDITAMOUNT",
        "TRX_DEBITAMOUNT",
        "TRX_CREDITAMOUNT",
        "TRX_AMOUNT",
        "CURRENCY",
        "BASECURR",
        "DOCUMENT",
        "DOCNUMBER",
        "RECORDID",
        "CUSTOMERID",
        "DESCRIPTION",
    ],
};

/// Every GL line on the accounts from the first to the last day, both included.
#[derive(Debug)]
pub struct GlWindow {
    pub first: Date,
    pub last: Date,
    pub good: Vec<Fetched<GlLine>>,
    pub refused: Vec<Refused>,
}

/// All GL lines there are on an account, for [`Client::all_keys`].
pub fn gl_lines(accounts: &[String]) -> Reader<GlLine> {
    Reader {
        object: "GLDETAIL",
        kind: ObjectKind::GlLine,
        fields: FIELDS,
        changed: &[],
        id_fields: &["RECORDNO"],
        id_prefix: "",
        filter: Some(Filter::one_of("ACCOUNTNO", accounts.iter().cloned())),
        parse: |company, row| {
            let base_currency = match row.text(&["BASECURR"]).as_str() {
                "" => row.base,
                code => Currency::parse(code).map_err(|_| FieldError::Wrong {
                    field: "BASECURR".into(),
                    value: code.into(),
                    expected: "a currency in use",
                })?,
            };
            let base = side(row, "DEBITAMOUNT", "CREDITAMOUNT", "AMOUNT", base_currency)?
                .ok_or_else(|| FieldError::Missing("AMOUNT".into()))?;
            let amount = side(row, "TRX_DEBITAMOUNT", "TRX_CREDITAMOUNT", "TRX_AMOUNT", row.currency()?)?;
            Ok(GlLine {
                company: company.clone(),
                record_no: row.required(&["RECORDNO"])?,
                batch_key: row.text(&["BATCHKEY"]),
                batch_title: row.text(&["BATCH_TITLE"]),
                journal: row.text(&["SYMBOL"]),
                module: row.text(&["MODULEKEY"]),
                account: row.required(&["ACCOUNTNO"])?,
                entry_date: row.required_date(&["ENTRY_DATE"])?,
                amount: amount.unwrap_or(base),
                base,
                document: row.text(&["DOCUMENT", "DOCNUMBER"]),
                record_id: row.text(&["RECORDID"]),
                customer_id: row.text(&["CUSTOMERID"]),
                description: row.text(&["DESCRIPTION"]),
            })
        },
    }
}

/// Debit less credit where the view has both sides; else the amount with the side that TR_TYPE names.
fn side(
    row: &Row<'_>,
    debit: &str,
    credit: &str,
    amount: &str,
    currency: Currency,
) -> Result<Option<Money>, FieldError> {
    let (debit_side, credit_side) = (row.money(&[debit], currency)?, row.money(&[credit], currency)?);
    if debit_side.is_some() || credit_side.is_some() {
        let zero = Money::zero(currency);
        return debit_side
            .unwrap_or(zero)
            .checked_sub(credit_side.unwrap_or(zero))
            .map(Some)
            .map_err(|source| FieldError::Money { field: debit.to_owned(), source });
    }
    let Some(amount) = row.money(&[amount], currency)? else { return Ok(None) };
    match row.required(&["TR_TYPE"])?.as_str() {
        "1" => Ok(Some(amount.abs())),
        "-1" => Ok(Some(-amount.abs())),
        other => Err(FieldError::Wrong { field: "TR_TYPE".into(), value: other.into(), expected: "1 or -1" }),
    }
}

impl Client {
    pub async fn gl_detail(&self, accounts: &[String], first: Date, last: Date) -> Result<GlWindow, Error> {
        let mut window = GlWindow { first, last, good: Vec::new(), refused: Vec::new() };
        if accounts.is_empty() {
            return Ok(window);
        }
        let setup = self.setup().await?;
        let fields = self.fields_of("GLDETAIL").await?.select(&FIELDS)?;
        let reader = gl_lines(accounts);
        let days = Filter::from_day_to_day("ENTRY_DATE", first, last);
        let mut rows =
            self.all_rows("GLDETAIL", &fields, Filter::all(reader.filter.clone().into_iter().chain([days]))).await?;
        // Several books repeat the same postings; only the default one is the ledger we tie out to.
        let books: BTreeSet<_> = rows.iter().filter_map(|it| it.text_of("BOOKID").map(str::to_owned)).collect();
        if let Some(ours) = setup.default_book.as_deref().filter(|ours| books.len() > 1 && books.contains(*ours)) {
            rows.retain(|it| it.text_of("BOOKID").is_none_or(|book| book == ours));
        }
        for node in &rows {
            let raw = node.to_xml();
            match (reader.parse)(&self.source(), &Row::new(node, setup.base_currency)) {
                Ok(value) => window.good.push(Fetched { value, raw }),
                Err(error) => window.refused.push(Refused {
                    record: reader.record(&self.source(), node),
                    reason: error.to_string(),
                    raw,
                }),
            }
        }
        Ok(window)
    }
}
