//! The record: sign-offs and locks of a period, certificates, backups, people and bundles.

use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloseView {
    pub period: String,
    /// Of the period as it is now.
    pub digest: String,
    /// How the rules stand, in words.
    pub mode: String,
    /// The name this window signs in.
    pub user: String,
    pub sign_offs: Vec<SignOffView>,
    pub lock: Option<LockView>,
    /// Why nothing can be signed yet; empty when it can.
    pub empty_reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignOffView {
    pub id: String,
    pub role: String,
    pub by: String,
    pub at: String,
    pub digest: String,
    /// The period is no longer what was signed.
    pub suspended: bool,
    /// The first of them.
    pub changes: Vec<ChangeView>,
    pub changes_total: u32,
}

/// One line of what was signed; empty where it was not there, or is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    pub what: String,
    pub before: String,
    pub after: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LockView {
    pub hard: bool,
    pub by: String,
    pub at: String,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SigningRole {
    Preparer,
    Reviewer,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignOffRequest {
    pub period: String,
    pub role: SigningRole,
    /// Of the period as it was on screen: another is refused.
    pub digest: String,
    /// Passes a rule over that may be; empty for none.
    pub override_reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawRequest {
    pub id: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LockRequest {
    pub period: String,
    pub hard: bool,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnlockRequest {
    pub period: String,
    pub reason: String,
}

/// A file of this period, into a folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeriodFileRequest {
    pub period: String,
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FolderRequest {
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FileDone {
    pub path: String,
    pub sha256: String,
    /// One sentence.
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    pub path: String,
    pub name: String,
    pub made_at: String,
    /// Why it was made, in words.
    pub why: String,
    pub kibibytes: u32,
    pub encrypted: bool,
}

/// Empty: not encrypted.
#[derive(Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MakeBackupRequest {
    pub passphrase: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestorePreviewRequest {
    pub path: String,
    pub passphrase: String,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestoreRequest {
    pub path: String,
    pub passphrase: String,
    /// Of the preview that was on screen.
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestoreView {
    pub path: String,
    pub digest: String,
    pub rows: u32,
    pub records: u32,
    pub postings: u32,
    pub decisions: u32,
    pub newest: Option<String>,
    /// The same books earlier; other books; none when these cannot be read.
    pub same_books: Option<bool>,
    pub lost: u32,
    pub lost_rows: Vec<LostRowView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LostRowView {
    pub sequence: u32,
    pub at: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeopleView {
    pub mode: String,
    pub people: Vec<PersonView>,
    pub identities: Vec<IdentityView>,
    pub bundles: Vec<BundleView>,
    /// Proposals a bundle would hold.
    pub waiting: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    pub name: String,
    pub roles: Vec<String>,
    /// Limits in words; empty for none.
    pub limits: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    pub id: String,
    pub name: String,
    pub since: String,
    pub revoked_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BundleView {
    pub nonce: String,
    pub by: String,
    pub at: String,
    pub answered_by: Option<String>,
    pub answered_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HandOutRequest {
    /// None: everything that waits.
    pub ids: Vec<String>,
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TakeAnswerRequest {
    pub path: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnswerTaken {
    pub by: String,
    pub approved: u32,
    /// Each with why it was left.
    pub left: Vec<String>,
    pub rejected: Vec<String>,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrustRequest {
    pub name: String,
    /// Public key, hex.
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RevokeRequest {
    pub id: String,
    pub reason: String,
}

/// What would be sent to whoever helps, shown before it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SupportView {
    pub text: String,
}
