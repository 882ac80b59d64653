//! A posting in the words of the Approvals screen: its group, its state, its flag, and how its posting came out.

use crate::app::App;
use crate::show;
use crate::views::{PostingStateView, ProposalRow, Tone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tieout_domain::{CheckLevel, Document, PostingState};
use tieout_store::StoredPosting;

/// In the order of the inbox.
pub(crate) const GROUPS: [&str; 7] =
    ["Receipts", "Payouts", "Fees", "Refunds and disputes", "Write-offs", "Sales orders", "Reversals"];

/// By the document, and for journal entries by the natural key planning gave them.
pub(crate) fn group(document: &Document) -> &'static str {
    let key = document.natural_key().0;
    let is = |tags: &[&str]| tags.iter().any(|tag| key.starts_with(tag));
    if tieout_planning::is_reversal(document) {
        return "Reversals";
    }
    match document {
        Document::SalesOrder(_) | Document::Invoice(_) => "Sales orders",
        Document::CashReceipt(_)
        | Document::Advance(_)
        | Document::AdvanceApplication(_)
        | Document::OtherReceipt(_) => "Receipts",
        Document::Deposit(_) => "Payouts",
        Document::ReceiptReversal(_) => "Reversals",
        Document::Adjustment(_) if key.ends_with("-BC") => "Write-offs",
        Document::Adjustment(_) => "Refunds and disputes",
        Document::JournalEntry(_) if key.ends_with("-WO") => "Write-offs",
        Document::JournalEntry(_) if is(&["TO-FEE-", "TO-CBF-"]) => "Fees",
        Document::JournalEntry(_) if is(&["TO-PO-", "TO-RSH-", "TO-RSR-"]) => "Payouts",
        Document::JournalEntry(_) if is(&["TO-CB-", "TO-CBR-"]) => "Refunds and disputes",
        Document::JournalEntry(entry) if entry.title().to_lowercase().contains("refund") => "Refunds and disputes",
        Document::JournalEntry(_) => "Receipts",
    }
}

pub(crate) fn title(document: &Document) -> String {
    let said = document.description();
    if said.is_empty() { document.natural_key().0 } else { said.to_owned() }
}

pub(crate) fn state(state: &PostingState) -> PostingStateView {
    match state {
        PostingState::Proposed => PostingStateView::Proposed,
        PostingState::Held { .. } => PostingStateView::Held,
        PostingState::Approved { .. } => PostingStateView::Approved,
        PostingState::Sending { .. } => PostingStateView::Sending,
        PostingState::InDoubt { .. } => PostingStateView::InDoubt,
        PostingState::AwaitingIntacct { .. } => PostingStateView::AwaitingIntacct,
        PostingState::Posted { .. } => PostingStateView::Posted,
        PostingState::Refused { .. } => PostingStateView::Refused,
        PostingState::Reversed { .. } => PostingStateView::Reversed,
        PostingState::Voided { .. } => PostingStateView::Rejected,
    }
}

fn flag(it: &StoredPosting) -> (Option<String>, Tone) {
    match &it.posting.state {
        PostingState::Refused { .. } => return (Some("refused".into()), Tone::Bad),
        PostingState::InDoubt { .. } => return (Some("outcome unknown".into()), Tone::Bad),
        _ if it.posting.is_blocked() => return (Some("blocked".into()), Tone::Bad),
        _ => {}
    }
    let flags = it.posting.checks.iter().filter(|it| it.level == CheckLevel::Review).count();
    match flags {
        0 => (None, Tone::Plain),
        _ => (Some(show::counted(flags, "flag", "flags")), Tone::Warn),
    }
}

/// The day and minute in the books' own zone.
pub(crate) fn at(app: &App, at: Timestamp) -> String {
    let zone = app.company.connection().ok().and_then(|it| TimeZone::get(&it.entity_zone).ok());
    at.to_zoned(zone.unwrap_or(TimeZone::UTC)).strftime("%-d %b %H:%M").to_string()
}

fn outcome(app: &App, state: &PostingState) -> (String, Tone) {
    match state {
        PostingState::Proposed => (String::new(), Tone::Plain),
        PostingState::Held { by, reason } => (format!("held by {by}: {reason}"), Tone::Plain),
        PostingState::Approved { approval } => (format!("approved by {}, not sent", approval.by), Tone::Plain),
        PostingState::Sending { .. } => ("being sent".into(), Tone::Plain),
        PostingState::InDoubt { look_up_after, .. } => {
            (format!("outcome unknown, looked up after {}", at(app, *look_up_after)), Tone::Bad)
        }
        PostingState::AwaitingIntacct { .. } => ("waiting in Intacct".into(), Tone::Warn),
        PostingState::Posted { at: when, .. } => (format!("read back equal, {}", at(app, *when)), Tone::Ok),
        PostingState::Refused { reason } => (reason.to_string(), Tone::Bad),
        PostingState::Reversed { by } => (format!("reversed by {by}"), Tone::Plain),
        PostingState::Voided { reason } => (reason.clone(), Tone::Plain),
    }
}

pub(crate) fn record(state: &PostingState) -> Option<String> {
    match state {
        PostingState::Posted { record, .. } | PostingState::AwaitingIntacct { record } => Some(record.0.clone()),
        _ => None,
    }
}

pub(crate) fn row(app: &App, it: &StoredPosting, group_count: u32) -> ProposalRow {
    let document = &it.posting.document;
    let (flag, flag_tone) = flag(it);
    let (read_back, read_back_tone) = outcome(app, &it.posting.state);
    ProposalRow {
        id: it.posting.id.0.clone(),
        group: group(document).to_owned(),
        group_count,
        title: title(document),
        detail: format!("{}, {}", document.kind().title(), it.posting.because),
        amount: show::amount(document.amount()),
        state: state(&it.posting.state),
        flag,
        flag_tone,
        clear: it.posting.is_clear(),
        fingerprint: it.fingerprint.to_string(),
        record: record(&it.posting.state),
        read_back,
        read_back_tone,
    }
}
