//! S2 Match, what a person decides: accept, match by hand, take apart, write off, keep partial. Nothing here sends anything.

use crate::app::App;
use crate::ask;
use crate::match_draft::{BANK_CHARGES, Target, WRITE_OFF, draft, fingerprint, short_of_invoice};
use crate::match_lists::{capital, needed_board, picked, title};
use crate::match_shown::{Shown, is_exact, of_tab, passes, sort};
use crate::problem;
use crate::show;
use crate::views::{
    AcceptAllExactRequest, AcceptMatchRequest, ActionDone, ExactPreview, ExactPreviewRequest, Fact, FieldFilter,
    KeepPartialRequest, MatchSelectionRequest, MatchSort, MatchTab, OpenTarget, Problem, Screen, SplitRequest, Topic,
    UnmatchRequest, WriteOffRequest,
};
use std::collections::BTreeMap;
use tieout_domain::{Fingerprint, MatchGroup, PaymentEvent, RecordRef};
use tieout_money::{Money, Totals};
use tieout_services::decisions::{self, Board, MatchChange, confirmed, draft_write_off, hand_made};
use tieout_store::StoreError;

pub(crate) const TOPICS: [Topic; 7] =
    [Topic::App, Topic::Today, Topic::Matching, Topic::Exceptions, Topic::Approvals, Topic::TieOut, Topic::Activity];

pub(crate) fn refuse(app: &App, title: impl Into<String>, remedy: &str) -> Problem {
    problem::bad_request(title, remedy, app.company.now())
}

pub(crate) fn done(app: &App, message: String) -> ActionDone {
    app.jobs.changed(TOPICS.to_vec());
    ActionDone { message, undoable: true, next_id: None, open: None }
}

/// What was sent is reversed, never undone or matched away.
pub(crate) fn not_done(app: &App, error: StoreError) -> Problem {
    match error {
        StoreError::NotSendable { posting, .. } => {
            let title = format!("The entry {posting} is in Intacct or on its way there");
            refuse(app, title, "Pull and match again; to take it back, reverse it in Approvals first.")
        }
        other => app.problem(other),
    }
}

fn same(app: &App, board: &Board, group: &MatchGroup, seen: &str) -> Result<(), Problem> {
    if fingerprint(board, group) == Fingerprint::from_text(seen) {
        return Ok(());
    }
    Err(refuse(app, "The records have changed since they were shown", "Look at the row again, then decide."))
}

/// Stores a confirmed match; a difference goes where the reason says.
fn accept(
    app: &App,
    board: &Board,
    group: &MatchGroup,
    reason: Option<&str>,
    note: &str,
) -> Result<ActionDone, Problem> {
    if group.is_settled() {
        return Err(refuse(app, "This is matched already", "Look under Matched."));
    }
    let drafted = draft(app, board, group, reason)?;
    if let Some(why) = drafted.refused {
        return Err(refuse(app, capital(&why), "Keep it partial, or correct the entry in Intacct."));
    }
    if !drafted.suspense.closed {
        let title = format!("{} is still in suspense", group.variance.abs());
        return Err(refuse(app, title, "Choose a reason to close it, or keep it partial."));
    }
    if (group.left.is_empty() || group.right.is_empty()) && (reason.is_none() && group.members().count() < 2) {
        return Err(refuse(app, "One record alone is no match", "Choose at least one record on each side."));
    }
    let name = title(board, group);
    if group.variance.is_zero() {
        let change = MatchChange { added: vec![confirmed(group, &app.user, note)], ..MatchChange::default() };
        let message = format!("Matched {name}");
        store(app, "match", &message, change, None, note)?;
        return Ok(done(app, message));
    }
    let (entry, key) = draft_write_off(&app.company, board, group).map_err(|error| app.problem(error))?;
    let why = if note.is_empty() { "small-balance write-off" } else { note };
    let change = MatchChange { key, added: vec![confirmed(group, &app.user, why)], ..MatchChange::default() };
    let message = format!("Matched {name}; the difference of {} waits in Approvals", group.variance.abs());
    store(app, "write-off-difference", &message, change, Some(&entry), note)?;
    let open = Some(OpenTarget { screen: Screen::Approvals, id: Some(entry.id.0) });
    Ok(ActionDone { open, ..done(app, message) })
}

