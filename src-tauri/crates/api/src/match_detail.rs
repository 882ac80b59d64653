//! S2 Match, the pane under the grids: why these belong together, the entry they make, what is left over, and why a record
//! is where it is.

use crate::app::App;
use crate::entry_view::entry;
use crate::match_draft::{Target, draft, fingerprint, short_of_invoice, short_suspense};
use crate::match_lists::{capital, needed_board, picked, title, tone};
use crate::match_shown::aside_words;
use crate::nearest::nearest;
use crate::posting_words as words;
use crate::show;
use crate::views::{
    CandidateView, CheckView, EntryView, ExplainRequest, Explanation, Fact, MatchDetail, MatchDetailRequest, NoteView,
    OpenTarget, Problem, Screen, SelectionDraftRequest, SuspenseView, Tone,
};
use crate::weights::weighed;
use tieout_domain::{MatchGroup, PostingState, RecordRef};
use tieout_services::decisions::{Board, hand_made, standing_exceptions_of, why_open};
use tieout_store::{StoreError, StoredPosting};

pub fn match_detail(app: &App, request: MatchDetailRequest) -> Result<MatchDetail, Problem> {
    let (board, target) = Target::find(app, &request.group_id)?;
    let (group, undecided) = target.group(app, &board, request.candidate)?;
    let mut detail = detail_of(app, &board, &group, request.reason.as_deref(), undecided)?;
    detail.group_id = request.group_id.clone();
    if let Some(text) = aside_words(&board, &request.group_id) {
        detail.facts.push(Fact { label: "Waits".into(), value: text, open: None });
    }
    if let Target::Choice(_, candidates) = &target {
        if request.candidate.is_none() {
            let words = match candidates.len() {
                1 => "One record fits, and it may belong to another one as well".to_owned(),
                many => format!("{many} records fit, and nothing tells them apart"),
            };
            detail.evidence = vec![review(&words, "")];
        }
        detail.candidates = candidates.iter().enumerate().map(|(at, it)| candidate(&board, at, it)).collect();
    }
    detail.notes = notes(app, &board, &request.group_id, &group)?;
    Ok(detail)
}

fn candidate(board: &Board, at: usize, group: &MatchGroup) -> CandidateView {
    let right = board.records(&group.right).next();
    CandidateView {
        number: show::count(at + 1),
        title: right.map(|it| it.number.clone()).unwrap_or_default(),
        detail: right.map(|it| format!("{} {}, {}", it.kind, it.party, show::day(it.on))).unwrap_or_default(),
        amount: show::amount(right.map_or(group.variance, |it| it.amount)),
        score: u32::from(group.confidence.percent()),
    }
}

/// On the row itself and on each of its records.
fn notes(app: &App, board: &Board, id: &str, group: &MatchGroup) -> Result<Vec<NoteView>, Problem> {
    let read = app.company.store.read(|reader| {
        let mut all = reader.notes(id)?;
        for record in group.members().filter(|it| it.to_string() != id && board.noted.contains(&it.to_string())) {
            all.extend(reader.notes(&record.to_string())?);
        }
        Ok::<_, StoreError>(all)
    });
    let notes = read.map_err(|error| app.problem(error))?;
    Ok(notes.into_iter().map(|it| NoteView { by: it.by, at: it.at.to_string(), text: it.text }).collect())
}

pub fn selection_draft(app: &App, request: SelectionDraftRequest) -> Result<MatchDetail, Problem> {
    let board = needed_board(app)?;
    let records = picked(app, &request.record_ids)?;
    match hand_made(&board, &records) {
        Ok(group) => detail_of(app, &board, &group, request.reason.as_deref(), None),
        Err(why) => Ok(impossible(&board, &records, why.to_string())),
    }
}

/// What cannot be one match is shown all the same, with why.
fn impossible(board: &Board, records: &[RecordRef], why: String) -> MatchDetail {
    let first = board.records(records).next();
    let currency = first.map_or(tieout_money::Currency::USD, |it| it.amount.currency());
    let nothing = show::amount(tieout_money::Money::zero(currency));
    MatchDetail {
        group_id: String::new(),
        title: first.map(|it| it.number.clone()).unwrap_or_default(),
        score: 0,
        evidence: vec![CheckView {
            tone: Tone::Bad,
            verdict: "fails".into(),
            text: why.clone(),
            detail: String::new(),
        }],
        weighed: None,
        facts: Vec::new(),
        entry: EntryView {
            kind: "No match".into(),
            posted_on: first.map_or(board.today, |it| it.on).to_string(),
            journal: String::new(),
            entity: String::new(),
            currency: currency.to_string(),
            lines: Vec::new(),
            total_debit: nothing.clone(),
            total_credit: nothing,
        },
        suspense: SuspenseView { debit: None, credit: None, closed: false, chosen_reason: None, reasons: Vec::new() },
        can_accept: false,
        why_not: Some(why),
        fingerprint: String::new(),
        candidates: Vec::new(),
        notes: Vec::new(),
        matched: false,
        nearest: None,
    }
}

