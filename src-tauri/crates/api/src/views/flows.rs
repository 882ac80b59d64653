//! Sync: how each flow stands, what it would write, and the letters that wait for a person.

use super::common::Tone;
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FlowId {
    Stock,
    Products,
    Shipments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FlowPolicy {
    Off,
    Ask,
    Automatic,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncBoard {
    pub flows: Vec<FlowRow>,
    /// Open ones, of all flows.
    pub letters: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlowRow {
    pub id: FlowId,
    /// `Stock to the store`.
    pub title: String,
    pub policy: FlowPolicy,
    pub tone: Tone,
    /// How it stands, in a few words: `2 wait for you`.
    pub state: String,
    /// Since the last run that came to its end: `4 min`, `never`.
    pub lag: String,
    pub last_success: Option<String>,
    /// What stopped the last run.
    pub problem: Option<String>,
    pub runs: u32,
    pub runs_failed: u32,
    /// Places that agreed when it ran last.
    pub equal: u32,
    pub waiting: u32,
    /// Approved and not sent yet.
    pub unsent: u32,
    pub in_doubt: u32,
    /// Ever.
    pub done: u32,
    pub letters: u32,
    /// Over what is waiting: given back with the yes to it.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlowRequest {
    pub flow: FlowId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlowWritesRequest {
    pub flow: FlowId,
    pub offset: u32,
    pub limit: u32,
}

/// A write that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlowWriteRow {
    pub id: String,
    pub title: String,
    pub changes: Vec<FlowChange>,
    pub because: String,
    /// Why it would not go by itself, whatever the policy.
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlowChange {
    pub field: String,
    pub before: String,
    pub after: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApproveFlowRequest {
    pub flow: FlowId,
    /// Of the list that was on screen.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LettersRequest {
    /// Of every flow when left out.
    pub flow: Option<FlowId>,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LetterRow {
    pub id: String,
    pub flow: FlowId,
    /// All of one cause are replayed together.
    pub cause: String,
    /// The same for people.
    pub what: String,
    /// The SKU, order or document.
    pub title: String,
    pub why: String,
    pub times: u32,
    pub first_seen: String,
    pub last_seen: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LetterRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LetterDetail {
    pub row: LetterRow,
    pub fix: String,
    /// As it came or was sent; never changed.
    pub raw: String,
    /// A person's version, sent in its place.
    pub edited: Option<String>,
    /// Replaying sends the write again, and it can be edited; else the flow runs again.
    pub is_write: bool,
    /// How many open letters have this cause.
    pub alike: u32,
    /// What was sent, answered and seen, oldest first.
    pub log: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplayLettersRequest {
    pub id: String,
    /// And all open ones of the same cause.
    pub alike: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EditLetterRequest {
    pub id: String,
    /// Left out, the version is taken back.
    pub text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloseLetterRequest {
    pub id: String,
    pub reason: String,
}
