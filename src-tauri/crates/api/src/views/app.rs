//! The frame around every screen: which company, which period, how fresh, what runs, what can be undone.

use super::common::{AmountView, OpenTarget, Tone};
use super::jobs::JobView;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Everything the top bar, the rail and the status bar show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppStateView {
    pub version: String,
    pub company: String,
    pub entity: String,
    pub store: String,
    pub environment: EnvironmentView,
    /// IANA name of the books' time zone, the one instants are shown in; empty before anything is connected.
    pub time_zone: String,
    /// True until both systems are connected or the demo company is open.
    pub needs_connection: bool,
    pub user: String,
    /// Newest last. Never empty once something was read.
    pub periods: Vec<PeriodView>,
    /// The id of the period to start on.
    pub current_period: String,
    pub freshness: Vec<FreshnessView>,
    pub open_counts: OpenCounts,
    pub jobs: Vec<JobView>,
    /// What Ctrl+Z would take back: `Matched #10482 with RCP-7731`.
    pub undo: Option<String>,
    pub redo: Option<String>,
    /// False when the last call to a system failed for want of a network.
    pub online: bool,
    /// Postings whose outcome is unknown: shown before anything else.
    pub outcome_unknown: u32,
    pub data_folder: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentView {
    Demo,
    Sandbox,
    Production,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeriodView {
    /// `2026-01`.
    pub id: String,
    /// `Jan 2026`.
    pub label: String,
    pub state: PeriodState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PeriodState {
    Open,
    Closed,
    /// The closing date could not be read.
    Unknown,
}

/// How old what we know of one source is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FreshnessView {
    /// `X-Cart`, `Intacct`, `Payouts`.
    pub source: String,
    pub state: FreshnessState,
    /// ISO instant of the last good read; none if never.
    pub read_at: Option<String>,
    /// `4 min`, `26 h`, `never`.
    pub age: String,
    /// `Payout file older than its 24 h target`.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FreshnessState {
    Fresh,
    Late,
    Failed,
}

/// The small numbers in the rail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenCounts {
    pub matching: u32,
    pub exceptions: u32,
    pub approvals: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchRequest {
    pub text: String,
    pub limit: u32,
}

/// One record found by the palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    pub id: String,
    /// `Order`, `Payment`, `Receipt`, `Exception`, `Proposal`.
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub amount: Option<AmountView>,
    pub open: OpenTarget,
}

/// One line of the undo log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    pub id: String,
    pub at: String,
    pub by: String,
    pub message: String,
    pub tone: Tone,
    pub undone: bool,
}

/// How the window looks for this user. Kept with the data so that a second screen starts the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    pub theme: ThemeChoice,
    pub density: Density,
    /// Percent, 50 to 200.
    pub zoom: u32,
    pub negative: NegativeStyle,
    pub zero: ZeroStyle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ThemeChoice {
    System,
    Light,
    Dark,
    Hc,
    HcDark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Density {
    Compact,
    Comfortable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NegativeStyle {
    /// `(1,234.00)`
    Parentheses,
    /// `−1,234.00`
    Minus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ZeroStyle {
    Dash,
    Digits,
}
