//! S5 Approvals: what would be sent to Intacct, exactly; approved by a person, posted once, read back.

use super::common::{AmountView, CheckView, EntryView, Fact, FieldFilter, ListOrder, OpenTarget, Tone};
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ApprovalTab {
    ToApprove,
    Held,
    Sent,
    Rejected,
}

/// Tab counts, the groups of the list in order, and what comes before everything else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalsSummary {
    pub to_approve: u32,
    pub held: u32,
    pub sent: u32,
    pub rejected: u32,
    /// Approved and not yet posted.
    pub waiting: u32,
    pub waiting_totals: Vec<AmountView>,
    pub unknown: Vec<UnknownOutcome>,
    /// `Last posted 08:14, 12 of 12 read back`.
    pub last_posting: String,
    pub empty_reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProposalsRequest {
    pub period: String,
    pub tab: ApprovalTab,
    pub filters: Vec<FieldFilter>,
    pub order: ListOrder,
    pub offset: u32,
    pub limit: u32,
}

/// One row of the inbox. Rows come ordered by `group`, then money, unless another order is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProposalRow {
    pub id: String,
    /// `Receipts`, `Payouts`, `Refunds and disputes`, `Write-offs`, `Sales orders`.
    pub group: String,
    pub group_count: u32,
    pub title: String,
    pub detail: String,
    pub amount: AmountView,
    pub state: PostingStateView,
    /// `2 flags`, `blocked`, `you prepared`; none when clear.
    pub flag: Option<String>,
    pub flag_tone: Tone,
    /// Clear = no flag, exact match, open period, within limits.
    pub clear: bool,
    pub fingerprint: String,
    /// Intacct's record number once there is one.
    pub record: Option<String>,
    /// `read back equal, 08:14`, `differs in memo`, `waiting in Intacct`; empty before posting.
    pub read_back: String,
    pub read_back_tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PostingStateView {
    Proposed,
    Held,
    Rejected,
    Approved,
    Sending,
    InDoubt,
    AwaitingIntacct,
    Posted,
    Refused,
    Reversed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProposalRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProposalDetail {
    pub id: String,
    pub title: String,
    /// `Journal entry, 27 Jan 2026, entity 100, USD 12,408.55. Prepared from rule “Card payout, daily” v14.`
    pub description: String,
    pub state: PostingStateView,
    pub amount: AmountView,
    pub evidence: Vec<EvidenceLink>,
    /// One T per account touched.
    pub effects: Vec<AccountEffect>,
    pub checks: Vec<CheckView>,
    /// Against the last similar entry; empty when there is none.
    pub last_similar: Option<SimilarEntry>,
    pub entry: EntryView,
    /// The idempotency key that will be, or was, sent.
    pub key: String,
    /// The exact document, as it would be sent now or as it was sent.
    pub xml: String,
    pub fingerprint: String,
    pub can_approve: bool,
    pub why_not: Option<String>,
    pub record: Option<String>,
    pub record_url: Option<String>,
    pub history: Vec<PostingStep>,
    pub can_reverse: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceLink {
    pub label: String,
    pub open: OpenTarget,
}

/// One T-account: debit left, credit right, balance before and after. Balances end in Dr or Cr.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccountEffect {
    pub account: String,
    pub debit: Option<AmountView>,
    pub credit: Option<AmountView>,
    pub memo: String,
    /// None when the balance was not read.
    pub before: Option<BalanceView>,
    pub after: Option<BalanceView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BalanceView {
    /// Never negative.
    pub amount: AmountView,
    pub side: BalanceSide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BalanceSide {
    Debit,
    Credit,
    Zero,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SimilarEntry {
    pub label: String,
    pub posted_on: String,
    pub rows: Vec<DiffRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DiffRow {
    pub field: String,
    pub before: String,
    pub after: String,
    pub changed: bool,
    pub added: bool,
}

/// One step of a posting's life, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PostingStep {
    pub at: String,
    pub tone: Tone,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchEffectRequest {
    pub ids: Vec<String>,
}

/// What approving the checked entries does, per account and currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchEffect {
    pub count: u32,
    pub accounts: Vec<AccountTotal>,
    pub debits: Vec<AmountView>,
    pub credits: Vec<AmountView>,
    pub balanced: bool,
    /// Entries that may not be approved, with the reason.
    pub blocked: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccountTotal {
    pub label: String,
    pub balance: BalanceView,
}

/// What the reader saw. A row that changed since is refused, not approved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SeenProposal {
    pub id: String,
    pub fingerprint: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApproveRequest {
    pub seen: Vec<SeenProposal>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalReport {
    pub approved: Vec<String>,
    pub refused: Vec<RefusedApproval>,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RefusedApproval {
    pub id: String,
    pub title: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProposalsDecision {
    pub ids: Vec<String>,
    pub reason: String,
}

/// Posts what is approved; all of it when `ids` is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PostApprovedRequest {
    pub ids: Vec<String>,
}

/// A posting that was sent and never answered. It is not sent again until this is settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnknownOutcome {
    pub id: String,
    pub title: String,
    pub amount: AmountView,
    pub key: String,
    pub steps: Vec<PostingStep>,
    /// ISO instant before which looking again proves nothing.
    pub look_up_after: String,
    /// `try 2 of 5, next in 20 s`.
    pub status: String,
    /// Nothing more is done by itself: a person may say that it is not in Intacct.
    pub can_give_up: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettleFoundRequest {
    pub id: String,
    /// The record number the user read in Intacct; it is read back before it is believed.
    pub record: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GiveUpRequest {
    pub id: String,
    /// Where the person looked; kept in the audit trail.
    pub reason: String,
}

/// What a reversal would be: on the same day if its period is open, else on the first open day, shown before approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReversalPreview {
    pub id: String,
    pub posted_on: String,
    pub reverse_on: String,
    /// Set when the original's period is closed, saying so.
    pub moved_because: Option<String>,
    pub entry: EntryView,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReverseRequest {
    pub id: String,
    pub reverse_on: String,
    pub reason: String,
}
