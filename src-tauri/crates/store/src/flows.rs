//! Writes to the store on their way, and what each run of a flow came to. What a write says is text here: its words are
//! those of the crate `flows`. The letters are in `letters.rs`.

use crate::audit::NewAuditRow;
use crate::text::{instant, parse_instant, sql};
use crate::tx::{Reader, Tx};
use crate::{Store, StoreError};
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRun {
    pub id: i64,
    pub flow: String,
    pub started: Timestamp,
    /// `None` while it runs, or when it was killed.
    pub ended: Option<Timestamp>,
    /// Its counts, as JSON.
    pub body: String,
    pub problem: Option<String>,
}

/// A write as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlowWrite {
    /// Its place at the store.
    pub key: String,
    pub title: String,
    pub body: String,
    pub fingerprint: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFlowWrite {
    pub id: i64,
    pub key: String,
    pub flow: String,
    pub run: i64,
    pub title: String,
    pub body: String,
    pub fingerprint: String,
    pub state: String,
    pub state_body: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowLogEntry {
    pub at: Timestamp,
    pub event: String,
    pub text: String,
}

/// A state as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct FlowState<'a> {
    pub name: &'a str,
    pub body: &'a str,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedReport {
    /// New, or other than before.
    pub added: u32,
    /// Planned or approved before, word for word.
    pub kept: u32,
    /// Not planned any more, or not so.
    pub dropped: u32,
    /// Left out: a write of the same place is under way.
    pub under_way: u32,
}

/// May still be sent.
const OPEN: &str = "('planned', 'approved', 'sending', 'in-doubt')";

