//! How late the ledger is on each channel, and when a gateway pays out.

use super::Together;
use crate::items::{Item, ItemKind};
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;
use tieout_money::Currency;

/// Fewer matches than this say nothing about a channel.
const MATCHES_MIN: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LagKind {
    /// From a capture or refund to its record in the ledger.
    Booking,
    /// From a payout to its record in the ledger.
    Payout,
    /// From a capture to the day its payout leaves the gateway.
    Settlement,
}

/// A clearing account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Channel {
    pub account: String,
    pub currency: Currency,
    pub kind: LagKind,
}

/// Days, counted by the calendar. Nine of ten come from `soonest` to `latest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    pub channel: Channel,
    pub matches: usize,
    pub soonest: i32,
    pub usual: i32,
    pub latest: i32,
    /// The longest ever seen.
    pub longest: i32,
}

pub type Lags = BTreeMap<Channel, Lag>;

/// From matches of one record with one, and from captures whose payout is known.
pub fn lags(accepted: &[Together<'_>], left: &[Item]) -> Lags {
    let mut days: BTreeMap<Channel, Vec<i32>> = BTreeMap::new();
    let mut add = |item: &Item, kind: LagKind, to: Date| {
        if !item.account.is_empty() {
            let channel = Channel { account: item.account.clone(), currency: item.amount.currency(), kind };
            days.entry(channel).or_default().push((to - item.on).get_days());
        }
    };
    for it in accepted {
        match it.left.kind {
            ItemKind::Capture | ItemKind::Refund => add(it.left, LagKind::Booking, it.right.on),
            ItemKind::Payout => add(it.left, LagKind::Payout, it.right.on),
            _ => {}
        }
    }
    let payouts: BTreeMap<(&str, &str), Date> = left
        .iter()
        .filter(|it| it.kind == ItemKind::Payout && !it.payout_id.is_empty())
        .map(|it| ((it.payout_id.as_str(), it.account.as_str()), it.on))
        .collect();
    for item in left.iter().filter(|it| it.kind == ItemKind::Capture && !it.payout_id.is_empty()) {
        if let Some(on) = payouts.get(&(item.payout_id.as_str(), item.account.as_str())) {
            add(item, LagKind::Settlement, *on);
        }
    }
    days.into_iter()
        .filter(|(_, all)| all.len() >= MATCHES_MIN)
        .map(|(channel, all)| (channel.clone(), lag(channel, all)))
        .collect()
}

fn lag(channel: Channel, mut days: Vec<i32>) -> Lag {
    days.sort_unstable();
    let at = |share: usize| days[(days.len() - 1) * share / 100];
    Lag { channel, matches: days.len(), soonest: at(5), usual: at(50), latest: at(95), longest: at(100) }
}

/// When payouts of a channel leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    pub account: String,
    pub currency: Currency,
    pub payouts: usize,
    /// Monday first.
    pub weekdays: [usize; 7],
    /// Days from one payout to the next, the usual number.
    pub every_days: i32,
}

impl Rhythm {
    /// Weekdays that hold at least a tenth of the payouts, Monday first.
    pub fn days(&self) -> Vec<Weekday> {
        const WEEK: [Weekday; 7] = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        WEEK.into_iter()
            .zip(self.weekdays)
            .filter(|(_, count)| *count > 0 && count * 10 >= self.payouts)
            .map(|it| it.0)
            .collect()
    }
}

pub fn rhythms(left: &[Item]) -> Vec<Rhythm> {
    let mut days: BTreeMap<(&str, Currency), Vec<Date>> = BTreeMap::new();
    for item in left.iter().filter(|it| it.kind == ItemKind::Payout) {
        days.entry((&item.account, item.amount.currency())).or_default().push(item.on);
    }
    let mut all = Vec::new();
    for ((account, currency), mut on) in days {
        if on.len() < MATCHES_MIN {
            continue;
        }
        let mut weekdays = [0; 7];
        for day in &on {
            weekdays[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())] += 1;
        }
        on.sort_unstable();
        let payouts = on.len();
        on.dedup();
        let mut gaps: Vec<i32> = on.windows(2).map(|it| (it[1] - it[0]).get_days()).collect();
        gaps.sort_unstable();
        let every_days = gaps.get(gaps.len() / 2).copied().unwrap_or_default();
        all.push(Rhythm { account: account.to_owned(), currency, payouts, weekdays, every_days });
    }
    all
}
