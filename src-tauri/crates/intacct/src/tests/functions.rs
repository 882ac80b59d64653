//! Every function there is a table of, with everything said that can be said together: a snapshot each, valid by Sage's
//! schema where that knows it.

use super::samples::{config, pretty};
use super::schema::{violations, xmllint};
use crate::envelope::{Credential, function, wrap};
use crate::shape::{Content, FUNCTIONS, Kind, Part};
use jiff::civil::date;
use secrecy::ExposeSecret;

/// Elements that Sage added after its published schema (2019 R3), and functions it added.
const NEWER: [&str; 8] = [
    "taxentries",
    "taxsolutionid",
    "needbydate",
    "shipbydate",
    "trackingnumber",
    "shippeddate",
    "customerponumber",
    "lookup",
];

fn value(name: &str) -> &'static str {
    match name {
        "object" => "invoice",
        "showprivate" | "disablevalidation" | "nogl" | "taxable" | "billable" | "dropship" => "true",
        "action" => "Submit",
        "state" => "Pending",
        "order" => "asc",
        "deliverystatus" => "Delivered",
        "deferralstatus" => "Defer until item is delivered",
        "paymentmethod" => "Printed Check",
        "operator" => "=",
        _ => "1",
    }
}

/// One of each row; where only one of several may stand, the first.
fn everything(part: &Part, newer: bool) -> Content {
    let rows = part.rows();
    let left_out: Vec<&str> = rows
        .iter()
        .flat_map(|it| match it.kind {
            Kind::OneOf(names) | Kind::NotBoth(names) => &names[1..],
            _ => &[],
        })
        .copied()
        .collect();
    let said = |it: &&&Part| !left_out.contains(&it.name) && (newer || !NEWER.contains(&it.name));
    rows.iter().filter(said).fold(Content::new(), |content, row| match row.kind {
        Kind::Text | Kind::Attribute => content.text(row.name, value(row.name)),
        Kind::Day | Kind::DayParts => content.day(row.name, date(2025, 3, 31)),
        Kind::Group(_) => content.group(row.name, everything(row, newer)),
        Kind::OwnFields => content.own_field("MYFIELD", "1"),
        Kind::Rows(_) | Kind::OneOf(_) | Kind::NotBoth(_) => content,
    })
}

#[test]
fn every_function_is_written_as_it_was() {
    for it in FUNCTIONS {
        let content = everything(&it.part, true).shuffled();
        let (written, _) = function("c", |out| it.write(&content, out).unwrap());
        insta::assert_snapshot!(it.name().replace(' ', "_"), pretty(&written));
    }
}

#[test]
fn every_table_has_the_order_of_sages_schema() {
    if !xmllint() {
        return;
    }
    let mut wrong = Vec::new();
    for it in FUNCTIONS.iter().filter(|it| !NEWER.contains(&it.part.name)) {
        let content = everything(&it.part, false).shuffled();
        let (written, _) = function("c", |out| it.write(&content, out).unwrap());
        let request = wrap(&config(), &Credential::Login, "c", true, &written);
        wrong.extend(violations(request.expose_secret()).map(|why| format!("{}: {why}", it.name())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