impl Tx<'_> {
    /// The plan of a flow whole: what is not planned any more is dropped, approvals of other content with it. What is
    /// under way stays, and nothing else is planned for its place.
    pub fn replace_flow_plan(
        &self,
        flow: &str,
        run: i64,
        plan: &[NewFlowWrite],
        planned: FlowState<'_>,
        stale: FlowState<'_>,
    ) -> Result<PlannedReport, StoreError> {
        let mut report = PlannedReport::default();
        let standing: BTreeMap<String, (i64, String, String)> = self
            .all(
                &sql(&[
                    "SELECT write_key, id, fingerprint, state FROM flow_writes WHERE flow = ?1 AND state IN ",
                    OPEN,
                ]),
                [flow],
                |row| Ok((row.get::<_, String>(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))),
            )?
            .into_iter()
            .collect();
        let mut kept: BTreeSet<i64> = BTreeSet::new();
        let mut new = Vec::new();
        for write in plan {
            match standing.get(&write.key) {
                Some((id, _, state)) if is_under_way(state) => {
                    kept.insert(*id);
                    report.under_way += 1;
                }
                Some((id, print, _)) if *print == write.fingerprint => {
                    kept.insert(*id);
                    report.kept += 1;
                }
                _ => new.push(write),
            }
        }
        for (id, _, state) in standing.values() {
            if !kept.contains(id) && !is_under_way(state) {
                self.run(
                    "UPDATE flow_writes SET state = ?2, state_body = ?3, changed_at = ?4 WHERE id = ?1",
                    params![id, stale.name, stale.body, self.now],
                )?;
                report.dropped += 1;
            }
        }
        for write in new {
            self.insert_flow_write(flow, run, write, planned)?;
            report.added += 1;
        }
        if report.added + report.dropped > 0 {
            self.audit(NewAuditRow {
                action: "flow planned",
                subject: &["flow/", flow].concat(),
                after: &format!("{} new, {} as before, {} dropped", report.added, report.kept, report.dropped),
                ..Default::default()
            })?;
        }
        Ok(report)
    }

    /// One write beside the plan: what a person sends again or takes back. Whatever is planned for its place is dropped.
    pub fn add_flow_write(
        &self,
        flow: &str,
        run: i64,
        write: &NewFlowWrite,
        state: FlowState<'_>,
        stale: FlowState<'_>,
    ) -> Result<i64, StoreError> {
        let standing = self.all(
            &sql(&["SELECT id, state FROM flow_writes WHERE write_key = ?1 AND state IN ", OPEN]),
            [&write.key],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
        )?;
        for (id, found) in standing {
            if is_under_way(&found) {
                return Err(StoreError::NotFound {
                    what: format!("a free place: write {id} of {} is under way", write.key),
                });
            }
            self.run(
                "UPDATE flow_writes SET state = ?2, state_body = ?3, changed_at = ?4 WHERE id = ?1",
                params![id, stale.name, stale.body, self.now],
            )?;
        }
        let id = self.insert_flow_write(flow, run, write, state)?;
        self.audit(NewAuditRow {
            action: "flow write added",
            subject: &write.key,
            after: &write.body,
            ..Default::default()
        })?;
        Ok(id)
    }

    fn insert_flow_write(
        &self,
        flow: &str,
        run: i64,
        write: &NewFlowWrite,
        state: FlowState<'_>,
    ) -> Result<i64, StoreError> {
        self.run(
            "INSERT INTO flow_writes (write_key, flow, run, title, body, fingerprint, state, state_body, created_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
            params![write.key, flow, run, write.title, write.body, write.fingerprint, state.name, state.body, self.now],
        )?;
        Ok(self.conn.last_insert_rowid())
    }

    /// One step of one write. Refused when it is not in the state the caller has read.
    pub fn step_flow_write(
        &self,
        write: &StoredFlowWrite,
        to: FlowState<'_>,
        event: &str,
        text: &str,
    ) -> Result<(), StoreError> {
        let changed = self.run(
            "UPDATE flow_writes SET state = ?3, state_body = ?4, changed_at = ?5 WHERE id = ?1 AND state_body = ?2",
            params![write.id, write.state_body, to.name, to.body, self.now],
        )?;
        if changed == 0 {
            return Err(StoreError::NotFound { what: format!("write {} as it was read; it has moved on", write.id) });
        }
        self.insert_flow_log(write.id, event, text)?;
        self.audit(NewAuditRow {
            action: "flow write moved",
            subject: &write.key,
            before: &write.state_body,
            after: to.body,
            reason: text,
        })?;
        Ok(())
    }

    /// What was answered or seen, without a step.
    pub fn log_flow_write(&self, write: &StoredFlowWrite, event: &str, text: &str) -> Result<(), StoreError> {
        self.insert_flow_log(write.id, event, text)?;
        self.audit(NewAuditRow {
            action: "flow write answered",
            subject: &write.key,
            after: text,
            reason: event,
            ..Default::default()
        })?;
        Ok(())
    }

    fn insert_flow_log(&self, write: i64, event: &str, text: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO flow_write_log (write, at, event, text) VALUES (?1, ?2, ?3, ?4)",
            params![write, self.now, event, text],
        )?;
        Ok(())
    }
}

fn is_under_way(state: &str) -> bool {
    matches!(state, "sending" | "in-doubt")
}

impl Store {
    pub fn start_flow_run(&self, flow: &str, started: Timestamp) -> Result<i64, StoreError> {
        let writer = self.writer()?;
        writer
            .execute("INSERT INTO flow_runs (flow, started, body) VALUES (?1, ?2, '{}')", [flow, &instant(started)])?;
        Ok(writer.last_insert_rowid())
    }

    pub fn end_flow_run(&self, id: i64, ended: Timestamp, body: &str, problem: Option<&str>) -> Result<(), StoreError> {
        self.writer()?.execute(
            "UPDATE flow_runs SET ended = ?2, body = ?3, problem = ?4 WHERE id = ?1",
            params![id, instant(ended), body, problem],
        )?;
        Ok(())
    }
}

const RUNS: &str = "SELECT id, flow, started, ended, body, problem FROM flow_runs ";
const WRITES: &str = "SELECT id, write_key, flow, run, title, body, fingerprint, state, state_body, created_at, changed_at \
     FROM flow_writes ";

