//! Sync: the board of flows, what waits, and the dead letters.

use crate::app::App;
use crate::freshness::age;
use crate::problem;
use crate::show::{self, count};
use crate::views::{
    ActionDone, ApproveFlowRequest, CloseLetterRequest, EditLetterRequest, FlowChange, FlowId, FlowPolicy, FlowRequest,
    FlowRow, FlowWriteRow, FlowWritesRequest, JobKind, JobStarted, LetterDetail, LetterRequest, LetterRow,
    LettersRequest, Problem, ReplayLettersRequest, SyncBoard, Tone, Topic, Window,
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use tieout_services::{self as services, Approve, BoardRow, DeadLetter, Flow, Policy, SyncReport, SyncRules};

const TOPICS: [Topic; 3] = [Topic::App, Topic::Sync, Topic::Activity];
const ROWS_MAX: u32 = 200;

pub fn sync_board(app: &App) -> Result<SyncBoard, Problem> {
    let rows = services::board(&app.company).map_err(|error| app.problem(error))?;
    let letters = rows.iter().map(|it| it.letters).sum::<u64>();
    let now = app.company.now();
    Ok(SyncBoard { flows: rows.iter().map(|it| view(it, now)).collect(), letters: count(letters as usize) })
}

fn view(row: &BoardRow, now: Timestamp) -> FlowRow {
    let many = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
    let (tone, state) = state_of(row);
    FlowRow {
        id: id_of(row.flow),
        title: row.flow.title().to_owned(),
        policy: match row.policy {
            Policy::Off => FlowPolicy::Off,
            Policy::Ask => FlowPolicy::Ask,
            Policy::Automatic => FlowPolicy::Automatic,
        },
        tone,
        state,
        lag: row.last_success.map_or("never".into(), |at| age(now, at)),
        last_success: row.last_success.map(|at| at.to_string()),
        problem: row.last_problem.clone(),
        runs: row.runs,
        runs_failed: row.runs_failed,
        equal: many(row.equal),
        waiting: many(row.waiting),
        unsent: many(row.unsent),
        in_doubt: many(row.in_doubt),
        done: many(row.done),
        letters: many(row.letters),
        digest: row.digest.clone(),
    }
}

fn state_of(row: &BoardRow) -> (Tone, String) {
    let said = |number: u64, one: &str, many: &str| show::counted(number as usize, one, many);
    match row {
        _ if row.policy == Policy::Off => (Tone::Plain, "Off".into()),
        it if it.last_problem.is_some() => (Tone::Bad, "Last run failed".into()),
        it if it.in_doubt > 0 => (Tone::Warn, said(it.in_doubt, "outcome unknown", "outcomes unknown")),
        it if it.waiting > 0 => (Tone::Warn, said(it.waiting, "waits for you", "wait for you")),
        it if it.unsent > 0 => (Tone::Warn, said(it.unsent, "not sent yet", "not sent yet")),
        it if it.letters > 0 => (Tone::Warn, said(it.letters, "letter", "letters")),
        it if it.last_success.is_none() => (Tone::Plain, "Not run yet".into()),
        _ => (Tone::Ok, "Both sides agree".into()),
    }
}

fn id_of(flow: Flow) -> FlowId {
    match flow {
        Flow::Stock => FlowId::Stock,
        Flow::Products => FlowId::Products,
        Flow::Shipments => FlowId::Shipments,
    }
}

fn flow_of(id: FlowId) -> Flow {
    match id {
        FlowId::Stock => Flow::Stock,
        FlowId::Products => Flow::Products,
        FlowId::Shipments => Flow::Shipments,
    }
}

/// What waits for a person, in the order it would be sent.
pub fn flow_writes(app: &App, request: FlowWritesRequest) -> Result<Window<FlowWriteRow>, Problem> {
    let rows = services::waiting_writes(&app.company, flow_of(request.flow)).map_err(|error| app.problem(error))?;
    let shown = rows.iter().skip(request.offset as usize).take(request.limit.min(ROWS_MAX) as usize);
    Ok(Window {
        total: count(rows.len()),
        offset: request.offset,
        rows: shown
            .map(|it| FlowWriteRow {
                id: it.key.clone(),
                title: it.title.clone(),
                changes: it
                    .changes
                    .iter()
                    .map(|it| FlowChange {
                        field: it.field.clone(),
                        before: it.before.clone(),
                        after: it.after.clone(),
                    })
                    .collect(),
                because: it.because.clone(),
                warnings: it.warnings.clone(),
            })
            .collect(),
    })
}

pub fn letters(app: &App, request: LettersRequest) -> Result<Window<LetterRow>, Problem> {
    let all = services::dead_letters(&app.company, request.flow.map(flow_of)).map_err(|error| app.problem(error))?;
    let shown = all.iter().skip(request.offset as usize).take(request.limit.min(ROWS_MAX) as usize);
    Ok(Window { total: count(all.len()), offset: request.offset, rows: shown.filter_map(letter_row).collect() })
}

fn letter_row(it: &DeadLetter) -> Option<LetterRow> {
    Some(LetterRow {
        id: it.id.to_string(),
        flow: id_of(it.flow.parse().ok()?),
        cause: it.cause.clone(),
        what: it.what.to_owned(),
        title: it.title.clone(),
        why: it.why.clone(),
        times: it.times,
        first_seen: it.first_seen.clone(),
        last_seen: it.last_seen.clone(),
    })
}

pub fn letter(app: &App, request: LetterRequest) -> Result<LetterDetail, Problem> {
    let it = services::letter_of(&app.company, number(app, &request.id)?).map_err(|error| app.problem(error))?;
    let all = services::dead_letters(&app.company, None).map_err(|error| app.problem(error))?;
    let row = letter_row(&it).ok_or_else(|| not_found(app, &request.id))?;
    Ok(LetterDetail {
        row,
        fix: it.fix.to_owned(),
        raw: it.raw,
        edited: it.edited,
        is_write: it.is_write,
        alike: count(all.iter().filter(|other| other.cause == it.cause).count()),
        log: it.log,
    })
}

fn number(app: &App, id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| not_found(app, id))
}

