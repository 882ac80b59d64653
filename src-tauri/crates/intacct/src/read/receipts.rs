//! The six kinds of Intacct document that say money arrived, left or was set off, as one domain type.

use super::Reader;
use super::pages::Tally;
use crate::client::Client;
use crate::error::Error;
use crate::lookup::FieldList;
use crate::query::{Filter, MAX_IN};
use crate::read::{Drained, Page};
use crate::row::{FieldError, Row};
use crate::xml::Node;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tieout_domain::{Fetched, ObjectKind, Receipt, ReceiptKind, ReceiptState, Refused, SourceId};
use tieout_money::Money;

const RECEIVABLES: &[&str] = &[
    "RECORDID",
    "DOCNUMBER",
    "DESCRIPTION",
    "CUSTOMERID",
    "CUSTOMERNAME",
    "FINANCIALENTITY",
    "UNDEPOSITEDACCOUNTNO",
    "PAYMENTMETHOD",
    "PAYMENTTYPE",
    "CURRENCY",
    "BASECURR",
    "TRX_TOTALDUE",
    "TOTALDUE",
    "STATE",
    "RECORDTYPE",
    "MEGAENTITYID",
    "WHENPOSTED",
    "WHENMODIFIED",
];

const CASH: &[&str] = &[
    "RECORDID",
    "DOCNUMBER",
    "REFID",
    "DEPOSITID",
    "DESCRIPTION",
    "DESCRIPTION2",
    "PAYEE",
    "PAYER",
    "PAYERNAME",
    "FINANCIALENTITY",
    "BANKACCOUNTID",
    "UNDEPGLACCOUNTNO",
    "UNDEPOSITEDACCOUNTNO",
    "PAYMENTMETHOD",
    "PAYMETHOD",
    "CURRENCY",
    "BASECURR",
    "STATE",
    "MEGAENTITYID",
    "WHENMODIFIED",
];

const TOTAL: &str = "TRX_TOTALENTERED|TOTALENTERED";
const CASH_DATE: &str = "RECEIPTDATE|WHENPAID|DATEPAID|DEPOSITDATE|PAYMENTDATE|WHENCREATED|DATECREATED";

