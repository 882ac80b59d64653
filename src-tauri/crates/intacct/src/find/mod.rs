//! Looking a document up by its natural key, in every place the key was written, and comparing what is there
//! field by field. This, and no answer to a request, decides whether something is posted.

#[cfg(test)]
mod balance;
mod compare;
mod places;

use crate::client::Client;
use crate::error::Error;
use crate::query::{Filter, MAX_IN};
use crate::read::Reader;
use crate::read::receipts::{batch_state, receipt_state};
use crate::row::Row;
use crate::write::bears;
use crate::xml::Node;
use compare::Comparison;
use places::{Lines, Place, place_of};
use tieout_domain::{Document, IntacctRecordNo, ReceiptState, SalesDocument};

/// Something different from what was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    pub field: String,
    pub expected: String,
    pub found: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundState {
    /// In the ledger (for a sales order: there).
    Posted,
    /// Written, waiting for an approval inside Intacct; its own word for it.
    Awaiting(String),
    Draft,
    Reversed,
    /// A word this version does not know.
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub record: IntacctRecordNo,
    pub state: FoundState,
    /// Empty: field by field what was approved.
    pub differences: Vec<FieldDifference>,
}

impl Client {
    /// Every record that carries the document's natural key. More than one is a duplicate and a person's case.
    pub async fn find(&self, document: &Document) -> Result<Vec<Found>, Error> {
        let key = document.natural_key().0;
        let place = place_of(document);
        let known = self.fields_of(place.object).await?;
        let exact = place.exact.iter().filter(|it| known.has(it)).map(|it| Filter::equal(it, place.exact_value(&key)));
        let within = place.within.iter().filter(|it| known.has(it)).map(|it| Filter::contains(it, &key));
        let Some(filter) = Filter::any(exact.chain(within)) else {
            return Err(Error::NoPlaceForKey { what: place.object, key });
        };
        let filter = Filter::all(place.only.clone().filter(|it| it.is_possible(&known)).into_iter().chain([filter]));
        let rows = self.all_rows(place.object, &known.select(&place.fields)?, filter).await?;
        let mut found = Vec::new();
        for node in rows.iter().filter(|it| place.holds_key(it, &key)) {
            found.push(self.found(document, &place, node).await?);
        }
        if let Document::ReceiptReversal(reversal) = document {
            // Only a reversed receipt shows that it was reversed; a mere mention of the key does not.
            found.retain(|it| it.record.0 != reversal.record_no || it.state == FoundState::Reversed);
            if found.is_empty() {
                let receipt = self.read_back(document, &IntacctRecordNo(reversal.record_no.clone())).await?;
                found.extend(receipt.filter(|it| it.state == FoundState::Reversed));
            }
        }
        Ok(found)
    }

    /// The record as it is now, compared with the document. `None` when it is not there.
    pub async fn read_back(&self, document: &Document, record: &IntacctRecordNo) -> Result<Option<Found>, Error> {
        let place = place_of(document);
        let known = self.fields_of(place.object).await?;
        // Order documents answer with their DOCID, everything else with RECORDNO.
        let by_number = record.0.bytes().all(|it| it.is_ascii_digit());
        let field = if place.object == "SODOCUMENT" && !by_number { "DOCID" } else { "RECORDNO" };
        let filter = Filter::equal(field, record.0.as_str());
        let rows = self.all_rows(place.object, &known.select(&place.fields)?, Some(filter)).await?;
        match rows.first() {
            Some(node) => Ok(Some(self.found(document, &place, node).await?)),
            None => Ok(None),
        }
    }

