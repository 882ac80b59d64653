//! Connections.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ConnectionsView, Problem, SaveConnectionsRequest, SaveSecretRequest, SecretStoreView, TestConnectionRequest,
    TestReport,
};

#[tauri::command]
#[specta::specta]
pub async fn connections(shell: State<'_, Shell>) -> Result<ConnectionsView, Problem> {
    shell.ask(tieout_api::connections).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_connections(
    shell: State<'_, Shell>,
    request: SaveConnectionsRequest,
) -> Result<ConnectionsView, Problem> {
    shell.ask(move |app| tieout_api::save_connections(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_secret(shell: State<'_, Shell>, request: SaveSecretRequest) -> Result<SecretStoreView, Problem> {
    shell.ask(move |app| tieout_api::save_secret(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn test_connection(shell: State<'_, Shell>, request: TestConnectionRequest) -> Result<TestReport, Problem> {
    shell.wait(|app| async move { tieout_api::test_connection(&app, request).await }).await
}