fn detail_of(
    app: &App,
    board: &Board,
    group: &MatchGroup,
    reason: Option<&str>,
    undecided: Option<String>,
) -> Result<MatchDetail, Problem> {
    let drafted = draft(app, board, group, reason)?;
    let matched = group.is_settled() && board.group(&group.id.0).is_some();
    let lone = group.members().count() < 2;
    let one_sided = group.left.is_empty() || group.right.is_empty();
    let mut detail = MatchDetail {
        group_id: group.id.0.clone(),
        title: title(board, group),
        score: u32::from(group.confidence.percent()),
        evidence: if lone { Vec::new() } else { evidence(group) },
        weighed: if lone { None } else { weighed(group) },
        facts: facts(app, board, group)?,
        entry: drafted.entry,
        suspense: drafted.suspense,
        can_accept: false,
        why_not: None,
        fingerprint: fingerprint(board, group).to_string(),
        candidates: Vec::new(),
        notes: Vec::new(),
        matched,
        nearest: None,
    };
    if let Some(record) = group.members().next().filter(|_| lone && !matched) {
        of_one_record(app, board, record, &mut detail)?;
        detail.nearest = nearest(app, std::slice::from_ref(record))?;
    }
    detail.why_not = match (undecided, drafted.refused) {
        _ if matched => None,
        (Some(why), _) => Some(why),
        // Records of one side that cancel each other are a match as well.
        (None, _) if one_sided && (lone || !group.is_exact()) => {
            Some("Choose at least one record on each side.".into())
        }
        (None, Some(refused)) => Some(capital(&refused)),
        (None, None) if !detail.suspense.closed => Some(format!(
            "{} is still in suspense. Choose a reason to close it, or keep it partial.",
            group.variance.abs()
        )),
        (None, None) => None,
    };
    detail.can_accept = !matched && detail.why_not.is_none();
    Ok(detail)
}

/// The entry proposed for it, where there is one; and what its invoice would leave open.
fn of_one_record(app: &App, board: &Board, record: &RecordRef, detail: &mut MatchDetail) -> Result<(), Problem> {
    let chart = app.chart()?;
    if let Some(posting) = waiting(app, record)? {
        detail.entry = entry(app, &chart, &posting.posting.document);
        detail.suspense =
            SuspenseView { debit: None, credit: None, closed: true, chosen_reason: None, reasons: Vec::new() };
    } else if let Some(missing) = short_of_invoice(app, record)?.and_then(|it| it.at_stake) {
        detail.suspense = short_suspense(board, &chart, missing);
    }
    Ok(())
}

fn waiting(app: &App, record: &RecordRef) -> Result<Option<StoredPosting>, Problem> {
    let found = app.company.store.read(|reader| reader.postings_on(record)).map_err(|error| app.problem(error))?;
    Ok(found.into_iter().find(|it| {
        matches!(it.posting.state, PostingState::Proposed | PostingState::Held { .. } | PostingState::Approved { .. })
    }))
}

fn evidence(group: &MatchGroup) -> Vec<CheckView> {
    // The odds have a table of their own.
    let told = group.evidence.iter().filter(|it| !matches!(it, tieout_domain::Evidence::Odds { .. }));
    let views = told.map(|it| {
        let tone = tone(it);
        let verdict = if tone == Tone::Warn { "review" } else { "pass" };
        CheckView { tone, verdict: verdict.into(), text: capital(&it.sentence()), detail: String::new() }
    });
    views.collect()
}

