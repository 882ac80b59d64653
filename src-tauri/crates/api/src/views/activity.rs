//! Activity: every decision and every posting, in a chain that shows if a row was changed or removed.

use super::common::Tone;
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityRequest {
    /// Words to look for; empty for all.
    pub text: String,
    /// Only this actor; all when none.
    pub actor: Option<String>,
    /// Only this kind of action; all when none.
    pub action: Option<String>,
    pub offset: u32,
    pub limit: u32,
}

/// One audit row, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditRowView {
    /// Place in the chain, from 1.
    pub sequence: u32,
    /// ISO instant.
    pub at: String,
    pub actor: String,
    /// `Approved`, `Posted`, `Matched`, `Settings saved`...
    pub action: String,
    /// The record, as the user knows it.
    pub subject: String,
    pub detail: String,
    pub before: String,
    pub after: String,
    pub reason: String,
    /// Time zone of the computer it was done on; empty on rows of an older format.
    pub zone: String,
    /// The rules in force, `settings/4`; empty on rows of an older format.
    pub rule: String,
    /// Version of the program.
    pub program: String,
    /// Hex digest of this row, which covers the one before it.
    pub hash: String,
    pub tone: Tone,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActivityFacets {
    pub actors: Vec<String>,
    pub actions: Vec<String>,
    pub total: u32,
}

/// What walking the whole chain found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerdict {
    pub intact: bool,
    pub rows: u32,
    /// First row whose digest does not fit; none when intact.
    pub first_broken: Option<u32>,
    pub head: String,
    pub checked_at: String,
    /// One sentence.
    pub message: String,
}
