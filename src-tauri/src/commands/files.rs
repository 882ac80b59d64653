//! Native dialogs, and the demo.

use crate::state::Shell;
use std::path::PathBuf;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tieout_api::views::{JobStarted, PickRequest, Picked, Problem};

/// A folder chosen beforehand, for tests: native dialogs cannot be driven.
const FOLDER_VARIABLE: &str = "TIEOUT_PICK_FOLDER";

#[tauri::command]
#[specta::specta]
pub async fn pick_folder(handle: AppHandle, _request: PickRequest) -> Result<Picked, Problem> {
    Ok(picked(match std::env::var_os(FOLDER_VARIABLE) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => handle.dialog().file().blocking_pick_folder().and_then(|it| it.into_path().ok()),
    }))
}

#[tauri::command]
#[specta::specta]
pub async fn pick_file(handle: AppHandle, _request: PickRequest) -> Result<Picked, Problem> {
    Ok(picked(
        handle.dialog().file().add_filter("CSV", &["csv"]).blocking_pick_file().and_then(|it| it.into_path().ok()),
    ))
}

#[tauri::command]
#[specta::specta]
pub async fn open_demo(shell: State<'_, Shell>) -> Result<JobStarted, Problem> {
    shell.open_demo().await
}

fn picked(path: Option<PathBuf>) -> Picked {
    Picked { path: path.map(|it| it.display().to_string()) }
}
