//! Maker and checker by file: the preparer hands out a bundle, a reviewer signs it on another computer, without a data
//! folder and without a network, and what comes back approves exactly what they saw.
//!
//! An answer is taken once, only to a bundle that was handed out from these books, only by a key that is trusted here and
//! not revoked, and never from the one who handed it out. The rules of approval hold as they do anywhere.

use crate::approve::{ApprovalReport, approve_seen};
use crate::company::Company;
use crate::control::{self, Approver};
use crate::entry::Chart;
use crate::error::ServiceError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use tieout_domain::{CheckLevel, Fingerprint};
use tieout_planning::Role;
use tieout_vault::{PersonKey, is_signed, key_id, nonce};

const BUNDLE: &str = "tieout-bundle/1";
const ANSWER: &str = "tieout-answer/1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    pub format: String,
    pub nonce: String,
    pub company: String,
    pub store: String,
    pub made_at: String,
    pub made_by: String,
    /// The rules of approval in force, in words.
    pub control: String,
    pub entries: Vec<BundledEntry>,
}

/// Everything a reviewer needs to see of an entry, and the fingerprint that says which content that was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledEntry {
    pub id: String,
    pub fingerprint: String,
    pub kind: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub reference: String,
    pub because: String,
    pub prepared_by: String,
    pub lines: Vec<BundledLine>,
    /// What a reviewer should see, as the checks say it.
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledLine {
    pub account: String,
    /// Debit positive.
    pub amount: String,
    pub memo: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub format: String,
    pub nonce: String,
    /// SHA-256 of the bundle's file, hex.
    pub bundle: String,
    pub by: String,
    /// Public key, hex.
    pub key: String,
    pub at: String,
    /// Each with the fingerprint the reviewer saw.
    pub approved: Vec<(String, String)>,
    pub rejected: Vec<String>,
    pub note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedAnswer {
    answer: Answer,
    signature: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HandedOut {
    pub nonce: String,
    pub sha256: String,
    pub entries: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Returned {
    pub by: String,
    pub key: String,
    pub report: ApprovalReport,
    /// Not approved by the reviewer; they wait as before.
    pub rejected: Vec<String>,
    pub note: String,
}

fn digest_of(bytes: &[u8]) -> String {
    Fingerprint::of_bytes(bytes).to_string()
}

fn message(answer: &Answer) -> Vec<u8> {
    let body = serde_json::to_vec(answer).expect("an answer is plain text");
    format!("{ANSWER}:{}", digest_of(&body)).into_bytes()
}

/// Everything that waits for approval, or those named.
pub fn hand_out_bundle(company: &Company, by: &str, ids: &[String], out: &Path) -> Result<HandedOut, ServiceError> {
    let connection = company.connection()?;
    let control = company.settings()?.0.control;
    let chart = Chart::read(company)?;
    let wanted: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let waiting = company.store.read(|reader| reader.postings_in(&["proposed"]))?;
    let mut entries = Vec::new();
    for it in waiting.iter().filter(|it| wanted.is_empty() || wanted.contains(it.posting.id.0.as_str())) {
        let document = &it.posting.document;
        let trail = company.store.read(|reader| reader.audit_of(&format!("posting/{}", it.posting.id)))?;
        let lines = chart.lines(document).into_iter().map(|line| BundledLine {
            account: chart.label(&line.account),
            amount: line.amount.amount_text(),
            memo: line.memo,
        });
        let remarks = it.posting.checks.iter().filter(|check| check.level != CheckLevel::Pass);
        entries.push(BundledEntry {
            id: it.posting.id.0.clone(),
            fingerprint: it.fingerprint.to_string(),
            kind: document.kind().title().to_owned(),
            on: document.on().to_string(),
            amount: document.amount().amount_text(),
            currency: document.amount().currency().to_string(),
            reference: document.natural_key().0,
            because: it.posting.because.clone(),
            prepared_by: control::prepared_by(&trail).unwrap_or_default(),
            lines: lines.collect(),
            remarks: remarks.map(|check| check.text.clone()).collect(),
        });
    }
    if entries.is_empty() {
        let why = "nothing that waits for approval is among them".into();
        return Err(ServiceError::BadInput { field: "the bundle", value: String::new(), why });
    }
    let nonce = nonce().ok_or_else(|| ServiceError::Report("this machine gives no random numbers".into()))?;
    let bundle = Bundle {
        format: BUNDLE.into(),
        nonce: nonce.clone(),
        company: connection.intacct_company,
        store: connection.store_name,
        made_at: company.now().to_string(),
        made_by: by.to_owned(),
        control: control.words().to_owned(),
        entries,
    };
    let bytes = to_bytes(&bundle);
    let sha256 = digest_of(&bytes);
    write_whole(out, &bytes)?;
    company.store.write(by, company.now(), |tx| tx.hand_out_bundle(&nonce, &sha256, bundle.entries.len()))?;
    Ok(HandedOut { nonce, sha256, entries: bundle.entries.len() })
}

fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain data with text keys");
    bytes.push(b'\n');
    bytes
}

/// For a reviewer, who has nothing but the file.
pub fn read_bundle(file: &Path) -> Result<(Bundle, String), ServiceError> {
    let (bytes, bundle): (Vec<u8>, Bundle) = read(file, "the bundle")?;
    if bundle.format != BUNDLE || bytes != to_bytes(&bundle) {
        return Err(bad("the bundle", file, "it is not as Tieout writes bundles"));
    }
    let sha256 = digest_of(&bytes);
    Ok((bundle, sha256))
}

/// On the reviewer's computer: signs the bundle, all of it or all but what they reject.
pub fn answer_bundle(
    file: &Path,
    key: &PersonKey,
    rejected: &[String],
    note: &str,
    at: jiff::Timestamp,
    out: &Path,
) -> Result<Answer, ServiceError> {
    let (bundle, sha256) = read_bundle(file)?;
    if let Some(unknown) = rejected.iter().find(|id| !bundle.entries.iter().any(|it| it.id == **id)) {
        return Err(bad("the bundle", file, &format!("{unknown} is not in it")));
    }
    let approved = bundle.entries.iter().filter(|it| !rejected.contains(&it.id));
    let answer = Answer {
        format: ANSWER.into(),
        nonce: bundle.nonce,
        bundle: sha256,
        by: key.name.clone(),
        key: key.public_key(),
        at: at.to_string(),
        approved: approved.map(|it| (it.id.clone(), it.fingerprint.clone())).collect(),
        rejected: rejected.to_vec(),
        note: note.to_owned(),
    };
    let signature = key.sign(&message(&answer));
    let signed = SignedAnswer { answer, signature };
    write_whole(out, &to_bytes(&signed))?;
    Ok(signed.answer)
}

/// Back on the preparer's computer. What changed since the reviewer saw it, or what the rules do not let them approve, is
/// left with the reason.
pub fn take_answer(company: &Company, by: &str, file: &Path) -> Result<Returned, ServiceError> {
    let (_, signed): (Vec<u8>, SignedAnswer) = read(file, "the answer")?;
    let SignedAnswer { answer, signature } = signed;
    let refused = |why: String| ServiceError::NotAllowed { why: format!("the answer {}: {why}", file.display()) };
    if answer.format != ANSWER {
        return Err(bad("the answer", file, "it is not as Tieout writes answers"));
    }
    if !is_signed(&answer.key, &message(&answer), &signature) {
        return Err(refused("its signature is not of this content; it was altered".into()));
    }
    let id = key_id(&answer.key).ok_or_else(|| refused("its key is none".into()))?;
    let (identity, bundle) = company
        .store
        .read(|reader| Ok::<_, tieout_store::StoreError>((reader.identity(&id)?, reader.bundle(&answer.nonce)?)))?;
    let identity = identity.filter(|it| it.key == answer.key);
    let identity = identity.ok_or_else(|| refused(format!("nobody here trusts the key {id}")))?;
    if let Some(at) = identity.revoked_at {
        return Err(refused(format!("the key {id} of {} was revoked on {at:.0}", identity.name)));
    }
    if identity.name != answer.by {
        return Err(refused(format!("the key {id} is that of {}, not of {}", identity.name, answer.by)));
    }
    let bundle = bundle.ok_or_else(|| refused("it answers no bundle of these books".into()))?;
    if bundle.digest != answer.bundle {
        return Err(refused("the bundle that was signed is not the one that was handed out".into()));
    }
    if let Some(at) = bundle.answered_at {
        let who = bundle.answered_by.unwrap_or_default();
        return Err(refused(format!("the bundle was answered already, by {who} on {at:.0}")));
    }
    if bundle.by == identity.name {
        return Err(refused(format!("{} handed the bundle out and cannot answer it", identity.name)));
    }
    let words = format!(
        "{} approved, {} rejected by {} (key {id}); answer sha256 {}",
        answer.approved.len(),
        answer.rejected.len(),
        identity.name,
        digest_of(&to_bytes(&answer))
    );
    // Once, before anything is approved: an answer that comes again finds nothing to answer.
    company.store.write(by, company.now(), |tx| tx.bundle_answered(&answer.nonce, &identity.name, &words))?;
    let report = approve_seen(company, Approver::from(identity.name.as_str()), &answer.approved)?;
    Ok(Returned { by: identity.name, key: id, report, rejected: answer.rejected, note: answer.note })
}

/// Where people are listed, a reviewer says whose keys are believed.
pub fn trust_identity(company: &Company, by: &str, name: &str, key: &str) -> Result<String, ServiceError> {
    may_trust(company, by)?;
    let key = key.trim().to_ascii_lowercase();
    let id = key_id(&key).ok_or_else(|| ServiceError::BadInput {
        field: "key",
        value: key.clone(),
        why: "it is no public key; `tieout identity new` prints one".into(),
    })?;
    company.store.write(by, company.now(), |tx| tx.trust_identity(&id, name, &key))?;
    Ok(id)
}

pub fn revoke_identity(company: &Company, by: &str, id: &str, reason: &str) -> Result<(), ServiceError> {
    may_trust(company, by)?;
    Ok(company.store.write(by, company.now(), |tx| tx.revoke_identity(id, reason))?)
}

fn may_trust(company: &Company, by: &str) -> Result<(), ServiceError> {
    match company.settings() {
        Ok((settings, _)) => control::require(&settings.control, by, Role::Reviewer),
        Err(ServiceError::NoSettings) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A bundle of a million entries is none.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

fn read<T: for<'de> Deserialize<'de>>(file: &Path, what: &'static str) -> Result<(Vec<u8>, T), ServiceError> {
    let cannot = |source| ServiceError::File { what: format!("{} cannot be read", file.display()), source };
    if std::fs::metadata(file).map_err(cannot)?.len() > FILE_BYTES_MAX {
        return Err(bad(what, file, "it is larger than any that Tieout writes"));
    }
    let bytes = std::fs::read(file).map_err(cannot)?;
    let value = serde_json::from_slice(&bytes).map_err(|error| bad(what, file, &error.to_string()))?;
    Ok((bytes, value))
}

fn bad(field: &'static str, file: &Path, why: &str) -> ServiceError {
    ServiceError::BadInput { field, value: file.display().to_string(), why: why.to_owned() }
}

fn write_whole(out: &Path, bytes: &[u8]) -> Result<(), ServiceError> {
    let failed = |source| ServiceError::File { what: format!("{} cannot be written", out.display()), source };
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    std::fs::write(&part, bytes).map_err(failed)?;
    std::fs::rename(&part, out).map_err(failed)
}
