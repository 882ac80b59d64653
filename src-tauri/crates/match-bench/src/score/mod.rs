//! The verdict over someone's matches: which groups are exactly right, how much money sits in wrong ones, whether what should
//! stay alone was left alone, and what fails outright. Several sets of data are pooled by adding up, not by averaging.

pub mod files;
mod report;
mod swaps;

use files::{Data, Match, Side};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// At or above this a match is proposed without asking.
pub const AUTOMATIC: f64 = 0.90;
const BANDS: [f64; 5] = [0.0, 0.5, 0.9, 0.95, 0.99];

#[derive(Default, Clone, Copy, Debug)]
pub struct Share {
    pub right: usize,
    pub all: usize,
}

#[derive(Default, Debug)]
pub struct Kind {
    pub groups: usize,
    pub automatic: usize,
    pub suggested: usize,
    /// Automatic groups which are wrong and whose first payment belongs to this kind.
    pub false_automatic: usize,
}

#[derive(Default)]
pub struct Score {
    pub groups: usize,
    pub automatic: Share,
    pub money: f64,
    pub false_money: f64,
    pub pairs: usize,
    pub automatic_pairs: Share,
    pub all_pairs: Share,
    pub exceptions: Share,
    pub exceptions_all: Share,
    pub kinds: BTreeMap<String, Kind>,
    pub bands: [Share; BANDS.len()],
    pub twice: usize,
    pub not_money: usize,
    pub currencies: usize,
    pub swaps: usize,
    /// Exceptions that are listed although matched, or missing although not matched.
    pub exceptions_misstated: usize,
    /// Exceptions of money listed with the truth's reason, among those that belong nowhere.
    pub reasons: Share,
}

impl Score {
    pub fn add(&mut self, folder: &Path, matches: &Path, exceptions: Option<&Path>, show: usize) -> anyhow::Result<()> {
        let data = Data::read(folder)?;
        let matches = data.matches(matches)?;
        self.judge(&data, &matches, show);
        if let Some(path) = exceptions {
            self.exceptions_misstated += misstated(&data, &matches, path)?;
            self.reasons(&data, path)?;
        }
        Ok(())
    }

    pub fn judge(&mut self, data: &Data, matches: &[Match], show: usize) {
        let truth: HashMap<Vec<u64>, usize> =
            data.groups.iter().enumerate().map(|(at, it)| (key(data, &it.members), at)).collect();
        let group_of = groups_with_twins(data);
        let home = |member: u32| group_of[member as usize];
        for group in &data.groups {
            self.groups += 1;
            self.kinds.entry(group.kind.clone()).or_default().groups += 1;
            let left = group.members.iter().filter(|&&it| data.records[it as usize].side == Side::P).count();
            self.pairs += left * (group.members.len() - left);
        }
        let mut shown = 0;
        let mut found = HashSet::new();
        for it in matches {
            let right = truth.get(&key(data, &it.members)).copied().filter(|group| found.insert(*group));
            let is_automatic = it.confidence >= AUTOMATIC;
            let band = BANDS.iter().rposition(|edge| it.confidence >= *edge).unwrap_or(0);
            self.bands[band].count(right.is_some());
            let (all, true_pairs) = pairs(data, &it.members, home);
            self.all_pairs.all += all;
            self.all_pairs.right += true_pairs;
            let own = right.or_else(|| it.members.iter().find_map(|&member| home(member)).map(|group| group as usize));
            let kind = own.map_or("exception", |group| data.groups[group].kind.as_str()).to_owned();
            let kind = self.kinds.entry(kind).or_default();
            if right.is_some() {
                kind.suggested += usize::from(!is_automatic);
                kind.automatic += usize::from(is_automatic);
            }
            if is_automatic {
                self.automatic_pairs.all += all;
                self.automatic_pairs.right += true_pairs;
                self.automatic.count(right.is_some());
                let money = weight(data, &it.members);
                self.money += money;
                if right.is_none() {
                    self.false_money += money;
                    kind.false_automatic += 1;
                    if shown < show {
                        shown += 1;
                        show_match(data, it, own);
                    }
                }
            }
            self.outright(data, it, right.is_some());
        }
        show_missed(data, &found, show);
        self.alone(data, matches);
        let automatic: Vec<&Match> = matches.iter().filter(|it| it.confidence >= AUTOMATIC).collect();
        self.swaps += swaps::count(data, &automatic);
        self.twice += twice(matches);
    }

    /// A payment still under way and one that was held back look the same before the next settlement.
    fn reasons(&mut self, data: &Data, path: &Path) -> anyhow::Result<()> {
        let known = |reason: &str| if reason == "in-transit" { "missing-settlement" } else { reason }.to_owned();
        for row in csv::Reader::from_path(path)?.records() {
            let row = row?;
            let record = &data.records[data.find(Side::read(&row[0])?, &row[1])? as usize];
            if record.group.is_none() && record.is_money() {
                self.reasons.count(known(&row[2]) == known(&record.reason));
            }
        }
        Ok(())
    }

