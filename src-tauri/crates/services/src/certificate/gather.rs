//! What a certificate says, gathered from the proof and the trail.

use crate::company::Company;
use crate::error::ServiceError;
use crate::proof::{AccountProof, AccountRows, ProofRows};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use tieout_domain::{MatchGroup, MatchStatus, ObjectKind, Period, RecordRef};
use tieout_matching::{Item, ItemKind};
use tieout_money::{Currency, Money};
use tieout_store::{ExceptionStatus, Reader, StoredPosting};

pub(super) struct Content {
    pub head: Head,
    pub evidence: Evidence,
    pub sign_offs: Vec<Signed>,
}

/// Everything of a period that can be signed: the same facts give the same evidence.
#[derive(Default)]
pub(crate) struct Evidence {
    pub accounts: Vec<Account>,
    pub totals: Vec<Total>,
    pub groups: Vec<Group>,
    pub lines: Vec<Line>,
    pub records: Vec<Record>,
    pub outside: Vec<Outside>,
    pub refused: Vec<Refused>,
    pub approvals: Vec<Approved>,
}

#[derive(Serialize)]
pub(super) struct Head {
    pub format: &'static str,
    pub company: String,
    pub store: String,
    pub environment: &'static str,
    pub period: String,
    pub from: String,
    pub to: String,
    pub made: Made,
    /// Who may approve what, in words: one person, or roles.
    pub control: &'static str,
    pub settings: SettingsUsed,
    pub audit: Trail,
}

#[derive(Serialize)]
pub(super) struct Made {
    pub at: String,
    pub zone: String,
    pub by: String,
    pub app: &'static str,
}

#[derive(Serialize)]
pub(super) struct SettingsUsed {
    pub version: u32,
    pub sha256: String,
}

#[derive(Serialize)]
pub(super) struct Trail {
    pub rows: u64,
    pub head: String,
}

/// Amounts are texts, debit positive; `clearances` is what left the account, as a positive amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Account {
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
    pub lines: usize,
    pub store_records: usize,
    pub ledger_records: usize,
}

#[derive(Serialize)]
pub(crate) struct Total {
    pub currency: String,
    pub ledger: String,
    pub store: String,
    pub unexplained: String,
}

#[derive(Serialize)]
pub(crate) struct Group {
    pub id: String,
    pub account: usize,
    #[serde(rename = "as")]
    pub placed: &'static str,
    pub store: String,
    pub ledger: String,
    pub records: usize,
    pub waits: bool,
    pub beyond: Vec<Beyond>,
    pub pass: String,
    pub by: String,
}

#[derive(Serialize)]
pub(crate) struct Beyond {
    pub side: &'static str,
    pub record: String,
    pub on: String,
    pub amount: String,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Line {
    pub account: usize,
    pub on: String,
    pub record: String,
    pub amount: String,
    pub sha256: String,
}

/// In the order the certificate lists them in.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Record {
    pub account: usize,
    pub side: &'static str,
    pub on: String,
    pub record: String,
    pub leg: &'static str,
    pub amount: String,
    pub version: u32,
    pub sha256: String,
    pub placed: &'static str,
    pub of: String,
}

#[derive(Serialize)]
pub(crate) struct Outside {
    pub side: &'static str,
    pub record: String,
    pub leg: &'static str,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub account: String,
    pub why: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Refused {
    pub record: String,
    pub reason: String,
}

/// Who prepared and who approved an entry.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Approved {
    pub posting: String,
    pub kind: String,
    pub state: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub reference: String,
    pub fingerprint: String,
    pub settings: u32,
    pub prepared_by: String,
    pub approved_by: String,
    pub approved_at: String,
    #[serde(rename = "override")]
    pub overridden: String,
}

#[derive(Serialize)]
pub(super) struct Signed {
    pub role: String,
    pub by: String,
    pub at: String,
    pub digest: String,
    pub suspended: bool,
}

const STORE: &str = "store";
const LEDGER: &str = "ledger";

pub(super) fn gather(company: &Company, rows: &ProofRows, period: &Period, by: &str) -> Result<Content, ServiceError> {
    let evidence = evidence(company, rows, period)?;
    let now = crate::close::digest_of(&crate::close::body(&evidence, period));
    let sign_offs = company.store.read(|reader| reader.sign_offs(&period.to_string()))?;
    let standing = sign_offs.into_iter().filter(|it| it.withdrawn_at.is_none());
    let sign_offs = standing.map(|it| Signed {
        suspended: it.digest != now,
        role: it.role,
        by: it.by,
        at: it.at.to_string(),
        digest: it.digest,
    });
    Ok(Content { head: head(company, period, by)?, sign_offs: sign_offs.collect(), evidence })
}

