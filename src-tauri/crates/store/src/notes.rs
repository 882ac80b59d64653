//! Notes people write on exceptions, matches and records.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::text::parse_instant;
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: i64,
    /// The id of an exception or match, or the text of a record.
    pub target: String,
    pub at: Timestamp,
    pub by: String,
    pub text: String,
}

impl Tx<'_> {
    pub fn add_note(&self, target: &str, text: &str) -> Result<i64, StoreError> {
        self.run(
            "INSERT INTO notes (target, at, by, text) VALUES (?1, ?2, ?3, ?4)",
            params![target, self.now, self.actor, text],
        )?;
        let id = self.conn.last_insert_rowid();
        self.touch(List::Notes);
        self.audit(NewAuditRow { action: "note added", subject: target, after: text, ..Default::default() })?;
        Ok(id)
    }

    /// For undo; the audit trail keeps what it said.
    pub fn remove_note(&self, id: i64) -> Result<(), StoreError> {
        let note = self.one("SELECT target, text FROM notes WHERE id = ?1", [id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let Some((target, text)) = note else { return Ok(()) };
        self.run("DELETE FROM notes WHERE id = ?1", [id])?;
        self.touch(List::Notes);
        self.audit(NewAuditRow { action: "note removed", subject: &target, before: &text, ..Default::default() })?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Oldest first.
    pub fn notes(&self, target: &str) -> Result<Vec<Note>, StoreError> {
        self.all("SELECT id, target, at, by, text FROM notes WHERE target = ?1 ORDER BY id", [target], |row| {
            Ok(Note {
                id: row.get(0)?,
                target: row.get(1)?,
                at: parse_instant(&row.get::<_, String>(2)?)?,
                by: row.get(3)?,
                text: row.get(4)?,
            })
        })
    }

    pub(crate) fn is_noted(&self, target: &str) -> Result<bool, StoreError> {
        let found = self.one("SELECT EXISTS (SELECT 1 FROM notes WHERE target = ?1)", [target], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }
}
