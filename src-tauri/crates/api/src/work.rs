//! The steps of the job, as the window starts them: pull, match, propose, post, import.

use crate::app::App;
use crate::jobs::Step;
use crate::show;
use crate::views::{ImportFileRequest, JobKind, JobStarted, JobView, PostApprovedRequest, Problem, Tone, Topic};
use jiff::SignedDuration;
use std::path::PathBuf;
use std::sync::Arc;
use tieout_domain::PostingId;
use tieout_services::{self as services, ImportSummary, PostRules, PullReport, Secrets, ServiceError, Watch};

const EVERYTHING: [Topic; 6] =
    [Topic::App, Topic::Today, Topic::Matching, Topic::Exceptions, Topic::Approvals, Topic::TieOut];

/// Reads both systems, then matches and proposes: what is new is on screen afterwards.
pub fn pull(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let (work, secrets) = (Arc::clone(app), app.secrets()?);
    let topics = [EVERYTHING.as_slice(), &[Topic::Connections]].concat();
    app.jobs.start(JobKind::Pull, "Reading X-Cart and Intacct", "records", topics, move |step| async move {
        let report = read(&work, &secrets, &step).await?;
        match_and_propose(&work, &step).await?;
        let departed = match report.departed_fields {
            0 => String::new(),
            some => format!("; {some} fields are not as known, see Connections"),
        };
        Ok(format!("{}; {} not understood{departed}", read_words(&report), report.refused))
    })
}

/// Everything of both systems. What was read when it is stopped is kept.
pub(crate) async fn read(app: &App, secrets: &Secrets, step: &Step) -> Result<PullReport, ServiceError> {
    step.if_cut_short(|job| match job.done {
        0 => "Nothing was read.".into(),
        some => format!(
            "{} records were read and are kept; the next reading goes on with the rest. Nothing was matched or proposed.",
            show::thousands(some.into())
        ),
    });
    let report = services::pull(&app.company, secrets, step).await?;
    let words = format!("{} were read and are kept", read_words(&report));
    step.if_cut_short(move |_| format!("{words}; they were not all matched and proposed: match and propose again."));
    Ok(report)
}

pub(crate) fn read_words(report: &PullReport) -> String {
    let count = |number, what| format!("{} {what}", show::thousands(number));
    [count(report.orders, "orders"), count(report.payments, "payments"), count(report.receipts, "receipts")].join(", ")
}

/// Both as parts of a job that counts something else.
pub(crate) async fn match_and_propose(app: &Arc<App>, step: &Step) -> Result<(), ServiceError> {
    let (matching, proposing) = (step.aside("matching"), step.clone());
    off_thread(app, move |app| {
        services::reconcile_watched(&app.company, &matching)?;
        services::propose_watched(&app.company, &proposing.aside("proposing"))
    })
    .await
    .map(drop)
}

pub fn run_match(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Match, "Matching", "passes", EVERYTHING.to_vec(), move |step| async move {
        let told = step.clone();
        step.if_cut_short(|_| "Nothing was changed: the matches of the last run stand.".into());
        let report = off_thread(&work, move |app| services::reconcile_watched(&app.company, &told)).await?;
        for (pass, groups) in &report.by_evidence {
            step.result(Tone::Ok, format!("{} by {pass}", show::thousands(*groups as u64)), None);
        }
        Ok(format!("{} matched, {} suggested", report.automatic, report.suggested))
    })
}

pub fn propose(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Propose, "Proposing entries", "entries", EVERYTHING.to_vec(), move |step| async move {
        let told = step.aside("looking at the matches");
        step.if_cut_short(|_| "Nothing was changed: the proposals of the last run stand.".into());
        let report = off_thread(&work, move |app| services::propose_watched(&app.company, &told)).await?;
        let all = report.proposed as u64;
        step.count("proposed", all, all);
        for (kind, entries) in &report.by_kind {
            step.result(Tone::Ok, format!("{} {kind}", show::thousands(*entries as u64)), None);
        }
        Ok(format!("{} proposals, {} exceptions", report.proposed, report.exceptions))
    })
}

/// The postings named, or everything approved where none is.
pub fn post_approved(app: &Arc<App>, request: PostApprovedRequest) -> Result<JobStarted, Problem> {
    let (work, secrets) = (Arc::clone(app), app.secrets()?);
    app.jobs.start(JobKind::Post, "Posting to Intacct", "entries", EVERYTHING.to_vec(), move |step| async move {
        let rules = PostRules {
            wait_at_most: SignedDuration::from_secs(5),
            only: request.ids.into_iter().map(PostingId).collect(),
        };
        step.if_cut_short(not_sent);
        let report = services::post_watched(&work.company, &secrets, rules, &step).await;
        // Before the ledger is read again, which takes a while: what was sent is no longer offered to be taken back.
        work.jobs.changed(vec![Topic::App, Topic::Approvals]);
        let report = report?;
        let came = format!("{} posted, {} refused, {} outcome unknown", report.posted, report.refused, report.unknown);
        if let Err(stopped) = step.go_on()
            && step.left() > 0
        {
            let rest = show::counted(step.left(), "entry was", "entries were");
            step.if_cut_short(move |_| format!("{came}; {rest} not sent, still approved. Refresh before you tie out."));
            return Err(stopped);
        }
        match read_the_ledger_again(&work, &secrets, &step, report.posted).await {
            Ok(()) => Ok(came),
            Err(error) => Ok(format!("{came}; the ledger was not read again ({error}): refresh before you tie out")),
        }
    })
}

/// Of a posting that broke off.
fn not_sent(job: &JobView) -> String {
    match job.total {
        None => "Nothing was sent; what was approved still is.".into(),
        Some(total) => {
            let done = show::counted(job.done as usize, "entry was", "entries were");
            format!("{done} dealt with, of {total}; what was not begun is still approved.")
        }
    }
}

/// What was just posted is in the general ledger now: the proof on screen is to hold it.
async fn read_the_ledger_again(
    app: &Arc<App>,
    secrets: &Secrets,
    step: &Step,
    posted: usize,
) -> Result<(), ServiceError> {
    if posted == 0 {
        return Ok(());
    }
    services::pull_ledger(&app.company, secrets, &step.aside("reading the ledger")).await?;
    match_and_propose(app, step).await
}

pub fn import_file(app: &Arc<App>, request: ImportFileRequest) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Import, "Importing a file", "rows", EVERYTHING.to_vec(), move |step| async move {
        let told = step.clone();
        step.if_cut_short(|_| "Nothing of the file was imported.".into());
        let report = off_thread(&work, move |app| {
            let columns =
                request.mapping.iter().filter_map(|it| Some((it.field.clone(), it.column.clone()?))).collect();
            services::remember_columns(&app.company, &request.source, &columns)?;
            services::import_watched(&app.company, &app.user, &PathBuf::from(&request.path), &request.source, &told)
        })
        .await?;
        let summary = imported(&report);
        step.result(Tone::Ok, format!("{}: {summary}", report.file), None);
        Ok(summary)
    })
}

pub(crate) fn imported(report: &ImportSummary) -> String {
    format!("{} rows, {} new, {} already there", report.rows, report.added, report.already_there)
}

/// Work that blocks (SQLite, matching) away from the runtime's own threads.
pub(crate) async fn off_thread<R: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<R, ServiceError> + Send + 'static,
) -> Result<R, ServiceError> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app))
        .await
        .unwrap_or_else(|error| Err(ServiceError::Report(format!("a step ended without an answer: {error}"))))
}
