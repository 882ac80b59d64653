use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::is_confirmed;
use crate::sides::Sides;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{MatchGroup, RecordRef};
use tieout_matching::rules::{Facts, Rules};
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
        let (saved, rejected, confirmed) = company.store.read(|reader| {
            let confirmed: Vec<MatchGroup> =
                reader.matches()?.into_iter().map(|it| it.group).filter(is_confirmed).collect();
            Ok::<_, tieout_store::StoreError>((reader.rules()?, reader.rejected_pairs()?, confirmed))
        })?;
        let (rules, version) = match saved {
            Some(it) => (Rules::parse(&it.text).map_err(ServiceError::Rules)?, it.version),
            None => (Rules::default(), 0),
        };
        let facts = Facts {
            version,
            gateways: gateways(settings),
            party_percent: settings.matching.name_percent_min,
            aliases: BTreeMap::new(),
            rejected: rejected.into_iter().map(|it| (it.left, it.right)).collect(),
            spent: spent(&confirmed, sides),
        };
        Ok(RuleBook { rules, facts })
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
