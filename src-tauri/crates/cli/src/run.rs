//! One command, one service: translate, call, tell.

use crate::args::{Args, Command, Connect, DialectArg, Environment, ExportCommand, FormatArg, SettingsCommand, What};
use crate::report::{Done, tell};
use crate::{demo, flows, map, record, sandbox, secrets};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tieout_services as services;
use tieout_services::{Checked, Clock, Company, Connection, Listed, PostRules, ReportFormat, ServiceError};

pub async fn run(args: Args) -> ExitCode {
    let json = args.json;
    tell(command(args.command).await, json)
}

pub fn clock() -> Clock {
    Arc::new(Timestamp::now)
}

pub fn open(folder: &Path) -> Result<Company, ServiceError> {
    Company::open(folder, clock())
}

pub fn told<T: serde::Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

async fn command(command: Command) -> Result<Done, ServiceError> {
    Ok(match command {
        Command::Demo { data, seed, orders } => {
            let told = demo::run(&data.data, seed, orders).await?;
            Done::Text(demo::in_words(&told), told)
        }
        Command::Sandbox { xcart_port, intacct_port, seed, orders, latency_ms, faults, ledger, ignore_unique_key } => {
            let plan = tieout_sandbox::running::Plan {
                xcart_port,
                intacct_port,
                seed,
                orders,
                latency_ms,
                faults,
                ledger,
                ignore_unique_key,
            };
            sandbox::serve(plan).await?;
            Done::Whole(json!({ "stopped": true }))
        }
        Command::Connect(it) => connect(*it)?,
        Command::Pull { data, deletions } => {
            let company = open(&data.data)?;
            if deletions {
                services::ask_for_deletions(&company)?;
            }
            let report = services::pull(&company, &secrets::find(&company)?, &|_| {}).await?;
            let names = some(&report.not_understood, |it| it.reason.clone());
            let what = format!(
                "records not understood: {}; each is kept as it came, everything else was read{names}\n  Correct them at their source and pull again; after `propose` they are in `list exceptions`.",
                report.refused
            );
            needs(told(&report), report.refused > 0, what)
        }
        Command::Match(files) => {
            let Some(data) = &files.data else { return crate::match_files::run(&files) };
            let report = services::reconcile(&open(data)?)?;
            let waiting = report.suggested;
            needs(told(&report), waiting > 0, format!("{waiting} suggested matches wait for a person"))
        }
        Command::Propose { data } => {
            let report = services::propose(&open(&data.data)?)?;
            let (proposed, held) = (report.proposed, report.exceptions);
            needs(
                told(&report),
                proposed + held > 0,
                format!("{proposed} proposals wait for approval, {held} exceptions for a person"),
            )
        }
        Command::List { what, data, limit } => Done::Whole(services::list(&open(&data.data)?, listed(what), limit)?),
        Command::Import { file, source, data } => {
            Done::Whole(told(&services::import_file(&open(&data.data)?, &user(), &file, &source)?))
        }
        Command::Settings { what: SettingsCommand::Export { file, data } } => map::export(&data.data, file)?,
        Command::Settings { what: SettingsCommand::Import { file, data } } => map::import(&data.data, &file).await?,
        Command::Map { what } => map::run(what).await?,
        Command::Rules { what } => crate::rules::run(what)?,
        Command::Approve { ids, digest, all_clear, by, override_reason, data } => {
            let company = open(&data.data)?;
            let by = services::Approver { name: &by, override_reason: &override_reason };
            let report = match (all_clear, ids.is_empty()) {
                (true, true) => services::approve_all_clear(&company, by, &digest)?,
                (false, false) => services::approve_listed(&company, by, &digest, &ids)?,
                _ => {
                    let why = "give either --all-clear or the ids to approve".into();
                    return Err(ServiceError::BadInput { field: "approve", value: String::new(), why });
                }
            };
            let left = report.left.len();
            let why = some(&report.left, |(id, why)| format!("{id}: {why}"));
            needs(told(&report), left > 0, format!("{left} proposals were not approved{why}"))
        }
        Command::Post { data, wait_seconds } => {
            let rules =
                PostRules { wait_at_most: SignedDuration::from_secs(i64::from(wait_seconds)), ..PostRules::default() };
            let company = open(&data.data)?;
            let report = services::post_approved(&company, &secrets::find(&company)?, rules).await?;
            let open = report.unknown + report.refused + report.changed + report.waiting + report.awaiting;
            needs(
                told(&report),
                open > 0,
                format!(
                    "{} unknown, {} refused, {} changed, {} waiting{}",
                    report.unknown,
                    report.refused,
                    report.changed,
                    report.waiting + report.awaiting,
                    some(&report.unfinished, |it| format!("{} ({}): {}", it.id, it.reference, it.why))
                ),
            )
        }
        Command::Settle { id, record, absent, by, data } => settle(&data.data, &id, record, absent, &by).await?,
        Command::Reverse { id, on, by, data } => {
            let reversal = services::propose_reversal(&open(&data.data)?, &by, &id, on)?;
            Done::NeedsAPerson(json!({ "proposed": reversal.0 }), "the reversal waits for approval".into())
        }
        Command::Sync { flow, dry_run, approve, take_back, by, data } => {
            flows::sync(&open(&data.data)?, &flow, dry_run, approve.zip(by.clone()), take_back.zip(by)).await?
        }
        Command::Dlq { what } => flows::dlq(what).await?,
        Command::TieOut { period, certificate, data } => record::tie_out(&data.data, &period, certificate.as_deref())?,
        Command::SignOff { period, role, by, override_reason, data } => {
            record::sign_off(&data.data, &period, role, by.as_deref(), &override_reason)?
        }
        Command::Period { what } => record::period(what)?,
        Command::Export { what: ExportCommand::Exceptions { format, out, data } } => {
            let format = match format {
                FormatArg::Csv => ReportFormat::Csv,
                FormatArg::Xlsx => ReportFormat::Xlsx,
                FormatArg::Json => ReportFormat::Json,
            };
            let rows = services::export_exceptions(&open(&data.data)?, format, &out)?;
            Done::Whole(json!({ "rows": rows, "file": out.display().to_string() }))
        }
        Command::Audit { what } => record::audit(what)?,
    })
}

