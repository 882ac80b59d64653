//! What a run came to: each posting it did not bring into the ledger, with the reason and what to do.

use crate::company::Company;
use crate::error::ServiceError;
use serde::Serialize;
use std::collections::BTreeSet;
use tieout_domain::lifecycle::is_exhausted;
use tieout_domain::{PostingId, PostingState};
use tieout_poster::Run;
use tieout_store::StoredPosting;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PostReport {
    pub posted: usize,
    /// In Intacct, waiting for an approval there.
    pub awaiting: usize,
    pub refused: usize,
    /// Outcome unknown: looked up again by the next run.
    pub unknown: usize,
    /// Facts changed since the approval: proposed again, nothing sent.
    pub changed: usize,
    /// Approved, but not sent: what they depend on is not posted, or Intacct would not listen.
    pub waiting: usize,
    /// Everything above but `posted`, one by one.
    pub unfinished: Vec<Unfinished>,
}

/// A posting this run did not bring into the ledger: why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    pub id: String,
    pub reference: String,
    pub why: String,
}

pub(super) fn of(company: &Company, run: &Run) -> Result<PostReport, ServiceError> {
    let tried: BTreeSet<&PostingId> = run.tried().collect();
    let mut report = PostReport::default();
    for it in company.store.read(|reader| reader.postings())? {
        let tried = tried.contains(&it.posting.id);
        match &it.posting.state {
            PostingState::Posted { .. } if tried => report.posted += 1,
            PostingState::AwaitingIntacct { .. } => report.awaiting += 1,
            PostingState::Refused { .. } if tried => report.refused += 1,
            PostingState::InDoubt { .. } | PostingState::Sending { .. } => report.unknown += 1,
            PostingState::Proposed if tried => report.changed += 1,
            PostingState::Approved { .. } => report.waiting += 1,
            _ => continue,
        }
        if let Some(why) = why_unfinished(company, &it)? {
            let (id, reference) = (it.posting.id.0.clone(), it.posting.document.natural_key().to_string());
            report.unfinished.push(Unfinished { id, reference, why });
        }
    }
    Ok(report)
}

fn why_unfinished(company: &Company, it: &StoredPosting) -> Result<Option<String>, ServiceError> {
    Ok(match &it.posting.state {
        PostingState::Refused { reason } => Some(format!("{reason}. {}", reason.remedy)),
        PostingState::AwaitingIntacct { record } => {
            Some(format!("record {record} waits for an approval in Intacct. Approve it there, then post again."))
        }
        PostingState::InDoubt { attempt, absent, .. } if is_exhausted(*attempt, *absent) => Some(format!(
            "no final answer came, and it was not in Intacct when it was looked for; nothing more is done by itself. Look \
             there yourself: if it is there, tieout settle {id} --record NUMBER; if it is not, tieout settle {id} --absent \
             WHERE-YOU-LOOKED",
            id = it.posting.id.0
        )),
        PostingState::InDoubt { look_up_after, .. } => Some(format!(
            "no final answer came. Post again after {look_up_after:.0} to have it looked up; do not enter it by hand."
        )),
        PostingState::Proposed => {
            let log = company.store.read(|reader| reader.posting_log(&it.posting.id))?;
            let reason = log.last().map_or("a record it rests on changed", |entry| entry.text.as_str());
            Some(format!("{reason}; nothing was sent. Propose again, look at it, and approve it anew."))
        }
        PostingState::Approved { .. } if it.posting.after.is_empty() => {
            Some("it was not sent: Intacct would not listen, or the run was ended before it. Post again.".into())
        }
        PostingState::Approved { .. } => {
            let before = it.posting.after.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
            Some(format!("it follows {before}, which is not posted. Settle that first, then post again."))
        }
        _ => None,
    })
}
