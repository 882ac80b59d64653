//! Sign-offs, locks, certificates, people and bundles.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, AnswerTaken, CloseView, FileDone, HandOutRequest, LockRequest, PeopleView, PeriodFileRequest,
    PeriodRequest, Problem, RevokeRequest, SignOffRequest, TakeAnswerRequest, TrustRequest, UnlockRequest,
    WithdrawRequest,
};

#[tauri::command]
#[specta::specta]
pub async fn close_state(shell: State<'_, Shell>, request: PeriodRequest) -> Result<CloseView, Problem> {
    shell.ask(move |app| tieout_api::close_state(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn sign_off(shell: State<'_, Shell>, request: SignOffRequest) -> Result<CloseView, Problem> {
    shell.ask(move |app| tieout_api::sign_off(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn withdraw_sign_off(shell: State<'_, Shell>, request: WithdrawRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::withdraw_sign_off(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn lock_period(shell: State<'_, Shell>, request: LockRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::lock_period(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn unlock_period(shell: State<'_, Shell>, request: UnlockRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::unlock_period(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn write_certificate(shell: State<'_, Shell>, request: PeriodFileRequest) -> Result<FileDone, Problem> {
    shell.ask(move |app| tieout_api::write_certificate(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn people(shell: State<'_, Shell>) -> Result<PeopleView, Problem> {
    shell.ask(tieout_api::people).await
}

#[tauri::command]
#[specta::specta]
pub async fn trust_identity(shell: State<'_, Shell>, request: TrustRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::trust_identity(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn revoke_identity(shell: State<'_, Shell>, request: RevokeRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::revoke_identity(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn hand_out_bundle(shell: State<'_, Shell>, request: HandOutRequest) -> Result<FileDone, Problem> {
    shell.ask(move |app| tieout_api::hand_out_bundle(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn take_answer(shell: State<'_, Shell>, request: TakeAnswerRequest) -> Result<AnswerTaken, Problem> {
    shell.ask(move |app| tieout_api::take_answer(app, request)).await
}
