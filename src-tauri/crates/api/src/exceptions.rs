//! Exceptions: the differences without an accepted explanation, by cause and by record.

use crate::app::App;
use crate::ask;
use crate::decided::{self, ASSIGN, Assigning};
use crate::fixes::Fixes;
use crate::problem;
use crate::show;
use crate::views::{
    ActionDone, AmountView, AssignRequest, CaseRow, ExceptionCases, ExceptionCasesRequest, ExceptionRow,
    ExceptionRowsRequest, ExceptionTab, ExceptionTotal, ExportDone, ExportExceptionsRequest, ExportFormat, FieldFilter,
    ListOrder, OrderBy, Problem, Topic, Window,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tieout_domain::{Exception, Period, Queue};
use tieout_money::{Currency, Money, Totals};
use tieout_services::{self as services, ReportFormat};
use tieout_store::{ExceptionStatus, ListQuery, StoredException};

/// Older than this is overdue, unless a person said when it should clear.
const OVERDUE_DAYS: i64 = 30;

/// What ages and empty amounts are told by.
pub(crate) struct Desk {
    pub today: Date,
    pub base: Currency,
}

impl Desk {
    pub fn of(app: &App) -> Desk {
        let zone = jiff::tz::TimeZone::UTC;
        let today = app.company.today().unwrap_or_else(|_| app.company.now().to_zoned(zone).date());
        let books = app.company.books().ok().flatten().map(|it| it.base_currency);
        Desk { today, base: books.unwrap_or(Currency::USD) }
    }

    pub fn money(&self, exception: &Exception) -> Money {
        exception.at_stake.unwrap_or(Money::zero(self.base))
    }

    pub(crate) fn age(&self, it: &StoredException) -> i64 {
        let since = it.exception.on.unwrap_or_else(|| it.first_seen.to_zoned(jiff::tz::TimeZone::UTC).date());
        i64::from((self.today - since).get_days()).max(0)
    }

    pub(crate) fn is_overdue(&self, it: &StoredException) -> bool {
        match it.expected_on {
            Some(day) => day < self.today,
            None => self.age(it) > OVERDUE_DAYS,
        }
    }
}

/// `capture-without-receipt/USD`.
pub(crate) fn case_id(desk: &Desk, exception: &Exception) -> String {
    format!("{}/{}", exception.kind.as_str(), desk.money(exception).currency())
}

/// A timing item past its day is an error like any other; what a person put out of sight stays there until its day.
fn tab_of(desk: &Desk, it: &StoredException) -> ExceptionTab {
    let is_timing = it.exception.kind.queue() == Queue::Timing || it.expected_on.is_some();
    if it.status == ExceptionStatus::Resolved {
        ExceptionTab::Resolved
    } else if it.status == ExceptionStatus::Snoozed || (is_timing && !desk.is_overdue(it)) {
        ExceptionTab::Timing
    } else {
        ExceptionTab::ByRecord
    }
}

/// What is open stays on the list of every later period until it is resolved; what is resolved belongs to its own.
fn is_in(period: Option<Period>, it: &StoredException) -> bool {
    let (Some(period), Some(on)) = (period, it.exception.on) else { return true };
    if it.status == ExceptionStatus::Resolved { period.contains(on) } else { on <= period.last_day() }
}

fn read(app: &App, resolved: bool) -> Result<Vec<StoredException>, Problem> {
    let read = app.company.store.read(|reader| {
        if resolved {
            Ok(reader.exceptions_window(&ListQuery::states(&["resolved"]), 0, u32::MAX)?.rows)
        } else {
            reader.standing_exceptions()
        }
    });
    read.map_err(|error: tieout_store::StoreError| app.problem(error))
}

/// Every row of a tab that passes, in the order of the list: overdue and large first.
pub(crate) fn rows_of(
    app: &App,
    desk: &Desk,
    period: &str,
    tab: ExceptionTab,
    filters: &[FieldFilter],
) -> Result<Vec<StoredException>, Problem> {
    let period = ask::period(app, period)?;
    let wanted = if tab == ExceptionTab::ByCause { ExceptionTab::ByRecord } else { tab };
    let mut rows = read(app, tab == ExceptionTab::Resolved)?;
    rows.retain(|it| tab_of(desk, it) == wanted && is_in(period, it) && passes(desk, filters, it));
    rows.sort_by_key(|it| {
        let money = desk.money(&it.exception);
        (!desk.is_overdue(it), money.currency(), std::cmp::Reverse(money.abs().minor()), it.id.clone())
    });
    Ok(rows)
}

fn passes(desk: &Desk, filters: &[FieldFilter], it: &StoredException) -> bool {
    let exception = &it.exception;
    let source = exception.records.first().map(|it| it.source.to_string()).unwrap_or_default();
    let records: Vec<String> = exception.records.iter().map(ToString::to_string).collect();
    let mut texts = vec![exception.subject.as_str(), exception.why_not.as_str(), exception.kind.title()];
    texts.extend(records.iter().map(String::as_str));
    let (reference, party) = split(&exception.subject);
    let row = ask::Row {
        texts,
        party,
        reference,
        gateway: &source,
        kind: exception.kind.as_str(),
        owner: it.owner.as_deref().unwrap_or_default(),
        age_days: desk.age(it),
        amount: Some(desk.money(exception)),
        on: exception.on,
        ..ask::Row::default()
    };
    ask::passes(filters, &row)
}

/// `#10482 Wexford Botanical` is a reference and a party.
fn split(subject: &str) -> (&str, &str) {
    subject.split_once(' ').map_or((subject, ""), |(reference, party)| (reference, party.trim()))
}

pub fn exception_cases(app: &App, request: ExceptionCasesRequest) -> Result<ExceptionCases, Problem> {
    let desk = Desk::of(app);
    let period = ask::period(app, &request.period)?;
    let rows = rows_of(app, &desk, &request.period, ExceptionTab::ByCause, &request.filters)?;
    let fixes = Fixes::read(app)?;
    let mut cases: BTreeMap<String, Vec<&StoredException>> = BTreeMap::new();
    for it in &rows {
        cases.entry(case_id(&desk, &it.exception)).or_default().push(it);
    }
    let mut views = Vec::new();
    for (id, all) in cases {
        views.push(case(app, &desk, &fixes, id, &all)?);
    }
    // The oldest and largest need a look first.
    views.sort_by_key(|(row, minor)| (!row.overdue, row.money.currency.clone(), std::cmp::Reverse(*minor)));
    let mut totals: BTreeMap<Currency, (Money, u32)> = BTreeMap::new();
    for it in &rows {
        let money = desk.money(&it.exception).abs();
        let total = totals.entry(money.currency()).or_insert((Money::zero(money.currency()), 0));
        total.0 = total.0.checked_add(money).map_err(|error| app.problem(error))?;
        total.1 += 1;
    }
    let standing = read(app, false)?;
    let timing = standing.iter().filter(|it| tab_of(&desk, it) == ExceptionTab::Timing && is_in(period, it)).count();
    let resolved = read(app, true)?;
    let owners: BTreeSet<String> =
        standing.iter().filter_map(|it| it.owner.clone()).chain([app.user.clone()]).collect();
    let read_before = !standing.is_empty() || !resolved.is_empty();
    Ok(ExceptionCases {
        cases: views.into_iter().map(|(row, _)| row).collect(),
        totals: totals.into_values().map(|(sum, count)| ExceptionTotal { money: show::amount(sum), count }).collect(),
        by_record: show::count(rows.len()),
        timing: show::count(timing),
        resolved: show::count(resolved.iter().filter(|it| is_in(period, it)).count()),
        owners: owners.into_iter().collect(),
        empty_reason: if read_before {
            "Every difference of this period is explained.".into()
        } else {
            "Nothing was compared yet. Pull, match and propose first.".into()
        },
    })
}

fn case(
    app: &App,
    desk: &Desk,
    fixes: &Fixes,
    id: String,
    all: &[&StoredException],
) -> Result<(CaseRow, i64), Problem> {
    let kind = all[0].exception.kind;
    let currency = desk.money(&all[0].exception).currency();
    let sum =
        Money::sum(currency, all.iter().map(|it| desk.money(&it.exception))).map_err(|error| app.problem(error))?;
    let owners: BTreeSet<_> = all.iter().map(|it| it.owner.as_deref()).collect();
    let fixable = all.iter().filter(|it| fixes.can_fix(&it.exception)).count();
    let row = CaseRow {
        id,
        cause: kind.as_str().to_owned(),
        title: kind.title().to_owned(),
        money: show::amount(sum),
        count: show::count(all.len()),
        oldest_days: u32::try_from(all.iter().map(|it| desk.age(it)).max().unwrap_or(0)).unwrap_or(0),
        overdue: all.iter().any(|it| desk.is_overdue(it)),
        owner: if owners.len() == 1 { all[0].owner.clone() } else { None },
        action: (fixable > 0).then(|| format!("Send {} to approvals…", show::counted(fixable, "entry", "entries"))),
    };
    Ok((row, sum.abs().minor()))
}

pub fn exception_rows(app: &App, request: ExceptionRowsRequest) -> Result<Window<ExceptionRow>, Problem> {
    let desk = Desk::of(app);
    let mut rows = rows_of(app, &desk, &request.period, request.tab, &request.filters)?;
    reorder(&desk, &mut rows, request.order);
    if let Some(case) = &request.case_id {
        rows.retain(|it| case_id(&desk, &it.exception) == *case);
    }
    let fixes = Fixes::read(app)?;
    let page = ask::page(rows, request.offset, request.limit);
    let rows = page.rows.iter().map(|it| row(&desk, &fixes, it)).collect();
    Ok(Window { total: page.total, offset: page.offset, rows })
}

/// Rows of one value stay in the list's own order.
fn reorder(desk: &Desk, rows: &mut [StoredException], order: ListOrder) {
    let subject = |it: &StoredException| {
        let (reference, party) = split(&it.exception.subject);
        (reference.to_owned(), party.to_owned())
    };
    let money = |it: &StoredException| {
        let money = desk.money(&it.exception);
        (money.currency(), money.abs().minor())
    };
    match order.by {
        OrderBy::Kind => rows.sort_by_key(|it| it.exception.kind.as_str()),
        OrderBy::Reference => rows.sort_by_cached_key(subject),
        OrderBy::Party => rows.sort_by_cached_key(|it| subject(it).1),
        OrderBy::Money => rows.sort_by_key(money),
        OrderBy::Age => rows.sort_by_key(|it| desk.age(it)),
        OrderBy::Own | OrderBy::Title => return,
    }
    if order.descending {
        rows.reverse();
    }
}

fn row(desk: &Desk, fixes: &Fixes, it: &StoredException) -> ExceptionRow {
    let (reference, party) = split(&it.exception.subject);
    let expected = it.expected_on.or(it.snoozed_until);
    ExceptionRow {
        id: it.id.0.clone(),
        reference: reference.to_owned(),
        party: party.to_owned(),
        cause: it.exception.kind.as_str().to_owned(),
        money: show::amount(desk.money(&it.exception)),
        age_days: u32::try_from(desk.age(it)).unwrap_or(0),
        overdue: desk.is_overdue(it),
        owner: it.owner.clone(),
        next_action: fixes.next_action(&it.exception),
        expected_on: expected.map(|it| it.to_string()),
    }
}

/// The exceptions named, or all open ones of a case.
pub(crate) fn chosen(app: &App, ids: &[String], case: Option<&str>) -> Result<Vec<StoredException>, Problem> {
    let desk = Desk::of(app);
    let mut standing = read(app, false)?;
    standing.retain(|it| {
        let in_case =
            tab_of(&desk, it) == ExceptionTab::ByRecord && case == Some(case_id(&desk, &it.exception).as_str());
        ids.contains(&it.id.0) || in_case
    });
    if standing.is_empty() {
        let remedy = "Look at the list again; it may be resolved by now.";
        return Err(problem::bad_request("No open exception is chosen", remedy, app.company.now()));
    }
    Ok(standing)
}

pub fn assign(app: &App, request: AssignRequest) -> Result<ActionDone, Problem> {
    let rows = chosen(app, &request.exception_ids, request.case_id.as_deref())?;
    let owner = request.owner.filter(|it| !it.trim().is_empty());
    let what = match &rows[..] {
        [one] => one.exception.subject.clone(),
        several => show::counted(several.len(), "exception", "exceptions"),
    };
    let message = match &owner {
        Some(owner) => format!("Assigned {what} to {owner}"),
        None => format!("{what} is nobody's now"),
    };
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            for it in &rows {
                tx.assign_exception(&it.id, owner.as_deref())?;
            }
            let before = rows.iter().map(|it| (it.id.clone(), it.owner.clone())).collect();
            decided::decide(tx, ASSIGN, &message, &Assigning { owner: owner.clone(), before }, "")
        })
        .map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Exceptions, Topic::Activity]);
    Ok(ActionDone { message, undoable: true, next_id: None, open: None })
}

