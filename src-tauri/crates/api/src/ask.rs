//! What lists are narrowed by: the period on screen and the conditions in the filter bar.

use crate::app::App;
use crate::problem;
use crate::views::{FieldFilter, FilterField, FilterOp, Problem};
use jiff::civil::Date;
use tieout_domain::Period;
use tieout_money::Money;

/// Empty for all periods.
pub(crate) fn period(app: &App, text: &str) -> Result<Option<Period>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: tieout_domain::PeriodError| {
        problem::bad_request(error.to_string(), "Choose a period in the top bar.", app.company.now())
    })
}

pub(crate) fn needed_period(app: &App, text: &str) -> Result<Period, Problem> {
    let none = || problem::bad_request("No period is chosen", "Choose a period in the top bar.", app.company.now());
    period(app, text)?.ok_or_else(none)
}

pub(crate) fn day(app: &App, text: &str) -> Result<Date, Problem> {
    text.parse()
        .map_err(|_| problem::bad_request(format!("{text:?} is no date"), "Write it as 2026-01-31.", app.company.now()))
}

/// What the conditions look at in one row. Empty where the row has none.
#[derive(Default)]
pub(crate) struct Row<'a> {
    pub texts: Vec<&'a str>,
    pub account: &'a str,
    pub party: &'a str,
    pub reference: &'a str,
    pub gateway: &'a str,
    pub kind: &'a str,
    pub owner: &'a str,
    pub age_days: i64,
    pub amount: Option<Money>,
    pub on: Option<Date>,
}

/// All conditions hold. A value that cannot be read as what it is compared with fits no row.
pub(crate) fn passes(filters: &[FieldFilter], row: &Row<'_>) -> bool {
    filters.iter().all(|it| holds(it, row))
}

fn holds(filter: &FieldFilter, row: &Row<'_>) -> bool {
    let value = filter.value.trim();
    match filter.field {
        FilterField::Text => {
            let needle = value.to_lowercase();
            let found =
                row.texts.iter().chain([&row.party, &row.reference]).any(|it| it.to_lowercase().contains(&needle));
            found != (filter.op == FilterOp::IsNot)
        }
        FilterField::Account => of_text(filter.op, row.account, value),
        FilterField::Currency => {
            let currency = row.amount.map(|it| it.currency().to_string()).unwrap_or_default();
            of_text(filter.op, &currency, value)
        }
        FilterField::Party => of_text(filter.op, row.party, value),
        FilterField::Reference => of_text(filter.op, row.reference, value),
        FilterField::Gateway => of_text(filter.op, row.gateway, value),
        FilterField::Kind => of_text(filter.op, row.kind, value),
        FilterField::Owner => of_text(filter.op, row.owner, value),
        FilterField::Age => value.parse().is_ok_and(|days: i64| of_order(filter.op, row.age_days.cmp(&days))),
        FilterField::Date => match (row.on, value.parse::<Date>()) {
            (Some(on), Ok(day)) => of_order(filter.op, on.cmp(&day)),
            _ => false,
        },
        FilterField::Amount => row.amount.is_some_and(|amount| {
            let other = Money::parse(value.replace(',', "").as_str(), amount.currency());
            other.is_ok_and(|other| of_order(filter.op, amount.abs().minor().cmp(&other.abs().minor())))
        }),
    }
}

fn of_text(op: FilterOp, found: &str, value: &str) -> bool {
    let (found, value) = (found.to_lowercase(), value.to_lowercase());
    match op {
        FilterOp::Is => found == value,
        FilterOp::IsNot => found != value,
        FilterOp::Contains => found.contains(&value),
        FilterOp::Over => found > value,
        FilterOp::Under => found < value,
    }
}

fn of_order(op: FilterOp, order: std::cmp::Ordering) -> bool {
    match op {
        FilterOp::Is | FilterOp::Contains => order.is_eq(),
        FilterOp::IsNot => order.is_ne(),
        FilterOp::Over => order.is_gt(),
        FilterOp::Under => order.is_lt(),
    }
}

/// The part of a list that the window shows.
pub(crate) fn page<T>(rows: Vec<T>, offset: u32, limit: u32) -> crate::views::Window<T> {
    let total = crate::show::count(rows.len());
    let rows = rows.into_iter().skip(offset as usize).take(limit.min(200) as usize).collect();
    crate::views::Window { total, offset, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(field: FilterField, op: FilterOp, value: &str) -> bool {
        let row = Row {
            texts: vec!["#10482 Wexford Botanical"],
            account: "1210",
            age_days: 31,
            amount: Some(Money::from_minor(-123_450, tieout_money::Currency::USD)),
            on: Some(jiff::civil::date(2026, 1, 29)),
            ..Row::default()
        };
        passes(&[FieldFilter { field, op, value: value.into() }], &row)
    }

    #[test]
    fn conditions_compare_dates_ages_and_amounts_as_what_they_are() {
        assert!(fits(FilterField::Text, FilterOp::Contains, "WEXFORD"));
        assert!(fits(FilterField::Account, FilterOp::Is, "1210"));
        assert!(fits(FilterField::Age, FilterOp::Over, "9"), "31 days are more than 9, whatever the letters say");
        assert!(fits(FilterField::Amount, FilterOp::Over, "999.99"), "its size counts, not its sign");
        assert!(fits(FilterField::Amount, FilterOp::Is, "1,234.50"));
        assert!(fits(FilterField::Date, FilterOp::Under, "2026-02-01"));
        assert!(!fits(FilterField::Date, FilterOp::Under, "soon"), "what cannot be read fits nothing");
    }
}
