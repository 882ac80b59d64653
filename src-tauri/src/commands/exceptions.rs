//! S4 Exceptions.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    ActionDone, AssignRequest, ExceptionCases, ExceptionCasesRequest, ExceptionDetail, ExceptionRequest, ExceptionRow,
    ExceptionRowsRequest, ExportDone, ExportExceptionsRequest, FixPreview, FixPreviewRequest, Problem, RawDocument,
    RawDocumentRequest, SendToApprovalsRequest, Window,
};

#[tauri::command]
#[specta::specta]
pub async fn exception_cases(
    shell: State<'_, Shell>,
    request: ExceptionCasesRequest,
) -> Result<ExceptionCases, Problem> {
    shell.ask(move |app| tieout_api::exception_cases(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn exception_rows(
    shell: State<'_, Shell>,
    request: ExceptionRowsRequest,
) -> Result<Window<ExceptionRow>, Problem> {
    shell.ask(move |app| tieout_api::exception_rows(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn exception_detail(shell: State<'_, Shell>, request: ExceptionRequest) -> Result<ExceptionDetail, Problem> {
    shell.ask(move |app| tieout_api::exception_detail(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn raw_document(shell: State<'_, Shell>, request: RawDocumentRequest) -> Result<RawDocument, Problem> {
    shell.ask(move |app| tieout_api::raw_document(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn fix_preview(shell: State<'_, Shell>, request: FixPreviewRequest) -> Result<FixPreview, Problem> {
    shell.ask(move |app| tieout_api::fix_preview(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn send_to_approvals(
    shell: State<'_, Shell>,
    request: SendToApprovalsRequest,
) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::send_to_approvals(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn assign(shell: State<'_, Shell>, request: AssignRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::assign(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn export_exceptions(
    shell: State<'_, Shell>,
    request: ExportExceptionsRequest,
) -> Result<ExportDone, Problem> {
    shell.ask(move |app| tieout_api::export_exceptions(app, request)).await
}
