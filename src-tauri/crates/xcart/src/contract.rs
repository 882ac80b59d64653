//! What X-Cart was recorded to send, and where a store departs from it: a field nobody has seen, one that is missing,
//! one of another kind. Noticed once with an example, told to whoever reads, and never in the way: what is needed and cannot
//! be read is refused row by row elsewhere.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

/// `path TAB kinds TAB always|sometimes`, made from the recordings (`tests/contract.rs`).
const RECORDED: &str = include_str!("contract.tsv");
const LONGEST_EXAMPLE: usize = 80;
/// A store that sends thousands of unknown fields is told about the first ones.
const MOST: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    New,
    Missing,
    OtherKind,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change::New => "is new",
            Change::Missing => "is missing",
            Change::OtherKind => "is of another kind",
        })
    }
}

/// One field that was not as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// `a order.items[].sku`, as in [`crate::FIELDS`].
    pub field: String,
    pub change: Change,
    /// What was there, redacted and cut; for a missing field the beginning of what it was missing in.
    pub example: String,
    pub rows: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Contract {
    found: Mutex<BTreeMap<(String, Change), Departure>>,
}

struct Recorded {
    kinds: &'static str,
    always: Vec<&'static str>,
}

/// By path; the fields that were always there under the path of what holds them.
static FIELDS: LazyLock<BTreeMap<&'static str, Recorded>> = LazyLock::new(|| {
    let mut fields: BTreeMap<&'static str, Recorded> = BTreeMap::new();
    for line in RECORDED.lines() {
        let mut columns = line.split('\t');
        let (Some(path), Some(kinds), Some(always)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        fields.entry(path).or_insert(Recorded { kinds: "", always: Vec::new() }).kinds = kinds;
        if always == "always" {
            let holder = path.rsplit_once('.').map_or("", |(holder, _)| holder);
            fields.entry(holder).or_insert(Recorded { kinds: "", always: Vec::new() }).always.push(path);
        }
    }
    fields
});

/// One letter a kind. Whole and broken numbers are one: PHP writes `20` for 20.0.
pub fn kind_of(value: &Value) -> char {
    match value {
        Value::Null => '-',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) => 't',
        Value::Array(_) => 'l',
        Value::Object(_) => 'o',
    }
}

impl Contract {
    /// Compares one redacted row.
    pub fn compare(&self, entity: &str, row: &Value) {
        if let Value::Object(_) = row {
            self.walk(entity, row);
        }
    }

    pub fn departures(&self) -> Vec<Departure> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn walk(&self, path: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = format!("{path}.{name}");
                    match FIELDS.get(path.as_str()) {
                        None => self.note(path, Change::New, value),
                        // Absent, null and PHP's empty list for an empty map are one.
                        Some(it) if value.is_null() || it.kinds.contains(kind_of(value)) || is_empty(value) => {
                            self.walk(&path, value);
                        }
                        Some(_) => self.note(path, Change::OtherKind, value),
                    }
                }
                for missing in FIELDS.get(path).into_iter().flat_map(|it| &it.always) {
                    let name = missing.rsplit_once('.').map_or(*missing, |(_, name)| name);
                    if !fields.contains_key(name) {
                        self.note((*missing).to_owned(), Change::Missing, value);
                    }
                }
            }
            Value::Array(rows) => {
                let path = format!("{path}[]");
                // A list that was empty in every recording: nobody knows what its rows hold, so nothing in them is new.
                if !FIELDS.range(path.as_str()..).next().is_some_and(|(known, _)| known.starts_with(path.as_str())) {
                    return;
                }
                rows.iter().for_each(|it| self.walk(&path, it));
            }
            _ => {}
        }
    }

    fn note(&self, field: String, change: Change, value: &Value) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = found.get_mut(&(field.clone(), change)) {
            known.rows += 1;
            return;
        }
        if found.len() >= MOST {
            return;
        }
        let example: String = value.to_string().chars().take(LONGEST_EXAMPLE).collect();
        tracing::warn!(%field, %change, %example, "X-Cart: the answer is not as recorded");
        found.insert((field.clone(), change), Departure { field, change, example, rows: 1 });
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(row: &Value) -> Vec<(String, String)> {
        let contract = Contract::default();
        contract.compare("a order", row);
        contract.compare("a order", row);
        assert!(contract.departures().iter().all(|it| it.rows == 2));
        contract.departures().into_iter().map(|it| (format!("{} {}", it.field, it.change), it.example)).collect()
    }

    fn recorded() -> Value {
        let text = include_str!("../tests/recordings/api55-orders-get-1.json");
        serde_json::from_str::<Value>(text).unwrap()["body"].clone()
    }

    #[test]
    fn a_recorded_order_departs_from_nothing() {
        assert_eq!(found(&recorded()), []);
    }

    #[test]
    fn a_new_a_missing_and_a_changed_field_are_each_told_with_an_example() {
        let mut order = recorded();
        order["loyalty_points"] = json!(12);
        order["items"][0]["sku"] = json!({ "code": "A" });
        order.as_object_mut().unwrap().remove("total");
        let said: Vec<_> = found(&order);
        assert_eq!(said[0], ("a order.items[].sku is of another kind".into(), "{\"code\":\"A\"}".into()));
        assert_eq!(said[1], ("a order.loyalty_points is new".into(), "12".into()));
        assert_eq!(said[2].0, "a order.total is missing");
        assert_eq!(said.len(), 3);
    }

    #[test]
    fn a_flood_of_new_fields_is_bounded() {
        let flood: serde_json::Map<_, _> = (0..2000).map(|it| (format!("f{it}"), json!(it))).collect();
        let contract = Contract::default();
        contract.compare("a order", &Value::Object(flood));
        assert_eq!(contract.departures().len(), MOST);
    }
}
