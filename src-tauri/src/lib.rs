//! The shell: one window, a data folder, a log, and commands of three lines. No accounting decision is made here.
//!
//! Invariant: the webview can do what `ipc` lists and nothing else; every command checks its request again in Rust.
//!
//! Reading order: `ipc` (what the window may ask), `commands` (the answers), `events`, `data_folder` and `log` (where things are).

pub mod commands;
mod data_folder;
mod demo;
mod demo_systems;
pub mod events;
pub mod ipc;
mod log;
mod page;
mod state;

pub use data_folder::DATA_FOLDER_VARIABLE;

use tauri::Manager;

/// `tieout-desktop --demo` opens the demo company at once.
const DEMO_FLAG: &str = "--demo";

/// Runs until the window is closed.
pub fn run() -> tauri::Result<()> {
    // reqwest is built without a TLS provider of its own and panics at first use when none is installed. `Err` only
    // says that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let ipc = ipc::builder();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(ipc.invoke_handler())
        .setup(move |app| {
            let folder = data_folder::open(app.path())?;
            log::start(&folder)?;
            tracing::info!(version = env!("CARGO_PKG_VERSION"), folder = %folder.display(), "started");
            ipc.mount_events(app);
            page::come_back_when_killed(app);
            app.manage(state::Shell::new(app.handle().clone(), folder));
            if std::env::args().any(|it| it == DEMO_FLAG) || std::env::var_os("TIEOUT_DEMO").is_some() {
                let handle = app.handle().clone();
                tauri::async_runtime::spawn(async move {
                    if let Err(problem) = handle.state::<state::Shell>().open_demo().await {
                        tracing::error!(title = problem.title, "the demo company could not be opened");
                    }
                });
            }
            Ok(())
        })
        .run(tauri::generate_context!())
}
