//! What happened since this person last worked here: new exceptions, what became of postings, files, and the last matching.

use crate::app::App;
use crate::exceptions::Desk;
use crate::frame::this_day;
use crate::posting_words as words;
use crate::show::{self, amount};
use crate::today::since_words;
use crate::views::{ChangeRow, OpenTarget, Problem, Screen, Tone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tieout_domain::PostingState;
use tieout_store::{AuditFilter, StoreError, StoredException};

const SHOWN_MAX: usize = 20;
/// New exceptions told one by one; the rest is one line.
const EXCEPTIONS_MAX: usize = 8;
/// Audit rows of a person looked through for the last one of an earlier day.
const ROWS_MAX: u32 = 500;
const WHY_LETTERS: usize = 200;

/// The rows shown, how many there are, and since when.
pub(crate) fn changes(app: &App) -> Result<(Vec<ChangeRow>, u32, String), Problem> {
    let since = since(app)?;
    let mut rows = exceptions(app, since)?;
    rows.extend(postings(app, since)?);
    rows.extend(files(app, since)?);
    let total = show::count(rows.len());
    rows.truncate(SHOWN_MAX);
    Ok((rows, total, since_words(app, since)))
}

/// The last thing this person did on an earlier day; else the start of this one.
fn since(app: &App) -> Result<Timestamp, Problem> {
    let zone =
        app.company.connection().ok().and_then(|it| TimeZone::get(&it.entity_zone).ok()).unwrap_or(TimeZone::UTC);
    let start = this_day(app).to_zoned(zone).map_or(app.company.now(), |it| it.timestamp());
    let filter = AuditFilter { actor: Some(app.user.clone()), ..AuditFilter::default() };
    let mine = app.company.store.read(|reader| reader.audit_page(&filter, None, ROWS_MAX));
    let mine = mine.map_err(|error: StoreError| app.problem(error))?;
    Ok(mine.into_iter().map(|it| it.at).find(|at| *at < start).unwrap_or(start))
}

fn exceptions(app: &App, since: Timestamp) -> Result<Vec<ChangeRow>, Problem> {
    let desk = Desk::of(app);
    let standing = app.company.store.read(|reader| reader.standing_exceptions());
    let standing = standing.map_err(|error: StoreError| app.problem(error))?;
    let mut new: Vec<StoredException> = standing.into_iter().filter(|it| it.first_seen >= since).collect();
    new.sort_by_key(|it| {
        let money = desk.money(&it.exception);
        (money.currency(), std::cmp::Reverse(money.abs().minor()), it.id.clone())
    });
    let more = new.len().saturating_sub(EXCEPTIONS_MAX);
    let at = new.iter().map(|it| it.first_seen).max();
    let mut rows: Vec<ChangeRow> = new
        .into_iter()
        .take(EXCEPTIONS_MAX)
        .map(|it| ChangeRow {
            id: it.id.0.clone(),
            tone: Tone::Warn,
            text: format!("{}: {}", it.exception.kind.title(), it.exception.subject),
            detail: show::cut(it.exception.why_not.clone(), WHY_LETTERS),
            amount: it.exception.at_stake.map(amount),
            at: it.first_seen.to_string(),
            open: OpenTarget { screen: Screen::Exceptions, id: Some(it.id.0) },
        })
        .collect();
    if let (true, Some(at)) = (more > 0, at) {
        rows.push(ChangeRow {
            id: "more-exceptions".into(),
            tone: Tone::Warn,
            text: format!("{more} more new exceptions"),
            detail: String::new(),
            amount: None,
            at: at.to_string(),
            open: OpenTarget { screen: Screen::Exceptions, id: None },
        });
    }
    Ok(rows)
}

fn postings(app: &App, since: Timestamp) -> Result<Vec<ChangeRow>, Problem> {
    let postings = app.postings()?;
    let mut rows = Vec::new();
    let (mut posted, mut last) = (0_usize, None);
    for it in postings.iter().filter(|it| it.changed_at >= since) {
        let said = match &it.posting.state {
            PostingState::Refused { reason } => Some(format!("Refused by Intacct: {reason}")),
            PostingState::InDoubt { .. } => Some("Its outcome is unknown; check the status".to_owned()),
            PostingState::AwaitingIntacct { .. } => Some("Waits for an approval in Intacct".to_owned()),
            PostingState::Posted { .. } => {
                posted += 1;
                last = last.max(Some(it.changed_at));
                None
            }
            _ => None,
        };
        if let Some(detail) = said {
            rows.push(ChangeRow {
                id: it.posting.id.0.clone(),
                tone: Tone::Bad,
                text: words::title(&it.posting.document),
                detail,
                amount: Some(amount(it.posting.document.amount())),
                at: it.changed_at.to_string(),
                open: OpenTarget { screen: Screen::Approvals, id: Some(it.posting.id.0.clone()) },
            });
        }
    }
    if let Some(at) = last {
        rows.push(ChangeRow {
            id: "posted".into(),
            tone: Tone::Ok,
            text: format!("{} read back and equal", show::counted(posted, "posting", "postings")),
            detail: String::new(),
            amount: None,
            at: at.to_string(),
            open: OpenTarget { screen: Screen::Approvals, id: None },
        });
    }
    Ok(rows)
}

fn files(app: &App, since: Timestamp) -> Result<Vec<ChangeRow>, Problem> {
    let imports = app.company.store.read(|reader| reader.import_batches());
    let imports = imports.map_err(|error: StoreError| app.problem(error))?;
    let new = imports.into_iter().filter(|it| it.at >= since && it.undone_at.is_none());
    let rows = new.map(|it| ChangeRow {
        id: format!("import-{}", it.id),
        tone: Tone::Plain,
        text: format!("{} was imported", it.file_name),
        detail: format!("{} rows, {} new, by {}", it.rows, it.added, it.by),
        amount: None,
        at: it.at.to_string(),
        open: OpenTarget { screen: Screen::Settings, id: None },
    });
    Ok(rows.collect())
}
