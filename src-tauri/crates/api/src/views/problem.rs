//! What went wrong, as an accountant reads it: what happened, what was written, and what to do next.

use super::common::OpenTarget;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The one error every command answers with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable code with a page in `docs/errors`, such as `TO-4107`.
    pub code: String,
    /// `Intacct refused RCP-7744: customer C-0918 is inactive.`
    pub title: String,
    /// More about what happened, one or two sentences; may be empty.
    pub what_happened: String,
    /// `Nothing was written.` or what was.
    pub written: String,
    /// One sentence that says what to do next.
    pub remedy: String,
    /// The record it is about, as the user knows it.
    pub record: Option<String>,
    /// Where the remedy is done.
    pub open: Option<OpenTarget>,
    /// True when asking again unchanged may succeed (network, busy).
    pub retry: bool,
    /// ISO instant.
    pub at: String,
}
