//! Approvals: what waits, what was sent, and what nobody knows the outcome of.

use crate::app::App;
use crate::ask;
use crate::posting_words as words;
use crate::show;
use crate::views::{
    ApprovalTab, ApprovalsSummary, OrderBy, PeriodRequest, PostingStep, Problem, ProposalRow, ProposalsRequest, Tone,
    UnknownOutcome, Window,
};
use std::collections::BTreeMap;
use tieout_domain::lifecycle::is_exhausted;
use tieout_domain::{Period, PostingId, PostingState};
use tieout_money::Totals;
use tieout_store::StoredPosting;

fn tab_of(state: &PostingState) -> ApprovalTab {
    match state {
        PostingState::Proposed => ApprovalTab::ToApprove,
        PostingState::Held { .. } => ApprovalTab::Held,
        PostingState::Voided { .. } => ApprovalTab::Rejected,
        _ => ApprovalTab::Sent,
    }
}

fn is_in(period: Option<Period>, it: &StoredPosting) -> bool {
    period.is_none_or(|period| period.contains(it.posting.document.on()))
}

/// What is approved or of unknown outcome is told whatever the period: it is sent, or settled, with the rest.
pub fn approvals_summary(app: &App, request: PeriodRequest) -> Result<ApprovalsSummary, Problem> {
    let period = ask::period(app, &request.period)?;
    let postings = app.postings()?;
    let count = |tab: ApprovalTab| {
        let in_tab = postings.iter().filter(|it| tab_of(&it.posting.state) == tab && is_in(period, it));
        show::count(in_tab.count())
    };
    let waiting: Vec<_> =
        postings.iter().filter(|it| matches!(it.posting.state, PostingState::Approved { .. })).collect();
    let waiting_totals = Totals::of(waiting.iter().map(|it| it.posting.document.amount()));
    let waiting_totals = waiting_totals.map_err(|error| app.problem(error))?;
    let unsettled = postings
        .iter()
        .filter(|it| matches!(it.posting.state, PostingState::InDoubt { .. } | PostingState::Sending { .. }));
    let unknown = unsettled.map(|it| unknown(app, it)).collect::<Result<_, _>>()?;
    Ok(ApprovalsSummary {
        to_approve: count(ApprovalTab::ToApprove),
        held: count(ApprovalTab::Held),
        sent: count(ApprovalTab::Sent),
        rejected: count(ApprovalTab::Rejected),
        waiting: show::count(waiting.len()),
        waiting_totals: show::totals(&waiting_totals),
        unknown,
        last_posting: last_posting(app, &postings),
        empty_reason: if postings.is_empty() {
            "Nothing was proposed yet. Pull, match and propose first.".into()
        } else {
            "Nothing waits for approval in this period.".into()
        },
    })
}

fn last_posting(app: &App, postings: &[StoredPosting]) -> String {
    let posted: Vec<_> = postings
        .iter()
        .filter_map(|it| match it.posting.state {
            PostingState::Posted { at, .. } => Some(at),
            _ => None,
        })
        .collect();
    match posted.iter().max() {
        None => "Nothing was posted yet".into(),
        Some(last) => {
            let entries = show::counted(posted.len(), "entry", "entries");
            format!("Last posted {}; {entries} posted and read back equal", words::at(app, *last))
        }
    }
}

fn unknown(app: &App, it: &StoredPosting) -> Result<UnknownOutcome, Problem> {
    let now = app.company.now();
    let (key, look_up_after, status) = match &it.posting.state {
        PostingState::InDoubt { key, attempt, look_up_after, absent } => {
            let seen = match absent {
                0 => "not looked up yet".to_owned(),
                times => format!("looked up {times} times, not there"),
            };
            let next = if is_exhausted(*attempt, *absent) {
                "nothing more is done by itself: look in Intacct, and say what is there".into()
            } else if *look_up_after > now {
                format!("looking again proves something from {}", words::at(app, *look_up_after))
            } else {
                "it can be looked up now".into()
            };
            (key.0.clone(), look_up_after.to_string(), format!("Attempt {attempt}, {seen}; {next}."))
        }
        PostingState::Sending { key, attempt, at } => {
            (key.0.clone(), at.to_string(), format!("Attempt {attempt} was being sent."))
        }
        _ => (String::new(), String::new(), String::new()),
    };
    Ok(UnknownOutcome {
        id: it.posting.id.0.clone(),
        title: words::title(&it.posting.document),
        amount: show::amount(it.posting.document.amount()),
        key,
        steps: steps(app, &it.posting.id)?,
        look_up_after,
        status,
        can_give_up: matches!(it.posting.state, PostingState::InDoubt { attempt, absent, .. } if is_exhausted(attempt, absent)),
    })
}

