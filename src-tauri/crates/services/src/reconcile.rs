//! One matching run over everything cached. What Tieout posted itself is linked first, by its own key; the engine sees
//! the rest.

use crate::company::Company;
use crate::error::ServiceError;
use crate::rules::RuleBook;
use crate::sides::{Sides, posted_records};
use crate::watch::{Unwatched, Watch};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Confidence, Evidence, MatchGroup, MatchKind, MatchStatus, PostingState, RecordRef};
use tieout_matching::{Item, ItemKind, Unmatched, WhyNot, rules};
use tieout_money::{Currency, Money, Totals};
use tieout_planning::{OpenItem, Settings, Why};

const ACTOR: &str = "match";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReconcileReport {
    pub groups: usize,
    pub automatic: usize,
    pub suggested: usize,
    /// By the pass that found them.
    pub by_evidence: BTreeMap<String, usize>,
    pub left_over: usize,
    pub right_over: usize,
    /// Records that a rule keeps out of matching.
    pub ignored: usize,
    /// What each rule did, in their order.
    pub rules: Vec<RuleYield>,
}

/// What one rule of the accountant's did in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleYield {
    pub rule: String,
    pub matched: usize,
    pub ignored: usize,
    /// Pairs that fit and could be swapped for others: left to a person.
    pub contested: usize,
    /// Pairs left open since the rule's differences would pass their cap.
    pub over_cap: usize,
    /// Records with more candidates than are looked at: left open.
    pub budget_reached: usize,
}

impl ReconcileReport {
    pub(crate) fn yields_of(run: &Run) -> Vec<RuleYield> {
        run.yields.iter().map(rule_yield).collect()
    }
}

/// Matches, and keeps what was found: engine matches replace the last run's, what a person confirmed stays.
pub fn reconcile(company: &Company) -> Result<ReconcileReport, ServiceError> {
    reconcile_watched(company, &Unwatched)
}

/// Stopped, the matches of the last run stay as they are.
pub fn reconcile_watched(company: &Company, watch: &dyn Watch) -> Result<ReconcileReport, ServiceError> {
    let (settings, settings_version) = company.settings()?;
    let sides = Sides::read(company, &settings)?;
    let run = Run::watched(company, &settings, &sides, watch)?;
    watch.go_on()?;
    let found: Vec<MatchGroup> = run.matches.iter().filter(|it| !is_confirmed(it)).cloned().collect();
    let went_by = format!("settings version {settings_version}, rules version {}", run.rules_version);
    let stored = company.store.write(ACTOR, company.now(), |tx| tx.replace_matches_under(&found, &went_by))?;
    if stored.held_back.is_empty() {
        crate::last_run::remember(company, &settings, &sides)?;
    }
    let mut report = ReconcileReport {
        left_over: run.left_over.len(),
        right_over: run.right_over.len(),
        ignored: run.ignored.len(),
        rules: ReconcileReport::yields_of(&run),
        ..Default::default()
    };
    for group in &run.matches {
        report.groups += 1;
        if group.is_settled() {
            report.automatic += 1;
        } else {
            report.suggested += 1;
        }
        *report.by_evidence.entry(group.pass.clone()).or_default() += 1;
    }
    Ok(report)
}

/// What a person confirmed, as it is, and what a run finds among the rest.
pub struct Run {
    pub matches: Vec<MatchGroup>,
    /// A person's matches with a member that is gone at its source: they settle nothing, and only a person ends them.
    pub broken: Vec<MatchGroup>,
    /// Fee rows that a receipt entered net already holds, with the place of its match in `matches`.
    pub covered: BTreeMap<RecordRef, usize>,
    pub left_over: Vec<OpenItem>,
    pub right_over: Vec<OpenItem>,
    /// Records that a rule keeps out, with its name: in no match and not among what is left over.
    pub ignored: BTreeMap<RecordRef, String>,
    /// What each rule did, in their order.
    pub yields: Vec<tieout_matching::rules::Yield>,
    pub rules_version: u32,
}

impl Run {
    pub fn over(company: &Company, settings: &Settings, sides: &Sides) -> Result<Run, ServiceError> {
        Run::watched(company, settings, sides, &Unwatched)
    }

    pub fn watched(
        company: &Company,
        settings: &Settings,
        sides: &Sides,
        watch: &dyn Watch,
    ) -> Result<Run, ServiceError> {
        let book = RuleBook::read(company, settings, sides)?;
        Run::by(&book, company, settings, sides, watch)
    }

