//! Live matches. A record is in at most one of them; what a person accepted stays through every new run.

use crate::StoreError;
use crate::audit::NewAuditRow;
use crate::lists::List;
use crate::records::table_of;
use crate::text::{Hash, from_json, parse_instant, sha256, sql, to_json};
use crate::tx::{Reader, Tx};
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::sync::Arc;
use tieout_domain::{MatchGroup, MatchId, MatchKind, MatchStatus, RecordRef};
use tieout_money::Money;

#[derive(Clone, Debug, PartialEq)]
pub struct StoredMatch {
    pub group: MatchGroup,
    /// Sum of its left side, or of its right side where it has no left.
    pub amount: Option<Money>,
    pub party: String,
}

/// One line of the Match screen.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchLine {
    pub group: Arc<StoredMatch>,
    /// 0-based.
    pub line: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchesReport {
    pub stored: u32,
    pub removed: u32,
    pub kept_confirmed: u32,
    /// Not stored: a member is in a confirmed match, or a person rejected the pair.
    pub held_back: Vec<MatchId>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedPair {
    pub left: RecordRef,
    pub right: RecordRef,
}

/// A pair a person took apart, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub pair: RejectedPair,
    pub at: Timestamp,
    pub by: String,
    /// One of the two says something else since: another amount, day, reference, name, account or customer. It may be
    /// offered again.
    pub has_lapsed: bool,
    /// A person lets it be offered again.
    pub is_off: bool,
}

impl RejectedPair {
    /// What it is switched off by, among all that is learned.
    pub fn learned_id(&self) -> String {
        format!("rejected:{}|{}", self.left, self.right)
    }
}

pub(crate) fn match_subject(id: &MatchId) -> String {
    ["match/", &id.0].concat()
}

fn kind_text(kind: MatchKind) -> &'static str {
    match kind {
        MatchKind::OneToOne => "one-to-one",
        MatchKind::OneToMany => "one-to-many",
        MatchKind::ManyToOne => "many-to-one",
        MatchKind::ManyToMany => "many-to-many",
        MatchKind::OneSided => "one-sided",
    }
}

fn status_text(status: &MatchStatus) -> &'static str {
    match status {
        MatchStatus::Automatic => "automatic",
        MatchStatus::Suggested => "suggested",
        MatchStatus::Confirmed { .. } => "confirmed",
    }
}

/// What the list shows of a match, taken from its first member with each.
#[derive(Default)]
struct Shown {
    on: Option<String>,
    amount: Option<i64>,
    currency: String,
    number: String,
    reference: String,
    party: String,
    email: String,
    account: String,
    customer: String,
}

