//! Who may approve, sign and lock, held against what the trail says they prepared. This is below every way to ask: the
//! window, the command line and a reviewer's file come through here.

use crate::company::Company;
use crate::entry::Chart;
use crate::error::ServiceError;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{MatchStatus, Period, PostingId};
use tieout_money::{Currency, Money};
use tieout_planning::{Control, Entry, NotAllowed, Role};
use tieout_store::{AuditFilter, AuditRow, LockKind, NewAuditRow, PeriodLock, Reader, StoreError, StoredPosting, Tx};

pub(crate) const OVERRIDDEN: &str = "approval rule overridden";
const APPROVED: &str = "posting approved";
/// Planning itself: what it proposes follows from facts and settings, and nobody prepared it.
const ENGINE: &str = "propose";
/// Approvals of one person in one day that are added up; more than anybody reads.
const DAY_ROWS_MAX: u32 = 1_000_000;

/// Who approves, and why a rule may be passed over, where it may.
#[derive(Clone, Copy, Debug)]
pub struct Approver<'a> {
    pub name: &'a str,
    /// Empty: no rule is passed over.
    pub override_reason: &'a str,
}

impl<'a> From<&'a str> for Approver<'a> {
    fn from(name: &'a str) -> Approver<'a> {
        Approver { name, override_reason: "" }
    }
}

impl<'a> From<&'a String> for Approver<'a> {
    fn from(name: &'a String) -> Approver<'a> {
        Approver::from(name.as_str())
    }
}

pub(crate) struct Judged {
    pub allowed: Vec<StoredPosting>,
    /// Of those allowed: the rules that were passed over.
    pub overridden: Vec<(PostingId, String)>,
    /// Each with why not.
    pub refused: Vec<(String, String)>,
}

/// Everybody who made or changed this entry by hand, from the audit rows about it; oldest first.
fn hands(trail: &[AuditRow]) -> impl DoubleEndedIterator<Item = &str> {
    let made = trail.iter().filter(|it| it.action == "posting proposed" || it.action == "proposal changed");
    made.map(|it| it.actor.as_str()).filter(|it| *it != ENGINE)
}

/// The last person to do so.
pub(crate) fn prepared_by(trail: &[AuditRow]) -> Option<String> {
    hands(trail).next_back().map(ToOwned::to_owned)
}

/// And whoever confirmed a match it rests on.
fn preparers(reader: &Reader<'_>, it: &StoredPosting) -> Result<BTreeSet<String>, StoreError> {
    let trail = reader.audit_of(&format!("posting/{}", it.posting.id))?;
    let mut all: BTreeSet<String> = hands(&trail).map(ToOwned::to_owned).collect();
    for (record, _) in &it.posting.facts {
        if let Some(MatchStatus::Confirmed { by }) = reader.match_of(record)?.map(|it| it.group.status) {
            all.insert(by.0);
        }
    }
    Ok(all)
}

/// Splits what was chosen by what the rules say now.
pub(crate) fn judge(
    company: &Company,
    approver: Approver<'_>,
    chosen: &[StoredPosting],
) -> Result<Judged, ServiceError> {
    let mut judged = Judged { allowed: Vec::new(), overridden: Vec::new(), refused: Vec::new() };
    if chosen.is_empty() {
        return Ok(judged);
    }
    let (settings, _) = company.settings()?;
    let control = settings.control;
    let locks = company.store.read(|reader| reader.period_locks())?;
    let needs_entries = !control.is_one_person();
    let chart = if needs_entries { Some(Chart::read(company)?) } else { None };
    let mut today = if needs_entries { approved_today(company, approver.name)? } else { BTreeMap::new() };
    for it in chosen {
        let document = &it.posting.document;
        let period = Period::of(document.on()).to_string();
        let accounts: BTreeSet<String> =
            chart.iter().flat_map(|it| it.lines(document)).map(|line| line.account).collect();
        let amount = document.amount();
        let sum = today.entry(amount.currency()).or_insert(Money::zero(amount.currency()));
        let prepared_by = company.store.read(|reader| preparers(reader, it))?;
        let entry =
            Entry { amount, accounts: &accounts, period: &period, prepared_by: &prepared_by, approved_today: *sum };
        let mut against: Vec<(String, bool)> = control
            .against_approval(approver.name, &entry)
            .iter()
            .map(|it: &NotAllowed| (it.to_string(), it.can_be_overridden()))
            .collect();
        against.extend(locks.iter().find(|it| it.period == period).map(locked));
        let words = against.iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>().join("; ");
        let id = it.posting.id.clone();
        if against.is_empty() {
            judged.allowed.push(it.clone());
        } else if !approver.override_reason.trim().is_empty() && against.iter().all(|(_, can)| *can) {
            judged.overridden.push((id, words));
            judged.allowed.push(it.clone());
        } else {
            judged.refused.push((id.0, words));
            continue;
        }
        *sum = sum.checked_add(amount.abs())?;
    }
    Ok(judged)
}

