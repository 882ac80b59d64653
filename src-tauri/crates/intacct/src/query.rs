//! Intacct's `query` function: what to select, from where, with which filter, in which order. Pages are
//! independent of each other and unordered unless told (reference/intacct.md 2.1), so ours always are told.

use crate::client::Client;
use crate::error::Error;
use crate::lookup::ObjectFields;
use crate::xml::{Element, XmlWriter, us_date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

/// `in` takes no more values than this.
pub(crate) const MAX_IN: usize = 1000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    Equal(String, String),
    NotEqual(String, String),
    Less(String, String),
    LessOrEqual(String, String),
    Greater(String, String),
    GreaterOrEqual(String, String),
    /// Low first.
    Between(String, String, String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Like(String, String),
    NotLike(String, String),
    IsNull(String),
    IsNotNull(String),
    And(Vec<Filter>),
    Or(Vec<Filter>),
}

impl Filter {
    pub fn equal(field: &str, value: impl Into<String>) -> Filter {
        Filter::Equal(field.to_owned(), value.into())
    }

    /// `_` and `%` in the text match more than themselves: whoever asks compares exactly afterwards.
    pub fn contains(field: &str, text: &str) -> Filter {
        Filter::Like(field.to_owned(), format!("%{text}%"))
    }

    pub fn one_of(field: &str, values: impl IntoIterator<Item = String>) -> Filter {
        Filter::In(field.to_owned(), values.into_iter().collect())
    }

    pub fn from_day_to_day(field: &str, first: Date, last: Date) -> Filter {
        Filter::Between(field.to_owned(), us_date(first), us_date(last))
    }

    /// `and` and `or` want at least two: fewer are left out or stand alone.
    pub fn all(filters: impl IntoIterator<Item = Filter>) -> Option<Filter> {
        Filter::joined(filters.into_iter().collect(), Filter::And)
    }

    pub fn any(filters: impl IntoIterator<Item = Filter>) -> Option<Filter> {
        Filter::joined(filters.into_iter().collect(), Filter::Or)
    }

    fn joined(mut filters: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Option<Filter> {
        match filters.len() {
            0 => None,
            1 => filters.pop(),
            _ => Some(join(filters)),
        }
    }

    /// Whether every field it asks about exists in this company.
    pub(crate) fn is_possible(&self, known: &ObjectFields) -> bool {
        match self {
            Filter::And(filters) | Filter::Or(filters) => filters.iter().all(|it| it.is_possible(known)),
            Filter::Equal(field, _)
            | Filter::NotEqual(field, _)
            | Filter::Less(field, _)
            | Filter::LessOrEqual(field, _)
            | Filter::Greater(field, _)
            | Filter::GreaterOrEqual(field, _)
            | Filter::Between(field, _, _)
            | Filter::In(field, _)
            | Filter::NotIn(field, _)
            | Filter::Like(field, _)
            | Filter::NotLike(field, _)
            | Filter::IsNull(field)
            | Filter::IsNotNull(field) => known.has(field),
        }
    }

    pub(crate) fn write(&self, out: &mut XmlWriter) {
        let mut operator = |name: &str, field: &str, values: &[&String]| {
            out.group(name, |out| {
                out.text("field", field);
                for value in values {
                    // An empty value is a value here, unlike an element of a record.
                    out.element("value", &[], |out| {
                        if !value.is_empty() {
                            out.raw_text("value", value);
                        }
                    });
                }
            });
        };
        match self {
            Filter::Equal(field, value) => operator("equalto", field, &[value]),
            Filter::NotEqual(field, value) => operator("notequalto", field, &[value]),
            Filter::Less(field, value) => operator("lessthan", field, &[value]),
            Filter::LessOrEqual(field, value) => operator("lessthanorequalto", field, &[value]),
            Filter::Greater(field, value) => operator("greaterthan", field, &[value]),
            Filter::GreaterOrEqual(field, value) => operator("greaterthanorequalto", field, &[value]),
            Filter::Between(field, low, high) => operator("between", field, &[low, high]),
            Filter::In(field, values) => operator("in", field, &values.iter().collect::<Vec<_>>()),
            Filter::NotIn(field, values) => operator("notin", field, &values.iter().collect::<Vec<_>>()),
            Filter::Like(field, value) => operator("like", field, &[value]),
            Filter::NotLike(field, value) => operator("notlike", field, &[value]),
            Filter::IsNull(field) => operator("isnull", field, &[]),
            Filter::IsNotNull(field) => operator("isnotnull", field, &[]),
            Filter::And(filters) => out.group("and", |out| filters.iter().for_each(|it| it.write(out))),
            Filter::Or(filters) => out.group("or", |out| filters.iter().for_each(|it| it.write(out))),
        }
    }
}

/// The literal a timestamp field is compared with. An ISO 8601 one is an error (reference/intacct.md 2.1).
// UNVERIFIED: the zone. Values are read and written the same way, so a watermark made from them holds anyway.
pub(crate) fn moment_text(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%m/%d/%Y %H:%M:%S").to_string()
}

/// What may be asked about all matching records at once, in place of their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    Average,
    Minimum,
    Maximum,
    Sum,
}

impl Aggregate {
    fn element(self) -> &'static str {
        match self {
            Aggregate::Count => "count",
            Aggregate::Average => "avg",
            Aggregate::Minimum => "min",
            Aggregate::Maximum => "max",
            Aggregate::Sum => "sum",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    object: String,
    fields: Vec<String>,
    aggregates: Vec<(Aggregate, String)>,
    doc_par_id: Option<String>,
    filter: Option<Filter>,
    order: Vec<(String, Direction)>,
    any_case: bool,
    page_size: Option<u32>,
    offset: Option<u64>,
}

impl Query {
    pub fn new(object: &str) -> Query {
        Query {
            object: object.to_owned(),
            fields: Vec::new(),
            aggregates: Vec::new(),
            doc_par_id: None,
            filter: None,
            order: Vec::new(),
            any_case: false,
            page_size: None,
            offset: None,
        }
    }

    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Query {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Only how many.
    #[must_use]
    pub fn count(self, field: &str) -> Query {
        self.aggregate(Aggregate::Count, field)
    }

    /// RECORDNO may not be selected beside it.
    #[must_use]
    pub fn aggregate(mut self, aggregate: Aggregate, field: &str) -> Query {
        self.aggregates.push((aggregate, field.to_owned()));
        self
    }

    #[must_use]
    pub fn doc_par_id(mut self, definition: &str) -> Query {
        self.doc_par_id = Some(definition.to_owned());
        self
    }

    #[must_use]
    pub fn filter(mut self, filter: impl Into<Option<Filter>>) -> Query {
        self.filter = filter.into();
        self
    }

    #[must_use]
    pub fn ascending(self, field: &str) -> Query {
        self.then_by(field, Direction::Ascending)
    }

    /// After whatever order was asked for before.
    #[must_use]
    pub fn then_by(mut self, field: &str, direction: Direction) -> Query {
        self.order.push((field.to_owned(), direction));
        self
    }

    /// Texts in filters match in capitals and small letters alike.
    #[must_use]
    pub fn in_any_case(mut self) -> Query {
        self.any_case = true;
        self
    }

    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Query {
        self.page_size = Some(rows.clamp(1, 2000));
        self
    }

    /// Pages are independent questions: records that come or go between two of them shift all that follow. Our own
    /// pulls go on from the last RECORDNO instead.
    #[must_use]
    pub fn offset(mut self, rows: u64) -> Query {
        self.offset = Some(rows);
        self
    }

    /// In the order Sage's own SDK writes it.
    pub(crate) fn write(&self, out: &mut XmlWriter) {
        out.group("query", |out| {
            out.group("select", |out| {
                self.fields.iter().for_each(|it| out.text("field", it));
                self.aggregates.iter().for_each(|(it, field)| out.text(it.element(), field));
            });
            out.text("object", &self.object);
            out.optional("docparid", self.doc_par_id.as_deref());
            if let Some(filter) = &self.filter {
                out.group("filter", |out| filter.write(out));
            }
            if !self.order.is_empty() {
                out.group("orderby", |out| {
                    for (field, direction) in &self.order {
                        out.group("order", |out| {
                            out.text("field", field);
                            out.flag(if *direction == Direction::Ascending { "ascending" } else { "descending" });
                        });
                    }
                });
            }
            out.group("options", |out| {
                if self.any_case {
                    out.text("caseinsensitive", "true");
                }
                // At the top level, records of entities are left out unless asked for.
                out.text("showprivate", "true");
            });
            if let Some(rows) = self.page_size {
                out.text("pagesize", &rows.to_string());
            }
            if let Some(rows) = self.offset {
                out.text("offset", &rows.to_string());
            }
        });
    }
}

/// One page as it came.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    pub rows: Vec<Element<'a>>,
    /// How many match in all, this page included.
    pub total: u64,
}

impl Client {
    pub(crate) async fn query(&self, query: &Query) -> Result<Rows<'static>, Error> {
        let data = self.ask(|out| query.write(out)).await?;
        rows_of(&query.object, data)
    }

    /// The rows read where they lie, without a copy of the page.
    pub(crate) async fn query_with<T>(
        &self,
        query: &Query,
        read: impl Fn(Rows<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.ask_with(|out| query.write(out), |data| rows_of(&query.object, data).and_then(&read)).await?
    }

    pub(crate) async fn count(&self, object: &str, field: &str, filter: Option<Filter>) -> Result<u64, Error> {
        let query = Query::new(object).count(field).filter(filter);
        let rows = self.query(&query).await?.rows;
        let counted = rows.first().and_then(|row| {
            // The documentation writes `COUNT.RECORDNO`; the one value there is, whatever its name, is it.
            row.text_of(&format!("COUNT.{field}")).or_else(|| row.children.first().map(|it| it.text.trim()))
        });
        counted
            .and_then(|it| it.parse().ok())
            .ok_or_else(|| Error::Unexpected(format!("the count of {object} is no number")))
    }
}

/// Checks that the page is whole: as many records as it says.
pub(crate) fn rows_of<'a>(object: &str, data: Option<Element<'a>>) -> Result<Rows<'a>, Error> {
    let data = data.ok_or_else(|| Error::Unexpected(format!("the query of {object} brought no data")))?;
    let number = |name: &str| data.attribute(name).and_then(|it| it.parse::<u64>().ok());
    let received = data.children.len() as u64;
    let count = number("count").unwrap_or(received);
    if count != received {
        return Err(Error::Incomplete { object: object.to_owned(), expected: count, received });
    }
    Ok(Rows { total: number("totalcount").unwrap_or(received), rows: data.children })
}
