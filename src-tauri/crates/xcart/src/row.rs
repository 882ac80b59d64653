//! One JSON object of an answer, read field by field so that a refusal can name the field.

use crate::{date, number};
use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value};
use std::fmt;
use tieout_money::{Currency, Money};

/// Why a row was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    field: String,
    why: String,
}

impl Bad {
    pub(crate) fn new(field: &str, why: impl fmt::Display) -> Bad {
        Bad { field: field.to_owned(), why: why.to_string() }
    }

    /// The same fault, seen from the row that holds this one.
    pub(crate) fn inside(self, outer: &str) -> Bad {
        Bad { field: format!("{outer}.{}", self.field), why: self.why }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field `{}`: {}", self.field, self.why)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Row<'a>(&'a Map<String, Value>);

impl<'a> Row<'a> {
    pub(crate) fn of(value: &'a Value) -> Result<Row<'a>, Bad> {
        value.as_object().map(Row).ok_or_else(|| Bad::new("(row)", "is not a JSON object"))
    }

    /// Absent and `null` are the same to PHP.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|it| !it.is_null())
    }

    fn need(&self, key: &str) -> Result<&'a Value, Bad> {
        self.get(key).ok_or_else(|| Bad::new(key, "is missing"))
    }

    pub(crate) fn id(&self, key: &str) -> Result<u64, Bad> {
        let value = self.need(key)?;
        match value {
            Value::Number(it) => it.to_string().parse().ok(),
            Value::String(it) => it.parse().ok(),
            _ => None,
        }
        .filter(|id| *id > 0)
        .ok_or_else(|| Bad::new(key, format_args!("{} is not a record number", short(value))))
    }

    /// 0 is how X-Cart writes "none".
    pub(crate) fn optional_id(&self, key: &str) -> Result<Option<u64>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(it)) if it.to_string() == "0" => Ok(None),
            Some(_) => self.id(key).map(Some),
        }
    }

    pub(crate) fn text(&self, key: &str) -> Result<String, Bad> {
        match self.need(key)? {
            Value::String(it) if !it.trim().is_empty() => Ok(it.clone()),
            Value::Number(it) => Ok(it.to_string()),
            other => Err(Bad::new(key, format_args!("{} is not text", short(other)))),
        }
    }

    /// Empty where absent; PHP sends empty maps as `[]`.
    pub(crate) fn text_or_empty(&self, key: &str) -> Result<String, Bad> {
        match self.get(key) {
            None => Ok(String::new()),
            Some(Value::String(it)) => Ok(it.clone()),
            Some(Value::Number(it)) => Ok(it.to_string()),
            Some(Value::Array(it)) if it.is_empty() => Ok(String::new()),
            Some(other) => Err(Bad::new(key, format_args!("{} is not text", short(other)))),
        }
    }

    pub(crate) fn decimal(&self, key: &str) -> Result<Decimal, Bad> {
        number::decimal(self.need(key)?).map_err(|why| Bad::new(key, why))
    }

    pub(crate) fn decimal_or_zero(&self, key: &str) -> Result<Decimal, Bad> {
        if self.get(key).is_none() { Ok(Decimal::ZERO) } else { self.decimal(key) }
    }

    /// Units in stock: whole, and below zero where more was sold than there was. 0 where absent.
    pub(crate) fn whole(&self, key: &str) -> Result<i64, Bad> {
        let value = self.decimal_or_zero(key)?;
        value
            .is_integer()
            .then(|| value.to_i64())
            .flatten()
            .ok_or_else(|| Bad::new(key, format_args!("{value} is not a whole number")))
    }

    /// Never rounded: an amount finer than its currency refuses the row.
    pub(crate) fn money(&self, key: &str, currency: Currency) -> Result<Money, Bad> {
        Money::new(self.decimal(key)?, currency).map_err(|why| Bad::new(key, why))
    }

    pub(crate) fn currency(&self, key: &str) -> Result<Currency, Bad> {
        Currency::parse(&self.text(key)?).map_err(|why| Bad::new(key, why))
    }

    pub(crate) fn timestamp(&self, key: &str) -> Result<Timestamp, Bad> {
        date::timestamp(self.need(key)?).map_err(|why| Bad::new(key, why))
    }

    /// X-Cart writes "never" as null, 0 or the epoch itself.
    pub(crate) fn timestamp_if_set(&self, key: &str) -> Option<Timestamp> {
        self.get(key).and_then(|it| date::timestamp(it).ok())
    }

    pub(crate) fn flag(&self, key: &str) -> Result<bool, Bad> {
        match self.get(key) {
            None => Ok(false),
            Some(Value::Bool(it)) => Ok(*it),
            Some(Value::Number(it)) if it.to_string() == "0" => Ok(false),
            Some(Value::Number(it)) if it.to_string() == "1" => Ok(true),
            Some(other) => Err(Bad::new(key, format_args!("{} is neither true nor false", short(other)))),
        }
    }

    pub(crate) fn object(&self, key: &str) -> Result<Option<Row<'a>>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(it)) => Ok(Some(Row(it))),
            Some(Value::Array(it)) if it.is_empty() => Ok(None),
            Some(other) => Err(Bad::new(key, format_args!("{} is not an object", short(other)))),
        }
    }

    pub(crate) fn list(&self, key: &str) -> Result<&'a [Value], Bad> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Value::Array(it)) => Ok(it),
            Some(other) => Err(Bad::new(key, format_args!("{} is not a list", short(other)))),
        }
    }

    /// Every element read by `read`, the first fault named with its place.
    pub(crate) fn each<T>(&self, key: &str, read: impl Fn(Row<'a>) -> Result<T, Bad>) -> Result<Vec<T>, Bad> {
        self.list(key)?
            .iter()
            .enumerate()
            .map(|(n, it)| Row::of(it).and_then(&read).map_err(|bad| bad.inside(&format!("{key}[{n}]"))))
            .collect()
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}
