//! Search over numbers, references, names, e-mail addresses and amounts of everything, for the palette.
//!
//! The index is filled from the document log, behind the records, so that a pull does not wait for it.

use crate::records::{object_of, table_of};
use crate::text::sql;
use crate::tx::Reader;
use crate::{Store, StoreError};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tieout_domain::{ExceptionId, ObjectKind, PostingId, RecordRef, SourceId};
use tieout_money::Money;

/// Bits of a search row id that hold the row; the bits above hold the kind.
const ROW_BITS: u32 = 40;
/// Document versions indexed per transaction.
const STEP: i64 = 10_000;
const WATERMARK: &str = "search-indexed-through";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchKind {
    Record(RecordRef),
    Posting(PostingId),
    Exception(ExceptionId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub found: SearchKind,
    pub number: String,
    pub reference: String,
    pub party: String,
    pub amount: Option<Money>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    pub hits: Vec<SearchHit>,
    /// False while newer records still wait to be indexed ([`Store::refresh_search`]).
    pub complete: bool,
}

impl Store {
    /// Indexes what was written since the last time. Call it after a pull; it gives way to other writers in between.
    pub fn refresh_search(&self) -> Result<u64, StoreError> {
        let mut indexed = 0;
        loop {
            let mut writer = self.writer()?;
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = index_some(&transaction)?;
            transaction.commit()?;
            indexed += done;
            if done < STEP as u64 {
                return Ok(indexed);
            }
        }
    }
}

fn watermark(conn: &Connection) -> Result<i64, StoreError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT value FROM app_state WHERE key = ?1")?
        .query_row([WATERMARK], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn index_some(conn: &Connection) -> Result<u64, StoreError> {
    let from = watermark(conn)?;
    let mut statement =
        conn.prepare_cached("SELECT id, object, row_id FROM documents WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let mut rows = statement.query([from, STEP])?;
    let (mut count, mut last) = (0, from);
    while let Some(row) = rows.next()? {
        let (object, row_id): (i64, i64) = (row.get(1)?, row.get(2)?);
        last = row.get(0)?;
        count += 1;
        let Some((table, _)) = object_of(object).and_then(table_of) else { continue };
        conn.prepare_cached(&sql(&[
            "INSERT OR REPLACE INTO search (rowid, number, reference, party, email, amount)
             SELECT ?1, number, reference, party, email, coalesce(amount, '') FROM ",
            table,
            " WHERE id = ?2",
        ]))?
        .execute(params![(object << ROW_BITS) | row_id, row_id])?;
    }
    conn.prepare_cached(
        "INSERT INTO app_state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![WATERMARK, last.to_string()])?;
    Ok(count)
}

/// The longest word beginning that has an index of its own (`prefix` in the schema). Longer ones are merged from all
/// words that begin so, which is slow for a word that stands in every row; see [`Reader::search`].
const PREFIX_LETTERS_MAX: usize = 4;

/// Every run of letters and digits, as the beginning of a word (long ones as the whole word when `is_whole`). An amount
/// is found by its digits (`120.00` as `12000`).
fn match_expression(text: &str, is_whole: bool) -> Option<String> {
    let mut terms: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare: String = word.chars().filter(|letter| *letter != ',').collect();
        let is_amount = bare.contains('.')
            && bare.trim_start_matches('-').chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        if is_amount {
            terms.push(bare.chars().filter(char::is_ascii_digit).collect());
        } else {
            let words = word.split(|letter: char| !letter.is_alphanumeric()).filter(|it| !it.is_empty());
            terms.extend(words.map(str::to_owned));
        }
    }
    // One letter alone would begin half of all words.
    let terms: Vec<String> = terms
        .iter()
        .map(|term| match term.chars().count() {
            0..2 => format!("\"{term}\""),
            length if is_whole && length > PREFIX_LETTERS_MAX => format!("\"{term}\""),
            _ => format!("\"{term}\"*"),
        })
        .collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

impl Reader<'_> {
    pub fn search(&self, text: &str, limit: u32) -> Result<SearchResult, StoreError> {
        let newest = self.one("SELECT max(id) FROM documents", [], |row| row.get::<_, Option<i64>>(0))?.flatten();
        let complete = watermark(self.conn)? >= newest.unwrap_or(0);
        if text.trim().is_empty() {
            return Ok(SearchResult { hits: Vec::new(), complete });
        }
        let mut hits = self.search_decided(text.trim(), limit)?;
        let mut ids = self.search_rows(match_expression(text, true), limit)?;
        if ids.len() < limit as usize {
            ids.extend(self.search_rows(match_expression(text, false), limit)?);
            ids.sort_unstable();
            ids.dedup();
        }
        for id in ids {
            if hits.len() >= limit as usize {
                break;
            }
            if let Some(object) = object_of(id >> ROW_BITS)
                && let Some(hit) = self.hit(object, id & ((1 << ROW_BITS) - 1))?
            {
                hits.push(hit);
            }
        }
        Ok(SearchResult { hits, complete })
    }

    fn search_rows(&self, expression: Option<String>, limit: u32) -> Result<Vec<i64>, StoreError> {
        let Some(expression) = expression else { return Ok(Vec::new()) };
        self.all(
            "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT ?2",
            params![expression, limit],
            |row| Ok(row.get(0)?),
        )
    }

    fn hit(&self, object: ObjectKind, row_id: i64) -> Result<Option<SearchHit>, StoreError> {
        let Some((table, _)) = table_of(object) else { return Ok(None) };
        let text = sql(&[
            "SELECT source, ext_id, number, reference, party, amount, currency FROM ",
            table,
            " WHERE id = ?1 AND deleted_at IS NULL",
        ]);
        let found = self.all(&text, [row_id], |row| {
            let record = RecordRef::new(SourceId(row.get(0)?), object, row.get::<_, String>(1)?);
            Ok(SearchHit {
                found: SearchKind::Record(record),
                number: row.get(2)?,
                reference: row.get(3)?,
                party: row.get(4)?,
                amount: crate::text::money(row.get(5)?, &row.get::<_, String>(6)?)?,
            })
        })?;
        Ok(found.into_iter().next())
    }

    /// Postings by reference and exceptions by subject: few enough to look through.
    fn search_decided(&self, text: &str, limit: u32) -> Result<Vec<SearchHit>, StoreError> {
        let pattern = crate::text::contains_pattern(text);
        let limit = i64::from(limit / 4).max(1);
        let mut hits = self.all(
            "SELECT posting_id, natural_key, party, amount, currency FROM postings
             WHERE natural_key LIKE ?1 ESCAPE '\\' OR posting_id LIKE ?1 ESCAPE '\\' ORDER BY id DESC LIMIT ?2",
            params![pattern, limit],
            |row| {
                Ok(SearchHit {
                    found: SearchKind::Posting(PostingId(row.get(0)?)),
                    number: row.get(1)?,
                    reference: String::new(),
                    party: row.get(2)?,
                    amount: crate::text::money(row.get(3)?, &row.get::<_, String>(4)?)?,
                })
            },
        )?;
        hits.extend(self.all(
            "SELECT exception_id, kind, party, amount, currency FROM exceptions
             WHERE state <> 'resolved' AND party LIKE ?1 ESCAPE '\\' ORDER BY id DESC LIMIT ?2",
            params![pattern, limit],
            |row| {
                Ok(SearchHit {
                    found: SearchKind::Exception(ExceptionId(row.get(0)?)),
                    number: row.get(1)?,
                    reference: String::new(),
                    party: row.get(2)?,
                    amount: crate::text::money(row.get(3)?, &row.get::<_, String>(4)?)?,
                })
            },
        )?);
        Ok(hits)
    }
}
