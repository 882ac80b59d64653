//! The posting ledger: every proposed document, where it stands, and what happened to it on the way.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::text::{Hash, from_json, hash_column, parse_instant, sha256, sql, to_json};
use crate::tx::{Reader, Tx};
use jiff::{Timestamp, civil::Date};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tieout_domain::{
    Check, Document, DocumentKind, Event, Fingerprint, NaturalKey, Posting, PostingId, PostingState, RecordRef, step,
};
use tieout_money::Money;

/// Everything of a posting but its state.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    document: Cow<'a, Document>,
    facts: Cow<'a, [(RecordRef, u32)]>,
    because: Cow<'a, str>,
    checks: Cow<'a, [Check]>,
    settings_version: u32,
    after: Cow<'a, [PostingId]>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredPosting {
    pub posting: Posting,
    pub fingerprint: Fingerprint,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// One row of a list of postings.
#[derive(Clone, Debug, PartialEq)]
pub struct PostingSummary {
    pub id: PostingId,
    pub kind: DocumentKind,
    pub state: PostingState,
    pub on: Date,
    pub amount: Money,
    pub natural_key: NaturalKey,
    pub customer_id: Option<String>,
    pub description: String,
    pub fingerprint: Fingerprint,
    pub checks: Vec<Check>,
    pub changed_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// `PostingState::as_str`.
    pub state: String,
    pub count: u32,
    pub sum: Money,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalsReport {
    pub added: Vec<PostingId>,
    /// Content changed; an approval of the old content is void.
    pub changed: Vec<PostingId>,
    pub unchanged: u32,
    /// No longer proposed by anything.
    pub voided: Vec<PostingId>,
    /// Under way, refused, reversed or withdrawn by a person: left as it is.
    pub left_alone: u32,
    /// Its reference already belongs to the other posting, so it was not stored.
    pub conflicts: Vec<(PostingId, PostingId)>,
}

/// An attempt, a reply (redacted), a look-up: what happened, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingLogEntry {
    pub at: Timestamp,
    /// `sent`, `reply`, `no answer`, `looked up`...
    pub event: String,
    pub text: String,
}

pub(crate) fn posting_subject(id: &PostingId) -> String {
    ["posting/", &id.0].concat()
}

fn kind_text(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::CashReceipt => "cash-receipt",
        DocumentKind::Advance => "advance",
        DocumentKind::AdvanceApplication => "advance-application",
        DocumentKind::JournalEntry => "journal-entry",
        DocumentKind::SalesOrder => "sales-order",
        DocumentKind::Invoice => "invoice",
        DocumentKind::Adjustment => "adjustment",
        DocumentKind::OtherReceipt => "other-receipt",
        DocumentKind::Deposit => "deposit",
        DocumentKind::ReceiptReversal => "receipt-reversal",
    }
}

/// Over the id, the content and the state, as they are stored.
pub(crate) fn row_digest(id: &str, body: &str, state: &str) -> Hash {
    sha256(to_json(&(id, body, state)).as_bytes())
}

fn body_of(posting: &Posting) -> String {
    to_json(&Body {
        document: Cow::Borrowed(&posting.document),
        facts: Cow::Borrowed(&posting.facts),
        because: Cow::Borrowed(&posting.because),
        checks: Cow::Borrowed(&posting.checks),
        settings_version: posting.settings_version,
        after: Cow::Borrowed(&posting.after),
    })
}

