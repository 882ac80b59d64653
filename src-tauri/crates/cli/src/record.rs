//! The record: tie-out and its certificate, sign-offs, locks, the audit trail.

use crate::args::{AuditCommand, LockArg, PeriodCommand, RoleArg};
use crate::report::Done;
use crate::run::{needs, open, some, told, user};
use crate::secrets;
use serde_json::json;
use std::path::Path;
use tieout_services as services;
use tieout_services::{LockKind, Role, ServiceError};

pub fn tie_out(
    folder: &Path,
    period: &str,
    certificate: Option<&Path>,
    paper: Option<&Path>,
    key: Option<&Path>,
) -> Result<Done, ServiceError> {
    let bad = |why: String| ServiceError::BadInput { field: "period", value: period.to_owned(), why };
    let first: jiff::civil::Date = format!("{period}-01").parse().map_err(|_| bad("write it as YYYY-MM".into()))?;
    let company = open(folder)?;
    let report = services::tie_out(&company, first, first.last_of_month())?;
    let open = report.accounts.iter().filter(|it| !it.ties).count();
    let mut value = told(&report);
    if let Some(out) = certificate {
        let key = key.map(crate::people::open_key).transpose()?;
        let signer = key.as_ref().map(|it| it as &dyn services::Signer);
        value["certificate"] = told(&services::write_certificate(&company, &user(), period, out, paper, signer)?);
        services::anchor_head(&company, &secrets::opened_keeper(&company))?;
    }
    Ok(needs(value, open > 0, format!("{open} accounts have an unexplained difference")))
}

pub fn sign_off(
    folder: &Path,
    period: &str,
    role: Option<RoleArg>,
    by: Option<&str>,
    override_reason: &str,
) -> Result<Done, ServiceError> {
    let company = open(folder)?;
    let state = match (role, by) {
        (Some(role), Some(by)) => {
            let role = match role {
                RoleArg::Preparer => Role::Preparer,
                RoleArg::Reviewer => Role::Reviewer,
            };
            services::sign_off(&company, by, period, role, override_reason)?
        }
        _ => services::close_state(&company, period)?,
    };
    let suspended: Vec<_> = state.sign_offs.iter().filter(|it| it.suspended).collect();
    let what = some(&suspended, |it| {
        format!("the sign-off of {} ({}) is suspended: {} lines changed", it.by, it.role, it.changes_total)
    });
    Ok(needs(told(&state), !suspended.is_empty(), format!("what was signed has changed{what}")))
}

pub fn period(what: PeriodCommand) -> Result<Done, ServiceError> {
    let (data, period) = match &what {
        PeriodCommand::Lock { period, kind, reason, by, data } => {
            let kind = match kind {
                LockArg::Soft => LockKind::Soft,
                LockArg::Hard => LockKind::Hard,
            };
            services::lock_period(&open(&data.data)?, by, period, kind, reason)?;
            (data, period)
        }
        PeriodCommand::Unlock { period, reason, by, data } => {
            services::unlock_period(&open(&data.data)?, by, period, reason)?;
            (data, period)
        }
    };
    let lock = open(&data.data)?.store.read(|reader| reader.period_lock(period))?;
    Ok(Done::Whole(json!({ "period": period, "lock": lock.map(|it| it.kind.as_str()) })))
}

pub fn audit(what: AuditCommand) -> Result<Done, ServiceError> {
    match what {
        AuditCommand::Verify { heads, against, data } => {
            let company = open(&data.data)?;
            let bad = |text: &str| ServiceError::BadInput {
                field: "head",
                value: text.to_owned(),
                why: "write it as an earlier verify printed it, row:hash".into(),
            };
            let mut elsewhere = Vec::new();
            for text in &heads {
                elsewhere.push(services::AuditHead::parse(text).ok_or_else(|| bad(text))?);
            }
            for file in &against {
                elsewhere.push(services::head_in(file)?);
            }
            let keeper = secrets::opened_keeper(&company);
            elsewhere.extend(services::anchored_head(&keeper));
            let report = services::verify_audit(&company, &elsewhere)?;
            if report.intact {
                services::anchor_head(&company, &keeper)?;
            }
            let mut what = "the audit trail is not whole".to_owned();
            if let (Some(row), Some(why)) = (report.first_bad_row, &report.why) {
                what = format!("audit row {row}: {why}\n  Rows before it hold. Keep a copy of the data folder.");
            } else if let Some(damaged) = &report.damaged {
                what = format!("the trail is whole, what it vouches for is not: {damaged}");
            }
            Ok(needs(told(&report), !report.intact, what))
        }
        AuditCommand::Export { out, data } => {
            let company = open(&data.data)?;
            let report = services::export_audit(&company, &user(), &out)?;
            services::anchor_head(&company, &secrets::opened_keeper(&company))?;
            Ok(Done::Whole(told(&report)))
        }
    }
}
