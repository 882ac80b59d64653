use crate::company::Company;
use crate::error::ServiceError;
use crate::learned::{aliases_in_use, items};
use crate::reconcile::is_confirmed;
use crate::sides::Sides;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{Evidence, MatchGroup, RecordRef};
use tieout_matching::Outcome;
use tieout_matching::learn::Together;
use tieout_matching::rules::{Facts, Rules, Step, run};
use tieout_money::Currency;
use tieout_planning::Settings;

/// Rules, and the facts they are applied with.
#[derive(Clone)]
pub(crate) struct RuleBook {
    pub rules: Rules,
    pub facts: Facts,
}

impl RuleBook {
    /// Those in force.
    pub fn read(company: &Company, settings: &Settings, sides: &Sides) -> Result<RuleBook, ServiceError> {
        let matches = company.store.read(|reader| reader.matches())?;
        let matches: Vec<MatchGroup> = matches.into_iter().map(|it| it.group).collect();
        RuleBook::over(company, settings, sides, &matches)
    }

    /// The same beside matches that were read already.
    pub fn over(
        company: &Company,
        settings: &Settings,
        sides: &Sides,
        matches: &[MatchGroup],
    ) -> Result<RuleBook, ServiceError> {
        let confirmed: Vec<MatchGroup> = matches.iter().filter(|it| is_confirmed(it)).cloned().collect();
        let (saved, rejected, off) = company.store.read(|reader| {
            let off = crate::learned::off(reader.learned_off()?);
            Ok::<_, tieout_store::StoreError>((reader.rules()?, reader.rejected_pairs()?, off))
        })?;
        let (rules, version) = match saved {
            Some(it) => (Rules::parse(&it.text).map_err(ServiceError::Rules)?, it.version),
            None => (Rules::default(), 0),
        };
        let facts = Facts {
            version,
            gateways: gateways(settings),
            party_percent: settings.matching.name_percent_min,
            aliases: aliases_in_use(&confirmed, sides, &off),
            rejected: rejected.into_iter().map(|it| (it.left, it.right)).collect(),
            spent: spent(&confirmed, sides),
        };
        Ok(RuleBook { rules, facts })
    }

    /// Records that a rule keeps out of matching.
    pub fn kept_out(&self, sides: &Sides) -> BTreeSet<RecordRef> {
        let keeps_out = |it: &&Step| matches!(it, Step::Ignore { .. });
        let steps: Vec<Step> = self.rules.steps.iter().filter(keeps_out).cloned().collect();
        if steps.is_empty() {
            return BTreeSet::new();
        }
        let rules = Rules { calendar: self.rules.calendar.clone(), steps };
        let nothing = Outcome { matches: Vec::new(), left_over: Vec::new(), right_over: Vec::new() };
        let ruled = run(&rules, &self.facts, &sides.left, &sides.right, |_, _| Some(nothing.clone()));
        ruled.map(|it| it.ignored.into_keys().collect()).unwrap_or_default()
    }

    /// The same facts, other rules.
    pub fn with(&self, rules: Rules) -> RuleBook {
        let facts = Facts { version: self.facts.version + 1, ..self.facts.clone() };
        RuleBook { rules, facts }
    }
}

/// A payment method and a settlement source both name the clearing accounts where their money waits.
fn gateways(settings: &Settings) -> BTreeMap<String, BTreeSet<(String, Currency)>> {
    let mut gateways: BTreeMap<String, BTreeSet<(String, Currency)>> = BTreeMap::new();
    for it in &settings.clearing {
        for name in [&it.method, &it.settlement].into_iter().filter(|it| !it.is_empty()) {
            gateways.entry(name.clone()).or_default().insert((it.account.clone(), it.currency));
        }
    }
    gateways
}

/// Differences that people accepted in matches of each rule: they count against its caps.
fn spent(confirmed: &[MatchGroup], sides: &Sides) -> BTreeMap<String, Vec<(Date, Currency, i64)>> {
    let days: BTreeMap<&RecordRef, Date> = sides.right.iter().map(|it| (&it.record, it.on)).collect();
    let mut spent: BTreeMap<String, Vec<(Date, Currency, i64)>> = BTreeMap::new();
    for group in confirmed.iter().filter(|it| !it.is_exact()) {
        let day = group.right.first().and_then(|it| days.get(it));
        if let (Some(rule), Some(day)) = (group.rule(), day) {
            let size = group.variance.abs();
            spent.entry(rule.to_owned()).or_default().push((*day, size.currency(), size.minor()));
        }
    }
    spent
}

/// Matches of one record with one that stand, but for those that are Tieout's own postings: those teach nothing about others.
pub(crate) fn settled_pairs<'a>(matches: &[MatchGroup], sides: &'a Sides) -> Vec<Together<'a>> {
    let items = items(sides);
    let is_ours = |it: &MatchGroup| it.evidence.iter().any(|it| matches!(it, Evidence::PostedByTieout { .. }));
    let pairs = matches.iter().filter(|it| it.is_settled() && !is_ours(it)).filter_map(|it| {
        let ([left], [right]) = (it.left.as_slice(), it.right.as_slice()) else { return None };
        Some(Together { left: items.get(left)?, right: items.get(right)? })
    });
    pairs.collect()
}
