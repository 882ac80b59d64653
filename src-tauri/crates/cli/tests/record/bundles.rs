//! Maker and checker by file, on two computers: the reviewer has a key and a file, and nothing else.

use crate::books::Books;
use crate::roles::{reversed, ruled};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The reviewer's computer: no data folder.
fn reviewer(passphrase: &str, args: &[&str], status: i32) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
    command.args(args).arg("--json").env("TIEOUT_KEYCHAIN", "off").env("TIEOUT_KEY_PASSPHRASE", passphrase);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(status), "{args:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&told).unwrap_or_default()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn key_of(folder: &Path, name: &str) -> (PathBuf, String) {
    let file = folder.join(format!("{name}.key"));
    let told = reviewer("green chairs", &["identity", "new", "--name", name, "--out", text(&file)], 0);
    (file, told["public_key"].as_str().unwrap().to_owned())
}

fn changed(file: &Path, to: &Path, from: &str, with: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(to, text.replacen(from, with, 1)).unwrap();
}

fn refusal(books: &Books, file: &Path, status: i32) -> String {
    let told = books.ask(&["bundle", "return", text(file)], status);
    told["error"]["happened"].as_str().unwrap().to_owned()
}

#[test]
fn a_reviewer_elsewhere_signs_what_they_saw_and_nothing_else_comes_back() {
    let books = ruled();
    let elsewhere = tempfile::tempdir().unwrap();
    let at = |name: &str| elsewhere.path().join(name);
    let (bea, bea_key) = key_of(elsewhere.path(), "bea");
    let (eve, _) = key_of(elsewhere.path(), "eve");
    books.ask(&["identity", "trust", "--name", "bea", "--key", &bea_key, "--as", "cy"], 3); // no reviewer
    let id = books.ask(&["identity", "trust", "--name", "bea", "--key", &bea_key, "--as", "dan"], 0)["trusted"].clone();

    let proposal = reversed(&books, "cy");
    let posting = proposal["id"].as_str().unwrap().to_owned();
    let handed = |name: &str, by: &str| {
        books.ask(&["bundle", "export", &posting, "--out", text(&at(name)), "--as", by], 0);
    };
    handed("bundle.json", "cy");
    let shown = reviewer("", &["bundle", "show", text(&at("bundle.json"))], 0);
    assert_eq!(shown["entries"][0]["id"], *posting);
    assert_eq!((&shown["made_by"], &shown["entries"][0]["prepared_by"]), (&"cy".into(), &"cy".into()));
    assert!(shown["entries"][0]["lines"].as_array().unwrap().len() >= 2, "{shown}");

    let sign = |bundle: &str, key: &Path, out: &str, status| {
        let (bundle, out) = (at(bundle), at(out));
        reviewer("green chairs", &["bundle", "sign", text(&bundle), "--key", text(key), "--out", text(&out)], status)
    };
    reviewer(
        "another passphrase",
        &["bundle", "sign", text(&at("bundle.json")), "--key", text(&bea), "--out", text(&at("x"))],
        3,
    );
    sign("bundle.json", &bea, "answer.json", 0);

    // Altered: the amount in the bundle; the answer; the name in it; its signature.
    let amount = shown["entries"][0]["amount"].as_str().unwrap();
    changed(&at("bundle.json"), &at("altered.json"), amount, "0.01");
    sign("altered.json", &bea, "of-altered.json", 0);
    assert!(refusal(&books, &at("of-altered.json"), 3).contains("not the one that was handed out"));
    changed(&at("answer.json"), &at("other-answer.json"), "\"note\": \"\"", "\"note\": \"and post it\"");
    assert!(refusal(&books, &at("other-answer.json"), 3).contains("it was altered"));
    changed(&at("answer.json"), &at("renamed.json"), "\"by\": \"bea\"", "\"by\": \"dan\"");
    assert!(refusal(&books, &at("renamed.json"), 3).contains("it was altered"));
    // A key nobody trusts.
    sign("bundle.json", &eve, "of-eve.json", 0);
    assert!(refusal(&books, &at("of-eve.json"), 3).contains("nobody here trusts the key"));
    // Signed by the one who handed it out.
    handed("own.json", "bea");
    sign("own.json", &bea, "own-answer.json", 0);
    assert!(refusal(&books, &at("own-answer.json"), 3).contains("bea handed the bundle out"));
    // A bundle of other books.
    let others = ruled();
    reversed(&others, "cy");
    others.ask(&["bundle", "export", "--out", text(&at("others.json")), "--as", "cy"], 0);
    sign("others.json", &bea, "others-answer.json", 0);
    assert!(refusal(&books, &at("others-answer.json"), 3).contains("no bundle of these books"));

    // The real one, once.
    let returned = books.ask(&["bundle", "return", text(&at("answer.json"))], 0);
    assert_eq!((&returned["by"], &returned["report"]["approved"][0]), (&"bea".into(), &posting.as_str().into()));
    assert!(refusal(&books, &at("answer.json"), 3).contains("answered already, by bea"));
    let approvals = books.ask(&["list", "postings"], 0);
    let approved = approvals["rows"].as_array().unwrap().iter().find(|it| it["id"] == *posting).unwrap();
    assert_eq!(approved["state"]["approval"]["by"], "bea", "{approved}");

    // Revoked: what the key signs no longer counts.
    let second = reversed(&books, "cy");
    let second = second["id"].as_str().unwrap();
    books.ask(&["bundle", "export", second, "--out", text(&at("late.json")), "--as", "cy"], 0);
    sign("late.json", &bea, "late-answer.json", 0);
    books.ask(&["identity", "revoke", id.as_str().unwrap(), "--reason", "lost laptop", "--as", "dan"], 0);
    assert!(refusal(&books, &at("late-answer.json"), 3).contains("was revoked"));
    books.ask(&["audit", "verify"], 0);
}

#[test]
fn a_certificate_signed_with_a_key_says_whose_it_is() {
    let books = Books::of("100");
    let (key, public) = key_of(books.path(), "bea");
    let file = books.file("certificate.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
    command.args(["tie-out", "--period", "2026-02", "--certificate", text(&file), "--key", text(&key), "--data"]);
    command.arg(books.path()).env("TIEOUT_KEYCHAIN", "off").env("TIEOUT_KEY_PASSPHRASE", "green chairs");
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    let expected = tieout_verify::Expected { sha256: None, keys: vec![public.clone()] };
    let verdict = tieout_verify::check(&std::fs::read(&file).unwrap(), &expected).unwrap();
    assert_eq!(verdict.signed, [format!("bea (key {public})")]);
}
