//! The steps of the job, each a job of its own.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{ImportFileRequest, JobStarted, PeriodRequest, PostApprovedRequest, Problem};
use tieout_api::work;

#[tauri::command]
#[specta::specta]
pub async fn pull(shell: State<'_, Shell>) -> Result<JobStarted, Problem> {
    work::pull(&shell.app()?)
}

#[tauri::command]
#[specta::specta]
pub async fn run_match(shell: State<'_, Shell>, _request: PeriodRequest) -> Result<JobStarted, Problem> {
    work::run_match(&shell.app()?)
}

#[tauri::command]
#[specta::specta]
pub async fn propose(shell: State<'_, Shell>, _request: PeriodRequest) -> Result<JobStarted, Problem> {
    work::propose(&shell.app()?)
}

#[tauri::command]
#[specta::specta]
pub async fn post_approved(shell: State<'_, Shell>, request: PostApprovedRequest) -> Result<JobStarted, Problem> {
    work::post_approved(&shell.app()?, request)
}

#[tauri::command]
#[specta::specta]
pub async fn import_file(shell: State<'_, Shell>, request: ImportFileRequest) -> Result<JobStarted, Problem> {
    work::import_file(&shell.app()?, request)
}
