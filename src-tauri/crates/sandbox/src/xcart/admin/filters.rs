//! Filters and sort orders of the admin API. What it does not know or cannot read filters nothing: everything
//! comes back (`reference/xcart.md` 0.5).

use crate::xcart::model::{Store, UnixSeconds};
use crate::xcart::php::{Query, date_time};
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// `name[after|strictly_after|before|strictly_before]`, already read.
#[derive(Default)]
pub struct DateFilter {
    after: Option<UnixSeconds>,
    strictly_after: Option<UnixSeconds>,
    before: Option<UnixSeconds>,
    strictly_before: Option<UnixSeconds>,
}

impl DateFilter {
    pub fn parse(store: &Store, query: &Query, name: &str) -> DateFilter {
        let zone = TimeZone::get(&store.settings.time_zone).unwrap_or(TimeZone::UTC);
        let read = |part: &str| query.part(name, part).and_then(|text| date_time(text, &zone, store.clock));
        DateFilter {
            after: read("after"),
            strictly_after: read("strictly_after"),
            before: read("before"),
            strictly_before: read("strictly_before"),
        }
    }

    pub fn lets_through(&self, date: UnixSeconds) -> bool {
        self.after.is_none_or(|bound| date >= bound)
            && self.strictly_after.is_none_or(|bound| date > bound)
            && self.before.is_none_or(|bound| date <= bound)
            && self.strictly_before.is_none_or(|bound| date < bound)
    }
}

/// Exactly one of the values given; no such parameter lets everything through.
pub fn is_one_of(wanted: Option<&Vec<&str>>, value: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| value.is_some_and(|value| wanted.contains(&value)))
}

/// `LIKE '%text%'`, which in MySQL's usual collations does not mind case.
pub fn contains(wanted: Option<&str>, value: &str) -> bool {
    wanted.is_none_or(|wanted| value.to_lowercase().contains(&wanted.to_lowercase()))
}

/// Sorts by each `order[name]=asc|desc` in the order given; names `key` does not know and other directions are
/// ignored. Rows must come sorted by id, which decides ties.
pub fn sort<T>(query: &Query, rows: &mut [&T], compare: impl Fn(&str, &T, &T) -> Option<Ordering>) {
    let wanted: Vec<(&str, bool)> = query
        .named("order")
        .filter_map(|it| {
            let downwards = match it.value.to_ascii_lowercase().as_str() {
                "asc" => false,
                "desc" => true,
                _ => return None,
            };
            (it.parts.len() == 1).then(|| (it.parts[0].as_str(), downwards))
        })
        .collect();
    rows.sort_by(|a, b| {
        wanted
            .iter()
            .filter_map(|(name, downwards)| {
                let order = compare(name, a, b)?;
                Some(if *downwards { order.reverse() } else { order })
            })
            .fold(Ordering::Equal, Ordering::then)
    });
}