/// The life of a posting, oldest first: its audit rows, and what was heard on the way.
pub(crate) fn steps(app: &App, id: &PostingId) -> Result<Vec<PostingStep>, Problem> {
    let (audit, log) = app
        .company
        .store
        .read(|reader| {
            let audit = reader.audit_of(&format!("posting/{id}"))?;
            Ok::<_, tieout_store::StoreError>((audit, reader.posting_log(id)?))
        })
        .map_err(|error| app.problem(error))?;
    let mut all = Vec::new();
    for row in audit {
        let bad = ["refused", "no answer", "void"].iter().any(|it| row.action.contains(it));
        let good = ["posted", "approved"].iter().any(|it| row.action.contains(it));
        let tone = if bad {
            Tone::Warn
        } else if good {
            Tone::Ok
        } else {
            Tone::Plain
        };
        let because = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
        all.push((row.at, tone, format!("{} by {}{because}", capital(&row.action), show::by(&row.actor))));
    }
    for entry in log {
        all.push((entry.at, Tone::Plain, format!("{}: {}", capital(&entry.event), entry.text)));
    }
    all.sort_by_key(|(at, _, _)| *at);
    Ok(all.into_iter().map(|(at, tone, text)| PostingStep { at: at.to_string(), tone, text }).collect())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub fn proposals(app: &App, request: ProposalsRequest) -> Result<Window<ProposalRow>, Problem> {
    let period = ask::period(app, &request.period)?;
    let postings = app.postings()?;
    let today = app.company.today().ok();
    let mut rows: Vec<(&StoredPosting, usize)> = postings
        .iter()
        .filter(|it| tab_of(&it.posting.state) == request.tab && is_in(period, it))
        .filter(|it| {
            let document = &it.posting.document;
            let group = words::group(document);
            let key = document.natural_key().0;
            let row = ask::Row {
                texts: vec![document.description(), &it.posting.because, &key, group],
                party: document.customer_id().unwrap_or_default(),
                reference: &key,
                kind: group,
                age_days: today.map_or(0, |today| i64::from((today - document.on()).get_days())),
                amount: Some(document.amount()),
                on: Some(document.on()),
                ..ask::Row::default()
            };
            ask::passes(&request.filters, &row)
        })
        .map(|it| {
            let group = words::group(&it.posting.document);
            (it, words::GROUPS.iter().position(|one| *one == group).unwrap_or(usize::MAX))
        })
        .collect();
    let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
    for (_, group) in &rows {
        *counts.entry(*group).or_default() += 1;
    }
    // Largest first; within one currency that is the order of the money.
    rows.sort_by_key(|(it, group)| {
        let amount = it.posting.document.amount();
        (*group, amount.currency(), std::cmp::Reverse(amount.abs().minor()), it.posting.id.clone())
    });
    let money = |it: &StoredPosting| {
        let amount = it.posting.document.amount();
        (amount.currency(), amount.abs().minor())
    };
    let title = |it: &StoredPosting| words::title(&it.posting.document);
    match request.order.by {
        OrderBy::Money => rows.sort_by_cached_key(|(it, _)| money(it)),
        OrderBy::Title => rows.sort_by_cached_key(|(it, _)| title(it)),
        _ => {}
    }
    if request.order.by != OrderBy::Own && request.order.descending {
        rows.reverse();
    }
    let page = ask::page(rows, request.offset, request.limit);
    let views = page.rows.into_iter().map(|(it, group)| {
        let count = counts.get(&group).copied().unwrap_or_default();
        words::row(app, it, count)
    });
    Ok(Window { total: page.total, offset: page.offset, rows: views.collect() })
}
