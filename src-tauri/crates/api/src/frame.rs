//! The frame around every screen: which company, which period, how fresh, what runs, and what can be undone.

use crate::app::App;
use crate::freshness::freshness;
use crate::match_decisions::{TOPICS, not_done, refuse};
use crate::views::{
    ActionDone, AppStateView, Density, EnvironmentView, HistoryEntry, JobRequest, JobView, NegativeStyle, OpenCounts,
    PeriodState, PeriodView, Preferences, Problem, ThemeChoice, Tone, ZeroStyle,
};
use crate::{decided, show};
use jiff::civil::Date;
use tieout_domain::{ObjectKind, PaymentEvent, Period, PostingState, Queue};
use tieout_services::decisions;
use tieout_store::{Decision, ExceptionStatus, ListQuery, SortBy, StoreError, Tx};

const PREFERENCES: &str = "preferences";
const HISTORY_MAX: u32 = 100;
/// Months offered at most, the newest ones.
const PERIODS_MAX: usize = 36;

pub fn app_state(app: &App) -> Result<AppStateView, Problem> {
    let connection = app.company.connection().ok();
    let today = this_day(app);
    let (undo, redo, standing, in_doubt, postings) = app
        .company
        .store
        .read(|reader| {
            Ok::<_, StoreError>((
                reader.next_undo_where(decisions::can_be_undone)?,
                reader.next_redo()?,
                reader.standing_exceptions()?,
                reader.postings_in(&["in-doubt", "sending"])?.len(),
                reader.posting_counts()?,
            ))
        })
        .map_err(|error| app.problem(error))?;
    // What was out of sight until today comes back.
    if standing.iter().any(|it| it.snoozed_until.is_some_and(|day| day <= today)) {
        let woken = app.company.store.write("clock", app.company.now(), |tx| tx.wake_exceptions(today));
        woken.map_err(|error: StoreError| app.problem(error))?;
    }
    let open = standing.iter().filter(|it| {
        it.status == ExceptionStatus::Open && it.exception.kind.queue() == Queue::Mismatch && it.expected_on.is_none()
    });
    let exceptions = show::count(open.count());
    let approvals = postings.iter().filter(|it| it.state == PostingState::Proposed.as_str()).map(|it| it.count).sum();
    let matching = app.glance()?.map_or(0, |it| show::count(it.to_review));
    let (freshness, online) = freshness(app)?;
    Ok(AppStateView {
        version: env!("CARGO_PKG_VERSION").into(),
        company: connection.as_ref().map(|it| it.intacct_company.clone()).unwrap_or_default(),
        entity: connection.as_ref().and_then(|it| it.intacct_entity.clone()).unwrap_or_default(),
        store: connection.as_ref().map(|it| it.store_name.clone()).unwrap_or_default(),
        environment: match &connection {
            _ if app.is_demo() => EnvironmentView::Demo,
            Some(it) if it.production => EnvironmentView::Production,
            _ => EnvironmentView::Sandbox,
        },
        time_zone: connection.as_ref().map(|it| it.entity_zone.clone()).unwrap_or_default(),
        needs_connection: connection.is_none(),
        user: app.user.clone(),
        periods: periods(app, today)?,
        current_period: Period::of(today).to_string(),
        freshness,
        open_counts: OpenCounts { matching, exceptions, approvals },
        jobs: app.jobs.list(),
        undo: undo.map(|it| it.title),
        redo: redo.map(|it| it.title),
        online,
        outcome_unknown: show::count(in_doubt),
        data_folder: app.company.store.folder().display().to_string(),
    })
}