impl Tx<'_> {
    /// The outcome of a planning run. New postings are added; those still waiting are brought to the new content (an
    /// approval of other content is void); waiting ones that nothing proposes any more are voided when
    /// `void_missing`. Nothing under way, refused, reversed or withdrawn by a person is touched.
    pub fn put_proposals(&self, proposals: &[Posting], void_missing: bool) -> Result<ProposalsReport, StoreError> {
        let mut report = ProposalsReport::default();
        for proposal in proposals {
            self.put_proposal(proposal, &mut report)?;
        }
        if void_missing {
            let proposed: std::collections::BTreeSet<&PostingId> = proposals.iter().map(|it| &it.id).collect();
            for waiting in self.postings_in(&["proposed", "approved", "held"])? {
                if !proposed.contains(&waiting.posting.id) {
                    let reason = "nothing proposes it any more".to_owned();
                    self.apply_event_as(&waiting.posting.id, Event::Void { reason }, false)?;
                    report.voided.push(waiting.posting.id);
                }
            }
        }
        Ok(report)
    }

    fn put_proposal(&self, proposal: &Posting, report: &mut ProposalsReport) -> Result<(), StoreError> {
        let known = self.posting(&proposal.id)?;
        let natural_key = proposal.document.natural_key();
        if let Some(owner) = self.owner_of(&natural_key)?.filter(|owner| *owner != proposal.id) {
            report.conflicts.push((proposal.id.clone(), owner));
            return Ok(());
        }
        let Some(known) = known else {
            let posting = Posting { state: PostingState::Proposed, ..proposal.clone() };
            self.write_posting("posting proposed", &posting, "", "")?;
            report.added.push(posting.id);
            return Ok(());
        };
        let state = match &known.posting.state {
            PostingState::Proposed | PostingState::Held { .. } => known.posting.state.clone(),
            PostingState::Approved { approval } if approval.content == proposal.fingerprint() => {
                known.posting.state.clone()
            }
            PostingState::Approved { .. } => step(known.posting.state.clone(), Event::FactsChanged)?,
            // Withdrawn because its facts were gone, and now they are back: it is a new proposal.
            PostingState::Voided { .. } if !self.is_withdrawn(&proposal.id)? => PostingState::Proposed,
            _ => {
                report.left_alone += 1;
                return Ok(());
            }
        };
        let posting = Posting { state, ..proposal.clone() };
        if body_of(&posting) == body_of(&known.posting) && posting.state == known.posting.state {
            report.unchanged += 1;
            return Ok(());
        }
        self.write_posting("proposal changed", &posting, &to_json(&known.posting), "")?;
        if posting.fingerprint() != known.fingerprint || posting.state != known.posting.state {
            report.changed.push(posting.id);
        } else {
            report.unchanged += 1;
        }
        Ok(())
    }

    /// One step of the lifecycle, stored with its audit row. An illegal one changes nothing.
    pub fn apply_event(&self, id: &PostingId, event: Event) -> Result<PostingState, StoreError> {
        self.apply_event_as(id, event, true)
    }

    fn apply_event_as(&self, id: &PostingId, event: Event, by_person: bool) -> Result<PostingState, StoreError> {
        let known = self.posting(id)?.ok_or_else(|| StoreError::NotFound { what: format!("posting {id}") })?;
        let before = to_json(&known.posting.state);
        if let Event::Approve(approval) = &event
            && approval.content != known.fingerprint
        {
            return Err(StoreError::NotSendable {
                posting: id.clone(),
                why: "the approval is for other content than it has now".into(),
            });
        }
        let (action, reason) = event_words(&event);
        let reason = reason.to_owned();
        let mut posting = known.posting;
        posting.state = step(posting.state, event)?;
        let state = to_json(&posting.state);
        let digest = row_digest(&id.0, &body_of(&posting), &state);
        let key = match &posting.state {
            PostingState::Sending { key, .. } | PostingState::InDoubt { key, .. } => Some(&key.0),
            _ => None,
        };
        let record = match &posting.state {
            PostingState::AwaitingIntacct { record } | PostingState::Posted { record, .. } => Some(&record.0),
            _ => None,
        };
        let withdrawn = by_person && matches!(posting.state, PostingState::Voided { .. });
        self.run(
            "UPDATE postings SET state = ?2, state_body = ?3, changed_at = ?4, digest = ?5,
                idempotency_key = coalesce(?6, idempotency_key), intacct_record = coalesce(?7, intacct_record),
                withdrawn = ?8 WHERE posting_id = ?1",
            params![id.0, posting.state.as_str(), state, self.now, digest, key, record, withdrawn],
        )?;
        self.touch(List::Postings);
        let subject = posting_subject(id);
        let row = NewAuditRow { action, subject: &subject, before: &before, after: &state, reason: &reason };
        self.audit_with_content(row, Some(&digest))?;
        Ok(posting.state)
    }

    /// Adds or overwrites the row; `posting.state` is trusted here, so only this file calls it.
    fn write_posting(&self, action: &str, posting: &Posting, before: &str, reason: &str) -> Result<(), StoreError> {
        let body = body_of(posting);
        let state = to_json(&posting.state);
        let digest = row_digest(&posting.id.0, &body, &state);
        let document = &posting.document;
        let amount = document.amount();
        let flag = posting.checks.iter().map(|check| check.level as i64).max().unwrap_or(0);
        self.run(
            "INSERT INTO postings (posting_id, body, state_body, fingerprint, natural_key, settings_version, flag,
                created_at, changed_at, digest, kind, state, on_day, amount, currency, number, reference, party, email,
                account, customer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?5, ?1, ?15, '', '', ?16)
             ON CONFLICT (posting_id) DO UPDATE SET body = excluded.body, state_body = excluded.state_body,
                fingerprint = excluded.fingerprint, natural_key = excluded.natural_key,
                settings_version = excluded.settings_version, flag = excluded.flag, changed_at = excluded.changed_at,
                digest = excluded.digest, kind = excluded.kind, state = excluded.state, on_day = excluded.on_day,
                amount = excluded.amount, currency = excluded.currency, number = excluded.number,
                party = excluded.party, customer = excluded.customer, withdrawn = 0",
            params![
                posting.id.0,
                body,
                state,
                posting.fingerprint().as_str(),
                document.natural_key().0,
                posting.settings_version,
                flag,
                self.now,
                digest,
                kind_text(document.kind()),
                posting.state.as_str(),
                document.on().to_string(),
                amount.minor(),
                amount.currency().code(),
                document.description(),
                document.customer_id().unwrap_or_default()
            ],
        )?;
        let row: i64 = self
            .one("SELECT id FROM postings WHERE posting_id = ?1", [&posting.id.0], |row| row.get(0))?
            .ok_or_else(|| StoreError::damaged("a posting vanished while it was written"))?;
        self.run("DELETE FROM posting_facts WHERE posting = ?1", [row])?;
        for (record, _) in &posting.facts {
            self.run(
                "INSERT OR IGNORE INTO posting_facts (record, posting) VALUES (?1, ?2)",
                params![record.to_string(), row],
            )?;
        }
        self.touch(List::Postings);
        self.audit_with_content(
            NewAuditRow { action, subject: &posting_subject(&posting.id), before, after: &to_json(posting), reason },
            Some(&digest),
        )?;
        Ok(())
    }

    /// `text` must be redacted: no session, no password.
    pub fn log_posting(&self, id: &PostingId, event: &str, text: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO posting_log (posting_id, at, event, text) VALUES (?1, ?2, ?3, ?4)",
            params![id.0, self.now, event, text],
        )?;
        let digest = crate::text::hex(&sha256(text.as_bytes()));
        self.audit(NewAuditRow {
            action: event,
            subject: &["posting-log/", &id.0].concat(),
            after: &digest,
            ..Default::default()
        })?;
        Ok(())
    }

    fn is_withdrawn(&self, id: &PostingId) -> Result<bool, StoreError> {
        Ok(self
            .one("SELECT withdrawn FROM postings WHERE posting_id = ?1", [&id.0], |row| row.get(0))?
            .unwrap_or(false))
    }
}

