//! Closing a period: what is signed, whether it still stands, and the locks.
//!
//! A sign-off signs a text that lists every figure, record and approval of the period. The same text made again later is
//! compared with it line by line: one other line, and the sign-off is suspended, with what changed.

use crate::certificate::{Evidence, evidence};
use crate::company::Company;
use crate::control;
use crate::error::ServiceError;
use crate::proof::ProofRows;
use serde::Serialize;
use std::collections::BTreeMap;
use tieout_domain::{Fingerprint, Period};
use tieout_planning::Role;
use tieout_store::{LockKind, SignOff};

/// What changed since, at most so many lines; the count says how many there are.
const CHANGES_SHOWN: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignOffState {
    pub id: i64,
    pub role: String,
    pub by: String,
    pub at: jiff::Timestamp,
    pub digest: String,
    /// The period is no longer what was signed.
    pub suspended: bool,
    pub changes: Vec<Change>,
    pub changes_total: usize,
}

/// One line of what was signed, then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub what: String,
    /// Empty: it was not there.
    pub then: String,
    /// Empty: it is gone.
    pub now: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CloseState {
    pub period: String,
    /// Of the period as it is now.
    pub digest: String,
    /// How the rules stand: one person, or roles.
    pub mode: &'static str,
    pub sign_offs: Vec<SignOffState>,
    pub lock: Option<LockState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LockState {
    pub hard: bool,
    pub by: String,
    pub at: jiff::Timestamp,
    pub reason: String,
}

pub(crate) fn body(evidence: &Evidence, period: &Period) -> String {
    let mut text = format!("tieout sign-off of {period}\n");
    let mut line = |words: &[&str]| {
        // A tab or a line break inside a name must not make two lines of one.
        let words: Vec<String> = words.iter().map(|it| it.replace(['\t', '\n', '\r'], " ")).collect();
        text.push_str(&words.join("\t"));
        text.push('\n');
    };
    for it in &evidence.accounts {
        let key = format!("account {} {}", it.account, it.currency);
        for (name, amount) in [
            ("opening", &it.opening),
            ("additions", &it.additions),
            ("clearances", &it.clearances),
            ("closing", &it.closing),
            ("store", &it.store),
            ("timing", &it.timing),
            ("variance", &it.variance),
            ("exceptions of the store", &it.exceptions_store),
            ("exceptions of the ledger", &it.exceptions_ledger),
            ("unexplained", &it.unexplained),
        ] {
            line(&[&format!("{key}, {name}"), amount]);
        }
    }
    for it in &evidence.lines {
        line(&[&format!("ledger line {}", it.record), &it.on, &it.amount, &it.sha256[..16]]);
    }
    for it in &evidence.records {
        let leg = if it.leg.is_empty() { String::new() } else { format!(", {}", it.leg) };
        line(&[&format!("record {}{leg} on {}", it.record, it.account), &it.on, &it.amount, it.placed, &it.of]);
    }
    for it in &evidence.outside {
        line(&[&format!("outside {}{}", it.record, it.leg), &it.on, &it.amount, it.why]);
    }
    for it in &evidence.approvals {
        line(&[
            &format!("entry {}", it.posting),
            &it.on,
            &it.amount,
            &it.fingerprint[..16],
            &it.state,
            &it.approved_by,
        ]);
    }
    text
}

fn now(company: &Company, period: &Period) -> Result<String, ServiceError> {
    let rows = ProofRows::read(company)?;
    Ok(body(&evidence(company, &rows, period)?, period))
}

pub(crate) fn digest_of(body: &str) -> String {
    Fingerprint::of_bytes(body.as_bytes()).to_string()
}

fn parsed(period: &str) -> Result<Period, ServiceError> {
    period.parse().map_err(|_| ServiceError::BadInput {
        field: "period",
        value: period.to_owned(),
        why: "write it as YYYY-MM".into(),
    })
}

/// `role` is preparer or reviewer. Where the rules keep them apart, a reviewer signs what somebody else prepared, and
/// only what stands prepared.
pub fn sign_off(
    company: &Company,
    by: &str,
    period: &str,
    role: Role,
    override_reason: &str,
) -> Result<CloseState, ServiceError> {
    let period = parsed(period)?;
    let (settings, _) = company.settings()?;
    control::require(&settings.control, by, role)?;
    let text = now(company, &period)?;
    let mut why = settings.control.words().to_owned();
    if role == Role::Reviewer && !settings.control.is_one_person() {
        let all = company.store.read(|reader| reader.sign_offs(&period.to_string()))?;
        let digest = digest_of(&text);
        let stands = |it: &&SignOff| it.withdrawn_at.is_none() && it.role == "preparer" && it.digest == digest;
        let prepared: Vec<&SignOff> = all.iter().filter(stands).collect();
        let against = if prepared.is_empty() {
            Some(format!("{period} as it is now is not signed by a preparer"))
        } else if settings.control.separate && prepared.iter().all(|it| it.by == by) {
            Some(format!("{by} prepared {period} and may not review it"))
        } else {
            None
        };
        if let Some(against) = against {
            if override_reason.trim().is_empty() {
                return Err(ServiceError::NotAllowed { why: against });
            }
            why = format!("{against}; passed over because: {override_reason}");
        }
    }
    company.store.write(by, company.now(), |tx| tx.sign_off(&period.to_string(), role.as_str(), &text, &why))?;
    close_state(company, &period.to_string())
}

pub fn withdraw_sign_off(company: &Company, by: &str, id: i64, reason: &str) -> Result<(), ServiceError> {
    needs_reason(reason)?;
    Ok(company.store.write(by, company.now(), |tx| tx.withdraw_sign_off(id, reason))?)
}

pub fn lock_period(
    company: &Company,
    by: &str,
    period: &str,
    kind: LockKind,
    reason: &str,
) -> Result<(), ServiceError> {
    let period = parsed(period)?;
    needs_reason(reason)?;
    control::require(&company.settings()?.0.control, by, Role::Reviewer)?;
    Ok(company.store.write(by, company.now(), |tx| tx.lock_period(&period.to_string(), kind, reason))?)
}

/// With a reason; where people have roles, a hard lock is opened by another person than the one who closed it.
pub fn unlock_period(company: &Company, by: &str, period: &str, reason: &str) -> Result<(), ServiceError> {
    let period = parsed(period)?;
    needs_reason(reason)?;
    let control = company.settings()?.0.control;
    control::require(&control, by, Role::Reviewer)?;
    let lock = company.store.read(|reader| reader.period_lock(&period.to_string()))?;
    let own = lock.is_some_and(|it| it.kind == LockKind::Hard && it.by == by);
    if own && control.separate && !control.is_one_person() {
        let why = format!("{by} locked {period} hard; another reviewer has to unlock it");
        return Err(ServiceError::NotAllowed { why });
    }
    Ok(company.store.write(by, company.now(), |tx| tx.unlock_period(&period.to_string(), reason))?)
}

fn needs_reason(reason: &str) -> Result<(), ServiceError> {
    if reason.trim().is_empty() {
        let why = "say why in a few words; it is kept in the audit trail".into();
        return Err(ServiceError::BadInput { field: "reason", value: String::new(), why });
    }
    Ok(())
}

pub fn close_state(company: &Company, period: &str) -> Result<CloseState, ServiceError> {
    let period = parsed(period)?;
    let (settings, _) = company.settings()?;
    let (all, lock) = company.store.read(|reader| {
        Ok::<_, tieout_store::StoreError>((
            reader.sign_offs(&period.to_string())?,
            reader.period_lock(&period.to_string())?,
        ))
    })?;
    let text = now(company, &period)?;
    let digest = digest_of(&text);
    let standing = all.into_iter().filter(|it| it.withdrawn_at.is_none());
    let sign_offs = standing.map(|it| {
        let changes = if it.digest == digest { Vec::new() } else { changes(&it.body, &text) };
        SignOffState {
            id: it.id,
            role: it.role,
            by: it.by,
            at: it.at,
            suspended: it.digest != digest,
            digest: it.digest,
            changes_total: changes.len(),
            changes: changes.into_iter().take(CHANGES_SHOWN).collect(),
        }
    });
    Ok(CloseState {
        period: period.to_string(),
        mode: settings.control.words(),
        sign_offs: sign_offs.collect(),
        lock: lock.map(|it| LockState { hard: it.kind == LockKind::Hard, by: it.by, at: it.at, reason: it.reason }),
        digest,
    })
}

/// By what each line speaks of; figures first, as they stand first in the text.
fn changes(then: &str, now: &str) -> Vec<Change> {
    let by_key = |text: &'_ str| -> BTreeMap<String, (usize, String)> {
        let lines = text.lines().enumerate().filter_map(|(at, line)| {
            let (key, rest) = line.split_once('\t')?;
            Some((key.to_owned(), (at, rest.replace('\t', ", "))))
        });
        lines.collect()
    };
    let (then, now) = (by_key(then), by_key(now));
    let mut all: Vec<(usize, Change)> = Vec::new();
    for (key, (at, before)) in &then {
        let after = now.get(key).map(|it| it.1.clone()).unwrap_or_default();
        if *before != after {
            all.push((*at, Change { what: key.clone(), then: before.clone(), now: after }));
        }
    }
    let new = now.iter().filter(|(key, _)| !then.contains_key(*key));
    all.extend(
        new.map(|(key, (at, after))| (*at, Change { what: key.clone(), then: String::new(), now: after.clone() })),
    );
    all.sort_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_by_what_it_speaks_of() {
        let then = "tieout sign-off of 2026-01\naccount 1210 USD, closing\t5.00\nrecord a\t2026-01-02\t5.00\nrecord b\t2026-01-03\t1.00\n";
        let now = "tieout sign-off of 2026-01\naccount 1210 USD, closing\t6.00\nrecord a\t2026-01-02\t6.00\nrecord c\t2026-01-03\t1.00\n";
        let change =
            |what: &str, then: &str, now: &str| Change { what: what.into(), then: then.into(), now: now.into() };
        assert_eq!(
            changes(then, now),
            [
                change("account 1210 USD, closing", "5.00", "6.00"),
                change("record a", "2026-01-02, 5.00", "2026-01-02, 6.00"),
                change("record b", "2026-01-03, 1.00", ""),
                change("record c", "", "2026-01-03, 1.00"),
            ]
        );
        assert!(changes(then, then).is_empty());
    }
}
