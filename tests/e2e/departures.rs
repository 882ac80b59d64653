//! A store and an Intacct that were upgraded overnight: the day's reading goes on, and Connections says which fields changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use super::driver::{Desk, Theme};
use super::main_job::{demo, open_demo};

const UPGRADED: &str = r#"{"rules":[
    {"system":"xcart","what":"GET /api/orders*","effect":"edited_reply",
     "edits":[{"find":"\"order_number\":","put":"\"loyalty_tier\":\"gold\",\"order_number\":"}]},
    {"system":"intacct","what":"query","effect":"edited_reply","edits":[
     {"find":"</ARINVOICE>","put":"<RETAINAGE>5% until 06/30/2026</RETAINAGE></ARINVOICE>"},
     {"find":"<WHENDUE>","put":"<DUEDATE>"},{"find":"</WHENDUE>","put":"</DUEDATE>"}]}]}"#;

async fn told_under_connections(theme: Theme, name: &str) {
    let Some(desk) = Desk::new() else { return };
    let script = desk.data_folder().with_file_name("faults.json");
    std::fs::write(&script, UPGRADED).unwrap();
    let desk = demo(desk.theme(theme)).variable("TIEOUT_DEMO_FAULTS", script);
    let window = desk.open().await;
    open_demo(&window).await;
    window.click("rail-connections").await;
    for told in ["order.loyalty_tier", "\"gold\"", "ARINVOICE.RETAINAGE", "5% until", "ARINVOICE.WHENDUE", "is missing"]
    {
        window.wait_for_text("departures", told).await;
    }
    window.script("document.querySelector('[data-testid=departures]').scrollIntoView({block: 'center'})").await;
    window.settle().await;
    window.screenshot(&format!("departures-{name}")).await;
    window.close().await;
}

#[tokio::test]
async fn fields_that_changed_overnight_are_told_under_connections() {
    told_under_connections(Theme::Light, "light").await;
}

#[tokio::test]
async fn fields_that_changed_overnight_are_told_in_the_dark_too() {
    told_under_connections(Theme::Dark, "dark").await;
}
