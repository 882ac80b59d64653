//! Sync: flows and their dead letters.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, ApproveFlowRequest, CloseLetterRequest, EditLetterRequest, FlowRequest, FlowWriteRow,
    FlowWritesRequest, JobStarted, LetterDetail, LetterRequest, LetterRow, LettersRequest, Problem,
    ReplayLettersRequest, SyncBoard, Window,
};

#[tauri::command]
#[specta::specta]
pub async fn sync_board(shell: State<'_, Shell>) -> Result<SyncBoard, Problem> {
    shell.ask(tieout_api::sync_board).await
}

#[tauri::command]
#[specta::specta]
pub async fn flow_writes(shell: State<'_, Shell>, request: FlowWritesRequest) -> Result<Window<FlowWriteRow>, Problem> {
    shell.ask(move |app| tieout_api::flow_writes(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn letters(shell: State<'_, Shell>, request: LettersRequest) -> Result<Window<LetterRow>, Problem> {
    shell.ask(move |app| tieout_api::letters(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn letter(shell: State<'_, Shell>, request: LetterRequest) -> Result<LetterDetail, Problem> {
    shell.ask(move |app| tieout_api::letter(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn run_flow(shell: State<'_, Shell>, request: FlowRequest) -> Result<JobStarted, Problem> {
    tieout_api::run_flow(&shell.app()?, request)
}

#[tauri::command]
#[specta::specta]
pub async fn approve_flow(shell: State<'_, Shell>, request: ApproveFlowRequest) -> Result<JobStarted, Problem> {
    tieout_api::approve_flow(&shell.app()?, request)
}

#[tauri::command]
#[specta::specta]
pub async fn replay_letters(shell: State<'_, Shell>, request: ReplayLettersRequest) -> Result<JobStarted, Problem> {
    tieout_api::replay_letters(&shell.app()?, request)
}

#[tauri::command]
#[specta::specta]
pub async fn edit_letter(shell: State<'_, Shell>, request: EditLetterRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::edit_letter(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn close_letter(shell: State<'_, Shell>, request: CloseLetterRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::close_letter(app, request)).await
}
