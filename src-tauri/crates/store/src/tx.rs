//! What can be done inside one read or one change. The methods live beside the tables they speak of.

use crate::StoreError;
use crate::audit::{self, AuditHead, NewAuditRow};
use crate::lists::List;
use crate::ranks::{Ranks, Versions};
use crate::text::{Hash, instant};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;

/// One consistent look at the data.
pub struct Reader<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) ranks: Option<(&'a Ranks, Versions)>,
}

/// One change in the making. Reads see what it has done so far.
pub struct Tx<'a> {
    reader: Reader<'a>,
    pub(crate) actor: String,
    pub(crate) at: Timestamp,
    /// `at` as it is stored.
    pub(crate) now: String,
    head: Cell<AuditHead>,
    audited: Cell<u32>,
    touched: RefCell<BTreeSet<List>>,
    pub(crate) next_document: Cell<Option<i64>>,
}

impl<'a> Deref for Tx<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a Connection, actor: &str, at: Timestamp) -> Result<Tx<'a>, StoreError> {
        Ok(Tx {
            reader: Reader { conn, ranks: None },
            actor: actor.to_owned(),
            at,
            now: instant(at),
            head: Cell::new(audit::head(conn)?),
            audited: Cell::new(0),
            touched: RefCell::default(),
            next_document: Cell::new(None),
        })
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }

    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Appends one row to the trail. Every method that changes something calls this itself; callers add rows for
    /// what happens outside the database (an export, a sign-in).
    pub fn audit(&self, row: NewAuditRow<'_>) -> Result<u64, StoreError> {
        self.audit_with_content(row, None)
    }

    /// `content` is the digest of the row that changed, as `verify_contents` will compute it again.
    pub(crate) fn audit_with_content(&self, row: NewAuditRow<'_>, content: Option<&Hash>) -> Result<u64, StoreError> {
        let head = audit::append(self.conn, self.head.get(), &self.now, &self.actor, row, content)?;
        self.head.set(head);
        self.audited.set(self.audited.get() + 1);
        Ok(head.seq)
    }

    /// The number the next audit row will have.
    pub(crate) fn next_audit_seq(&self) -> u64 {
        self.head.get().seq + 1
    }

    pub(crate) fn touch(&self, list: List) {
        self.touched.borrow_mut().insert(list);
    }

    pub(crate) fn finish(&self) -> Result<BTreeSet<List>, StoreError> {
        let mut touched = self.touched.take();
        if self.audited.get() == 0 {
            if !touched.is_empty() {
                return Err(StoreError::Unaudited);
            }
        } else {
            touched.insert(List::Audit);
        }
        Ok(touched)
    }
}

impl Reader<'_> {
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    pub(crate) fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, StoreError> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }
}
