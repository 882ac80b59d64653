//! `query` documents read back into the question they ask.

use super::written;
use crate::query::{Aggregate, Direction, Filter, Query};
use crate::xml::Node;

fn filter(node: &Node) -> Filter {
    let field = || node.text_of("field").unwrap().to_owned();
    let values = || node.children_named("value").map(|it| it.text.trim().to_owned()).collect::<Vec<_>>();
    let value = || values().remove(0);
    let all = || node.children.iter().map(filter).collect();
    match node.name.as_ref() {
        "equalto" => Filter::Equal(field(), value()),
        "notequalto" => Filter::NotEqual(field(), value()),
        "lessthan" => Filter::Less(field(), value()),
        "lessthanorequalto" => Filter::LessOrEqual(field(), value()),
        "greaterthan" => Filter::Greater(field(), value()),
        "greaterthanorequalto" => Filter::GreaterOrEqual(field(), value()),
        "between" => Filter::Between(field(), values().remove(0), values().remove(1)),
        "in" => Filter::In(field(), values()),
        "notin" => Filter::NotIn(field(), values()),
        "like" => Filter::Like(field(), value()),
        "notlike" => Filter::NotLike(field(), value()),
        "isnull" => Filter::IsNull(field()),
        "isnotnull" => Filter::IsNotNull(field()),
        "and" => Filter::And(all()),
        "or" => Filter::Or(all()),
        other => panic!("no operator {other}"),
    }
}

fn selected(query: Query, node: &Node) -> Query {
    let aggregate = match node.name.as_ref() {
        "count" => Aggregate::Count,
        "avg" => Aggregate::Average,
        "min" => Aggregate::Minimum,
        "max" => Aggregate::Maximum,
        "sum" => Aggregate::Sum,
        _ => return query,
    };
    query.aggregate(aggregate, node.text.trim())
}

pub fn query(node: &Node) -> Query {
    let select = node.child("select").unwrap();
    let fields = select.children_named("field").map(|it| it.text.trim());
    let mut query = Query::new(node.text_of("object").unwrap()).fields(fields);
    query = select.children.iter().fold(query, selected);
    if let Some(definition) = node.text_of("docparid") {
        query = query.doc_par_id(definition);
    }
    query = query.filter(node.child("filter").map(|it| filter(&it.children[0])));
    for order in node.child("orderby").into_iter().flat_map(|it| it.children_named("order")) {
        let direction = if order.child("descending").is_some() { Direction::Descending } else { Direction::Ascending };
        query = query.then_by(order.text_of("field").unwrap(), direction);
    }
    if node.at(&["options", "caseinsensitive"]).is_some() {
        query = query.in_any_case();
    }
    if let Some(rows) = node.text_of("pagesize") {
        query = query.page_size(rows.parse().unwrap());
    }
    if let Some(rows) = node.text_of("offset") {
        query = query.offset(rows.parse().unwrap());
    }
    query
}

/// A filter or a selection by itself.
pub fn fragment(theirs: &Node) -> Option<Node> {
    match theirs.name.as_ref() {
        "field" | "min" | "max" | "sum" => {
            let query = Query::new("X");
            let query = match theirs.name.as_ref() {
                "field" => query.fields([theirs.text.trim()]),
                _ => selected(query, theirs),
            };
            let whole = written(|out| query.write(out));
            Some(whole.child("select").unwrap().children[0].clone())
        }
        "and" | "or" | "in" | "notin" | "between" | "like" | "notlike" | "lessthan" | "lessthanorequalto"
        | "greaterthan" | "isnotnull" => Some(written(|out| filter(theirs).write(out))),
        _ => None,
    }
}
