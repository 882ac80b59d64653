//! The demo company, from pull to tie-out, as a newcomer runs it; and no secret left behind anywhere.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod canary;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

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

    let secrets = ["sandbox-user-password", "sandbox-sender-password", "key-ro", "key-rw", "$2y$"];
    canary::nothing_secret_is_left(folder.path(), &[&output, &audit], &secrets);
}
