//! Stock of the demo company on its way to the store: read, looked at, sent with one yes, and what could not be carried.

use super::driver::{Desk, Theme};
use super::main_job::{demo, open_demo};

async fn carried(theme: Theme, name: &str) {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk.theme(theme));
    let window = desk.open().await;
    open_demo(&window).await;
    window.click("rail-sync").await;
    window.wait_for_text("flow-stock", "Not run yet").await;
    window.screenshot(&format!("sync-first-{name}")).await;
    window.press("r").await;
    window.wait_for_text("flow-stock", "wait for you").await;
    window.wait_for_text("flow-writes", "in stock").await;
    window.settle().await;
    window.screenshot(&format!("sync-waiting-{name}")).await;
    window.press("a").await;
    window.click("dialog-confirm").await;
    window.wait_for_text("flow-stock", "letters").await;
    window.click("tab-letters").await;
    window.wait_for_text("letters", "LK-NEW-01").await;
    window.find_css("[data-testid=letters] [role=row]:nth-child(1)").await;
    window.script("document.querySelector('[data-testid=letters] [role=row][aria-rowindex=\"2\"], [data-testid=letters] [role=row]')?.click()").await;
    window.settle().await;
    window.screenshot(&format!("sync-letters-{name}")).await;
    window.close().await;
}

#[tokio::test]
async fn stock_goes_to_the_store_with_one_yes_and_letters_tell_what_could_not() {
    carried(Theme::Light, "light").await;
}

#[tokio::test]
async fn stock_goes_to_the_store_in_the_dark_too() {
    carried(Theme::Dark, "dark").await;
}