/// The books' own day; before they are known, the world's.
pub(crate) fn this_day(app: &App) -> Date {
    app.company.today().unwrap_or_else(|_| app.company.now().to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// From the first payment known (or the cut-over, if that is earlier) to this month.
fn periods(app: &App, today: Date) -> Result<Vec<PeriodView>, Problem> {
    let by_date = ListQuery { sort: SortBy::Date, ..ListQuery::default() };
    let (orders, first) = app
        .company
        .store
        .read(|reader| {
            let first = reader.window::<PaymentEvent>(&by_date, 0, 1)?.rows.into_iter().next();
            Ok::<_, StoreError>((reader.count(ObjectKind::Order)?, first))
        })
        .map_err(|error| app.problem(error))?;
    let first = match (first, app.company.settings().ok()) {
        (Some(payment), Some((settings, _))) => payment.value.on.min(settings.cut_over),
        (Some(payment), None) => payment.value.on,
        (None, Some((settings, _))) if orders > 0 => settings.cut_over,
        (None, _) => return Ok(Vec::new()),
    };
    let books = app.company.books().map_err(|error| app.problem(error))?;
    let mut periods = Vec::new();
    let mut month = Some(today.first_of_month());
    while let Some(day) = month.filter(|day| *day >= first.first_of_month() && periods.len() < PERIODS_MAX) {
        let period = Period::of(day);
        let state = match &books {
            None => PeriodState::Unknown,
            Some(books) if books.is_open_on(period.last_day()) => PeriodState::Open,
            Some(_) => PeriodState::Closed,
        };
        periods.push(PeriodView { id: period.to_string(), label: day.strftime("%b %Y").to_string(), state });
        month = day.yesterday().ok().map(Date::first_of_month);
    }
    periods.reverse();
    Ok(periods)
}

pub fn undo(app: &App) -> Result<ActionDone, Problem> {
    let undone = app.company.store.write(&app.user, app.company.now(), |tx| {
        let decision = tx.undo_where(decisions::can_be_undone)?;
        let left = decision.as_ref().map(|it| decisions::approvals_left(tx, it)).transpose()?.flatten();
        Ok::<_, StoreError>((carried_out(tx, decision)?, left))
    });
    let (decision, left) = undone.map_err(|error| not_done(app, error))?;
    let decision = decision.ok_or_else(|| {
        refuse(app, "There is nothing to undo", "What was posted is reversed in Approvals, not undone.")
    })?;
    let message = match left {
        Some((left, of)) if left < of => {
            format!("Undone: {}, {left} of {of}; the others are on their way or in Intacct", decision.title)
        }
        _ => format!("Undone: {}", decision.title),
    };
    finished(app, message, false)
}

pub fn redo(app: &App) -> Result<ActionDone, Problem> {
    let redone = app.company.store.write(&app.user, app.company.now(), |tx| carried_out(tx, tx.redo()?));
    let decision = redone.map_err(|error| not_done(app, error))?;
    let decision = decision
        .ok_or_else(|| refuse(app, "There is nothing to redo", "Redo works until something new is decided."))?;
    finished(app, format!("Redone: {}", decision.title), true)
}

/// The mark on the stack and what it stands for change together, or not at all.
fn carried_out(tx: &Tx<'_>, decision: Option<Decision>) -> Result<Option<Decision>, StoreError> {
    if let Some(decision) = &decision
        && !decided::carry_out(tx, decision)?
        && !decisions::carry_out(tx, decision)?
    {
        let what = format!("decision {}: this program does not know the kind {:?}", decision.id, decision.kind);
        return Err(StoreError::Damaged { what });
    }
    Ok(decision)
}

fn finished(app: &App, message: String, undoable: bool) -> Result<ActionDone, Problem> {
    app.jobs.changed(TOPICS.to_vec());
    Ok(ActionDone { message, undoable, next_id: None, open: None })
}

/// Newest first.
pub fn history(app: &App) -> Result<Vec<HistoryEntry>, Problem> {
    let log = app.company.store.read(|reader| reader.decision_log(HISTORY_MAX));
    let log = log.map_err(|error: StoreError| app.problem(error))?;
    let entry = |it: Decision| HistoryEntry {
        id: it.id.to_string(),
        at: it.at.to_string(),
        by: it.by,
        message: it.title,
        tone: if it.undone { Tone::Plain } else { Tone::Ok },
        undone: it.undone,
    };
    Ok(log.into_iter().map(entry).collect())
}

pub fn preferences(app: &App) -> Result<Preferences, Problem> {
    let kept = app.company.store.read(|reader| reader.recall(PREFERENCES));
    let kept = kept.map_err(|error: StoreError| app.problem(error))?;
    // What an older or newer program wrote and this one cannot read starts over; it is only how the window looks.
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Preferences {
        theme: ThemeChoice::System,
        density: Density::Compact,
        zoom: 100,
        negative: NegativeStyle::Parentheses,
        zero: ZeroStyle::Dash,
    }))
}

pub fn save_preferences(app: &App, request: Preferences) -> Result<Preferences, Problem> {
    if !(50..=200).contains(&request.zoom) {
        return Err(refuse(app, format!("A zoom of {} percent is not possible", request.zoom), "Choose 50 to 200."));
    }
    let text = serde_json::to_string(&request).expect("preferences are plain text");
    app.company.store.remember(PREFERENCES, &text).map_err(|error| app.problem(error))?;
    Ok(request)
}

pub fn jobs(app: &App) -> Result<Vec<JobView>, Problem> {
    Ok(app.jobs.list())
}

pub fn cancel_job(app: &App, request: JobRequest) -> Result<JobView, Problem> {
    app.jobs.cancel(&request.job_id)
}
