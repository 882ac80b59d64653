//! S1 Today.

use crate::state::Shell;
use tauri::State;
use tieout_api::views::{PeriodRequest, Problem, TodayView};

#[tauri::command]
#[specta::specta]
pub async fn today(shell: State<'_, Shell>, request: PeriodRequest) -> Result<TodayView, Problem> {
    shell.ask(move |app| tieout_api::today(app, request)).await
}
