//! Small conversions between domain values and what SQLite keeps.

use crate::StoreError;
use jiff::{Timestamp, civil::Date};
use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tieout_money::{Currency, Money};

pub(crate) type Hash = [u8; 32];

/// Statements are put together from constants of this crate only; a string that came from outside has another
/// lifetime and does not compile here (promise S1).
pub(crate) fn sql(parts: &[&'static str]) -> String {
    parts.concat()
}

pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes whatever is written");
        text
    })
}

/// Always six decimals, so that instants sort as text.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

pub(crate) fn parse_instant(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| StoreError::damaged(format!("{text:?} is not an instant")))
}

pub(crate) fn parse_day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::damaged(format!("{text:?} is not a date")))
}

/// The canonical bytes of a value: fields in the order of the type, amounts as text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("domain values are plain data with text keys")
}

pub(crate) fn from_json<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|why| StoreError::damaged(format!("{what}: {why}")))
}

pub(crate) fn money(minor: Option<i64>, currency: &str) -> Result<Option<Money>, StoreError> {
    let Some(minor) = minor else { return Ok(None) };
    let currency = Currency::parse(currency).map_err(|why| StoreError::damaged(why.to_string()))?;
    Ok(Some(Money::from_minor(minor, currency)))
}

pub(crate) fn hash_column(row: &Row<'_>, column: &str) -> Result<Hash, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| StoreError::damaged(format!("a digest in column {column} has the wrong length")))
}

/// `%text%` for LIKE with ESCAPE '\', where the text itself stands for nothing but itself.
pub(crate) fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
