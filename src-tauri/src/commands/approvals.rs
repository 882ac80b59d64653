//! S5 Approvals.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, ApprovalReport, ApprovalsSummary, ApproveRequest, BatchEffect, BatchEffectRequest, GiveUpRequest,
    PeriodRequest, Problem, ProposalDetail, ProposalRequest, ProposalRow, ProposalsDecision, ProposalsRequest,
    ReversalPreview, ReverseRequest, SettleFoundRequest, Window,
};

#[tauri::command]
#[specta::specta]
pub async fn approvals_summary(shell: State<'_, Shell>, request: PeriodRequest) -> Result<ApprovalsSummary, Problem> {
    shell.ask(move |app| tieout_api::approvals_summary(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn proposals(shell: State<'_, Shell>, request: ProposalsRequest) -> Result<Window<ProposalRow>, Problem> {
    shell.ask(move |app| tieout_api::proposals(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn proposal_detail(shell: State<'_, Shell>, request: ProposalRequest) -> Result<ProposalDetail, Problem> {
    shell.ask(move |app| tieout_api::proposal_detail(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn batch_effect(shell: State<'_, Shell>, request: BatchEffectRequest) -> Result<BatchEffect, Problem> {
    shell.ask(move |app| tieout_api::batch_effect(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn approve(shell: State<'_, Shell>, request: ApproveRequest) -> Result<ApprovalReport, Problem> {
    shell.ask(move |app| tieout_api::approve(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn reject(shell: State<'_, Shell>, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::reject(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn hold(shell: State<'_, Shell>, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::hold(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn release(shell: State<'_, Shell>, request: ProposalsDecision) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::release(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn check_status(shell: State<'_, Shell>, request: ProposalRequest) -> Result<ActionDone, Problem> {
    shell.wait(|app| async move { tieout_api::check_status(&app, request).await }).await
}

#[tauri::command]
#[specta::specta]
pub async fn settle_found(shell: State<'_, Shell>, request: SettleFoundRequest) -> Result<ActionDone, Problem> {
    shell.wait(|app| async move { tieout_api::settle_found(&app, request).await }).await
}

#[tauri::command]
#[specta::specta]
pub async fn give_up(shell: State<'_, Shell>, request: GiveUpRequest) -> Result<ActionDone, Problem> {
    shell.wait(|app| async move { tieout_api::give_up(&app, request).await }).await
}

#[tauri::command]
#[specta::specta]
pub async fn reversal_preview(shell: State<'_, Shell>, request: ProposalRequest) -> Result<ReversalPreview, Problem> {
    shell.ask(move |app| tieout_api::reversal_preview(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn reverse(shell: State<'_, Shell>, request: ReverseRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::reverse(app, request)).await
}
