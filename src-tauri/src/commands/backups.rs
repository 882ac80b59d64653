//! Backups, restore, and what is sent to whoever helps.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, BackupView, FileDone, FolderRequest, MakeBackupRequest, Problem, RestorePreviewRequest, RestoreRequest,
    RestoreView, SupportView,
};

#[tauri::command]
#[specta::specta]
pub async fn backups(shell: State<'_, Shell>) -> Result<Vec<BackupView>, Problem> {
    shell.ask(tieout_api::backups).await
}

#[tauri::command]
#[specta::specta]
pub async fn make_backup(shell: State<'_, Shell>, request: MakeBackupRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::make_backup(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_preview(shell: State<'_, Shell>, request: RestorePreviewRequest) -> Result<RestoreView, Problem> {
    shell.ask(move |app| tieout_api::restore_preview(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn support_preview(shell: State<'_, Shell>) -> Result<SupportView, Problem> {
    shell.ask(tieout_api::support_preview).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_support(shell: State<'_, Shell>, request: FolderRequest) -> Result<FileDone, Problem> {
    shell.ask(move |app| tieout_api::save_support(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn restore_backup(shell: State<'_, Shell>, request: RestoreRequest) -> Result<ActionDone, Problem> {
    shell.restore(request).await
}
