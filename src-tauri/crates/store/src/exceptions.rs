//! The exceptions that stand now, and those that are resolved. What people attached to one stays with its id.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::text::{from_json, parse_day, parse_instant, sql, to_json};
use crate::tx::{Reader, Tx};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Row, params};
use tieout_domain::{Exception, ExceptionId, Queue, RecordRef};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionStatus {
    Open,
    Snoozed,
    Resolved,
}

impl ExceptionStatus {
    /// Also the `state` of the list's filter.
    pub fn as_str(self) -> &'static str {
        match self {
            ExceptionStatus::Open => "open",
            ExceptionStatus::Snoozed => "snoozed",
            ExceptionStatus::Resolved => "resolved",
        }
    }

    fn parse(text: &str) -> Result<ExceptionStatus, StoreError> {
        [ExceptionStatus::Open, ExceptionStatus::Snoozed, ExceptionStatus::Resolved]
            .into_iter()
            .find(|one| one.as_str() == text)
            .ok_or_else(|| StoreError::damaged(format!("{text:?} is not the state of an exception")))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredException {
    pub id: ExceptionId,
    pub exception: Exception,
    pub status: ExceptionStatus,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub resolved_at: Option<Timestamp>,
    pub snoozed_until: Option<Date>,
    /// Set by a person for a timing item: when it should clear.
    pub expected_on: Option<Date>,
    pub owner: Option<String>,
    pub noted: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExceptionsReport {
    pub added: u32,
    pub still_there: u32,
    pub resolved: u32,
    pub reopened: u32,
}

impl Tx<'_> {
    /// The exceptions of a new run. Known ones keep owner, snooze, notes and first sight; missing ones are resolved;
    /// resolved ones that are back are open again. One audit row for the run.
    pub fn replace_exceptions(&self, exceptions: &[Exception]) -> Result<ExceptionsReport, StoreError> {
        let mut report = ExceptionsReport::default();
        let mut live = std::collections::BTreeSet::new();
        for exception in exceptions {
            let id = exception.id();
            if !live.insert(id.clone()) {
                continue; // two findings with one id are one finding
            }
            match self
                .one("SELECT state FROM exceptions WHERE exception_id = ?1", [&id.0], |row| row.get::<_, String>(0))?
            {
                None => report.added += 1,
                Some(state) if state == ExceptionStatus::Resolved.as_str() => report.reopened += 1,
                Some(_) => report.still_there += 1,
            }
            self.write_exception(&id, exception)?;
        }
        let standing = self.all("SELECT id, exception_id FROM exceptions WHERE state <> 'resolved'", [], |row| {
            Ok((row.get::<_, i64>(0)?, ExceptionId(row.get(1)?)))
        })?;
        for (row, id) in standing {
            if !live.contains(&id) {
                self.run(
                    "UPDATE exceptions SET state = 'resolved', resolved_at = ?2 WHERE id = ?1",
                    params![row, self.now],
                )?;
                report.resolved += 1;
            }
        }
        self.touch(List::Exceptions);
        let after = format!(
            r#"{{"added":{},"still_there":{},"resolved":{},"reopened":{}}}"#,
            report.added, report.still_there, report.resolved, report.reopened
        );
        self.audit(NewAuditRow {
            action: "exceptions found",
            subject: "exceptions",
            after: &after,
            ..Default::default()
        })?;
        Ok(report)
    }

    fn write_exception(&self, id: &ExceptionId, exception: &Exception) -> Result<(), StoreError> {
        let named = exception.records.first().map(ToString::to_string).unwrap_or_default();
        let queue = match exception.kind.queue() {
            Queue::Mismatch => "mismatch",
            Queue::Timing => "timing",
        };
        self.run(
            "INSERT INTO exceptions (exception_id, body, queue, first_seen, last_seen, kind, state, on_day, amount, currency,
                number, reference, party, email, account, customer)
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, 'open', ?6, ?7, ?8, ?9, '', ?10, '', '', '')
             ON CONFLICT (exception_id) DO UPDATE SET body = excluded.body, queue = excluded.queue,
                last_seen = excluded.last_seen, on_day = excluded.on_day, amount = excluded.amount,
                currency = excluded.currency, number = excluded.number, party = excluded.party, resolved_at = NULL,
                state = CASE state WHEN 'resolved' THEN 'open' ELSE state END",
            params![
                id.0,
                to_json(exception),
                queue,
                self.now,
                exception.kind.as_str(),
                exception.on.map(|day| day.to_string()),
                exception.at_stake.map(|amount| amount.minor()),
                exception.at_stake.map_or(String::new(), |amount| amount.currency().code().to_owned()),
                named,
                exception.subject
            ],
        )?;
        let row: i64 = self
            .one("SELECT id FROM exceptions WHERE exception_id = ?1", [&id.0], |row| row.get(0))?
            .ok_or_else(|| StoreError::damaged("an exception vanished while it was written"))?;
        self.run("DELETE FROM exception_records WHERE exception = ?1", [row])?;
        for record in &exception.records {
            self.run(
                "INSERT OR IGNORE INTO exception_records (record, exception) VALUES (?1, ?2)",
                params![record.to_string(), row],
            )?;
        }
        Ok(())
    }

    /// One exception that cannot wait for the next run, which confirms or resolves it.
    pub fn raise_exception(&self, exception: &Exception) -> Result<ExceptionId, StoreError> {
        let id = exception.id();
        self.write_exception(&id, exception)?;
        self.exception_changed("exception raised", &id, "", &exception.why_not)?;
        Ok(id)
    }

    /// `None` wakes it.
    pub fn snooze_exception(&self, id: &ExceptionId, until: Option<Date>) -> Result<(), StoreError> {
        let before = self.exception_needed(id)?.snoozed_until.map(|day| day.to_string()).unwrap_or_default();
        let after = until.map(|day| day.to_string());
        self.run(
            "UPDATE exceptions SET snoozed_until = ?2, state = CASE WHEN state = 'resolved' THEN state
                WHEN ?2 IS NULL THEN 'open' ELSE 'snoozed' END WHERE exception_id = ?1",
            params![id.0, after],
        )?;
        self.exception_changed("exception snoozed", id, &before, after.as_deref().unwrap_or_default())
    }

    pub fn expect_exception(&self, id: &ExceptionId, expected_on: Option<Date>) -> Result<(), StoreError> {
        let before = self.exception_needed(id)?.expected_on.map(|day| day.to_string()).unwrap_or_default();
        let after = expected_on.map(|day| day.to_string());
        self.run("UPDATE exceptions SET expected_on = ?2 WHERE exception_id = ?1", params![id.0, after])?;
        self.exception_changed("exception expected to clear", id, &before, after.as_deref().unwrap_or_default())
    }

    pub fn assign_exception(&self, id: &ExceptionId, owner: Option<&str>) -> Result<(), StoreError> {
        let before = self.exception_needed(id)?.owner.unwrap_or_default();
        self.run("UPDATE exceptions SET owner = ?2 WHERE exception_id = ?1", params![id.0, owner])?;
        self.exception_changed("exception assigned", id, &before, owner.unwrap_or_default())
    }

    /// Wakes what was snoozed until `today` or before.
    pub fn wake_exceptions(&self, today: Date) -> Result<u32, StoreError> {
        let due = self.all(
            "SELECT exception_id FROM exceptions WHERE state = 'snoozed' AND snoozed_until <= ?1",
            [today.to_string()],
            |row| Ok(ExceptionId(row.get(0)?)),
        )?;
        for id in &due {
            self.snooze_exception(id, None)?;
        }
        Ok(due.len() as u32)
    }

    fn exception_needed(&self, id: &ExceptionId) -> Result<StoredException, StoreError> {
        self.exception(id)?.ok_or_else(|| StoreError::NotFound { what: format!("exception {id}") })
    }

    fn exception_changed(&self, action: &str, id: &ExceptionId, before: &str, after: &str) -> Result<(), StoreError> {
        self.touch(List::Exceptions);
        let subject = ["exception/", &id.0].concat();
        self.audit(NewAuditRow { action, subject: &subject, before, after, reason: "" })?;
        Ok(())
    }
}

