//! The list of everything the window may ask for and be told; the TypeScript bindings are generated from it.

use crate::commands;
use tauri_specta::{Builder, collect_commands};

/// A new command is one line here and one function in `commands`; `cargo xtask bindings` then rewrites
/// `ui/src/bindings/index.ts`.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new().commands(collect_commands![
        // frame
        commands::app::app_info,
    ])
}
