//! What is to come: every capture, refund and payout without a counterpart predicts one, with its amount, account and days.
//!
//! Invariants: pure; a record with a counterpart expects nothing; what is late is late by the lag its channel is known for, and
//! where none is known by the window of the settings, which is said.

use crate::items::{Item, ItemKind};
use crate::learn::{Channel, LagKind, Lags};
use jiff::ToSpan;
use jiff::civil::Date;
use tieout_domain::RecordRef;
use tieout_money::{Currency, Money};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeFrom {
    /// The settlement file says it.
    File,
    /// Computed from the gateway's contract; the file may say another one.
    Contract,
    /// No fee is known.
    Nowhere,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    pub record: RecordRef,
    pub kind: ItemKind,
    pub on: Date,
    /// As the store says it, signed.
    pub gross: Money,
    /// Zero or negative.
    pub fee: Money,
    pub fee_from: FeeFrom,
    /// After the fee: what arrives.
    pub net: Money,
    /// Where; empty where no setting names it.
    pub account: String,
    /// Nine of ten of its channel come between these days.
    pub from: Date,
    pub to: Date,
    /// How many matches the days rest on; none: they are the window of the settings.
    pub learned_from: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its first day has not come.
    NotYet,
    Due,
    /// So many days past its last day.
    Overdue(i32),
}

impl Expectation {
    /// A timing item until its last day is over, an error after it.
    pub fn standing(&self, today: Date) -> Standing {
        let late = (today - self.to).get_days();
        match late {
            1.. => Standing::Overdue(late),
            _ if today < self.from => Standing::NotYet,
            _ => Standing::Due,
        }
    }
}

/// What is not known from records.
pub struct Known<'a> {
    /// Learned and not switched off.
    pub lags: &'a Lags,
    /// Days after a record that its counterpart may be dated where no lag is known.
    pub days_after_max: i32,
    /// A gateway's charge for a capture on an account, by its contract: never positive.
    pub contract_fee: &'a dyn Fn(&str, Currency, Money) -> Option<Money>,
}

/// `open` are the store's records without a counterpart. In order of their records.
pub fn expectations<'a>(open: impl IntoIterator<Item = &'a Item>, known: &Known<'_>) -> Vec<Expectation> {
    let mut all: Vec<Expectation> = open.into_iter().filter_map(|it| expectation(it, known)).collect();
    all.sort_by(|a, b| a.record.cmp(&b.record));
    all
}

fn expectation(item: &Item, known: &Known<'_>) -> Option<Expectation> {
    let kind = match item.kind {
        ItemKind::Capture | ItemKind::Refund => LagKind::Booking,
        ItemKind::Payout => LagKind::Payout,
        _ => return None,
    };
    let currency = item.amount.currency();
    let contract = || (known.contract_fee)(&item.account, currency, item.amount);
    let (fee, fee_from) = match (item.fee, item.kind) {
        (Some(fee), _) => (fee, FeeFrom::File),
        (None, ItemKind::Capture) => {
            contract().map_or((Money::zero(currency), FeeFrom::Nowhere), |it| (it, FeeFrom::Contract))
        }
        (None, _) => (Money::zero(currency), FeeFrom::Nowhere),
    };
    let channel = Channel { account: item.account.clone(), currency, kind };
    let lag = known.lags.get(&channel);
    let (soonest, latest) = lag.map_or((0, known.days_after_max), |it| (it.soonest, it.latest));
    let day = |days: i32| item.on.checked_add(i64::from(days).days()).unwrap_or(item.on);
    Some(Expectation {
        record: item.record.clone(),
        kind: item.kind,
        on: item.on,
        gross: item.amount,
        net: item.amount.checked_add(fee).ok()?,
        fee,
        fee_from,
        account: item.account.clone(),
        from: day(soonest),
        to: day(latest),
        learned_from: lag.map(|it| it.matches),
    })
}
