//! What can be done inside one read or one change. The methods live beside the tables they speak of.

use crate::StoreError;
use crate::audit::{self, AuditHead, NewAuditRow, Writer};
use crate::lists::List;
use crate::ranks::{Ranks, Versions};
use crate::text::{Hash, instant, parse_instant};
use jiff::{SignedDuration, Timestamp};
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
    zone: String,
    rule: RefCell<String>,
    head: Cell<AuditHead>,
    /// When the newest row of the changes before says it was written; until this change has a row of its own.
    last_at: RefCell<Option<String>>,
    written: RefCell<Vec<AuditHead>>,
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
    pub(crate) fn new(conn: &'a Connection, actor: &str, at: Timestamp, zone: &str) -> Result<Tx<'a>, StoreError> {
        let (head, last_at) = audit::end(conn)?;
        let rule = conn
            .prepare_cached("SELECT max(version) FROM settings")?
            .query_row([], |row| row.get::<_, Option<u32>>(0))?
            .map_or_else(String::new, |version| format!("settings/{version}"));
        Ok(Tx {
            reader: Reader { conn, ranks: None },
            actor: actor.to_owned(),
            at,
            now: instant(at),
            zone: zone.to_owned(),
            rule: RefCell::new(rule),
            head: Cell::new(head),
            last_at: RefCell::new(last_at),
            written: RefCell::default(),
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
        self.note_the_clock()?;
        self.append(row, content)
    }

    /// Before the first row of a change.
    fn note_the_clock(&self) -> Result<(), StoreError> {
        if let Some(last) = self.last_at.take()
            && let Some(action) = jump(parse_instant(&last)?, self.at)
        {
            let row = NewAuditRow { action, subject: "clock", before: &last, after: &self.now, ..Default::default() };
            self.append(row, None)?;
        }
        Ok(())
    }

    fn append(&self, row: NewAuditRow<'_>, content: Option<&Hash>) -> Result<u64, StoreError> {
        let rule = self.rule.borrow();
        let writer = Writer { now: &self.now, actor: &self.actor, zone: &self.zone, rule: &rule };
        let head = audit::append(self.conn, self.head.get(), &writer, row, content)?;
        self.head.set(head);
        self.written.borrow_mut().push(head);
        Ok(head.seq)
    }

    /// From here on these rules are in force.
    pub(crate) fn ruled_by(&self, settings_version: u32) {
        *self.rule.borrow_mut() = format!("settings/{settings_version}");
    }

    /// The number the next audit row will have.
    pub(crate) fn next_audit_seq(&self) -> Result<u64, StoreError> {
        self.note_the_clock()?;
        Ok(self.head.get().seq + 1)
    }

    pub(crate) fn touch(&self, list: List) {
        self.touched.borrow_mut().insert(list);
    }

    /// The lists it touched, and the audit rows it wrote.
    pub(crate) fn finish(&self) -> Result<(BTreeSet<List>, Vec<AuditHead>), StoreError> {
        let (mut touched, written) = (self.touched.take(), self.written.take());
        if written.is_empty() {
            if !touched.is_empty() {
                return Err(StoreError::Unaudited);
            }
        } else {
            touched.insert(List::Audit);
        }
        Ok((touched, written))
    }
}

/// Clocks of one computer drift and are corrected by minutes.
const BACK_AT_MOST: SignedDuration = SignedDuration::from_mins(10);
/// Books are looked at once a year at least.
const AHEAD_AT_MOST: SignedDuration = SignedDuration::from_hours(24 * 400);

/// The trail is in order of its numbers, whatever the clock says; where the clock cannot be right, the trail says so.
fn jump(last: Timestamp, now: Timestamp) -> Option<&'static str> {
    let passed = now.duration_since(last);
    if passed < -BACK_AT_MOST {
        return Some("clock moved back");
    }
    (passed > AHEAD_AT_MOST).then_some("clock moved ahead")
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

#[cfg(test)]
mod tests {
    use crate::lists::List;
    use crate::{Store, StoreError};
    use jiff::Timestamp;

    #[test]
    fn a_change_without_an_audit_row_is_rolled_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
        let unaudited = store.write("ann", Timestamp::UNIX_EPOCH, |tx| {
            tx.run("INSERT INTO notes (target, at, by, text) VALUES ('m', '', 'ann', 'unseen')", [])?;
            tx.touch(List::Matches);
            Ok::<_, StoreError>(())
        });
        assert!(matches!(unaudited, Err(StoreError::Unaudited)));
        let left = store.read(|reader| reader.notes("m")).unwrap();
        assert!(left.is_empty(), "{left:?}");
    }
}
