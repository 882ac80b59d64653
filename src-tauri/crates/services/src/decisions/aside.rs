//! What waits for a day: timing items (right on both sides, in different periods) and what is out of sight for now.

use super::board::Board;
use super::change::{decide, parsed};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tieout_domain::{ExceptionId, RecordRef};
use tieout_store::{Decision, ExceptionStatus, Reader, StoreError, Tx};

const TIMING: &str = "timing";
const SNOOZE: &str = "snooze";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsideKind {
    /// Expected to clear on the day.
    Timing,
    /// Out of sight until the day.
    Snoozed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    pub kind: AsideKind,
    pub until: Date,
}

/// What both kinds of decision keep. The exceptions are those that stood on the targets then.
#[derive(Serialize, Deserialize)]
struct SetAside {
    targets: Vec<String>,
    until: Date,
    /// With the day each had before.
    exceptions: Vec<(ExceptionId, Option<Date>)>,
}

/// Matches, records and exceptions by id. An exception on a target waits with it.
pub fn set_aside(
    company: &Company,
    board: Option<&Board>,
    by: &str,
    targets: &[String],
    what: Aside,
    title: &str,
) -> Result<(), ServiceError> {
    let name = match what.kind {
        AsideKind::Timing => TIMING,
        AsideKind::Snoozed => SNOOZE,
    };
    company.store.write(by, company.now(), |tx| {
        let mut exceptions = Vec::new();
        for target in targets {
            for it in standing_exceptions_of(tx, board, target)? {
                let before = if what.kind == AsideKind::Timing { it.expected_on } else { it.snoozed_until };
                exceptions.push((it.id, before));
            }
        }
        let subject = SetAside { targets: targets.to_vec(), until: what.until, exceptions };
        apply(tx, name, &subject, false)?;
        decide(tx, name, title, &subject, "")
    })?;
    Ok(())
}

/// The exceptions that stand on a match's members, on a record, or the one named.
pub fn standing_exceptions_of(
    reader: &Reader<'_>,
    board: Option<&Board>,
    target: &str,
) -> Result<Vec<tieout_store::StoredException>, StoreError> {
    let mut found = Vec::new();
    if let Some(it) = reader.exception(&ExceptionId(target.to_owned()))? {
        found.push(it);
    } else {
        let members: Vec<RecordRef> = match board.and_then(|it| it.group(target)) {
            Some(group) => group.members().cloned().collect(),
            None => target.parse().into_iter().collect(),
        };
        for record in members {
            for it in reader.exceptions_of(&record)? {
                if !found.iter().any(|other: &tieout_store::StoredException| other.id == it.id) {
                    found.push(it);
                }
            }
        }
    }
    found.retain(|it| it.status != ExceptionStatus::Resolved);
    Ok(found)
}

fn apply(tx: &Tx<'_>, kind: &str, subject: &SetAside, back: bool) -> Result<(), StoreError> {
    for (id, before) in &subject.exceptions {
        let day = if back { *before } else { Some(subject.until) };
        if kind == TIMING {
            tx.expect_exception(id, day)?;
        } else {
            tx.snooze_exception(id, day)?;
        }
    }
    Ok(())
}

pub(super) fn carry_out(tx: &Tx<'_>, kind: &str, decision: &Decision) -> Result<bool, StoreError> {
    if kind != TIMING && kind != SNOOZE {
        return Ok(false);
    }
    apply(tx, kind, &parsed(decision)?, decision.undone)?;
    Ok(true)
}

/// What still waits today, by target; the newest decision counts, and a day that has come brings it back.
pub(super) fn standing(reader: &Reader<'_>, today: Date) -> Result<BTreeMap<String, Aside>, StoreError> {
    let mut all: Vec<(Decision, AsideKind)> = Vec::new();
    all.extend(reader.decisions(TIMING)?.into_iter().map(|it| (it, AsideKind::Timing)));
    all.extend(reader.decisions(SNOOZE)?.into_iter().map(|it| (it, AsideKind::Snoozed)));
    all.sort_by_key(|(it, _)| it.id);
    let mut asides = BTreeMap::new();
    for (decision, kind) in all {
        let subject: SetAside = parsed(&decision)?;
        for target in subject.targets {
            asides.insert(target, Aside { kind, until: subject.until });
        }
    }
    asides.retain(|_, it| match it.kind {
        AsideKind::Timing => it.until >= today,
        AsideKind::Snoozed => it.until > today,
    });
    Ok(asides)
}