/// Lines a terminal can take; the answer itself has them all.
const NAMED_AT_MOST: usize = 20;

pub fn some<T>(all: &[T], say: impl Fn(&T) -> String) -> String {
    let mut text: String = all.iter().take(NAMED_AT_MOST).map(|it| format!("\n  {}", say(it))).collect();
    if all.len() > NAMED_AT_MOST {
        text.push_str(&format!("\n  ... and {} more", all.len() - NAMED_AT_MOST));
    }
    text
}

pub fn needs(value: serde_json::Value, person: bool, what: String) -> Done {
    if person { Done::NeedsAPerson(value, what) } else { Done::Whole(value) }
}

/// The operating system's account; an approval names its person itself.
pub fn user() -> String {
    std::env::var("USER").unwrap_or_else(|_| "command line".into())
}

fn listed(what: What) -> Listed {
    match what {
        What::Orders => Listed::Orders,
        What::Payments => Listed::Payments,
        What::Profiles => Listed::Profiles,
        What::Products => Listed::Products,
        What::Receipts => Listed::Receipts,
        What::Settlements => Listed::Settlements,
        What::Matches => Listed::Matches,
        What::Exceptions => Listed::Exceptions,
        What::Proposals => Listed::Proposals,
        What::Postings => Listed::Postings,
        What::Departures => Listed::Departures,
    }
}

async fn settle(
    folder: &Path,
    id: &str,
    record: Option<String>,
    absent: Option<String>,
    by: &str,
) -> Result<Done, ServiceError> {
    let company = open(folder)?;
    let secrets = secrets::find(&company)?;
    let checked = match record {
        Some(record) => services::settle_found(&company, &secrets, id, &record).await?,
        None => services::give_up(&company, &secrets, id, by, absent.as_deref().unwrap_or_default()).await?,
    };
    let told = |outcome: &str, record: Option<&str>| json!({ "posting": id, "outcome": outcome, "record": record });
    Ok(match checked {
        Checked::Found { record } => Done::Whole(told("posted", Some(&record))),
        Checked::Awaiting { record } => {
            needs(told("awaiting", Some(&record)), true, format!("record {record} waits for an approval in Intacct"))
        }
        Checked::Absent => needs(told("absent", None), true, format!("{id} is not in Intacct; approve it anew")),
        Checked::Different { found } => needs(
            told("different", None),
            true,
            format!(
                "what is in Intacct is not what was approved: {found}. Correct or remove it there, then settle again"
            ),
        ),
    })
}

fn connect(it: Connect) -> Result<Done, ServiceError> {
    let currency = tieout_money::Currency::parse(&it.store_currency).map_err(|error| ServiceError::BadInput {
        field: "store-currency",
        value: it.store_currency.clone(),
        why: error.to_string(),
    })?;
    let connection = Connection {
        production: it.environment == Environment::Production,
        store_name: it.store_name,
        store_zone: it.store_zone,
        store_currency: currency,
        xcart_url: it.xcart_url,
        xcart_dialect: match it.xcart_dialect {
            DialectArg::Auto => None,
            DialectArg::AdminApi => Some(tieout_services::Dialect::AdminApi),
            DialectArg::RestAddon => Some(tieout_services::Dialect::RestAddon),
        },
        intacct_url: it.intacct_url,
        intacct_company: it.intacct_company,
        intacct_user: it.intacct_user,
        intacct_sender: it.intacct_sender,
        intacct_entity: it.intacct_entity,
        entity_zone: it.entity_zone,
        cool_down_seconds: it.cool_down_seconds,
    };
    let company = open(&it.data.data)?;
    company.connect(&user(), &connection)?;
    let secrets = secrets::keep(&company)?;
    Ok(Done::Whole(json!({ "connected": connection.intacct_company, "secrets": secrets })))
}
