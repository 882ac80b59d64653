//! Everything learned from what people accepted, in one list: each piece with what it rests on, and a switch. What is learned is
//! read from the matches anew each time; only the switches are kept.
//!
//! Invariant: nothing learned posts anything, or counts as matched by itself: an alias makes a pair a suggestion, a lag only says
//! when something is late, a proposed rule is a text for a person to try and save.

use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::is_confirmed;
use crate::rules::{RuleBook, settled_pairs};
use crate::sides::Sides;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{MatchGroup, RecordRef};
use tieout_matching::Item;
use tieout_matching::learn::{self, Lag, LagKind, Lags, Rhythm, Together};
use tieout_planning::Settings;
use tieout_store::{Rejection, StoreError, SwitchedOff};

/// What a match made by hand is called by.
const BY_HAND: &str = "by hand";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnedKind {
    /// A rule that matches by hand follow; a text until a person saves it.
    ProposedRule,
    /// Which customer a payer is.
    Alias,
    /// How late the ledger is on a channel.
    Lag,
    /// When a gateway pays out.
    Rhythm,
    /// A pair that is not offered again.
    Rejection,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Stable from run to run; what is switched off is kept by it.
    pub id: String,
    pub kind: LearnedKind,
    pub title: String,
    pub detail: String,
    /// How many matches or payouts it rests on.
    pub rests_on: usize,
    /// False: a person switched it off.
    pub is_on: bool,
    /// On, and certain enough to be used.
    pub is_used: bool,
    /// Proposed rules only: one `[[rule]]` block to try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Proposed rules only, over history, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<u32>,
}

/// All of it: proposed rules first, then by title.
pub fn learned(company: &Company) -> Result<Vec<Learned>, ServiceError> {
    let (settings, _) = company.settings()?;
    learned_over(company, &settings, &Sides::read(company, &settings)?)
}

pub fn learned_over(company: &Company, settings: &Settings, sides: &Sides) -> Result<Vec<Learned>, ServiceError> {
    let (matches, off, rejections) = company.store.read(|reader| {
        let matches: Vec<MatchGroup> = reader.matches()?.into_iter().map(|it| it.group).collect();
        Ok::<_, StoreError>((matches, off(reader.learned_off()?), reader.rejections()?))
    })?;
    let book = RuleBook::read(company, settings, sides)?;
    let mut all = Vec::new();
    all.extend(proposed_rules(&book, sides, &matches, &off));
    all.extend(alias_list(&confirmed_pairs(&matches, sides), &off));
    let lags = learn::lags(&settled_pairs(&matches, sides), &sides.left);
    all.extend(lags.values().map(|it| of_lag(it, &off)));
    all.extend(learn::rhythms(&sides.left).iter().map(|it| of_rhythm(it, &off)));
    all.extend(rejections.iter().map(of_rejection));
    all.sort_by(|a, b| (a.kind, &a.title).cmp(&(b.kind, &b.title)));
    Ok(all)
}

/// Switches one piece off or on again. It must be there: a name mistyped would be kept for good.
pub fn switch_learned(
    company: &Company,
    by: &str,
    id: &str,
    is_on: bool,
    reason: &str,
) -> Result<Learned, ServiceError> {
    let all = learned(company)?;
    let known = all.into_iter().find(|it| it.id == id).ok_or_else(|| ServiceError::BadInput {
        field: "learned",
        value: id.to_owned(),
        why: "nothing of that name is learned".into(),
    })?;
    company.store.write(by, company.now(), |tx| tx.switch_learned(id, &known.title, is_on, reason).map(drop))?;
    Ok(Learned { is_on, ..known })
}

pub(crate) fn off(all: Vec<SwitchedOff>) -> BTreeSet<String> {
    all.into_iter().map(|it| it.id).collect()
}

/// One record with one, accepted or made by a person.
fn confirmed_pairs<'a>(matches: &'a [MatchGroup], sides: &'a Sides) -> Vec<Together<'a>> {
    let confirmed: Vec<MatchGroup> = matches.iter().filter(|it| is_confirmed(it)).cloned().collect();
    settled_pairs(&confirmed, sides)
}

fn alias_id(payer: &str) -> String {
    format!("alias:{payer}")
}

/// Payer -> customer, of those that are certain and not switched off.
pub(crate) fn aliases_in_use(
    confirmed: &[MatchGroup],
    sides: &Sides,
    off: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    let all = learn::aliases(&settled_pairs(confirmed, sides));
    let used = all.into_iter().filter(|it| it.is_certain() && !off.contains(&alias_id(&it.payer)));
    used.map(|it| (it.payer, it.customer)).collect()
}

/// Those not switched off.
pub(crate) fn lags_in_use(matches: &[MatchGroup], sides: &Sides, off: &BTreeSet<String>) -> Lags {
    let mut lags = learn::lags(&settled_pairs(matches, sides), &sides.left);
    lags.retain(|_, it| !off.contains(&lag_id(it)));
    lags
}

