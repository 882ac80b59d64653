//! Reading one record's fields: strictly, and with the field named when it is not what it should be.

use crate::xml::Element;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::strtime};
use rust_decimal::Decimal;
use std::sync::atomic::{AtomicUsize, Ordering};
use tieout_money::{Currency, Money, MoneyError};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("{0} is missing")]
    Missing(String),
    #[error("{field} is {value:?}, not {expected}")]
    Wrong { field: String, value: String, expected: &'static str },
    #[error("{field}: {source}")]
    Money { field: String, source: MoneyError },
}

/// A record beside the company's base currency, which amounts without a currency of their own are in.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub node: &'a Element<'a>,
    pub base: Currency,
    /// Where the fields stood in the records before.
    pub(crate) places: Option<&'a Places>,
}

/// The records of a page have their fields in the same places: who remembers them looks once instead of at every field.
/// Only ever a guess, and checked.
pub(crate) struct Places([AtomicUsize; 64]);

impl Default for Places {
    fn default() -> Places {
        Places([const { AtomicUsize::new(0) }; 64])
    }
}

impl Places {
    /// Field names are constants of ours: one address, one name. Two that fall together only guess worse.
    fn of(&self, name: &str) -> &AtomicUsize {
        let address = name.as_ptr() as usize;
        &self.0[(address ^ (address >> 6) ^ (address >> 12)) % self.0.len()]
    }

    fn text_of<'a>(&self, node: &'a Element<'a>, name: &str) -> Option<&'a str> {
        let place = self.of(name);
        let (found, child) = node.child_near(place.load(Ordering::Relaxed), name)?;
        place.store(found, Ordering::Relaxed);
        Some(child.text.trim()).filter(|it| !it.is_empty())
    }
}

impl<'a> Row<'a> {
    pub fn new(node: &'a Element<'a>, base: Currency) -> Row<'a> {
        Row { node, base, places: None }
    }

    /// The first of these fields that holds something; empty text when none does.
    pub fn text(&self, fields: &[&str]) -> String {
        self.given(fields).map_or(String::new(), |(_, text)| text.to_owned())
    }

    pub fn required(&self, fields: &[&str]) -> Result<String, FieldError> {
        self.given(fields).map(|(_, text)| text.to_owned()).ok_or_else(|| FieldError::Missing(fields.join(" or ")))
    }

    fn given<'b>(&self, fields: &[&'b str]) -> Option<(&'b str, &'a str)> {
        let text_of = |field: &str| match self.places {
            Some(places) => places.text_of(self.node, field),
            None => self.node.text_of(field),
        };
        fields.iter().find_map(|field| Some((*field, text_of(field)?)))
    }

    /// The record's own currency, else the base currency.
    pub fn currency(&self) -> Result<Currency, FieldError> {
        match self.given(&["CURRENCY", "BASECURR"]) {
            None => Ok(self.base),
            Some((field, code)) => Currency::parse(code).map_err(|_| FieldError::Wrong {
                field: field.to_owned(),
                value: code.to_owned(),
                expected: "a currency in use",
            }),
        }
    }

    /// An amount, or `None` where every one of the fields is empty.
    pub fn money(&self, fields: &[&str], currency: Currency) -> Result<Option<Money>, FieldError> {
        let Some((field, text)) = self.given(fields) else { return Ok(None) };
        Money::parse(text, currency).map(Some).map_err(|source| FieldError::Money { field: field.to_owned(), source })
    }

    /// In the grammar of amounts: `+5`, `.5` and `1_000`, which the library would take, are none.
    pub fn decimal(&self, fields: &[&str]) -> Option<Decimal> {
        let (_, text) = self.given(fields)?;
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        (digits(whole) && digits(fraction)).then(|| Decimal::from_str_exact(text).ok())?
    }

    pub fn date(&self, fields: &[&str]) -> Result<Option<Date>, FieldError> {
        let Some((field, text)) = self.given(fields) else { return Ok(None) };
        parse_date(text).map(Some).ok_or_else(|| FieldError::Wrong {
            field: field.to_owned(),
            value: text.to_owned(),
            expected: "a date (MM/DD/YYYY)",
        })
    }

    pub fn required_date(&self, fields: &[&str]) -> Result<Date, FieldError> {
        self.date(fields)?.ok_or_else(|| FieldError::Missing(fields.join(" or ")))
    }

    pub fn moment(&self, fields: &[&str]) -> Result<Option<Timestamp>, FieldError> {
        let Some((field, text)) = self.given(fields) else { return Ok(None) };
        parse_moment(text).map(Some).ok_or_else(|| FieldError::Wrong {
            field: field.to_owned(),
            value: text.to_owned(),
            expected: "a time (MM/DD/YYYY HH:MM:SS)",
        })
    }

    /// `true` and `T` alike; anything else is no.
    pub fn flag(&self, fields: &[&str]) -> bool {
        self.given(fields).is_some_and(|(_, text)| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("t"))
    }

    pub fn is_active(&self) -> bool {
        self.given(&["STATUS"]).is_none_or(|(_, text)| text.eq_ignore_ascii_case("active") || text == "T")
    }
}

