//! The real window, driven as a person would: real program, real engine, real keys.
//!
//! `make test` brings the display. By hand: `dbus-run-session -- xvfb-run -a cargo nextest run --test e2e`.
//! `TIEOUT_SHOTS=folder` keeps pictures.
#![cfg(target_os = "linux")]

mod departures;
mod driver;
mod killed_page;
mod main_job;
mod sync;

use driver::{Desk, Theme};
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn the_window_opens_and_says_which_tieout_it_is() {
    let Some(desk) = Desk::new() else { return };
    let desk = desk.variable("TIEOUT_LOG", "debug");
    let window = desk.open().await;

    assert_eq!(window.title().await, "Tieout");
    let info = window.invoke("app_info", json!({})).await.unwrap();
    assert_eq!(info["name"], "Tieout");
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(info["dataFolder"], desk.data_folder().display().to_string());
    assert!(desk.data_folder().join("logs/tieout.jsonl").is_file(), "the log lies in the data folder");

    window.screenshot("start-light").await;
    window.close().await;
}

#[tokio::test]
async fn the_window_follows_a_dark_desktop() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.theme(Theme::Dark).open().await;

    let dark = window.script("return matchMedia('(prefers-color-scheme: dark)').matches").await;
    assert_eq!(dark, json!(true));

    window.screenshot("start-dark").await;
    window.close().await;
}

#[tokio::test]
async fn the_keys_open_their_sheet_and_the_palette_and_the_rail_every_screen() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open().await;
    window.find("rail-today").await;

    window.press("?").await;
    window.wait_for_text("key-sheet", "Keyboard").await;
    window.press(&Key::Escape.to_string()).await;
    window.wait_until_gone("key-sheet").await;

    window.chord(&[Key::Control.into(), 'k']).await;
    window.find("palette-input").await;
    window.press(&Key::Escape.to_string()).await;
    window.wait_until_gone("palette").await;

    for screen in ["match", "exceptions", "approvals", "tieOut", "sync", "activity", "connections", "settings", "today"]
    {
        window.click(&format!("rail-{screen}")).await;
        window.find_css(&format!("[data-testid=\"rail-{screen}\"][aria-current=page]")).await;
    }

    window.close().await;
}

/// W1 and W2 of the promises: even script that got into the page can do no more than ask for listed commands.
#[tokio::test]
async fn the_page_cannot_do_more_than_the_shell_grants() {
    let Some(desk) = Desk::new() else { return };
    let window = desk.open().await;

    for ungranted in ["plugin:fs|read_text_file", "plugin:shell|execute", "plugin:http|fetch", "no_such_command"] {
        let said = window.invoke(ungranted, json!({})).await.expect_err("nobody granted this");
        assert!(said.contains("not allowed") || said.contains("not found"), "{ungranted}: {said}");
    }
    assert_eq!(window.script("return typeof window.__TAURI__").await, json!("undefined"));
    assert_eq!(window.script("return Object.isFrozen(Object.prototype)").await, json!(true));
    let ran = window
        .script(
            "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.canary = 1\">');
             const inline = document.createElement('script');
             inline.textContent = 'window.canary = 2';
             document.body.append(inline);
             return window.canary ?? 0",
        )
        .await;
    assert_eq!(ran, json!(0), "the content policy lets no inline script run");

    window.close().await;
}
