//! Opens the window; everything it does lives in the library beside this file.

// A released Windows build opens no console behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

/// Gives back to the system what a long reading took, soon and unasked; the C library's keeps most of it. How soon is said
/// in `.cargo/config.toml`.
#[cfg(unix)]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match tieout_app::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Tieout could not open its window: {error}");
            ExitCode::from(3)
        }
    }
}
