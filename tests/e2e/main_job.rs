//! The main job by hand in the real window: read, review by keyboard, approve, post once, tie out, export, and find
//! everything still there after a restart.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use super::driver::{Desk, Theme, Window};
use fantoccini::key::Key;
use serde_json::json;
use std::path::Path;

/// Enough for every kind of disagreement, few enough for a debug build.
const ORDERS: &str = "400";
/// `TIEOUT_DEMO_ORDERS` set outside wins: the pictures of the README show a fuller company.
const ORDERS_VARIABLE: &str = "TIEOUT_DEMO_ORDERS";

pub fn demo(desk: Desk) -> Desk {
    let orders = std::env::var(ORDERS_VARIABLE).unwrap_or_else(|_| ORDERS.to_owned());
    desk.variable(ORDERS_VARIABLE, orders)
}

pub async fn open_demo(window: &Window) {
    window.click("rail-today").await;
    window.click("action-file.demo").await;
    window.wait_for_text("jobs", "receipts").await;
    window.find_css("[data-testid=jobs][data-running=false]").await;
}

async fn go(window: &Window, keys: &str, screen: &str) {
    window.press(keys).await;
    window.find(&format!("screen-{screen}")).await;
}

#[tokio::test]
async fn an_accountant_works_a_month_from_reading_to_proof_and_finds_it_again() {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk);
    let exports = desk.data_folder().with_file_name("exports");
    std::fs::create_dir_all(&exports).unwrap();

    let window = desk.open().await;
    window.screenshot("welcome-light").await;
    open_demo(&window).await;
    window.find("proof-USD").await;
    window.screenshot("today-light").await;

    review_by_keyboard(&window).await;
    let sent = approve_and_post(&window).await;
    let tied = tie_out(&window).await;
    export(&window, &exports).await;
    verify_the_audit_chain(&window).await;
    for screen in ["connections", "settings"] {
        window.click(&format!("rail-{screen}")).await;
        window.find(&format!("screen-{screen}")).await;
        window.settle().await;
        window.screenshot(&format!("{screen}-light")).await;
    }
    window.close().await;

    let window = desk.open().await;
    open_demo(&window).await;
    go(&window, "ga", "approvals").await;
    assert_eq!(window.count_in("tab-sent").await, sent, "what was posted is still there, and was posted once");
    assert_eq!(tie_out(&window).await, tied, "the proof is what it was");
    verify_the_audit_chain(&window).await;
    window.close().await;
}

/// Accepts the first proposal it may, takes that back, does it again, and accepts all exact ones at once.
async fn review_by_keyboard(window: &Window) {
    go(window, "gm", "match").await;
    window.find("draft").await;
    window.screenshot("match-light").await;

    let suggested = window.count_in("tab-suggested").await;
    let mut moved = 0;
    while window.find_css("[data-testid=accept]").await.attr("disabled").await.unwrap().is_some() {
        moved += 1;
        assert!(moved < suggested, "one of the {suggested} suggestions can be accepted as it is");
        window.press("j").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    window.press(&Key::Enter.to_string()).await;
    window.wait_for_count("tab-suggested", suggested - 1).await;
    window.chord(&[Key::Control.into(), 'z']).await;
    window.wait_for_count("tab-suggested", suggested).await;
    window.chord(&[Key::Control.into(), 'y']).await;
    window.wait_for_count("tab-suggested", suggested - 1).await;

    for tab in ["unmatched", "ambiguous", "matched"] {
        window.click(&format!("tab-{tab}")).await;
        window.find_css(&format!("[data-testid=tab-{tab}][aria-selected=true]")).await;
        window.settle().await;
        window.screenshot(&format!("match-{tab}-light")).await;
    }
}

/// Approves one entry by its key and two more together, then posts the three and sees them read back.
async fn approve_and_post(window: &Window) -> usize {
    go(window, "ga", "approvals").await;
    window.find("proposal-title").await;
    window.screenshot("approvals-light").await;
    let before = window.count_in("tab-toApprove").await;
    let first = window.find("proposal-title").await.text().await.unwrap();
    window.press("a").await;
    window.wait_for_count("tab-toApprove", before - 1).await;
    window.wait_for_other_text("proposal-title", &first).await;

    window.press("xjx").await;
    window.wait_for_text("batch", "2 checked").await;
    window.chord(&[Key::Shift.into(), 'A']).await;
    window.wait_for_text("dialog", "Approve 2 entries?").await;
    window.screenshot("approve-light").await;
    window.press(&Key::Enter.to_string()).await;
    window.wait_for_count("tab-toApprove", before - 3).await;

    window.chord(&[Key::Control.into(), Key::Enter.into()]).await;
    window.wait_for_text("dialog", "Post 3 approved entries to Intacct?").await;
    window.screenshot("post-light").await;
    window.press(&Key::Enter.to_string()).await;
    window.wait_for_text("jobs", "3 posted").await;
    window.find_css("[data-testid=jobs][data-running=false]").await;
    window.wait_for_count("tab-sent", 3).await;
    window.click("tab-sent").await;
    window.wait_for_text("proposals", "read back").await;
    window.screenshot("approvals-sent-light").await;
    3
}

/// The unexplained figures of all accounts, as they stand on screen.
async fn tie_out(window: &Window) -> Vec<String> {
    go(window, "gc", "tieOut").await;
    window.find("tie-out-total-USD").await;
    window.screenshot("tieOut-light").await;
    let mut totals = Vec::new();
    for currency in ["USD", "EUR"] {
        totals.push(window.find(&format!("tie-out-total-{currency}")).await.text().await.unwrap());
    }
    totals
}

async fn export(window: &Window, folder: &Path) {
    go(window, "gx", "exceptions").await;
    window.settle().await;
    window.screenshot("exceptions-light").await;
    for format in ["xlsx", "csv", "json"] {
        window.chord(&[Key::Control.into(), 'e']).await;
        window.click(&format!("format-{format}")).await;
        window.type_in("export-folder", &folder.display().to_string()).await;
        window.click("dialog-confirm").await;
        window.wait_for_text("toasts", &format!(".{format}")).await;
    }
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path().extension().unwrap().display().to_string())
        .collect();
    found.sort();
    assert_eq!(found, ["csv", "json", "xlsx"]);
}

async fn verify_the_audit_chain(window: &Window) {
    go(window, "gr", "activity").await;
    window.press("v").await;
    window.find_css("[data-testid=audit-verdict][data-intact=true]").await;
    window.screenshot("activity-light").await;
}

#[tokio::test]
async fn every_screen_in_the_dark() {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk.theme(Theme::Dark));
    let window = desk.open().await;
    open_demo(&window).await;
    window.find("proof-USD").await;
    for screen in ["today", "match", "exceptions", "approvals", "tieOut", "activity", "connections", "settings"] {
        window.click(&format!("rail-{screen}")).await;
        window.find(&format!("screen-{screen}")).await;
        window.settle().await;
        assert_eq!(window.script("return document.querySelectorAll('[data-testid=problem]').length").await, json!(0));
        window.screenshot(&format!("{screen}-dark")).await;
    }
    window.close().await;
}
