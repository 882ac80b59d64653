//! The demo company, from pull to tie-out, as a newcomer runs it; and no secret left behind anywhere.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod canary;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");

fn tieout(args: &[&str], data: &Path) -> Output {
    Command::new(TIEOUT).args(args).arg("--data").arg(data).env("TIEOUT_KEYCHAIN", "off").output().unwrap()
}

fn told(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_demo_ends_on_a_day_whose_difference_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let output = tieout(&["demo", "--json", "--orders", "1100"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let demo = told(&output);
    assert_eq!(demo["unexplained"], demo["expected_unexplained"]);
    assert_eq!(demo["truth"]["false_matches"], 0);
    assert_eq!(demo["posted"], demo["approved"]);
    assert_eq!(demo["unknown"], 0);
    assert!(demo["posted"].as_u64().unwrap() > 100);
    assert_eq!(demo["pulled"]["orders"], 1100);

    // The same folder, read by the other commands.
    let audit = tieout(&["audit", "verify", "--json"], folder.path());
    assert_eq!(told(&audit)["intact"], true);
    for format in ["csv", "xlsx", "json"] {
        let out = folder.path().join(format!("report.{format}"));
        let exported = tieout(
            &["export", "exceptions", "--format", format, "--out", out.to_str().unwrap(), "--json"],
            folder.path(),
        );
        assert!(told(&exported)["rows"].as_u64().unwrap() > 50);
        assert!(out.metadata().unwrap().len() > 1_000);
    }
    let tied = told(&tieout(&["tie-out", "--period", "2026-02", "--json"], folder.path()));
    let account = tied["accounts"].as_array().unwrap().iter().find(|it| it["account"] == "1210").unwrap().clone();
    assert_eq!(account["unexplained"], "125.00", "planted in February: {account}");

    rules_are_tried_and_put_in_force(folder.path());

    let secrets = ["sandbox-user-password", "sandbox-sender-password", "key-ro", "key-rw", "$2y$"];
    canary::nothing_secret_is_left(folder.path(), &[&output, &audit], &secrets);
}

#[test]
fn a_second_run_in_the_same_folder_finds_its_books_and_posts_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let run = |orders: &str| tieout(&["demo", "--json", "--orders", orders], folder.path());
    let first = told(&run("300"));
    let second = told(&run("300"));
    assert!(first["posted"].as_u64().unwrap() > 50);
    assert_eq!((&second["posted"], &second["unknown"]), (&0.into(), &0.into()));
    for of in [&first, &second] {
        assert_eq!(of["unexplained"], of["expected_unexplained"]);
        assert_eq!(of["truth"]["false_matches"], 0, "{}", of["truth"]["false_examples"]);
    }
    let other = run("301");
    assert_eq!(other.status.code(), Some(2), "{}", told(&other));
    assert!(told(&other)["error"]["happened"].as_str().unwrap().contains("another demo company"), "{}", told(&other));

    let settings = folder.path().join("settings.toml");
    let settings = settings.to_str().unwrap();
    assert_eq!(tieout(&["settings", "export", settings], folder.path()).status.code(), Some(0));
    assert_eq!(tieout(&["settings", "import", settings], folder.path()).status.code(), Some(0));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    told(&tieout(&["demo", "--json", "--orders", "100"], folder.path()));
    let mut list = Command::new(TIEOUT)
        .args(["list", "orders", "--json", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(list.stdout.take());
    let ended = list.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

/// Over the whole demo: nothing changes until it is saved, and saved it does what was told.
fn rules_are_tried_and_put_in_force(folder: &Path) {
    let file = folder.join("rules.toml");
    let file = file.to_str().unwrap();
    let text = "[[rule]]\nname = \"built-in\"\naction = \"built-in\"\n\n[[rule]]\nname = \"A dollar and two months\"\n\
        currency = \"USD\"\nagree = [\"reference\", \"amount\"]\nabove = \"5.00\"\nbelow = \"5.00\"\ndays_after = 60\n";
    std::fs::write(file, text).unwrap();
    let audit = || told(&tieout(&["audit", "verify", "--json"], folder));
    let before = audit();
    let tried = tieout(&["rules", "test", file, "--json"], folder);
    let tried = told(&tried);
    assert_eq!(audit(), before, "nothing is written");
    assert_eq!((&tried["against_version"], &tried["regressions"]), (&0.into(), &serde_json::json!([])));
    let gained = tried["gained"].as_array().unwrap().len();
    assert!(gained > 0, "{tried}");
    let words = tieout(&["rules", "test", file], folder);
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(words.starts_with(&format!("against version 0: {gained} gained, ")), "{words}");

    let wrong = tieout(&["rules", "import", file, "--json", "--note", "x"], Path::new("/dev/null/no"));
    assert_ne!(wrong.status.code(), Some(0));
    assert_eq!(told(&tieout(&["rules", "import", file, "--json"], folder))["version"], 1);
    assert_eq!(told(&tieout(&["rules", "export", "--json"], folder))["text"], text);
    let matched = told(&tieout(&["match", "--json"], folder));
    assert_eq!(matched["rules"][0]["matched"].as_u64().unwrap(), gained as u64, "{matched}");

    std::fs::write(file, text.replace("days_after = 60", "days_after = 600")).unwrap();
    let refused = tieout(&["rules", "test", file], folder);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("line 11, column 14, days_after: it is 600; it can be 0 to 90"), "{said}");
}