const fn reader(
    object: &'static str,
    prefix: &'static str,
    fields: FieldList,
    parse: fn(&SourceId, &Row<'_>) -> Result<Receipt, FieldError>,
) -> Reader<Receipt> {
    Reader {
        object,
        kind: ObjectKind::Receipt,
        fields,
        changed: &["WHENMODIFIED"],
        id_fields: &["RECORDNO"],
        id_prefix: prefix,
        filter: None,
        parse,
    }
}

/// ARPYMT without the advances, which the object holds too (record type `rr`) and ARADVANCE lists itself.
pub fn payments() -> Reader<Receipt> {
    let mut reader = reader(
        "ARPYMT",
        "ARPYMT:",
        FieldList { required: &["RECORDNO", TOTAL, "RECEIPTDATE|WHENPAID|WHENCREATED"], optional: RECEIVABLES },
        |company, row| receivable(company, row, ReceiptKind::Payment),
    );
    reader.filter =
        Some(Filter::Or(vec![Filter::NotEqual("RECORDTYPE".into(), "rr".into()), Filter::IsNull("RECORDTYPE".into())]));
    reader
}

pub fn advances() -> Reader<Receipt> {
    reader(
        "ARADVANCE",
        "ARADVANCE:",
        FieldList { required: &["RECORDNO", TOTAL, "RECEIPTDATE|WHENPAID|WHENCREATED"], optional: RECEIVABLES },
        |company, row| receivable(company, row, ReceiptKind::Advance),
    )
}

pub fn adjustments() -> Reader<Receipt> {
    reader(
        "ARADJUSTMENT",
        "ARADJUSTMENT:",
        FieldList { required: &["RECORDNO", TOTAL, "WHENCREATED"], optional: RECEIVABLES },
        |company, row| receivable(company, row, ReceiptKind::Adjustment),
    )
}

pub fn other_receipts() -> Reader<Receipt> {
    reader(
        "OTHERRECEIPTS",
        "OTHERRECEIPTS:",
        FieldList { required: &["RECORDNO", TOTAL, CASH_DATE], optional: CASH },
        |company, row| cash(company, row, ReceiptKind::OtherReceipt),
    )
}

pub fn deposits() -> Reader<Receipt> {
    reader(
        "DEPOSIT",
        "DEPOSIT:",
        FieldList { required: &["RECORDNO", TOTAL, CASH_DATE], optional: CASH },
        |company, row| cash(company, row, ReceiptKind::Deposit),
    )
}

fn receivable(company: &SourceId, row: &Row<'_>, kind: ReceiptKind) -> Result<Receipt, FieldError> {
    let mut receipt = common(company, row, kind)?;
    receipt.on = row.required_date(match kind {
        // The GL date where the object keeps one apart from its own.
        ReceiptKind::Adjustment => &["WHENPOSTED", "WHENCREATED"],
        _ => &["RECEIPTDATE", "WHENPAID", "WHENCREATED"],
    })?;
    if kind != ReceiptKind::Payment {
        let due = row.money(&["TRX_TOTALDUE", "TOTALDUE"], receipt.amount.currency())?;
        receipt.unapplied = due.unwrap_or(receipt.unapplied);
    }
    Ok(receipt)
}

fn cash(company: &SourceId, row: &Row<'_>, kind: ReceiptKind) -> Result<Receipt, FieldError> {
    let mut receipt = common(company, row, kind)?;
    receipt.on = row.required_date(&[
        "RECEIPTDATE",
        "DEPOSITDATE",
        "WHENPAID",
        "DATEPAID",
        "PAYMENTDATE",
        "WHENCREATED",
        "DATECREATED",
    ])?;
    Ok(receipt)
}

fn common(company: &SourceId, row: &Row<'_>, kind: ReceiptKind) -> Result<Receipt, FieldError> {
    let currency = row.currency()?;
    let amount = row
        .money(&["TRX_TOTALENTERED"], currency)?
        .or(row.money(&["TOTALENTERED"], row.base)?)
        .ok_or_else(|| FieldError::Missing("TRX_TOTALENTERED".into()))?;
    Ok(Receipt {
        company: company.clone(),
        kind,
        record_no: row.required(&["RECORDNO"])?,
        record_id: row.text(&["RECORDID", "DEPOSITID", "DOCNUMBER"]),
        reference: row.text(&["DOCNUMBER", "REFID", "DEPOSITID", "RECORDID"]),
        description: row.text(&["DESCRIPTION", "DESCRIPTION2"]),
        customer_id: row.text(&["CUSTOMERID"]),
        customer_name: row.text(&["CUSTOMERNAME", "PAYEE", "PAYER", "PAYERNAME"]),
        amount,
        unapplied: Money::zero(amount.currency()),
        on: row
            .date(&["RECEIPTDATE", "DEPOSITDATE", "WHENCREATED", "WHENPAID", "DATEPAID", "PAYMENTDATE", "DATECREATED"])?
            .ok_or_else(|| FieldError::Missing("the date".into()))?,
        account: row.text(&["FINANCIALENTITY", "BANKACCOUNTID", "UNDEPOSITEDACCOUNTNO", "UNDEPGLACCOUNTNO"]),
        payment_method: row.text(&["PAYMENTMETHOD", "PAYMENTTYPE", "PAYMETHOD"]),
        entity: row.text(&["MEGAENTITYID"]),
        state: receipt_state(&row.text(&["STATE"])),
        changed_at: row.moment(&["WHENMODIFIED"])?,
    })
}

/// Receivables and cash documents. Letters as reference/intacct.md 2.3 gives them, words as the screens do.
pub(crate) fn receipt_state(word: &str) -> ReceiptState {
    match word.to_ascii_lowercase().as_str() {
        "c" | "complete" | "completed" | "posted" | "paid" | "partially paid" | "confirmed" | "applied"
        | "partially applied" | "selected" | "deposited" => ReceiptState::Posted,
        "d" | "draft" | "s" | "submitted" | "partially approved" | "pending" | "analyzed" => {
            ReceiptState::NotPosted(word.to_owned())
        }
        "v" | "voided" | "void" | "reversed" | "reversal" => ReceiptState::Reversed,
        _ => ReceiptState::Unknown(word.to_owned()),
    }
}

/// Journal batches have letters of their own: `P` is posted here and `S` is waiting for approval.
pub(crate) fn batch_state(word: &str) -> ReceiptState {
    match word.to_lowercase().as_str() {
        "p" | "posted" => ReceiptState::Posted,
        "i" | "draft" | "s" | "submitted" | "x" | "partially approved" | "a" | "approved" | "r" | "declined" => {
            ReceiptState::NotPosted(word.to_owned())
        }
        // Its reversal is written but not in the ledger: the entry still counts.
        "l" | "reversal pending" => ReceiptState::Posted,
        "z" | "reversed" => ReceiptState::Reversed,
        _ => ReceiptState::Unknown(word.to_owned()),
    }
}

const BATCH: FieldList = FieldList {
    required: &["RECORDNO", "BATCH_DATE"],
    optional: &["BATCHNO", "BATCH_TITLE", "JOURNAL", "MODULE", "REFERENCENO", "STATE", "MEGAENTITYID", "WHENMODIFIED"],
};

const LINE: FieldList = FieldList {
    required: &["RECORDNO", "BATCHNO", "ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT|AMOUNT"],
    optional: &[
        "LINE_NO",
        "ENTRY_DATE",
        "CURRENCY",
        "BASECURR",
        "DOCUMENT",
        "DESCRIPTION",
        "CUSTOMERID",
        "CUSTOMERNAME",
    ],
};

/// Only for [`Client::all_keys`]: lines are read through their batches, since a line does not show that its
/// batch was approved. The keys include lines that other modules posted; nothing of ours is among those.
pub fn journal_lines(accounts: &[String]) -> Reader<Receipt> {
    let mut reader = reader("GLENTRY", "GLENTRY:", LINE, |company, row| line(company, row, None));
    reader.filter = Some(Filter::one_of("ACCOUNTNO", accounts.iter().cloned()));
    reader
}

impl Client {
    /// Lines on these GL accounts, of journal batches changed at or after `since` whose RECORDNO is above
    /// `after`. Batches that other modules posted are left out: their documents are read themselves.
    pub async fn read_journal_lines(
        &self,
        accounts: &[String],
        since: Option<Timestamp>,
        after: u64,
        page_size: u32,
    ) -> Result<Page<Receipt>, Error> {
        let batches = self.read_changed(&batches(), since, after, page_size.min(MAX_IN as u32)).await?;
        let mut page = Page {
            good: Vec::new(),
            refused: batches.refused,
            next: batches.next,
            changed_through: batches.changed_through,
            record_numbers: batches.record_numbers,
        };
        let by_number: BTreeMap<String, Node> = batches
            .good
            .into_iter()
            .filter_map(|it| Some((it.value.text_of("RECORDNO")?.to_owned(), it.value)))
            .collect();
        if by_number.is_empty() || accounts.is_empty() {
            return Ok(page);
        }
        let known = self.fields_of("GLENTRY").await?;
        let filter = Filter::all([
            Filter::one_of("BATCHNO", by_number.keys().cloned()),
            Filter::one_of("ACCOUNTNO", accounts.iter().cloned()),
        ]);
        let base = self.base_currency().await?;
        let reader = journal_lines(accounts);
        for node in self.all_rows("GLENTRY", &known.select(&LINE)?, filter).await? {
            let batch = node.text_of("BATCHNO").and_then(|it| by_number.get(it));
            let raw = batch.map_or(String::new(), Node::to_xml) + &node.to_xml();
            match line(&self.source(), &Row::new(&node, base), batch) {
                Ok(value) => page.good.push(Fetched { value, raw }),
                Err(error) => page.refused.push(Refused {
                    record: reader.record(&self.source(), &node),
                    reason: error.to_string(),
                    raw,
                }),
            }
        }
        Ok(page)
    }

    /// All of them, counted like [`Client::drain`].
    pub async fn drain_journal_lines(
        &self,
        accounts: &[String],
        since: Option<Timestamp>,
        mut on_page: impl FnMut(Page<Receipt>),
    ) -> Result<Drained, Error> {
        let mut tally = Tally::default();
        loop {
            let mut after = Some(0);
            while let Some(from) = after {
                let page = self.read_journal_lines(accounts, since, from, self.config.limits.page_size).await?;
                after = page.next;
                tally.add(&page);
                on_page(page);
            }
            let expected = self.count_changed(&batches(), since).await?;
            if tally.is_complete("GLBATCH", expected)? {
                return Ok(tally.drained);
            }
        }
    }
}

/// Batches of the general ledger itself, kept as they came.
fn batches() -> Reader<Node> {
    Reader {
        object: "GLBATCH",
        kind: ObjectKind::Receipt,
        fields: BATCH,
        changed: &["WHENMODIFIED", "MODIFIED"],
        id_fields: &["RECORDNO"],
        id_prefix: "GLBATCH:",
        filter: Some(Filter::Or(vec![Filter::Like("MODULE".into(), "2.GL%".into()), Filter::IsNull("MODULE".into())])),
        parse: |_, row| Ok(row.node.clone().into_owned()),
    }
}

fn line(company: &SourceId, row: &Row<'_>, batch: Option<&Node>) -> Result<Receipt, FieldError> {
    let batch = batch.map(|node| Row::new(node, row.base));
    let of_batch = |fields: &[&str]| batch.map_or(String::new(), |it| it.text(fields));
    let either = |ours: String, theirs: String| if ours.is_empty() { theirs } else { ours };
    let amount = signed_amount(row)?;
    let on = match (row.date(&["ENTRY_DATE"])?, batch) {
        (Some(day), _) => day,
        (None, Some(batch)) => batch.required_date(&["BATCH_DATE"])?,
        (None, None) => return Err(FieldError::Missing("ENTRY_DATE".into())),
    };
    Ok(Receipt {
        company: company.clone(),
        kind: ReceiptKind::JournalLine,
        record_no: row.required(&["RECORDNO"])?,
        record_id: either(of_batch(&["BATCHNO"]), row.text(&["BATCHNO"])),
        reference: either(of_batch(&["REFERENCENO"]), row.text(&["DOCUMENT"])),
        description: either(row.text(&["DESCRIPTION"]), of_batch(&["BATCH_TITLE"])),
        customer_id: row.text(&["CUSTOMERID"]),
        customer_name: row.text(&["CUSTOMERNAME"]),
        amount,
        unapplied: Money::zero(amount.currency()),
        on,
        account: row.required(&["ACCOUNTNO"])?,
        payment_method: String::new(),
        entity: of_batch(&["MEGAENTITYID"]),
        state: batch_state(&of_batch(&["STATE"])),
        changed_at: batch.map(|it| it.moment(&["WHENMODIFIED", "MODIFIED"])).transpose()?.flatten(),
    })
}

/// TR_TYPE 1 is a debit, -1 a credit; the amount beside it is absolute (reference/intacct.md 3.1).
pub(crate) fn signed_amount(row: &Row<'_>) -> Result<Money, FieldError> {
    let amount = row
        .money(&["TRX_AMOUNT"], row.currency()?)?
        .or(row.money(&["AMOUNT"], row.base)?)
        .ok_or_else(|| FieldError::Missing("TRX_AMOUNT".into()))?;
    match row.required(&["TR_TYPE"])?.as_str() {
        "1" => Ok(amount.abs()),
        "-1" => Ok(-amount.abs()),
        other => Err(FieldError::Wrong { field: "TR_TYPE".into(), value: other.into(), expected: "1 or -1" }),
    }
}