pub(crate) fn evidence(company: &Company, rows: &ProofRows, period: &Period) -> Result<Evidence, ServiceError> {
    let known = Known::read(company)?;
    let within = |day: Date| period.contains(day);
    let mut all = Evidence::default();
    let mut totals: BTreeMap<Currency, [Vec<Money>; 3]> = BTreeMap::new();
    for (at, (of, of_rows)) in rows.proof.accounts.iter().zip(&rows.accounts).enumerate() {
        let figures = rows.proof.figures(of, &within)?;
        let total = totals.entry(of.currency).or_default();
        total[0].push(figures.ledger);
        total[1].push(figures.store);
        total[2].push(figures.unexplained);
        let placed = groups(rows, at, of, of_rows, &within, &known, &mut all.groups)?;
        let (records_before, lines_before) = (all.records.len(), all.lines.len());
        records(rows, at, of, of_rows, &within, &known, &placed, &mut all.records);
        lines(at, of_rows, &within, &known, &mut all.lines);
        let mut account = account(of, &figures, period)?;
        account.store_records = all.records[records_before..].iter().filter(|it| it.side == STORE).count();
        account.ledger_records = all.records.len() - records_before - account.store_records;
        account.lines = all.lines.len() - lines_before;
        all.accounts.push(account);
    }
    for (currency, [ledger, store, unexplained]) in totals {
        let sum = |all: Vec<Money>| Ok::<_, ServiceError>(Money::sum(currency, all)?.amount_text());
        all.totals.push(Total {
            currency: currency.to_string(),
            ledger: sum(ledger)?,
            store: sum(store)?,
            unexplained: sum(unexplained)?,
        });
    }
    all.records.sort();
    all.lines.sort();
    all.outside = outside(rows, &within);
    let (refused, approvals) =
        company.store.read(|reader| Ok::<_, ServiceError>((reader.refused_records()?, approvals(reader, &within)?)))?;
    all.refused = refused
        .into_iter()
        .map(|it| Refused { record: it.refused.record.to_string(), reason: it.refused.reason })
        .collect();
    all.approvals = approvals;
    Ok(all)
}

fn head(company: &Company, period: &Period, by: &str) -> Result<Head, ServiceError> {
    let connection = company.connection()?;
    let (settings, trail) =
        company.store.read(|reader| Ok::<_, tieout_store::StoreError>((reader.settings()?, reader.audit_head()?)))?;
    let settings = settings.ok_or(ServiceError::NoSettings)?;
    Ok(Head {
        format: super::write::FORMAT,
        company: connection.intacct_company,
        store: connection.store_name,
        environment: if connection.production { "production" } else { "sandbox" },
        period: period.to_string(),
        from: period.first_day().to_string(),
        to: period.last_day().to_string(),
        made: Made {
            at: company.now().to_string(),
            zone: crate::zone::of_this_computer(),
            by: by.to_owned(),
            app: env!("CARGO_PKG_VERSION"),
        },
        control: company.settings()?.0.control.words(),
        settings: SettingsUsed {
            version: settings.version,
            sha256: tieout_domain::Fingerprint::of_bytes(settings.text.as_bytes()).to_string(),
        },
        audit: Trail { rows: trail.seq, head: trail.hex() },
    })
}

/// What the cache knows of the records beside their amounts.
struct Known {
    digests: HashMap<RecordRef, (u32, String)>,
    exceptions: HashMap<RecordRef, String>,
    matches: HashMap<String, MatchGroup>,
}

impl Known {
    fn read(company: &Company) -> Result<Known, ServiceError> {
        Ok(company.store.read(|reader| {
            let mut digests = HashMap::new();
            for kind in [ObjectKind::Payment, ObjectKind::Settlement, ObjectKind::Receipt, ObjectKind::GlLine] {
                digests.extend(reader.record_digests(kind)?);
            }
            let mut exceptions = HashMap::new();
            for it in reader.standing_exceptions()? {
                if it.status == ExceptionStatus::Resolved {
                    continue;
                }
                for record in &it.exception.records {
                    exceptions.entry(record.clone()).or_insert_with(|| it.id.to_string());
                }
            }
            let matches = reader.matches()?.into_iter().map(|it| (it.group.id.0.clone(), it.group)).collect();
            Ok::<_, tieout_store::StoreError>(Known { digests, exceptions, matches })
        })?)
    }