/// A date, or a timestamp's date: clients meet both forms in one field (reference/intacct.md 1.4).
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    us_day(day)
        .or_else(|| strtime::parse("%m/%d/%Y", day).and_then(|it| it.to_date()).ok())
        .or_else(|| day.parse().ok())
}

// UNVERIFIED: the zone of Intacct's timestamps; read as UTC (reference/intacct.md 7).
pub(crate) fn parse_moment(text: &str) -> Option<Timestamp> {
    if let Some(moment) = us_moment(text) {
        return Some(moment);
    }
    let civil = strtime::parse("%m/%d/%Y %H:%M:%S", text)
        .and_then(|it| it.to_datetime())
        .or_else(|_| strtime::parse("%m/%d/%Y", text).and_then(|it| it.to_date()).map(DateTime::from));
    match civil {
        Ok(civil) => civil.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp()),
        Err(_) => text.parse().ok(),
    }
}

/// `MM/DD/YYYY` in full, which nearly every date is: a page of 2,000 records has 8,000 of them.
fn us_day(text: &str) -> Option<Date> {
    let [m1, m2, b'/', d1, d2, b'/', y1, y2, y3, y4] = *<&[u8; 10]>::try_from(text.as_bytes()).ok()? else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0i16, |sum, digit| Some(sum * 10 + i16::from(digit.checked_sub(b'0').filter(|it| *it < 10)?)))
    };
    let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
    Date::new(number(&[y1, y2, y3, y4])?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `MM/DD/YYYY HH:MM:SS` in full.
fn us_moment(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once(' ')?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *<&[u8; 8]>::try_from(time.as_bytes()).ok()? else { return None };
    let number = |one: u8, two: u8| {
        let digit = |it: u8| it.checked_sub(b'0').filter(|it| *it < 10).and_then(|it| i8::try_from(it).ok());
        Some(digit(one)? * 10 + digit(two)?)
    };
    let civil = us_day(day)?.at(0, 0, 0, 0).with();
    let civil = civil.hour(number(h1, h2)?).minute(number(m1, m2)?).second(number(s1, s2)?).build().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Node, parse, us_date};
    use proptest::prelude::*;

    #[test]
    fn amounts_and_dates_are_read_strictly() {
        let node = parse(
            b"<R><A>50000</A><B></B><C>1,234.50</C><D>03/31/2025</D><E>03/31/2025 12:00:01</E><F>2025-13-01</F>\
              <CURRENCY>EUR</CURRENCY></R>",
        )
        .unwrap();
        let row = Row::new(&node, Currency::USD);
        assert_eq!(row.money(&["A"], Currency::USD).unwrap().unwrap().to_string(), "50000.00 USD");
        assert_eq!(row.money(&["B"], Currency::USD).unwrap(), None);
        assert!(row.money(&["C"], Currency::USD).unwrap_err().to_string().starts_with("C: "));
        assert_eq!(row.required_date(&["D"]).unwrap(), row.required_date(&["E"]).unwrap());
        assert!(row.date(&["F"]).is_err());
        assert_eq!(row.currency().unwrap(), Currency::EUR);
        assert_eq!(row.moment(&["E"]).unwrap().unwrap().to_string(), "2025-03-31T12:00:01Z");
    }

    fn said(text: &str) -> Node {
        Element {
            name: "R".into(),
            children: vec![Element { name: "A".into(), text: text.to_owned().into(), ..Node::default() }],
            ..Node::default()
        }
    }

    #[test]
    fn numbers_have_one_grammar() {
        for text in ["12.5", "-3", "0", "-0", "007.50", "123456789012.34"] {
            let node = said(text);
            assert!(Row::new(&node, Currency::USD).money(&["A"], Currency::USD).unwrap().is_some(), "{text}");
            assert!(Row::new(&node, Currency::USD).decimal(&["A"]).is_some(), "{text}");
        }
        // Space around an element's text is layout, and no part of it.
        assert!(Row::new(&said(" 12.5 "), Currency::USD).money(&["A"], Currency::USD).unwrap().is_some());
        let forty = "1".repeat(40);
        for text in [
            "1,234.50", "1 2", "(12.5)", "1e3", "1E3", "NaN", "inf", "+5", ".5", "5.", "1_000", "0x10", "--1", "١٢",
            &forty,
        ] {
            let node = said(text);
            assert!(Row::new(&node, Currency::USD).money(&["A"], Currency::USD).is_err(), "{text}");
            assert_eq!(Row::new(&node, Currency::USD).decimal(&["A"]), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_and_second_reads_back(second in -2_208_988_800i64..7_258_118_400) {
            let at = Timestamp::from_second(second).unwrap();
            let civil = at.to_zoned(TimeZone::UTC).datetime();
            let day = civil.date();
            for text in [us_date(day), day.to_string(), format!("{}/{}/{}", day.month(), day.day(), day.year())] {
                prop_assert_eq!(parse_date(&text), Some(day), "{}", text);
            }
            prop_assert_eq!(parse_moment(&crate::query::moment_text(at)), Some(at));
            prop_assert_eq!(parse_date(&crate::query::moment_text(at)), Some(day));
        }

        #[test]
        fn no_text_panics_and_no_wrong_day_is_made_up(text in "[0-9/: T-]{0,22}|.{0,30}") {
            let node = said(&text);
            let row = Row::new(&node, Currency::USD);
            let _ = (row.money(&["A"], Currency::USD), row.decimal(&["A"]), row.moment(&["A"]));
            if let Ok(Some(day)) = row.date(&["A"]) {
                let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).map(|it| it != b'0').filter(|it| *it).count();
                prop_assert!(digits(&text) >= digits(&day.year().to_string()), "{} became {}", text, day);
            }
        }

        #[test]
        fn where_a_field_stood_before_is_only_a_guess(
            records in prop::collection::vec(prop::collection::vec((0usize..6, "[a-z]{0,3}"), 0..8), 1..6),
        ) {
            const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
            let places = Places::default();
            for fields in &records {
                let children = fields
                    .iter()
                    .map(|(name, text)| Element { name: NAMES[*name].into(), text: text.clone().into(), ..Node::default() });
                let node = Element { name: "R".into(), children: children.collect(), ..Node::default() };
                for name in NAMES {
                    // Two fields of one name are no record of Intacct's: then any of them may be read.
                    if fields.iter().filter(|it| NAMES[it.0] == name).count() < 2 {
                        prop_assert_eq!(places.text_of(&node, name), node.text_of(name));
                    }
                }
            }
        }
    }
}