    /// A euro may well be worth a dollar after the bank's spread: equal digits are no fault of a match that is right.
    fn outright(&mut self, data: &Data, it: &Match, is_right: bool) {
        let records = || it.members.iter().map(|&member| &data.records[member as usize]);
        self.not_money += records().filter(|it| !it.is_money()).count();
        let of = |side: Side| records().filter(move |it| it.side == side);
        let mixed = |side: Side| of(side).map(|it| it.currency.as_str()).collect::<HashSet<_>>().len() > 1;
        let sum = |side: Side| of(side).map(|it| it.amount).sum::<i64>();
        let currency = |side: Side| of(side).next().map(|it| it.currency.as_str());
        let differ = matches!((currency(Side::P), currency(Side::R)), (Some(one), Some(other)) if one != other);
        let equal_digits = !is_right && differ && sum(Side::P) == sum(Side::R);
        self.currencies += usize::from(mixed(Side::P) || mixed(Side::R) || equal_digits);
    }

    /// Records that belong to nobody and were left alone. Of two that cannot be told apart either may stay.
    fn alone(&mut self, data: &Data, matches: &[Match]) {
        let mut taken = vec![(false, false); data.records.len()];
        for it in matches {
            for &member in &it.members {
                taken[member as usize].0 |= it.confidence >= AUTOMATIC;
                taken[member as usize].1 = true;
            }
        }
        for (which, total) in [(0, &mut self.exceptions), (1, &mut self.exceptions_all)] {
            let mut twins: HashMap<u32, (usize, usize)> = HashMap::new();
            for (record, taken) in data.records.iter().zip(&taken) {
                let is_taken = if which == 0 { taken.0 } else { taken.1 };
                let belongs_nowhere = record.group.is_none() && record.is_money();
                if record.twin != 0 {
                    let twin = twins.entry(record.twin).or_default();
                    twin.0 += usize::from(belongs_nowhere);
                    twin.1 += usize::from(!is_taken);
                } else if belongs_nowhere {
                    total.count(!is_taken);
                }
            }
            for (alone, left) in twins.into_values() {
                total.all += alone;
                total.right += alone.min(left);
            }
        }
    }
}

impl Share {
    fn count(&mut self, right: bool) {
        self.all += 1;
        self.right += usize::from(right);
    }
}

/// A set of members, in which records that cannot be told apart are the same.
fn key(data: &Data, members: &[u32]) -> Vec<u64> {
    let mut key: Vec<u64> = members
        .iter()
        .map(|&it| match data.records[it as usize].twin {
            0 => u64::from(it),
            twin => u64::from(twin) << 32,
        })
        .collect();
    key.sort_unstable();
    key
}

/// The group of each record; one without takes its twin's.
fn groups_with_twins(data: &Data) -> Vec<Option<u32>> {
    let twins: HashMap<u32, u32> =
        data.records.iter().filter(|it| it.twin != 0).filter_map(|it| Some((it.twin, it.group?))).collect();
    data.records.iter().map(|it| it.group.or_else(|| twins.get(&it.twin).copied())).collect()
}

/// How many pairs of a payment and a receipt the match states, and how many are so.
fn pairs(data: &Data, members: &[u32], home: impl Fn(u32) -> Option<u32>) -> (usize, usize) {
    let mut groups: HashMap<u32, (usize, usize)> = HashMap::new();
    let (mut left, mut right) = (0, 0);
    for &member in members {
        let is_payment = data.records[member as usize].side == Side::P;
        left += usize::from(is_payment);
        right += usize::from(!is_payment);
        if let Some(group) = home(member) {
            let counted = groups.entry(group).or_default();
            counted.0 += usize::from(is_payment);
            counted.1 += usize::from(!is_payment);
        }
    }
    (left * right, groups.values().map(|(left, right)| left * right).sum())
}

fn weight(data: &Data, members: &[u32]) -> f64 {
    let of = |side: Side| {
        members
            .iter()
            .map(|&it| &data.records[it as usize])
            .filter(|it| it.side == side)
            .map(|it| it.weight)
            .sum::<f64>()
    };
    let payments = of(Side::P);
    if payments > 0.0 { payments } else { of(Side::R) }
}

fn twice(matches: &[Match]) -> usize {
    let mut seen = HashSet::new();
    matches.iter().flat_map(|it| &it.members).filter(|it| !seen.insert(**it)).count()
}

/// Every record stands in the matches or in the exceptions, once.
fn misstated(data: &Data, matches: &[Match], path: &Path) -> anyhow::Result<usize> {
    let mut times = vec![0usize; data.records.len()];
    for &member in matches.iter().flat_map(|it| &it.members) {
        times[member as usize] += 1;
    }
    for row in csv::Reader::from_path(path)?.records() {
        let row = row?;
        times[data.find(Side::read(&row[0])?, &row[1])? as usize] += 1;
    }
    Ok(times.iter().filter(|it| **it != 1).count())
}

fn show_match(data: &Data, it: &Match, own: Option<usize>) {
    eprintln!("FALSE {} at {} ({} members)", it.id, it.confidence, it.members.len());
    show_members(data, &it.members);
    if let Some(group) = own {
        eprintln!("  truth: {}", data.groups[group].kind);
        show_members(data, &data.groups[group].members);
    }
}

fn show_missed(data: &Data, found: &HashSet<usize>, show: usize) {
    for (at, group) in data.groups.iter().enumerate().filter(|(at, _)| !found.contains(at)).take(show) {
        eprintln!("MISSED {at} {}", group.kind);
        show_members(data, &group.members);
    }
}

fn show_members(data: &Data, members: &[u32]) {
    for &member in members.iter().take(8) {
        eprintln!("    {}", data.records[member as usize].row.iter().collect::<Vec<_>>().join(" | "));
    }
}