impl Tx<'_> {
    /// Puts a run's findings in the place of the last run's. Confirmed matches stay; what overlaps them or pairs
    /// what a person rejected is held back. One audit row for the run.
    pub fn replace_matches(&self, groups: &[MatchGroup]) -> Result<MatchesReport, StoreError> {
        self.replace_matches_under(groups, "")
    }

    /// The same, with what the run went by: versions of the settings and the rules.
    pub fn replace_matches_under(&self, groups: &[MatchGroup], went_by: &str) -> Result<MatchesReport, StoreError> {
        let mut report = MatchesReport {
            removed: self.run("DELETE FROM matches WHERE state <> 'confirmed'", [])? as u32,
            ..MatchesReport::default()
        };
        report.kept_confirmed =
            self.one("SELECT count(*) FROM matches WHERE state = 'confirmed'", [], |row| row.get(0))?.unwrap_or(0);
        let mut digests = Vec::with_capacity(groups.len() * 32);
        for group in groups {
            if self.is_rejected(group)? || self.member_taken(group)?.is_some() {
                report.held_back.push(group.id.clone());
                continue;
            }
            digests.extend(self.insert_match(group)?);
            report.stored += 1;
        }
        self.touch(List::Matches);
        let after = format!(
            r#"{{"stored":{},"removed":{},"kept_confirmed":{},"held_back":{},"digest":"{}"}}"#,
            report.stored,
            report.removed,
            report.kept_confirmed,
            report.held_back.len(),
            crate::text::hex(&sha256(&digests))
        );
        self.audit(NewAuditRow {
            action: "matches found",
            subject: "matches",
            after: &after,
            reason: went_by,
            ..Default::default()
        })?;
        Ok(report)
    }

    /// One match made or changed by a person (accepted, matched by hand). Replaces the live match of the same id.
    pub fn put_match(&self, group: &MatchGroup, reason: &str) -> Result<(), StoreError> {
        let before = self.match_group(&group.id)?.map(|it| to_json(&it.group)).unwrap_or_default();
        self.run("DELETE FROM matches WHERE match_id = ?1", [&group.id.0])?;
        if let Some((what, of)) = self.member_taken(group)? {
            return Err(StoreError::AlreadyMatched { what, of });
        }
        let digest = self.insert_match(group)?;
        self.touch(List::Matches);
        self.audit_with_content(
            NewAuditRow {
                action: "matched",
                subject: &match_subject(&group.id),
                before: &before,
                after: &to_json(group),
                reason,
            },
            matches!(group.status, MatchStatus::Confirmed { .. }).then_some(&digest), // the next run may drop the others
        )?;
        Ok(())
    }

    /// Gives what was removed, so that it can be put back.
    pub fn remove_match(&self, id: &MatchId, reason: &str) -> Result<Option<MatchGroup>, StoreError> {
        let Some(found) = self.match_group(id)? else { return Ok(None) };
        self.run("DELETE FROM matches WHERE match_id = ?1", [&id.0])?;
        self.touch(List::Matches);
        self.audit(NewAuditRow {
            action: "unmatched",
            subject: &match_subject(id),
            before: &to_json(&found.group),
            after: "",
            reason,
        })?;
        Ok(Some(found.group))
    }

    /// Remembers that every left record does not belong with any right one, as long as both say what they say now.
    pub fn reject_pairs(&self, pairs: &[RejectedPair]) -> Result<(), StoreError> {
        for pair in pairs {
            self.run(
                "INSERT INTO rejected_pairs (left_record, right_record, at, by, evidence) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (left_record, right_record)
                 DO UPDATE SET at = excluded.at, by = excluded.by, evidence = excluded.evidence",
                params![pair.left.to_string(), pair.right.to_string(), self.now, self.actor, self.said_by(pair)?],
            )?;
        }
        self.audit_pairs("pairs rejected", pairs)
    }

    pub fn forget_rejected(&self, pairs: &[RejectedPair]) -> Result<(), StoreError> {
        for pair in pairs {
            self.run(
                "DELETE FROM rejected_pairs WHERE left_record = ?1 AND right_record = ?2",
                [pair.left.to_string(), pair.right.to_string()],
            )?;
        }
        self.audit_pairs("rejection taken back", pairs)
    }

    fn audit_pairs(&self, action: &str, pairs: &[RejectedPair]) -> Result<(), StoreError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = pairs.iter().map(|pair| (pair.left.to_string(), pair.right.to_string())).collect();
        self.audit(NewAuditRow { action, subject: "matches", after: &to_json(&names), ..Default::default() })?;
        Ok(())
    }

    fn is_rejected(&self, group: &MatchGroup) -> Result<bool, StoreError> {
        for left in &group.left {
            for right in &group.right {
                let found: Option<Option<Hash>> = self.one(
                    "SELECT evidence FROM rejected_pairs WHERE left_record = ?1 AND right_record = ?2",
                    [left.to_string(), right.to_string()],
                    |row| row.get(0),
                )?;
                let Some(then) = found else { continue };
                let pair = RejectedPair { left: left.clone(), right: right.clone() };
                if !self.has_lapsed(&pair, then)? && !self.is_switched_off(&pair.learned_id())? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn member_taken(&self, group: &MatchGroup) -> Result<Option<(String, String)>, StoreError> {
        for member in group.members() {
            let member = member.to_string();
            if let Some((of, _)) = self.match_of_text(&member)? {
                return Ok(Some((member, of.0)));
            }
        }
        Ok(None)
    }

    fn insert_match(&self, group: &MatchGroup) -> Result<Hash, StoreError> {
        let body = to_json(group);
        let digest = sha256(body.as_bytes());
        let side = if group.left.is_empty() { &group.right } else { &group.left };
        let shown = self.shown(side)?;
        self.run(
            "INSERT INTO matches (match_id, body, digest, lines, score, exact, pass, kind, state, on_day, amount, currency,
                number, reference, party, email, account, customer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                group.id.0,
                body,
                digest,
                group.left.len().max(group.right.len()) as i64,
                group.confidence.0,
                group.is_exact(),
                group.pass,
                kind_text(group.kind),
                status_text(&group.status),
                shown.on,
                shown.amount,
                shown.currency,
                shown.number,
                shown.reference,
                shown.party,
                shown.email,
                shown.account,
                shown.customer
            ],
        )?;
        let row = self.conn.last_insert_rowid();
        for (side, members) in [("left", &group.left), ("right", &group.right)] {
            for member in members {
                self.run(
                    "INSERT INTO match_members (record, match, side, object, row_id) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        member.to_string(),
                        row,
                        side,
                        table_of(member.object).map_or(0, |(_, code)| code),
                        self.row_id(member)?
                    ],
                )?;
            }
        }
        Ok(digest)
    }
}

