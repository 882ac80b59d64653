//! Approving what was seen, setting it aside, and throwing it out. Nothing here sends anything.

use crate::app::App;
use crate::decided::{self, HOLD, Holding, RELEASE};
use crate::entry_view::{balance_view, side_total};
use crate::posting_words as words;
use crate::problem;
use crate::proposal::find;
use crate::show;
use crate::views::{
    AccountTotal, ActionDone, ApprovalReport, ApproveRequest, BatchEffect, BatchEffectRequest, Fact, OpenTarget,
    Problem, ProposalsDecision, RefusedApproval, Screen, Topic,
};
use std::collections::BTreeMap;
use tieout_domain::{CheckLevel, Event, PostingState, UserId};
use tieout_money::{Currency, Money, Totals};
use tieout_services::{self as services, Chart, EntryLine};
use tieout_store::StoredPosting;

/// Sums by account of everything checked, before it is approved.
pub fn batch_effect(app: &App, request: BatchEffectRequest) -> Result<BatchEffect, Problem> {
    let chart = Chart::read(&app.company).map_err(|error| app.problem(error))?;
    let postings = app.postings()?;
    let chosen: Vec<&StoredPosting> = postings.iter().filter(|it| request.ids.contains(&it.posting.id.0)).collect();
    let mut accounts: BTreeMap<(String, Currency), Money> = BTreeMap::new();
    let (mut debits, mut credits) = (Totals::new(), Totals::new());
    let mut blocked = Vec::new();
    for it in &chosen {
        let document = &it.posting.document;
        if let Some(check) = it.posting.checks.iter().find(|check| check.level == CheckLevel::Blocked) {
            let open = Some(OpenTarget { screen: Screen::Approvals, id: Some(it.posting.id.0.clone()) });
            blocked.push(Fact { label: words::title(document), value: check.text.clone(), open });
        }
        if !document.posts_to_the_ledger() {
            continue;
        }
        let lines: Vec<EntryLine> = chart.lines(document);
        let currency = document.amount().currency();
        debits.add(side_total(&lines, currency, true)).map_err(|error| app.problem(error))?;
        credits.add(side_total(&lines, currency, false)).map_err(|error| app.problem(error))?;
        for line in lines {
            let key = (line.account, line.amount.currency());
            let sum = accounts.entry(key).or_insert(Money::zero(line.amount.currency()));
            *sum = sum.checked_add(line.amount).map_err(|error| app.problem(error))?;
        }
    }
    Ok(BatchEffect {
        count: show::count(chosen.len()),
        accounts: accounts
            .into_iter()
            .map(|((account, _), sum)| AccountTotal { label: chart.label(&account), balance: balance_view(sum) })
            .collect(),
        balanced: debits == credits,
        debits: show::totals(&debits),
        credits: show::totals(&credits),
        blocked,
    })
}

/// Each id with the fingerprint that was on screen; what changed since is refused.
pub fn approve(app: &App, request: ApproveRequest) -> Result<ApprovalReport, Problem> {
    let seen: Vec<(String, String)> = request.seen.into_iter().map(|it| (it.id, it.fingerprint)).collect();
    let report = services::approve_seen(&app.company, &app.user, &seen).map_err(|error| app.problem(error))?;
    let refused: Vec<RefusedApproval> = report
        .left
        .into_iter()
        .map(|(id, reason)| {
            let title = find(app, &id).map_or_else(|_| id.clone(), |it| words::title(&it.posting.document));
            RefusedApproval { id, title, reason }
        })
        .collect();
    changed(app);
    let message = format!("Approved {} of {}", report.approved.len(), seen.len());
    Ok(ApprovalReport { approved: report.approved, refused, message })
}

pub(crate) fn changed(app: &App) {
    app.jobs.changed(vec![Topic::App, Topic::Today, Topic::Approvals, Topic::Exceptions, Topic::Activity]);
}

fn reason(app: &App, request: &ProposalsDecision) -> Result<String, Problem> {
    let text = request.reason.trim();
    if text.is_empty() {
        let remedy = "Say why in a few words; it is kept in the audit trail.";
        return Err(problem::bad_request("A reason is needed", remedy, app.company.now()));
    }
    Ok(text.to_owned())
}

fn all(app: &App, ids: &[String]) -> Result<Vec<StoredPosting>, Problem> {
    if ids.is_empty() {
        return Err(problem::bad_request("No proposal is chosen", "Choose at least one.", app.company.now()));
    }
    ids.iter().map(|id| find(app, id)).collect()
}

fn done(verb: &str, all: &[StoredPosting], undoable: bool) -> ActionDone {
    let what = match all {
        [one] => words::title(&one.posting.document),
        several => show::counted(several.len(), "proposal", "proposals"),
    };
    ActionDone { message: format!("{verb} {what}"), undoable, next_id: None, open: None }
}

/// Planning does not propose it again, until the person takes it back.
pub fn reject(app: &App, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    let why = reason(app, &request)?;
    let postings = all(app, &request.ids)?;
    let report = done("Rejected", &postings, true);
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            services::decisions::decide_rejection(tx, &postings, &why, &report.message)
        })
        .map_err(|error: tieout_store::StoreError| app.problem(error))?;
    changed(app);
    Ok(report)
}

pub fn hold(app: &App, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    let why = reason(app, &request)?;
    let postings = all(app, &request.ids)?;
    let report = done("Held", &postings, true);
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            for it in &postings {
                let event = Event::Hold { by: UserId(app.user.clone()), reason: why.clone() };
                tx.apply_event(&it.posting.id, event)?;
            }
            let reasons = postings.iter().map(|it| (it.posting.id.clone(), why.clone())).collect();
            decided::decide(tx, HOLD, &report.message, &Holding { reasons }, &why)
        })
        .map_err(|error| app.problem(error))?;
    changed(app);
    Ok(report)
}

/// Held ones come back; refused ones are open for another approval.
pub fn release(app: &App, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    let postings = all(app, &request.ids)?;
    let held: Vec<_> = postings
        .iter()
        .filter_map(|it| match &it.posting.state {
            PostingState::Held { reason, .. } => Some((it.posting.id.clone(), reason.clone())),
            _ => None,
        })
        .collect();
    let only_held = held.len() == postings.len();
    let report = done("Released", &postings, only_held);
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            for it in &postings {
                let refused = matches!(it.posting.state, PostingState::Refused { .. });
                tx.apply_event(&it.posting.id, if refused { Event::Reopen } else { Event::Release })?;
            }
            if only_held {
                let subject = Holding { reasons: held };
                decided::decide(tx, RELEASE, &report.message, &subject, request.reason.trim())?;
            }
            Ok::<_, tieout_store::StoreError>(())
        })
        .map_err(|error| app.problem(error))?;
    changed(app);
    Ok(report)
}
