//! Tie-out: ledger less store = timing + exceptions + unexplained, per clearing account and currency, to the cent.

use super::common::{AmountView, OpenTarget};
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieOutView {
    pub period: String,
    pub rows: Vec<TieOutRow>,
    pub totals: Vec<TieOutTotal>,
    /// When the ledger side was read, ISO instant.
    pub ledger_read_at: Option<String>,
    pub empty_reason: String,
}

/// One clearing account in one currency. All signed: a debit balance is positive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieOutRow {
    pub id: String,
    pub account: String,
    pub currency: String,
    pub opening: AmountView,
    pub ledger: AmountView,
    pub store: AmountView,
    /// Ledger less store.
    pub difference: AmountView,
    pub timing: AmountView,
    pub exceptions: AmountView,
    pub unexplained: AmountView,
    /// ISO date up to which every day ties out.
    pub closed_through: Option<String>,
    pub ties: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieOutTotal {
    pub currency: String,
    pub ledger: AmountView,
    pub store: AmountView,
    pub difference: AmountView,
    pub timing: AmountView,
    pub exceptions: AmountView,
    pub unexplained: AmountView,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieOutDaysRequest {
    pub period: String,
    pub row_id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieOutDay {
    /// ISO date.
    pub day: String,
    pub ledger: AmountView,
    pub store: AmountView,
    pub timing: AmountView,
    pub exceptions: AmountView,
    pub unexplained: AmountView,
    pub ties: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TieOutFigure {
    Opening,
    Ledger,
    Store,
    Timing,
    Exceptions,
    Unexplained,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DrillRequest {
    pub period: String,
    pub row_id: String,
    pub figure: TieOutFigure,
    /// ISO date; the whole period when none.
    pub day: Option<String>,
    pub offset: u32,
    pub limit: u32,
}

/// The rows behind one figure. `sum` is the figure itself: the rows foot to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DrillView {
    pub title: String,
    pub sum: AmountView,
    pub total: u32,
    pub offset: u32,
    pub rows: Vec<DrillRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DrillRow {
    pub id: String,
    pub date: String,
    pub source: String,
    pub reference: String,
    pub party: String,
    pub memo: String,
    pub amount: AmountView,
    pub open: Option<OpenTarget>,
}
