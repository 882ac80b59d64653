//! Activity: the audit trail.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActivityFacets, ActivityRequest, AuditRowView, AuditVerdict, FileDone, FolderRequest, Problem, Window,
};

#[tauri::command]
#[specta::specta]
pub async fn activity(shell: State<'_, Shell>, request: ActivityRequest) -> Result<Window<AuditRowView>, Problem> {
    shell.ask(move |app| tieout_api::activity(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn activity_facets(shell: State<'_, Shell>) -> Result<ActivityFacets, Problem> {
    shell.ask(tieout_api::activity_facets).await
}

#[tauri::command]
#[specta::specta]
pub async fn verify_audit(shell: State<'_, Shell>) -> Result<AuditVerdict, Problem> {
    shell.ask(tieout_api::verify_audit).await
}

#[tauri::command]
#[specta::specta]
pub async fn export_audit(shell: State<'_, Shell>, request: FolderRequest) -> Result<FileDone, Problem> {
    shell.ask(move |app| tieout_api::export_audit(app, request)).await
}
