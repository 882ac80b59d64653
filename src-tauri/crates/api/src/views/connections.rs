//! Connections: where the store and the books are, which credential each part uses, and which part does not work.

use super::problem::Problem;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SystemId {
    Xcart,
    Intacct,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentChoice {
    Sandbox,
    Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum XcartDialect {
    Auto,
    AdminApi,
    RestAddon,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionsView {
    pub environment: EnvironmentChoice,
    pub xcart: XcartConnection,
    pub intacct: IntacctConnection,
    pub secret_store: SecretStoreView,
    /// Fields of both systems' replies that came otherwise than known, those met last first.
    pub departures: Vec<DepartureView>,
    /// True while the demo company is open: no real host can be reached.
    pub demo: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct XcartConnection {
    pub url: String,
    pub dialect: XcartDialect,
    /// IANA zone, such as `Europe/Berlin`.
    pub store_zone: String,
    pub parts: Vec<ConnectionPart>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IntacctConnection {
    pub url: String,
    pub company: String,
    pub entity: String,
    pub user: String,
    pub sender: String,
    pub entity_zone: String,
    pub parts: Vec<ConnectionPart>,
}

/// A field of a reply that is new, missing or of another kind. It stopped nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DepartureView {
    pub system: SystemId,
    /// `ARINVOICE`, or `order` of a store.
    pub object: String,
    pub field: String,
    /// `is new`, `is missing`, `is of another kind`.
    pub change: String,
    /// What was there; for a missing field the record it was missing in.
    pub example: String,
    /// How many records of all readings.
    pub records: u32,
    pub first_seen: String,
    pub last_seen: String,
}

/// One thing that has to work, tested on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionPart {
    pub id: String,
    /// `Address answers`, `Key may read orders`, `Sender password`, `Company`, `User password`, `Key can be read back`.
    pub label: String,
    pub state: PartState,
    pub detail: String,
    pub problem: Option<Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PartState {
    Untested,
    Passed,
    Failed,
    /// Could not be tested because an earlier part failed.
    Blocked,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecretStoreView {
    pub kind: SecretStoreKind,
    /// `Secret Service is locked; the vault file is used instead`.
    pub detail: String,
    /// Which secrets are stored; their values never leave the backend.
    pub stored: Vec<SecretName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretStoreKind {
    Keychain,
    VaultFile,
    Unavailable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretName {
    XcartKey,
    IntacctPassword,
    IntacctSenderPassword,
    VaultPassphrase,
}

// Goes one way: it cannot be written out again, and its value shows nowhere.
#[derive(Clone, PartialEq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SaveSecretRequest {
    pub name: SecretName,
    pub value: String,
}

impl fmt::Debug for SaveSecretRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaveSecretRequest").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SaveConnectionsRequest {
    pub environment: EnvironmentChoice,
    pub xcart_url: String,
    pub xcart_dialect: XcartDialect,
    pub store_zone: String,
    pub intacct_url: String,
    pub intacct_company: String,
    pub intacct_entity: String,
    pub intacct_user: String,
    pub intacct_sender: String,
    pub entity_zone: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TestConnectionRequest {
    pub system: SystemId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TestReport {
    pub system: SystemId,
    pub parts: Vec<ConnectionPart>,
    pub tested_at: String,
}
