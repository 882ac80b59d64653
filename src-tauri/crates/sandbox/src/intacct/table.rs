//! Records as rows and columns: what `query`, `read` and `lookup` can see of each object.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::company::Company;
use super::errors::{GatewayError, Refusal};
use super::query::{Filter, Operator, Query, Select};
use super::text::{amount, parse_us_date, parse_us_datetime, us_date, us_datetime};

#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(u64),
    Signed(i64),
    Number(Decimal),
    Date(Date),
    Stamp(DateTime),
    Bool(bool),
}

impl Value<'_> {
    pub fn shown(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.clone().into_owned(),
            Value::Int(number) => number.to_string(),
            Value::Signed(number) => number.to_string(),
            Value::Number(number) => amount(*number),
            Value::Date(date) => us_date(*date),
            Value::Stamp(at) => us_datetime(*at),
            Value::Bool(yes) => yes.to_string(),
        }
    }

    fn empty(&self) -> bool {
        matches!(self, Value::Null) || matches!(self, Value::Text(text) if text.is_empty())
    }

    fn number(&self) -> Option<Decimal> {
        match self {
            Value::Int(number) => Some(Decimal::from(*number)),
            Value::Signed(number) => Some(Decimal::from(*number)),
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Number,
    Date,
    Stamp,
    Bool,
}

impl Kind {
    /// The word `lookup` uses.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "TEXT",
            Kind::Int => "INTEGER",
            Kind::Number => "DECIMAL",
            Kind::Date => "DATE",
            Kind::Stamp => "TIMESTAMP",
            Kind::Bool => "BOOLEAN",
        }
    }
}

pub struct Column<T: 'static> {
    pub name: &'static str,
    pub kind: Kind,
    pub get: for<'a> fn(&'a Company, &'a T) -> Value<'a>,
}

pub enum Rows<'a, T> {
    Kept(Vec<&'a T>),
    Made(Vec<T>),
}

/// One object as the gateway shows it.
pub struct Table<T: 'static> {
    pub name: &'static str,
    /// The field `readByName` goes by.
    pub id: &'static str,
    pub columns: &'static [Column<T>],
    pub rows: for<'a> fn(&'a Company) -> Rows<'a, T>,
    /// The entity a record is private to.
    pub entity: for<'a> fn(&'a Company, &'a T) -> Option<&'a str>,
}

/// One answer page, and how many rows there are in all.
pub struct Page {
    pub rows: Vec<Vec<(String, String)>>,
    pub total: usize,
}

/// Who is looking: an entity's session sees its own private records, the top level sees them only when it asks.
pub struct Viewer<'a> {
    pub entity: Option<&'a str>,
    pub show_private: bool,
}

/// A table whatever its record type.
pub trait AnyTable: Sync {
    fn name(&self) -> &'static str;
    fn id_field(&self) -> &'static str;
    fn fields(&self) -> Vec<(&'static str, Kind)>;
    fn query(&self, company: &Company, query: &Query, viewer: &Viewer<'_>) -> Result<Page, Refusal>;
}

enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Compare { column: usize, operator: Operator, operands: Vec<Operand> },
}

enum Operand {
    Text(String),
    Number(Decimal),
    Stamp(DateTime),
    Bool(bool),
}

/// Scatters record numbers, so that an answer without `orderby` is in nobody's favourite order, yet repeatable.
fn scatter(seed: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}

pub fn no_such_field(object: &str, field: &str) -> Refusal {
    Refusal(vec![
        GatewayError::new("XL03000010", format!("Field '{field}' does not exist in object {object}")),
        GatewayError::new("Query Failed", format!("Invalid fields list {field}")),
    ])
}

impl<T> Table<T> {
    fn column(&self, field: &str) -> Result<usize, Refusal> {
        self.columns.iter().position(|column| column.name == field).ok_or_else(|| no_such_field(self.name, field))
    }

