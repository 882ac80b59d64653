//! S1 Today: what is in transit, unexplained, awaiting approval and overdue, in money; and what changed overnight.

use super::common::{AmountView, OpenTarget, Tone};
use super::rules::StandingView;
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeriodRequest {
    /// `2026-01`.
    pub period: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// ISO date.
    pub date: String,
    /// `January closes in 3 working days`.
    pub headline: String,
    /// Why there is nothing to show, when there is not: no source read yet, or all done.
    pub empty_reason: Option<String>,
    pub tiles: Vec<TodayTile>,
    pub clearing: Vec<ClearingRow>,
    pub changes: Vec<ChangeRow>,
    pub changes_total: u32,
    /// `since Friday 17:52`.
    pub changes_since: String,
    pub ageing: Vec<AgeBucket>,
    /// What is to come: overdue, due, not yet due.
    pub expected: Vec<StandingView>,
    pub proof: Vec<ProofView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TodayTile {
    pub id: TileId,
    pub label: String,
    /// One amount per currency, the largest business first. Never added together.
    pub amounts: Vec<AmountView>,
    /// `12 entries, 2 above limit`.
    pub detail: String,
    /// `past 30 d`; none when there is nothing to warn of.
    pub badge: Option<String>,
    pub open: OpenTarget,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TileId {
    InTransit,
    Unexplained,
    AwaitingApproval,
    Overdue,
}

/// How far one clearing account ties out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClearingRow {
    /// Opens the tie-out of this account.
    pub id: String,
    pub account: String,
    /// ISO date; none when no day of the period ties out yet.
    pub closed_through: Option<String>,
    /// 0 to 100, how much of the period lies behind `closed_through`.
    pub percent: u32,
    pub ledger: AmountView,
    pub proven: AmountView,
    pub unexplained: AmountView,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    pub id: String,
    pub tone: Tone,
    pub text: String,
    pub detail: String,
    pub amount: Option<AmountView>,
    /// ISO instant.
    pub at: String,
    pub open: OpenTarget,
}

/// Open exceptions of one age, in one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AgeBucket {
    /// `0–3 d`.
    pub label: String,
    pub amount: AmountView,
    pub count: u32,
    /// Length of the bar in thousandths of the longest one.
    pub share: u32,
    pub overdue: bool,
}

/// Store, timing items, exceptions and what is unexplained come to the ledger: the tie-out's equation over all clearing
/// accounts of one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    pub currency: String,
    pub lines: Vec<ProofLine>,
    /// The general ledger's sum of the period.
    pub ledger: AmountView,
    /// Nothing is unexplained.
    pub ties: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofLine {
    pub label: String,
    pub amount: AmountView,
}
