//! `sync` and `dlq`: flows from a terminal.

use crate::args::DlqCommand;
use crate::report::{Done, Failure};
use crate::run::{needs, open, some, told};
use crate::secrets;
use serde_json::{Value, json};
use tieout_services as services;
use tieout_services::{Approve, Company, DeadLetter, Flow, Secrets, ServiceError, SyncReport, SyncRules};

const ALL: &str = "all";

/// `approve` and `take_back` come with who says so.
pub async fn sync(
    company: &Company,
    flow: &str,
    dry_run: bool,
    approve: Option<(String, String)>,
    take_back: Option<(i64, String)>,
) -> Result<Done, ServiceError> {
    let secrets = secrets::find(company)?;
    if let Some((run, by)) = take_back {
        return Ok(one(services::take_back(company, &secrets, run, &by).await?));
    }
    let rules = SyncRules { dry_run, approve: approve.map(|(digest, by)| Approve { digest, by }) };
    if flow != ALL {
        return Ok(one(services::sync(company, &secrets, parsed(flow)?, rules).await?));
    }
    if rules.approve.is_some() {
        return Err(wrong(flow, "a digest is of one flow: name it"));
    }
    all(company, &secrets, rules).await
}

/// Every flow that is switched on, one after the other. One that fails keeps no other from its turn.
async fn all(company: &Company, secrets: &Secrets, rules: SyncRules) -> Result<Done, ServiceError> {
    let (mut flows, mut words, mut waits, mut failed) = (Vec::new(), Vec::new(), false, Vec::new());
    for row in services::board(company)?.iter().filter(|it| it.policy != services::Policy::Off) {
        match services::sync(company, secrets, row.flow, rules.clone()).await {
            Ok(report) => {
                waits |= report.needs_a_person();
                words.push(in_words(&report));
                flows.push(told(&report));
            }
            Err(error) => {
                let failure = Failure::of(&error);
                words.push(format!("{} failed: {}\n  {}", row.flow, failure.happened, failure.remedy));
                flows.push(json!({ "flow": row.flow.as_str(), "error": failure }));
                failed.push((row.flow, failure));
            }
        }
    }
    let (value, words) = (json!({ "flows": flows }), words.join("\n"));
    Ok(match together(&failed) {
        Some(failure) => Done::PartlyFailed(value, words, failure),
        None => needs(value, waits, words),
    })
}

/// One failure that names every flow; `None` when there is none.
fn together(failed: &[(Flow, Failure)]) -> Option<Failure> {
    let each = |say: fn(&Failure) -> &str| -> String {
        failed.iter().map(|(flow, it)| format!("{flow}: {}", say(it))).collect::<Vec<_>>().join("; ")
    };
    let status = failed.iter().map(|(_, it)| it.status).max()?;
    Some(Failure { happened: each(|it| &it.happened), remedy: each(|it| &it.remedy), status })
}

fn one(report: SyncReport) -> Done {
    needs(told(&report), report.needs_a_person(), in_words(&report))
}

fn in_words(it: &SyncReport) -> String {
    if it.dry_run {
        let lines = some(&it.planned, |write| {
            let changes: Vec<String> =
                write.changes.iter().map(|it| format!("{} {} -> {}", it.field, it.before, it.after)).collect();
            format!("{}: {}", write.title, changes.join(", "))
        });
        return format!("{}: {} would be written, {} letters{lines}", it.flow, it.planned.len(), it.letters.len());
    }
    format!(
        "{}: {} waiting (digest {}), {} done, {} in doubt, {} unsent{}",
        it.flow,
        it.waiting,
        it.digest,
        it.done,
        it.in_doubt,
        it.unsent,
        some(&it.letters, |letter| format!("{}: {}. {}", letter.title, letter.why, letter.fix))
    )
}

fn parsed(flow: &str) -> Result<Flow, ServiceError> {
    flow.parse().map_err(|why: String| wrong(flow, &format!("{why}, or all")))
}

fn wrong(flow: &str, why: &str) -> ServiceError {
    ServiceError::BadInput { field: "flow", value: flow.to_owned(), why: why.to_owned() }
}

pub async fn dlq(what: DlqCommand) -> Result<Done, ServiceError> {
    match what {
        DlqCommand::List { flow, data } => {
            let flow = flow.as_deref().map(parsed).transpose()?;
            let letters = services::dead_letters(&open(&data.data)?, flow)?;
            let lines = some(&letters, |it| format!("{} {} {}: {}. {}", it.id, it.cause, it.title, it.why, it.fix));
            Ok(needs(json!({ "letters": letters }), !letters.is_empty(), format!("{} letters{lines}", letters.len())))
        }
        DlqCommand::Replay { ids, alike, by, data } => replay(&open(&data.data)?, ids, alike, &by).await,
        DlqCommand::Edit { id, file, by, data } => {
            let company = open(&data.data)?;
            let text = file.as_deref().map(read).transpose()?;
            services::edit_letter(&company, &by, id, text.as_deref())?;
            Ok(Done::Whole(told(&services::letter_of(&company, id)?)))
        }
        DlqCommand::Close { id, reason, by, data } => {
            services::close_letter(&open(&data.data)?, &by, id, &reason)?;
            Ok(Done::Whole(json!({ "closed": id })))
        }
    }
}

fn read(file: &std::path::Path) -> Result<String, ServiceError> {
    std::fs::read_to_string(file)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be read", file.display()), source })
}

async fn replay(company: &Company, mut ids: Vec<i64>, alike: Option<String>, by: &str) -> Result<Done, ServiceError> {
    if let Some(cause) = alike {
        let letters = services::dead_letters(company, None)?;
        let alike: Vec<&DeadLetter> = letters.iter().filter(|it| it.cause == cause).collect();
        if alike.is_empty() {
            let why = "no open letter has that cause; `tieout dlq list` names them".to_owned();
            return Err(ServiceError::BadInput { field: "alike", value: cause, why });
        }
        ids.extend(alike.iter().map(|it| it.id));
        ids.sort_unstable();
        ids.dedup();
    }
    let secrets = secrets::find(company)?;
    let report = services::replay_letters(company, &secrets, by, &ids).await?;
    let mut runs: Vec<Value> = Vec::new();
    for flow in &report.flows_to_run {
        runs.push(told(&services::sync(company, &secrets, parsed(flow)?, SyncRules::default()).await?));
    }
    let open = services::dead_letters(company, None)?;
    let still = open.iter().filter(|it| ids.contains(&it.id)).count();
    let value = json!({ "replayed": ids.len(), "done": report.done, "still_open": still, "runs": runs });
    Ok(needs(value, still > 0, format!("{still} of {} letters are still open", ids.len())))
}
