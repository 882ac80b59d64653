//! The pairs a rule could make among what is open, found by reference or by amount, never by looking at all pairs.

use super::calendar::Calendar;
use super::fit::{Facts, Pair, keys_of, tokens_of};
use super::forced::Graph;
use super::rule::{Days, Rule};
use crate::items::Item;
use std::collections::{BTreeMap, BTreeSet};
use tieout_money::Currency;

/// One record has this many candidates at most; with more of them it is left open, and whom it could take stays contested.
pub const CANDIDATES_MAX: usize = 64;
/// Records looked at for one: by one reference, or of one amount within the days.
pub const LOOKED_AT_MAX: usize = 4_096;

pub struct Candidates {
    pub graph: Graph,
    /// Records with more candidates than are looked at.
    pub crowded: usize,
}

/// `left` and `right` are what the rule looks at, each in order of its records.
pub fn candidates(rule: &Rule, calendar: &Calendar, facts: &Facts, left: &[&Item], right: &[&Item]) -> Candidates {
    let mut found = Candidates {
        graph: Graph {
            lefts: left.len(),
            rights: right.len(),
            edges: Vec::new(),
            left_is_blocked: vec![false; left.len()],
            right_is_blocked: vec![false; right.len()],
        },
        crowded: 0,
    };
    if rule.agree.reference {
        found.by_reference(left, right, |left, right| Pair { rule, calendar, facts, left, right }.fits());
    } else {
        found.by_amount(rule, calendar, left, right, |left, right| Pair { rule, calendar, facts, left, right }.fits());
    }
    found.crowded = found.graph.left_is_blocked.iter().filter(|it| **it).count();
    found
}

impl Candidates {
    /// Those of `near` that fit, unless they are too many; then the record is blocked, and all it could take.
    fn add(&mut self, left: usize, near: impl Iterator<Item = usize>, mut fits: impl FnMut(usize) -> bool) {
        let start = self.graph.edges.len();
        for right in near {
            if fits(right) {
                self.graph.edges.push((left, right));
                if self.graph.edges.len() - start > CANDIDATES_MAX {
                    self.graph.left_is_blocked[left] = true;
                }
            }
        }
        if self.graph.left_is_blocked[left] {
            for (_, right) in self.graph.edges.drain(start..) {
                self.graph.right_is_blocked[right] = true;
            }
        }
    }

    fn by_reference(&mut self, left: &[&Item], right: &[&Item], fits: impl Fn(&Item, &Item) -> bool) {
        let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, item) in right.iter().enumerate() {
            for token in tokens_of(item) {
                named.entry(token).or_default().push(at);
            }
        }
        let mut crowded: BTreeSet<String> = BTreeSet::new();
        for (at, item) in left.iter().enumerate() {
            let keys: BTreeSet<String> = keys_of(item).collect();
            let mut near: BTreeSet<usize> = BTreeSet::new();
            for key in keys {
                let Some(all) = named.get(&key) else { continue };
                if all.len() > LOOKED_AT_MAX {
                    self.graph.left_is_blocked[at] = true;
                    if crowded.insert(key) {
                        for right in all {
                            self.graph.right_is_blocked[*right] = true;
                        }
                    }
                } else {
                    near.extend(all);
                }
            }
            self.add(at, near.into_iter(), |other| fits(item, right[other]));
        }
    }

    fn by_amount(
        &mut self,
        rule: &Rule,
        calendar: &Calendar,
        left: &[&Item],
        right: &[&Item],
        fits: impl Fn(&Item, &Item) -> bool,
    ) {
        let day = |item: &Item| days_since(item.on);
        let mut sorted: Vec<(Currency, i64, i64, usize)> =
            right.iter().enumerate().map(|(at, it)| (it.amount.currency(), it.amount.minor(), day(it), at)).collect();
        sorted.sort_unstable();
        // Where a stretch of `sorted` is blocked as a whole: +1 where it begins, -1 after its end.
        let mut blocked = vec![0i64; sorted.len() + 1];
        let span = calendar_days(rule, calendar);
        for (at, item) in left.iter().enumerate() {
            let (currency, minor, on) = (item.amount.currency(), item.amount.minor(), day(item));
            let (above, below) = rule.tolerance.allowed(minor.abs());
            let (more, less) = if minor < 0 { (below, above) } else { (above, below) };
            let from = (currency, minor.saturating_sub(less), i64::MIN, 0);
            let to = (currency, minor.saturating_add(more), i64::MAX, usize::MAX);
            let (from, to) = if (above, below) == (0, 0) {
                ((currency, minor, on - span.0, 0), (currency, minor, on + span.1, usize::MAX))
            } else {
                (from, to)
            };
            let start = sorted.partition_point(|it| *it < from);
            let end = sorted.partition_point(|it| *it <= to);
            if end - start > LOOKED_AT_MAX {
                self.graph.left_is_blocked[at] = true;
                blocked[start] += 1;
                blocked[end] -= 1;
                continue;
            }
            let near = sorted[start..end].iter().map(|it| it.3);
            self.add(at, near, |other| fits(item, right[other]));
        }
        let mut open = 0;
        for (at, change) in blocked.iter().take(sorted.len()).enumerate() {
            open += change;
            if open > 0 {
                self.graph.right_is_blocked[sorted[at].3] = true;
            }
        }
    }
}

fn days_since(day: jiff::civil::Date) -> i64 {
    i64::from((day - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Days of the calendar that hold the window, before and after: what is outside is not looked at.
fn calendar_days(rule: &Rule, calendar: &Calendar) -> (i64, i64) {
    let wide = |days: u16| match rule.window.days {
        Days::Calendar => i64::from(days),
        // Two weekend days with every five, one weekend more at either end, and every holiday there is.
        Days::Business => i64::from(days) + (i64::from(days) / 5 + 2) * 2 + calendar.holidays.len() as i64,
    };
    (wide(rule.window.before), wide(rule.window.after))
}
