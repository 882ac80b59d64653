use serde::Serialize;
use std::collections::BTreeMap;
use tieout_flows::{Change, Letter, PlannedWrite};

/// What a run came to, for whoever asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    pub flow: String,
    /// Its number: what it wrote to products is taken back by it. 0 of a dry run.
    pub run: i64,
    pub dry_run: bool,
    /// Places that agree already.
    pub equal: u64,
    /// What the plan would write, with its difference.
    pub planned: Vec<WriteLine>,
    /// Waits for a person; `digest` is over these.
    pub waiting: usize,
    pub digest: String,
    pub done: usize,
    /// What they rested on has changed: planned anew by the next run.
    pub stale: usize,
    pub parked: usize,
    /// No answer; looked up by a later run, not before this moment.
    pub in_doubt: usize,
    /// Approved and not sent: the store does not listen now, or they wait for another write.
    pub unsent: usize,
    /// Letters that are open.
    pub letters: Vec<LetterLine>,
    /// Letters that this run found to be sound.
    pub healed: u32,
    pub xcart_requests: u64,
    pub intacct_requests: u64,
}

impl SyncReport {
    /// Something waits for a person, or is not known.
    pub fn needs_a_person(&self) -> bool {
        self.waiting > 0 || !self.letters.is_empty() || self.in_doubt > 0 || self.unsent > 0
    }

    /// The counts alone, as they are kept with the run.
    pub(super) fn counts(&self) -> BTreeMap<&'static str, u64> {
        let counted = [
            ("equal", self.equal),
            ("planned", self.planned.len() as u64),
            ("waiting", self.waiting as u64),
            ("done", self.done as u64),
            ("stale", self.stale as u64),
            ("parked", self.parked as u64),
            ("in_doubt", self.in_doubt as u64),
            ("unsent", self.unsent as u64),
            ("letters", self.letters.len() as u64),
            ("healed", u64::from(self.healed)),
        ];
        counted.into_iter().collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WriteLine {
    pub key: String,
    pub title: String,
    pub changes: Vec<Change>,
    pub because: String,
    pub warnings: Vec<String>,
}

impl WriteLine {
    pub fn of(write: &PlannedWrite) -> WriteLine {
        WriteLine {
            key: write.key(),
            title: write.title.clone(),
            changes: write.changes.clone(),
            because: write.because.clone(),
            warnings: write.warnings.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterLine {
    pub title: String,
    pub cause: &'static str,
    pub why: String,
    pub fix: &'static str,
}

impl LetterLine {
    pub fn of(letter: &Letter) -> LetterLine {
        LetterLine {
            title: letter.title.clone(),
            cause: letter.cause.as_str(),
            why: letter.why.clone(),
            fix: letter.cause.fix(),
        }
    }
}
