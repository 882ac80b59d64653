//! Sign-offs of a period, locks of a period.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{Hash, parse_instant, sha256, to_json};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    pub id: i64,
    /// `2026-01`.
    pub period: String,
    /// `preparer` or `reviewer`.
    pub role: String,
    pub by: String,
    pub at: Timestamp,
    /// SHA-256 of the body, hex.
    pub digest: String,
    /// Exactly what was signed.
    pub body: String,
    pub withdrawn_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    /// Approving into the period asks for a reason.
    Soft,
    /// Nothing is approved into the period.
    Hard,
}

impl LockKind {
    pub fn as_str(self) -> &'static str {
        match self {
            LockKind::Soft => "soft",
            LockKind::Hard => "hard",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodLock {
    pub period: String,
    pub kind: LockKind,
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
}

pub(crate) fn sign_off_subject(id: i64) -> String {
    format!("sign-off/{id}")
}

pub(crate) fn sign_off_digest(period: &str, role: &str, by: &str, body: &str) -> Hash {
    sha256(to_json(&(period, role, by, body)).as_bytes())
}

pub(crate) fn lock_subject(period: &str) -> String {
    ["period/", period].concat()
}

pub(crate) fn lock_digest(kind: LockKind, by: &str, reason: &str) -> Hash {
    sha256(to_json(&(kind.as_str(), by, reason)).as_bytes())
}

const COLUMNS: &str = "SELECT id, period, role, by, at, digest, body, withdrawn_at FROM sign_offs ";

impl Tx<'_> {
    /// Gives its number. `why` is told in the trail: an override, one-person mode.
    pub fn sign_off(&self, period: &str, role: &str, body: &str, why: &str) -> Result<i64, StoreError> {
        let digest = crate::text::hex(&sha256(body.as_bytes()));
        self.run(
            "INSERT INTO sign_offs (period, role, by, at, digest, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![period, role, self.actor, self.now, digest, body],
        )?;
        let id = self.conn.last_insert_rowid();
        let content = sign_off_digest(period, role, &self.actor, body);
        let row = NewAuditRow {
            action: "period signed off",
            subject: &sign_off_subject(id),
            before: "",
            after: &format!("{period}, as {role}, digest {digest}"),
            reason: why,
        };
        self.audit_with_content(row, Some(&content))?;
        Ok(id)
    }

    pub fn withdraw_sign_off(&self, id: i64, reason: &str) -> Result<(), StoreError> {
        let changed = self.run(
            "UPDATE sign_offs SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at IS NULL",
            params![id, self.now],
        )?;
        if changed == 0 {
            return Err(StoreError::NotFound { what: format!("a standing sign-off {id}") });
        }
        let row =
            NewAuditRow { action: "sign-off withdrawn", subject: &sign_off_subject(id), reason, ..Default::default() };
        self.audit(row).map(drop)
    }

    pub fn lock_period(&self, period: &str, kind: LockKind, reason: &str) -> Result<(), StoreError> {
        let before = self.period_lock(period)?;
        self.run(
            "INSERT INTO period_locks (period, kind, at, by, reason) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (period) DO UPDATE SET kind = excluded.kind, at = excluded.at, by = excluded.by,
                reason = excluded.reason",
            params![period, kind.as_str(), self.now, self.actor, reason],
        )?;
        let row = NewAuditRow {
            action: "period locked",
            subject: &lock_subject(period),
            before: before.map_or("", |it| it.kind.as_str()),
            after: kind.as_str(),
            reason,
        };
        self.audit_with_content(row, Some(&lock_digest(kind, &self.actor, reason))).map(drop)
    }

    pub fn unlock_period(&self, period: &str, reason: &str) -> Result<(), StoreError> {
        let Some(before) = self.period_lock(period)? else {
            return Err(StoreError::NotFound { what: format!("a lock of {period}") });
        };
        self.run("DELETE FROM period_locks WHERE period = ?1", [period])?;
        let row = NewAuditRow {
            action: "period unlocked",
            subject: &lock_subject(period),
            before: before.kind.as_str(),
            after: "",
            reason,
        };
        self.audit(row).map(drop)
    }
}

impl Reader<'_> {
    /// Oldest first, the withdrawn ones too.
    pub fn sign_offs(&self, period: &str) -> Result<Vec<SignOff>, StoreError> {
        self.all(&crate::text::sql(&[COLUMNS, "WHERE period = ?1 ORDER BY id"]), [period], sign_off)
    }

    pub fn period_locks(&self) -> Result<Vec<PeriodLock>, StoreError> {
        self.all("SELECT period, kind, at, by, reason FROM period_locks ORDER BY period", [], lock)
    }

    pub fn period_lock(&self, period: &str) -> Result<Option<PeriodLock>, StoreError> {
        Ok(self.all("SELECT period, kind, at, by, reason FROM period_locks WHERE period = ?1", [period], lock)?.pop())
    }
}

fn sign_off(row: &Row<'_>) -> Result<SignOff, StoreError> {
    Ok(SignOff {
        id: row.get(0)?,
        period: row.get(1)?,
        role: row.get(2)?,
        by: row.get(3)?,
        at: parse_instant(&row.get::<_, String>(4)?)?,
        digest: row.get(5)?,
        body: row.get(6)?,
        withdrawn_at: row.get::<_, Option<String>>(7)?.as_deref().map(parse_instant).transpose()?,
    })
}

fn lock(row: &Row<'_>) -> Result<PeriodLock, StoreError> {
    let kind = match row.get::<_, String>(1)?.as_str() {
        "soft" => LockKind::Soft,
        _ => LockKind::Hard,
    };
    Ok(PeriodLock {
        period: row.get(0)?,
        kind,
        at: parse_instant(&row.get::<_, String>(2)?)?,
        by: row.get(3)?,
        reason: row.get(4)?,
    })
}
