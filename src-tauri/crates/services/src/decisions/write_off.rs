//! The entry that takes up the difference of a match a person accepts: within the limits of the settings, proposed like any
//! other, approved by a person before it is sent.

use super::board::Board;
use super::change::{MatchChange, WRITE_OFF_DIFFERENCE, parsed};
use super::facts::{MatchFacts, MatchRecord};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tieout_domain::ledger::Books;
use tieout_domain::{
    Check, CheckLevel, Document, LedgerAccount, MatchGroup, Period, Posting, PostingId, PostingState, RecordRef,
};
use tieout_money::Money;
use tieout_planning::{Settings, is_write_off, payment_key, write_off_entry};
use tieout_store::StoredPosting;

/// Ends the key, so that the cumulative limits count it (`tieout_planning::is_write_off`).
const MARK: &str = "-WO";

/// Whether the difference may be written off, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOff {
    pub account: String,
    pub limit: Money,
    /// Why it may not; none when it may.
    pub refused: Option<String>,
}

pub fn offered(board: &Board, group: &MatchGroup) -> WriteOff {
    let settings = &board.facts.settings;
    let limit = Settings::limit(&settings.limits.write_off_item, group.variance.currency());
    let refused = refusal(&board.facts, group, limit);
    WriteOff { account: settings.accounts.write_off.clone(), limit, refused }
}

fn refusal(facts: &MatchFacts, group: &MatchGroup, limit: Money) -> Option<String> {
    let settings = &facts.settings;
    // Its entry would rest on the whole record, and its key be the one of every other part.
    if group.members().filter_map(|it| facts.records.get(it)).any(|it| it.part_of.is_some()) {
        return Some("the difference of a part is not booked; split the record in other amounts".into());
    }
    if settings.accounts.write_off.is_empty() {
        return Some("accounts.write_off is empty in Settings".into());
    }
    let (account, on) = place(&facts.records, group)?;
    if !settings.clearing_accounts().contains(&(account.clone(), group.variance.currency())) {
        return Some(format!("{account} is no clearing account; correct it in Intacct"));
    }
    let size = group.variance.abs().amount();
    let of = largest(&facts.records, group);
    let share = of * Decimal::new(i64::from(settings.limits.write_off_basis_points), 4);
    if size > limit.amount() {
        return Some(format!("above the limit of {}", limit.amount_text()));
    }
    if size > share {
        let percent = Decimal::new(i64::from(settings.limits.write_off_basis_points), 2).normalize();
        return Some(format!("more than {percent} % of the amount"));
    }
    let key = key(facts, group);
    let used = |counts: &dyn Fn(Date) -> bool| written_off(&facts.sides.postings, &key, group.variance, counts);
    let of_day = Settings::limit(&settings.limits.write_off_day, limit.currency());
    if used(&|day| day == on) + size > of_day.amount() {
        return Some(format!("the day's limit of {} is used up", of_day.amount_text()));
    }
    let of_period = Settings::limit(&settings.limits.write_off_period, limit.currency());
    if used(&|day| Period::of(day) == Period::of(on)) + size > of_period.amount() {
        return Some(format!("the period's limit of {} is used up", of_period.amount_text()));
    }
    None
}

/// What other write-offs of the currency come to, posted or on their way.
fn written_off(postings: &[StoredPosting], but: &str, like: Money, counts: &dyn Fn(Date) -> bool) -> Decimal {
    let stands = |state: &PostingState| {
        !matches!(state, PostingState::Voided { .. } | PostingState::Refused { .. } | PostingState::Reversed { .. })
    };
    postings
        .iter()
        .filter(|it| stands(&it.posting.state) && is_write_off(&it.posting.document))
        .filter(|it| it.posting.document.natural_key().0 != but && counts(it.posting.document.on()))
        .map(|it| it.posting.document.amount())
        .filter(|amount| amount.currency() == like.currency())
        .map(|amount| amount.abs().amount())
        .sum()
}

fn largest(records: &BTreeMap<RecordRef, MatchRecord>, group: &MatchGroup) -> Decimal {
    group.members().filter_map(|it| records.get(it)).map(|it| it.amount.abs().amount()).max().unwrap_or_default()
}

/// The clearing account the difference sits on, and the day the later side has.
fn place(records: &BTreeMap<RecordRef, MatchRecord>, group: &MatchGroup) -> Option<(String, Date)> {
    let members = || group.members().filter_map(|it| records.get(it));
    let account = members().map(|it| &it.account).find(|it| !it.is_empty()).cloned().unwrap_or_default();
    Some((account, members().map(|it| it.on).max()?))
}

/// From the payment where there is one; else from the match, its digest in letters so that no run of digits looks like an
/// order number.
fn key(facts: &MatchFacts, group: &MatchGroup) -> String {
    let payment = facts.sides.payments.iter().find(|it| group.left.contains(&it.record()));
    match payment {
        Some(payment) => format!("{}{MARK}", payment_key(payment)),
        None => {
            let digits = group.id.0.chars().filter_map(|it| it.to_digit(16));
            let letters: String = digits.map(|it| char::from(b'A' + u8::try_from(it).unwrap_or(0))).collect();
            format!("TO-M-{letters}{MARK}")
        }
    }
}

