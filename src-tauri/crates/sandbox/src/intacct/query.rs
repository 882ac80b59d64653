//! The `query` function: fields, filter, order and page, as the request gives them.

use super::errors::Refusal;
use super::xml::Element;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
    In,
    NotIn,
    Like,
    NotLike,
    IsNull,
    IsNotNull,
}

#[derive(Clone, Debug)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Compare { field: String, operator: Operator, values: Vec<String> },
}

#[derive(Clone, Debug)]
pub enum Select {
    Field(String),
    Count(String),
    Sum(String),
    Average(String),
    Least(String),
    Greatest(String),
}

impl Select {
    pub fn field(&self) -> &str {
        match self {
            Select::Field(it)
            | Select::Count(it)
            | Select::Sum(it)
            | Select::Average(it)
            | Select::Least(it)
            | Select::Greatest(it) => it,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Query {
    pub object: String,
    pub select: Vec<Select>,
    pub filter: Option<Filter>,
    /// Field and whether descending.
    pub order: Vec<(String, bool)>,
    pub case_insensitive: bool,
    pub show_private: bool,
    pub doc_par_id: Option<String>,
    pub page_size: usize,
    pub offset: usize,
}

pub const LARGEST_PAGE: usize = 2000;
const LARGEST_LIST: usize = 1000;

fn malformed(text: impl Into<String>) -> Refusal {
    // UNVERIFIED: the number for a query of the wrong shape
    Refusal::coded("DL02000001", format!("There was an error processing the request. {}", text.into()))
}

impl Query {
    pub fn read(call: &Element) -> Result<Query, Refusal> {
        for child in &call.children {
            const KNOWN: [&str; 8] =
                ["select", "object", "docparid", "filter", "orderby", "options", "pagesize", "offset"];
            if !KNOWN.contains(&child.name.as_str()) {
                return Err(malformed(format!("Element '{}' is not part of query.", child.name)));
            }
        }
        let object = call.owned("object").ok_or_else(|| Refusal::query_failed("Object is missing"))?;
        let mut query = Query { object, page_size: 100, doc_par_id: call.owned("docparid"), ..Query::default() };
        for part in call.child("select").map(|it| it.children.as_slice()).unwrap_or_default() {
            let field = part.text.trim().to_owned();
            query.select.push(match part.name.as_str() {
                "field" => Select::Field(field),
                "count" => Select::Count(field),
                "sum" => Select::Sum(field),
                "avg" => Select::Average(field),
                "min" => Select::Least(field),
                "max" => Select::Greatest(field),
                other => return Err(malformed(format!("Element '{other}' is not part of select."))),
            });
        }
        if query.select.is_empty() {
            return Err(malformed("select needs at least one field."));
        }
        if let Some(filter) = call.child("filter") {
            query.filter = match filter.children.as_slice() {
                [] => None,
                [one] => Some(read_filter(one)?),
                _ => return Err(malformed("filter takes exactly one operator.")),
            };
        }
        for order in call.child("orderby").map(|it| it.children.as_slice()).unwrap_or_default() {
            let field = order.owned("field").ok_or_else(|| malformed("order needs a field."))?;
            let descending = match (order.child("ascending"), order.child("descending")) {
                (Some(_), None) | (None, None) => false,
                (None, Some(_)) => true,
                (Some(_), Some(_)) => return Err(malformed("order is ascending or descending.")),
            };
            query.order.push((field, descending));
        }
        if let Some(options) = call.child("options") {
            query.case_insensitive = options.filled("caseinsensitive") == Some("true");
            query.show_private = options.filled("showprivate") == Some("true");
            if options.filled("returnformat").is_some_and(|format| format != "xml") {
                return Err(malformed("Only the returnformat xml is served here."));
            }
        }
        if let Some(text) = call.filled("pagesize") {
            query.page_size =
                text.parse().ok().filter(|size| (1..=LARGEST_PAGE).contains(size)).ok_or_else(|| {
                    malformed(format!("pagesize must be between 1 and {LARGEST_PAGE}, not '{text}'."))
                })?;
        }
        if let Some(text) = call.filled("offset") {
            query.offset = text.parse().map_err(|_| malformed(format!("offset '{text}' is not a number.")))?;
        }
        Ok(query)
    }
}

fn read_filter(element: &Element) -> Result<Filter, Refusal> {
    let name = element.name.as_str();
    if name == "and" || name == "or" {
        if element.children.len() < 2 {
            return Err(malformed(format!("{name} takes two or more conditions.")));
        }
        let parts = element.children.iter().map(read_filter).collect::<Result<Vec<_>, _>>()?;
        return Ok(if name == "and" { Filter::And(parts) } else { Filter::Or(parts) });
    }
    let (operator, least, most) = match name {
        "equalto" => (Operator::Equal, 1, 1),
        "notequalto" => (Operator::NotEqual, 1, 1),
        "lessthan" => (Operator::Less, 1, 1),
        "lessthanorequalto" => (Operator::LessOrEqual, 1, 1),
        "greaterthan" => (Operator::Greater, 1, 1),
        "greaterthanorequalto" => (Operator::GreaterOrEqual, 1, 1),
        "between" => (Operator::Between, 2, 2),
        "in" => (Operator::In, 1, LARGEST_LIST),
        "notin" => (Operator::NotIn, 1, LARGEST_LIST),
        "like" => (Operator::Like, 1, 1),
        "notlike" => (Operator::NotLike, 1, 1),
        "isnull" => (Operator::IsNull, 0, 0),
        "isnotnull" => (Operator::IsNotNull, 0, 0),
        other => return Err(malformed(format!("Operator '{other}' is not known."))),
    };
    let field = element.owned("field").ok_or_else(|| malformed(format!("{name} needs a field.")))?;
    let values: Vec<String> = element.all("value").map(|value| value.text.clone()).collect();
    if values.len() < least || values.len() > most {
        return Err(malformed(format!("{name} takes {least} to {most} values, not {}.", values.len())));
    }
    Ok(Filter::Compare { field, operator, values })
}
