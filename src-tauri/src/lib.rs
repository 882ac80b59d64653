//! The shell: one window, a data folder, a log, and commands of three lines. No accounting decision is made here.
//!
//! Invariant: the webview can do what `ipc` lists and nothing else; every command checks its request again in Rust.
//!
//! Reading order: `ipc` (what the window may ask), `commands` (the answers), `events`, `data_folder` and `log` (where things are).

pub mod commands;
mod data_folder;
pub mod events;
pub mod ipc;
mod log;
mod state;

pub use data_folder::DATA_FOLDER_VARIABLE;

use tauri::Manager;

/// Runs until the window is closed.
pub fn run() -> tauri::Result<()> {
    // reqwest is built without a TLS provider of its own and panics at first use when none is installed. `Err` only
    // says that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let ipc = ipc::builder();
    tauri::Builder::default()
        .invoke_handler(ipc.invoke_handler())
        .setup(move |app| {
            let folder = data_folder::open(app.path())?;
            log::start(&folder)?;
            tracing::info!(version = env!("CARGO_PKG_VERSION"), folder = %folder.display(), "started");
            ipc.mount_events(app);
            app.manage(state::Shell { data_folder: folder });
            Ok(())
        })
        .run(tauri::generate_context!())
}
