//! One proposal opened: why, what it does to each account, what was checked, and the exact text.

use crate::app::App;
use crate::approvals::steps;
use crate::entry_view::{effects, entry};
use crate::posting_words as words;
use crate::problem;
use crate::show;
use crate::views::{
    CheckView, DiffRow, EvidenceLink, OpenTarget, PostingStateView, Problem, ProposalDetail, ProposalRequest, Screen,
    SimilarEntry, Tone,
};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Check, CheckLevel, Document, ObjectKind, PostingId, PostingState, RecordRef};
use tieout_services::{self as services, Chart};
use tieout_store::StoredPosting;

pub(crate) fn find(app: &App, id: &str) -> Result<StoredPosting, Problem> {
    let found = app.company.store.read(|reader| reader.posting(&PostingId(id.to_owned())));
    found.map_err(|error| app.problem(error))?.ok_or_else(|| {
        let title = format!("There is no proposal {id} any more");
        problem::bad_request(title, "Look at the list again; its facts changed.", app.company.now())
    })
}

pub fn proposal_detail(app: &App, request: ProposalRequest) -> Result<ProposalDetail, Problem> {
    let it = find(app, &request.id)?;
    let chart = Chart::read(&app.company).map_err(|error| app.problem(error))?;
    let request = services::preview_request(&app.company, &it).map_err(|error| app.problem(error))?;
    let document = &it.posting.document;
    let state = words::state(&it.posting.state);
    let mut checks: Vec<CheckView> = it.posting.checks.iter().map(check).collect();
    if let Some(hindrance) = &request.hindrance {
        checks.insert(
            0,
            CheckView {
                tone: Tone::Bad,
                verdict: "blocked".into(),
                text: "It cannot be written from what is cached".into(),
                detail: hindrance.clone(),
            },
        );
    }
    let blocked = it.posting.checks.iter().find(|check| check.level == CheckLevel::Blocked);
    let why_not = match (&it.posting.state, blocked) {
        (PostingState::Proposed, Some(check)) => Some(check.text.clone()),
        (PostingState::Proposed, None) => request.hindrance.clone(),
        (PostingState::Held { reason, .. }, _) => Some(format!("It is held: {reason}. Release it first.")),
        (PostingState::Refused { reason }, _) => {
            Some(format!("Intacct refused it: {reason}. {} Release it to approve it again.", reason.remedy))
        }
        (other, _) => Some(format!("It is {}.", other.as_str())),
    };
    let can_reverse = matches!(it.posting.state, PostingState::Posted { .. })
        && matches!(document, Document::JournalEntry(_) | Document::CashReceipt(_) | Document::AdvanceApplication(_));
    Ok(ProposalDetail {
        id: it.posting.id.0.clone(),
        title: words::title(document),
        description: format!(
            "{}, {}, {}. Proposed because {}. Settings version {}.",
            document.kind().title(),
            show::day(document.on()),
            document.amount(),
            it.posting.because,
            it.posting.settings_version
        ),
        state,
        amount: show::amount(document.amount()),
        evidence: evidence(&it),
        effects: effects(app, &chart, document)?,
        checks,
        last_similar: last_similar(app, &chart, &it)?,
        entry: entry(app, &chart, document),
        key: request.key,
        xml: request.xml,
        fingerprint: it.fingerprint.to_string(),
        can_approve: state == PostingStateView::Proposed && why_not.is_none(),
        why_not,
        record: words::record(&it.posting.state),
        record_url: None,
        history: steps(app, &it.posting.id)?,
        can_reverse,
    })
}

fn check(check: &Check) -> CheckView {
    let (tone, verdict) = match check.level {
        CheckLevel::Pass => (Tone::Ok, "pass"),
        CheckLevel::Review => (Tone::Warn, "review"),
        CheckLevel::Blocked => (Tone::Bad, "blocked"),
    };
    CheckView { tone, verdict: verdict.into(), text: check.text.clone(), detail: String::new() }
}

/// The records it rests on: each by itself when they are few, by kind when they are many.
fn evidence(it: &StoredPosting) -> Vec<EvidenceLink> {
    const FEW: usize = 6;
    let records: Vec<&RecordRef> = it.posting.facts.iter().map(|(record, _)| record).collect();
    let open = |record: &RecordRef| OpenTarget { screen: Screen::Match, id: Some(record.to_string()) };
    if records.len() <= FEW {
        let link = |record: &&RecordRef| EvidenceLink {
            label: format!("{} {}", named(record.object, 1), record.id),
            open: open(record),
        };
        return records.iter().map(link).collect();
    }
    let mut by_kind: BTreeMap<ObjectKind, Vec<&RecordRef>> = BTreeMap::new();
    for record in records {
        by_kind.entry(record.object).or_default().push(record);
    }
    let links = by_kind.into_iter().filter_map(|(kind, all)| {
        let label = format!("{} {}", all.len(), named(kind, all.len()));
        Some(EvidenceLink { label, open: open(all.first()?) })
    });
    links.collect()
}

fn named(kind: ObjectKind, count: usize) -> String {
    let name = match kind {
        ObjectKind::Settlement => "settlement row",
        other => other.as_str(),
    };
    if count == 1 { name.to_owned() } else { format!("{name}s") }
}

/// The last posted entry of the same kind that moves the same accounts.
fn last_similar(app: &App, chart: &Chart, it: &StoredPosting) -> Result<Option<SimilarEntry>, Problem> {
    let document = &it.posting.document;
    let group = words::group(document);
    let accounts =
        |document: &Document| -> BTreeSet<String> { chart.lines(document).into_iter().map(|it| it.account).collect() };
    let ours = accounts(document);
    let postings = app.postings()?;
    let posted = postings.iter().filter(|other| {
        matches!(other.posting.state, PostingState::Posted { .. })
            && other.posting.id != it.posting.id
            && other.posting.document.kind() == document.kind()
            && other.posting.document.amount().currency() == document.amount().currency()
            && words::group(&other.posting.document) == group
    });
    let mut candidates: Vec<&StoredPosting> = posted.collect();
    candidates.sort_by_key(|other| std::cmp::Reverse((other.posting.document.on(), other.posting.id.clone())));
    let Some(last) = candidates.into_iter().take(50).find(|other| accounts(&other.posting.document) == ours) else {
        return Ok(None);
    };
    Ok(Some(SimilarEntry {
        label: words::title(&last.posting.document),
        posted_on: last.posting.document.on().to_string(),
        rows: compared(chart, &last.posting.document, document),
    }))
}

fn compared(chart: &Chart, before: &Document, after: &Document) -> Vec<DiffRow> {
    let amounts = DiffRow {
        field: "Amount".into(),
        before: before.amount().amount_text(),
        after: after.amount().amount_text(),
        changed: false, // two entries of one kind have amounts of their own
        added: false,
    };
    let of = |document: &Document| -> BTreeMap<String, String> {
        let lines = chart.lines(document).into_iter();
        lines
            .map(|it| {
                let given = [it.dimensions.location, it.dimensions.department, it.dimensions.class];
                (it.account, given.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" / "))
            })
            .collect()
    };
    let (then, now) = (of(before), of(after));
    let mut rows = vec![amounts];
    rows.extend(now.into_iter().map(|(account, dimensions)| {
        let was = then.get(&account).cloned().unwrap_or_default();
        DiffRow {
            field: chart.label(&account),
            changed: was != dimensions,
            added: was.is_empty() && !dimensions.is_empty(),
            before: was,
            after: dimensions,
        }
    }));
    rows
}
