//! What can be done about an exception from here: the entry that waits, is held or was refused, of its own records.

use crate::app::App;
use crate::approve::changed;
use crate::decided::{self, Holding, RELEASE};
use crate::exceptions::chosen;
use crate::posting_words as words;
use crate::problem;
use crate::show;
use crate::views::{
    ActionDone, FixLine, FixPreview, FixPreviewRequest, OpenTarget, Problem, Screen, SendToApprovalsRequest, Tone,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tieout_domain::{Event, Exception, ExceptionKind, Fingerprint, PostingState, RecordRef};
use tieout_money::Totals;
use tieout_services::{self as services, LaterDay};
use tieout_store::{StoredException, StoredPosting};

/// Postings that a person can still bring forward, by the records they rest on.
pub(crate) struct Fixes {
    postings: Arc<Vec<StoredPosting>>,
    by_record: BTreeMap<RecordRef, usize>,
}

impl Fixes {
    pub fn read(app: &App) -> Result<Fixes, Problem> {
        let postings = app.postings()?;
        let mut by_record = BTreeMap::new();
        for (at, it) in postings.iter().enumerate() {
            let state = &it.posting.state;
            if matches!(state, PostingState::Proposed | PostingState::Held { .. } | PostingState::Refused { .. }) {
                by_record.extend(it.posting.facts.iter().map(|(record, _)| (record.clone(), at)));
            }
        }
        Ok(Fixes { postings, by_record })
    }

    pub fn of(&self, exception: &Exception) -> Option<&StoredPosting> {
        let at = exception.records.iter().find_map(|it| self.by_record.get(it))?;
        self.postings.get(*at)
    }

    pub fn next_action(&self, exception: &Exception) -> String {
        match self.of(exception).map(|it| &it.posting.state) {
            Some(PostingState::Proposed) => "Its entry waits in Approvals".into(),
            Some(PostingState::Held { .. }) => "Its entry is held; send it to approvals".into(),
            Some(PostingState::Refused { .. }) => "Refused; correct it and send it to approvals again".into(),
            _ => exception.kind.next_action().to_owned(),
        }
    }

    /// Something can be proposed for it from here.
    pub fn can_fix(&self, exception: &Exception) -> bool {
        exception.kind == ExceptionKind::ClosedPeriod || self.of(exception).is_some()
    }
}

/// What is left out is told with what a person does instead.
struct Plan<'a> {
    entries: Vec<(&'a StoredException, &'a StoredPosting)>,
    /// Not proposed yet: their own day is closed.
    later: Vec<LaterDay>,
    left_out: Vec<&'a StoredException>,
}

fn plan<'a>(app: &App, fixes: &'a Fixes, rows: &'a [StoredException]) -> Result<Plan<'a>, Problem> {
    let is_closed = rows.iter().any(|it| it.exception.kind == ExceptionKind::ClosedPeriod);
    let drafts = if is_closed { app.later_days()? } else { Arc::default() };
    let is_chosen = |it: &&LaterDay| rows.iter().any(|row| row.id == it.exception);
    let later = drafts.iter().filter(is_chosen).cloned().collect();
    let mut seen = BTreeSet::new();
    let mut plan = Plan { entries: Vec::new(), later, left_out: Vec::new() };
    for it in rows {
        if plan.later.iter().any(|later| later.exception == it.id) {
            continue;
        }
        match fixes.of(&it.exception) {
            Some(posting) if seen.insert(posting.posting.id.clone()) => plan.entries.push((it, posting)),
            Some(_) => {} // one entry settles several of them
            None => plan.left_out.push(it),
        }
    }
    Ok(plan)
}

fn digest(plan: &Plan<'_>) -> Fingerprint {
    let all = plan.entries.iter().map(|(_, it)| {
        Fingerprint::of_bytes(format!("{} {} {}", it.posting.id, it.fingerprint, it.posting.state.as_str()).as_bytes())
    });
    let later = plan.later.iter().map(|it| it.posting.fingerprint());
    Fingerprint::of_list(&all.chain(later).collect::<Vec<_>>())
}

