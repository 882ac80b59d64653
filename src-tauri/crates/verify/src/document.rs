//! What a certificate holds, as far as it has to be understood to add it up again. Unknown fields are refused: what is
//! not understood cannot be vouched for.

#![expect(dead_code, reason = "every field is named, so that one more is noticed; not every one is added up")]

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate<'a> {
    pub format: &'a str,
    pub company: String,
    pub store: String,
    pub environment: &'a str,
    pub period: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub made: Made,
    pub control: String,
    pub settings: Settings<'a>,
    pub audit: Audit<'a>,
    pub accounts: Vec<Account>,
    pub totals: Vec<Total<'a>>,
    #[serde(borrow)]
    pub groups: Vec<Group<'a>>,
    #[serde(borrow)]
    pub lines: Vec<Line<'a>>,
    #[serde(borrow)]
    pub records: Vec<Record<'a>>,
    pub outside: Vec<Outside>,
    pub refused: Vec<Refused>,
    pub approvals: Vec<Approval>,
    pub sign_offs: Vec<SignOff>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    pub at: String,
    pub zone: String,
    pub by: String,
    pub app: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings<'a> {
    pub version: u32,
    pub sha256: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit<'a> {
    pub rows: u64,
    pub head: &'a str,
}

/// All amounts are texts, debit positive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub account: String,
    pub currency: String,
    pub opening: String,
    pub additions: String,
    pub clearances: String,
    pub closing: String,
    pub ledger: String,
    pub store: String,
    pub timing: String,
    pub variance: String,
    pub exceptions_store: String,
    pub exceptions_ledger: String,
    pub unexplained: String,
    pub lines: u64,
    pub store_records: u64,
    pub ledger_records: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total<'a> {
    pub currency: &'a str,
    pub ledger: &'a str,
    pub store: &'a str,
    pub unexplained: &'a str,
}

/// The part of one match that lies on one account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group<'a> {
    pub id: &'a str,
    /// Place of its account in `accounts`.
    pub account: usize,
    /// `matched` or `timing`.
    #[serde(rename = "as")]
    pub placed: &'a str,
    pub store: &'a str,
    pub ledger: &'a str,
    pub records: u64,
    /// Waits for an approval in Intacct.
    pub waits: bool,
    /// Members on the other side of the period's edge.
    #[serde(borrow)]
    pub beyond: Vec<Beyond<'a>>,
    pub pass: String,
    pub by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beyond<'a> {
    pub side: &'a str,
    pub record: String,
    pub on: &'a str,
    pub amount: &'a str,
}

/// One line of the general ledger.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line<'a> {
    pub account: usize,
    #[serde(borrow)]
    pub record: std::borrow::Cow<'a, str>,
    pub on: &'a str,
    pub amount: &'a str,
    pub sha256: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record<'a> {
    pub account: usize,
    /// `store` or `ledger`.
    pub side: &'a str,
    #[serde(borrow)]
    pub record: std::borrow::Cow<'a, str>,
    /// A record may stand for two things: a charge and its fee.
    pub leg: &'a str,
    pub on: &'a str,
    pub amount: &'a str,
    pub version: u32,
    pub sha256: &'a str,
    /// `matched`, `timing`, `exception` or `open`.
    pub placed: &'a str,
    /// The group or the exception.
    #[serde(borrow)]
    pub of: std::borrow::Cow<'a, str>,
}

/// A record that belongs to no clearing account, or is not in the ledger yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    pub side: String,
    pub record: String,
    pub leg: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub account: String,
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    pub record: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub posting: String,
    pub kind: String,
    pub state: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub reference: String,
    pub fingerprint: String,
    pub settings: u32,
    /// Empty where the engine proposed it and nobody changed it by hand.
    pub prepared_by: String,
    /// Empty where nobody has.
    pub approved_by: String,
    pub approved_at: String,
    /// Why somebody approved what they prepared, or beyond their limit.
    #[serde(rename = "override")]
    pub overridden: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    pub role: String,
    pub by: String,
    pub at: String,
    pub digest: String,
    pub suspended: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub sha256: String,
    pub signatures: Vec<Signature>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub name: String,
    /// Ed25519 public key, hex.
    pub key: String,
    /// Over the text `tieout-certificate/1:` and the seal's SHA-256 in hex.
    pub signature: String,
}
