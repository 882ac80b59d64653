//! Entries whose own day is in a closed period, dated on the first open day instead: shown first, chosen by a person,
//! never silent.

use crate::choices::choose;
use crate::company::Company;
use crate::error::ServiceError;
use crate::propose::over_snapshot;
use jiff::civil::Date;
use tieout_domain::{Exception, ExceptionId, ExceptionKind, Posting, PostingId};
use tieout_planning::{Choice, plan};

#[derive(Clone, Debug, PartialEq)]
pub struct LaterDay {
    pub exception: ExceptionId,
    /// As it would be proposed.
    pub posting: Posting,
    pub own_day: Date,
    pub on: Date,
}

/// What posting each of these on the first open day would propose. Left out: what planning would not propose then either.
pub fn draft_later_days(company: &Company, exceptions: &[&Exception]) -> Result<Vec<LaterDay>, ServiceError> {
    let closed: Vec<&&Exception> = exceptions.iter().filter(|it| it.kind == ExceptionKind::ClosedPeriod).collect();
    if closed.is_empty() {
        return Ok(Vec::new());
    }
    over_snapshot(company, |snapshot| {
        let Some(books) = snapshot.books.clone() else { return Ok(Vec::new()) };
        let Some(on) = books.closed_through.and_then(|day| day.tomorrow().ok()) else { return Ok(Vec::new()) };
        // Planned as if nothing were closed, to learn which entry each exception holds back.
        if let Some(open) = &mut snapshot.books {
            open.closed_through = None;
        }
        let held: Vec<(ExceptionId, PostingId, String, Date)> = {
            let proposals = plan(snapshot).proposals;
            let of = |it: &&&Exception| {
                let found = proposals.iter().find(|posting| {
                    posting.facts.iter().map(|(record, _)| record).eq(it.records.iter())
                        && !books.is_open_on(posting.document.on())
                })?;
                Some((it.id(), found.id.clone(), found.document.natural_key().0, found.document.on()))
            };
            closed.iter().filter_map(of).collect()
        };
        snapshot.books = Some(books);
        snapshot.choices.extend(held.iter().map(|(_, _, key, _)| (key.clone(), Choice::PostOn(on))));
        let proposals = plan(snapshot).proposals;
        let draft = |(exception, id, _, own_day): (ExceptionId, PostingId, String, Date)| {
            let posting = proposals.iter().find(|it| it.id == id)?.clone();
            Some(LaterDay { exception, posting, own_day, on })
        };
        Ok(held.into_iter().filter_map(draft).collect())
    })
}

/// The person's choice, kept for every planning run from now on; the entries are proposed at once.
pub fn choose_later_days(company: &Company, by: &str, drafts: &[LaterDay]) -> Result<(), ServiceError> {
    for it in drafts {
        choose(company, by, &it.posting.document.natural_key().0, &Choice::PostOn(it.on))?;
    }
    crate::propose::propose(company).map(drop)
}
