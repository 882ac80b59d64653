//! Turning an approved document into the exact bytes Intacct will be sent. Nothing is decided here: what the
//! document does not say is not written, and what cannot be written is an error before anything is sent.

mod adjustment;
mod advance;
mod customer;
mod deposit;
mod invoice;
mod journal_entry;
mod lines;
mod links;
mod other_receipt;
mod receipt;
mod reversal;
mod sales_order;

pub use customer::{NewAddress, NewContact, NewCustomer, create_contact, create_customer};
pub use links::{InvoiceLink, LinkError, Links};

use crate::envelope;
use crate::shape::{Content, Function, ShapeError};
use crate::xml::{Dropped, xml_text};
use serde::{Deserialize, Serialize};
use tieout_domain::{Document, DocumentKind, IdempotencyKey, IntacctRecordNo, NaturalKey};
use tieout_money::Currency;

/// `controlid` may be this long (reference/intacct.md 1.2).
const MAX_CONTROL_ID: usize = 256;

/// One function, ready to be sent and safe to be stored: it holds no credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRequest {
    /// The function's `controlid`.
    pub key: IdempotencyKey,
    /// `<function controlid="...">...</function>`, byte for byte what will be sent.
    pub function: String,
    pub natural_key: NaturalKey,
    /// `None` for master records, which are no postings.
    pub kind: Option<DocumentKind>,
    /// The record an answer without a number is about: a reversal changes a record that exists.
    pub about: Option<IntacctRecordNo>,
    /// Characters XML cannot carry, left out; worth telling the reviewer.
    #[serde(skip)]
    pub dropped: Vec<Dropped>,
}

/// Why a document cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error("the natural key {0:?} is empty or holds characters that cannot be sent")]
    BadNaturalKey(String),
    #[error("the posting key is {0} characters long, {MAX_CONTROL_ID} are allowed")]
    KeyTooLong(usize),
    #[error("{document} names no {field}")]
    Missing { document: String, field: &'static str },
    #[error("{document} is in {currency} and the books are in {base}, but it names no exchange rate type")]
    NoRateType { document: String, currency: Currency, base: Currency },
    #[error("invoice {0} was not resolved to a record of Intacct's")]
    Unresolved(String),
    #[error("{document} has {found}, which does not add up to {expected}")]
    DoesNotAdd { document: String, found: String, expected: String },
    #[error("the request does not fit Intacct's function: {0}")]
    Shape(#[from] ShapeError),
}

impl BuildError {
    pub fn remedy(&self) -> &'static str {
        match self {
            BuildError::BadNaturalKey(_) => {
                "Use letters, digits and dashes for number_prefix under [orders] in Settings; else book it by hand."
            }
            BuildError::KeyTooLong(_) | BuildError::Shape(_) => {
                "This is a fault of Tieout's: report it with this message."
            }
            BuildError::Missing { .. } => "Fill it in under Settings, then propose again.",
            BuildError::NoRateType { .. } => "Name an exchange rate type as rate_type in Settings, then propose again.",
            BuildError::Unresolved(_) => "Pull again: the invoice may have been removed. Then propose again.",
            BuildError::DoesNotAdd { .. } => "Propose again; if it stays, report it with this message.",
        }
    }
}

/// The request for a document. `links` says what invoice numbers and currencies mean in Intacct right now.
pub fn build(document: &Document, links: &Links, key: &IdempotencyKey) -> Result<WriteRequest, BuildError> {
    let natural_key = document.natural_key();
    if natural_key.0.trim().is_empty() || natural_key.0.trim() != natural_key.0 || xml_text(&natural_key.0).1 > 0 {
        return Err(BuildError::BadNaturalKey(natural_key.0));
    }
    let (function, content) = content_of(document, links)?;
    let about = match document {
        Document::ReceiptReversal(it) => Some(IntacctRecordNo(it.record_no.clone())),
        _ => None,
    };
    let request = request(function, &content, natural_key, key)?;
    Ok(WriteRequest { kind: Some(document.kind()), about, ..request })
}

/// A document as a function and what is said in it.
type Written = (&'static Function, Content);

/// The request for any function there is a table of: for what is no posting.
pub fn request(
    function: &Function,
    content: &Content,
    natural_key: NaturalKey,
    key: &IdempotencyKey,
) -> Result<WriteRequest, BuildError> {
    check_key(key)?;
    let mut written = Ok(());
    let (function, dropped) = envelope::function(&key.0, |out| written = function.write(content, out));
    written?;
    Ok(WriteRequest { key: key.clone(), function, natural_key, kind: None, about: None, dropped })
}

fn check_key(key: &IdempotencyKey) -> Result<(), BuildError> {
    match key.0.len() {
        0 => Err(BuildError::Missing { document: "the posting".into(), field: "key" }),
        length if length > MAX_CONTROL_ID => Err(BuildError::KeyTooLong(length)),
        _ => Ok(()),
    }
}

fn content_of(document: &Document, links: &Links) -> Result<Written, BuildError> {
    match document {
        Document::CashReceipt(it) => receipt::cash_receipt(it, links),
        Document::Advance(it) => advance::advance(it, links),
        Document::AdvanceApplication(it) => receipt::advance_application(it, links),
        Document::JournalEntry(it) => journal_entry::journal_entry(it, links),
        Document::SalesOrder(it) => sales_order::sales_order(it, links),
        Document::Invoice(it) => invoice::invoice(it, links),
        Document::Adjustment(it) => adjustment::adjustment(it, links),
        Document::OtherReceipt(it) => other_receipt::other_receipt(it, links),
        Document::Deposit(it) => deposit::deposit(it),
        Document::ReceiptReversal(it) => reversal::reversal(it),
    }
}

/// A text that ends with the natural key, so that the record is found by it whichever field survived.
pub(crate) fn marked(text: &str, key: &str) -> String {
    match text {
        "" => key.to_owned(),
        text if bears(text, key) => text.to_owned(),
        text => format!("{text} [{key}]"),
    }
}

/// Whether the text names this key as its own: nothing but it, or with it in brackets at the end. A mere
/// mention is not enough: the title of a reversal names what it reverses too.
pub(crate) fn bears(text: &str, key: &str) -> bool {
    let text = text.trim();
    !key.is_empty()
        && (text == key
            || text.strip_suffix(']').and_then(|it| it.strip_suffix(key)).is_some_and(|it| it.ends_with('[')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_records_own_or_not() {
        for (text, own) in [
            ("TO-1", true),
            ("Fee [TO-1]", true),
            ("Fee TO-1", false),
            ("Fee [TO-12]", false),
            ("Fee [REV-TO-1]", false),
            ("Reversal of Fee TO-1 [REV-TO-1]", false),
            ("Fee [TO-1] [TO-2]", false),
            ("", false),
        ] {
            assert_eq!(bears(text, "TO-1"), own, "{text}");
        }
        assert!(!bears("anything []", ""));
        assert_eq!(marked("Fee", "TO-1"), "Fee [TO-1]");
        assert_eq!(marked("Fee TO-1", "TO-1"), "Fee TO-1 [TO-1]");
        assert_eq!(marked("Fee [TO-1]", "TO-1"), "Fee [TO-1]");
    }
}