    async fn found(&self, document: &Document, place: &Place, node: &Node) -> Result<Found, Error> {
        let base = self.base_currency().await?;
        let row = Row::new(node, base);
        let number = node.text_of("RECORDNO").unwrap_or_default().to_owned();
        let record = match place.object {
            "SODOCUMENT" => node.text_of("DOCID").unwrap_or(&number).to_owned(),
            _ => number.clone(),
        };
        let mut comparison = Comparison::new(row);
        comparison.header(document);
        if let Some(lines) = &place.lines {
            let parent = match lines.parent_field {
                "DOCHDRID" => record.as_str(),
                _ => number.as_str(),
            };
            if let Some(rows) = self.lines(lines, parent).await? {
                comparison.lines(document, &rows, base);
            }
        }
        if let (Document::CashReceipt(receipt), Some(rows)) = (document, self.applications(&number, document).await?) {
            comparison.applications(receipt, &rows, &self.invoice_numbers(&rows).await?, base);
        }
        Ok(Found { record: IntacctRecordNo(record), state: state_of(place, &row), differences: comparison.differences })
    }

    /// `None` where this company does not show them: then the header must do.
    async fn lines(&self, lines: &Lines, parent: &str) -> Result<Option<Vec<Node>>, Error> {
        let known = self.fields_of(lines.object).await?;
        if !known.has(lines.parent_field) {
            return Ok(None);
        }
        let filter = Filter::equal(lines.parent_field, parent);
        self.all_rows(lines.object, &known.select(&lines.fields)?, Some(filter)).await.map(Some)
    }

    async fn applications(&self, number: &str, document: &Document) -> Result<Option<Vec<Node>>, Error> {
        if !matches!(document, Document::CashReceipt(_)) {
            return Ok(None);
        }
        // UNVERIFIED: that ARPYMTDETAIL shows PAYMENTKEY; without it the header must do.
        self.lines(&places::APPLICATIONS, number).await
    }

    /// The numbers of the invoices that were paid, by RECORDNO.
    async fn invoice_numbers(&self, details: &[Node]) -> Result<Vec<Node>, Error> {
        let keys: Vec<String> =
            details.iter().filter_map(|it| it.text_of("RECORDKEY").map(str::to_owned)).take(MAX_IN).collect();
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let fields = ["RECORDNO", "RECORDID"].map(str::to_owned);
        self.all_rows("ARINVOICE", &fields, Some(Filter::one_of("RECORDNO", keys))).await
    }
}

impl Place {
    fn holds_key(&self, node: &Node, key: &str) -> bool {
        self.exact.iter().any(|field| node.text_of(field) == Some(self.exact_value(key).as_str()))
            || self.within.iter().any(|field| node.text_of(field).is_some_and(|text| bears(text, key)))
    }
}

fn state_of(place: &Place, row: &Row<'_>) -> FoundState {
    let word = row.text(&["STATE"]);
    if place.object == "SODOCUMENT" {
        return match word.to_lowercase().as_str() {
            "i" | "draft" => FoundState::Draft,
            "s" | "submitted" => FoundState::Awaiting(word),
            "r" | "declined" => FoundState::Unknown(word),
            _ => FoundState::Posted,
        };
    }
    let state = if place.object == "GLBATCH" { batch_state(&word) } else { receipt_state(&word) };
    match state {
        ReceiptState::Posted => FoundState::Posted,
        ReceiptState::Reversed => FoundState::Reversed,
        ReceiptState::NotPosted(word) if matches!(word.to_lowercase().as_str(), "d" | "i" | "draft") => {
            FoundState::Draft
        }
        ReceiptState::NotPosted(word) => FoundState::Awaiting(word),
        ReceiptState::Unknown(word) => FoundState::Unknown(word),
    }
}

/// For the caller that keeps what it found: the sales document as the cache knows it.
impl Client {
    pub async fn sales_document(&self, doc_id: &str) -> Result<Option<SalesDocument>, Error> {
        let reader: Reader<SalesDocument> = crate::read::sales::sales_documents();
        let fields = self.fields_of(reader.object).await?.select(&reader.fields)?;
        let rows = self.all_rows(reader.object, &fields, Some(Filter::equal("DOCID", doc_id))).await?;
        let base = self.base_currency().await?;
        Ok(rows.first().and_then(|node| (reader.parse)(&self.source(), &Row::new(node, base)).ok()))
    }
}