/// The same tab and filters as on screen, into a new file.
pub fn export_exceptions(app: &App, request: ExportExceptionsRequest) -> Result<ExportDone, Problem> {
    let desk = Desk::of(app);
    let mut rows = rows_of(app, &desk, &request.period, request.tab, &request.filters)?;
    reorder(&desk, &mut rows, request.order);
    let (format, ending) = match request.format {
        ExportFormat::Xlsx => (ReportFormat::Xlsx, "xlsx"),
        ExportFormat::Csv => (ReportFormat::Csv, "csv"),
        ExportFormat::Json => (ReportFormat::Json, "json"),
    };
    let folder = Path::new(&request.folder);
    if !folder.is_dir() {
        let title = format!("There is no folder {}", folder.display());
        return Err(problem::bad_request(title, "Choose another folder.", app.company.now()));
    }
    let name = app.company.connection().map_or_else(|_| "tieout".into(), |it| it.store_name);
    let period = if request.period.is_empty() { "all".to_owned() } else { request.period.clone() };
    let path = folder.join(format!("{name}-exceptions-{period}.{ending}"));
    let written = services::write_exceptions(&rows, format, &path).map_err(|error| app.problem(error))?;
    let totals = Totals::of(rows.iter().filter_map(|it| it.exception.at_stake)).map_err(|error| app.problem(error))?;
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            let after = format!("{written} rows");
            let row = tieout_store::NewAuditRow {
                action: "exceptions exported",
                subject: &path.display().to_string(),
                after: &after,
                ..Default::default()
            };
            tx.audit(row)
        })
        .map_err(|error: tieout_store::StoreError| app.problem(error))?;
    let totals: Vec<AmountView> = show::totals(&totals);
    Ok(ExportDone { path: path.display().to_string(), rows: show::count(written), totals })
}
