//! S4 Exceptions: differences without an accepted explanation, grouped by cause, each with a why-not and a next action.

use super::common::{AmountView, CheckView, EntryView, FieldFilter, ListOrder, NoteView, Side, Tone};
use super::rules::NearestView;
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExceptionTab {
    ByCause,
    ByRecord,
    Timing,
    Resolved,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionCasesRequest {
    pub period: String,
    pub filters: Vec<FieldFilter>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionCases {
    pub cases: Vec<CaseRow>,
    pub totals: Vec<ExceptionTotal>,
    pub by_record: u32,
    pub timing: u32,
    pub resolved: u32,
    pub owners: Vec<String>,
    /// Why there is nothing, when there is not.
    pub empty_reason: String,
}

/// All exceptions of one cause in one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CaseRow {
    pub id: String,
    /// Typed cause, such as `captured_no_receipt`; stable across versions.
    pub cause: String,
    pub title: String,
    pub money: AmountView,
    pub count: u32,
    pub oldest_days: u32,
    pub overdue: bool,
    pub owner: Option<String>,
    /// `Create receipts…`; none when only a person outside can act.
    pub action: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionTotal {
    pub money: AmountView,
    pub count: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionRowsRequest {
    pub period: String,
    pub tab: ExceptionTab,
    /// Rows of one case; all when none.
    pub case_id: Option<String>,
    pub filters: Vec<FieldFilter>,
    pub order: ListOrder,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionRow {
    pub id: String,
    pub reference: String,
    pub party: String,
    pub cause: String,
    pub money: AmountView,
    pub age_days: u32,
    pub overdue: bool,
    pub owner: Option<String>,
    /// `Receipt ready`, `2 candidates`, `needs a customer`.
    pub next_action: String,
    /// ISO date; set for timing items and snoozed rows.
    pub expected_on: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionDetail {
    pub id: String,
    pub title: String,
    /// `Tidewater Rooftop Gardens · larkspur.example · found 2 Feb 06:20`.
    pub subtitle: String,
    pub store_label: String,
    pub store_amount: Option<AmountView>,
    pub ledger_label: String,
    pub ledger_amount: Option<AmountView>,
    pub difference: AmountView,
    /// `the store total is lower than the books`.
    pub difference_means: String,
    pub timeline: Vec<TimelineEvent>,
    /// The fix Tieout can prepare; none when a person has to decide first.
    pub fix: Option<EntryView>,
    /// `Send to approvals`.
    pub fix_label: Option<String>,
    /// What to do when there is no fix.
    pub next_action: String,
    pub why_not: Vec<CheckView>,
    /// None where it is matched, or nothing is near.
    pub nearest: Option<NearestView>,
    pub notes: Vec<NoteView>,
    /// Where the raw documents came from; the text is fetched by `raw_document`.
    pub raw_documents: Vec<RawDocumentRef>,
    pub owner: Option<String>,
    pub case_id: String,
    pub case_count: u32,
    pub resolved: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEvent {
    pub side: Side,
    /// ISO instant or date.
    pub at: String,
    pub text: String,
    pub detail: String,
    /// The event that broke the match.
    pub cause: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RawDocumentRef {
    pub id: String,
    /// `X-Cart order #10362, version 3`.
    pub label: String,
    pub fetched_at: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RawDocumentRequest {
    pub id: String,
}

/// The document as received, after the redaction gate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RawDocument {
    pub label: String,
    /// `json` or `xml`.
    pub language: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FixPreviewRequest {
    /// One of the two: the exceptions chosen, or a whole case.
    pub exception_ids: Vec<String>,
    pub case_id: Option<String>,
}

/// What fixing would propose. Nothing is proposed unless this digest comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FixPreview {
    pub digest: String,
    pub entries: u32,
    pub totals: Vec<AmountView>,
    pub lines: Vec<FixLine>,
    /// Rows that cannot be fixed this way, with the reason.
    pub left_out: Vec<FixLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FixLine {
    pub id: String,
    pub text: String,
    pub amount: AmountView,
    pub tone: Tone,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SendToApprovalsRequest {
    pub exception_ids: Vec<String>,
    pub case_id: Option<String>,
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignRequest {
    pub exception_ids: Vec<String>,
    pub case_id: Option<String>,
    pub owner: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    Xlsx,
    Csv,
    Json,
}

/// What you see is what you get: the same tab and filters as on screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportExceptionsRequest {
    pub period: String,
    pub tab: ExceptionTab,
    pub filters: Vec<FieldFilter>,
    /// As on screen.
    pub order: ListOrder,
    pub format: ExportFormat,
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportDone {
    pub path: String,
    pub rows: u32,
    pub totals: Vec<AmountView>,
}
