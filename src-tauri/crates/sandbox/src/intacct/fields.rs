//! Fields of a request turned into what the books take, with the refusal a bad one earns.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::company::WantedCurrency;
use super::errors::Refusal;
use super::records::*;
use super::text::parse_us_date;
use super::xml::Element;

pub fn number(element: &Element, name: &str) -> Result<Option<Decimal>, Refusal> {
    element.filled(name).map(|text| text.parse().map_err(|_| Refusal::bad_number(name, text))).transpose()
}

pub fn key(element: &Element, name: &str) -> Result<Option<RecordNo>, Refusal> {
    element.filled(name).map(|text| text.parse().map_err(|_| Refusal::unknown_record(text))).transpose()
}

pub fn us_date(element: &Element, name: &str) -> Result<Option<Date>, Refusal> {
    element.filled(name).map(|text| parse_us_date(text).ok_or_else(|| Refusal::bad_date(text))).transpose()
}

/// A date given as year, month and day children.
pub fn parted_date(element: &Element, name: &str) -> Result<Option<Date>, Refusal> {
    let Some(date) = element.child(name) else { return Ok(None) };
    let text = format!("{}/{}/{}", date.or_empty("month"), date.or_empty("day"), date.or_empty("year"));
    let part = |part: &str| date.filled(part).and_then(|it| it.parse::<i16>().ok());
    let day = match (part("year"), part("month"), part("day")) {
        (Some(year), Some(month), Some(day)) => i8::try_from(month)
            .ok()
            .zip(i8::try_from(day).ok())
            .and_then(|(month, day)| Date::new(year, month, day).ok()),
        _ => None,
    };
    day.map(Some).ok_or_else(|| Refusal::bad_date(&text))
}

pub fn required<T>(value: Option<T>, name: &str) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::missing(name))
}

/// Dimensions of a generic line; in the ledger the names have no ID suffix.
pub fn dimensions(line: &Element) -> Dimensions {
    let either = |a: &str, b: &str| line.owned(a).or_else(|| line.owned(b));
    Dimensions {
        department: either("DEPARTMENT", "DEPARTMENTID"),
        location: either("LOCATION", "LOCATIONID"),
        customer: line.owned("CUSTOMERID"),
        item: line.owned("ITEMID"),
        class: line.owned("CLASSID"),
        project: line.owned("PROJECTID"),
        warehouse: line.owned("WAREHOUSEID"),
    }
}

pub fn legacy_dimensions(line: &Element) -> Dimensions {
    Dimensions {
        department: line.owned("departmentid"),
        location: line.owned("locationid"),
        customer: line.owned("customerid"),
        item: line.owned("itemid"),
        class: line.owned("classid"),
        project: line.owned("projectid"),
        warehouse: line.owned("warehouseid"),
    }
}

pub fn currency(element: &Element) -> Result<WantedCurrency, Refusal> {
    Ok(WantedCurrency {
        currency: element.owned("CURRENCY"),
        rate: number(element, "EXCHANGE_RATE")?,
        rate_type: element.owned("EXCH_RATE_TYPE_ID"),
        rate_date: us_date(element, "EXCH_RATE_DATE")?,
    })
}

pub fn legacy_currency(element: &Element) -> Result<WantedCurrency, Refusal> {
    Ok(WantedCurrency {
        currency: element.owned("currency"),
        rate: number(element, "exchrate")?,
        rate_type: element.owned("exchratetype"),
        rate_date: parted_date(element, "exchratedate")?,
    })
}
