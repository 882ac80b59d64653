//! S1 Today: the four figures, how far each clearing account ties out, how old the exceptions are, and the store's proof.
//! Every figure is the one of the screen it opens.

use crate::app::App;
use crate::ask;
use crate::changes::changes;
use crate::exceptions::{Desk, exception_cases, rows_of};
use crate::frame::this_day;
use crate::learned::expectations;
use crate::match_shown::Glance;
use crate::posting_words;
use crate::show::{self, amount};
use crate::tie_out::tie_out;
use crate::views::{
    AgeBucket, AmountView, ClearingRow, ExceptionCasesRequest, ExceptionTab, OpenTarget, PeriodRequest, Problem,
    ProofLine, ProofView, Screen, TieOutRow, TieOutTotal, TieOutView, TileId, TodayTile, TodayView,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use tieout_domain::{CheckLevel, ObjectKind, Period, PostingState};
use tieout_money::{Currency, Money, MoneyError, Totals};
use tieout_store::StoredException;

/// Last day of each age, and whether that is overdue.
const AGES: [(&str, i64, bool); 6] = [
    ("0–3 d", 3, false),
    ("4–7 d", 7, false),
    ("8–14 d", 14, false),
    ("15–30 d", 30, false),
    ("31–60 d", 60, true),
    ("> 60 d", i64::MAX, true),
];

pub fn today(app: &App, request: PeriodRequest) -> Result<TodayView, Problem> {
    let period = request.period.clone();
    let view = app.remembered("figures/today", &period, || view(app, request));
    app.rest();
    view
}

fn view(app: &App, request: PeriodRequest) -> Result<TodayView, Problem> {
    let period = match ask::period(app, &request.period)? {
        Some(period) => period,
        None => Period::of(this_day(app)),
    };
    let orders =
        app.company.store.read(|reader| reader.count(ObjectKind::Order)).map_err(|error| app.problem(error))?;
    let Some(glance) = app.glance()?.filter(|_| orders > 0) else {
        return Ok(empty(this_day(app)));
    };
    let month = request_of(period);
    let tied = tie_out(app, PeriodRequest { period: month.clone() })?;
    let desk = Desk::of(app);
    let open = rows_of(app, &desk, &month, ExceptionTab::ByRecord, &[])?;
    let timing: Vec<AmountView> =
        tied.totals.iter().filter(|it| !is_zero(&it.timing)).map(|it| it.timing.clone()).collect();
    let (changes, changes_total, changes_since) = changes(app)?;
    Ok(TodayView {
        date: this_day(app).to_string(),
        headline: headline(app, period)?,
        empty_reason: None,
        tiles: vec![
            in_transit(&glance, period, timing),
            unexplained(app, &month)?,
            awaiting(app, period)?,
            overdue(app, &desk, &open)?,
        ],
        clearing: tied.rows.iter().map(|it| clearing(app, period, it)).collect::<Result<_, _>>()?,
        changes,
        changes_total,
        changes_since,
        ageing: ageing(&desk, &open).map_err(|error| app.problem(error))?,
        expected: expectations(app, PeriodRequest { period: month.clone() })?.standings,
        proof: proof(&tied),
    })
}

fn request_of(period: Period) -> String {
    period.to_string()
}

fn empty(date: Date) -> TodayView {
    TodayView {
        date: date.to_string(),
        headline: String::new(),
        empty_reason: Some("Nothing was read yet: connect both systems, write the settings, and pull.".into()),
        tiles: Vec::new(),
        clearing: Vec::new(),
        changes: Vec::new(),
        changes_total: 0,
        changes_since: String::new(),
        ageing: Vec::new(),
        expected: Vec::new(),
        proof: Vec::new(),
    }
}

fn headline(app: &App, period: Period) -> Result<String, Problem> {
    let books = app.company.books().map_err(|error| app.problem(error))?;
    let month = period.first_day().strftime("%B %Y");
    Ok(match books.map(|it| (it.is_open_on(period.last_day()), it.closed_through)) {
        None => format!("{month}; whether it is open was not read"),
        Some((true, Some(closed))) => format!("{month} is open; the books are closed through {}", show::day(closed)),
        Some((true, None)) => format!("{month} is open"),
        Some((false, _)) => format!("{month} is closed in Intacct"),
    })
}

fn tile(id: TileId, label: &str, amounts: Vec<AmountView>, detail: String, screen: Screen) -> TodayTile {
    let open = OpenTarget { screen, id: None };
    TodayTile { id, label: label.to_owned(), amounts, detail, badge: None, open }
}

fn in_transit(glance: &Glance, period: Period, amounts: Vec<AmountView>) -> TodayTile {
    let crossing = glance.crossing.iter().filter(|of| of.iter().any(|day| period.contains(*day)));
    let days: Vec<Date> = crossing.filter_map(|of| of.iter().min().copied()).collect();
    let detail = match days.iter().min() {
        None => "no match crosses the edge of the period".into(),
        Some(oldest) => {
            format!("{}, oldest {}", show::counted(days.len(), "match", "matches"), show::day(*oldest))
        }
    };
    tile(TileId::InTransit, "In transit", amounts, detail, Screen::TieOut)
}

fn unexplained(app: &App, period: &str) -> Result<TodayTile, Problem> {
    let cases = exception_cases(app, ExceptionCasesRequest { period: period.to_owned(), filters: Vec::new() })?;
    let items = show::counted(cases.by_record as usize, "item", "items");
    let detail = format!("{items} in {}", show::counted(cases.cases.len(), "cause", "causes"));
    let amounts = cases.totals.into_iter().map(|it| it.money).collect();
    Ok(tile(TileId::Unexplained, "Exceptions", amounts, detail, Screen::Exceptions))
}

fn awaiting(app: &App, period: Period) -> Result<TodayTile, Problem> {
    let postings = app.postings()?;
    let waiting: Vec<_> = postings
        .iter()
        .filter(|it| it.posting.state == PostingState::Proposed && period.contains(it.posting.document.on()))
        .collect();
    let totals =
        Totals::of(waiting.iter().map(|it| it.posting.document.amount())).map_err(|error| app.problem(error))?;
    let flagged = waiting.iter().filter(|it| it.posting.checks.iter().any(|it| it.level != CheckLevel::Pass)).count();
    let mut detail = show::counted(waiting.len(), "entry", "entries");
    if flagged > 0 {
        detail.push_str(&format!(", {flagged} need a look"));
    }
    Ok(tile(TileId::AwaitingApproval, "Awaiting approval", show::totals(&totals), detail, Screen::Approvals))
}

fn overdue(app: &App, desk: &Desk, open: &[StoredException]) -> Result<TodayTile, Problem> {
    let late: Vec<&StoredException> = open.iter().filter(|it| desk.is_overdue(it)).collect();
    let totals =
        Totals::of(late.iter().map(|it| desk.money(&it.exception).abs())).map_err(|error| app.problem(error))?;
    let oldest = late.iter().max_by_key(|it| desk.age(it));
    let detail = match oldest {
        None => "nothing is older than 30 days".into(),
        Some(it) => format!(
            "{}, oldest {} days: {}",
            show::counted(late.len(), "item", "items"),
            desk.age(it),
            it.exception.subject
        ),
    };
    let mut view = tile(TileId::Overdue, "Overdue", show::totals(&totals), detail, Screen::Exceptions);
    view.badge = (!late.is_empty()).then(|| "past 30 d".into());
    Ok(view)
}

fn clearing(app: &App, period: Period, row: &TieOutRow) -> Result<ClearingRow, Problem> {
    let money = |view: &AmountView| -> Result<Money, Problem> {
        format!("{} {}", view.amount, view.currency).parse().map_err(|error: MoneyError| app.problem(error))
    };
    let (ledger, unexplained) = (money(&row.ledger)?, money(&row.unexplained)?);
    let proven = ledger.checked_sub(unexplained).map_err(|error| app.problem(error))?;
    let through = row.closed_through.as_deref().and_then(|it| it.parse::<Date>().ok());
    let percent = through.map_or(0, |day| {
        let done = (day - period.first_day()).get_days() + 1;
        done * 100 / (i32::from(period.last_day().day()))
    });
    Ok(ClearingRow {
        id: row.id.clone(),
        account: row.account.clone(),
        closed_through: row.closed_through.clone(),
        percent: u32::try_from(percent).unwrap_or(0).min(100),
        ledger: amount(ledger),
        proven: amount(proven),
        unexplained: amount(unexplained),
    })
}

fn ageing(desk: &Desk, open: &[StoredException]) -> Result<Vec<AgeBucket>, MoneyError> {
    let mut sums: BTreeMap<(Currency, usize), (Money, usize)> = BTreeMap::new();
    for it in open {
        let money = desk.money(&it.exception).abs();
        let age = desk.age(it);
        let at = AGES.iter().position(|(_, last, _)| age <= *last).unwrap_or(AGES.len() - 1);
        let zero = Money::zero(money.currency());
        let sum = sums.entry((money.currency(), at)).or_insert((zero, 0));
        *sum = (sum.0.checked_add(money)?, sum.1 + 1);
    }
    let longest = |currency: Currency| {
        let of = sums.iter().filter(|((it, _), _)| *it == currency);
        of.map(|(_, (sum, _))| i128::from(sum.minor())).max().unwrap_or(0).max(1)
    };
    let buckets = sums.iter().map(|((currency, at), (sum, count))| {
        let (label, _, overdue) = AGES[*at];
        let share = i128::from(sum.minor()) * 1_000 / longest(*currency);
        AgeBucket {
            label: label.into(),
            amount: amount(*sum),
            count: show::count(*count),
            share: u32::try_from(share).unwrap_or(0),
            overdue,
        }
    });
    Ok(buckets.collect())
}

/// The equation of the Tie-out screen over all clearing accounts: what the store says and every reason for the ledger to
/// say something else come to the ledger.
fn proof(tied: &TieOutView) -> Vec<ProofView> {
    let line = |label: &str, of: &AmountView| ProofLine { label: label.into(), amount: of.clone() };
    let of = |it: &TieOutTotal| ProofView {
        currency: it.ledger.currency.clone(),
        lines: vec![
            line("Store and gateways", &it.store),
            line("Timing items", &it.timing),
            line("Exceptions", &it.exceptions),
            line("Unexplained", &it.unexplained),
        ],
        ledger: it.ledger.clone(),
        ties: is_zero(&it.unexplained),
    };
    tied.totals.iter().map(of).collect()
}

fn is_zero(view: &AmountView) -> bool {
    !view.amount.chars().any(|digit| ('1'..='9').contains(&digit))
}

/// `since 24 Nov 08:10`.
pub(crate) fn since_words(app: &App, at: jiff::Timestamp) -> String {
    format!("since {}", posting_words::at(app, at))
}
