//! Finds what SQLite's own checks do not: content that was flipped or edited behind the program's back.

use crate::StoreError;
use crate::app_state::settings_digest;
use crate::decisions::{decision_digest, decision_subject};
use crate::identities::{bundle_digest, bundle_subject, identity_digest, identity_subject};
use crate::posting_keys::{key_digest, key_subject};
use crate::postings::{posting_subject, row_digest};
use crate::records::packing::{Packing, add_to_batch, unpack};
use crate::records::verify_table;
use crate::rules::rules_subject;
use crate::sign_offs::{lock_digest, lock_subject, sign_off_digest, sign_off_subject};
use crate::text::{Hash, hash_column, hex, sha256};
use crate::tx::Reader;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tieout_domain::{
    Customer, GlLine, Invoice, LedgerAccount, LedgerItem, Order, PaymentEvent, Product, Profile, Receipt,
    SalesDocument, SettlementRow,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContentsReport {
    pub records: u64,
    pub document_versions: u64,
    pub postings: u64,
    pub keys: u64,
    pub decisions: u64,
    pub settings: u64,
    pub rules: u64,
}

impl Reader<'_> {
    /// Compares every record with its document, every document with the audit row of its batch, and every posting,
    /// key, decision, settings and rules text with the newest audit row about it. Run it after `verify_audit`, which
    /// vouches for the audit rows themselves. The first difference comes back as [`StoreError::Damaged`].
    pub fn verify_contents(&self) -> Result<ContentsReport, StoreError> {
        let vouched = self.vouched()?;
        let mut report = ContentsReport { document_versions: self.verify_documents()?, ..ContentsReport::default() };
        for verify in [
            verify_table::<Order>,
            verify_table::<PaymentEvent>,
            verify_table::<SettlementRow>,
            verify_table::<Invoice>,
            verify_table::<Receipt>,
            verify_table::<SalesDocument>,
            verify_table::<Customer>,
            verify_table::<LedgerAccount>,
            verify_table::<LedgerItem>,
            verify_table::<GlLine>,
            verify_table::<Profile>,
            verify_table::<Product>,
        ] {
            report.records += verify(self)?;
        }
        let mut seen = 0;
        let mut check = |subject: String, digest: Hash| -> Result<(), StoreError> {
            seen += 1;
            match vouched.get(&subject) {
                Some(known) if *known == digest => Ok(()),
                Some(_) => Err(StoreError::damaged(format!("{subject} is not what the audit trail says"))),
                None => Err(StoreError::damaged(format!("{subject} is not in the audit trail"))),
            }
        };
        // `postings` also compares each row with its own digest, its fingerprint and its columns.
        for stored in self.postings()? {
            report.postings += 1;
            self.verify_posting_columns(&stored)?;
        }
        self.all("SELECT posting_id, body, state_body FROM postings", [], |row| {
            let (id, body, state): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let digest = row_digest(&id, &body, &state);
            check(posting_subject(&tieout_domain::PostingId(id)), digest)
        })?;
        self.all("SELECT key, posting_id, fingerprint, bytes FROM posting_keys", [], |row| {
            report.keys += 1;
            let (key, posting, fingerprint): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            check(key_subject(&key), key_digest(&posting, &fingerprint, &row.get::<_, Vec<u8>>(3)?))
        })?;
        self.all("SELECT id, kind, subject, by, undone FROM decisions", [], |row| {
            report.decisions += 1;
            let (kind, subject, by): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            check(decision_subject(row.get(0)?), decision_digest(&kind, &subject, &by, row.get(4)?))
        })?;
        self.all("SELECT version, text FROM settings", [], |row| {
            report.settings += 1;
            let version: u32 = row.get(0)?;
            check(format!("settings/{version}"), settings_digest(version, &row.get::<_, String>(1)?))
        })?;
        self.all("SELECT version, text FROM rules", [], |row| {
            report.rules += 1;
            let version: u32 = row.get(0)?;
            check(rules_subject(version), settings_digest(version, &row.get::<_, String>(1)?))
        })?;
        self.all("SELECT match_id, body FROM matches WHERE state = 'confirmed'", [], |row| {
            let id = tieout_domain::MatchId(row.get(0)?);
            check(crate::matches::match_subject(&id), sha256(row.get::<_, String>(1)?.as_bytes()))
        })?;
        self.all("SELECT id, period, role, by, body, digest FROM sign_offs", [], |row| {
            let (period, role, by): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let (body, digest): (String, String) = (row.get(4)?, row.get(5)?);
            if digest != hex(&sha256(body.as_bytes())) {
                let what = format!("the sign-off of {period} by {by} names another digest than that of its text");
                return Err(StoreError::damaged(what));
            }
            check(sign_off_subject(row.get(0)?), sign_off_digest(&period, &role, &by, &body))
        })?;
        for it in self.bundles()? {
            // When it was answered is not in the digest; that it was, is.
            let answered_by = it.answered_by.as_deref().filter(|_| it.answered_at.is_some());
            check(bundle_subject(&it.nonce), bundle_digest(&it.digest, &it.by, answered_by))?;
        }
        for lock in self.period_locks()? {
            check(lock_subject(&lock.period), lock_digest(lock.kind, &lock.by, &lock.reason))?;
        }
        self.all("SELECT id, name, key, revoked_at IS NOT NULL FROM identities", [], |row| {
            let (id, name, key): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            check(identity_subject(&id), identity_digest(&name, &key, row.get(3)?))
        })?;
        if seen < vouched.len() {
            let missing = vouched.len() - seen;
            return Err(StoreError::damaged(format!("{missing} rows the audit trail speaks of are missing")));
        }
        Ok(report)
    }

    /// The digest in the newest audit row that has one about each thing. A match may be taken back and a period unlocked:
    /// then its row has none.
    fn vouched(&self) -> Result<HashMap<String, Hash>, StoreError> {
        let mut vouched = HashMap::new();
        self.all("SELECT subject, content FROM audit ORDER BY seq", [], |row| {
            let subject: String = row.get(0)?;
            match row.get::<_, Option<Hash>>(1)? {
                Some(content) => {
                    vouched.insert(subject, content);
                }
                None if subject.starts_with("match/") || subject.starts_with("period/") => {
                    vouched.remove(&subject);
                }
                None => {}
            }
            Ok(())
        })?;
        Ok(vouched)
    }

    fn verify_posting_columns(&self, stored: &crate::StoredPosting) -> Result<(), StoreError> {
        let posting = &stored.posting;
        let amount = posting.document.amount();
        let same = self.one(
            "SELECT state, amount, currency, on_day, natural_key FROM postings WHERE posting_id = ?1",
            [&posting.id.0],
            |row| {
                Ok(row.get::<_, String>(0)? == posting.state.as_str()
                    && row.get::<_, Option<i64>>(1)? == Some(amount.minor())
                    && row.get::<_, String>(2)? == amount.currency().code()
                    && row.get::<_, String>(3)? == posting.document.on().to_string()
                    && row.get::<_, String>(4)? == posting.document.natural_key().0)
            },
        )?;
        if same == Some(true) {
            Ok(())
        } else {
            Err(StoreError::damaged(format!("a column of posting {} is not what the posting says", posting.id)))
        }
    }

    fn verify_documents(&self) -> Result<u64, StoreError> {
        let mut statement = self
            .conn
            .prepare("SELECT id, version, digest, body, raw, packing, raw_bytes, audit FROM documents ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut batch = Batch::default();
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            count += 1;
            if id != count {
                return Err(StoreError::damaged(format!("document {count} is missing")));
            }
            let digest = hash_column(row, "digest")?;
            if digest != sha256(row.get::<_, String>(3)?.as_bytes()) {
                return Err(StoreError::damaged(format!("document {id} is not what was written")));
            }
            let packed: Vec<u8> = row.get(4)?;
            let packing = Packing::of_code(row.get(5)?)?;
            unpack(&packed, packing, row.get(6)?)?;
            let audit: i64 = row.get(7)?;
            if audit != batch.audit {
                batch.check(self)?;
                batch = Batch { audit, ..Batch::default() };
            }
            add_to_batch(&mut batch.digest, id, row.get(1)?, &digest, (packing, &packed));
        }
        batch.check(self)?;
        Ok(count as u64)
    }
}

#[derive(Default)]
struct Batch {
    audit: i64,
    digest: Sha256,
}

impl Batch {
    fn check(&mut self, reader: &Reader<'_>) -> Result<(), StoreError> {
        if self.audit == 0 {
            return Ok(());
        }
        let digest = hex(&std::mem::take(&mut self.digest).finalize());
        match reader.audit_by_seq(self.audit)? {
            Some(row) if row.after.contains(&digest) => Ok(()),
            _ => Err(StoreError::damaged(format!("documents differ from what audit row {} says", self.audit))),
        }
    }
}
