//! What was posted and verified, and is something else in Intacct by now: changed, reversed or gone there.

use crate::company::Company;
use crate::error::ServiceError;
use crate::sides::Sides;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{
    Document, Exception, ExceptionKind, GlLine, JournalEntry, Posting, PostingState, Receipt, ReceiptKind,
    ReceiptState, RecordRef, SourceId,
};
use tieout_money::Money;
use tieout_planning::is_reversal;

/// Only what was read after it was posted can speak against a posting.
pub(crate) fn of_posted(company: &Company, sides: &Sides, ledger: &[GlLine]) -> Result<Vec<Exception>, ServiceError> {
    let (Ok(connection), Ok((settings, _))) = (company.connection(), company.settings()) else { return Ok(vec![]) };
    let source = SourceId::intacct(&connection.intacct_company);
    let read = company.store.read(|reader| reader.last_good_run(&source))?.map(|it| it.started);
    let watched: BTreeSet<String> = settings.clearing.iter().map(|it| it.account.clone()).collect();
    let mut by_batch: BTreeMap<&str, Vec<&GlLine>> = BTreeMap::new();
    for line in ledger {
        by_batch.entry(&line.batch_key).or_default().push(line);
    }
    let receipts: BTreeMap<RecordRef, &Receipt> = sides.receipts.iter().map(|it| (it.record(), it)).collect();
    let mut found = Vec::new();
    for it in &sides.postings {
        let posting = &it.posting;
        let PostingState::Posted { record, at } = &posting.state else { continue };
        if is_reversal(&posting.document) || !is_seen(*at, read) || posting.document.on() < settings.cut_over {
            continue;
        }
        let difference = match &posting.document {
            Document::JournalEntry(entry) => {
                let lines = by_batch.get(record.0.as_str()).map_or(&[][..], Vec::as_slice);
                of_entry(entry, lines, &watched)?
            }
            document => {
                let id = |kind: ReceiptKind| format!("{}:{record}", kind.object_name());
                let receipt = kind_of(document).and_then(|kind| {
                    receipts.get(&RecordRef::new(source.clone(), tieout_domain::ObjectKind::Receipt, id(kind)))
                });
                receipt.and_then(|receipt| of_receipt(document, receipt))
            }
        };
        if let Some((stake, why)) = difference {
            found.push(exception(posting, stake, format!("record {record} was posted as approved; now {why}")));
        }
    }
    Ok(found)
}

fn is_seen(posted_at: Timestamp, read: Option<Timestamp>) -> bool {
    read.is_some_and(|it| it >= posted_at)
}

fn kind_of(document: &Document) -> Option<ReceiptKind> {
    match document {
        Document::CashReceipt(_) | Document::AdvanceApplication(_) => Some(ReceiptKind::Payment),
        Document::Advance(_) => Some(ReceiptKind::Advance),
        Document::Adjustment(_) => Some(ReceiptKind::Adjustment),
        Document::OtherReceipt(_) => Some(ReceiptKind::OtherReceipt),
        Document::Deposit(_) => Some(ReceiptKind::Deposit),
        // Sales orders and invoices change as they are worked on; a reversal only takes back.
        Document::JournalEntry(_) | Document::SalesOrder(_) | Document::Invoice(_) | Document::ReceiptReversal(_) => {
            None
        }
    }
}

/// What the ledger holds less what was approved, and in words.
fn of_receipt(document: &Document, receipt: &Receipt) -> Option<(Money, String)> {
    let approved = document.amount();
    if receipt.state == ReceiptState::Reversed {
        return Some((-approved, "it is reversed in Intacct".into()));
    }
    let has_a_total = !matches!(document, Document::AdvanceApplication(_));
    if has_a_total && receipt.amount.abs() != approved.abs() {
        let difference = receipt.amount.abs().checked_sub(approved.abs()).ok()?;
        return Some((difference, format!("it comes to {} instead of {}", receipt.amount.abs(), approved.abs())));
    }
    (receipt.on != document.on())
        .then(|| (approved, format!("it is dated {} instead of {}", receipt.on, document.on())))
}

/// By the general ledger's own lines, on the accounts that are read whole: what was deleted is missing there.
fn of_entry(
    entry: &JournalEntry,
    lines: &[&GlLine],
    watched: &BTreeSet<String>,
) -> Result<Option<(Money, String)>, ServiceError> {
    let accounts: BTreeSet<&str> =
        entry.lines().iter().map(|it| it.account.as_str()).filter(|it| watched.contains(*it)).collect();
    for account in accounts {
        let approved = entry.lines().iter().filter(|it| it.account == account).map(|it| it.amount);
        let approved = Money::sum(entry.currency(), approved)?;
        let there: Vec<&&GlLine> = lines.iter().filter(|it| it.account == account).collect();
        let booked = Money::sum(entry.currency(), there.iter().map(|it| it.amount))?;
        if booked != approved {
            let words = if there.is_empty() {
                format!("the ledger holds nothing of it on account {account}")
            } else {
                format!("account {account} holds {booked} of it instead of {approved}")
            };
            return Ok(Some((booked.checked_sub(approved)?, words)));
        }
        if let Some(line) = there.iter().find(|it| it.entry_date != entry.on()) {
            return Ok(Some((approved, format!("it is dated {} instead of {}", line.entry_date, entry.on()))));
        }
    }
    Ok(None)
}

fn exception(posting: &Posting, at_stake: Money, why_not: String) -> Exception {
    Exception {
        kind: ExceptionKind::ReadBackDifference,
        records: posting.facts.iter().map(|(record, _)| record.clone()).collect(),
        at_stake: Some(at_stake),
        on: Some(posting.document.on()),
        subject: posting.document.natural_key().0,
        why_not,
    }
}
