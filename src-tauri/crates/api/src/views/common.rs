//! Pieces that every screen shares: amounts, windows of rows, filters, and the answer to an action.

use serde::{Deserialize, Serialize};
use specta::Type;

/// An exact amount as text (`"-1234.50"`, dot decimals, no grouping, all the currency's decimals) and its ISO currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmountView {
    pub amount: String,
    pub currency: String,
}

/// Rows `offset..offset + rows.len()` of a list that has `total` rows. The window asks for the part it shows, no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Window<T> {
    pub total: u32,
    pub offset: u32,
    pub rows: Vec<T>,
}

/// The two sides of every comparison: the store and its gateways, and Intacct's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    Store,
    Ledger,
}

/// How a short word on screen is to be read. Colour follows it, but the word always says it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    Plain,
    Ok,
    Warn,
    Bad,
}

/// One condition a list is narrowed by. Conditions are joined by "and".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldFilter {
    pub field: FilterField,
    pub op: FilterOp,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FilterField {
    /// Anything written in the row (full-text search).
    Text,
    Account,
    Currency,
    Party,
    Reference,
    Gateway,
    /// Age in days.
    Age,
    Amount,
    /// ISO date.
    Date,
    Kind,
    Owner,
}

/// The order of a list: its own, or by one of its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ListOrder {
    pub by: OrderBy,
    pub descending: bool,
}

/// A list that has no such column stays in its own order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OrderBy {
    #[default]
    Own,
    Kind,
    Title,
    Reference,
    Party,
    /// Its size, one currency after the other.
    Money,
    Age,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FilterOp {
    Is,
    IsNot,
    Contains,
    Over,
    Under,
}

/// What an action did, in one sentence, and whether Ctrl+Z takes it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActionDone {
    /// `Matched #10482 with RCP-7731`.
    pub message: String,
    /// False for anything that left this machine: that is reversed, never undone.
    pub undoable: bool,
    /// The row that should get the focus next, if the list offers one.
    pub next_id: Option<String>,
    /// Set when the action produced something to look at elsewhere (a proposal, a file).
    pub open: Option<OpenTarget>,
}

/// A place in the window: a screen and, where given, the record to show there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenTarget {
    pub screen: Screen,
    pub id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Screen {
    Today,
    Match,
    Exceptions,
    Approvals,
    TieOut,
    Sync,
    Activity,
    Connections,
    Settings,
}

/// A label and what stands beside it, with the record to open where there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub open: Option<OpenTarget>,
}

/// A remark a person left on a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    pub by: String,
    /// ISO instant.
    pub at: String,
    pub text: String,
}

/// One debit or credit of an entry. Exactly one of `debit` and `credit` is set; neither is ever negative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryLineView {
    pub account: String,
    /// `Web / East`, empty where none is needed.
    pub dimensions: String,
    pub location: String,
    pub memo: String,
    pub debit: Option<AmountView>,
    pub credit: Option<AmountView>,
}

/// An entry as it would be sent. The totals are stated by the backend; the window never adds amounts up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// `Cash receipt`, `Journal entry`, `Sales order`...
    pub kind: String,
    /// ISO date of posting.
    pub posted_on: String,
    pub journal: String,
    pub entity: String,
    pub currency: String,
    pub lines: Vec<EntryLineView>,
    pub total_debit: AmountView,
    pub total_credit: AmountView,
}

/// One test of a record, and how it came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    pub tone: Tone,
    /// `pass`, `review`, `blocked`, `fails`.
    pub verdict: String,
    pub text: String,
    /// `16.00 apart`, `posted 21 Jan`; empty where there is nothing to add.
    pub detail: String,
}
