//! S2 Match.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{
    AcceptAllExactRequest, AcceptMatchRequest, ActionDone, ExactPreview, ExactPreviewRequest, ExplainRequest,
    Explanation, KeepPartialRequest, MatchDetail, MatchDetailRequest, MatchLine, MatchRowsRequest,
    MatchSelectionRequest, MatchSummary, MatchSummaryRequest, NoteRequest, OpenRowsRequest, Problem, RecordRow,
    SelectionDraftRequest, SelectionRequest, SelectionTotals, SnoozeRequest, SplitRequest, TimingItemRequest,
    UnmatchRequest, Window, WriteOffRequest,
};

#[tauri::command]
#[specta::specta]
pub async fn match_summary(shell: State<'_, Shell>, request: MatchSummaryRequest) -> Result<MatchSummary, Problem> {
    shell.ask(move |app| tieout_api::match_summary(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn match_rows(shell: State<'_, Shell>, request: MatchRowsRequest) -> Result<Window<MatchLine>, Problem> {
    shell.ask(move |app| tieout_api::match_rows(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn open_rows(shell: State<'_, Shell>, request: OpenRowsRequest) -> Result<Window<RecordRow>, Problem> {
    shell.ask(move |app| tieout_api::open_rows(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn match_detail(shell: State<'_, Shell>, request: MatchDetailRequest) -> Result<MatchDetail, Problem> {
    shell.ask(move |app| tieout_api::match_detail(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn selection_draft(shell: State<'_, Shell>, request: SelectionDraftRequest) -> Result<MatchDetail, Problem> {
    shell.ask(move |app| tieout_api::selection_draft(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn selection_totals(shell: State<'_, Shell>, request: SelectionRequest) -> Result<SelectionTotals, Problem> {
    shell.ask(move |app| tieout_api::selection_totals(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn accept_match(shell: State<'_, Shell>, request: AcceptMatchRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::accept_match(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn exact_preview(shell: State<'_, Shell>, request: ExactPreviewRequest) -> Result<ExactPreview, Problem> {
    shell.ask(move |app| tieout_api::exact_preview(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn accept_all_exact(shell: State<'_, Shell>, request: AcceptAllExactRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::accept_all_exact(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn match_selection(shell: State<'_, Shell>, request: MatchSelectionRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::match_selection(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn unmatch(shell: State<'_, Shell>, request: UnmatchRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::unmatch(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn write_off(shell: State<'_, Shell>, request: WriteOffRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::write_off(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn split(shell: State<'_, Shell>, request: SplitRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::split(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn keep_partial(shell: State<'_, Shell>, request: KeepPartialRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::keep_partial(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn timing_item(shell: State<'_, Shell>, request: TimingItemRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::timing_item(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn snooze(shell: State<'_, Shell>, request: SnoozeRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::snooze(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn note(shell: State<'_, Shell>, request: NoteRequest) -> Result<ActionDone, Problem> {
    shell.ask(move |app| tieout_api::note(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn explain(shell: State<'_, Shell>, request: ExplainRequest) -> Result<Explanation, Problem> {
    shell.ask(move |app| tieout_api::explain(app, request)).await
}
