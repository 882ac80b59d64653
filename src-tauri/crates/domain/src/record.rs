//! What a record is called, wherever it came from: source, object and the id its own system gave it.
//! Never a hash of its content, so two honest twins stay two records.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One place records come from: a store, an Intacct company, or a file source such as `stripe`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl SourceId {
    pub fn xcart(store: &str) -> SourceId {
        SourceId(format!("xcart/{store}"))
    }

    pub fn intacct(company: &str) -> SourceId {
        SourceId(format!("intacct/{company}"))
    }

    /// Settlement and bank files; `name` is what the user called the source when first importing it.
    pub fn file(name: &str) -> SourceId {
        SourceId(format!("file/{name}"))
    }

    /// As it is said in a sentence.
    pub fn words(&self) -> String {
        match self.0.split_once('/') {
            Some(("file", name)) => format!("the {name} file"),
            Some(("xcart", name)) => format!("the store {name}"),
            Some(("intacct", name)) => format!("Intacct {name}"),
            _ => self.0.clone(),
        }
    }

    pub fn is_ledger(&self) -> bool {
        self.0.starts_with("intacct/")
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of record Tieout caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    Order,
    Payment,
    Profile,
    Product,
    Settlement,
    Invoice,
    Receipt,
    SalesDocument,
    Customer,
    GlLine,
    Account,
    Item,
}

impl ObjectKind {
    pub const ALL: [ObjectKind; 12] = [
        ObjectKind::Order,
        ObjectKind::Payment,
        ObjectKind::Profile,
        ObjectKind::Product,
        ObjectKind::Settlement,
        ObjectKind::Invoice,
        ObjectKind::Receipt,
        ObjectKind::SalesDocument,
        ObjectKind::Customer,
        ObjectKind::GlLine,
        ObjectKind::Account,
        ObjectKind::Item,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ObjectKind::Order => "order",
            ObjectKind::Payment => "payment",
            ObjectKind::Profile => "profile",
            ObjectKind::Product => "product",
            ObjectKind::Settlement => "settlement",
            ObjectKind::Invoice => "invoice",
            ObjectKind::Receipt => "receipt",
            ObjectKind::SalesDocument => "sales-document",
            ObjectKind::Customer => "customer",
            ObjectKind::GlLine => "gl-line",
            ObjectKind::Account => "account",
            ObjectKind::Item => "item",
        }
    }
}

impl FromStr for ObjectKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ObjectKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a kind of record"))
    }
}

/// The identity of one record. Prints and parses as `xcart/larkspur#payment#812:3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordRef {
    pub source: SourceId,
    pub object: ObjectKind,
    pub id: String,
}

impl RecordRef {
    pub fn new(source: SourceId, object: ObjectKind, id: impl Into<String>) -> RecordRef {
        RecordRef { source, object, id: id.into() }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}#{}", self.source, self.object.as_str(), self.id)
    }
}

impl FromStr for RecordRef {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '#');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(source), Some(object), Some(id)) if !source.is_empty() && !id.is_empty() => {
                Ok(RecordRef::new(SourceId(source.to_owned()), object.parse()?, id))
            }
            _ => Err(format!("{text:?} does not name a record")),
        }
    }
}

impl TryFrom<String> for RecordRef {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RecordRef> for String {
    fn from(record: RecordRef) -> String {
        record.to_string()
    }
}

/// A record that was understood, beside the document it was read from. `raw` is JSON or XML text that
/// has already passed the redaction gate (no passwords, keys or card data) and may be written to disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched<T> {
    pub value: T,
    pub raw: String,
}

/// A record that was not understood: kept whole, shown as an exception, and never a reason to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub record: RecordRef,
    /// What happened, naming the field, in words a bookkeeper can act on.
    pub reason: String,
    pub raw: String,
}
