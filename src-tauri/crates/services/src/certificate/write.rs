//! The certificate as a file: one record a line, then the seal over exactly those bytes.

use super::CertificateReport;
use super::gather::Content;
use crate::error::ServiceError;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) const FORMAT: &str = "tieout-certificate/1";

/// Signs for a person: name, public key and signature in hex.
pub trait Signer {
    fn name(&self) -> String;
    fn public_key(&self) -> String;
    fn sign(&self, message: &[u8]) -> String;
}

impl Signer for tieout_vault::PersonKey {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn public_key(&self) -> String {
        tieout_vault::PersonKey::public_key(self)
    }

    fn sign(&self, message: &[u8]) -> String {
        tieout_vault::PersonKey::sign(self, message)
    }
}

#[derive(Serialize)]
struct Seal {
    sha256: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize)]
struct Signature {
    name: String,
    key: String,
    signature: String,
}

/// Hashes what goes through it.
struct Hashing<W> {
    inner: W,
    digest: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

pub(super) fn write(
    content: &Content,
    out: &Path,
    signer: Option<&dyn Signer>,
) -> Result<CertificateReport, ServiceError> {
    let failed = |source| ServiceError::File { what: format!("{} cannot be written", out.display()), source };
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = out.with_file_name(name);
    let sha256 = write_to(content, &part, signer).map_err(failed)?;
    std::fs::rename(&part, out).map_err(failed)?;
    let is_open = |placed: &str| placed == "exception" || placed == "open";
    Ok(CertificateReport {
        file: out.to_owned(),
        period: content.head.period.clone(),
        records: content.evidence.records.len(),
        lines: content.evidence.lines.len(),
        sha256,
        ties: content.evidence.accounts.iter().all(|it| !it.unexplained.bytes().any(|it| (b'1'..=b'9').contains(&it))),
        open: content.evidence.records.iter().filter(|it| is_open(it.placed)).count()
            + content.evidence.outside.len()
            + content.evidence.refused.len(),
    })
}

fn write_to(content: &Content, part: &Path, signer: Option<&dyn Signer>) -> std::io::Result<String> {
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(part)?);
    file.write_all(b"{\"certificate\":")?;
    let mut body = Hashing { inner: file, digest: Sha256::new() };
    body_to(&mut body, content)?;
    let Hashing { inner: mut file, digest } = body;
    let sha256: String = digest.finalize().iter().map(|it| format!("{it:02x}")).collect();
    let message = format!("{FORMAT}:{sha256}");
    let signatures = signer.iter().map(|it| Signature {
        name: it.name(),
        key: it.public_key(),
        signature: it.sign(message.as_bytes()),
    });
    let seal = Seal { sha256: sha256.clone(), signatures: signatures.collect() };
    file.write_all(b",\n\"seal\":")?;
    serde_json::to_writer(&mut file, &seal)?;
    file.write_all(b"}\n")?;
    file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(sha256)
}

fn body_to(mut to: &mut impl Write, content: &Content) -> std::io::Result<()> {
    // The head's own fields stand first, without their brace.
    let head = serde_json::to_string(&content.head)?;
    to.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
    list(&mut to, "accounts", &content.evidence.accounts)?;
    list(&mut to, "totals", &content.evidence.totals)?;
    list(&mut to, "groups", &content.evidence.groups)?;
    list(&mut to, "lines", &content.evidence.lines)?;
    list(&mut to, "records", &content.evidence.records)?;
    list(&mut to, "outside", &content.evidence.outside)?;
    list(&mut to, "refused", &content.evidence.refused)?;
    list(&mut to, "approvals", &content.evidence.approvals)?;
    list(&mut to, "sign_offs", &content.sign_offs)?;
    to.write_all(b"\n}")
}

fn list<T: Serialize>(to: &mut impl Write, name: &str, rows: &[T]) -> std::io::Result<()> {
    write!(to, ",\n\"{name}\":[")?;
    let mut line = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        line.clear();
        line.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut line, row)?;
        to.write_all(&line)?;
    }
    to.write_all(b"]")
}
