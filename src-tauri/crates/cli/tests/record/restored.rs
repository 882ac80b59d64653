//! A backup from the terminal: made, encrypted, looked at, restored.

use crate::books::Books;
use serde_json::Value;
use std::process::Command;

fn with_passphrase(books: &Books, passphrase: &str, args: &[&str], status: i32) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
    command.args(args).args(["--json", "--data"]).arg(books.path());
    command.env("TIEOUT_KEYCHAIN", "off").env("TIEOUT_BACKUP_PASSPHRASE", passphrase).env("USER", "ann");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(status), "{args:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&told).unwrap()
}

#[test]
fn an_encrypted_backup_is_looked_at_and_restored_and_the_trail_says_so() {
    let books = Books::of("100");
    let rows = books.ask(&["audit", "verify"], 0)["rows"].as_u64().unwrap();
    let made = with_passphrase(&books, "green chairs", &["backup"], 0);
    let file = made["file"].as_str().unwrap();
    assert!(file.ends_with(".sqlite3.age"), "{made}");
    assert!(std::fs::read(file).unwrap().starts_with(b"age-encryption.org/v1"));
    let plain = file.strip_suffix(".age").unwrap();
    assert!(!std::path::Path::new(plain).exists(), "the plain copy is gone");

    let listed = books.ask(&["restore"], 0);
    assert!(listed["backups"].as_array().unwrap().iter().any(|it| it["encrypted"] == true), "{listed}");
    with_passphrase(&books, "another", &["restore", "--from", file], 3);
    books.ask(&["restore", "--from", file], 2); // no passphrase

    let preview = with_passphrase(&books, "green chairs", &["restore", "--from", file], 1);
    assert_eq!((&preview["rows"], &preview["same_books"]), (&rows.into(), &true.into()), "{preview}");
    assert_eq!(preview["lost"], 1, "that the backup was made: {preview}");
    let digest = preview["digest"].as_str().unwrap();
    with_passphrase(&books, "green chairs", &["restore", "--from", file, "--confirm", "other", "--as", "bea"], 3);
    with_passphrase(&books, "green chairs", &["restore", "--from", file, "--confirm", digest, "--as", "bea"], 0);
    let after = books.ask(&["audit", "verify"], 0);
    assert!(after["rows"].as_u64().unwrap() > rows, "{after}");
    assert!(!books.file("restore-opened.sqlite3").exists() && !books.file("restore-check").exists());
    assert!(books.ask(&["list", "postings"], 0)["total"].as_u64().unwrap() > 10);
}
