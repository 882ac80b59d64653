//! S2 Match: the store's payments left, Intacct's receipts right, the proposed links between, one line of screen each.
//!
//! A group of n payments and m receipts takes max(n, m) lines; the shorter side is padded with empty cells. So the list
//! is a plain sequence of lines and can be fetched in windows at any length.

use super::common::{AmountView, CheckView, EntryView, Fact, FieldFilter, NoteView, Side, Tone};
use super::rules::{NearestView, WeighedView};
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MatchTab {
    Suggested,
    Unmatched,
    Ambiguous,
    Matched,
    Timing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MatchSort {
    /// Money times certainty, largest first.
    MoneyCertainty,
    Date,
    Reference,
    Party,
    Gross,
    Score,
    Age,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchRowsRequest {
    pub period: String,
    pub tab: MatchTab,
    pub filters: Vec<FieldFilter>,
    pub sort: MatchSort,
    pub descending: bool,
    pub offset: u32,
    pub limit: u32,
}

/// For the Unmatched tab, where each side is a list of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenRowsRequest {
    pub period: String,
    pub side: Side,
    pub filters: Vec<FieldFilter>,
    pub sort: MatchSort,
    pub descending: bool,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchSummaryRequest {
    pub period: String,
    pub tab: MatchTab,
    pub filters: Vec<FieldFilter>,
}

/// Tab counts, footer totals and what "accept all exact" would take. Totals cover every row that passes the filters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchSummary {
    pub suggested: u32,
    pub unmatched: u32,
    pub ambiguous: u32,
    pub matched: u32,
    pub timing: u32,
    pub exact: u32,
    pub totals: Vec<SideTotals>,
    /// Rows the filters hide, so that an empty list can say why.
    pub hidden_by_filters: u32,
    /// Why the tab is empty when no filter hides anything.
    pub empty_reason: String,
}

/// Footer of both sides in one currency; `difference` is left minus right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SideTotals {
    pub currency: String,
    pub groups: u32,
    pub left_gross: AmountView,
    pub left_fee: AmountView,
    pub left_net: AmountView,
    pub right_gross: AmountView,
    pub right_fee: AmountView,
    pub right_net: AmountView,
    pub difference: AmountView,
}

/// One line of the screen. All lines of a group carry the same link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchLine {
    pub link: LinkView,
    /// 0-based place of this line in its group.
    pub line_in_group: u32,
    pub left: Option<RecordRow>,
    pub right: Option<RecordRow>,
    /// 1 to 9 on the Ambiguous tab: the candidate that the key of that number chooses.
    pub candidate: Option<u32>,
}

/// The link drawn in the gutter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    pub group_id: String,
    /// 0 to 100.
    pub score: u32,
    /// Strongest first; the gutter shows as many as fit.
    pub chips: Vec<EvidenceChip>,
    pub left_count: u32,
    pub right_count: u32,
    /// How many lines of the screen the group takes.
    pub lines: u32,
    /// True when "accept all exact" would take it.
    pub exact: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceChip {
    /// `amt=`, `sum=`, `ref=`, `ref~`, `name`, `2d`, `Δ0.07`.
    pub text: String,
    /// `Amounts are equal`.
    pub title: String,
    pub tone: Tone,
}

/// A payment, refund, receipt or other record as one row of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    pub id: String,
    pub side: Side,
    /// `Capture`, `Refund`, `Receipt`, `Adjustment`, `Advance`, `Payout`...
    pub kind: String,
    /// ISO date.
    pub date: String,
    pub reference: String,
    pub party: String,
    pub gross: AmountView,
    /// None where the source does not tell; never computed.
    pub fee: Option<AmountView>,
    pub net: Option<AmountView>,
    pub age_days: u32,
    /// Clearing account or gateway.
    pub account: String,
    pub noted: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchDetailRequest {
    pub group_id: String,
    /// Reason chosen to close the suspense line; the answer shows the entry with it.
    pub reason: Option<String>,
    /// Candidate chosen on the Ambiguous tab.
    pub candidate: Option<u32>,
}