fn store(
    app: &App,
    kind: &str,
    message: &str,
    change: MatchChange,
    entry: Option<&tieout_domain::Posting>,
    reason: &str,
) -> Result<(), Problem> {
    let write = app
        .company
        .store
        .write(&app.user, app.company.now(), |tx| decisions::decide_match(tx, kind, message, change, entry, reason));
    write.map_err(|error| not_done(app, error))
}

pub fn accept_match(app: &App, request: AcceptMatchRequest) -> Result<ActionDone, Problem> {
    let (board, target) = Target::find(app, &request.group_id)?;
    let (group, undecided) = target.group(app, &board, request.candidate)?;
    if let Some(why) = undecided {
        return Err(refuse(app, why, "Choose a candidate, or match the records by hand under Unmatched."));
    }
    same(app, &board, &group, &request.fingerprint)?;
    let next_id = next_of(&board, &request.group_id);
    let accepted = accept(app, &board, &group, request.reason.as_deref(), "")?;
    Ok(ActionDone { next_id, ..accepted })
}

/// The row after this one, in the order the tabs start with.
fn next_of(board: &Board, id: &str) -> Option<String> {
    let tab = if board.group(id).is_some() { MatchTab::Suggested } else { MatchTab::Ambiguous };
    let mut rows = of_tab(board, tab, None);
    sort(board, &mut rows, MatchSort::MoneyCertainty, true);
    let ids: Vec<String> = rows.iter().map(Shown::id).collect();
    let at = ids.iter().position(|it| it == id)?;
    ids.get(at + 1).or_else(|| at.checked_sub(1).and_then(|it| ids.get(it))).cloned()
}

pub fn match_selection(app: &App, request: MatchSelectionRequest) -> Result<ActionDone, Problem> {
    let board = needed_board(app)?;
    let records = picked(app, &request.record_ids)?;
    let group = hand_made(&board, &records).map_err(|why| refuse(app, why.to_string(), "Change the selection."))?;
    same(app, &board, &group, &request.fingerprint)?;
    if group.left.is_empty() != group.right.is_empty() && !group.is_exact() {
        return Err(refuse(
            app,
            "Records of one side that do not cancel are no match",
            "Choose records on both sides.",
        ));
    }
    accept(app, &board, &group, request.reason.as_deref(), "")
}

fn exact<'a>(
    app: &App,
    board: &'a Board,
    period: &str,
    filters: &[FieldFilter],
) -> Result<Vec<&'a MatchGroup>, Problem> {
    let period = ask::period(app, period)?;
    let rows = of_tab(board, MatchTab::Suggested, period).into_iter().filter(|it| passes(board, filters, it));
    let groups = rows.filter_map(|it| match it {
        Shown::Group(group) if is_exact(group) => Some(group),
        _ => None,
    });
    Ok(groups.collect())
}

fn digest(board: &Board, groups: &[&MatchGroup]) -> Fingerprint {
    let all: Vec<Fingerprint> = groups.iter().map(|it| fingerprint(board, it)).collect();
    Fingerprint::of_list(&all)
}

