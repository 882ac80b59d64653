//! What a person switched off of all that is learned. Each switch is a row of the trail.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::parse_instant;
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchedOff {
    /// Stable from run to run: made of what was learned about, not of what was found.
    pub id: String,
    pub title: String,
    pub at: Timestamp,
    pub by: String,
}

impl Tx<'_> {
    /// Says whether that changed anything.
    pub fn switch_learned(&self, id: &str, title: &str, is_on: bool, reason: &str) -> Result<bool, StoreError> {
        let changed = if is_on {
            self.run("DELETE FROM learned_off WHERE id = ?1", [id])?
        } else {
            self.run(
                "INSERT OR IGNORE INTO learned_off (id, title, at, by) VALUES (?1, ?2, ?3, ?4)",
                params![id, title, self.now, self.actor],
            )?
        };
        if changed == 0 {
            return Ok(false);
        }
        let action = if is_on { "learned, switched on" } else { "learned, switched off" };
        self.audit(NewAuditRow { action, subject: &["learned/", id].concat(), before: "", after: title, reason })?;
        Ok(true)
    }
}

impl Reader<'_> {
    pub(crate) fn is_switched_off(&self, id: &str) -> Result<bool, StoreError> {
        let found = self.one("SELECT EXISTS (SELECT 1 FROM learned_off WHERE id = ?1)", [id], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }

    pub fn learned_off(&self) -> Result<Vec<SwitchedOff>, StoreError> {
        self.all("SELECT id, title, at, by FROM learned_off ORDER BY id", [], |row| {
            Ok(SwitchedOff {
                id: row.get(0)?,
                title: row.get(1)?,
                at: parse_instant(&row.get::<_, String>(2)?)?,
                by: row.get(3)?,
            })
        })
    }
}
