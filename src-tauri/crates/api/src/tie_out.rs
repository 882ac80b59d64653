//! Tie-out: every figure of the proof with the rows behind it.

use crate::app::App;
use crate::ask;
use crate::problem;
use crate::show::amount;
use crate::views::{
    AmountView, DrillRequest, DrillRow, DrillView, OpenTarget, PeriodRequest, Problem, Screen, TieOutDay,
    TieOutDaysRequest, TieOutFigure, TieOutRow, TieOutTotal, TieOutView,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tieout_domain::{Period, SourceId};
use tieout_money::{Currency, Money};
use tieout_services::{AccountProof, Chart, Figure, Figures, Proof, ServiceError};

pub fn tie_out(app: &App, request: PeriodRequest) -> Result<TieOutView, Problem> {
    let period = ask::needed_period(app, &request.period)?;
    if app.company.settings().is_err() {
        return Ok(empty(&request.period, "No settings name a clearing account yet. Write them under Settings."));
    }
    let proof = app.proof()?;
    let chart = app.chart()?;
    let read_at = ledger_read_at(app)?;
    let rows = proof.accounts.iter().map(|of| row(app, &proof, of, &period, &chart));
    let rows: Vec<(TieOutRow, Figures)> =
        rows.collect::<Result<_, ServiceError>>().map_err(|error| app.problem(error))?;
    let totals = totals(&proof, &rows).map_err(|error| app.problem(error))?;
    let empty_reason = match read_at {
        None => "Intacct was not read yet. Connect it and pull.",
        Some(_) => "No clearing account is named in the settings.",
    };
    Ok(TieOutView {
        period: request.period,
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        totals,
        ledger_read_at: read_at,
        empty_reason: empty_reason.into(),
    })
}

fn empty(period: &str, why: &str) -> TieOutView {
    let period = period.to_owned();
    TieOutView { period, rows: Vec::new(), totals: Vec::new(), ledger_read_at: None, empty_reason: why.into() }
}

fn row(
    app: &App,
    proof: &Proof,
    of: &AccountProof,
    period: &Period,
    chart: &Chart,
) -> Result<(TieOutRow, Figures), ServiceError> {
    let figures = proof.figures(of, &|day| period.contains(day))?;
    let exceptions = exceptions(&figures)?;
    let row = TieOutRow {
        id: row_id(of),
        account: chart.label(&of.account),
        currency: of.currency.to_string(),
        opening: amount(of.ledger(&|day| day < period.first_day())?),
        ledger: amount(figures.ledger),
        store: amount(figures.store),
        difference: amount(figures.ledger.checked_sub(figures.store)?),
        timing: amount(figures.timing),
        exceptions: amount(exceptions),
        unexplained: amount(figures.unexplained),
        closed_through: closed_through(app, proof, of, period)?.map(|it| it.to_string()),
        ties: figures.unexplained.is_zero(),
    };
    Ok((row, figures))
}

fn exceptions(figures: &Figures) -> Result<Money, ServiceError> {
    Ok(figures.exceptions_store.checked_add(figures.exceptions_ledger)?.checked_add(figures.variance)?)
}

/// The last day up to which every day of the period ties out; none when the first one does not.
fn closed_through(app: &App, proof: &Proof, of: &AccountProof, period: &Period) -> Result<Option<Date>, ServiceError> {
    let last = period.last_day().min(app.company.today()?);
    let open = proof.unexplained_by_day(of)?.into_iter();
    let first_open = open.filter(|(day, sum)| period.contains(*day) && !sum.is_zero()).map(|(day, _)| day).next();
    let through = match first_open {
        Some(day) => day.yesterday().ok(),
        None => Some(last),
    };
    Ok(through.filter(|day| *day >= period.first_day()))
}

fn totals(proof: &Proof, rows: &[(TieOutRow, Figures)]) -> Result<Vec<TieOutTotal>, ServiceError> {
    let mut by_currency: BTreeMap<Currency, Vec<&Figures>> = BTreeMap::new();
    for (of, (_, figures)) in proof.accounts.iter().zip(rows) {
        by_currency.entry(of.currency).or_default().push(figures);
    }
    let totals = by_currency.into_iter().map(|(currency, all)| {
        let sum = |pick: &dyn Fn(&Figures) -> Money| -> Result<AmountView, ServiceError> {
            Ok(amount(Money::sum(currency, all.iter().map(|it| pick(it)))?))
        };
        let named = Money::sum(currency, all.iter().map(|it| exceptions(it)).collect::<Result<Vec<_>, _>>()?)?;
        let ledger = Money::sum(currency, all.iter().map(|it| it.ledger))?;
        let store = Money::sum(currency, all.iter().map(|it| it.store))?;
        Ok(TieOutTotal {
            currency: currency.to_string(),
            ledger: amount(ledger),
            store: amount(store),
            difference: amount(ledger.checked_sub(store)?),
            timing: sum(&|it| it.timing)?,
            exceptions: amount(named),
            unexplained: sum(&|it| it.unexplained)?,
        })
    });
    totals.collect()
}

pub fn tie_out_days(app: &App, request: TieOutDaysRequest) -> Result<Vec<TieOutDay>, Problem> {
    let period = ask::needed_period(app, &request.period)?;
    let proof = app.proof()?;
    let of = account(app, &proof, &request.row_id)?;
    let today = app.company.today().map_err(|error| app.problem(error))?;
    let last = period.last_day().min(today);
    let days = period.first_day().series(jiff::Span::new().days(1)).take_while(|day| *day <= last);
    let views = days.map(|day| {
        let figures = proof.figures(of, &|it| it == day)?;
        Ok::<_, ServiceError>(TieOutDay {
            day: day.to_string(),
            ledger: amount(figures.ledger),
            store: amount(figures.store),
            timing: amount(figures.timing),
            exceptions: amount(exceptions(&figures)?),
            unexplained: amount(figures.unexplained),
            ties: figures.unexplained.is_zero(),
        })
    });
    views.collect::<Result<_, _>>().map_err(|error| app.problem(error))
}

pub fn drill(app: &App, request: DrillRequest) -> Result<DrillView, Problem> {
    let period = ask::needed_period(app, &request.period)?;
    let day = request.day.as_deref().map(|text| ask::day(app, text)).transpose()?;
    let rows = app.proof_rows()?;
    let of = account(app, &rows.proof, &request.row_id)?;
    let (figure, name) = match request.figure {
        TieOutFigure::Opening => (Figure::Opening, "Opening"),
        TieOutFigure::Ledger => (Figure::Ledger, "Ledger"),
        TieOutFigure::Store => (Figure::Store, "Store"),
        TieOutFigure::Timing => (Figure::Timing, "Timing"),
        TieOutFigure::Exceptions => (Figure::Exceptions, "Exceptions"),
        TieOutFigure::Unexplained => (Figure::Unexplained, "Unexplained"),
    };
    let first = day.unwrap_or(period.first_day());
    let within = |it: Date| day.map_or_else(|| period.contains(it), |day| it == day);
    let lines = rows.drill(of, figure, first, &within).map_err(|error| app.problem(error))?;
    let sum = Money::sum(of.currency, lines.iter().map(|it| it.amount)).map_err(|error| app.problem(error))?;
    let chart = app.chart()?;
    let rows = lines.into_iter().enumerate().map(|(at, it)| DrillRow {
        id: format!("{at}:{}", it.record),
        date: it.on.to_string(),
        source: it.source,
        reference: it.reference,
        party: it.party,
        memo: it.memo,
        amount: amount(it.amount),
        open: match (it.group, it.record.object) {
            (Some(group), _) => Some(OpenTarget { screen: Screen::Match, id: Some(group) }),
            (None, tieout_domain::ObjectKind::GlLine) => None,
            (None, _) => Some(OpenTarget { screen: Screen::Match, id: Some(it.record.to_string()) }),
        },
    });
    let page = ask::page(rows.collect(), request.offset, request.limit);
    let of_day = day.map(|it| format!(", {}", crate::show::day(it))).unwrap_or_default();
    Ok(DrillView {
        title: format!("{name}, {}, {}{of_day}", chart.label(&of.account), of.currency),
        sum: amount(sum),
        total: page.total,
        offset: page.offset,
        rows: page.rows,
    })
}

fn row_id(of: &AccountProof) -> String {
    format!("{}/{}", of.account, of.currency)
}

fn account<'a>(app: &App, proof: &'a Proof, id: &str) -> Result<&'a AccountProof, Problem> {
    proof.accounts.iter().find(|it| row_id(it) == id).ok_or_else(|| {
        let title = format!("There is no clearing account {id} in the settings now");
        problem::bad_request(title, "Open Tie-out again; the settings were changed.", app.company.now())
    })
}

fn ledger_read_at(app: &App) -> Result<Option<String>, Problem> {
    let Ok(connection) = app.company.connection() else { return Ok(None) };
    let source = SourceId::intacct(&connection.intacct_company);
    let run = app.company.store.read(|reader| reader.last_good_run(&source)).map_err(|error| app.problem(error))?;
    Ok(run.and_then(|it| it.ended).map(|it| it.to_string()))
}