/// Asks for the same detail for records a person picked by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SelectionDraftRequest {
    pub record_ids: Vec<String>,
    pub reason: Option<String>,
}

/// The pane under the grids: why, the draft entry with its suspense line, and what may be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchDetail {
    /// Empty for a selection made by hand.
    pub group_id: String,
    /// `#10431 ↔ RCP-7702`.
    pub title: String,
    pub score: u32,
    pub evidence: Vec<CheckView>,
    /// What each field weighs and the margin; none where a rule, a person or a key says it.
    pub weighed: Option<WeighedView>,
    pub facts: Vec<Fact>,
    pub entry: EntryView,
    pub suspense: SuspenseView,
    pub can_accept: bool,
    /// Why accept is not possible; shown under the button.
    pub why_not: Option<String>,
    /// What was on screen; goes back with accept, so that a changed row is refused.
    pub fingerprint: String,
    pub candidates: Vec<CandidateView>,
    pub notes: Vec<NoteView>,
    pub matched: bool,
    /// Of one record that is open: what comes nearest on the other side.
    pub nearest: Option<NearestView>,
}

/// The last line of the draft: whatever is left over, and who takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspenseView {
    /// None on the side that is not needed; both none when nothing is left over.
    pub debit: Option<AmountView>,
    pub credit: Option<AmountView>,
    pub closed: bool,
    pub chosen_reason: Option<String>,
    pub reasons: Vec<SuspenseReason>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuspenseReason {
    pub id: String,
    /// `Rounding, within 0.10`.
    pub label: String,
    pub account: String,
    /// Set when the reason may not be used, with why: `above your limit of 0.10`.
    pub disabled: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    pub number: u32,
    pub title: String,
    pub detail: String,
    pub amount: AmountView,
    pub score: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AcceptMatchRequest {
    pub group_id: String,
    pub fingerprint: String,
    pub reason: Option<String>,
    pub candidate: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExactPreviewRequest {
    pub period: String,
    pub filters: Vec<FieldFilter>,
}

/// What "accept all exact" would accept. Nothing is accepted unless this digest comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExactPreview {
    pub digest: String,
    pub groups: u32,
    pub totals: Vec<AmountView>,
    pub by_evidence: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AcceptAllExactRequest {
    pub period: String,
    pub filters: Vec<FieldFilter>,
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MatchSelectionRequest {
    pub record_ids: Vec<String>,
    pub fingerprint: String,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnmatchRequest {
    pub group_ids: Vec<String>,
}

/// Closes what is left of a group or a single record, within the limit set in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WriteOffRequest {
    pub target_id: String,
    pub reason: String,
    pub note: String,
}

/// Cuts one record into parts that must add up to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SplitRequest {
    pub record_id: String,
    /// Typed by the user, in the record's currency.
    pub parts: Vec<String>,
}

/// Accepts the group for what it covers and leaves the rest open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeepPartialRequest {
    pub group_id: String,
    pub fingerprint: String,
}

/// Right on both sides but in different periods; expected to clear on a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimingItemRequest {
    pub target_ids: Vec<String>,
    /// ISO date.
    pub expected_on: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SnoozeRequest {
    pub target_ids: Vec<String>,
    /// ISO date.
    pub until: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteRequest {
    pub target_id: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExplainRequest {
    pub target_id: String,
}

/// Why a record is where it is: each pass that looked at it, and what it lacked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub title: String,
    pub checks: Vec<CheckView>,
    pub raw_document: Option<String>,
}

/// Count, sum and difference of what is selected, per currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SelectionRequest {
    pub record_ids: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SelectionTotals {
    pub count: u32,
    pub left: Vec<AmountView>,
    pub right: Vec<AmountView>,
    pub difference: Vec<AmountView>,
}
