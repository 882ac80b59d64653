//! The paging itself: keyset by RECORDNO, never by offset, and a count at the end. A pull that does not add up
//! is an error, and the caller's watermark stays where it was.

use super::Reader;
use crate::client::Client;
use crate::contract::Contract;
use crate::error::Error;
use crate::query::{Filter, Query, Rows, moment_text, rows_of};
use crate::reply::{self, Asked, Outcome};
use crate::row::{Places, Row};
use crate::xml::{Element, Node};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tieout_domain::{Fetched, RecordRef, Refused, SourceId};
use tieout_money::Currency;

/// One page, in ascending RECORDNO.
#[derive(Debug)]
pub struct Page<T> {
    pub good: Vec<Fetched<T>>,
    pub refused: Vec<Refused>,
    /// Ask again with this as `after`; `None` when this was the last page.
    pub next: Option<u64>,
    /// The latest change seen on this page: material for the next watermark.
    pub changed_through: Option<Timestamp>,
    pub(crate) record_numbers: Vec<u64>,
}

/// What a complete pull of one object came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    pub good: u64,
    pub refused: u64,
    pub pages: u32,
    /// The next watermark, before the overlap is taken off. `None` when nothing was seen: keep the old one.
    pub changed_through: Option<Timestamp>,
}

impl Client {
    /// Records changed at or after `since` (all of them without it) whose RECORDNO is above `after`.
    /// `since` is the caller's watermark minus its overlap.
    pub async fn read_changed<T>(
        &self,
        reader: &Reader<T>,
        since: Option<Timestamp>,
        after: u64,
        page_size: u32,
    ) -> Result<Page<T>, Error> {
        let known = self.fields_of(reader.object).await?;
        let base = self.base_currency().await?;
        let above = Filter::Greater("RECORDNO".into(), after.to_string());
        let filter = Filter::all(self.changed_filter(reader, since).await?.into_iter().chain([above]));
        let fields = known.select(&reader.fields)?;
        let query = Query::new(reader.object).fields(&fields).filter(filter).ascending("RECORDNO").page_size(page_size);
        let company = self.source();
        self.query_with(&query, |rows| {
            let received = rows.rows.len() as u64;
            let expected = rows.total.min(u64::from(page_size));
            if received != expected {
                return Err(Error::Incomplete { object: reader.object.into(), expected, received });
            }
            rows.rows.iter().for_each(|it| self.contract.compare(reader.object, &fields, it));
            page_of(reader, &company, base, &rows, after, &self.contract)
        })
        .await
    }

    /// Every changed record, handed over page by page, and a count at the end. Records that changed while we
    /// read may have slipped in behind us; then the pull runs once more, and the same records come again.
    pub async fn drain<T>(
        &self,
        reader: &Reader<T>,
        since: Option<Timestamp>,
        mut on_page: impl FnMut(Page<T>),
    ) -> Result<Drained, Error> {
        let mut tally = Tally::default();
        loop {
            let mut after = Some(0);
            while let Some(from) = after {
                let page = self.read_changed(reader, since, from, self.config.limits.page_size).await?;
                after = page.next;
                tally.add(&page);
                on_page(page);
            }
            let expected = self.count_changed(reader, since).await?;
            if tally.is_complete(reader.object, expected)? {
                return Ok(tally.drained);
            }
        }
    }

    pub async fn count_changed<T>(&self, reader: &Reader<T>, since: Option<Timestamp>) -> Result<u64, Error> {
        let filter = Filter::all(self.changed_filter(reader, since).await?);
        self.count(reader.object, "RECORDNO", filter).await
    }

    /// The id of every record there is: what the cache has beyond these was deleted in Intacct.
    pub async fn all_keys<T>(&self, reader: &Reader<T>) -> Result<BTreeSet<RecordRef>, Error> {
        let known = self.fields_of(reader.object).await?;
        let mut fields = vec!["RECORDNO".to_owned()];
        fields
            .extend(reader.id_fields.iter().filter(|it| **it != "RECORDNO" && known.has(it)).map(|&it| it.to_owned()));
        let filter = reader.filter.clone().filter(|it| it.is_possible(&known));
        let rows = self.all_rows(reader.object, &fields, filter).await?;
        Ok(rows.iter().map(|node| reader.record(&self.source(), node)).collect())
    }

