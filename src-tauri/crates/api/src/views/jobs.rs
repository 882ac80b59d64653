//! Long work: what is running, how far it is, what each row came to, and how to stop it.

use super::common::{AmountView, Tone};
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One job. Sent again, whole, with every progress event (at most 10 a second).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    pub id: String,
    pub kind: JobKind,
    /// `Posting`, `Reading X-Cart`, `Matching January`.
    pub title: String,
    pub state: JobState,
    pub done: u32,
    /// Unknown until the work has been counted.
    pub total: Option<u32>,
    /// `orders`, `entries`, `groups`.
    pub unit: String,
    /// `po_8841 sending`, `pass 4 of 6`, `about 2 s left`.
    pub detail: String,
    /// The newest result lines, at most 50.
    pub results: Vec<JobResultLine>,
    /// `8 posted, 1 needs attention, 6 waiting`.
    pub summary: String,
    pub problem: Option<Problem>,
    pub can_cancel: bool,
    pub started_at: String,
    pub ended_at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    Pull,
    Match,
    Propose,
    Post,
    Export,
    Import,
    VerifyAudit,
    Demo,
    Sync,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    Waiting,
    Running,
    /// Asked to stop; finishes the row it is on.
    Stopping,
    Done,
    Stopped,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JobResultLine {
    pub tone: Tone,
    pub text: String,
    pub amount: Option<AmountView>,
}

/// The answer to every command that starts long work. Progress follows as `job_progress` events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JobStarted {
    pub job_id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JobRequest {
    pub job_id: String,
}

/// Event `data_changed`: what the window should ask for again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataChanged {
    pub topics: Vec<Topic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    App,
    Today,
    Matching,
    Exceptions,
    Approvals,
    TieOut,
    Activity,
    Connections,
    Settings,
    Sync,
}
