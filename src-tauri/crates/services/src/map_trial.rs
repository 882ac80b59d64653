//! The mapping text before it is in force: what it would change line by line, and what planning would make of everything that
//! is in the data folder. Nothing is kept.

use crate::company::Company;
use crate::error::ServiceError;
use crate::propose::over_snapshot_with;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use tieout_domain::Exception;
use tieout_planning::{Plan, Settings, plan};

/// Rows told one by one; the counts hold everything.
const NAMED_MAX: usize = 50;

/// One key of the text, as it is and as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MapChange {
    /// `items.LK-NEW-01`, `clearing[Stripe USD].account`.
    pub key: String,
    /// `None`: it is not said, or would not be said any more.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What planning comes to under one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Proposals by kind of document.
    pub proposals: BTreeMap<String, usize>,
    /// Exceptions of planning by kind.
    pub exceptions: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MapTrial {
    pub changes: Vec<MapChange>,
    pub before: Outcome,
    pub after: Outcome,
    /// Exceptions that would be gone, and new ones: how many, and the first of them with the money at stake.
    pub healed: usize,
    pub made: usize,
    pub healed_first: Vec<String>,
    pub made_first: Vec<String>,
    /// Proposals that would be new, other than now, or gone.
    pub proposals_new: usize,
    pub proposals_changed: usize,
    pub proposals_gone: usize,
}

/// A wrong text is refused with its line.
pub fn map_diff(company: &Company, text: &str) -> Result<Vec<MapChange>, ServiceError> {
    let (now, _) = company.settings()?;
    Ok(changes(&now, &Settings::parse(text)?))
}

pub fn map_test(company: &Company, text: &str) -> Result<MapTrial, ServiceError> {
    let (now, version) = company.settings()?;
    let wanted = Settings::parse(text)?;
    let look = |settings: &Settings| over_snapshot_with(company, settings, version, |snapshot| Ok(plan(snapshot)));
    let (before, after) = (look(&now)?, look(&wanted)?);
    let by_id = |plan: &Plan| -> BTreeMap<String, Exception> {
        plan.exceptions.iter().map(|it| (it.id().0, it.clone())).collect()
    };
    let (was, is) = (by_id(&before), by_id(&after));
    let not_in = |one: &BTreeMap<String, Exception>, other: &BTreeMap<String, Exception>| -> Vec<String> {
        one.iter().filter(|(id, _)| !other.contains_key(*id)).map(|(_, it)| in_words(it)).collect()
    };
    let (healed, made) = (not_in(&was, &is), not_in(&is, &was));
    let prints = |plan: &Plan| -> BTreeMap<String, String> {
        plan.proposals.iter().map(|it| (it.id.0.clone(), it.fingerprint().to_string())).collect()
    };
    let (stood, stand) = (prints(&before), prints(&after));
    Ok(MapTrial {
        changes: changes(&now, &wanted),
        healed: healed.len(),
        made: made.len(),
        healed_first: healed.into_iter().take(NAMED_MAX).collect(),
        made_first: made.into_iter().take(NAMED_MAX).collect(),
        proposals_new: stand.keys().filter(|it| !stood.contains_key(*it)).count(),
        proposals_changed: stand.iter().filter(|(id, print)| stood.get(*id).is_some_and(|it| it != *print)).count(),
        proposals_gone: stood.keys().filter(|it| !stand.contains_key(*it)).count(),
        before: outcome(&before),
        after: outcome(&after),
    })
}

fn in_words(it: &Exception) -> String {
    let money = it.at_stake.map(|it| format!(", {it} at stake")).unwrap_or_default();
    format!("{}: {}{money}: {}", it.kind.title(), it.subject, it.why_not)
}

fn outcome(plan: &Plan) -> Outcome {
    let mut outcome = Outcome::default();
    for it in &plan.proposals {
        *outcome.proposals.entry(it.document.kind().title().to_owned()).or_default() += 1;
    }
    for it in &plan.exceptions {
        *outcome.exceptions.entry(it.kind.as_str().to_owned()).or_default() += 1;
    }
    outcome
}

fn changes(now: &Settings, wanted: &Settings) -> Vec<MapChange> {
    let (now, wanted) = (keys(now), keys(wanted));
    let all: std::collections::BTreeSet<&String> = now.keys().chain(wanted.keys()).collect();
    all.into_iter()
        .filter(|key| now.get(*key) != wanted.get(*key))
        .map(|key| MapChange { key: key.clone(), before: now.get(key).cloned(), after: wanted.get(key).cloned() })
        .collect()
}

/// Every key with its value, what is not said with the value it has then.
fn keys(settings: &Settings) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let value = serde_json::to_value(settings).expect("settings are plain data");
    flatten(String::new(), &value, &mut all);
    all
}

fn flatten(path: String, value: &Value, into: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, it)| flatten(below(name), it, into)),
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            for (at, row) in rows.iter().enumerate() {
                let named = ["method", "currency", "name"].iter().filter_map(|it| row.get(it)?.as_str());
                let named: Vec<&str> = named.collect();
                let name = if named.is_empty() { (at + 1).to_string() } else { named.join(" ") };
                flatten(format!("{path}[{name}]"), row, into);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(into.insert(path, text.clone())),
        other => drop(into.insert(path, other.to_string())),
    }
}