const COLUMNS: &str = "SELECT e.exception_id, e.body, e.state, e.first_seen, e.last_seen, e.resolved_at, e.snoozed_until, \
    e.expected_on, e.owner, EXISTS (SELECT 1 FROM notes n WHERE n.target = e.exception_id) FROM exceptions e ";

impl Reader<'_> {
    pub fn exception(&self, id: &ExceptionId) -> Result<Option<StoredException>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE e.exception_id = ?1"]), [&id.0], stored_exception)?.pop())
    }

    /// Open and snoozed ones.
    pub fn standing_exceptions(&self) -> Result<Vec<StoredException>, StoreError> {
        self.all(&sql(&[COLUMNS, "WHERE e.state <> 'resolved' ORDER BY e.id"]), [], stored_exception)
    }

    pub fn exceptions_of(&self, record: &RecordRef) -> Result<Vec<StoredException>, StoreError> {
        self.all(
            &sql(&[COLUMNS, "JOIN exception_records r ON r.exception = e.id WHERE r.record = ?1 ORDER BY e.id"]),
            [record.to_string()],
            stored_exception,
        )
    }

    pub(crate) fn exception_by_row(&self, row_id: i64) -> Result<StoredException, StoreError> {
        self.all(&sql(&[COLUMNS, "WHERE e.id = ?1"]), [row_id], stored_exception)?
            .pop()
            .ok_or_else(|| StoreError::NotFound { what: format!("exception row {row_id}") })
    }
}

fn stored_exception(row: &Row<'_>) -> Result<StoredException, StoreError> {
    let day = |column: usize| -> Result<Option<Date>, StoreError> {
        row.get::<_, Option<String>>(column)?.map(|text| parse_day(&text)).transpose()
    };
    Ok(StoredException {
        id: ExceptionId(row.get(0)?),
        exception: from_json("an exception", &row.get::<_, String>(1)?)?,
        status: ExceptionStatus::parse(&row.get::<_, String>(2)?)?,
        first_seen: parse_instant(&row.get::<_, String>(3)?)?,
        last_seen: parse_instant(&row.get::<_, String>(4)?)?,
        resolved_at: row.get::<_, Option<String>>(5)?.map(|text| parse_instant(&text)).transpose()?,
        snoozed_until: day(6)?,
        expected_on: day(7)?,
        owner: row.get(8)?,
        noted: row.get(9)?,
    })
}
