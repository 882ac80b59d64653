//! What is to come: captures, refunds and payouts without a counterpart, each with what should arrive, where and by when.
//! A counterpart that is found clears it; one that does not come in time ages, and is an error, not a timing item.

use crate::company::Company;
use crate::error::ServiceError;
use crate::learned::{lags_in_use, off};
use crate::rules::RuleBook;
use crate::sides::Sides;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeSet;
use tieout_domain::{MatchGroup, RecordRef};
use tieout_matching::Item;
use tieout_matching::expect::{FeeFrom, Known, Standing, expectations as expected};
use tieout_matching::rules::kind_name;
use tieout_money::{Currency, Money};
use tieout_planning::Settings;
use tieout_store::StoreError;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expected {
    pub record: RecordRef,
    pub kind: &'static str,
    /// Order number, payout id or gateway reference.
    pub number: String,
    pub party: String,
    pub on: Date,
    pub gross: Money,
    pub fee: Money,
    /// `file`, `contract` or `unknown`.
    pub fee_from: &'static str,
    /// What should arrive.
    pub net: Money,
    pub account: String,
    pub from: Date,
    pub to: Date,
    /// Matches the days rest on; none: the window of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned_from: Option<usize>,
    /// `not-yet`, `due` or `overdue`.
    pub standing: &'static str,
    pub overdue_days: i32,
}

impl Expected {
    /// Not over its last day: a timing item, no error.
    pub fn is_timing(&self) -> bool {
        self.overdue_days == 0
    }
}

/// Overdue first, then by the last day.
pub fn expectations(company: &Company) -> Result<Vec<Expected>, ServiceError> {
    let (settings, _) = company.settings()?;
    expectations_over(company, &settings, &Sides::read(company, &settings)?)
}

/// By the matches of the last run.
pub fn expectations_over(company: &Company, settings: &Settings, sides: &Sides) -> Result<Vec<Expected>, ServiceError> {
    let today = company.today()?;
    let (matches, off) = company.store.read(|reader| {
        let matches: Vec<MatchGroup> = reader.matches()?.into_iter().map(|it| it.group).collect();
        Ok::<_, StoreError>((matches, off(reader.learned_off()?)))
    })?;
    let kept_out = RuleBook::read(company, settings, sides)?.kept_out(sides);
    let arrived: BTreeSet<&RecordRef> = matches.iter().flat_map(MatchGroup::members).collect();
    let open = sides
        .left
        .iter()
        .filter(|it| !arrived.contains(&it.record) && !kept_out.contains(&it.record) && it.on >= settings.cut_over);
    let lags = lags_in_use(&matches, sides, &off);
    let contract_fee =
        |account: &str, currency: Currency, amount: Money| contract_fee(settings, account, currency, amount);
    let known = Known { lags: &lags, days_after_max: settings.matching.days_after_max, contract_fee: &contract_fee };
    let items = crate::learned::items(sides);
    let mut all: Vec<Expected> = expected(open, &known)
        .into_iter()
        .filter_map(|it| {
            let item = items.get(&it.record)?;
            let (standing, overdue_days) = match it.standing(today) {
                Standing::NotYet => ("not-yet", 0),
                Standing::Due => ("due", 0),
                Standing::Overdue(days) => ("overdue", days),
            };
            Some(Expected {
                kind: kind_name(it.kind),
                number: number(item),
                party: item.party.clone(),
                on: it.on,
                gross: it.gross,
                fee: it.fee,
                fee_from: match it.fee_from {
                    FeeFrom::File => "file",
                    FeeFrom::Contract => "contract",
                    FeeFrom::Nowhere => "unknown",
                },
                net: it.net,
                account: it.account,
                from: it.from,
                to: it.to,
                learned_from: it.learned_from,
                standing,
                overdue_days,
                record: it.record,
            })
        })
        .collect();
    all.sort_by(|a, b| (a.is_timing(), a.to, &a.record).cmp(&(b.is_timing(), b.to, &b.record)));
    Ok(all)
}

fn number(item: &Item) -> String {
    let names = [&item.order_number, &item.payout_id, &item.gateway_ref, &item.record.id];
    names.into_iter().find(|it| !it.is_empty()).cloned().unwrap_or_default()
}

/// What the gateway of an account charges for a card of this country, to the cent.
fn contract_fee(settings: &Settings, account: &str, currency: Currency, amount: Money) -> Option<Money> {
    let clearing = settings.clearing.iter().find(|it| it.account == account && it.currency == currency)?;
    let contract = clearing.contract()?;
    let percent = contract.percents.first()?;
    let share = Money::rounded(amount.amount().checked_mul(*percent)? / Decimal::ONE_HUNDRED, currency).ok()?;
    Some(-share.checked_add(contract.fixed).ok()?)
}