pub fn fix_preview(app: &App, request: FixPreviewRequest) -> Result<FixPreview, Problem> {
    let rows = chosen(app, &request.exception_ids, request.case_id.as_deref())?;
    let fixes = Fixes::read(app)?;
    let plan = plan(app, &fixes, &rows)?;
    let amounts = plan.entries.iter().map(|(_, it)| it.posting.document.amount());
    let totals = Totals::of(amounts.chain(plan.later.iter().map(|it| it.posting.document.amount())));
    let lines = plan.entries.iter().map(|(exception, it)| {
        let (told, tone) = match &it.posting.state {
            PostingState::Held { reason, .. } => (format!("held: {reason}"), Tone::Warn),
            PostingState::Refused { reason } => (format!("refused: {reason}"), Tone::Warn),
            _ => ("waits in Approvals already".to_owned(), Tone::Ok),
        };
        FixLine {
            id: exception.id.0.clone(),
            text: format!("{}; {told}", words::title(&it.posting.document)),
            amount: show::amount(it.posting.document.amount()),
            tone,
        }
    });
    let later = plan.later.iter().map(|it| FixLine {
        id: it.exception.0.clone(),
        text: format!(
            "{}; dated {} instead of {}",
            words::title(&it.posting.document),
            show::day(it.on),
            show::day(it.own_day)
        ),
        amount: show::amount(it.posting.document.amount()),
        tone: Tone::Warn,
    });
    let desk = crate::exceptions::Desk::of(app);
    let left_out = plan.left_out.iter().map(|it| FixLine {
        id: it.id.0.clone(),
        text: format!("{}: {}", it.exception.subject, it.exception.kind.next_action()),
        amount: show::amount(desk.money(&it.exception)),
        tone: Tone::Plain,
    });
    Ok(FixPreview {
        digest: digest(&plan).to_string(),
        entries: show::count(plan.entries.len() + plan.later.len()),
        totals: show::totals(&totals.map_err(|error| app.problem(error))?),
        lines: lines.chain(later).collect(),
        left_out: left_out.collect(),
    })
}

/// Held entries are released, refused ones opened again, and those of a closed day dated on the first open one; every one then waits for approval. Nothing is sent.
pub fn send_to_approvals(app: &App, request: SendToApprovalsRequest) -> Result<ActionDone, Problem> {
    let rows = chosen(app, &request.exception_ids, request.case_id.as_deref())?;
    let fixes = Fixes::read(app)?;
    let plan = plan(app, &fixes, &rows)?;
    if digest(&plan) != Fingerprint::from_text(&request.digest) {
        let title = "The entries have changed since they were shown";
        return Err(problem::bad_request(title, "Look at them again, then send them.", app.company.now()));
    }
    let first = plan.entries.first().map(|(_, it)| it.posting.id.clone());
    let Some(first) = first.or_else(|| plan.later.first().map(|it| it.posting.id.clone())) else {
        let title = "None of these has an entry that could be approved";
        return Err(problem::bad_request(title, "Do what each one's next action says.", app.company.now()));
    };
    let mut held = Vec::new();
    let mut refused = Vec::new();
    for (_, it) in &plan.entries {
        match &it.posting.state {
            PostingState::Held { reason, .. } => held.push((it.posting.id.clone(), reason.clone())),
            PostingState::Refused { .. } => refused.push(it.posting.id.clone()),
            _ => {}
        }
    }
    let entries = show::counted(plan.entries.len() + plan.later.len(), "entry waits", "entries wait");
    let message = format!("{entries} in Approvals");
    let releases = !held.is_empty() && refused.is_empty();
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| {
            for (id, _) in &held {
                tx.apply_event(id, Event::Release)?;
            }
            for id in &refused {
                tx.apply_event(id, Event::Reopen)?;
            }
            if releases {
                decided::decide(tx, RELEASE, &message, &Holding { reasons: held.clone() }, "")?;
            }
            Ok::<_, tieout_store::StoreError>(())
        })
        .map_err(|error| app.problem(error))?;
    if !plan.later.is_empty() {
        services::choose_later_days(&app.company, &app.user, &plan.later).map_err(|error| app.problem(error))?;
    }
    changed(app);
    let undoable = releases || !plan.later.is_empty();
    let open = Some(OpenTarget { screen: Screen::Approvals, id: Some(first.0) });
    Ok(ActionDone { message, undoable, next_id: None, open })
}
