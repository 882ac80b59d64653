//! Closing a period: sign-offs, locks, and its certificate.

use crate::app::App;
use crate::problem;
use crate::show;
use crate::views::{
    ActionDone, ChangeView, CloseView, FileDone, FolderRequest, LockRequest, LockView, PeriodFileRequest,
    PeriodRequest, Problem, SignOffRequest, SignOffView, SigningRole, Topic, UnlockRequest, WithdrawRequest,
};
use std::path::{Path, PathBuf};
use tieout_services::{self as services, CloseState, LockKind, Role, ServiceError};

pub fn close_state(app: &App, request: PeriodRequest) -> Result<CloseView, Problem> {
    match services::close_state(&app.company, &request.period) {
        Ok(state) => Ok(view(app, state)),
        Err(ServiceError::NotConnected(_) | ServiceError::NoSettings) => Ok(CloseView {
            period: request.period,
            digest: String::new(),
            mode: String::new(),
            user: app.user.clone(),
            sign_offs: Vec::new(),
            lock: None,
            empty_reason: "There is nothing to sign yet: connect both systems and import the settings.".into(),
        }),
        Err(error) => Err(app.problem(error)),
    }
}

fn view(app: &App, state: CloseState) -> CloseView {
    let sign_offs = state.sign_offs.into_iter().map(|it| SignOffView {
        id: it.id.to_string(),
        role: it.role,
        by: it.by,
        at: it.at.to_string(),
        digest: it.digest,
        suspended: it.suspended,
        changes: it
            .changes
            .into_iter()
            .map(|it| ChangeView { what: it.what, before: it.then, after: it.now })
            .collect(),
        changes_total: show::count(it.changes_total),
    });
    CloseView {
        period: state.period,
        digest: state.digest,
        mode: state.mode.to_owned(),
        user: app.user.clone(),
        sign_offs: sign_offs.collect(),
        lock: state.lock.map(|it| LockView { hard: it.hard, by: it.by, at: it.at.to_string(), reason: it.reason }),
        empty_reason: String::new(),
    }
}

fn changed(app: &App) {
    app.jobs.changed(vec![Topic::App, Topic::TieOut, Topic::Activity]);
}

/// What is signed is what was on screen.
pub fn sign_off(app: &App, request: SignOffRequest) -> Result<CloseView, Problem> {
    let now = services::close_state(&app.company, &request.period).map_err(|error| app.problem(error))?;
    if now.digest != request.digest {
        let title = format!("{} changed since it was shown", request.period);
        return Err(problem::bad_request(title, "Read it again, then sign.", app.company.now()));
    }
    let role = match request.role {
        SigningRole::Preparer => Role::Preparer,
        SigningRole::Reviewer => Role::Reviewer,
    };
    let state = services::sign_off(&app.company, &app.user, &request.period, role, &request.override_reason);
    let state = state.map_err(|error| app.problem(error))?;
    changed(app);
    Ok(view(app, state))
}

fn done(app: &App, message: String) -> ActionDone {
    changed(app);
    ActionDone { message, undoable: false, next_id: None, open: None }
}

pub fn withdraw_sign_off(app: &App, request: WithdrawRequest) -> Result<ActionDone, Problem> {
    let gone = || problem::bad_request("There is no such sign-off", "Open Tie-out again.", app.company.now());
    let id = request.id.parse().map_err(|_| gone())?;
    services::withdraw_sign_off(&app.company, &app.user, id, &request.reason).map_err(|error| app.problem(error))?;
    Ok(done(app, "Sign-off withdrawn".into()))
}

pub fn lock_period(app: &App, request: LockRequest) -> Result<ActionDone, Problem> {
    let kind = if request.hard { LockKind::Hard } else { LockKind::Soft };
    services::lock_period(&app.company, &app.user, &request.period, kind, &request.reason)
        .map_err(|error| app.problem(error))?;
    Ok(done(app, format!("{} locked", request.period)))
}

pub fn unlock_period(app: &App, request: UnlockRequest) -> Result<ActionDone, Problem> {
    services::unlock_period(&app.company, &app.user, &request.period, &request.reason)
        .map_err(|error| app.problem(error))?;
    Ok(done(app, format!("{} unlocked", request.period)))
}

pub fn write_certificate(app: &App, request: PeriodFileRequest) -> Result<FileDone, Problem> {
    let name = app.company.connection().map_or_else(|_| "tieout".into(), |it| it.store_name);
    let path = into(app, &request.folder, &format!("{name}-certificate-{}.json", request.period))?;
    let paper = path.with_extension("pdf");
    let report = services::write_certificate(&app.company, &app.user, &request.period, &path, Some(&paper), None)
        .map_err(|error| app.problem(error))?;
    services::anchor_head(&app.company, &app.keeper).map_err(|error| app.problem(error))?;
    changed(app);
    let state = if report.ties { "everything ties out" } else { "something is unexplained" };
    Ok(FileDone {
        path: path.display().to_string(),
        sha256: report.sha256,
        message: format!("{} records and {} ledger lines, each once; {state}", report.records, report.lines),
    })
}

pub fn export_audit(app: &App, request: FolderRequest) -> Result<FileDone, Problem> {
    let path = into(app, &request.folder, "audit-trail.jsonl")?;
    let report = services::export_audit(&app.company, &app.user, &path).map_err(|error| app.problem(error))?;
    services::anchor_head(&app.company, &app.keeper).map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Activity]);
    let message = format!("{} rows, head {}", report.rows, &report.head[..16.min(report.head.len())]);
    Ok(FileDone { path: path.display().to_string(), sha256: report.head, message })
}

pub(crate) fn into(app: &App, folder: &str, name: &str) -> Result<PathBuf, Problem> {
    let folder = Path::new(folder);
    if !folder.is_dir() {
        let title = format!("There is no folder {}", folder.display());
        return Err(problem::bad_request(title, "Choose another folder.", app.company.now()));
    }
    Ok(folder.join(name))
}
