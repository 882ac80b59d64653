//! The list of everything the window may ask for and be told; the TypeScript bindings are generated from it.

use crate::{commands, events};
use tauri_specta::{Builder, collect_commands, collect_events};

/// A new command is one line here and one function in `commands`; `cargo xtask bindings` then rewrites
/// `ui/src/bindings/index.ts`.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // One TypeScript type for each view, whichever way it travels: an absent `Option` is `null` both ways.
        .disable_serde_phases()
        .commands(collect_commands![
            // frame
            commands::app::app_info,
        ])
        .events(collect_events![events::JobProgress, events::DataChangedEvent])
}
