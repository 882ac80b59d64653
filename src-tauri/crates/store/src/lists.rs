//! Long lists for the screens: the part that is visible, of any sort and filter, at any length.

use crate::audit::{AuditFilter, AuditRow};
use crate::records::{CachedRecord, RecordRow, table_of};
use crate::text::{contains_pattern, sql};
use crate::tx::Reader;
use crate::{PostingSummary, StoreError, StoredException, StoredMatch};
use jiff::civil::Date;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use std::sync::Arc;
use tieout_domain::{MatchId, ObjectKind, SourceId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    Records(ObjectKind),
    Postings,
    Exceptions,
    Matches,
    /// Matches, each as often as it takes lines on the Match screen.
    MatchLines,
    Audit,
    Notes,
}

/// Rows `position..position + rows.len()` of a list that has `total` rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<T> {
    pub total: u32,
    pub position: u32,
    pub rows: Vec<T>,
}

/// Whether a record is part of a live match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    Open,
    Suggested,
    Settled,
}

/// Conditions joined by "and"; an empty one holds for every row. What the columns mean for each kind of record is
/// said beside it in `records/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowFilter {
    /// Stands in the number, reference, party, e-mail address or account; letter case does not count.
    pub text: Option<String>,
    /// One of these, where any are given.
    pub kinds: Vec<String>,
    pub states: Vec<String>,
    pub currency: Option<String>,
    pub account: Option<String>,
    pub customer: Option<String>,
    pub number: Option<String>,
    pub reference: Option<String>,
    /// Records only.
    pub source: Option<SourceId>,
    /// First and last day, both included.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// In minor units, both included, signed.
    pub amount_min: Option<i64>,
    pub amount_max: Option<i64>,
    /// Records only.
    pub placement: Option<Placement>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// The order in which Tieout first saw them.
    #[default]
    FirstSeen,
    Date,
    Amount,
    Number,
    Reference,
    Party,
    Kind,
    State,
    Account,
    /// Matches only: certainty; elsewhere as `FirstSeen`.
    Score,
}

/// Ties are broken by first seen, in the same direction, so a list has one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListQuery {
    pub filter: RowFilter,
    pub sort: SortBy,
    pub descending: bool,
}

impl ListQuery {
    pub(crate) fn is_everything(&self) -> bool {
        *self == ListQuery::default()
    }

    pub fn kinds(kinds: &[&str]) -> ListQuery {
        ListQuery {
            filter: RowFilter { kinds: kinds.iter().map(|it| (*it).to_owned()).collect(), ..RowFilter::default() },
            ..ListQuery::default()
        }
    }

    pub fn states(states: &[&str]) -> ListQuery {
        ListQuery {
            filter: RowFilter { states: states.iter().map(|it| (*it).to_owned()).collect(), ..RowFilter::default() },
            ..ListQuery::default()
        }
    }
}

fn table_name(list: List) -> Result<&'static str, StoreError> {
    match list {
        List::Records(object) => table_of(object)
            .map(|(table, _)| table)
            .ok_or_else(|| StoreError::NotFound { what: format!("a list of {}", object.as_str()) }),
        List::Postings => Ok("postings"),
        List::Exceptions => Ok("exceptions"),
        List::Matches | List::MatchLines => Ok("matches"),
        List::Audit | List::Notes => Err(StoreError::NotFound { what: "a ranked list of that name".into() }),
    }
}

struct Select {
    sql: Vec<&'static str>,
    values: Vec<Value>,
}

impl Select {
    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.sql.push(condition);
        self.values.push(value.into());
    }

    fn and_one_of(&mut self, start: &'static str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        self.sql.push(start);
        for (index, value) in values.iter().enumerate() {
            self.sql.push(if index == 0 { "?" } else { ", ?" });
            self.values.push(Value::Text(value.clone()));
        }
        self.sql.push(")");
    }
}

fn select(list: List, what: &'static str, query: &ListQuery) -> Result<Select, StoreError> {
    let is_records = matches!(list, List::Records(_));
    let mut select = Select { sql: vec!["SELECT ", what, " FROM ", table_name(list)?], values: Vec::new() };
    select.sql.push(if is_records { " WHERE deleted_at IS NULL" } else { " WHERE TRUE" });
    let filter = &query.filter;
    if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
        select.and(
            " AND number || ' ' || reference || ' ' || party || ' ' || email || ' ' || account LIKE ? ESCAPE '\\'",
            contains_pattern(text),
        );
    }
    select.and_one_of(" AND kind IN (", &filter.kinds);
    select.and_one_of(" AND state IN (", &filter.states);
    for (condition, value) in [
        (" AND currency = ?", &filter.currency),
        (" AND account = ?", &filter.account),
        (" AND customer = ?", &filter.customer),
        (" AND number = ?", &filter.number),
        (" AND reference = ?", &filter.reference),
    ] {
        if let Some(value) = value {
            select.and(condition, value.clone());
        }
    }
    if let (true, Some(source)) = (is_records, &filter.source) {
        select.and(" AND source = ?", source.0.clone());
    }
    if let Some(day) = filter.from {
        select.and(" AND on_day >= ?", day.to_string());
    }
    if let Some(day) = filter.to {
        select.and(" AND on_day <= ?", day.to_string());
    }
    if let Some(minor) = filter.amount_min {
        select.and(" AND amount >= ?", minor);
    }
    if let Some(minor) = filter.amount_max {
        select.and(" AND amount <= ?", minor);
    }
    Ok(select)
}