fn locked(lock: &PeriodLock) -> (String, bool) {
    match lock.kind {
        LockKind::Soft => (format!("period {} is locked by {} ({})", lock.period, lock.by, lock.reason), true),
        LockKind::Hard => {
            (format!("period {} is locked hard by {} ({}); unlock it first", lock.period, lock.by, lock.reason), false)
        }
    }
}

/// In the evidence beside the approval.
pub(crate) fn note_overrides(tx: &Tx<'_>, judged: &Judged, reason: &str) -> Result<(), StoreError> {
    for (id, words) in &judged.overridden {
        let row = NewAuditRow {
            action: OVERRIDDEN,
            subject: &format!("posting/{id}"),
            before: words,
            after: "",
            reason: &format!("{words}; because: {reason}"),
        };
        tx.audit(row)?;
    }
    Ok(())
}

/// What this person approved since midnight where the books are, by currency.
fn approved_today(company: &Company, name: &str) -> Result<BTreeMap<Currency, Money>, ServiceError> {
    let since = midnight(company)?;
    let filter = AuditFilter { actor: Some(name.to_owned()), action: Some(APPROVED.to_owned()), ..Default::default() };
    let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
    company.store.read(|reader| {
        for row in reader.audit_page(&filter, None, DAY_ROWS_MAX)? {
            if row.at < since {
                continue; // not the end: the clock may have been set back
            }
            let id = row.subject.strip_prefix("posting/").unwrap_or_default();
            let Some(it) = reader.posting(&PostingId(id.to_owned()))? else { continue };
            let amount = it.posting.document.amount().abs();
            let sum = sums.entry(amount.currency()).or_insert(Money::zero(amount.currency()));
            *sum = sum.checked_add(amount)?;
        }
        Ok::<_, ServiceError>(())
    })?;
    Ok(sums)
}

fn midnight(company: &Company) -> Result<Timestamp, ServiceError> {
    let zone = company.connection().ok().and_then(|it| jiff::tz::TimeZone::get(&it.entity_zone).ok());
    let now = company.now().to_zoned(zone.unwrap_or(jiff::tz::TimeZone::UTC));
    Ok(now.start_of_day().map_or(company.now(), |it| it.timestamp()))
}

/// Whoever has this role may; in one-person mode everybody has.
pub(crate) fn require(control: &Control, name: &str, role: Role) -> Result<(), ServiceError> {
    if name.trim().is_empty() {
        return Err(ServiceError::BadInput {
            field: "name",
            value: name.into(),
            why: "a signature needs a name".into(),
        });
    }
    control.has_role(name, role).map_err(|why| ServiceError::NotAllowed { why: why.to_string() })
}

/// The rules themselves are changed by a reviewer only, so that nobody makes themselves an approver.
pub(crate) fn may_change_rules(company: &Company, name: &str, wanted: &Control) -> Result<(), ServiceError> {
    match company.settings() {
        Ok((now, _)) if now.control != *wanted => require(&now.control, name, Role::Reviewer),
        _ => Ok(()),
    }
}