impl Reader<'_> {
    /// Newest first.
    pub fn flow_runs(&self, flow: &str, limit: u32) -> Result<Vec<FlowRun>, StoreError> {
        self.all(&sql(&[RUNS, "WHERE flow = ?1 ORDER BY id DESC LIMIT ?2"]), params![flow, limit], flow_run)
    }

    /// The last that ended without a problem.
    pub fn last_good_flow_run(&self, flow: &str) -> Result<Option<FlowRun>, StoreError> {
        let text = sql(&[RUNS, "WHERE flow = ?1 AND ended IS NOT NULL AND problem IS NULL ORDER BY id DESC LIMIT 1"]);
        Ok(self.all(&text, [flow], flow_run)?.pop())
    }

    /// In the order they were planned.
    pub fn flow_writes_in(&self, flow: &str, states: &[&str]) -> Result<Vec<StoredFlowWrite>, StoreError> {
        let mut found = Vec::new();
        for state in states {
            found.extend(self.all(
                &sql(&[WRITES, "WHERE flow = ?1 AND state = ?2 ORDER BY id"]),
                [flow, *state],
                flow_write,
            )?);
        }
        found.sort_by_key(|it: &StoredFlowWrite| it.id);
        Ok(found)
    }

    pub fn flow_write(&self, id: i64) -> Result<Option<StoredFlowWrite>, StoreError> {
        Ok(self.all(&sql(&[WRITES, "WHERE id = ?1"]), [id], flow_write)?.pop())
    }

    /// All writes of a run, settled ones too.
    pub fn flow_writes_of_run(&self, run: i64) -> Result<Vec<StoredFlowWrite>, StoreError> {
        self.all(&sql(&[WRITES, "WHERE run = ?1 ORDER BY id"]), [run], flow_write)
    }

    /// The newest write of a place, whatever became of it.
    pub fn last_flow_write(&self, key: &str) -> Result<Option<StoredFlowWrite>, StoreError> {
        Ok(self.all(&sql(&[WRITES, "WHERE write_key = ?1 ORDER BY id DESC LIMIT 1"]), [key], flow_write)?.pop())
    }

    pub fn flow_write_counts(&self, flow: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows =
            self.all("SELECT state, count(*) FROM flow_writes WHERE flow = ?1 GROUP BY state", [flow], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
        Ok(rows.into_iter().collect())
    }

    /// Oldest first.
    pub fn flow_write_log(&self, write: i64) -> Result<Vec<FlowLogEntry>, StoreError> {
        self.all("SELECT at, event, text FROM flow_write_log WHERE write = ?1 ORDER BY id", [write], |row| {
            Ok(FlowLogEntry { at: parse_instant(&row.get::<_, String>(0)?)?, event: row.get(1)?, text: row.get(2)? })
        })
    }
}

fn flow_run(row: &Row<'_>) -> Result<FlowRun, StoreError> {
    Ok(FlowRun {
        id: row.get(0)?,
        flow: row.get(1)?,
        started: parse_instant(&row.get::<_, String>(2)?)?,
        ended: row.get::<_, Option<String>>(3)?.map(|text| parse_instant(&text)).transpose()?,
        body: row.get(4)?,
        problem: row.get(5)?,
    })
}

fn flow_write(row: &Row<'_>) -> Result<StoredFlowWrite, StoreError> {
    Ok(StoredFlowWrite {
        id: row.get(0)?,
        key: row.get(1)?,
        flow: row.get(2)?,
        run: row.get(3)?,
        title: row.get(4)?,
        body: row.get(5)?,
        fingerprint: row.get(6)?,
        state: row.get(7)?,
        state_body: row.get(8)?,
        created_at: parse_instant(&row.get::<_, String>(9)?)?,
        changed_at: parse_instant(&row.get::<_, String>(10)?)?,
    })
}
