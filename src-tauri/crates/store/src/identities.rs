//! Whose signature is believed, and what was handed out to be signed.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{Hash, parse_instant, sha256, to_json};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: String,
    pub name: String,
    /// Ed25519 public key, hex.
    pub key: String,
    pub at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub nonce: String,
    /// SHA-256 of the file that was handed out, hex.
    pub digest: String,
    pub at: Timestamp,
    pub by: String,
    pub answered_at: Option<Timestamp>,
    pub answered_by: Option<String>,
}

pub(crate) fn identity_subject(id: &str) -> String {
    ["identity/", id].concat()
}

pub(crate) fn identity_digest(name: &str, key: &str, revoked: bool) -> Hash {
    sha256(to_json(&(name, key, revoked)).as_bytes())
}

pub(crate) fn bundle_subject(nonce: &str) -> String {
    ["bundle/", nonce].concat()
}

pub(crate) fn bundle_digest(digest: &str, by: &str, answered_by: Option<&str>) -> Hash {
    sha256(to_json(&(digest, by, answered_by)).as_bytes())
}

impl Tx<'_> {
    /// From now on what this key signs counts as said by `name`.
    pub fn trust_identity(&self, id: &str, name: &str, key: &str) -> Result<(), StoreError> {
        let known = self.identity(id)?;
        if known.as_ref().is_some_and(|it| it.name == name && it.revoked_at.is_none()) {
            return Ok(());
        }
        self.run(
            "INSERT INTO identities (id, name, key, at, by) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, at = excluded.at, by = excluded.by, revoked_at = NULL",
            params![id, name, key, self.now, self.actor],
        )?;
        let row = NewAuditRow {
            action: "identity trusted",
            subject: &identity_subject(id),
            before: known.as_ref().map_or("", |it| &it.name),
            after: &format!("{name}, key {key}"),
            reason: "",
        };
        self.audit_with_content(row, Some(&identity_digest(name, key, false))).map(drop)
    }

    pub fn revoke_identity(&self, id: &str, reason: &str) -> Result<(), StoreError> {
        let known = self.identity(id)?.filter(|it| it.revoked_at.is_none());
        let known = known.ok_or_else(|| StoreError::NotFound { what: format!("a trusted identity {id}") })?;
        self.run("UPDATE identities SET revoked_at = ?2 WHERE id = ?1", params![id, self.now])?;
        let row = NewAuditRow {
            action: "identity revoked",
            subject: &identity_subject(id),
            before: &known.name,
            after: "",
            reason,
        };
        self.audit_with_content(row, Some(&identity_digest(&known.name, &known.key, true))).map(drop)
    }

    pub fn hand_out_bundle(&self, nonce: &str, digest: &str, entries: usize) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO bundles (nonce, digest, at, by) VALUES (?1, ?2, ?3, ?4)",
            params![nonce, digest, self.now, self.actor],
        )?;
        let row = NewAuditRow {
            action: "bundle handed out",
            subject: &bundle_subject(nonce),
            after: &format!("{entries} entries, sha256 {digest}"),
            ..Default::default()
        };
        self.audit_with_content(row, Some(&bundle_digest(digest, &self.actor, None))).map(drop)
    }

    /// Once: an answer that comes again finds nothing to answer.
    pub fn bundle_answered(&self, nonce: &str, by: &str, answer: &str) -> Result<(), StoreError> {
        let known = self.bundle(nonce)?;
        let changed = self.run(
            "UPDATE bundles SET answered_at = ?2, answered_by = ?3 WHERE nonce = ?1 AND answered_at IS NULL",
            params![nonce, self.now, by],
        )?;
        let Some(known) = known.filter(|_| changed > 0) else {
            return Err(StoreError::NotFound { what: format!("an unanswered bundle {nonce}") });
        };
        let row = NewAuditRow {
            action: "bundle answered",
            subject: &bundle_subject(nonce),
            after: answer,
            ..Default::default()
        };
        self.audit_with_content(row, Some(&bundle_digest(&known.digest, &known.by, Some(by)))).map(drop)
    }
}

impl Reader<'_> {
    pub fn identities(&self) -> Result<Vec<Identity>, StoreError> {
        self.all("SELECT id, name, key, at, revoked_at FROM identities ORDER BY name, id", [], identity)
    }

    pub fn identity(&self, id: &str) -> Result<Option<Identity>, StoreError> {
        Ok(self.all("SELECT id, name, key, at, revoked_at FROM identities WHERE id = ?1", [id], identity)?.pop())
    }

    /// Newest first.
    pub fn bundles(&self) -> Result<Vec<Bundle>, StoreError> {
        self.all("SELECT nonce, digest, at, by, answered_at, answered_by FROM bundles ORDER BY at DESC", [], bundle)
    }

    pub fn bundle(&self, nonce: &str) -> Result<Option<Bundle>, StoreError> {
        let found = "SELECT nonce, digest, at, by, answered_at, answered_by FROM bundles WHERE nonce = ?1";
        Ok(self.all(found, [nonce], bundle)?.pop())
    }
}

fn identity(row: &Row<'_>) -> Result<Identity, StoreError> {
    Ok(Identity {
        id: row.get(0)?,
        name: row.get(1)?,
        key: row.get(2)?,
        at: parse_instant(&row.get::<_, String>(3)?)?,
        revoked_at: row.get::<_, Option<String>>(4)?.as_deref().map(parse_instant).transpose()?,
    })
}

fn bundle(row: &Row<'_>) -> Result<Bundle, StoreError> {
    Ok(Bundle {
        nonce: row.get(0)?,
        digest: row.get(1)?,
        at: parse_instant(&row.get::<_, String>(2)?)?,
        by: row.get(3)?,
        answered_at: row.get::<_, Option<String>>(4)?.as_deref().map(parse_instant).transpose()?,
        answered_by: row.get(5)?,
    })
}
