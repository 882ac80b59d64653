//! A person accepts exactly what they saw. The digest of the list they were shown goes back with the approval; one
//! changed row and it is refused.

use crate::company::Company;
use crate::error::ServiceError;
use jiff::civil::Date;
use serde::Serialize;
use tieout_domain::{Approval, Event, Fingerprint, PostingId, PostingState, UserId};
use tieout_planning::reverse;
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
pub fn approve_all_clear(company: &Company, by: &str, digest: &str) -> Result<ApprovalReport, ServiceError> {
    let waiting = shown(company, digest)?;
    let mut report = ApprovalReport::default();
    let mut chosen = Vec::new();
    for it in waiting {
        match it.posting.checks.iter().find(|check| check.level != tieout_domain::CheckLevel::Pass) {
            None => chosen.push(it),
            Some(check) => report.left.push((it.posting.id.0, check.text.clone())),
        }
    }
    approve(company, by, &chosen, &mut report)?;
    Ok(report)
}

/// The postings named, each as it was shown.
pub fn approve_listed(
    company: &Company,
    by: &str,
    digest: &str,
    ids: &[String],
) -> Result<ApprovalReport, ServiceError> {
    let waiting = shown(company, digest)?;
    let mut chosen = Vec::new();
    for id in ids {
        let found = waiting.iter().find(|it| it.posting.id.0 == *id).cloned();
        let not = |why: &str| ServiceError::NotApprovable { id: PostingId(id.clone()), why: why.into() };
        let found = found.ok_or_else(|| not("it is not waiting for approval"))?;
        if found.posting.is_blocked() {
            return Err(not("a check blocks it"));
        }
        chosen.push(found);
    }
    let mut report = ApprovalReport::default();
    approve(company, by, &chosen, &mut report)?;
    Ok(report)
}

fn shown(company: &Company, digest: &str) -> Result<Vec<StoredPosting>, ServiceError> {
    let (waiting, now) = proposals_digest(company)?;
    if Fingerprint::from_text(digest) == now {
        Ok(waiting)
    } else {
        Err(ServiceError::ListChanged { given: digest.to_owned(), now: now.to_string() })
    }
}

fn approve(
    company: &Company,
    by: &str,
    chosen: &[StoredPosting],
    report: &mut ApprovalReport,
) -> Result<(), ServiceError> {
    if by.trim().is_empty() {
        return Err(ServiceError::BadInput { field: "name", value: by.into(), why: "an approval needs a name".into() });
    }
    let at = company.now();
    company.store.write(by, at, |tx| {
        for it in chosen {
            let approval = Approval { by: UserId(by.to_owned()), at, content: it.fingerprint.clone() };
            tx.apply_event(&it.posting.id, Event::Approve(approval))?;
            report.approved.push(it.posting.id.0.clone());
        }
        Ok::<_, ServiceError>(())
    })
}

/// Proposes the reversal of what is posted; it is approved and posted like everything else.
pub fn propose_reversal(company: &Company, by: &str, id: &str, on: Option<Date>) -> Result<PostingId, ServiceError> {
    let id = PostingId(id.to_owned());
    let (_, version) = company.settings()?;
    let books = company.books()?;
    let found = company.store.read(|reader| reader.posting(&id))?;
    let found =
        found.ok_or_else(|| ServiceError::NotApprovable { id: id.clone(), why: "there is no such posting".into() })?;
    let reversal = reverse(&found.posting, on, books.as_ref(), version)?;
    debug_assert_eq!(reversal.state, PostingState::Proposed);
    company.store.write(by, company.now(), |tx| tx.put_proposals(std::slice::from_ref(&reversal), false))?;
    Ok(reversal.id)
}
