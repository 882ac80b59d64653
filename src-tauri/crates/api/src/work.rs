//! The steps of the job, as the window starts them: pull, match, propose, post, import.

use crate::app::App;
use crate::jobs::Step;
use crate::views::{ImportFileRequest, JobKind, JobStarted, PostApprovedRequest, Problem, Topic};
use jiff::SignedDuration;
use std::path::PathBuf;
use std::sync::Arc;
use tieout_domain::PostingId;
use tieout_services::{self as services, PostRules};

const EVERYTHING: [Topic; 6] =
    [Topic::App, Topic::Today, Topic::Matching, Topic::Exceptions, Topic::Approvals, Topic::TieOut];

/// Reads both systems, then matches and proposes: what is new is on screen afterwards.
pub fn pull(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let (work, secrets) = (Arc::clone(app), app.secrets()?);
    app.jobs.start(
        JobKind::Pull,
        "Reading X-Cart and Intacct",
        "records",
        true,
        EVERYTHING.to_vec(),
        move |step| async move {
            let told = move |it: services::Progress| step.progress(it.what, it.done);
            let report = services::pull(&work.company, &secrets, &told).await?;
            off_thread(&work, |app| {
                services::reconcile(&app.company)?;
                services::propose(&app.company)
            })
            .await?;
            Ok(format!(
                "{} orders, {} payments, {} receipts; {} not understood",
                report.orders, report.payments, report.receipts, report.refused
            ))
        },
    )
}

pub fn run_match(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Match, "Matching", "groups", false, EVERYTHING.to_vec(), move |_| async move {
        let report = off_thread(&work, |app| services::reconcile(&app.company)).await?;
        Ok(format!("{} matched, {} suggested", report.automatic, report.suggested))
    })
}

pub fn propose(app: &Arc<App>) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Propose, "Proposing entries", "entries", false, EVERYTHING.to_vec(), move |_| async move {
        let report = off_thread(&work, |app| services::propose(&app.company)).await?;
        Ok(format!("{} proposals, {} exceptions", report.proposed, report.exceptions))
    })
}

/// The postings named, or everything approved where none is.
pub fn post_approved(app: &Arc<App>, request: PostApprovedRequest) -> Result<JobStarted, Problem> {
    let (work, secrets) = (Arc::clone(app), app.secrets()?);
    app.jobs.start(JobKind::Post, "Posting to Intacct", "entries", false, EVERYTHING.to_vec(), move |step| async move {
        let rules = PostRules {
            wait_at_most: SignedDuration::from_secs(5),
            only: request.ids.into_iter().map(PostingId).collect(),
        };
        let report = services::post_approved(&work.company, &secrets, rules).await?;
        let mut told =
            format!("{} posted, {} refused, {} outcome unknown", report.posted, report.refused, report.unknown);
        if report.posted > 0
            && let Err(error) = read_the_ledger_again(&work, &secrets, &step).await
        {
            told.push_str(&format!("; the ledger was not read again ({error}): refresh before you tie out"));
        }
        Ok(told)
    })
}

/// What was just posted is in the general ledger now: the proof on screen is to hold it.
async fn read_the_ledger_again(
    app: &Arc<App>,
    secrets: &services::Secrets,
    step: &Step,
) -> Result<(), services::ServiceError> {
    let told = |it: services::Progress| step.progress(it.what, it.done);
    services::pull_ledger(&app.company, secrets, &told).await?;
    off_thread(app, |app| {
        services::reconcile(&app.company)?;
        services::propose(&app.company)
    })
    .await?;
    Ok(())
}

pub fn import_file(app: &Arc<App>, request: ImportFileRequest) -> Result<JobStarted, Problem> {
    let work = Arc::clone(app);
    app.jobs.start(JobKind::Import, "Importing a file", "rows", false, EVERYTHING.to_vec(), move |_| async move {
        let report = off_thread(&work, move |app| {
            let columns =
                request.mapping.iter().filter_map(|it| Some((it.field.clone(), it.column.clone()?))).collect();
            services::remember_columns(&app.company, &request.source, &columns)?;
            services::import_file(&app.company, &app.user, &PathBuf::from(&request.path), &request.source)
        })
        .await?;
        Ok(format!("{} rows, {} new, {} already there", report.rows, report.added, report.already_there))
    })
}

/// Work that blocks (SQLite, matching) away from the runtime's own threads.
pub(crate) async fn off_thread<R: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<R, services::ServiceError> + Send + 'static,
) -> Result<R, services::ServiceError> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app))
        .await
        .unwrap_or_else(|error| Err(services::ServiceError::Report(format!("a step ended without an answer: {error}"))))
}
