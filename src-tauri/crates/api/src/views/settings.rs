//! Settings: one text that says how payments become entries, checked before it is saved; and imported files.

use super::common::{AmountView, Tone};
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsTextView {
    pub text: String,
    /// Goes back with save; a text someone else changed meanwhile is not overwritten.
    pub revision: String,
    pub saved_at: Option<String>,
    pub saved_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckSettingsRequest {
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsCheck {
    pub valid: bool,
    pub remarks: Vec<SettingsRemark>,
    /// The text as tables, for reading; empty while it cannot be parsed.
    pub tables: Vec<MappingTable>,
    pub tolerances: Vec<ToleranceView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsRemark {
    /// From 1.
    pub line: u32,
    pub column: u32,
    pub tone: Tone,
    pub message: String,
    pub remedy: String,
}

/// One kind of mapping, such as gateway and method to clearing account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MappingTable {
    pub id: String,
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<MappingRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MappingRow {
    pub cells: Vec<String>,
    /// Line of the text this row comes from.
    pub line: u32,
    /// Set when something is missing, saying what.
    pub missing: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ToleranceView {
    pub label: String,
    pub amount: Option<AmountView>,
    /// `5 days`, `0.10 % capped at 5.00`.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SaveSettingsRequest {
    pub text: String,
    pub revision: String,
    /// Why; kept in the audit trail.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreviewRequest {
    pub path: String,
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    pub path: String,
    pub source: String,
    pub rows: u32,
    /// Columns of the file, in order.
    pub columns: Vec<String>,
    pub mapping: Vec<ColumnMapping>,
    /// First rows, as read.
    pub sample: Vec<SampleRow>,
    pub remarks: Vec<SettingsRemark>,
    /// Rows already known from an earlier file.
    pub known: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SampleRow {
    pub cells: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ColumnMapping {
    /// `date`, `reference`, `gross`, `fee`, `net`, `currency`, `kind`, `payout`.
    pub field: String,
    pub column: Option<String>,
    pub required: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportFileRequest {
    pub path: String,
    pub source: String,
    pub mapping: Vec<ColumnMapping>,
}

/// A file that was imported; it can be taken back as a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    pub id: String,
    pub file: String,
    pub source: String,
    pub at: String,
    pub rows: u32,
    pub refused: u32,
    pub totals: Vec<AmountView>,
    pub undone: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UndoImportRequest {
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PickRequest {
    /// `export`, `import`: each remembers its last folder.
    pub purpose: String,
}

/// What the native dialog gave back; none when it was closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Picked {
    pub path: Option<String>,
}
