//! Settings and imports.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, CheckSettingsRequest, ImportPreview, ImportPreviewRequest, ImportView, Problem, SaveSettingsRequest,
    SettingsCheck, SettingsTextView, UndoImportRequest,
};

#[tauri::command]
#[specta::specta]
pub async fn settings_text(shell: State<'_, Shell>) -> Result<SettingsTextView, Problem> {
    shell.ask(tieout_api::settings_text).await
}

#[tauri::command]
#[specta::specta]
pub async fn check_settings(shell: State<'_, Shell>, request: CheckSettingsRequest) -> Result<SettingsCheck, Problem> {
    shell.ask(move |app| tieout_api::check_settings(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_settings(shell: State<'_, Shell>, request: SaveSettingsRequest) -> Result<SettingsTextView, Problem> {
    shell.wait(|app| async move { tieout_api::save_settings(&app, request).await }).await
}

#[tauri::command]
#[specta::specta]
pub async fn import_preview(shell: State<'_, Shell>, request: ImportPreviewRequest) -> Result<ImportPreview, Problem> {
    shell.ask(move |app| tieout_api::import_preview(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn imports(shell: State<'_, Shell>) -> Result<Vec<ImportView>, Problem> {
    shell.ask(tieout_api::imports).await
}

#[tauri::command]
#[specta::specta]
pub async fn undo_import(shell: State<'_, Shell>, request: UndoImportRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::undo_import(app, request)).await
}
