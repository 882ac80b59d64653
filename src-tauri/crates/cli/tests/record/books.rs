//! The demo company, worked through once and copied for each test.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub struct Books {
    pub folder: TempDir,
}

impl Books {
    pub fn of(orders: &str) -> Books {
        let books = Books { folder: tempfile::tempdir().unwrap() };
        let output = books.run(&["demo", "--json", "--orders", orders]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        books
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
        command.args(args).arg("--data").arg(self.path()).env("TIEOUT_KEYCHAIN", "off").env("USER", "ann");
        command.output().unwrap()
    }

    /// The answer, and that it ended with this status.
    pub fn ask(&self, args: &[&str], status: i32) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let output = self.run(&all);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"))
    }

    pub fn sql(&self, sql: &str) {
        rusqlite::Connection::open(self.file("tieout.sqlite3")).unwrap().execute_batch(sql).unwrap();
    }
}