    fn digest(&self, rows: &ProofRows, record: &RecordRef) -> (u32, String) {
        let whole = rows.parts.get(record).unwrap_or(record);
        self.digests.get(whole).cloned().unwrap_or_else(|| (0, "0".repeat(64)))
    }
}

/// A settlement row stands for its charge and for its fee.
fn leg(item: &Item) -> &'static str {
    if item.kind == ItemKind::Fee { "fee" } else { "" }
}

/// By number of the match: how its part on this account is placed.
fn groups(
    rows: &ProofRows,
    at: usize,
    of: &AccountProof,
    of_rows: &AccountRows,
    within: &dyn Fn(Date) -> bool,
    known: &Known,
    into: &mut Vec<Group>,
) -> Result<HashMap<u32, &'static str>, ServiceError> {
    let mut placed = HashMap::new();
    for share in rows.proof.groups(of, within)? {
        let store = share.left.iter().map(|it| (STORE, &of_rows.left[*it]));
        let ledger = share.right.iter().map(|it| (LEDGER, &of_rows.right[*it]));
        let members: Vec<(&'static str, &Item)> = store.chain(ledger).collect();
        let inside = members.iter().filter(|(_, it)| within(it.on)).count();
        if inside == 0 {
            continue;
        }
        let waits = rows.proof.is_waiting(share.at);
        let word = if share.is_timing { "timing" } else { "matched" };
        placed.insert(share.at, word);
        let sum = |side: &str| {
            let amounts = members.iter().filter(|(of, it)| *of == side && within(it.on)).map(|(_, it)| it.amount);
            Ok::<_, ServiceError>(Money::sum(of.currency, amounts)?.amount_text())
        };
        let id = rows.matches.get(share.at as usize).map(|it| it.0.clone()).unwrap_or_default();
        let group = known.matches.get(&id);
        let beyond = members.iter().filter(|(_, it)| !within(it.on)).map(|(side, it)| Beyond {
            side,
            record: it.record.to_string(),
            on: it.on.to_string(),
            amount: it.amount.amount_text(),
        });
        into.push(Group {
            account: at,
            placed: word,
            store: sum(STORE)?,
            ledger: sum(LEDGER)?,
            records: inside,
            waits,
            beyond: beyond.collect(),
            pass: group.map(|it| it.pass.clone()).unwrap_or_default(),
            by: match group.map(|it| &it.status) {
                Some(MatchStatus::Confirmed { by }) => by.0.clone(),
                _ => String::new(),
            },
            id,
        });
    }
    Ok(placed)
}

#[expect(clippy::too_many_arguments, reason = "the account and its rows, what places them, and where they go")]
fn records(
    rows: &ProofRows,
    at: usize,
    of: &AccountProof,
    of_rows: &AccountRows,
    within: &dyn Fn(Date) -> bool,
    known: &Known,
    placed: &HashMap<u32, &'static str>,
    into: &mut Vec<Record>,
) {
    let store = of.left.iter().zip(&of_rows.left).map(|it| (STORE, it));
    let ledger = of.right.iter().zip(&of_rows.right).map(|it| (LEDGER, it));
    for (side, (entry, item)) in store.chain(ledger).filter(|(_, (entry, _))| within(entry.on)) {
        let whole = rows.parts.get(&item.record).unwrap_or(&item.record);
        let exception = || known.exceptions.get(&item.record).or_else(|| known.exceptions.get(whole));
        let (word, of) = match entry.in_match {
            Some(number) => (
                placed.get(&number).copied().unwrap_or("matched"),
                rows.matches.get(number as usize).map(|it| it.0.clone()).unwrap_or_default(),
            ),
            None => match exception() {
                Some(exception) => ("exception", exception.clone()),
                None => ("open", String::new()),
            },
        };
        let (version, sha256) = known.digest(rows, &item.record);
        into.push(Record {
            account: at,
            side,
            on: item.on.to_string(),
            record: item.record.to_string(),
            leg: leg(item),
            amount: item.amount.amount_text(),
            version,
            sha256,
            placed: word,
            of,
        });
    }
}

