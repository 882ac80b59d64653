//! The objects the gateway lets one read, each a table with its columns.

mod documents;
mod ledger;
mod masters;
mod orders;

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::table::{AnyTable, Value};

pub fn find(object: &str) -> Option<&'static dyn AnyTable> {
    all().into_iter().find(|table| table.name() == object.to_ascii_uppercase())
}

pub fn all() -> Vec<&'static dyn AnyTable> {
    let mut out = masters::tables();
    out.extend(documents::tables());
    out.extend(ledger::tables());
    out.extend(orders::tables());
    out
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn maybe(text: &Option<String>) -> Value<'_> {
    text.as_deref().map_or(Value::Null, |it| Value::Text(Cow::Borrowed(it)))
}

fn made<'a>(text: String) -> Value<'a> {
    Value::Text(Cow::Owned(text))
}

fn date_or_null<'a>(date: Option<Date>) -> Value<'a> {
    date.map_or(Value::Null, Value::Date)
}

fn number_or_null<'a>(number: Option<Decimal>) -> Value<'a> {
    number.map_or(Value::Null, Value::Number)
}

fn int_or_null<'a>(number: Option<u64>) -> Value<'a> {
    number.map_or(Value::Null, Value::Int)
}

fn status<'a>(inactive: bool) -> Value<'a> {
    text(if inactive { "inactive" } else { "active" })
}

/// Columns of one table: name, kind, and how to get the value.
macro_rules! columns {
    ($record:ty: $($name:literal $kind:ident => $get:expr;)*) => {{
        static COLUMNS: &[$crate::intacct::table::Column<$record>] = &[
            $($crate::intacct::table::Column { name: $name, kind: $crate::intacct::table::Kind::$kind, get: $get },)*
        ];
        COLUMNS
    }};
}
use columns;
