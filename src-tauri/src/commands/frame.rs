//! The frame around every screen.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, AppStateView, HistoryEntry, JobRequest, JobView, Preferences, Problem, SearchHit, SearchRequest,
};

#[tauri::command]
#[specta::specta]
pub async fn app_state(shell: State<'_, Shell>) -> Result<AppStateView, Problem> {
    shell.ask(tieout_api::app_state).await
}

#[tauri::command]
#[specta::specta]
pub async fn search(shell: State<'_, Shell>, request: SearchRequest) -> Result<Vec<SearchHit>, Problem> {
    shell.ask(move |app| tieout_api::search(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn undo(shell: State<'_, Shell>) -> Result<ActionDone, Problem> {
    shell.ask(tieout_api::undo).await
}

#[tauri::command]
#[specta::specta]
pub async fn redo(shell: State<'_, Shell>) -> Result<ActionDone, Problem> {
    shell.ask(tieout_api::redo).await
}

#[tauri::command]
#[specta::specta]
pub async fn history(shell: State<'_, Shell>) -> Result<Vec<HistoryEntry>, Problem> {
    shell.ask(tieout_api::history).await
}

#[tauri::command]
#[specta::specta]
pub async fn preferences(shell: State<'_, Shell>) -> Result<Preferences, Problem> {
    shell.ask(tieout_api::preferences).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_preferences(shell: State<'_, Shell>, request: Preferences) -> Result<Preferences, Problem> {
    shell.ask(move |app| tieout_api::save_preferences(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn jobs(shell: State<'_, Shell>) -> Result<Vec<JobView>, Problem> {
    shell.ask(tieout_api::jobs).await
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_job(shell: State<'_, Shell>, request: JobRequest) -> Result<JobView, Problem> {
    shell.ask(move |app| tieout_api::cancel_job(app, request)).await
}