pub fn exact_preview(app: &App, request: ExactPreviewRequest) -> Result<ExactPreview, Problem> {
    let board = needed_board(app)?;
    let groups = exact(app, &board, &request.period, &request.filters)?;
    let mut by_pass: BTreeMap<&str, usize> = BTreeMap::new();
    for group in &groups {
        *by_pass.entry(group.pass.as_str()).or_default() += 1;
    }
    let money: Vec<Money> = groups.iter().filter_map(|it| Shown::Group(it).money(&board)).collect();
    let totals = Totals::of(money).map_err(|error| app.problem(error))?;
    Ok(ExactPreview {
        digest: digest(&board, &groups).to_string(),
        groups: show::count(groups.len()),
        totals: show::totals(&totals),
        by_evidence: by_pass
            .into_iter()
            .map(|(pass, count)| Fact { label: capital(pass), value: count.to_string(), open: None })
            .collect(),
    })
}

pub fn accept_all_exact(app: &App, request: AcceptAllExactRequest) -> Result<ActionDone, Problem> {
    let board = needed_board(app)?;
    let groups = exact(app, &board, &request.period, &request.filters)?;
    if digest(&board, &groups) != Fingerprint::from_text(&request.digest) {
        return Err(refuse(app, "The exact matches have changed since they were shown", "Look at them again."));
    }
    if groups.is_empty() {
        return Err(refuse(app, "No suggestion is exact", "Accept them one by one."));
    }
    let added = groups.iter().map(|it| confirmed(it, &app.user, "all exact")).collect();
    let message = format!("Accepted {}", show::counted(groups.len(), "exact match", "exact matches"));
    store(app, "match", &message, MatchChange { added, ..MatchChange::default() }, None, "all exact")?;
    Ok(done(app, message))
}

/// The records are open again, and matching does not put them together any more.
pub fn unmatch(app: &App, request: UnmatchRequest) -> Result<ActionDone, Problem> {
    let board = needed_board(app)?;
    let mut groups = Vec::new();
    for id in &request.group_ids {
        let gone = || refuse(app, "This match is gone", "The list is read again; choose another row.");
        let group = board.group(id).filter(|it| it.is_settled()).ok_or_else(gone)?;
        if group.pass.ends_with("by Tieout") {
            let title = format!("{} was posted by Tieout: its key is on both sides", title(&board, group));
            return Err(refuse(app, title, "Reverse the posting in Approvals instead."));
        }
        groups.push(group.clone());
    }
    let Some(first) = groups.first() else {
        return Err(refuse(app, "No match is chosen", "Choose at least one."));
    };
    let message = match groups.len() {
        1 => format!("Unmatched {}", title(&board, first)),
        many => format!("Unmatched {many} groups"),
    };
    let write = app.company.store.write(&app.user, app.company.now(), |tx| {
        let change = decisions::unmatching(tx, &groups)?;
        decisions::decide_match(tx, "unmatch", &message, change, None, "")
    });
    write.map_err(|error| not_done(app, error))?;
    Ok(done(app, message))
}

/// The difference of a match, what is missing of an invoice, or a cent that stands alone.
pub fn write_off(app: &App, request: WriteOffRequest) -> Result<ActionDone, Problem> {
    let (board, target) = Target::find(app, &record_of(app, &request.target_id)?)?;
    let (group, _) = target.group(app, &board, None)?;
    let note = request.note.trim();
    match (request.reason.as_str(), &target) {
        (WRITE_OFF, _) => {
            if group.variance.is_zero() {
                return Err(refuse(app, "Nothing is left over", "Accept the match as it is."));
            }
            accept(app, &board, &group, Some(WRITE_OFF), note)
        }
        (BANK_CHARGES, Target::Record(record)) => {
            if board.facts.settings.accounts.bank_charges.is_empty() {
                let remedy = "Name the account in Settings first.";
                return Err(refuse(app, "accounts.bank_charges is empty in Settings", remedy));
            }
            choose_for(app, record, "write-off-short", "the rest goes to bank charges", note)
        }
        (other, _) => Err(refuse(app, format!("{other:?} is no reason that closes this"), "Choose one of the list.")),
    }
}

