//! Rules by hand in the real window: what comes nearest to an exception is tried as a rule, saved with a reason, and then makes the
//! match it promised; what was learned has its switches; what is expected its days.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use super::driver::{Desk, Theme, Window};
use super::main_job::{demo, open_demo};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Pictures of each kind.
const PICTURES: usize = 10;

/// Within the drawer alone: the page itself stays where it is.
const DOWN_TO_NEAREST: &str = "const drawer = document.querySelector('[data-testid=exception-drawer]');
    const nearest = document.querySelector('[data-testid=nearest]');
    drawer.scrollTop += nearest.getBoundingClientRect().top - drawer.getBoundingClientRect().top - 160";

async fn at(window: &Window, place: &str) {
    window.script(&format!("location.hash = '{place}'; return 1")).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await; // the old screen goes before the new one is looked at
    window.settle().await;
}

async fn asked(window: &Window, command: &str, request: Value) -> Value {
    window.invoke(command, json!({ "request": request })).await.unwrap()
}

/// Exceptions with something near, those of different kinds first.
async fn with_something_near(window: &Window) -> Vec<(String, Value)> {
    let request = json!({ "period": "", "tab": "byRecord", "caseId": null, "filters": [],
        "order": { "by": "own", "descending": false }, "offset": 0, "limit": 200 });
    let rows = asked(window, "exception_rows", request).await;
    let (mut first, mut more, mut kinds) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in rows["rows"].as_array().unwrap() {
        let id = row["id"].as_str().unwrap().to_owned();
        let detail = asked(window, "exception_detail", json!({ "id": id })).await;
        if detail["nearest"].is_null() {
            continue;
        }
        let kind = format!("{} {}", row["cause"], detail["nearest"]["rule"].is_null());
        if kinds.insert(kind) { first.push((id, detail)) } else { more.push((id, detail)) }
    }
    first.extend(more);
    first
}

#[tokio::test]
async fn what_comes_nearest_to_an_exception_is_tried_as_a_rule_saved_and_then_matches() {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk);
    let window = desk.open().await;
    open_demo(&window).await;
    let near = with_something_near(&window).await;
    assert!(near.len() >= PICTURES, "{} exceptions have something near", near.len());
    for (number, (id, _)) in near.iter().take(PICTURES).enumerate() {
        at(&window, &format!("#/exceptions?id={}", encoded(id))).await;
        window.find("nearest").await;
        window.script(DOWN_TO_NEAREST).await;
        window.settle().await;
        window.screenshot(&format!("exception-{:02}", number + 1)).await;
    }

    let (id, detail) = near.iter().find(|(_, it)| !it["nearest"]["rule"].is_null()).unwrap();
    at(&window, &format!("#/exceptions?id={}", encoded(id))).await;
    let words = detail["nearest"]["counterfactual"].as_str().unwrap();
    window.wait_for_text("nearest", &words[1..]).await;
    window.script(DOWN_TO_NEAREST).await; // the button stands below the fold
    window.settle().await;
    window.click("try-as-rule").await;
    window.wait_for_text("rules-trial", "Nothing was written").await;
    window.wait_for_text("rules-trial", "Matches gained").await;
    window.screenshot("rules-tried-light").await;
    window.click("save-rules").await;
    window.type_in("settings-note", "the books are late here").await;
    window.press(&Key::Enter.to_string()).await;
    window.wait_for_text("toasts", "Rules saved").await;
    asked(&window, "run_match", json!({ "period": "" })).await;
    window.find_css("[data-testid=jobs][data-running=false]").await;
    let rules = asked(&window, "rules_text", json!(null)).await;
    assert_eq!(rules["revision"], "1");
    let trial = asked(&window, "try_rules", json!({ "text": rules["text"] })).await;
    assert!(trial["lists"].as_array().unwrap().iter().all(|it| it["count"] == 0), "it does what was told: {trial}");
    window.close().await;
}

#[tokio::test]
async fn matches_say_why_and_what_was_learned_and_expected_is_shown_in_the_dark() {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk.theme(Theme::Dark));
    let window = desk.open().await;
    open_demo(&window).await;
    at(&window, "#/settings?tab=learned").await;
    window.wait_for_text("learned-lag", "are booked").await;
    window.screenshot("learned-dark").await;
    at(&window, "#/exceptions?tab=expected").await;
    window.find("expected").await;
    window.screenshot("expected-dark").await;
    at(&window, "#/settings?tab=rules").await;
    window.wait_for_text("rules-check", "The passes Tieout comes with").await;
    window.screenshot("rules-dark").await;
    window.close().await;
}

/// Matches stepped through by key.
const STEPS_MAX: usize = 60;

#[tokio::test]
async fn ten_matches_say_why() {
    let Some(desk) = Desk::new() else { return };
    let desk = demo(desk);
    let window = desk.open().await;
    open_demo(&window).await;
    let (mut seen, mut pictures) = (BTreeSet::new(), 0);
    for tab in ["suggested", "matched"] {
        at(&window, &format!("#/match?tab={tab}")).await;
        window.find_css("[data-testid=draft][data-group]").await;
        for step in 0..STEPS_MAX {
            let why = window.script("return document.querySelector('[data-testid=draft] dl')?.innerText ?? ''").await;
            let by =
                why.as_str().unwrap().lines().skip_while(|it| !it.starts_with("Found by")).nth(1).map(str::to_owned);
            // One of each pass, and a few more of the first ones.
            if by.is_some_and(|it| seen.insert(it)) || (step % 9 == 8 && pictures < PICTURES) {
                pictures += 1;
                window.screenshot(&format!("match-{pictures:02}-{tab}")).await;
            }
            window.press("j").await;
            window.settle().await;
        }
    }
    assert!(pictures >= PICTURES && seen.len() >= 3, "{pictures} pictures of {seen:?}");
    window.close().await;
}

fn encoded(id: &str) -> String {
    id.bytes()
        .map(|it| if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}
