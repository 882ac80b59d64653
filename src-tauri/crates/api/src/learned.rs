//! Settings, Learned: what accepted matches taught, each piece with its switch; and what is to come.

use crate::app::App;
use crate::ask;
use crate::show;
use crate::views::{
    ActionDone, ExpectationRow, ExpectationsView, LearnedKindView, LearnedView, PeriodRequest, Problem, StandingView,
    SwitchLearnedRequest, Tone, Topic,
};
use tieout_money::Totals;
use tieout_services::{self as services, Expected, Learned, LearnedKind};

const ROWS_MAX: usize = 500;

pub fn learned(app: &App) -> Result<Vec<LearnedView>, Problem> {
    let Ok((settings, _)) = app.company.settings() else { return Ok(Vec::new()) };
    let all =
        services::learned_over(&app.company, &settings, app.sides()?.as_ref()).map_err(|error| app.problem(error))?;
    Ok(all.into_iter().map(view).collect())
}

pub fn switch_learned(app: &App, request: SwitchLearnedRequest) -> Result<ActionDone, Problem> {
    let done = services::switch_learned(&app.company, &app.user, &request.id, request.on, "");
    let it = done.map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Settings, Topic::Matching, Topic::Exceptions, Topic::Activity]);
    let message = format!("{}: switched {}", it.title, if request.on { "on" } else { "off" });
    Ok(ActionDone { message, undoable: false, next_id: None, open: None })
}

fn view(it: Learned) -> LearnedView {
    let percent = |points: u32| format!("{}.{:02} %", points / 100, points % 100);
    LearnedView {
        id: it.id,
        kind: match it.kind {
            LearnedKind::ProposedRule => LearnedKindView::ProposedRule,
            LearnedKind::Alias => LearnedKindView::Alias,
            LearnedKind::Lag => LearnedKindView::Lag,
            LearnedKind::Rhythm => LearnedKindView::Rhythm,
            LearnedKind::Rejection => LearnedKindView::Rejection,
        },
        title: it.title,
        detail: it.detail,
        rests_on: show::count(it.rests_on),
        on: it.is_on,
        used: it.is_used,
        rule: it.rule,
        precision: it.precision.map(percent),
        recall: it.recall.map(percent),
    }
}

/// Of records up to the end of the period.
pub fn expectations(app: &App, request: PeriodRequest) -> Result<ExpectationsView, Problem> {
    let period = ask::period(app, &request.period)?;
    let (Ok((settings, _)), Ok(_)) = (app.company.settings(), app.company.today()) else {
        return Ok(ExpectationsView { standings: Vec::new(), rows: Vec::new(), total: 0 });
    };
    let all = services::expectations_over(&app.company, &settings, app.sides()?.as_ref());
    let mut all = all.map_err(|error| app.problem(error))?;
    all.retain(|it| period.is_none_or(|period| it.on <= period.last_day()));
    let mut standings = Vec::new();
    for (standing, label, tone) in
        [("overdue", "Overdue", Tone::Bad), ("due", "Due", Tone::Warn), ("not-yet", "Not yet due", Tone::Plain)]
    {
        let these: Vec<&Expected> = all.iter().filter(|it| it.standing == standing).collect();
        let totals = Totals::of(these.iter().map(|it| it.net)).map_err(|error| app.problem(error))?;
        standings.push(StandingView {
            label: label.to_owned(),
            tone,
            count: show::count(these.len()),
            totals: show::totals(&totals),
        });
    }
    let total = show::count(all.len());
    Ok(ExpectationsView { standings, rows: all.into_iter().take(ROWS_MAX).map(row).collect(), total })
}

fn row(it: Expected) -> ExpectationRow {
    let (tone, standing) = match it.standing {
        "overdue" => (Tone::Bad, format!("{} overdue", show::counted(it.overdue_days as usize, "day", "days"))),
        "due" => (Tone::Warn, "due".to_owned()),
        _ => (Tone::Plain, "not yet".to_owned()),
    };
    ExpectationRow {
        id: it.record.to_string(),
        reference: it.number,
        party: it.party,
        kind: it.kind.to_owned(),
        on: it.on.to_string(),
        gross: show::amount(it.gross),
        fee: show::amount(it.fee),
        fee_from: match it.fee_from {
            "file" => "from the file",
            "contract" => "by contract",
            _ => "not known",
        }
        .to_owned(),
        net: show::amount(it.net),
        account: it.account,
        from: it.from.to_string(),
        to: it.to.to_string(),
        because: it.learned_from.map_or_else(
            || "as the settings allow".to_owned(),
            |count| format!("learned from {}", show::counted(count, "match", "matches")),
        ),
        tone,
        standing,
    }
}
