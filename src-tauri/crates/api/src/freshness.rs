//! How old what is known of each source is, and whether the last try reached it.

use crate::app::App;
use crate::posting_words;
use crate::views::{FreshnessState, FreshnessView, Problem};
use jiff::Timestamp;
use tieout_domain::SourceId;
use tieout_services::ServiceError;
use tieout_store::{StoreError, SyncRun};

/// Read within a day is fresh: a close looks at yesterday.
const TARGET_HOURS: i64 = 24;
/// Runs looked through for the newest one of a source.
const RUNS_MAX: u32 = 50;

/// And false when the newest run of a system failed for want of a network.
pub(crate) fn freshness(app: &App) -> Result<(Vec<FreshnessView>, bool), Problem> {
    let Ok(connection) = app.company.connection() else { return Ok((Vec::new(), true)) };
    let sources = [
        ("X-Cart", SourceId::xcart(&connection.store_name)),
        ("Intacct", SourceId::intacct(&connection.intacct_company)),
    ];
    let (runs, imports, good) = app
        .company
        .store
        .read(|reader| {
            let good = sources.iter().map(|(_, it)| reader.last_good_run(it)).collect::<Result<Vec<_>, _>>()?;
            Ok::<_, StoreError>((reader.sync_runs(RUNS_MAX)?, reader.import_batches()?, good))
        })
        .map_err(|error| app.problem(error))?;
    let mut online = true;
    let mut views = Vec::new();
    for ((name, source), good) in sources.iter().zip(good) {
        let newest = runs.iter().find(|it| it.source == *source && it.ended.is_some());
        // A person who stops a reading has not found anything broken.
        let stopped = ServiceError::Stopped.to_string();
        let problem = newest.and_then(|it| it.problem.clone()).filter(|it| *it != stopped);
        online &= !problem.as_deref().is_some_and(is_network);
        views.push(view(app, name, good.and_then(|it: SyncRun| it.ended), problem));
    }
    let imported = imports.iter().filter(|it| it.undone_at.is_none()).map(|it| it.at).max();
    views.push(view(app, "Payouts", imported, None));
    Ok((views, online))
}

/// The clients' own words for a host that was not reached.
fn is_network(problem: &str) -> bool {
    ["cannot be reached", "could not be reached", "did not answer in time", "broke"]
        .iter()
        .any(|it| problem.contains(it))
}

fn view(app: &App, source: &str, read_at: Option<Timestamp>, problem: Option<String>) -> FreshnessView {
    let now = app.company.now();
    let hours = read_at.map(|at| now.duration_since(at).as_hours());
    let state = match hours {
        _ if problem.is_some() => FreshnessState::Failed,
        Some(hours) if hours < TARGET_HOURS => FreshnessState::Fresh,
        _ => FreshnessState::Late,
    };
    let detail = match (&problem, read_at) {
        (Some(problem), _) => problem.clone(),
        (None, None) if source == "Payouts" => "No settlement file was imported yet".into(),
        (None, None) => format!("{source} was never read"),
        (None, Some(at)) if state == FreshnessState::Late => {
            format!("{source} older than the {TARGET_HOURS} h target, read {}", posting_words::at(app, at))
        }
        (None, Some(at)) => format!("{source} read {}", posting_words::at(app, at)),
    };
    FreshnessView {
        source: source.to_owned(),
        state,
        read_at: read_at.map(|it| it.to_string()),
        age: read_at.map_or_else(|| "never".into(), |at| age(now, at)),
        detail,
    }
}

pub(crate) fn age(now: Timestamp, at: Timestamp) -> String {
    let minutes = now.duration_since(at).as_mins().max(0);
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / (24 * 60)),
    }
}