    /// By other rules than those in force.
    pub(crate) fn by(
        book: &RuleBook,
        company: &Company,
        settings: &Settings,
        sides: &Sides,
        watch: &dyn Watch,
    ) -> Result<Run, ServiceError> {
        let stored = company.store.read(|reader| reader.matches())?;
        let confirmed = stored.into_iter().map(|it| it.group).filter(is_confirmed);
        let (mut matches, broken): (Vec<MatchGroup>, Vec<MatchGroup>) = confirmed.partition(|it| is_whole(it, sides));
        let mut taken: BTreeSet<RecordRef> =
            matches.iter().chain(&broken).flat_map(|it| it.members().cloned()).collect();
        let ours = written_by_us(sides, &mut taken);
        matches.extend(ours);
        let open =
            |items: &[Item]| -> Vec<Item> { items.iter().filter(|it| !taken.contains(&it.record)).cloned().collect() };
        let mut go_on = |pass: usize, of: usize| {
            watch.count("pass", pass as u64, of as u64);
            !watch.is_stopped()
        };
        let (left, right) = (open(&sides.left), open(&sides.right));
        let built_in = |left: &[Item], right: &[Item]| {
            tieout_matching::reconcile_while(left, right, &settings.matching, &mut go_on)
        };
        let ruled = rules::run(&book.rules, &book.facts, &left, &right, built_in).ok_or(ServiceError::Stopped)?;
        let outcome = crate::decisions::left_open_by_person(&book.facts.rejected, sides, ruled.outcome);
        matches.extend(outcome.matches);
        let covered = fees_inside_receipts(sides, &matches);
        let open_items = |over: Vec<Unmatched>| -> Vec<OpenItem> {
            over.into_iter()
                .filter(|it| !covered.contains_key(&it.record) && !ruled.ignored.contains_key(&it.record))
                .map(|it| match ruled.left_open.get(&it.record) {
                    Some(open) => OpenItem {
                        record: it.record,
                        why: Why::Ambiguous { with: open.with.clone(), sentence: open.sentence.clone() },
                    },
                    None => open_item(it.record, &it.why_not),
                })
                .collect()
        };
        Ok(Run {
            left_over: open_items(outcome.left_over),
            right_over: open_items(outcome.right_over),
            matches,
            broken,
            covered,
            ignored: ruled.ignored,
            yields: ruled.yields,
            rules_version: book.facts.version,
        })
    }
}

/// What Tieout itself wrote is linked by its own keys, and taken.
pub(crate) fn written_by_us(sides: &Sides, taken: &mut BTreeSet<RecordRef>) -> Vec<MatchGroup> {
    let mut matches = reversed_by_us(sides, taken);
    taken.extend(matches.iter().flat_map(|it| it.members().cloned()));
    let posted = posted_by_us(sides, taken);
    taken.extend(posted.iter().flat_map(|it| it.members().cloned()));
    matches.extend(posted);
    matches.extend(crate::decisions::written_off_lines(sides, taken));
    taken.extend(matches.iter().flat_map(|it| it.members().cloned()));
    matches
}

fn rule_yield(it: &rules::Yield) -> RuleYield {
    RuleYield {
        rule: it.name.clone(),
        matched: it.matched,
        ignored: it.ignored,
        contested: it.contested,
        over_cap: it.over_cap,
        budget_reached: it.budget_reached,
    }
}

pub(crate) fn is_confirmed(group: &MatchGroup) -> bool {
    matches!(group.status, MatchStatus::Confirmed { .. })
}

/// All its members are still at their source.
pub(crate) fn is_whole(group: &MatchGroup, sides: &Sides) -> bool {
    group.members().all(|it| sides.versions.contains_key(it))
}

fn open_item(record: RecordRef, why: &WhyNot) -> OpenItem {
    let why = match why {
        WhyNot::Twin { of } => Why::Twin { of: of.clone() },
        WhyNot::Ambiguous { with } => Why::Ambiguous { with: with.clone(), sentence: why.sentence() },
        other => Why::Nothing(other.sentence()),
    };
    OpenItem { record, why }
}

/// Fees of charges whose receipt was entered net: the fee is in the receipt, and no entry for it is missing.
pub(crate) fn fees_inside_receipts(sides: &Sides, matches: &[MatchGroup]) -> BTreeMap<RecordRef, usize> {
    let is_net = |it: &MatchGroup| it.evidence.iter().any(|it| matches!(it, Evidence::NetOfFee { .. }));
    let in_match: BTreeMap<&RecordRef, usize> =
        matches.iter().enumerate().flat_map(|(at, it)| it.left.iter().map(move |record| (record, at))).collect();
    let net: BTreeMap<&str, usize> = sides
        .payments
        .iter()
        .filter_map(|payment| {
            let at = *in_match.get(&payment.record())?;
            payment.gateway_ref.as_deref().filter(|_| is_net(&matches[at])).map(|reference| (reference, at))
        })
        .collect();
    sides
        .settlements
        .iter()
        .filter(|row| !in_match.contains_key(&row.record()))
        .filter_map(|row| Some((row.record(), *net.get(row.gateway_ref.as_str())?)))
        .collect()
}