fn alias_list(pairs: &[Together<'_>], off: &BTreeSet<String>) -> Vec<Learned> {
    let all = learn::aliases(pairs).into_iter().map(|it| {
        let id = alias_id(&it.payer);
        let (is_on, is_certain) = (!off.contains(&id), it.is_certain());
        let detail = if is_certain {
            "counts as the same party; what rests on it is only suggested".to_owned()
        } else {
            format!("met with {} more, so it is not used", counted(it.others, "customer", "customers"))
        };
        Learned {
            title: format!("{} is {} {}", it.payer, it.customer, it.customer_name).trim().to_owned(),
            ..plain(id, LearnedKind::Alias, detail, it.matches, is_on, is_on && is_certain)
        }
    });
    all.collect()
}

fn plain(id: String, kind: LearnedKind, detail: String, rests_on: usize, is_on: bool, is_used: bool) -> Learned {
    Learned {
        title: String::new(),
        id,
        kind,
        detail,
        rests_on,
        is_on,
        is_used,
        rule: None,
        precision: None,
        recall: None,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("one {one}") } else { format!("{count} {many}") }
}

fn lag_id(it: &Lag) -> String {
    format!("lag:{:?}:{}:{}", it.channel.kind, it.channel.account, it.channel.currency).to_lowercase()
}

fn of_lag(it: &Lag, off: &BTreeSet<String>) -> Learned {
    let id = lag_id(it);
    let is_on = !off.contains(&id);
    let channel = format!("{} in {}", it.channel.account, it.channel.currency);
    let what = match it.channel.kind {
        LagKind::Booking => format!("Payments on {channel} are booked"),
        LagKind::Payout => format!("Payouts on {channel} are booked"),
        LagKind::Settlement => format!("Payments on {channel} are paid out"),
    };
    let when = match (it.soonest, it.latest) {
        (0, 0) => "on the same day".to_owned(),
        (soonest, latest) if soonest == latest => counted_days(latest),
        (soonest, latest) => format!("{soonest} to {}", counted_days(latest)),
    };
    let detail = format!("usually {}, at most {} so far", counted_days(it.usual), counted_days(it.longest));
    Learned { title: format!("{what} {when}"), ..plain(id, LearnedKind::Lag, detail, it.matches, is_on, is_on) }
}

fn counted_days(days: i32) -> String {
    match days {
        0 => "the same day".into(),
        1 => "1 day later".into(),
        _ => format!("{days} days later"),
    }
}

fn of_rhythm(it: &Rhythm, off: &BTreeSet<String>) -> Learned {
    let id = format!("rhythm:{}:{}", it.account, it.currency).to_lowercase();
    let is_on = !off.contains(&id);
    let days: Vec<String> = it.days().iter().map(|it| format!("{it:?}")).collect();
    let detail = format!("usually every {}", counted(usize::try_from(it.every_days).unwrap_or(0), "day", "days"));
    Learned {
        title: format!("Payouts on {} in {} leave on {}", it.account, it.currency, days.join(", ")),
        ..plain(id, LearnedKind::Rhythm, detail, it.payouts, is_on, is_on)
    }
}

fn of_rejection(it: &Rejection) -> Learned {
    let detail = match (it.has_lapsed, it.is_off) {
        (true, _) => "one of the two says something else since: it may be offered again".to_owned(),
        (false, true) => "may be offered again".to_owned(),
        (false, false) => format!("taken apart by {}; not offered until one of the two changes", it.by),
    };
    Learned {
        title: format!("{} does not belong with {}", it.pair.left.id, it.pair.right.id),
        ..plain(it.pair.learned_id(), LearnedKind::Rejection, detail, 1, !it.is_off, !it.is_off && !it.has_lapsed)
    }
}

fn proposed_rules(book: &RuleBook, sides: &Sides, matches: &[MatchGroup], off: &BTreeSet<String>) -> Vec<Learned> {
    let by_hand: Vec<MatchGroup> =
        matches.iter().filter(|it| is_confirmed(it) && it.pass == BY_HAND).cloned().collect();
    let pairs = settled_pairs(&by_hand, sides);
    let known = settled_pairs(matches, sides);
    let proposals = learn::proposals(&pairs, &book.facts);
    // What the rules in force say already needs no proposal.
    let said = |name: &str| book.rules.rule(name).is_some();
    let new = proposals.into_iter().filter(|it| !said(&it.rule.name));
    let all = new.map(|it| {
        let score = learn::score(&it.rule, &book.facts, &sides.left, &sides.right, &known);
        let id = format!("rule:{}", it.rule.name);
        let is_on = !off.contains(&id);
        let detail = format!(
            "over history: {} right, {} wrong, {} among what is open; finds {} of {} matches it looks at",
            score.right, score.wrong, score.new, score.right, score.in_scope
        );
        Learned {
            title: it.rule.name.clone(),
            rule: Some(it.rule.to_text()),
            precision: score.precision(),
            recall: score.recall(),
            ..plain(id, LearnedKind::ProposedRule, detail, it.alike, is_on, false)
        }
    });
    all.collect()
}

/// Every record of both sides by its name.
pub(crate) fn items(sides: &Sides) -> BTreeMap<&RecordRef, &Item> {
    sides.left.iter().chain(&sides.right).map(|it| (&it.record, it)).collect()
}