fn facts(app: &App, board: &Board, group: &MatchGroup) -> Result<Vec<Fact>, Problem> {
    let fact = |label: &str, value: String| Fact { label: label.into(), value, open: None };
    let mut facts = Vec::new();
    let parties: Vec<&str> = group.members().filter_map(|it| board.record(it)).map(|it| it.party.as_str()).collect();
    if let Some(party) = parties.iter().find(|it| !it.is_empty()) {
        facts.push(fact("Party", (*party).to_owned()));
    }
    if group.members().count() > 1 {
        facts.push(fact("Found by", capital(&group.pass)));
    }
    let days: Vec<_> = group.members().filter_map(|it| board.record(it)).map(|it| it.on).collect();
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
        let span =
            if first == last { show::day(*first) } else { format!("{} to {}", show::day(*first), show::day(*last)) };
        facts.push(fact("Dated", span));
    }
    if group.members().count() <= 20 {
        let read = app.company.store.read(|reader| {
            let mut all: Vec<StoredPosting> = Vec::new();
            for record in &group.left {
                all.extend(reader.postings_on(record)?);
            }
            Ok::<_, StoreError>(all)
        });
        let mut postings = read.map_err(|error| app.problem(error))?;
        postings.dedup_by(|a, b| a.posting.id == b.posting.id);
        facts.extend(postings.into_iter().take(3).map(|it| Fact {
            label: "Entry".into(),
            value: format!("{}, {}", words::title(&it.posting.document), it.posting.state.as_str()),
            open: Some(OpenTarget { screen: Screen::Approvals, id: Some(it.posting.id.0) }),
        }));
    }
    Ok(facts)
}

/// Why a record or a match is where it is: the evidence, or the nearest miss, and what stands against it.
pub fn explain(app: &App, request: ExplainRequest) -> Result<Explanation, Problem> {
    if let Some(it) = exception(app, &request.target_id)? {
        let mut checks = vec![review(it.exception.kind.title(), &it.exception.why_not)];
        checks.push(review("Next", it.exception.kind.next_action()));
        let raw_document = it.exception.records.first().map(|it| raw(app, it)).transpose()?.flatten();
        return Ok(Explanation { title: it.exception.subject, checks, raw_document });
    }
    let (board, target) = Target::find(app, &request.target_id)?;
    let (group, _) = target.group(app, &board, None)?;
    let record = match &target {
        Target::Group(group) => group.members().next().cloned(),
        Target::Choice(record, _) | Target::Record(record) => Some(record.clone()),
    };
    let mut checks = match &target {
        Target::Group(group) => {
            let settled = if group.is_settled() { "counts as matched" } else { "waits for a person" };
            let certainty = format!("{} percent certain, {settled}", group.confidence.percent());
            let mut checks = evidence(group);
            checks.insert(0, CheckView { detail: certainty, ..passed(&format!("Found by {}", group.pass)) });
            checks
        }
        Target::Choice(_, candidates) => candidates
            .iter()
            .map(|it| CheckView { detail: chips(it), ..passed(&format!("{} fits", title(&board, it))) })
            .chain([review("More than one record fits", "Tieout does not guess; choose one")])
            .collect(),
        Target::Record(record) => {
            let why = why_open(&app.company, &board, record).map_err(|error| app.problem(error))?;
            vec![review("No match", why.as_deref().unwrap_or("it was read after the last matching run; match again"))]
        }
    };
    let id = request.target_id.as_str();
    let standing = app.company.store.read(|reader| standing_exceptions_of(reader, Some(&board), id));
    for it in standing.map_err(|error: StoreError| app.problem(error))? {
        checks.push(review(it.exception.kind.title(), &it.exception.why_not));
    }
    if let Some(text) = aside_words(&board, id) {
        checks.push(review("Set aside by a person", &text));
    }
    let whole = record.map(|it| board.record(&it).and_then(|it| it.part_of.clone()).unwrap_or(it));
    let raw_document = whole.map(|it| raw(app, &it)).transpose()?.flatten();
    Ok(Explanation { title: title(&board, &group), checks, raw_document })
}

/// The document as it was received, made readable.
fn raw(app: &App, record: &RecordRef) -> Result<Option<String>, Problem> {
    let found = app.company.store.read(|reader| reader.raw(record)).map_err(|error: StoreError| app.problem(error))?;
    Ok(found.map(|it| {
        let json = serde_json::from_str::<serde_json::Value>(&it.raw).ok();
        json.and_then(|it| serde_json::to_string_pretty(&it).ok()).unwrap_or(it.raw)
    }))
}

fn exception(app: &App, id: &str) -> Result<Option<tieout_store::StoredException>, Problem> {
    let id = tieout_domain::ExceptionId(id.to_owned());
    app.company.store.read(|reader| reader.exception(&id)).map_err(|error| app.problem(error))
}

fn passed(text: &str) -> CheckView {
    CheckView { tone: Tone::Ok, verdict: "pass".into(), text: text.to_owned(), detail: String::new() }
}

fn review(text: &str, detail: &str) -> CheckView {
    CheckView { tone: Tone::Warn, verdict: "review".into(), text: text.to_owned(), detail: capital(detail) }
}

fn chips(group: &MatchGroup) -> String {
    group.evidence.iter().map(tieout_domain::Evidence::sentence).collect::<Vec<_>>().join(", ")
}