fn not_found(app: &App, id: &str) -> Problem {
    problem::bad_request(format!("There is no letter {id}"), "Look at the list again.", app.company.now())
}

/// Plans and keeps the plan; what the policy allows is sent.
pub fn run_flow(app: &Arc<App>, request: FlowRequest) -> Result<JobStarted, Problem> {
    started(app, request.flow, SyncRules::default())
}

/// Sends exactly what was on screen.
pub fn approve_flow(app: &Arc<App>, request: ApproveFlowRequest) -> Result<JobStarted, Problem> {
    let approve = Some(Approve { digest: request.digest, by: app.user.clone() });
    started(app, request.flow, SyncRules { dry_run: false, approve })
}

fn started(app: &Arc<App>, flow: FlowId, rules: SyncRules) -> Result<JobStarted, Problem> {
    let (work, secrets, flow) = (Arc::clone(app), app.secrets()?, flow_of(flow));
    app.jobs.start(JobKind::Sync, flow.title(), "writes", TOPICS.to_vec(), move |step| async move {
        step.if_cut_short(|_| "What was sent is read back; the rest stays as it was.".into());
        let report = services::sync_watched(&work.company, &secrets, flow, rules, &step).await?;
        if report.parked > 0 {
            step.result(Tone::Warn, show::counted(report.parked, "letter was parked", "letters were parked"), None);
        }
        Ok(in_words(&report))
    })
}

fn in_words(report: &SyncReport) -> String {
    let mut said = vec![format!("{} done", report.done)];
    let mut add = |number: usize, what: &str| {
        if number > 0 {
            said.push(format!("{number} {what}"));
        }
    };
    add(report.waiting, "waiting for you");
    add(report.unsent, "not sent yet");
    add(report.in_doubt, "with an unknown outcome");
    add(report.stale, "out of date");
    add(report.letters.len(), "letters");
    said.join(", ")
}

/// One, or all of its cause. Letters of records run their flow again.
pub fn replay_letters(app: &Arc<App>, request: ReplayLettersRequest) -> Result<JobStarted, Problem> {
    let letter = services::letter_of(&app.company, number(app, &request.id)?).map_err(|error| app.problem(error))?;
    let all = services::dead_letters(&app.company, None).map_err(|error| app.problem(error))?;
    let mut ids: BTreeSet<i64> = BTreeSet::from([letter.id]);
    if request.alike {
        ids.extend(all.iter().filter(|it| it.cause == letter.cause).map(|it| it.id));
    }
    let (work, secrets, ids) = (Arc::clone(app), app.secrets()?, Vec::from_iter(ids));
    app.jobs.start(JobKind::Sync, "Replaying letters", "letters", TOPICS.to_vec(), move |step| async move {
        step.if_cut_short(|_| "What was sent is read back; the other letters are still open.".into());
        let report = services::replay_letters(&work.company, &secrets, &work.user, &ids).await?;
        for flow in report.flows_to_run.iter().filter_map(|it| it.parse().ok()) {
            services::sync_watched(&work.company, &secrets, flow, SyncRules::default(), &step).await?;
        }
        let open = services::dead_letters(&work.company, None)?;
        let still = open.iter().filter(|it| ids.contains(&it.id)).count();
        Ok(format!("{} replayed, {still} still open", show::counted(ids.len(), "letter", "letters")))
    })
}

pub fn edit_letter(app: &App, request: EditLetterRequest) -> Result<ActionDone, Problem> {
    let id = number(app, &request.id)?;
    services::edit_letter(&app.company, &app.user, id, request.text.as_deref()).map_err(|error| app.problem(error))?;
    let message =
        if request.text.is_some() { "Your version is kept beside the original" } else { "Your version is gone" };
    Ok(done(app, message.into()))
}

pub fn close_letter(app: &App, request: CloseLetterRequest) -> Result<ActionDone, Problem> {
    let id = number(app, &request.id)?;
    services::close_letter(&app.company, &app.user, id, &request.reason).map_err(|error| app.problem(error))?;
    Ok(done(app, "Letter closed".into()))
}

fn done(app: &App, message: String) -> ActionDone {
    app.jobs.changed(TOPICS.to_vec());
    ActionDone { message, undoable: false, next_id: None, open: None }
}
