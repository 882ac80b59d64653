//! The audit trail: who did what to which record, when, from what to what, and why; every row holds the digest of
//! the row before it, so that an edited, added, swapped or missing row shows.

use crate::StoreError;
use crate::text::{Hash, hash_column, hex, parse_instant};
use crate::tx::Reader;
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

/// A row to be appended. `before`, `after` and `reason` may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewAuditRow<'a> {
    /// A verb in the past: `posting approved`, `settings saved`.
    pub action: &'a str,
    /// What it was done to: `posting/p-1`, `settings/4`, a record's text.
    pub subject: &'a str,
    pub before: &'a str,
    pub after: &'a str,
    pub reason: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Place in the chain, from 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub before: String,
    pub after: String,
    pub reason: String,
    pub app_version: String,
    /// The time zone of the computer it was done on, `America/Chicago`; empty on older rows.
    pub zone: String,
    /// The rules in force, `settings/4`; empty on older rows and before there were any.
    pub rule: String,
    /// Hex.
    pub hash: String,
}

/// The newest row's number and digest. Kept outside the database it also tells of a cut tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditHead {
    pub seq: u64,
    pub hash: Hash,
}

impl AuditHead {
    pub(crate) const EMPTY: AuditHead = AuditHead { seq: 0, hash: [0; 32] };

    pub fn hex(&self) -> String {
        hex(&self.hash)
    }

    /// From what `Display` printed: `17:ab12…`.
    pub fn parse(text: &str) -> Option<AuditHead> {
        let (seq, hash) = text.trim().split_once(':')?;
        if hash.len() != 64 || !hash.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hash[index * 2..index * 2 + 2], 16).ok()?;
        }
        Some(AuditHead { seq: seq.parse().ok()?, hash: bytes })
    }
}

impl std::fmt::Display for AuditHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hex())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    pub rows: u64,
    pub head: AuditHead,
}

/// The first place where the trail does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("audit row {seq}: {why}")]
pub struct Broken {
    pub seq: u64,
    pub why: String,
}

/// Where the chain ends, and when its newest row says it was written.
pub(crate) fn end(conn: &Connection) -> Result<(AuditHead, Option<String>), StoreError> {
    let mut statement = conn.prepare_cached("SELECT seq, hash, at FROM audit ORDER BY seq DESC LIMIT 1")?;
    let mut rows = statement.query([])?;
    match rows.next()? {
        Some(row) => {
            let head = AuditHead { seq: row.get::<_, i64>(0)? as u64, hash: hash_column(row, "hash")? };
            Ok((head, Some(row.get(2)?)))
        }
        None => Ok((AuditHead::EMPTY, None)),
    }
}

/// Who writes, when, where and under which rules: the same for every row of one change.
pub(crate) struct Writer<'a> {
    pub now: &'a str,
    pub actor: &'a str,
    pub zone: &'a str,
    pub rule: &'a str,
}

pub(crate) fn append(
    conn: &Connection,
    head: AuditHead,
    writer: &Writer<'_>,
    row: NewAuditRow<'_>,
    content: Option<&Hash>,
) -> Result<AuditHead, StoreError> {
    let seq = head.seq + 1;
    let app = env!("CARGO_PKG_VERSION");
    let texts = [
        writer.now,
        writer.actor,
        row.action,
        row.subject,
        row.before,
        row.after,
        row.reason,
        app,
        writer.zone,
        writer.rule,
    ];
    let hash = row_hash(&head.hash, seq, &texts, content);
    conn.prepare_cached(
        "INSERT INTO audit (seq, at, actor, action, subject, before, after, reason, app, zone, rule, content, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        seq as i64,
        writer.now,
        writer.actor,
        row.action,
        row.subject,
        row.before,
        row.after,
        row.reason,
        app,
        writer.zone,
        writer.rule,
        content,
        head.hash,
        hash
    ])?;
    Ok(AuditHead { seq, hash })
}

/// Older rows have neither zone nor rule, and their digests were made without.
const FIELDS_AT_FIRST: usize = 8;

/// SHA-256 over the digest before, the number, and each field behind its length: no two rows share their bytes.
fn row_hash(previous: &Hash, seq: u64, texts: &[&str], content: Option<&Hash>) -> Hash {
    let mut hash = Sha256::new();
    if texts.len() > FIELDS_AT_FIRST {
        hash.update([4]);
    }
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    match content {
        Some(content) => {
            hash.update([1]);
            hash.update(content);
        }
        None => hash.update([0]),
    }
    hash.finalize().into()
}

