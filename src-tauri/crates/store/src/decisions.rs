//! What people decided, in the order they did, with an undo stack that survives restarts.
//!
//! The store keeps the stack; what a decision means, and how its inverse is carried out, is the caller's, in the
//! same transaction.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{Hash, parse_instant, sha256, sql};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};

#[derive(Clone, Copy, Debug)]
pub struct NewDecision<'a> {
    /// `match`, `unmatch`, `split`, `write-off`, `timing`, `note`...
    pub kind: &'a str,
    /// What the undo log shows: `Matched #10482 with RCP-7731`.
    pub title: &'a str,
    /// JSON: whatever is needed to apply it again and to take it back.
    pub subject: &'a str,
    pub reason: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub id: i64,
    pub kind: String,
    pub title: String,
    pub subject: String,
    pub at: Timestamp,
    pub by: String,
    pub undone: bool,
}

pub(crate) fn decision_digest(kind: &str, subject: &str, by: &str, undone: bool) -> Hash {
    sha256(crate::text::to_json(&(kind, subject, by, undone)).as_bytes())
}

pub(crate) fn decision_subject(id: i64) -> String {
    ["decision/", &id.to_string()].concat()
}

impl Tx<'_> {
    /// Puts a decision on top of the stack. What was undone before can then not be redone any more.
    pub fn decide(&self, decision: &NewDecision<'_>) -> Result<i64, StoreError> {
        self.run("UPDATE decisions SET dropped = 1 WHERE undone = 1 AND dropped = 0", [])?;
        self.run(
            "INSERT INTO decisions (kind, title, subject, at, by) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![decision.kind, decision.title, decision.subject, self.now, self.actor],
        )?;
        let id = self.conn.last_insert_rowid();
        self.audit_with_content(
            NewAuditRow {
                action: "decided",
                subject: &decision_subject(id),
                before: "",
                after: &[decision.title, "\n", decision.subject].concat(),
                reason: decision.reason,
            },
            Some(&decision_digest(decision.kind, decision.subject, &self.actor, false)),
        )?;
        Ok(id)
    }

    /// Marks the newest standing decision as undone and gives it, for the caller to take back.
    pub fn undo(&self) -> Result<Option<Decision>, StoreError> {
        self.undo_where(|_, _| Ok(true))
    }

    /// The newest one for which it is true; what has nothing left to take back is passed over and stands.
    pub fn undo_where(
        &self,
        wanted: impl Fn(&Reader<'_>, &Decision) -> Result<bool, StoreError>,
    ) -> Result<Option<Decision>, StoreError> {
        self.flip(self.next_undo_where(wanted)?, true, "undone")
    }

    /// Marks the decision that was undone last as standing again and gives it, for the caller to apply again.
    pub fn redo(&self) -> Result<Option<Decision>, StoreError> {
        self.flip(self.next_redo()?, false, "redone")
    }

    fn flip(&self, decision: Option<Decision>, undone: bool, action: &str) -> Result<Option<Decision>, StoreError> {
        let Some(mut decision) = decision else { return Ok(None) };
        self.run("UPDATE decisions SET undone = ?2 WHERE id = ?1", params![decision.id, undone])?;
        decision.undone = undone;
        self.audit_with_content(
            NewAuditRow {
                action,
                subject: &decision_subject(decision.id),
                before: "",
                after: &decision.title,
                reason: "",
            },
            Some(&decision_digest(&decision.kind, &decision.subject, &decision.by, undone)),
        )?;
        Ok(Some(decision))
    }
}

const COLUMNS: &str = "SELECT id, kind, title, subject, at, by, undone FROM decisions ";

impl Reader<'_> {
    /// What undo would take back.
    pub fn next_undo(&self) -> Result<Option<Decision>, StoreError> {
        self.next_undo_where(|_, _| Ok(true))
    }

    pub fn next_undo_where(
        &self,
        wanted: impl Fn(&Reader<'_>, &Decision) -> Result<bool, StoreError>,
    ) -> Result<Option<Decision>, StoreError> {
        let before = sql(&[COLUMNS, "WHERE undone = 0 AND id < ?1 ORDER BY id DESC LIMIT 1"]);
        let mut at = i64::MAX;
        while let Some(found) = self.all(&before, [at], decision)?.pop() {
            if wanted(self, &found)? {
                return Ok(Some(found));
            }
            at = found.id;
        }
        Ok(None)
    }

    pub fn next_redo(&self) -> Result<Option<Decision>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE undone = 1 AND dropped = 0 ORDER BY id LIMIT 1"]), [], decision)?.pop())
    }

    /// Standing decisions of a kind, oldest first.
    pub fn decisions(&self, kind: &str) -> Result<Vec<Decision>, StoreError> {
        self.all(&sql(&[COLUMNS, "WHERE kind = ?1 AND undone = 0 ORDER BY id"]), [kind], decision)
    }

    /// The undo log, newest first.
    pub fn decision_log(&self, limit: u32) -> Result<Vec<Decision>, StoreError> {
        self.all(&sql(&[COLUMNS, "ORDER BY id DESC LIMIT ?1"]), [limit], decision)
    }
}

fn decision(row: &Row<'_>) -> Result<Decision, StoreError> {
    Ok(Decision {
        id: row.get(0)?,
        kind: row.get(1)?,
        title: row.get(2)?,
        subject: row.get(3)?,
        at: parse_instant(&row.get::<_, String>(4)?)?,
        by: row.get(5)?,
        undone: row.get(6)?,
    })
}