fn order_by(list: List, query: &ListQuery) -> &'static str {
    match (query.sort, query.descending) {
        (SortBy::Date, false) => " ORDER BY on_day, id",
        (SortBy::Date, true) => " ORDER BY on_day DESC, id DESC",
        (SortBy::Amount, false) => " ORDER BY amount, id",
        (SortBy::Amount, true) => " ORDER BY amount DESC, id DESC",
        (SortBy::Number, false) => " ORDER BY number, id",
        (SortBy::Number, true) => " ORDER BY number DESC, id DESC",
        (SortBy::Reference, false) => " ORDER BY reference, id",
        (SortBy::Reference, true) => " ORDER BY reference DESC, id DESC",
        (SortBy::Party, false) => " ORDER BY party, id",
        (SortBy::Party, true) => " ORDER BY party DESC, id DESC",
        (SortBy::Kind, false) => " ORDER BY kind, id",
        (SortBy::Kind, true) => " ORDER BY kind DESC, id DESC",
        (SortBy::State, false) => " ORDER BY state, id",
        (SortBy::State, true) => " ORDER BY state DESC, id DESC",
        (SortBy::Account, false) => " ORDER BY account, id",
        (SortBy::Account, true) => " ORDER BY account DESC, id DESC",
        (SortBy::Score, false) if matches!(list, List::Matches | List::MatchLines) => " ORDER BY score, id",
        (SortBy::Score, true) if matches!(list, List::Matches | List::MatchLines) => " ORDER BY score DESC, id DESC",
        (SortBy::FirstSeen | SortBy::Score, false) => " ORDER BY id",
        (SortBy::FirstSeen | SortBy::Score, true) => " ORDER BY id DESC",
    }
}

