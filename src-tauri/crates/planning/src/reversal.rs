//! Un-posting: a mirrored entry or Intacct's own reversal of a receipt, never a delete (J25).

use crate::checks::review;
use crate::keys::posting_id;
use jiff::civil::Date;
use tieout_domain::ledger::Books;
use tieout_domain::{Check, CheckLevel, Document, Posting, PostingId, PostingState, ReceiptReversal};

/// Begins the natural key of a reversal; the key of what it reverses follows.
const REVERSAL_MARK: &str = "REV-";

/// Takes back another posting, and says nothing new about its records.
pub fn is_reversal(document: &Document) -> bool {
    document.natural_key().0.starts_with(REVERSAL_MARK)
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReversalError {
    #[error("posting {id} is {state}; only what is posted can be reversed")]
    NotPosted { id: PostingId, state: &'static str },
    #[error("{day} is in a closed period; the first open day is {first_open}")]
    ClosedPeriod { day: Date, first_open: Date },
    #[error("a {kind} cannot be reversed from here")]
    NotOffered { kind: &'static str },
}

impl ReversalError {
    pub fn remedy(&self) -> &'static str {
        match self {
            ReversalError::NotPosted { .. } => "Void it instead, or check its status first.",
            ReversalError::ClosedPeriod { .. } => {
                "Choose the first open day and approve that date, or reopen the period in Intacct."
            }
            ReversalError::NotOffered { .. } => "Reverse it in Intacct; Tieout will see it on the next pull.",
        }
    }
}

/// Proposes the reversal of a posted document on the day given (its own day where that is open). Nothing is
/// sent: the reversal is approved like any other posting.
pub fn reverse(
    posting: &Posting,
    on: Option<Date>,
    books: Option<&Books>,
    settings_version: u32,
) -> Result<Posting, ReversalError> {
    let PostingState::Posted { record, .. } = &posting.state else {
        return Err(ReversalError::NotPosted { id: posting.id.clone(), state: posting.state.as_str() });
    };
    let own_day = posting.document.on();
    let day = on.unwrap_or(own_day);
    if let Some(books) = books.filter(|it| !it.is_open_on(day)) {
        let first_open = books.closed_through.and_then(|it| it.tomorrow().ok()).unwrap_or(day);
        return Err(ReversalError::ClosedPeriod { day, first_open });
    }
    let key = format!("{REVERSAL_MARK}{}", posting.document.natural_key());
    let document = match &posting.document {
        Document::JournalEntry(entry) => Document::JournalEntry(entry.reversal(day, &key)),
        Document::CashReceipt(_) | Document::AdvanceApplication(_) => Document::ReceiptReversal(ReceiptReversal {
            record_no: record.0.clone(),
            on: day,
            reference: key.clone(),
            description: format!("{key}: reverses {}", posting.document.natural_key()),
            amount: posting.document.amount(),
        }),
        other => return Err(ReversalError::NotOffered { kind: other.kind().title() }),
    };
    let mut checks =
        vec![review(format!("reverses {} ({})", posting.document.natural_key(), posting.document.description()))];
    if day == own_day {
        checks.push(Check { level: CheckLevel::Pass, text: format!("{day} is in an open period") });
    } else {
        checks.push(review(format!("dated {day} instead of {own_day}, as a person chose")));
    }
    Ok(Posting {
        id: posting_id(&key),
        document,
        facts: posting.facts.clone(),
        because: format!("reverses {}", posting.document.natural_key()),
        checks,
        settings_version,
        after: vec![],
        state: PostingState::Proposed,
    })
}