    fn compile(&self, filter: &Filter) -> Result<Test, Refusal> {
        Ok(match filter {
            Filter::And(parts) => Test::All(parts.iter().map(|part| self.compile(part)).collect::<Result<_, _>>()?),
            Filter::Or(parts) => Test::Any(parts.iter().map(|part| self.compile(part)).collect::<Result<_, _>>()?),
            Filter::Not(part) => Test::Not(Box::new(self.compile(part)?)),
            Filter::Compare { field, operator, values } => {
                let column = self.column(field)?;
                let kind = self.columns[column].kind;
                let operands = if matches!(operator, Operator::Like | Operator::NotLike) {
                    values.iter().map(|value| Operand::Text(value.clone())).collect()
                } else {
                    values.iter().map(|value| operand(field, kind, value)).collect::<Result<_, _>>()?
                };
                Test::Compare { column, operator: *operator, operands }
            }
        })
    }
}

fn operand(field: &str, kind: Kind, value: &str) -> Result<Operand, Refusal> {
    let bad = || {
        Refusal::coded(
            "DL02000001",
            format!("There was an error processing the request. The value '{value}' does not fit the field {field}."),
        )
    };
    Ok(match kind {
        Kind::Text => Operand::Text(value.to_owned()),
        Kind::Int | Kind::Number => Operand::Number(value.trim().parse().map_err(|_| bad())?),
        Kind::Date => Operand::Stamp(
            parse_us_date(value)
                .map(|date| date.at(0, 0, 0, 0))
                .or_else(|| parse_us_datetime(value))
                .ok_or_else(bad)?,
        ),
        Kind::Stamp => Operand::Stamp(parse_us_datetime(value).ok_or_else(bad)?),
        Kind::Bool => match value {
            "true" | "T" => Operand::Bool(true),
            "false" | "F" => Operand::Bool(false),
            _ => return Err(bad()),
        },
    })
}

fn fold(text: &str, fold_case: bool) -> Cow<'_, str> {
    if fold_case { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

fn against(value: &Value<'_>, operand: &Operand, fold_case: bool) -> Option<Ordering> {
    match (value, operand) {
        (Value::Null, Operand::Text(text)) if text.is_empty() => Some(Ordering::Equal),
        (Value::Null, _) => None,
        (Value::Text(text), Operand::Text(other)) => Some(fold(text, fold_case).cmp(&fold(other, fold_case))),
        (Value::Date(date), Operand::Stamp(at)) => Some(date.at(0, 0, 0, 0).cmp(at)),
        (Value::Stamp(own), Operand::Stamp(at)) => Some(own.cmp(at)),
        (Value::Bool(own), Operand::Bool(other)) => Some(own.cmp(other)),
        (value, Operand::Number(other)) => value.number().map(|own| own.cmp(other)),
        _ => None,
    }
}

/// SQL LIKE: `%` any run, `_` any one character.
pub fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut at, mut pat) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(pat) {
            Some('%') => {
                star = Some((pat, at));
                pat += 1;
            }
            Some(c) if *c == '_' || *c == text[at] => {
                pat += 1;
                at += 1;
            }
            _ => match star {
                Some((star_pat, star_at)) => {
                    pat = star_pat + 1;
                    at = star_at + 1;
                    star = Some((star_pat, star_at + 1));
                }
                None => return false,
            },
        }
    }
    pattern[pat..].iter().all(|c| *c == '%')
}

impl<T: 'static> Table<T> {
    fn passes<'r>(&'r self, test: &Test, company: &'r Company, row: &'r T, fold_case: bool) -> bool {
        match test {
            Test::All(parts) => parts.iter().all(|part| self.passes(part, company, row, fold_case)),
            Test::Any(parts) => parts.iter().any(|part| self.passes(part, company, row, fold_case)),
            Test::Not(part) => !self.passes(part, company, row, fold_case),
            Test::Compare { column, operator, operands } => {
                let value = (self.columns[*column].get)(company, row);
                let cmp = |at: usize| operands.get(at).and_then(|operand| against(&value, operand, fold_case));
                let equals = |operand: &Operand| against(&value, operand, fold_case) == Some(Ordering::Equal);
                let matches = || match operands.first() {
                    Some(Operand::Text(pattern)) => like(&fold(&value.shown(), fold_case), &fold(pattern, fold_case)),
                    _ => false,
                };
                match operator {
                    Operator::Equal => cmp(0) == Some(Ordering::Equal),
                    Operator::NotEqual => cmp(0).is_some_and(Ordering::is_ne) || (value.empty() && cmp(0).is_none()),
                    Operator::Less => cmp(0).is_some_and(Ordering::is_lt),
                    Operator::LessOrEqual => cmp(0).is_some_and(Ordering::is_le),
                    Operator::Greater => cmp(0).is_some_and(Ordering::is_gt),
                    Operator::GreaterOrEqual => cmp(0).is_some_and(Ordering::is_ge),
                    Operator::Between => cmp(0).is_some_and(Ordering::is_ge) && cmp(1).is_some_and(Ordering::is_le),
                    Operator::In => operands.iter().any(equals),
                    Operator::NotIn => !operands.iter().any(equals),
                    Operator::Like => matches(),
                    Operator::NotLike => !matches(),
                    Operator::IsNull => value.empty(),
                    Operator::IsNotNull => !value.empty(),
                }
            }
        }
    }

    fn aggregate(
        &self,
        company: &Company,
        rows: &[&T],
        select: &[Select],
    ) -> Result<Vec<Vec<(String, String)>>, Refusal> {
        let plain: Vec<usize> = select
            .iter()
            .filter_map(|it| if let Select::Field(field) = it { Some(self.column(field)) } else { None })
            .collect::<Result<_, _>>()?;
        let mut groups: Vec<(Vec<String>, Vec<&T>)> = Vec::new();
        let mut known: std::collections::BTreeMap<Vec<String>, usize> = std::collections::BTreeMap::new();
        if plain.is_empty() {
            groups.push((Vec::new(), rows.to_vec()));
        } else {
            for row in rows {
                let key: Vec<String> =
                    plain.iter().map(|column| (self.columns[*column].get)(company, row).shown()).collect();
                let at = *known.entry(key.clone()).or_insert_with(|| {
                    groups.push((key, Vec::new()));
                    groups.len() - 1
                });
                groups[at].1.push(row);
            }
        }
        let mut out = Vec::new();
        for (key, members) in groups {
            let mut key = key.into_iter();
            let mut cells = Vec::new();
            for part in select {
                let (word, field) = match part {
                    Select::Field(field) => {
                        cells.push((field.clone(), key.next().unwrap_or_default()));
                        continue;
                    }
                    Select::Count(field) => ("COUNT", field),
                    Select::Sum(field) => ("SUM", field),
                    Select::Average(field) => ("AVG", field),
                    Select::Least(field) => ("MIN", field),
                    Select::Greatest(field) => ("MAX", field),
                };
                let column = self.column(field)?;
                let values: Vec<Value<'_>> = members
                    .iter()
                    .map(|row| (self.columns[column].get)(company, row))
                    .filter(|value| !value.empty())
                    .collect();
                let sum = || values.iter().filter_map(Value::number).sum::<Decimal>();
                let cell = match part {
                    Select::Count(_) => values.len().to_string(),
                    Select::Sum(_) => amount(sum()),
                    Select::Average(_) if values.is_empty() => String::new(),
                    Select::Average(_) => amount(sum() / Decimal::from(values.len() as u64)),
                    Select::Least(_) => values.iter().min_by(|a, b| order(a, b)).map(Value::shown).unwrap_or_default(),
                    _ => values.iter().max_by(|a, b| order(a, b)).map(Value::shown).unwrap_or_default(),
                };
                // the vendor's page shows <COUNT.RECORDNO> but <TOTALDUE> for a sum (reference/intacct.md 1.4)
                let name = if matches!(part, Select::Sum(_)) { field.clone() } else { format!("{word}.{field}") };
                cells.push((name, cell));
            }
            out.push(cells);
        }
        Ok(out)
    }
}