/// What the trail calls a step, and the reason a person or Intacct gave.
fn event_words(event: &Event) -> (&'static str, &str) {
    match event {
        Event::Approve(_) => ("posting approved", ""),
        Event::Hold { reason, .. } => ("posting held", reason),
        Event::Release => ("posting released", ""),
        Event::Void { reason } => ("posting voided", reason),
        Event::Withdraw => ("approval taken back", ""),
        Event::Restore => ("rejection taken back", ""),
        Event::FactsChanged => ("approval void, facts changed", ""),
        Event::Saved { .. } => ("posting being sent", ""),
        Event::NoAnswer { .. } => ("no answer", ""),
        Event::TurnedAway { .. } => ("turned away, approved as before", ""),
        Event::NotResent { .. } => ("turned away, in doubt as before", ""),
        Event::Rejected { reason } => ("posting refused by Intacct", &reason.message),
        Event::Found { .. } => ("posted", ""),
        Event::FoundAwaiting { .. } => ("waiting for approval in Intacct", ""),
        Event::Absent { .. } => ("looked up, not there", ""),
        Event::GivenUp { reason, .. } => ("said not to be in Intacct", reason),
        Event::Reopen => ("posting reopened", ""),
        Event::ReadBackPosted { .. } => ("posted after approval in Intacct", ""),
        Event::ReversalPosted { .. } => ("posting reversed", ""),
    }
}

const COLUMNS: &str = "SELECT posting_id, body, state_body, fingerprint, created_at, changed_at, digest FROM postings ";

