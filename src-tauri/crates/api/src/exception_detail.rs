//! One exception opened: both sides, what happened when, why it was not matched, and what was received.

use crate::app::App;
use crate::entry_view::entry;
use crate::exceptions::{Desk, case_id, chosen};
use crate::fixes::Fixes;
use crate::nearest::nearest;
use crate::problem;
use crate::record_words::{Told, of_order_number, told};
use crate::show;
use crate::views::{
    AmountView, CheckView, ExceptionDetail, ExceptionRequest, NoteView, Problem, RawDocument, RawDocumentRef,
    RawDocumentRequest, Side, TimelineEvent, Tone,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use tieout_domain::{ExceptionId, ExceptionKind, PostingState, RecordRef};
use tieout_money::{Money, Totals};
use tieout_services::Chart;
use tieout_store::{ExceptionStatus, StoreError, StoredException};

/// Versions of one record that are offered, newest first.
const VERSIONS_SHOWN: usize = 10;

pub fn exception_detail(app: &App, request: ExceptionRequest) -> Result<ExceptionDetail, Problem> {
    let id = ExceptionId(request.id.clone());
    let found = app.company.store.read(|reader| reader.exception(&id)).map_err(|error| app.problem(error))?;
    let it = found.ok_or_else(|| {
        let remedy = "Look at the list again; it may be resolved by now.";
        problem::bad_request(format!("There is no exception {id}"), remedy, app.company.now())
    })?;
    let desk = Desk::of(app);
    let exception = &it.exception;
    let mut records = Vec::new();
    for record in &exception.records {
        records.extend(told(app, record)?);
    }
    let fixes = Fixes::read(app)?;
    let is_closed = exception.kind == ExceptionKind::ClosedPeriod;
    let drafts = if is_closed { app.later_days()? } else { Arc::default() };
    let later = drafts.iter().find(|draft| draft.exception == it.id).map(|draft| &draft.posting);
    let fix = later.or_else(|| fixes.of(exception).map(|it| &it.posting));
    let chart = Chart::read(&app.company).ok();
    let case_id = case_id(&desk, exception);
    let case_count = chosen(app, &[], Some(&case_id)).map_or(0, |rows| rows.len());
    let (store_label, store_amount) = side(app, &records, Side::Store)?;
    let (ledger_label, ledger_amount) = side(app, &records, Side::Ledger)?;
    let difference = desk.money(exception);
    let party = records.iter().map(|it| it.party.as_str()).find(|it| !it.is_empty()).unwrap_or_default();
    let source = exception.records.first().map(|it| it.source.to_string()).unwrap_or_default();
    let found_at = format!("found {}", crate::posting_words::at(app, it.first_seen));
    let subtitle = [party, source.as_str(), found_at.as_str()];
    Ok(ExceptionDetail {
        id: request.id,
        title: format!("{}: {}", exception.kind.title(), exception.subject),
        subtitle: subtitle.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · "),
        store_label,
        store_amount,
        ledger_label,
        ledger_amount,
        difference: show::amount(difference),
        difference_means: means(exception.at_stake),
        timeline: timeline(app, exception.records.first(), records)?,
        fix: fix.zip(chart.as_ref()).map(|(it, chart)| entry(app, chart, &it.document)),
        fix_label: fix.map(|it| match it.state {
            PostingState::Proposed if later.is_some() => "Post on the first open day".to_owned(),
            PostingState::Proposed => "Open in Approvals".to_owned(),
            _ => "Send to approvals".to_owned(),
        }),
        next_action: fixes.next_action(exception),
        why_not: why_not(app, &it),
        nearest: nearest(app, &exception.records)?,
        notes: notes(app, &it.id.0)?,
        raw_documents: raw_documents(app, &exception.records)?,
        owner: it.owner.clone(),
        case_id,
        case_count: show::count(case_count),
        resolved: it.status == ExceptionStatus::Resolved,
    })
}

/// The records of one side, named, and what they come to where they are of one currency.
fn side(app: &App, records: &[Told], side: Side) -> Result<(String, Option<AmountView>), Problem> {
    let ours: Vec<&Told> = records.iter().filter(|it| it.side == side).collect();
    let label = match (&ours[..], side) {
        ([], Side::Store) => "Nothing at the store".to_owned(),
        ([], Side::Ledger) => "Nothing in Intacct".to_owned(),
        ([one], _) => one.label.clone(),
        (several, Side::Store) => format!("{} records of the store", several.len()),
        (several, Side::Ledger) => format!("{} records of Intacct", several.len()),
    };
    let totals = Totals::of(ours.iter().filter_map(|it| it.amount)).map_err(|error| app.problem(error))?;
    let sums: Vec<Money> = totals.iter().collect();
    Ok((label, if sums.len() == 1 { sums.first().copied().map(show::amount) } else { None }))
}

fn means(at_stake: Option<Money>) -> String {
    match at_stake {
        None => "no money is known to be at stake",
        Some(money) if money.is_zero() => "no difference in money",
        Some(money) if money.is_negative() => "the books hold more on the clearing account than the store says",
        Some(_) => "the books hold less on the clearing account than the store says",
    }
    .into()
}

/// What both sides say of the order it is about, the exception's own first record marked.
fn timeline(app: &App, first: Option<&RecordRef>, records: Vec<Told>) -> Result<Vec<TimelineEvent>, Problem> {
    let numbers: BTreeSet<String> =
        records.iter().map(|it| it.order_number.clone()).filter(|it| !it.is_empty()).collect();
    let mut all = records;
    // Many orders in one exception (a payout, a day's fees): their histories would bury what happened.
    if numbers.len() == 1 {
        for number in numbers {
            all.extend(of_order_number(app, &number)?);
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|it| seen.insert(it.record.clone()));
    all.sort_by(|a, b| a.at.cmp(&b.at));
    let event = |it: Told| TimelineEvent {
        cause: Some(&it.record) == first,
        side: it.side,
        at: it.at,
        text: it.text,
        detail: it.detail,
    };
    Ok(all.into_iter().map(event).collect())
}

fn why_not(app: &App, it: &StoredException) -> Vec<CheckView> {
    let line =
        |tone, verdict: &str, text: String| CheckView { tone, verdict: verdict.into(), text, detail: String::new() };
    let reasons = it.exception.why_not.split("; ").filter(|it| !it.is_empty());
    let mut checks: Vec<CheckView> = reasons.map(|text| line(Tone::Bad, "fails", text.to_owned())).collect();
    if let (Some(on), Ok(Some(books))) = (it.exception.on, app.company.books()) {
        checks.push(if books.is_open_on(on) {
            line(Tone::Ok, "passes", format!("{} is in an open period", show::day(on)))
        } else {
            line(Tone::Bad, "fails", format!("{} is in a closed period", show::day(on)))
        });
    }
    checks
}

fn notes(app: &App, target: &str) -> Result<Vec<NoteView>, Problem> {
    let notes = app.company.store.read(|reader| reader.notes(target)).map_err(|error| app.problem(error))?;
    Ok(notes.into_iter().map(|it| NoteView { by: it.by, at: it.at.to_string(), text: it.text }).collect())
}

fn raw_documents(app: &App, records: &[RecordRef]) -> Result<Vec<RawDocumentRef>, Problem> {
    let read = app.company.store.read(|reader| {
        let mut refs = Vec::new();
        for record in records {
            let name = format!("{} {} {}", record.source, record.object.as_str(), record.id);
            if let Some(refused) = reader.refused_record(record)? {
                refs.push(RawDocumentRef {
                    id: format!("{record}@refused"),
                    label: format!("{name}, not understood"),
                    fetched_at: refused.last_seen.to_string(),
                });
            }
            refs.extend(reader.history(record)?.into_iter().take(VERSIONS_SHOWN).map(|it| RawDocumentRef {
                id: format!("{record}@{}", it.version),
                label: format!("{name}, version {}", it.version),
                fetched_at: it.fetched_at.to_string(),
            }));
        }
        Ok::<_, StoreError>(refs)
    });
    read.map_err(|error| app.problem(error))
}

/// As received, after the redaction gate: nothing else ever reaches the disk.
pub fn raw_document(app: &App, request: RawDocumentRequest) -> Result<RawDocument, Problem> {
    let gone = || {
        let title = format!("There is no document {}", request.id);
        problem::bad_request(title, "Open the exception again.", app.company.now())
    };
    let (record, version) = request.id.rsplit_once('@').ok_or_else(gone)?;
    let record: RecordRef = record.parse().map_err(|_| gone())?;
    let read = app.company.store.read(|reader| {
        Ok::<_, StoreError>(if version == "refused" {
            reader.refused_record(&record)?.map(|it| it.refused.raw)
        } else {
            reader.history(&record)?.into_iter().find(|it| it.version.to_string() == version).map(|it| it.raw)
        })
    });
    let raw = read.map_err(|error| app.problem(error))?.ok_or_else(gone)?;
    let json = serde_json::from_str::<serde_json::Value>(&raw).ok().filter(|it| it.is_object() || it.is_array());
    let (language, text) = match json.and_then(|it| serde_json::to_string_pretty(&it).ok()) {
        Some(text) => ("json", text),
        None if raw.trim_start().starts_with('<') => ("xml", raw),
        None => ("text", raw),
    };
    let label = format!("{} {} {}, version {version}", record.source, record.object.as_str(), record.id);
    Ok(RawDocument { label, language: language.into(), text })
}