/// An exception stands for its first record.
fn record_of(app: &App, target: &str) -> Result<String, Problem> {
    let id = tieout_domain::ExceptionId(target.to_owned());
    let found = app.company.store.read(|reader| reader.exception(&id)).map_err(|error| app.problem(error))?;
    let record = found.and_then(|it| it.exception.records.first().cloned());
    Ok(record.map_or_else(|| target.to_owned(), |it| it.to_string()))
}

/// What planning goes by for a payment that is short of its invoice.
fn choose_for(app: &App, record: &RecordRef, kind: &str, what: &str, note: &str) -> Result<ActionDone, Problem> {
    let missing = short_of_invoice(app, record)?.and_then(|it| it.at_stake);
    let payment = app.company.store.read(|reader| reader.get::<PaymentEvent>(record));
    let payment = payment.map_err(|error| app.problem(error))?;
    let (Some(missing), Some(payment)) = (missing, payment) else {
        return Err(refuse(app, "This payment is not short of an invoice", "Match it, or approve its entry."));
    };
    let number = format!("#{}", payment.value.order_number);
    let message = format!("{number}, {} short: {what}", missing.abs());
    let key = tieout_planning::payment_key(&payment.value);
    store(app, kind, &message, MatchChange { key, ..MatchChange::default() }, None, note)?;
    let message = format!("{message}. Its entries come with the next proposals");
    Ok(done(app, message))
}

/// Accepts a match for what it covers; the difference stays a variance in the tie-out. Or leaves the rest of an invoice open.
pub fn keep_partial(app: &App, request: KeepPartialRequest) -> Result<ActionDone, Problem> {
    let (board, target) = Target::find(app, &record_of(app, &request.group_id)?)?;
    let (group, undecided) = target.group(app, &board, None)?;
    if let Target::Record(record) = &target {
        return choose_for(app, record, "keep-partial", "the rest stays open", "");
    }
    if let Some(why) = undecided {
        return Err(refuse(app, why, "Choose a candidate first."));
    }
    same(app, &board, &group, &request.fingerprint)?;
    if group.is_settled() {
        return Err(refuse(app, "This is matched already", "Look under Matched."));
    }
    if group.variance.is_zero() {
        return Err(refuse(app, "Nothing is left over", "Accept the match as it is."));
    }
    let message = format!("Matched {}; {} stays open", title(&board, &group), group.variance.abs());
    let added = vec![confirmed(&group, &app.user, "kept partial")];
    store(app, "keep-partial", &message, MatchChange { added, ..MatchChange::default() }, None, "kept partial")?;
    Ok(done(app, message))
}

/// Cuts a record into parts that are matched each on its own. Undoing it makes it whole again.
pub fn split(app: &App, request: SplitRequest) -> Result<ActionDone, Problem> {
    let board = needed_board(app)?;
    let records = picked(app, std::slice::from_ref(&request.record_id))?;
    let gone = || refuse(app, "This row is gone", "The list is read again; choose another row.");
    let record = board.records(&records).next().ok_or_else(gone)?;
    let currency = record.amount.currency();
    let parts: Result<Vec<Money>, _> = request.parts.iter().map(|it| Money::parse(it, currency)).collect();
    let parts = parts.map_err(|error| refuse(app, error.to_string(), "Write each part like 12.50."))?;
    if let Some(group) = board.group_of(&record.record).filter(|it| it.is_settled()) {
        let title = format!("{} is already matched ({})", record.number, group.pass);
        return Err(refuse(app, title, "Unmatch it first."));
    }
    decisions::check_parts(record, &parts)
        .map_err(|why| refuse(app, why.to_string(), "Correct a part until they add up."))?;
    let amounts = parts.iter().map(Money::amount_text).collect::<Vec<_>>().join(" + ");
    let message = format!("Split {} into {amounts}", record.number);
    let write = app
        .company
        .store
        .write(&app.user, app.company.now(), |tx| decisions::decide_split(tx, &record.record, &parts, &message));
    write.map_err(|error| not_done(app, error))?;
    Ok(done(app, message))
}
