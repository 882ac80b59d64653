//! Opens the window; everything it does lives in the library beside this file.

// A released Windows build opens no console behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match tieout_app::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Tieout could not open its window: {error}");
            ExitCode::from(3)
        }
    }
}
