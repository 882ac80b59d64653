use crate::document::Document;
use crate::record::RecordRef;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 over exactly what a person approves: the document, and the version of every record it rests on.
/// One changed fact makes another fingerprint, and the approval void.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// `facts` are the records the document was built from, each with the version the cache held.
    pub fn of(document: &Document, facts: &[(RecordRef, u32)]) -> Fingerprint {
        let mut facts: Vec<_> = facts.iter().collect();
        facts.sort();
        let document = serde_json::to_vec(document).expect("documents are plain data with text keys");
        let mut hash = Sha256::new();
        hash.update((document.len() as u64).to_be_bytes());
        hash.update(&document);
        for (record, version) in facts {
            hash.update(record.to_string().as_bytes());
            hash.update([0]);
            hash.update(version.to_be_bytes());
        }
        Fingerprint(hex(&hash.finalize()))
    }

    /// One digest over a whole list as it was shown, for approving it in one step.
    pub fn of_list<'a>(fingerprints: impl IntoIterator<Item = &'a Fingerprint>) -> Fingerprint {
        let mut all: Vec<_> = fingerprints.into_iter().map(|it| it.0.as_str()).collect();
        all.sort_unstable();
        let mut hash = Sha256::new();
        for one in all {
            hash.update(one.as_bytes());
            hash.update([b'\n']);
        }
        Fingerprint(hex(&hash.finalize()))
    }

    pub fn of_bytes(bytes: &[u8]) -> Fingerprint {
        Fingerprint(hex(&Sha256::digest(bytes)))
    }

    /// Text read from a screen, a command line or the cache; compared, never trusted.
    pub fn from_text(text: &str) -> Fingerprint {
        Fingerprint(text.trim().to_ascii_lowercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.0.get(..12).unwrap_or(&self.0))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
