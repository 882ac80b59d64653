//! Closing a month and losing a disk, in the real window: signed, suspended by a later entry, signed anew, handed to a
//! reviewer; backed up, looked at, restored.

use super::driver::{Desk, Window};
use super::main_job::{demo, open_demo};
use fantoccini::key::Key;

#[tokio::test]
async fn a_month_is_signed_suspended_and_restored() {
    let Some(desk) = Desk::new() else { return };
    let exports = desk.data_folder().with_file_name("handed-out");
    std::fs::create_dir_all(&exports).unwrap();
    let desk = demo(desk).variable("TIEOUT_PICK_FOLDER", exports.display().to_string());
    let window = desk.open().await;
    open_demo(&window).await;
    window.find("proof-USD").await;

    // Signed as it is on screen.
    window.press("gc").await;
    window.find("tie-out-total-USD").await;
    window.click("sign-preparer").await;
    window.wait_for_text("dialog", "as prepared?").await;
    window.click("dialog-confirm").await;
    window.find_css("[data-testid=sign-off-preparer][data-suspended=false]").await;
    without_messages(&window).await;
    window.screenshot("close-signed-light").await;
    window.click("certificate").await;
    window.wait_for_text("toasts", "Certificate written").await;
    let written = std::fs::read_dir(&exports).unwrap().filter_map(Result::ok).map(|it| it.path());
    let certificate = written.into_iter().find(|it| it.to_string_lossy().contains("certificate")).unwrap();
    assert!(std::fs::read_to_string(certificate).unwrap().starts_with("{\"certificate\":{"));

    // A later entry suspends it, and the screen says which.
    window.press("ga").await;
    window.find("proposal-title").await;
    let before = window.count_in("tab-toApprove").await;
    window.press("a").await;
    window.wait_for_count("tab-toApprove", before - 1).await;
    window.press("gc").await;
    window.find_css("[data-testid=sign-off-preparer][data-suspended=true]").await;
    without_messages(&window).await;
    window.screenshot("close-suspended-light").await;
    let changes = window.script("return document.querySelector('[data-testid=sign-off-changes]').textContent").await;
    let changes = changes.as_str().unwrap();
    assert!(changes.contains("entry p-") && changes.contains("approved"), "{changes}");
    window.click("lock-hard").await;
    window.type_in("reason", "Closed with the controller").await;
    window.click("dialog-confirm").await;
    window.wait_for_text("period-lock", "Closed with the controller").await;

    // A reviewer on another computer gets what waits.
    window.click("rail-settings").await;
    window.find("screen-settings").await;
    window.click("tab-people").await;
    window.click("hand-out").await;
    window.wait_for_text("handed-out", "to review").await;
    window.type_in("key-name", "bea").await;
    window.type_in("key-hex", &"ab".repeat(32)).await;
    window.click("trust-key").await;
    window.wait_for_text("keys", "bea").await;
    without_messages(&window).await;
    window.screenshot("bundle-light").await;

    // Backed up; then something happens, and the backup is put back.
    window.click("tab-backups").await;
    window.click("make-backup").await;
    window.wait_for_text("backups", "asked for").await;
    window.click("tab-people").await;
    window.type_in("key-name", "eve").await;
    window.type_in("key-hex", &"cd".repeat(32)).await;
    window.click("trust-key").await;
    let two = window.wait_for_text("keys", "eve").await;
    window.click("tab-backups").await;
    window.find("backups").await;
    window.click("look-at-backup").await; // the newest stands first
    window.click("restore-look").await;
    window.wait_for_text("lost-rows", "identity trusted").await;
    without_messages(&window).await;
    window.screenshot("restore-light").await;
    window.click("restore-now").await;
    window.wait_for_text("dialog", "Restore the backup").await;
    window.press(&Key::Enter.to_string()).await;
    window.wait_for_text("toasts", "Restored").await;
    without_messages(&window).await;
    window.screenshot("restored-light").await;
    window.click("tab-people").await;
    window.wait_for_other_text("keys", &two).await;
    let mut keys = window.wait_for_text("keys", "bea").await;
    for _ in 0..40 {
        if !keys.contains("eve") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await; // the list before is shown until the new one is there
        keys = window.wait_for_text("keys", "bea").await;
    }
    assert!(!keys.contains("eve"), "{keys}");
    window.press("gr").await;
    window.find("screen-activity").await;
    window.wait_for_text("activity", "backup restored").await;
    window.press("v").await;
    window.find_css("[data-testid=audit-verdict][data-intact=true]").await;
    without_messages(&window).await;
    window.screenshot("activity-restored-light").await;
    window.close().await;
}

/// Messages come up over the lower left corner.
async fn without_messages(window: &Window) {
    let dismiss = "document.querySelectorAll('[data-testid=toasts] [aria-label=Dismiss]').forEach((it) => it.click())";
    window.script(dismiss).await;
    window.settle().await;
}
