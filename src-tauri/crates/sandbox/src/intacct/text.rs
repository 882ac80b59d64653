//! How the gateway spells dates, times, amounts and markup.

use jiff::civil::{Date, DateTime};
use rust_decimal::{Decimal, RoundingStrategy};

pub fn us_date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year())
}

pub fn us_datetime(at: DateTime) -> String {
    format!("{} {:02}:{:02}:{:02}", us_date(at.date()), at.hour(), at.minute(), at.second())
}

/// `MM/DD/YYYY`, nothing else (reference/intacct.md 1.4).
pub fn parse_us_date(text: &str) -> Option<Date> {
    let mut parts = text.trim().split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `MM/DD/YYYY` or `MM/DD/YYYY HH:MM:SS`; ISO 8601 is refused, as the gateway does.
pub fn parse_us_datetime(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let Some((date, time)) = text.split_once(' ') else {
        return Some(parse_us_date(text)?.at(0, 0, 0, 0));
    };
    let date = parse_us_date(date)?;
    let mut parts = time.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, 0).ok()
}

/// Amounts in AR are rounded to two places by the server. UNVERIFIED: half up.
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Plain decimal without trailing zeros.
pub fn amount(value: Decimal) -> String {
    value.normalize().to_string()
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            c => out.push(c),
        }
    }
    out
}
