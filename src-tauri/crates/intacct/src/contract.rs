//! What was asked of Intacct and what came: a field nobody asked for, one that is missing in a record, one that is no
//! longer what it was. Noticed once with an example, told to whoever reads, and never in the way of a pull: a record
//! that cannot be read is refused by itself.

use crate::row::FieldError;
use crate::xml::Element;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

const LONGEST_EXAMPLE: usize = 80;
/// Whoever sends thousands of unknown fields is told about the first ones.
const MOST: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    New,
    Missing,
    OtherKind,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::New => "is new",
            Change::Missing => "is missing",
            Change::OtherKind => "is of another kind",
        })
    }
}

/// One field that was not as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub object: String,
    pub field: String,
    pub change: Change,
    /// What was there, cut; for a missing field the RECORDNO it was missing in.
    pub example: String,
    pub records: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Contract {
    found: Mutex<BTreeMap<(String, String, Change), Departure>>,
}

impl Contract {
    /// Compares one record with the fields that were asked for.
    pub fn compare(&self, object: &str, asked: &[String], record: &Element<'_>) {
        // Nearly always as asked for, and told so without looking at each.
        let same = record.children.len() == asked.len()
            && record.children.iter().zip(asked).all(|(child, field)| child.name == field.as_str());
        if same {
            return;
        }
        for child in record.children.iter().filter(|it| !asked.iter().any(|field| it.name == field.as_str())) {
            self.note(object, &child.name, Change::New, &child.text);
        }
        for field in asked.iter().filter(|it| record.child(it).is_none()) {
            self.note(object, field, Change::Missing, record.text_of("RECORDNO").unwrap_or("no RECORDNO"));
        }
    }

    /// A record was refused for this.
    pub fn refused(&self, object: &str, error: &FieldError) {
        match error {
            FieldError::Wrong { field, value, .. } => self.note(object, field, Change::OtherKind, value),
            FieldError::Money { field, source } => self.note(object, field, Change::OtherKind, &source.to_string()),
            FieldError::Missing(_) => {}
        }
    }

    pub fn departures(&self) -> Vec<Departure> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn note(&self, object: &str, field: &str, change: Change, example: &str) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (object.to_owned(), field.to_owned(), change);
        if let Some(known) = found.get_mut(&key) {
            known.records += 1;
            return;
        }
        if found.len() >= MOST {
            return;
        }
        let example: String = example.chars().take(LONGEST_EXAMPLE).collect();
        tracing::warn!(%object, %field, %change, %example, "Intacct: the answer is not as asked for");
        let departure = Departure { object: key.0.clone(), field: key.1.clone(), change, example, records: 1 };
        found.insert(key, departure);
    }
}
