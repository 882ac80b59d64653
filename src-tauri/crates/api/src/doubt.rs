//! Postings that were sent and never answered: looked at once, never sent again from here.

use crate::app::App;
use crate::approve::changed;
use crate::posting_words as words;
use crate::problem;
use crate::proposal::find;
use crate::views::{ActionDone, GiveUpRequest, JobKind, JobState, Problem, ProposalRequest, SettleFoundRequest};
use tieout_services::{self as services, Checked, Secrets};

pub async fn check_status(app: &App, request: ProposalRequest) -> Result<ActionDone, Problem> {
    let (title, secrets) = ready(app, &request.id)?;
    let checked = services::check_status(&app.company, &secrets, &request.id).await;
    let checked = checked.map_err(|error| app.problem(error))?;
    changed(app);
    let absent = "is not in Intacct. It is looked up again after the waiting time; it may still arrive";
    Ok(told(&title, checked, absent))
}

pub async fn settle_found(app: &App, request: SettleFoundRequest) -> Result<ActionDone, Problem> {
    let record = request.record.trim();
    if record.is_empty() {
        let remedy = "Type the number Intacct shows for the record.";
        return Err(problem::bad_request("No record number is given", remedy, app.company.now()));
    }
    let (title, secrets) = ready(app, &request.id)?;
    let checked = services::settle_found(&app.company, &secrets, &request.id, record).await;
    let checked = checked.map_err(|error| app.problem(error))?;
    changed(app);
    match checked {
        Checked::Absent => {
            let title = format!("Intacct has no record {record} of this kind");
            let remedy = "Read the number again in Intacct; the posting stays unknown.";
            Err(problem::bad_request(title, remedy, app.company.now()))
        }
        Checked::Different { found } => {
            let title = format!("Record {record} is not what was approved: {found}");
            let remedy = "Correct or remove that record in Intacct, then check the status again.";
            Err(problem::bad_request(title, remedy, app.company.now()))
        }
        other => Ok(told(&title, other, "")),
    }
}

/// A person says that it is not in Intacct.
pub async fn give_up(app: &App, request: GiveUpRequest) -> Result<ActionDone, Problem> {
    let reason = request.reason.trim();
    if reason.is_empty() {
        let remedy = "Say where you looked; it is kept in the audit trail.";
        return Err(problem::bad_request("No reason is given", remedy, app.company.now()));
    }
    let (title, secrets) = ready(app, &request.id)?;
    let checked = services::give_up(&app.company, &secrets, &request.id, &app.user, reason).await;
    let checked = checked.map_err(|error| app.problem(error))?;
    changed(app);
    Ok(told(&title, checked, "is not in Intacct, and waits for a new approval"))
}

fn ready(app: &App, id: &str) -> Result<(String, Secrets), Problem> {
    let posting = app.jobs.list().into_iter().any(|it| it.kind == JobKind::Post && it.state == JobState::Running);
    if posting {
        let title = "Posting is running and looks it up itself";
        return Err(problem::bad_request(title, "Wait until it has ended.", app.company.now()));
    }
    let it = find(app, id)?;
    let secrets = app.secrets()?;
    Ok((words::title(&it.posting.document), secrets))
}

fn told(title: &str, checked: Checked, absent: &str) -> ActionDone {
    let message = match checked {
        Checked::Found { record } => format!("{title} was posted: record {record}, read back equal"),
        Checked::Awaiting { record } => {
            format!("{title} is in Intacct as record {record} and waits for approval there")
        }
        Checked::Absent => format!("{title} {absent}"),
        Checked::Different { found } => {
            format!("{title}: something carries its key and is not what was approved: {found}")
        }
    };
    ActionDone { message, undoable: false, next_id: None, open: None }
}