/// The outer result is about reading the file, the inner one about what it says. `kept` are heads from outside the
/// database, by number.
pub(crate) fn verify_chain(
    conn: &Connection,
    kept: impl IntoIterator<Item = AuditHead>,
) -> Result<Result<AuditReport, Broken>, StoreError> {
    let broken = |seq: u64, why: &str| Ok(Err(Broken { seq, why: why.to_owned() }));
    // A database of an older format is verified too, before it is changed.
    let is_old = conn.prepare("SELECT zone FROM audit LIMIT 0").is_err();
    let mut statement = conn.prepare(if is_old {
        "SELECT seq, at, actor, action, subject, before, after, reason, app, NULL, NULL, content, prev, hash FROM audit ORDER BY seq"
    } else {
        "SELECT seq, at, actor, action, subject, before, after, reason, app, zone, rule, content, prev, hash FROM audit ORDER BY seq"
    })?;
    let mut rows = statement.query([])?;
    let mut head = AuditHead::EMPTY;
    let mut kept = kept.into_iter().peekable();
    let mut furthest = 0;
    let mut has_new = false;
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)? as u64;
        if seq != head.seq + 1 {
            return broken(head.seq + 1, "the row is missing");
        }
        let mut texts = [""; 10];
        let mut fields = 0;
        for text in &mut texts {
            match row.get_ref(fields + 1)? {
                ValueRef::Null if fields == FIELDS_AT_FIRST && !has_new => break,
                field => match field.as_str() {
                    Ok(field) => *text = field,
                    Err(_) => return broken(seq, "a field is not text"),
                },
            }
            fields += 1;
        }
        has_new |= fields > FIELDS_AT_FIRST;
        let (Ok(content), Ok(previous), Ok(hash)) =
            (row.get::<_, Option<Hash>>(11), row.get::<_, Hash>(12), row.get::<_, Hash>(13))
        else {
            return broken(seq, "a digest is not a digest");
        };
        if previous != head.hash {
            return broken(seq, "it does not follow the row before it");
        }
        if hash != row_hash(&previous, seq, &texts[..fields], content.as_ref()) {
            return broken(seq, "its content is not what was written");
        }
        head = AuditHead { seq, hash };
        while let Some(noted) = kept.next_if(|it| it.seq <= seq) {
            furthest = furthest.max(noted.seq);
            if noted.seq == seq && noted.hash != hash {
                return broken(seq, "it is not the row that was noted outside the database");
            }
        }
    }
    // SQLite itself remembers the highest number ever given out.
    let given: u64 = conn
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'audit'", [], |row| row.get::<_, i64>(0))
        .optional()?
        .unwrap_or(0) as u64;
    let expected = given.max(kept.map(|it| it.seq).max().unwrap_or(furthest));
    if head.seq < expected {
        return broken(head.seq + 1, "rows were cut off the end");
    }
    Ok(Ok(AuditReport { rows: head.seq, head }))
}

#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<String>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// Stands anywhere in the action, subject, before, after or reason.
    pub text: Option<String>,
}

const COLUMNS: &str =
    "SELECT seq, at, actor, action, subject, before, after, reason, app, hash, zone, rule FROM audit ";

impl Reader<'_> {
    pub fn audit_head(&self) -> Result<AuditHead, StoreError> {
        Ok(end(self.conn)?.0)
    }

    /// Newest first, starting below `before_seq` (or at the newest).
    pub fn audit_page(
        &self,
        filter: &AuditFilter,
        before_seq: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let below = before_seq.map_or(i64::MAX, |seq| seq as i64);
        self.all(
            &crate::text::sql(&[COLUMNS, "WHERE seq < ?1 ", FILTER, " ORDER BY seq DESC LIMIT ?6"]),
            params![
                below,
                filter.actor,
                filter.action,
                filter.subject,
                filter.text.as_deref().map(crate::text::contains_pattern),
                limit
            ],
            audit_row,
        )
    }

    pub fn audit_count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        let count = self.one(
            &crate::text::sql(&["SELECT count(*) FROM audit WHERE seq < ?1 ", FILTER]),
            params![
                i64::MAX,
                filter.actor,
                filter.action,
                filter.subject,
                filter.text.as_deref().map(crate::text::contains_pattern)
            ],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(count.unwrap_or(0) as u64)
    }

    /// The history of one thing, oldest first.
    pub fn audit_of(&self, subject: &str) -> Result<Vec<AuditRow>, StoreError> {
        self.all(&crate::text::sql(&[COLUMNS, "WHERE subject = ?1 ORDER BY seq"]), [subject], audit_row)
    }

    pub fn audit_actors(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT DISTINCT actor FROM audit ORDER BY actor", [], |row| Ok(row.get(0)?))
    }

    pub fn audit_actions(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT DISTINCT action FROM audit ORDER BY action", [], |row| Ok(row.get(0)?))
    }

    pub(crate) fn audit_by_seq(&self, seq: i64) -> Result<Option<AuditRow>, StoreError> {
        Ok(self.all(&crate::text::sql(&[COLUMNS, "WHERE seq = ?1"]), [seq], audit_row)?.pop())
    }
}

const FILTER: &str = "AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3) \
    AND (?4 IS NULL OR subject = ?4) \
    AND (?5 IS NULL OR action || ' ' || subject || ' ' || before || ' ' || after || ' ' || reason LIKE ?5 ESCAPE '\\')";

fn audit_row(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        seq: row.get::<_, i64>(0)? as u64,
        at: parse_instant(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
        reason: row.get(7)?,
        app_version: row.get(8)?,
        zone: row.get::<_, Option<String>>("zone")?.unwrap_or_default(),
        rule: row.get::<_, Option<String>>("rule")?.unwrap_or_default(),
        hash: hex(&hash_column(row, "hash")?),
    })
}

impl AuditFilter {
    pub(crate) fn is_empty(&self) -> bool {
        self.actor.is_none() && self.action.is_none() && self.subject.is_none() && self.text.is_none()
    }
}

impl Reader<'_> {
    /// Numbers of the rows that pass, newest first.
    pub(crate) fn audit_seqs(&self, filter: &AuditFilter) -> Result<Vec<i64>, StoreError> {
        self.all(
            &crate::text::sql(&["SELECT seq FROM audit WHERE seq < ?1 ", FILTER, " ORDER BY seq DESC"]),
            params![
                i64::MAX,
                filter.actor,
                filter.action,
                filter.subject,
                filter.text.as_deref().map(crate::text::contains_pattern)
            ],
            |row| Ok(row.get(0)?),
        )
    }
}
