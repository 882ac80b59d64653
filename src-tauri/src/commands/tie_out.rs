//! Tie-out.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{DrillRequest, DrillView, PeriodRequest, Problem, TieOutDay, TieOutDaysRequest, TieOutView};

#[tauri::command]
#[specta::specta]
pub async fn tie_out(shell: State<'_, Shell>, request: PeriodRequest) -> Result<TieOutView, Problem> {
    shell.ask(move |app| tieout_api::tie_out(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn tie_out_days(shell: State<'_, Shell>, request: TieOutDaysRequest) -> Result<Vec<TieOutDay>, Problem> {
    shell.ask(move |app| tieout_api::tie_out_days(app, request)).await
}

#[tauri::command]
#[specta::specta]
pub async fn drill(shell: State<'_, Shell>, request: DrillRequest) -> Result<DrillView, Problem> {
    shell.ask(move |app| tieout_api::drill(app, request)).await
}