fn order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Stamp(a), Value::Stamp(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (a, b) => a.number().cmp(&b.number()),
    }
}

impl<T: Sync + 'static> AnyTable for Table<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn id_field(&self) -> &'static str {
        self.id
    }

    fn fields(&self) -> Vec<(&'static str, Kind)> {
        self.columns.iter().map(|column| (column.name, column.kind)).collect()
    }

    fn query(&self, company: &Company, query: &Query, viewer: &Viewer<'_>) -> Result<Page, Refusal> {
        let test = query.filter.as_ref().map(|filter| self.compile(filter)).transpose()?;
        let mut sort = Vec::new();
        for (field, descending) in &query.order {
            sort.push((self.column(field)?, *descending));
        }
        for part in &query.select {
            self.column(part.field())?;
        }
        let visible = |row: &T| match ((self.entity)(company, row), viewer.entity) {
            (None, _) => true,
            (Some(_), None) => viewer.show_private,
            (Some(owner), Some(entity)) => owner == entity,
        };
        let kept = (self.rows)(company);
        let all: Vec<&T> = match &kept {
            Rows::Kept(rows) => rows.clone(),
            Rows::Made(rows) => rows.iter().collect(),
        };
        let mut rows: Vec<&T> = all
            .into_iter()
            .filter(|row| {
                visible(row) && test.as_ref().is_none_or(|test| self.passes(test, company, row, query.case_insensitive))
            })
            .collect();
        if query.select.iter().any(|part| !matches!(part, Select::Field(_))) {
            let cells = self.aggregate(company, &rows, &query.select)?;
            let total = cells.len();
            return Ok(Page { rows: cells.into_iter().skip(query.offset).take(query.page_size).collect(), total });
        }
        let key = |row: &T| (self.columns[0].get)(company, row).shown();
        if sort.is_empty() {
            rows.sort_by_cached_key(|row| scatter(&key(row)));
        } else {
            rows.sort_by(|a, b| {
                for (column, descending) in &sort {
                    let get = self.columns[*column].get;
                    let ordering = order(&get(company, a), &get(company, b));
                    let ordering = if *descending { ordering.reverse() } else { ordering };
                    if ordering.is_ne() {
                        return ordering;
                    }
                }
                scatter(&key(a)).cmp(&scatter(&key(b)))
            });
        }
        let total = rows.len();
        let columns: Vec<usize> =
            query.select.iter().map(|part| self.column(part.field())).collect::<Result<_, _>>()?;
        let page = rows
            .into_iter()
            .skip(query.offset)
            .take(query.page_size)
            .map(|row| {
                columns
                    .iter()
                    .map(|column| {
                        (self.columns[*column].name.to_owned(), (self.columns[*column].get)(company, row).shown())
                    })
                    .collect()
            })
            .collect();
        Ok(Page { rows: page, total })
    }
}
