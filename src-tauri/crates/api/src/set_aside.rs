//! Timing items, snoozes and notes: on matches, records and exceptions alike.

use crate::app::App;
use crate::ask;
use crate::match_decisions::{done, refuse};
use crate::match_lists::title;
use crate::show;
use crate::views::{ActionDone, NoteRequest, Problem, SnoozeRequest, TimingItemRequest};
use jiff::civil::Date;
use tieout_domain::{ExceptionId, PostingId, RecordRef};
use tieout_services::decisions::{self, Aside, AsideKind, Board};
use tieout_store::StoreError;

const NOTE_LETTERS_MAX: usize = 4_000;

pub fn timing_item(app: &App, request: TimingItemRequest) -> Result<ActionDone, Problem> {
    let day = future(app, &request.expected_on)?;
    let what = named(app, &request.target_ids)?;
    let message = format!("{what} is a timing item, expected to clear on {}", show::day(day));
    put(app, &request.target_ids, Aside { kind: AsideKind::Timing, until: day }, message)
}

pub fn snooze(app: &App, request: SnoozeRequest) -> Result<ActionDone, Problem> {
    let day = future(app, &request.until)?;
    let message = format!("{} is out of sight until {}", named(app, &request.target_ids)?, show::day(day));
    put(app, &request.target_ids, Aside { kind: AsideKind::Snoozed, until: day }, message)
}

fn put(app: &App, targets: &[String], aside: Aside, message: String) -> Result<ActionDone, Problem> {
    let board = app.board()?;
    decisions::set_aside(&app.company, board.as_deref(), &app.user, targets, aside, &message)
        .map_err(|error| app.problem(error))?;
    Ok(done(app, message))
}

fn future(app: &App, text: &str) -> Result<Date, Problem> {
    let day = ask::day(app, text)?;
    let today = app.company.today().map_err(|error| app.problem(error))?;
    if day > today {
        return Ok(day);
    }
    Err(refuse(app, format!("{} has come already", show::day(day)), "Choose a later day."))
}

fn named(app: &App, targets: &[String]) -> Result<String, Problem> {
    let Some(first) = targets.first() else {
        return Err(refuse(app, "Nothing is chosen", "Choose at least one row."));
    };
    let board = app.board()?;
    for target in &targets[1..] {
        known(app, board.as_deref(), target)?;
    }
    let name = known(app, board.as_deref(), first)?;
    Ok(if targets.len() == 1 { name } else { format!("{name} and {} more", targets.len() - 1) })
}

/// What people call it: a match, a record, an exception or a proposal.
fn known(app: &App, board: Option<&Board>, target: &str) -> Result<String, Problem> {
    if let Some(group) = board.and_then(|board| board.group(target)) {
        return Ok(board.map_or_else(|| target.to_owned(), |board| title(board, group)));
    }
    let (exception, posting) = app
        .company
        .store
        .read(|reader| {
            let exception = reader.exception(&ExceptionId(target.to_owned()))?;
            Ok::<_, StoreError>((exception, reader.posting(&PostingId(target.to_owned()))?))
        })
        .map_err(|error| app.problem(error))?;
    if let Some(it) = exception {
        return Ok(it.exception.subject);
    }
    if let Some(it) = posting {
        return Ok(crate::posting_words::title(&it.posting.document));
    }
    if let Ok(record) = target.parse::<RecordRef>() {
        if let Some(it) = board.and_then(|board| board.record(&record)) {
            return Ok(it.number.clone());
        }
        if let Some(told) = crate::record_words::told(app, &record)? {
            return Ok(told.label);
        }
    }
    Err(refuse(app, "This row is gone", "The list is read again; choose another row."))
}

pub fn note(app: &App, request: NoteRequest) -> Result<ActionDone, Problem> {
    let text = request.text.trim();
    if text.is_empty() || text.chars().count() > NOTE_LETTERS_MAX {
        return Err(refuse(app, "A note is some words, at most 4,000 letters", "Write it again."));
    }
    let board = app.board()?;
    let message = format!("Note on {}", known(app, board.as_deref(), &request.target_id)?);
    let write = app
        .company
        .store
        .write(&app.user, app.company.now(), |tx| decisions::decide_note(tx, &request.target_id, text, &message));
    write.map_err(|error: StoreError| app.problem(error))?;
    Ok(done(app, message))
}