    /// Every row of a bounded question, complete or an error: for lines, windows and lists that fit in memory.
    pub(crate) async fn all_rows(
        &self,
        object: &str,
        fields: &[String],
        filter: Option<Filter>,
    ) -> Result<Vec<Node>, Error> {
        let size = self.config.limits.page_size;
        let mut passes_left = 2;
        loop {
            passes_left -= 1;
            let mut all: Vec<Node> = Vec::new();
            let mut after = 0;
            loop {
                let above = Filter::Greater("RECORDNO".into(), after.to_string());
                let query = Query::new(object)
                    .fields(fields)
                    .filter(Filter::all(filter.clone().into_iter().chain([above])))
                    .ascending("RECORDNO")
                    .page_size(size);
                let page = self.query(&query).await?;
                for node in &page.rows {
                    self.contract.compare(object, fields, node);
                    after = next_number(object, node, after)?;
                }
                let (received, total) = (page.rows.len() as u64, page.total);
                all.extend(page.rows);
                if received == total {
                    break;
                }
                if received == 0 {
                    return Err(Error::Incomplete { object: object.to_owned(), expected: total, received });
                }
            }
            let received = all.len() as u64;
            if received <= u64::from(size) {
                return Ok(all); // one page, which said itself that it was all
            }
            let expected = self.count(object, "RECORDNO", filter.clone()).await?;
            // A record taken for deleted by mistake would vanish from the books we show: strict both ways.
            if received == expected {
                return Ok(all);
            }
            if passes_left == 0 {
                return Err(Error::Incomplete { object: object.to_owned(), expected, received });
            }
        }
    }

    async fn changed_filter<T>(&self, reader: &Reader<T>, since: Option<Timestamp>) -> Result<Vec<Filter>, Error> {
        let known = self.fields_of(reader.object).await?;
        let changed = reader.changed.iter().find(|it| known.has(it));
        // At or after, never only after: two changes may share a second.
        let since =
            since.zip(changed).map(|(since, field)| Filter::GreaterOrEqual((*field).to_owned(), moment_text(since)));
        Ok(reader.filter.clone().filter(|it| it.is_possible(&known)).into_iter().chain(since).collect())
    }
}

/// The rows of a page as values, each by itself: one that cannot be understood stops nothing.
fn page_of<T>(
    reader: &Reader<T>,
    company: &SourceId,
    base: Currency,
    rows: &Rows<'_>,
    after: u64,
    contract: &Contract,
) -> Result<Page<T>, Error> {
    let mut page =
        Page { good: Vec::new(), refused: Vec::new(), next: None, changed_through: None, record_numbers: Vec::new() };
    let places = Places::default();
    let mut last = after;
    for node in &rows.rows {
        last = next_number(reader.object, node, last)?;
        page.record_numbers.push(last);
        let row = Row { places: Some(&places), ..Row::new(node, base) };
        page.changed_through = page.changed_through.max(row.moment(reader.changed).unwrap_or_default());
        match (reader.parse)(company, &row) {
            Ok(value) => page.good.push(Fetched { value, raw: node.to_xml() }),
            Err(error) => {
                contract.refused(reader.object, &error);
                page.refused.push(Refused {
                    record: reader.record(company, node),
                    reason: error.to_string(),
                    raw: node.to_xml(),
                });
            }
        }
    }
    page.next = (rows.total > rows.rows.len() as u64).then_some(last);
    Ok(page)
}

impl<T> Reader<T> {
    /// A page out of the bytes of a reply to `control_id`: what [`Client::read_changed`] does with what it is sent.
    pub fn page(
        &self,
        company: &SourceId,
        base: Currency,
        reply: &[u8],
        control_id: &str,
        after: u64,
    ) -> Result<Page<T>, Error> {
        match reply::read(reply, 200, Asked::by(control_id))?.outcome {
            Outcome::Done { data, .. } => {
                page_of(self, company, base, &rows_of(self.object, data)?, after, &Contract::default())
            }
            Outcome::Failed { failure, .. } => Err(Error::Refused(failure, None)),
        }
    }
}

/// Keeps count over the pages of one pull.
#[derive(Default)]
pub(super) struct Tally {
    pub drained: Drained,
    seen: BTreeSet<u64>,
    again: bool,
}

impl Tally {
    pub fn add<T>(&mut self, page: &Page<T>) {
        self.drained.pages += 1;
        self.drained.changed_through = self.drained.changed_through.max(page.changed_through);
        self.seen.extend(&page.record_numbers);
        if !self.again {
            self.drained.good += page.good.len() as u64;
            self.drained.refused += page.refused.len() as u64;
        }
    }

    /// Fewer may be left by now: deletions are found by `all_keys`. Too few seen is forgiven once.
    pub fn is_complete(&mut self, object: &str, expected: u64) -> Result<bool, Error> {
        let received = self.seen.len() as u64;
        if received >= expected {
            return Ok(true);
        }
        if std::mem::replace(&mut self.again, true) {
            return Err(Error::Incomplete { object: object.to_owned(), expected, received });
        }
        Ok(false)
    }
}

/// Out of order, a keyset would skip records in silence.
pub(super) fn next_number(object: &str, node: &Element<'_>, last: u64) -> Result<u64, Error> {
    let number = node
        .text_of("RECORDNO")
        .and_then(|it| it.parse::<u64>().ok())
        .ok_or_else(|| Error::Unexpected(format!("a record of {object} has no RECORDNO")))?;
    if number <= last {
        return Err(Error::Unexpected(format!("records of {object} came out of order at RECORDNO {number}")));
    }
    Ok(number)
}
