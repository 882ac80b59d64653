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

/// Each piece of bad input is one message with a remedy, and the right exit status.
#[test]
fn wrong_use_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    for (args, code, says) in [
        (vec!["pull"], 2, "not set"),
        (vec!["match"], 2, "settings"),
        (vec!["tie-out", "--period", "March"], 2, "YYYY-MM"),
        (vec!["approve", "--digest", "x", "--as", "Ann"], 2, "--all-clear"),
        (vec!["approve", "--all-clear", "--digest", "x", "--as", "Ann"], 3, "changed"),
        (vec!["settings", "import", "/no/such/file"], 3, "cannot be read"),
        (vec!["import", "/no/such/file", "--source", "stripe"], 3, "cannot be read"),
    ] {
        let output = tieout(&args, folder.path());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {error}");
        assert!(error.contains(says), "{args:?}: {error}");
        assert!(error.lines().count() >= 2, "{args:?} names no remedy: {error}");
    }
}

#[test]
fn production_takes_no_plain_http_and_no_strange_host() {
    let folder = tempfile::tempdir().unwrap();
    let connect = |url: &str, intacct: &str| {
        let args = [
            "connect",
            "--environment",
            "production",
            "--store-zone",
            "America/Chicago",
            "--entity-zone",
            "America/New_York",
            "--xcart-url",
            url,
            "--intacct-url",
            intacct,
            "--intacct-company",
            "c",
            "--intacct-user",
            "u",
            "--intacct-sender",
            "s",
        ];
        let connected = tieout(&args, folder.path());
        let pulled = Command::new(TIEOUT)
            .args(["pull", "--data"])
            .arg(folder.path())
            .envs([
                ("TIEOUT_XCART_KEY", "canary-key-1"),
                ("TIEOUT_INTACCT_PASSWORD", "canary-pw-1"),
                ("TIEOUT_INTACCT_SENDER_PASSWORD", "canary-spw-1"),
                ("TIEOUT_KEYCHAIN", "off"),
            ])
            .output()
            .unwrap();
        assert_eq!(connected.status.code(), Some(0));
        assert_eq!(pulled.status.code(), Some(3));
        String::from_utf8_lossy(&pulled.stderr).into_owned()
    };
    let said = connect("http://shop.example", "https://evil.example/ia/xml/xmlgw.phtml");
    assert!(said.contains("http") || said.contains("host"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    let said = connect("https://192.168.1.10", "http://127.0.0.1:1/");
    assert!(said.contains("network") || said.contains("http"), "{said}");
}
