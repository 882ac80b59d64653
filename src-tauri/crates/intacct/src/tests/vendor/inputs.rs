//! What a document says, by name.

use crate::shape::{self, Content, Function, Kind, Part};
use crate::xml::Node;
use jiff::civil::Date;
use jiff::fmt::strtime;

/// The table of a fragment: a line by itself.
pub fn part_of(name: &str) -> &'static Part {
    let (start, _) = name.split_once("--").unwrap();
    let (function, path): (&Function, &[&str]) = match start {
        "aradjustment-line" => (&shape::CREATE_AR_ADJUSTMENT, &["aradjustmentitems", "lineitem"]),
        "arpayment-item" => (&shape::CREATE_AR_PAYMENT, &["arpaymentitem"]),
        "invoice-line" => (&shape::CREATE_INVOICE, &["invoiceitems", "lineitem"]),
        "otherreceipt-line" => (&shape::RECORD_OTHER_RECEIPT, &["receiptitems", "lineitem"]),
        "sotransaction-line" => (&shape::CREATE_SO_TRANSACTION, &["sotransitems", "sotransitem"]),
        "sotransaction-lineupdate" => (&shape::UPDATE_SO_TRANSACTION, &["updatesotransitems", "updatesotransitem"]),
        "subtotal" => (&shape::CREATE_SO_TRANSACTION, &["subtotals", "subtotal"]),
        "itemdetail" => (&shape::CREATE_SO_TRANSACTION, &["sotransitems", "sotransitem", "itemdetails", "itemdetail"]),
        "glentry" => (&shape::CREATE_GLBATCH, &["ENTRIES", "GLENTRY"]),
        _ => panic!("no table for {name}"),
    };
    let (first, rest) = path.split_first().unwrap();
    rest.iter().fold(function.part.row(first).unwrap(), |part, name| part.row(name).unwrap())
}

/// Everything in the node, in an order that is not the node's.
pub fn content(part: &Part, node: &Node) -> Content {
    let mut content = Content::new();
    for (name, value) in &node.attributes {
        content = content.text(name, value);
    }
    for child in &node.children {
        let name = child.name.as_ref();
        let text = child.text.trim();
        let nothing = text.is_empty() && child.children.is_empty() && child.attributes.is_empty();
        content = match part.row(name).map(|it| (it, it.kind)) {
            Some(_) if nothing => content.clear(name),
            Some((_, Kind::Text)) => content.text(name, text),
            Some((_, Kind::Day)) => content.day(name, strtime::parse("%m/%d/%Y", text).unwrap().to_date().unwrap()),
            Some((_, Kind::DayParts)) => content.day(name, date(child)),
            Some((row, Kind::Group(_))) => content.each(name, [self::content(row, child)]),
            Some(_) => panic!("{name} in {} is no element", part.name),
            None => content.own_field(name, text),
        };
    }
    content.shuffled()
}

fn date(node: &Node) -> Date {
    let number = |name: &str| node.text_of(name).unwrap().parse::<i16>().unwrap();
    Date::new(number("year"), number("month") as i8, number("day") as i8).unwrap()
}
