//! S2 Match, the lists: tab counts, the pairs with their links, the open records of each side, and sums.

use crate::app::App;
use crate::ask;
use crate::match_shown::{self as shown, Shown, is_exact, of_tab, passes, sort};
use crate::problem;
use crate::show::{self, amount};
use crate::views::{
    EvidenceChip, LinkView, MatchLine, MatchRowsRequest, MatchSummary, MatchSummaryRequest, MatchTab, OpenRowsRequest,
    Problem, RecordRow, SelectionRequest, SelectionTotals, Side, SideTotals, Tone, Window,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use tieout_domain::{Evidence, MatchGroup, RecordRef};
use tieout_money::{Currency, Money, MoneyError, Totals};
use tieout_services::decisions::{Board, MatchRecord};

/// Lines of a window at most, as the window promises to ask.
const LINES_MAX: u32 = 200;

pub fn match_summary(app: &App, request: MatchSummaryRequest) -> Result<MatchSummary, Problem> {
    let period = ask::period(app, &request.period)?;
    let Some(board) = app.board()? else { return Ok(nothing_read()) };
    let count = |tab| of_tab(&board, tab, period).len();
    let all = of_tab(&board, request.tab, period);
    let in_all = all.len();
    let listed: Vec<Shown<'_>> = all.into_iter().filter(|it| passes(&board, &request.filters, it)).collect();
    let suggested = of_tab(&board, MatchTab::Suggested, period);
    let exact = suggested.iter().filter(|it| matches!(it, Shown::Group(group) if is_exact(group)));
    let exact = exact.filter(|it| passes(&board, &request.filters, it)).count();
    Ok(MatchSummary {
        suggested: show::count(suggested.len()),
        unmatched: show::count(count(MatchTab::Unmatched)),
        ambiguous: show::count(count(MatchTab::Ambiguous)),
        matched: show::count(count(MatchTab::Matched)),
        timing: show::count(count(MatchTab::Timing)),
        exact: show::count(exact),
        totals: totals(&board, &listed).map_err(|error| app.problem(error))?,
        hidden_by_filters: show::count(in_all - listed.len()),
        empty_reason: empty_reason(&board, request.tab),
    })
}

fn nothing_read() -> MatchSummary {
    MatchSummary {
        suggested: 0,
        unmatched: 0,
        ambiguous: 0,
        matched: 0,
        timing: 0,
        exact: 0,
        totals: Vec::new(),
        hidden_by_filters: 0,
        empty_reason: "Nothing was read yet: connect both systems, write the settings, and pull.".into(),
    }
}

fn empty_reason(board: &Board, tab: MatchTab) -> String {
    if board.facts.records.is_empty() {
        return "Nothing was read yet: pull first.".into();
    }
    let since = show::day(board.facts.settings.cut_over);
    match tab {
        MatchTab::Suggested => "Nothing waits for your eye; what is open stands under Unmatched.".into(),
        MatchTab::Unmatched => format!("Every record since the cut-over on {since} has its partner."),
        MatchTab::Ambiguous => "No record fits more than one other.".into(),
        MatchTab::Matched => "Nothing of this period is matched yet.".into(),
        MatchTab::Timing => "No match crosses the edge of this period, and nothing is set aside.".into(),
    }
}

fn totals(board: &Board, listed: &[Shown<'_>]) -> Result<Vec<SideTotals>, MoneyError> {
    let mut by_currency: BTreeMap<Currency, Vec<&Shown<'_>>> = BTreeMap::new();
    for it in listed {
        if let Some(currency) = it.currency(board) {
            by_currency.entry(currency).or_default().push(it);
        }
    }
    let totals = by_currency.into_iter().map(|(currency, all)| {
        let left: Vec<&MatchRecord> = all.iter().flat_map(|it| it.left(board)).flatten().collect();
        let right: Vec<&MatchRecord> = all.iter().flat_map(|it| it.right(board)).flatten().collect();
        let sum = |side: &[&MatchRecord], pick: &dyn Fn(&MatchRecord) -> Option<Money>| {
            Money::sum(currency, side.iter().filter_map(|it| pick(it)))
        };
        let differences = all.iter().map(|it| difference(board, it, currency)).collect::<Result<Vec<_>, _>>()?;
        Ok(SideTotals {
            currency: currency.to_string(),
            groups: show::count(all.len()),
            left_gross: amount(sum(&left, &|it| Some(it.amount))?),
            left_fee: amount(sum(&left, &|it| it.fee)?),
            left_net: amount(sum(&left, &net)?),
            right_gross: amount(sum(&right, &|it| Some(it.amount))?),
            right_fee: amount(sum(&right, &|it| it.fee)?),
            right_net: amount(sum(&right, &net)?),
            difference: amount(Money::sum(currency, differences)?),
        })
    });
    totals.collect()
}

/// What is left over: of a match its variance, of an open record all of it, of a choice nothing once it is made.
fn difference(board: &Board, it: &Shown<'_>, currency: Currency) -> Result<Money, MoneyError> {
    match it {
        Shown::Group(group) => Ok(group.variance),
        Shown::Choice(..) => Ok(Money::zero(currency)),
        Shown::Record(record) => {
            let found = board.record(record);
            Ok(found.map_or(Money::zero(currency), |it| if it.is_store_side { it.amount } else { -it.amount }))
        }
    }
}

/// Known only where the fee is: the settlement file's own gross and fee.
fn net(it: &MatchRecord) -> Option<Money> {
    match it.fee {
        Some(fee) => it.amount.checked_add(fee).ok(),
        None if !it.is_store_side => Some(it.amount),
        None => None,
    }
}

/// Every tab but Unmatched; the total counts lines.
pub fn match_rows(app: &App, request: MatchRowsRequest) -> Result<Window<MatchLine>, Problem> {
    let period = ask::period(app, &request.period)?;
    let Some(board) = app.board()? else { return Ok(Window { total: 0, offset: request.offset, rows: Vec::new() }) };
    let mut listed = of_tab(&board, request.tab, period);
    listed.retain(|it| passes(&board, &request.filters, it));
    sort(&board, &mut listed, request.sort, request.descending);
    let (from, limit) = (request.offset as usize, request.limit.min(LINES_MAX) as usize);
    let (mut total, mut rows) = (0, Vec::new());
    for it in &listed {
        let lines = it.lines();
        if total < from + limit && total + lines > from {
            let first = from.saturating_sub(total);
            let last = lines.min(from + limit - total);
            let link = link(&board, it);
            let (left, right) = (it.left(&board), it.right(&board));
            rows.extend((first..last).map(|at| MatchLine {
                link: link.clone(),
                line_in_group: show::count(at),
                left: left.get(at).copied().flatten().map(|it| record_row(&board, it)),
                right: right.get(at).copied().flatten().map(|it| record_row(&board, it)),
                candidate: matches!(it, Shown::Choice(..)).then(|| show::count(at + 1)),
            }));
        }
        total += lines;
    }
    Ok(Window { total: show::count(total), offset: request.offset, rows })
}

fn link(board: &Board, it: &Shown<'_>) -> LinkView {
    let evidence = match it {
        Shown::Group(group) => group.evidence.as_slice(),
        Shown::Choice(_, candidates) => candidates.first().map_or(&[][..], |it| it.evidence.as_slice()),
        Shown::Record(_) => &[],
    };
    let id = it.id();
    let mut chips: Vec<EvidenceChip> = evidence.iter().map(chip).collect();
    if let Some(text) = shown::aside_words(board, &id) {
        chips.insert(0, EvidenceChip { text: "waits".into(), title: capital(&text), tone: Tone::Plain });
    }
    LinkView {
        group_id: id,
        score: u32::from(it.hundredths() / 100),
        chips,
        left_count: show::count(it.left(board).len()),
        right_count: show::count(it.right(board).len()),
        lines: show::count(it.lines()),
        exact: matches!(it, Shown::Group(group) if is_exact(group)),
    }
}

fn chip(evidence: &Evidence) -> EvidenceChip {
    EvidenceChip { text: evidence.chip(), title: capital(&evidence.sentence()), tone: tone(evidence) }
}

/// What a person should look at twice.
pub(crate) fn tone(evidence: &Evidence) -> Tone {
    match evidence {
        Evidence::Difference { .. }
        | Evidence::WireFee { .. }
        | Evidence::ReferenceTypo { .. }
        | Evidence::ReferenceVariant { .. } => Tone::Warn,
        Evidence::Days { .. } | Evidence::NameSimilar { .. } | Evidence::OnlyCandidate => Tone::Plain,
        _ => Tone::Ok,
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(crate) fn record_row(board: &Board, it: &MatchRecord) -> RecordRow {
    let id = it.record.to_string();
    RecordRow {
        side: if it.is_store_side { Side::Store } else { Side::Ledger },
        kind: it.kind.to_owned(),
        date: it.on.to_string(),
        reference: it.number.clone(),
        party: it.party.clone(),
        gross: amount(it.amount),
        fee: it.fee.map(amount),
        net: net(it).map(amount),
        age_days: u32::try_from(shown::age_days(board, it)).unwrap_or(0),
        account: it.account.clone(),
        noted: board.noted.contains(&id),
        id,
    }
}

/// One side of the Unmatched tab.
pub fn open_rows(app: &App, request: OpenRowsRequest) -> Result<Window<RecordRow>, Problem> {
    let period = ask::period(app, &request.period)?;
    let Some(board) = app.board()? else { return Ok(Window { total: 0, offset: request.offset, rows: Vec::new() }) };
    let is_store = request.side == Side::Store;
    let mut listed = of_tab(&board, MatchTab::Unmatched, period);
    listed.retain(|it| {
        let of_side =
            matches!(it, Shown::Record(record) if board.record(record).is_some_and(|it| it.is_store_side == is_store));
        of_side && passes(&board, &request.filters, it)
    });
    sort(&board, &mut listed, request.sort, request.descending);
    let page = ask::page(listed, request.offset, request.limit);
    let rows = page.rows.iter().flat_map(|it| it.members(&board)).map(|it| record_row(&board, it)).collect();
    Ok(Window { total: page.total, offset: page.offset, rows })
}

pub fn selection_totals(app: &App, request: SelectionRequest) -> Result<SelectionTotals, Problem> {
    let board = needed_board(app)?;
    let picked = picked(app, &request.record_ids)?;
    let records: Vec<&MatchRecord> = board.records(&picked).collect();
    let of = |store: bool, sign: bool| {
        let side = records.iter().filter(move |it| it.is_store_side == store);
        side.map(move |it| if sign { it.amount } else { -it.amount })
    };
    let left = Totals::of(of(true, true)).map_err(|error| app.problem(error))?;
    let right = Totals::of(of(false, true)).map_err(|error| app.problem(error))?;
    let difference = Totals::of(of(true, true).chain(of(false, false))).map_err(|error| app.problem(error))?;
    Ok(SelectionTotals {
        count: show::count(records.len()),
        left: show::totals(&left),
        right: show::totals(&right),
        difference: show::totals(&difference),
    })
}

pub(crate) fn needed_board(app: &App) -> Result<Arc<Board>, Problem> {
    let nothing = || problem::bad_request("Nothing was read yet", "Connect both systems and pull.", app.company.now());
    app.board()?.ok_or_else(nothing)
}

pub(crate) fn picked(app: &App, ids: &[String]) -> Result<Vec<RecordRef>, Problem> {
    let parse = |id: &String| {
        let not =
            |_| problem::bad_request(format!("{id} names no record"), "Select the rows again.", app.company.now());
        id.parse().map_err(not)
    };
    ids.iter().map(parse).collect()
}

/// `#10482 ↔ RCP-7731`, the first of each side and how many more.
pub(crate) fn title(board: &Board, group: &MatchGroup) -> String {
    let side = |records: &[RecordRef]| match records {
        [] => String::new(),
        [first, others @ ..] => {
            let name = board.record(first).map_or_else(|| first.id.clone(), |it| it.number.clone());
            if others.is_empty() { name } else { format!("{name} and {} more", others.len()) }
        }
    };
    match (side(&group.left), side(&group.right)) {
        (left, right) if right.is_empty() => left,
        (left, right) if left.is_empty() => right,
        (left, right) => format!("{left} ↔ {right}"),
    }
}
