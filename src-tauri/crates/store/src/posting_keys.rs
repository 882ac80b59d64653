//! Idempotency keys: minted once per approval, on disk with the exact bytes before the socket opens, and never
//! carrying other bytes.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::text::{Hash, parse_instant, sha256, sql, to_json};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};
use tieout_domain::{Event, Fingerprint, IdempotencyKey, PostingId, PostingState};

/// What was, or is about to be, sent under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRequest {
    pub key: IdempotencyKey,
    pub posting: PostingId,
    pub fingerprint: Fingerprint,
    /// The function as it is sent: without sender, session or password, which are added on the wire.
    pub bytes: Vec<u8>,
    pub created_at: Timestamp,
}

pub(crate) fn key_digest(posting: &str, fingerprint: &str, bytes: &[u8]) -> Hash {
    sha256(to_json(&(posting, fingerprint, sha256(bytes))).as_bytes())
}

pub(crate) fn key_subject(key: &str) -> String {
    ["key/", key].concat()
}

impl Tx<'_> {
    /// Saves key and bytes for an approved posting, or finds the same ones already there. Refuses a key that belongs
    /// to another posting or other bytes, and content that is not what was approved.
    pub fn save_key(
        &self,
        posting: &PostingId,
        key: &IdempotencyKey,
        bytes: &[u8],
        fingerprint: &Fingerprint,
    ) -> Result<(), StoreError> {
        let not_sendable = |why: &str| StoreError::NotSendable { posting: posting.clone(), why: why.to_owned() };
        if let Some(saved) = self.saved_request(key)? {
            if saved.posting != *posting || saved.bytes != bytes || saved.fingerprint != *fingerprint {
                return Err(StoreError::KeyReused { key: key.clone() });
            }
            return Ok(());
        }
        let stored = self.posting(posting)?.ok_or_else(|| not_sendable("it is not in the ledger of postings"))?;
        let PostingState::Approved { approval } = &stored.posting.state else {
            return Err(not_sendable("it is not approved"));
        };
        if approval.content != *fingerprint || stored.fingerprint != *fingerprint {
            return Err(not_sendable("the approval is for other content than it has now"));
        }
        self.run(
            "INSERT INTO posting_keys (key, posting_id, fingerprint, bytes, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key.0, posting.0, fingerprint.as_str(), bytes, self.now],
        )?;
        self.audit_with_content(
            NewAuditRow {
                action: "key saved",
                subject: &key_subject(&key.0),
                before: "",
                after: &posting.0,
                reason: "",
            },
            Some(&key_digest(&posting.0, fingerprint.as_str(), bytes)),
        )?;
        Ok(())
    }

    /// Key, bytes and the step to `Sending` in one transaction: when the write that holds it returns, the socket may open.
    pub fn begin_sending(
        &self,
        posting: &PostingId,
        key: &IdempotencyKey,
        bytes: &[u8],
        fingerprint: &Fingerprint,
    ) -> Result<PostingState, StoreError> {
        self.save_key(posting, key, bytes, fingerprint)?;
        self.apply_event(posting, Event::Saved { key: key.clone(), at: self.at() })
    }
}

const COLUMNS: &str = "SELECT key, posting_id, fingerprint, bytes, created_at FROM posting_keys ";

impl Reader<'_> {
    pub fn saved_request(&self, key: &IdempotencyKey) -> Result<Option<SavedRequest>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE key = ?1"]), [&key.0], saved_request)?.pop())
    }

    /// All keys a posting ever had, oldest first.
    pub fn requests_of(&self, posting: &PostingId) -> Result<Vec<SavedRequest>, StoreError> {
        self.all(&sql(&[COLUMNS, "WHERE posting_id = ?1 ORDER BY created_at, key"]), [&posting.0], saved_request)
    }
}

fn saved_request(row: &Row<'_>) -> Result<SavedRequest, StoreError> {
    Ok(SavedRequest {
        key: IdempotencyKey(row.get(0)?),
        posting: PostingId(row.get(1)?),
        fingerprint: Fingerprint::from_text(&row.get::<_, String>(2)?),
        bytes: row.get(3)?,
        created_at: parse_instant(&row.get::<_, String>(4)?)?,
    })
}
