//! The demo company, from pull to tie-out, as a newcomer runs it; and no secret left behind anywhere.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");

fn tieout(args: &[&str], data: &Path) -> Output {
    Command::new(TIEOUT).args(args).arg("--data").arg(data).output().unwrap()
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

    nothing_secret_is_left(folder.path(), &[&output, &audit]);
}

/// The sandbox's passwords and keys stand for real ones: in no file the program wrote, in nothing it printed.
fn nothing_secret_is_left(folder: &Path, printed: &[&Output]) {
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    read_all(folder, &mut texts);
    for (at, output) in printed.iter().enumerate() {
        texts.push((format!("standard output {at}"), output.stdout.clone()));
        texts.push((format!("standard error {at}"), output.stderr.clone()));
    }
    assert!(texts.iter().any(|(name, _)| name.ends_with("tieout.sqlite3")));
    for canary in ["sandbox-user-password", "sandbox-sender-password", "key-ro", "key-rw", "$2y$"] {
        for form in forms(canary) {
            for (name, bytes) in &texts {
                let found = bytes.windows(form.len()).any(|it| it == form);
                assert!(!found, "{canary} (or a form of it) stands in {name}");
            }
        }
    }
}

/// Raw, UTF-16 and Base64 as a header would carry it.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![secret.as_bytes().to_vec(), utf16];
    if secret.len() >= 12 {
        forms.push(base64(secret.as_bytes()).trim_end_matches('=').as_bytes()[..secret.len()].to_vec());
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let word = chunk.iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |at| char::from(LETTERS[((word >> (18 - 6 * at)) & 63) as usize]))
        })
        .collect()
}

fn read_all(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}