impl Reader<'_> {
    pub fn posting(&self, id: &PostingId) -> Result<Option<StoredPosting>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE posting_id = ?1"]), [&id.0], stored_posting)?.pop())
    }

    pub fn postings(&self) -> Result<Vec<StoredPosting>, StoreError> {
        self.all(&sql(&[COLUMNS, "ORDER BY id"]), [], stored_posting)
    }

    /// By `PostingState::as_str`, in the order they were proposed.
    pub fn postings_in(&self, states: &[&str]) -> Result<Vec<StoredPosting>, StoreError> {
        let mut found = Vec::new();
        for state in states {
            found.extend(self.all(&sql(&[COLUMNS, "WHERE state = ?1 ORDER BY id"]), [state], |row| {
                Ok((row.get::<_, String>(0)?, stored_posting(row)?))
            })?);
        }
        Ok(found.into_iter().map(|(_, posting)| posting).collect())
    }

    /// Postings that rest on a record, any state.
    pub fn postings_on(&self, record: &RecordRef) -> Result<Vec<StoredPosting>, StoreError> {
        self.all(
            &sql(&[COLUMNS, "WHERE id IN (SELECT posting FROM posting_facts WHERE record = ?1) ORDER BY id"]),
            [record.to_string()],
            stored_posting,
        )
    }

    /// The posting that holds a natural key, unless it is voided.
    pub fn owner_of(&self, key: &NaturalKey) -> Result<Option<PostingId>, StoreError> {
        self.one("SELECT posting_id FROM postings WHERE natural_key = ?1 AND state <> 'voided'", [&key.0], |row| {
            Ok(PostingId(row.get(0)?))
        })
    }

    pub fn posting_counts(&self) -> Result<Vec<StateCount>, StoreError> {
        self.all(
            "SELECT state, currency, count(*), sum(amount) FROM postings GROUP BY state, currency ORDER BY state, currency",
            [],
            |row| {
                let sum = crate::text::money(row.get(3)?, &row.get::<_, String>(1)?)?;
                let sum = sum.ok_or_else(|| StoreError::damaged("a posting has no amount"))?;
                Ok(StateCount { state: row.get(0)?, count: row.get(2)?, sum })
            },
        )
    }

    /// Oldest first.
    pub fn posting_log(&self, id: &PostingId) -> Result<Vec<PostingLogEntry>, StoreError> {
        self.all("SELECT at, event, text FROM posting_log WHERE posting_id = ?1 ORDER BY id", [&id.0], |row| {
            Ok(PostingLogEntry { at: parse_instant(&row.get::<_, String>(0)?)?, event: row.get(1)?, text: row.get(2)? })
        })
    }

    pub(crate) fn posting_summary(&self, row_id: i64) -> Result<PostingSummary, StoreError> {
        let stored = self
            .all(&sql(&[COLUMNS, "WHERE id = ?1"]), [row_id], stored_posting)?
            .pop()
            .ok_or_else(|| StoreError::NotFound { what: format!("posting row {row_id}") })?;
        let document = &stored.posting.document;
        Ok(PostingSummary {
            kind: document.kind(),
            on: document.on(),
            amount: document.amount(),
            natural_key: document.natural_key(),
            customer_id: document.customer_id().map(str::to_owned),
            description: document.description().to_owned(),
            id: stored.posting.id,
            state: stored.posting.state,
            fingerprint: stored.fingerprint,
            checks: stored.posting.checks,
            changed_at: stored.changed_at,
        })
    }
}

/// Reads and checks: a row whose digest does not fit, or whose content is not what its fingerprint says, is damage.
fn stored_posting(row: &Row<'_>) -> Result<StoredPosting, StoreError> {
    let id: String = row.get(0)?;
    let body: String = row.get(1)?;
    let state: String = row.get(2)?;
    if hash_column(row, "digest")? != row_digest(&id, &body, &state) {
        return Err(StoreError::damaged(format!("posting {id} is not what was written")));
    }
    let parsed: Body<'static> = from_json(&format!("posting {id}"), &body)?;
    let posting = Posting {
        document: parsed.document.into_owned(),
        facts: parsed.facts.into_owned(),
        because: parsed.because.into_owned(),
        checks: parsed.checks.into_owned(),
        settings_version: parsed.settings_version,
        after: parsed.after.into_owned(),
        state: from_json(&format!("the state of posting {id}"), &state)?,
        id: PostingId(id),
    };
    let fingerprint = posting.fingerprint();
    if fingerprint.as_str() != row.get::<_, String>(3)? {
        return Err(StoreError::damaged(format!("posting {} is not what its fingerprint says", posting.id)));
    }
    Ok(StoredPosting {
        posting,
        fingerprint,
        created_at: parse_instant(&row.get::<_, String>(4)?)?,
        changed_at: parse_instant(&row.get::<_, String>(5)?)?,
    })
}