const COLUMNS: &str = "SELECT body, digest, amount, currency, party FROM matches ";

impl Reader<'_> {
    pub fn match_group(&self, id: &MatchId) -> Result<Option<StoredMatch>, StoreError> {
        Ok(self.all(&sql(&[COLUMNS, "WHERE match_id = ?1"]), [&id.0], stored_match)?.pop())
    }

    pub fn matches(&self) -> Result<Vec<StoredMatch>, StoreError> {
        self.all(&sql(&[COLUMNS, "ORDER BY id"]), [], stored_match)
    }

    pub fn match_of(&self, record: &RecordRef) -> Result<Option<StoredMatch>, StoreError> {
        match self.match_of_text(&record.to_string())? {
            Some((id, _)) => self.match_group(&id),
            None => Ok(None),
        }
    }

    /// Pairs that are not offered: taken apart by a person, and nothing about them has changed since.
    pub fn rejected_pairs(&self) -> Result<Vec<RejectedPair>, StoreError> {
        let all = self.rejections()?;
        Ok(all.into_iter().filter(|it| !it.has_lapsed && !it.is_off).map(|it| it.pair).collect())
    }

    /// Every pair a person took apart and did not put together again.
    pub fn rejections(&self) -> Result<Vec<Rejection>, StoreError> {
        let text = "SELECT left_record, right_record, at, by, evidence FROM rejected_pairs ORDER BY 1, 2";
        self.all(text, [], |row| {
            let record = |text: String| text.parse::<RecordRef>().map_err(StoreError::damaged);
            let pair = RejectedPair { left: record(row.get(0)?)?, right: record(row.get(1)?)? };
            Ok(Rejection {
                at: parse_instant(&row.get::<_, String>(2)?)?,
                by: row.get(3)?,
                has_lapsed: self.has_lapsed(&pair, row.get(4)?)?,
                is_off: self.is_switched_off(&pair.learned_id())?,
                pair,
            })
        })
    }

    fn has_lapsed(&self, pair: &RejectedPair, then: Option<Hash>) -> Result<bool, StoreError> {
        Ok(match then {
            None => false,
            Some(then) => self.said_by(pair)? != then,
        })
    }

    fn shown(&self, records: &[RecordRef]) -> Result<Shown, StoreError> {
        let mut shown = Shown::default();
        for (index, record) in records.iter().enumerate() {
            let Some((table, _)) = table_of(record.object) else { continue };
            let text = sql(&[
                "SELECT on_day, amount, currency, number, reference, party, email, account, customer FROM ",
                table,
                " WHERE source = ?1 AND ext_id = ?2",
            ]);
            let found = self.one(&text, [record.source.0.as_str(), record.id.as_str()], |row| {
                Ok(Shown {
                    on: row.get(0)?,
                    amount: row.get(1)?,
                    currency: row.get(2)?,
                    number: row.get(3)?,
                    reference: row.get(4)?,
                    party: row.get(5)?,
                    email: row.get(6)?,
                    account: row.get(7)?,
                    customer: row.get(8)?,
                })
            })?;
            let Some(found) = found else { continue };
            if index == 0 {
                shown = found;
            } else if found.currency == shown.currency {
                // A sum that does not fit is shown as none; the amounts of the members are exact all the same.
                shown.amount = shown.amount.zip(found.amount).and_then(|(sum, next)| sum.checked_add(next));
            }
        }
        Ok(shown)
    }

    /// Digest of what two records say that can be evidence.
    fn said_by(&self, pair: &RejectedPair) -> Result<Hash, StoreError> {
        let mut text = String::new();
        for record in [&pair.left, &pair.right] {
            let it = self.shown(std::slice::from_ref(record))?;
            text.push_str(&to_json(&(
                (it.on, it.amount, it.currency, it.number, it.reference),
                (it.party, it.email, it.account, it.customer),
            )));
        }
        Ok(sha256(text.as_bytes()))
    }

    pub(crate) fn match_by_row(&self, row_id: i64) -> Result<StoredMatch, StoreError> {
        self.all(&sql(&[COLUMNS, "WHERE id = ?1"]), [row_id], stored_match)?
            .pop()
            .ok_or_else(|| StoreError::NotFound { what: format!("match row {row_id}") })
    }
}

fn stored_match(row: &Row<'_>) -> Result<StoredMatch, StoreError> {
    let body: String = row.get(0)?;
    if crate::text::hash_column(row, "digest")? != sha256(body.as_bytes()) {
        return Err(StoreError::damaged("a match is not what was written"));
    }
    Ok(StoredMatch {
        group: from_json("a match", &body)?,
        amount: crate::text::money(row.get(2)?, &row.get::<_, String>(3)?)?,
        party: row.get(4)?,
    })
}
