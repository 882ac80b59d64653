//! A person accepts exactly what they saw. The digest of the list they were shown goes back with the approval; one
//! changed row and it is refused.

use crate::company::Company;
use crate::control::{self, Approver};
use crate::decisions::decide_approval;
use crate::error::ServiceError;
use jiff::civil::Date;
use serde::Serialize;
use tieout_domain::{Fingerprint, Posting, PostingId, PostingState};
use tieout_planning::{ReversalError, reverse};
use tieout_store::StoredPosting;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApprovalReport {
    pub approved: Vec<String>,
    /// Not clear, with the first check that says why.
    pub left: Vec<(String, String)>,
}

/// Over everything that waits for approval.
pub fn proposals_digest(company: &Company) -> Result<(Vec<StoredPosting>, Fingerprint), ServiceError> {
    let waiting = company.store.read(|reader| reader.postings_in(&["proposed"]))?;
    let digest = Fingerprint::of_list(waiting.iter().map(|it| &it.fingerprint));
    Ok((waiting, digest))
}

/// Everything without a flag: no check to review, period open, within the limits.
pub fn approve_all_clear<'a>(
    company: &Company,
    by: impl Into<Approver<'a>>,
    digest: &str,
) -> Result<ApprovalReport, ServiceError> {
    let waiting = shown(company, digest)?;
    let mut report = ApprovalReport::default();
    let mut chosen = Vec::new();
    for it in waiting {
        match it.posting.checks.iter().find(|check| check.level != tieout_domain::CheckLevel::Pass) {
            None => chosen.push(it),
            Some(check) => report.left.push((it.posting.id.0, check.text.clone())),
        }
    }
    approve(company, by.into(), &chosen, &mut report)?;
    Ok(report)
}

/// The postings named, each as it was shown.
pub fn approve_listed<'a>(
    company: &Company,
    by: impl Into<Approver<'a>>,
    digest: &str,
    ids: &[String],
) -> Result<ApprovalReport, ServiceError> {
    let waiting = shown(company, digest)?;
    let mut chosen = Vec::new();
    for id in ids {
        let not = |why: String| ServiceError::NotApprovable { id: PostingId(id.clone()), why };
        let Some(found) = waiting.iter().find(|it| it.posting.id.0 == *id).cloned() else {
            let state = known(company, id)?.posting.state;
            return Err(not(format!("it is {}, not waiting for approval", state.as_str())));
        };
        if found.posting.is_blocked() {
            return Err(not("a check blocks it".into()));
        }
        chosen.push(found);
    }
    let mut report = ApprovalReport::default();
    approve(company, by.into(), &chosen, &mut report)?;
    Ok(report)
}

fn known(company: &Company, id: &str) -> Result<StoredPosting, ServiceError> {
    let found = company.store.read(|reader| reader.posting(&PostingId(id.to_owned())))?;
    found.ok_or_else(|| ServiceError::BadInput {
        field: "the posting's id",
        value: id.to_owned(),
        why: "there is no such posting".into(),
    })
}

fn shown(company: &Company, digest: &str) -> Result<Vec<StoredPosting>, ServiceError> {
    let (waiting, now) = proposals_digest(company)?;
    if Fingerprint::from_text(digest) == now {
        Ok(waiting)
    } else {
        Err(ServiceError::ListChanged { given: digest.to_owned(), now: now.to_string() })
    }
}

/// The one place an approval is made, whoever asks and however. What the rules do not allow is left, with why.
fn approve(
    company: &Company,
    by: Approver<'_>,
    chosen: &[StoredPosting],
    report: &mut ApprovalReport,
) -> Result<(), ServiceError> {
    if by.name.trim().is_empty() {
        let why = "an approval needs a name".into();
        return Err(ServiceError::BadInput { field: "name", value: by.name.into(), why });
    }
    let mut judged = control::judge(company, by, chosen)?;
    company.store.write(by.name, company.now(), |tx| {
        control::note_overrides(tx, &judged, by.override_reason)?;
        decide_approval(tx, &judged.allowed)
    })?;
    report.approved.extend(judged.allowed.iter().map(|it| it.posting.id.0.clone()));
    report.left.append(&mut judged.refused);
    Ok(())
}

/// Each posting with the fingerprint the reader saw; one that is other now is left, with the reason.
pub fn approve_seen<'a>(
    company: &Company,
    by: impl Into<Approver<'a>>,
    seen: &[(String, String)],
) -> Result<ApprovalReport, ServiceError> {
    let mut report = ApprovalReport::default();
    let mut chosen = Vec::new();
    for (id, fingerprint) in seen {
        let found = company.store.read(|reader| reader.posting(&PostingId(id.clone())))?;
        let why = match &found {
            None => "it is not proposed any more".to_owned(),
            Some(it) if it.posting.state != PostingState::Proposed => format!("it is {}", it.posting.state.as_str()),
            Some(it) if it.fingerprint != Fingerprint::from_text(fingerprint) => "it changed since it was read".into(),
            Some(it) if it.posting.is_blocked() => "a check blocks it".into(),
            Some(it) => {
                chosen.push(it.clone());
                continue;
            }
        };
        report.left.push((id.clone(), why));
    }
    approve(company, by.into(), &chosen, &mut report)?;
    Ok(report)
}

/// What a reversal would be, before anything is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct ReversalDraft {
    pub reversal: Posting,
    pub on: Date,
    pub own_day: Date,
}

/// On the posting's own day, or on the first open day where its period is closed.
pub fn draft_reversal(company: &Company, id: &str) -> Result<ReversalDraft, ServiceError> {
    let (_, version) = company.settings()?;
    let books = company.books()?;
    let found = known(company, id)?;
    let own_day = found.posting.document.on();
    let on = match reverse(&found.posting, None, books.as_ref(), version) {
        Err(ReversalError::ClosedPeriod { first_open, .. }) => first_open,
        _ => own_day,
    };
    Ok(ReversalDraft { reversal: reverse(&found.posting, Some(on), books.as_ref(), version)?, on, own_day })
}

/// Proposes the reversal of what is posted; it is approved and posted like everything else.
pub fn propose_reversal(company: &Company, by: &str, id: &str, on: Option<Date>) -> Result<PostingId, ServiceError> {
    let (_, version) = company.settings()?;
    let books = company.books()?;
    let found = known(company, id)?;
    let reversal = reverse(&found.posting, on, books.as_ref(), version)?;
    debug_assert_eq!(reversal.state, PostingState::Proposed);
    company.store.write(by, company.now(), |tx| tx.put_proposals(std::slice::from_ref(&reversal), false))?;
    Ok(reversal.id)
}