/// An entry and its reversal cancel each other, account by account; the store's record is open again.
fn reversed_by_us(sides: &Sides, taken: &BTreeSet<RecordRef>) -> Vec<MatchGroup> {
    let mut groups = Vec::new();
    for it in &sides.postings {
        let PostingState::Reversed { by } = &it.posting.state else { continue };
        let Some(reversal) = sides.postings.iter().find(|other| other.posting.id == *by) else { continue };
        let keys = [it.posting.document.natural_key().0, reversal.posting.document.natural_key().0];
        let mut by_account: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in sides.right.iter().filter(|it| keys.contains(&it.reference) && !taken.contains(&it.record)) {
            by_account.entry(&item.account).or_default().push(item);
        }
        for items in by_account.into_values() {
            let Ok(sum) = Money::sum(items[0].amount.currency(), items.iter().map(|it| it.amount)) else { continue };
            if sum.is_zero() {
                let right: Vec<RecordRef> = items.iter().map(|it| it.record.clone()).collect();
                groups.push(MatchGroup {
                    id: MatchGroup::id_of(&[], &right),
                    kind: MatchKind::ManyToMany,
                    left: vec![],
                    right,
                    status: MatchStatus::Automatic,
                    pass: "reversed by Tieout".into(),
                    confidence: Confidence(10_000),
                    evidence: vec![Evidence::PostedByTieout { key: keys[1].clone() }],
                    variance: sum,
                });
            }
        }
    }
    groups
}

/// Entries Tieout posted carry their own key: the link is a fact, not a finding. Postings that share a record are one
/// group (a receipt and the write-off of its cents).
fn posted_by_us(sides: &Sides, taken: &BTreeSet<RecordRef>) -> Vec<MatchGroup> {
    let keys = posted_records(&sides.postings);
    let mut group_of_key: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<(BTreeSet<RecordRef>, BTreeSet<String>)> = Vec::new();
    for (record, keys) in keys {
        let at = keys.iter().find_map(|key| group_of_key.get(key)).copied().unwrap_or_else(|| {
            groups.push(Default::default());
            groups.len() - 1
        });
        groups[at].0.insert(record);
        for key in keys {
            group_of_key.insert(key.clone(), at);
            groups[at].1.insert(key);
        }
    }
    let left: BTreeMap<&RecordRef, &Item> = sides.left.iter().map(|it| (&it.record, it)).collect();
    let mut right: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in &sides.right {
        right.entry(item.reference.as_str()).or_default().push(item);
    }
    groups.iter().filter_map(|(records, keys)| posted_group(records, keys, &left, &right, taken)).collect()
}

fn posted_group(
    records: &BTreeSet<RecordRef>,
    keys: &BTreeSet<String>,
    left: &BTreeMap<&RecordRef, &Item>,
    right: &BTreeMap<&str, Vec<&Item>>,
    taken: &BTreeSet<RecordRef>,
) -> Option<MatchGroup> {
    let lefts: Vec<&Item> =
        records.iter().filter(|it| !taken.contains(it)).filter_map(|it| left.get(it).copied()).collect();
    let account = lefts.first()?.account.as_str();
    let is_bank = lefts[0].kind == ItemKind::BankLine;
    let rights: Vec<&Item> = keys
        .iter()
        .flat_map(|key| right.get(key.as_str()).into_iter().flatten().copied())
        .filter(|it| !taken.contains(&it.record) && (is_bank || it.account == account || account.is_empty()))
        .collect();
    if rights.is_empty() {
        return None;
    }
    let currency: Currency = lefts[0].amount.currency();
    let sum = |items: &[&Item]| Totals::of(items.iter().map(|it| it.amount)).map(|it| it.get(currency));
    let variance = sum(&lefts).ok()?.checked_sub(sum(&rights).ok()?).ok()?;
    let refs = |items: &[&Item]| {
        items.iter().map(|it| it.record.clone()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let (left, right) = (refs(&lefts), refs(&rights));
    Some(MatchGroup {
        id: MatchGroup::id_of(&left, &right),
        kind: MatchKind::of(left.len(), right.len()),
        left,
        right,
        status: MatchStatus::Automatic,
        pass: "posted by Tieout".into(),
        confidence: Confidence(10_000),
        evidence: vec![Evidence::PostedByTieout { key: keys.iter().next().cloned().unwrap_or_default() }],
        variance,
    })
}