impl Reader<'_> {
    /// Row ids of a list in its order.
    pub(crate) fn ids(&self, list: List, query: &ListQuery) -> Result<Arc<Vec<u32>>, StoreError> {
        if let Some(ids) = self.ranks.as_ref().and_then(|(ranks, versions)| ranks.find(versions, list, query)) {
            return Ok(ids);
        }
        let ids = Arc::new(self.rank(list, query)?);
        if let Some((ranks, versions)) = &self.ranks {
            ranks.keep(versions, list, query, Arc::clone(&ids));
        }
        Ok(ids)
    }

    fn rank(&self, list: List, query: &ListQuery) -> Result<Vec<u32>, StoreError> {
        let placed = match (list, query.filter.placement) {
            (List::Records(object), Some(placement)) => Some((placement, self.placed(object)?)),
            _ => None,
        };
        let is_lines = list == List::MatchLines;
        let mut select = select(list, if is_lines { "id, lines" } else { "id" }, query)?;
        select.sql.push(order_by(list, query));
        let mut statement = self.conn.prepare_cached(&sql(&select.sql))?;
        let mut rows = statement.query(params_from_iter(select.values))?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?; // row ids count up from 1; four billion rows do not fit one file
            if placed.as_ref().is_some_and(|(wanted, placed)| placed.of(id) != *wanted) {
                continue;
            }
            let times = if is_lines { row.get::<_, u32>(1)? } else { 1 };
            ids.extend(std::iter::repeat_n(id, times as usize));
        }
        Ok(ids)
    }

    /// The ids of one window. The very start of an unfiltered list is read straight from its index, so that the first
    /// paint after a start does not wait for a rank.
    fn window_ids(
        &self,
        list: List,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<(u32, Vec<u32>), StoreError> {
        let known = self.ranks.as_ref().and_then(|(ranks, versions)| ranks.find(versions, list, query));
        if known.is_none() && position == 0 && list != List::MatchLines && query.filter == RowFilter::default() {
            let count = sql(&select(list, "count(*)", query)?.sql);
            let total = self.one(&count, [], |row| row.get(0))?.unwrap_or(0);
            let mut select = select(list, "id", query)?;
            select.sql.extend([order_by(list, query), " LIMIT ?"]);
            let rows = self.all(&sql(&select.sql), [limit], |row| Ok(row.get(0)?))?;
            return Ok((total, rows));
        }
        let ids = match known {
            Some(ids) => ids,
            None => self.ids(list, query)?,
        };
        let window = ids.iter().skip(position as usize).take(limit as usize).copied().collect();
        Ok((ids.len() as u32, window))
    }

    pub(crate) fn window_of<T>(
        &self,
        list: List,
        query: &ListQuery,
        position: u32,
        limit: u32,
        mut row: impl FnMut(i64) -> Result<T, StoreError>,
    ) -> Result<Window<T>, StoreError> {
        let (total, ids) = self.window_ids(list, query, position, limit)?;
        let rows = ids.into_iter().map(|id| row(i64::from(id))).collect::<Result<_, _>>()?;
        Ok(Window { total, position, rows })
    }

    /// Orders, payments, receipts, settlement rows, invoices, GL lines and the rest.
    pub fn window<T: CachedRecord>(
        &self,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<Window<RecordRow<T>>, StoreError> {
        self.window_of(List::Records(T::OBJECT), query, position, limit, |id| {
            let stored = self.by_row_id::<T>(id)?;
            let record = stored.value.record().to_string();
            Ok(RecordRow {
                value: stored.value,
                version: stored.version,
                matched: self.match_of_text(&record)?,
                noted: self.is_noted(&record)?,
            })
        })
    }

    pub fn postings_window(
        &self,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<Window<PostingSummary>, StoreError> {
        self.window_of(List::Postings, query, position, limit, |id| self.posting_summary(id))
    }

    pub fn exceptions_window(
        &self,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<Window<StoredException>, StoreError> {
        self.window_of(List::Exceptions, query, position, limit, |id| self.exception_by_row(id))
    }

    pub fn matches_window(
        &self,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<Window<StoredMatch>, StoreError> {
        self.window_of(List::Matches, query, position, limit, |id| self.match_by_row(id))
    }

    /// Lines of the Match screen: each match as often as its longer side has records. Gives the match and the
    /// 0-based line within it.
    pub fn match_lines_window(
        &self,
        query: &ListQuery,
        position: u32,
        limit: u32,
    ) -> Result<Window<crate::MatchLine>, StoreError> {
        let ids = self.ids(List::MatchLines, query)?;
        let start = (position as usize).min(ids.len());
        let end = (start + limit as usize).min(ids.len());
        let mut rows: Vec<crate::MatchLine> = Vec::with_capacity(end - start);
        for at in start..end {
            let line = match rows.last() {
                Some(last) if ids[at] == ids[at - 1] => {
                    crate::MatchLine { group: Arc::clone(&last.group), line: last.line + 1 }
                }
                _ => {
                    let before = ids[..at].iter().rev().take_while(|id| **id == ids[at]).count();
                    crate::MatchLine { group: Arc::new(self.match_by_row(i64::from(ids[at]))?), line: before as u32 }
                }
            };
            rows.push(line);
        }
        Ok(Window { total: ids.len() as u32, position, rows })
    }

    /// Newest first.
    pub fn audit_window(
        &self,
        filter: &AuditFilter,
        position: u32,
        limit: u32,
    ) -> Result<Window<AuditRow>, StoreError> {
        if filter.is_empty() {
            // Numbers have no gaps: the position is the number.
            let newest = self.audit_head()?.seq;
            let rows = self.audit_page(filter, Some((newest + 1).saturating_sub(u64::from(position))), limit)?;
            return Ok(Window { total: newest as u32, position, rows });
        }
        let seqs = self.audit_seqs(filter)?;
        let page = seqs.iter().skip(position as usize).take(limit as usize);
        let rows = page.filter_map(|seq| self.audit_by_seq(*seq).transpose()).collect::<Result<_, _>>()?;
        Ok(Window { total: seqs.len() as u32, position, rows })
    }

    fn placed(&self, object: ObjectKind) -> Result<Placed, StoreError> {
        let Some((_, code)) = table_of(object) else { return Ok(Placed(Vec::new())) };
        let mut placed = Placed(Vec::new());
        let mut statement = self.conn.prepare_cached(
            "SELECT m.row_id, t.state FROM match_members m JOIN matches t ON t.id = m.match
             WHERE m.object = ?1 AND m.row_id IS NOT NULL",
        )?;
        let mut rows = statement.query([code])?;
        while let Some(row) = rows.next()? {
            let id = row.get::<_, u32>(0)? as usize;
            if placed.0.len() <= id {
                placed.0.resize(id + 1, Placement::Open);
            }
            let suggested = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? == "suggested";
            placed.0[id] = if suggested { Placement::Suggested } else { Placement::Settled };
        }
        Ok(placed)
    }
}

/// By row id.
struct Placed(Vec<Placement>);

impl Placed {
    fn of(&self, id: u32) -> Placement {
        self.0.get(id as usize).copied().unwrap_or(Placement::Open)
    }
}

impl Reader<'_> {
    /// The match a record is part of, and whether it is settled.
    pub(crate) fn match_of_text(&self, record: &str) -> Result<Option<(MatchId, bool)>, StoreError> {
        self.one(
            "SELECT t.match_id, t.state <> 'suggested' FROM match_members m JOIN matches t ON t.id = m.match WHERE m.record = ?1",
            [record],
            |row| Ok((MatchId(row.get(0)?), row.get(1)?)),
        )
    }
}
