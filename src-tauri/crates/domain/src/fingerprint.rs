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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Deposit, ObjectKind, SourceId};
    use tieout_money::{Currency, Money};

    fn document(cents: i64) -> Document {
        Document::Deposit(Deposit {
            bank: "BANK".into(),
            on: jiff::civil::date(2026, 1, 29),
            number: "TO-1".into(),
            description: String::new(),
            receipts: vec!["7".into()],
            total: Money::from_minor(cents, Currency::USD),
        })
    }

    fn fact(id: &str, version: u32) -> (RecordRef, u32) {
        (RecordRef::new(SourceId::file("bank"), ObjectKind::Settlement, id), version)
    }

    #[test]
    fn whatever_a_person_approves_changes_the_fingerprint_and_nothing_else_does() {
        let approved = Fingerprint::of(&document(100), &[fact("a", 1), fact("b", 1)]);
        assert_eq!(approved, Fingerprint::of(&document(100), &[fact("b", 1), fact("a", 1)]), "no order of its facts");
        for (what, other) in [
            ("a cent", Fingerprint::of(&document(101), &[fact("a", 1), fact("b", 1)])),
            ("a version", Fingerprint::of(&document(100), &[fact("a", 2), fact("b", 1)])),
            ("a record less", Fingerprint::of(&document(100), &[fact("a", 1)])),
            ("another record", Fingerprint::of(&document(100), &[fact("a", 1), fact("c", 1)])),
        ] {
            assert_ne!(approved, other, "{what}");
        }
        let list = Fingerprint::of_list([&approved, &Fingerprint::of_bytes(b"x")]);
        assert_eq!(list, Fingerprint::of_list([&Fingerprint::of_bytes(b"x"), &approved]));
        assert_ne!(list, Fingerprint::of_list([&approved]));
    }

    #[test]
    fn a_fingerprint_is_sha_256_in_small_letters_and_reads_back() {
        // The digest of "abc" as FIPS 180-2 prints it.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let print = Fingerprint::of_bytes(b"abc");
        assert_eq!((print.as_str(), print.to_string()), (text, text.to_owned()));
        assert_eq!(Fingerprint::from_text(&format!(" {}\n", text.to_uppercase())), print);
        assert_eq!(format!("{print:?}"), "ba7816bf8f01…");
    }
}
