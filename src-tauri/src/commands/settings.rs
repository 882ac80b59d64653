//! Settings and imports.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, CheckSettingsRequest, ExpectationsView, ImportPreview, ImportPreviewRequest, ImportView, LearnedView,
    PeriodRequest, Problem, RulesCheck, RulesRequest, RulesTextView, RulesTrial, SaveRulesRequest, SaveSettingsRequest,
    SettingsCheck, SettingsTextView, SwitchLearnedRequest, UndoImportRequest,
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

#[tauri::command]
#[specta::specta]
pub async fn rules_text(shell: State<'_, Shell>) -> Result<RulesTextView, Problem> {
    shell.ask(tieout_api::rules_text).await
}

#[tauri::command]
#[specta::specta]
pub async fn check_rules(shell: State<'_, Shell>, request: RulesRequest) -> Result<RulesCheck, Problem> {
    shell.ask(move |app| tieout_api::check_rules(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn try_rules(shell: State<'_, Shell>, request: RulesRequest) -> Result<RulesTrial, Problem> {
    shell.ask(move |app| tieout_api::try_rules(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_rules(shell: State<'_, Shell>, request: SaveRulesRequest) -> Result<RulesTextView, Problem> {
    shell.ask(move |app| tieout_api::save_rules(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn learned(shell: State<'_, Shell>) -> Result<Vec<LearnedView>, Problem> {
    shell.ask(tieout_api::learned).await
}

#[tauri::command]
#[specta::specta]
pub async fn switch_learned(shell: State<'_, Shell>, request: SwitchLearnedRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::switch_learned(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn expectations(shell: State<'_, Shell>, request: PeriodRequest) -> Result<ExpectationsView, Problem> {
    shell.ask(move |app| tieout_api::expectations(app, request)).await
}
