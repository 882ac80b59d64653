//! What the sandbox did, kept on disk line by line, so that a killed sandbox comes back with the same books.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::records::RecordNo;

/// One executed write: enough to do it again, and enough to tell which record it made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub seq: u64,
    /// Civil time used as WHENMODIFIED.
    pub time: jiff::civil::DateTime,
    pub function: String,
    pub object: String,
    pub control_id: String,
    pub unique_id: bool,
    pub entity: Option<String>,
    /// What the caller can find the record by: reference, document or transaction number.
    pub natural_key: String,
    pub record_no: RecordNo,
    pub amount: String,
    /// Hash of the request's bytes, to tell a resend of the same bytes from a new request.
    pub request_hash: String,
    /// The function element itself, replayed after a restart.
    pub call: String,
}

/// A switch thrown or a row planted through the control endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ControlEntry {
    pub seq: u64,
    pub time: jiff::civil::DateTime,
    pub path: String,
    pub body: serde_json::Value,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    Write(LedgerEntry),
    Control(ControlEntry),
}

/// When a request was received, when its writes were on disk, when its answer left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Phase {
    pub request: u64,
    pub phase: String,
    pub at: jiff::Timestamp,
    pub functions: Vec<String>,
    pub control_ids: Vec<String>,
    pub request_hash: String,
}

/// The two files: `ledger.jsonl`, forced to disk at each commit, and `requests.jsonl`.
pub struct Journal {
    ledger: File,
    requests: File,
    folder: PathBuf,
}

impl Journal {
    /// Opens the folder's files and returns what they already hold. A last line cut short by a kill is dropped.
    pub fn open(folder: &Path) -> io::Result<(Journal, Vec<Line>, u64)> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("ledger.jsonl");
        let mut lines = Vec::new();
        let mut good = 0;
        if path.exists() {
            let mut reader = BufReader::new(File::open(&path)?);
            let mut text = String::new();
            while reader.read_line(&mut text)? > 0 {
                if !text.ends_with('\n') {
                    break;
                }
                match serde_json::from_str(&text) {
                    Ok(line) => lines.push(line),
                    Err(_) => break,
                }
                good += text.len() as u64;
                text.clear();
            }
        }
        let ledger = OpenOptions::new().create(true).append(true).open(&path)?;
        ledger.set_len(good)?;
        let requests_path = folder.join("requests.jsonl");
        let requests = OpenOptions::new().create(true).append(true).open(&requests_path)?;
        let last = phases(folder)?.iter().map(|phase| phase.request).max().unwrap_or(0);
        Ok((Journal { ledger, requests, folder: folder.to_owned() }, lines, last))
    }

    pub fn commit(&mut self, lines: &[Line]) -> io::Result<()> {
        let mut text = String::new();
        for line in lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        self.ledger.write_all(text.as_bytes())?;
        self.ledger.sync_data()
    }

    pub fn phase(&mut self, phase: &Phase) -> io::Result<()> {
        let mut text = serde_json::to_string(phase)?;
        text.push('\n');
        self.requests.write_all(text.as_bytes())
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Reads the executed writes of a folder, from outside the process or after its death.
pub fn dump(folder: &Path) -> io::Result<Vec<LedgerEntry>> {
    let path = folder.join("ledger.jsonl");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for text in std::fs::read_to_string(path)?.lines() {
        if let Ok(Line::Write(entry)) = serde_json::from_str(text) {
            out.push(entry);
        }
    }
    Ok(out)
}

/// Reads the phases of every request received.
pub fn phases(folder: &Path) -> io::Result<Vec<Phase>> {
    let path = folder.join("requests.jsonl");
    if !path.exists() {
        return Ok(Vec::new());
    }
    Ok(std::fs::read_to_string(path)?.lines().filter_map(|text| serde_json::from_str(text).ok()).collect())
}
