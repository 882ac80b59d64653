//! Activity: the audit trail as it is, newest first, and the walk along its chain.

use crate::app::App;
use crate::posting_words;
use crate::show::{actor, cut, who};
use crate::views::{ActivityFacets, ActivityRequest, AuditRowView, AuditVerdict, Problem, Tone, Window};
use serde_json::Value;
use tieout_domain::Posting;
use tieout_services as services;
use tieout_store::{AuditFilter, AuditRow};

/// Longer contents (a settings text, a whole posting) are cut in the list.
const SHOWN_MAX: usize = 2_000;
/// Without a reason, a row says the beginning of what it became.
const IN_A_LINE: usize = 160;

pub fn activity(app: &App, request: ActivityRequest) -> Result<Window<AuditRowView>, Problem> {
    let filter = AuditFilter {
        actor: request.actor.map(|it| actor(&it).to_owned()),
        action: request.action,
        subject: None,
        text: Some(request.text).filter(|it| !it.trim().is_empty()),
    };
    let limit = request.limit.min(200);
    let found = app.company.store.read(|reader| reader.audit_window(&filter, request.offset, limit));
    let found = found.map_err(|error| app.problem(error))?;
    Ok(Window { total: found.total, offset: found.position, rows: found.rows.into_iter().map(view).collect() })
}

fn view(row: AuditRow) -> AuditRowView {
    let lost = ["refused", "no answer", "not as approved", "void", "deleted", "failed"];
    let won = ["approved", "posted", "matched", "read back"];
    let is = |words: &[&str]| words.iter().any(|it| row.action.contains(it));
    let tone = if is(&lost) {
        Tone::Warn
    } else if is(&won) {
        Tone::Ok
    } else {
        Tone::Plain
    };
    let reason = row.reason.clone();
    AuditRowView {
        sequence: u32::try_from(row.seq).unwrap_or(u32::MAX),
        at: row.at.to_string(),
        actor: who(&row.actor),
        action: row.action,
        subject: row.subject,
        detail: if row.reason.is_empty() { cut(in_words(&row.after), IN_A_LINE) } else { row.reason },
        before: cut(row.before, SHOWN_MAX),
        after: cut(row.after, SHOWN_MAX),
        reason,
        zone: row.zone,
        rule: row.rule,
        program: row.app_version,
        hash: row.hash,
        tone,
    }
}

/// What a row became, for a reader: an entry by its title and amount, a short list of facts as such. Anything else, and the whole
/// of it, stands under After.
fn in_words(after: &str) -> String {
    if let Ok(posting) = serde_json::from_str::<Posting>(after) {
        return format!("{}, {}", posting_words::title(&posting.document), posting.document.amount());
    }
    let Ok(Value::Object(facts)) = serde_json::from_str(after) else { return after.to_owned() };
    let said = facts.iter().filter_map(|(name, value)| match value {
        Value::Number(number) => Some(format!("{number} {}", name.replace('_', " "))),
        Value::String(text) if name != "digest" => Some(format!("{} {text}", name.replace('_', " "))),
        _ => None,
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { after.to_owned() } else { said.join(", ") }
}

pub fn activity_facets(app: &App) -> Result<ActivityFacets, Problem> {
    let found = app.company.store.read(|reader| {
        Ok::<_, tieout_store::StoreError>(ActivityFacets {
            actors: reader.audit_actors()?.iter().map(|it| who(it)).collect(),
            actions: reader.audit_actions()?,
            total: u32::try_from(reader.audit_head()?.seq).unwrap_or(u32::MAX),
        })
    });
    found.map_err(|error| app.problem(error))
}

/// Walks every row of the chain, holds it against the head file and the head beside the secrets, and compares what is
/// stored with it.
pub fn verify_audit(app: &App) -> Result<AuditVerdict, Problem> {
    let elsewhere: Vec<_> = services::anchored_head(&app.keeper).into_iter().collect();
    let report = services::verify_audit(&app.company, &elsewhere).map_err(|error| app.problem(error))?;
    if report.intact {
        services::anchor_head(&app.company, &app.keeper).map_err(|error| app.problem(error))?;
    }
    let message = match (report.first_bad_row, &report.why, &report.damaged) {
        (Some(row), why, _) => {
            let why = why.as_deref().unwrap_or_default();
            format!("Audit row {row}: {why}. Rows before it hold; keep a copy of the data folder.")
        }
        (None, _, Some(damaged)) => format!("The trail is whole, what it vouches for is not: {damaged}."),
        (None, _, None) => {
            let against = if elsewhere.is_empty() { "the head file" } else { "the head file and the keychain" };
            format!("All {} rows are as they were written, by {against}; what is stored is what they say.", report.rows)
        }
    };
    Ok(AuditVerdict {
        intact: report.intact,
        rows: u32::try_from(report.rows).unwrap_or(u32::MAX),
        first_broken: report.first_bad_row.and_then(|it| u32::try_from(it).ok()),
        head: report.head,
        checked_at: app.company.now().to_string(),
        message,
    })
}