/// The posting that a write-off of this group proposes, and the key planning knows it by.
pub fn draft_write_off(
    company: &Company,
    board: &Board,
    group: &MatchGroup,
) -> Result<(Posting, String), ServiceError> {
    if let Some(why) = offered(board, group).refused {
        let value = group.variance.to_string();
        return Err(ServiceError::BadInput { field: "difference", value, why });
    }
    draft(company, &board.facts.settings, board.facts.settings_version, &board.facts, group)
}

fn draft(
    company: &Company,
    settings: &Settings,
    settings_version: u32,
    facts: &MatchFacts,
    group: &MatchGroup,
) -> Result<(Posting, String), ServiceError> {
    let missing = || ServiceError::BadInput {
        field: "match",
        value: group.id.to_string(),
        why: "its records are not in the cache any more".into(),
    };
    let (account, own_day) = place(&facts.records, group).ok_or_else(missing)?;
    let key = key(facts, group);
    let names: Vec<&str> =
        group.members().filter_map(|it| facts.records.get(it)).map(|it| it.number.as_str()).take(3).collect();
    let memo = format!("Difference of {}", names.join(" and "));
    let on = match crate::choices::chosen(company)?.get(&key) {
        Some(tieout_planning::Choice::PostOn(day)) => *day,
        _ => own_day,
    };
    let entry = write_off_entry(settings, &account, group.variance, on, &key, &memo).map_err(|error| {
        ServiceError::BadInput { field: "difference", value: group.variance.to_string(), why: error.to_string() }
    })?;
    let facts_of = group.members().map(|it| (it.clone(), facts.records.get(it).map_or(0, |it| it.version)));
    let posting = Posting {
        id: PostingId(format!("p-{key}")),
        facts: facts_of.collect(),
        checks: checks(company, settings, &account, on, own_day, group.variance)?,
        document: Document::JournalEntry(entry),
        because: format!("a person accepted the difference of {}", group.variance),
        settings_version,
        after: vec![],
        state: PostingState::Proposed,
    };
    Ok((posting, key))
}

fn checks(
    company: &Company,
    settings: &Settings,
    account: &str,
    on: Date,
    own_day: Date,
    difference: Money,
) -> Result<Vec<Check>, ServiceError> {
    let books = company.books()?;
    let accounts = company.store.read(|reader| reader.load_all::<LedgerAccount>())?;
    let check = |level, text: String| Check { level, text };
    let mut checks = vec![check(
        CheckLevel::Pass,
        format!("{} is within the write-off limit of {}", difference.abs(), settings.limits.write_off_item),
    )];
    if !books.as_ref().is_none_or(|it: &Books| it.is_open_on(on)) {
        checks
            .push(check(CheckLevel::Blocked, format!("it belongs on {on}, and the books are closed through that day")));
    } else if on != own_day {
        checks.push(check(CheckLevel::Review, format!("dated {on} instead of {own_day}, as a person chose")));
    }
    let dimensions = settings.default_dimensions();
    for number in [account, settings.accounts.write_off.as_str()] {
        let Some(known) = accounts.iter().map(|it| &it.value).find(|it| it.number == number) else {
            if !accounts.is_empty() {
                checks.push(check(CheckLevel::Blocked, format!("account {number} does not exist in Intacct")));
            }
            continue;
        };
        let needs = [
            (known.requires_location && dimensions.location.is_empty(), "location"),
            (known.requires_department && dimensions.department.is_empty(), "department"),
            (known.requires_customer, "customer"),
            (known.requires_item, "item"),
        ];
        if !known.active {
            checks.push(check(CheckLevel::Blocked, format!("account {number} {} is inactive", known.title)));
        }
        for (_, name) in needs.into_iter().filter(|(missing, _)| *missing) {
            checks.push(check(CheckLevel::Blocked, format!("account {number} {} requires a {name}", known.title)));
        }
    }
    checks.sort_by_key(|it| std::cmp::Reverse(it.level));
    Ok(checks)
}

/// The entries of every write-off that stands, for a planning run: they come from a person, not from the facts.
pub(crate) fn standing(company: &Company) -> Result<Vec<Posting>, ServiceError> {
    let decisions = company.store.read(|reader| reader.decisions(WRITE_OFF_DIFFERENCE))?;
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    let facts = MatchFacts::read(company)?;
    let mut postings = Vec::new();
    for decision in decisions {
        let change: MatchChange = parsed(&decision)?;
        for group in &change.added {
            let stored = company.store.read(|reader| reader.match_group(&group.id))?;
            if stored.is_some_and(|it| it.group == *group) && !group.variance.is_zero() {
                let (posting, _) = draft(company, &facts.settings, facts.settings_version, &facts, group)?;
                postings.push(posting);
            }
        }
    }
    Ok(postings)
}
