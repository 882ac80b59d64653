//! The exact text of a posting: as it was sent where it was, else as it would be sent from what is cached now.

use crate::company::Company;
use crate::error::ServiceError;
use crate::post::key_of;
use tieout_domain::{Document, IdempotencyKey, Invoice, ObjectKind, PostingState, RecordRef, SourceId};
use tieout_intacct::{InvoiceLink, Links, WriteRequest, build};
use tieout_store::StoredPosting;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPreview {
    /// The idempotency key: minted with the approval, so before it only its beginning is known.
    pub key: String,
    /// The function, byte for byte; empty when it cannot be built.
    pub xml: String,
    pub was_sent: bool,
    /// Why it cannot be built from what is cached.
    pub hindrance: Option<String>,
}

/// Nothing is asked of Intacct: invoice numbers are resolved from the cache, and again, fresh, when it is sent.
pub fn preview_request(company: &Company, it: &StoredPosting) -> Result<RequestPreview, ServiceError> {
    let sent = company.store.read(|reader| reader.requests_of(&it.posting.id))?;
    let sent = sent.last().and_then(|saved| serde_json::from_slice::<WriteRequest>(&saved.bytes).ok());
    let is_past =
        !matches!(it.posting.state, PostingState::Proposed | PostingState::Held { .. } | PostingState::Approved { .. });
    if let Some(request) = sent.filter(|_| is_past) {
        return Ok(RequestPreview { key: request.key.0, xml: request.function, was_sent: true, hindrance: None });
    }
    let key = match &it.posting.state {
        PostingState::Approved { approval } => key_of(&it.fingerprint, approval.at),
        _ => IdempotencyKey(format!("tieout-{}-approval", &it.fingerprint.as_str()[..24])),
    };
    let links = cached_links(company, &it.posting.document)?;
    Ok(match build(&it.posting.document, &links, &key) {
        Ok(request) => RequestPreview { key: key.0, xml: request.function, was_sent: false, hindrance: None },
        Err(error) => {
            let hindrance = Some(format!("{error}. {}", error.remedy()));
            RequestPreview { key: key.0, xml: String::new(), was_sent: false, hindrance }
        }
    })
}

fn cached_links(company: &Company, document: &Document) -> Result<Links, ServiceError> {
    let books = company.books()?;
    let mut links = match &books {
        Some(books) => Links::without_invoices(books.base_currency, books.multi_currency),
        None => Links::without_invoices(document.amount().currency(), false),
    };
    let numbers: Vec<&str> = match document {
        Document::CashReceipt(it) => it.applications.iter().map(|it| it.invoice.as_str()).collect(),
        Document::AdvanceApplication(it) => vec![it.application.invoice.as_str()],
        _ => Vec::new(),
    };
    if numbers.is_empty() {
        return Ok(links);
    }
    let source = SourceId::intacct(&company.connection()?.intacct_company);
    for number in numbers {
        let record = RecordRef::new(source.clone(), ObjectKind::Invoice, number);
        let found = company.store.read(|reader| reader.get::<Invoice>(&record))?;
        if let Some(invoice) = found.map(|it| it.value) {
            let link = InvoiceLink { record_no: invoice.record_no, customer_id: invoice.customer_id, due: invoice.due };
            links.invoices.insert(number.to_owned(), link);
        }
    }
    Ok(links)
}