fn lines(at: usize, of_rows: &AccountRows, within: &dyn Fn(Date) -> bool, known: &Known, into: &mut Vec<Line>) {
    for line in of_rows.lines.iter().filter(|it| within(it.entry_date)) {
        let record = line.record();
        into.push(Line {
            account: at,
            on: line.entry_date.to_string(),
            amount: line.amount.amount_text(),
            sha256: known.digests.get(&record).map_or_else(|| "0".repeat(64), |it| it.1.clone()),
            record: record.to_string(),
        });
    }
}

fn account(of: &AccountProof, figures: &crate::proof::Figures, period: &Period) -> Result<Account, ServiceError> {
    let opening = of.ledger(&|day| day < period.first_day())?;
    let moved = || of.lines.iter().filter(|it| period.contains(it.on)).map(|it| it.amount);
    let additions = Money::sum(of.currency, moved().filter(|it| !it.is_negative()))?;
    let clearances = -Money::sum(of.currency, moved().filter(|it| it.is_negative()))?;
    Ok(Account {
        account: of.account.clone(),
        currency: of.currency.to_string(),
        opening: opening.amount_text(),
        additions: additions.amount_text(),
        clearances: clearances.amount_text(),
        closing: opening.checked_add(additions)?.checked_sub(clearances)?.amount_text(),
        ledger: figures.ledger.amount_text(),
        store: figures.store.amount_text(),
        timing: figures.timing.amount_text(),
        variance: figures.variance.amount_text(),
        exceptions_store: figures.exceptions_store.amount_text(),
        exceptions_ledger: figures.exceptions_ledger.amount_text(),
        unexplained: figures.unexplained.amount_text(),
        lines: 0,
        store_records: 0,
        ledger_records: 0,
    })
}

fn outside(rows: &ProofRows, within: &dyn Fn(Date) -> bool) -> Vec<Outside> {
    let wanted = rows.outside.iter().filter(|it| within(it.item.on));
    let mut all: Vec<Outside> = wanted
        .map(|it| Outside {
            side: if it.is_store { STORE } else { LEDGER },
            record: it.item.record.to_string(),
            leg: leg(&it.item),
            on: it.item.on.to_string(),
            amount: it.item.amount.amount_text(),
            currency: it.item.amount.currency().to_string(),
            account: it.item.account.clone(),
            why: it.why,
        })
        .collect();
    all.sort_by(|a, b| (&a.on, &a.record, a.leg).cmp(&(&b.on, &b.record, b.leg)));
    all
}

/// Every entry of these days that was approved or is further on, by its id.
fn approvals(reader: &Reader<'_>, within: &dyn Fn(Date) -> bool) -> Result<Vec<Approved>, ServiceError> {
    let mut all = Vec::new();
    for it in reader.postings()? {
        let is_approved = !matches!(it.posting.state.as_str(), "proposed" | "held" | "voided");
        if is_approved && within(it.posting.document.on()) {
            all.push(approved(reader, &it)?);
        }
    }
    all.sort_by(|a, b| a.posting.cmp(&b.posting));
    Ok(all)
}

fn approved(reader: &Reader<'_>, it: &StoredPosting) -> Result<Approved, ServiceError> {
    let trail = reader.audit_of(&format!("posting/{}", it.posting.id))?;
    let last = |action: &str| trail.iter().rev().find(|row| row.action == action);
    let approval = last("posting approved");
    let overridden = last(crate::control::OVERRIDDEN).filter(|row| approval.is_some_and(|it| it.at == row.at));
    let document = &it.posting.document;
    Ok(Approved {
        posting: it.posting.id.to_string(),
        kind: document.kind().title().to_owned(),
        state: it.posting.state.as_str().to_owned(),
        on: document.on().to_string(),
        amount: document.amount().amount_text(),
        currency: document.amount().currency().to_string(),
        reference: document.natural_key().0,
        fingerprint: it.fingerprint.to_string(),
        settings: it.posting.settings_version,
        prepared_by: crate::control::prepared_by(&trail).unwrap_or_default(),
        approved_by: approval.map(|it| it.actor.clone()).unwrap_or_default(),
        approved_at: approval.map(|it| it.at.to_string()).unwrap_or_default(),
        overridden: overridden.map(|it| it.reason.clone()).unwrap_or_default(),
    })
}
