//! The dead-letter queue: what could not be carried, one letter a place, with the document as it came. A person's own
//! version of it stands beside, never in its place.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{parse_instant, sql};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter<'a> {
    pub key: &'a str,
    pub flow: &'a str,
    pub cause: &'a str,
    pub title: &'a str,
    pub why: &'a str,
    pub raw: &'a str,
    pub write: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLetter {
    pub id: i64,
    pub key: String,
    pub flow: String,
    pub cause: String,
    pub title: String,
    pub why: String,
    pub raw: String,
    pub edited: Option<String>,
    pub write: Option<i64>,
    /// `open`, `closed`, `healed`, `replayed`.
    pub state: String,
    /// How often it came to this anew.
    pub times: u32,
    /// Of whoever closed, edited or replayed it.
    pub reason: String,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
}

impl Tx<'_> {
    /// Parks a record. What a person closed stays closed while it says the same.
    pub fn put_letter(&self, letter: &NewLetter<'_>) -> Result<(), StoreError> {
        let known = self.letter_of(letter.key)?;
        if let Some(known) = &known {
            let same = known.cause == letter.cause && known.why == letter.why;
            let stands = known.state == "closed"
                || (known.state == "open" && known.raw == letter.raw && known.write == letter.write);
            if same && stands {
                return Ok(());
            }
        }
        // Another document is not what the person's version was made of.
        self.run(
            "INSERT INTO flow_letters (letter_key, flow, cause, title, why, raw, write, state, times, reason, first_seen, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open', 1, '', ?8, ?8)
             ON CONFLICT (letter_key) DO UPDATE SET cause = excluded.cause, title = excluded.title, why = excluded.why,
                raw = excluded.raw, edited = NULL, write = excluded.write, state = 'open', times = times + 1, reason = '',
                last_seen = excluded.last_seen",
            params![letter.key, letter.flow, letter.cause, letter.title, letter.why, letter.raw, letter.write, self.now],
        )?;
        self.audit(NewAuditRow {
            action: "letter parked",
            subject: letter.key,
            before: known.as_ref().map_or("", |it| &it.why),
            after: letter.why,
            reason: letter.cause,
        })?;
        Ok(())
    }

    /// Closes the open letters of a flow whose cause is gone: a record that is not parked again, a write whose place is
    /// as it should be and not `differing`. Gives how many.
    pub fn heal_letters(
        &self,
        flow: &str,
        parked: &BTreeSet<String>,
        differing: &BTreeSet<String>,
    ) -> Result<u32, StoreError> {
        let open = self.letters(Some(flow), &["open", "replayed"])?;
        let mut healed = 0;
        let stays = |it: &StoredLetter| parked.contains(&it.key) || (it.write.is_some() && differing.contains(&it.key));
        for letter in open.iter().filter(|it| !stays(it)) {
            self.step_letter(letter, "healed", "the next run found it sound")?;
            healed += 1;
        }
        Ok(healed)
    }

    /// `state` is one of the table's.
    pub fn step_letter(&self, letter: &StoredLetter, state: &str, reason: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE flow_letters SET state = ?2, reason = ?3, last_seen = ?4 WHERE id = ?1",
            params![letter.id, state, reason, self.now],
        )?;
        self.audit(NewAuditRow {
            action: "letter moved",
            subject: &letter.key,
            before: &letter.state,
            after: state,
            reason,
        })?;
        Ok(())
    }

    /// `None` takes the person's version back.
    pub fn edit_letter(&self, letter: &StoredLetter, edited: Option<&str>, reason: &str) -> Result<(), StoreError> {
        self.run("UPDATE flow_letters SET edited = ?2 WHERE id = ?1", params![letter.id, edited])?;
        self.audit(NewAuditRow {
            action: "letter edited",
            subject: &letter.key,
            before: letter.edited.as_deref().unwrap_or(&letter.raw),
            after: edited.unwrap_or(&letter.raw),
            reason,
        })?;
        Ok(())
    }
}

const LETTERS: &str = "SELECT id, letter_key, flow, cause, title, why, raw, edited, write, state, times, reason, first_seen, \
     last_seen FROM flow_letters ";

impl Reader<'_> {
    /// In the order they were parked first.
    pub fn letters(&self, flow: Option<&str>, states: &[&str]) -> Result<Vec<StoredLetter>, StoreError> {
        let mut found = Vec::new();
        for state in states {
            found.extend(self.all(
                &sql(&[LETTERS, "WHERE state = ?1 AND (?2 IS NULL OR flow = ?2) ORDER BY id"]),
                params![state, flow],
                letter,
            )?);
        }
        found.sort_by_key(|it: &StoredLetter| it.id);
        Ok(found)
    }

    pub fn letter(&self, id: i64) -> Result<Option<StoredLetter>, StoreError> {
        Ok(self.all(&sql(&[LETTERS, "WHERE id = ?1"]), [id], letter)?.pop())
    }

    pub fn letter_of(&self, key: &str) -> Result<Option<StoredLetter>, StoreError> {
        Ok(self.all(&sql(&[LETTERS, "WHERE letter_key = ?1"]), [key], letter)?.pop())
    }
}

fn letter(row: &Row<'_>) -> Result<StoredLetter, StoreError> {
    Ok(StoredLetter {
        id: row.get(0)?,
        key: row.get(1)?,
        flow: row.get(2)?,
        cause: row.get(3)?,
        title: row.get(4)?,
        why: row.get(5)?,
        raw: row.get(6)?,
        edited: row.get(7)?,
        write: row.get(8)?,
        state: row.get(9)?,
        times: row.get(10)?,
        reason: row.get(11)?,
        first_seen: parse_instant(&row.get::<_, String>(12)?)?,
        last_seen: parse_instant(&row.get::<_, String>(13)?)?,
    })
}
