//! The frame around every screen: which program this is and where its data lies.

use crate::state::Shell;
use serde::Serialize;
use specta::Type;
use tauri::State;

/// Which Tieout this is, for the about box and for a support request.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    pub name: String,
    pub version: String,
    /// What it runs on: `linux x86_64, debug build`.
    pub environment: String,
    pub data_folder: String,
}

#[tauri::command]
#[specta::specta]
pub fn app_info(shell: State<'_, Shell>) -> AppInfo {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    AppInfo {
        name: "Tieout".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        environment: format!("{} {}, {build} build", std::env::consts::OS, std::env::consts::ARCH),
        data_folder: shell.data_folder.display().to_string(),
    }
}
