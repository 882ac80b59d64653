//! Debits are credits to the cent, per currency and per location, in the entry, in the bytes that are sent, and in what
//! comes back: whatever an entry holds, and whatever is wrong with it.
//!
//! `TIEOUT_ENTRIES=1000000 cargo nextest run -p tieout-intacct --no-capture -E 'test(debits_are_credits)'`

use super::compare::Comparison;
use crate::row::Row;
use crate::write::{Links, build};
use crate::xml::{Node, parse};
use jiff::civil::date;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use tieout_domain::{Dimensions, Document, IdempotencyKey, JournalEntry, JournalLine};
use tieout_money::{Currency, Money};

const ENTRIES: u64 = 4_000;
const BASE: Currency = Currency::USD;

#[derive(Debug, Default)]
struct Told {
    sent: u64,
    lines: u64,
    refused: u64,
    changed_and_noticed: u64,
}

fn line(dice: &mut StdRng, minor: i64, currency: Currency, location: &str) -> JournalLine {
    JournalLine {
        account: dice.random_range(1_000..9_999).to_string(),
        amount: Money::from_minor(minor, currency),
        memo: ["", "Fees & more", "half <price>"][dice.random_range(0..3)].to_owned(),
        dimensions: Dimensions { location: location.to_owned(), ..Dimensions::default() },
    }
}

/// In one to three locations, each with lines that come to nothing.
fn lines(dice: &mut StdRng, currency: Currency) -> Vec<JournalLine> {
    let mut all = Vec::new();
    for location in &["100", "200", ""][..dice.random_range(1..=3)] {
        let mut sum = 0;
        for _ in 0..dice.random_range(1..=6) {
            let largest = 10_i64.pow(dice.random_range(1..=13));
            let minor = dice.random_range(1..=largest) * if dice.random_bool(0.5) { 1 } else { -1 };
            sum += minor;
            all.push(line(dice, minor, currency, location));
        }
        // A last line of zero would be no line.
        let last = if sum == 0 { vec![5, -5] } else { vec![-sum] };
        all.extend(last.into_iter().map(|minor| line(dice, minor, currency, location)));
    }
    all
}

/// One thing about the lines that makes them no entry.
fn spoil(dice: &mut StdRng, lines: &mut Vec<JournalLine>, currency: Currency) {
    let at = dice.random_range(0..lines.len());
    let minor = lines[at].amount.minor();
    match dice.random_range(0..5) {
        0 => lines[at].amount = Money::from_minor(if minor == 1 { 2 } else { minor - 1 }, currency),
        1 => lines[at].amount = -lines[at].amount,
        2 => drop(lines.remove(at)),
        3 => {
            let other = if currency == Currency::EUR { Currency::USD } else { Currency::EUR };
            lines[at].amount = Money::from_minor(minor, other);
        }
        _ => lines[at].amount = Money::zero(currency),
    }
}

/// The text of an element, read without our parser.
fn within<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    xml.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// What the bytes say, summed by currency and location in the smallest unit.
fn sums(xml: &str, decimals: usize) -> BTreeMap<(String, String), i128> {
    let mut sums = BTreeMap::new();
    for entry in xml.split("<GLENTRY>").skip(1) {
        let amount = within(entry, "TRX_AMOUNT").unwrap();
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        assert!(part.len() == decimals && !amount.starts_with('-'), "{amount}");
        let minor: i128 = format!("{whole}{part}").parse().unwrap();
        let sign = within(entry, "TR_TYPE").unwrap().parse::<i128>().unwrap();
        let place = |name| within(entry, name).unwrap_or_default().to_owned();
        *sums.entry((place("CURRENCY"), place("LOCATION"))).or_default() += sign * minor;
    }
    sums
}

fn differences(document: &Document, rows: &[Node]) -> usize {
    let header = Node::default();
    let mut comparison = Comparison::new(Row::new(&header, BASE));
    comparison.lines(document, rows, BASE);
    comparison.differences.len()
}

/// Somebody (or the wire) made something else of what was sent.
fn change(dice: &mut StdRng, rows: &mut Vec<Node>, decimals: u32) {
    let at = dice.random_range(0..rows.len());
    let kind = dice.random_range(0..6);
    let set = |rows: &mut Vec<Node>, name: &str, make: &dyn Fn(&str) -> String| {
        let field = rows[at].children.iter_mut().find(|it| it.name == name).unwrap();
        field.text = make(&field.text).into();
    };
    match kind {
        0 => set(rows, "TRX_AMOUNT", &|it| {
            let amount: rust_decimal::Decimal = it.parse().unwrap();
            (amount + rust_decimal::Decimal::new(1, decimals)).to_string()
        }),
        1 => set(rows, "TR_TYPE", &|it| if it == "1" { "-1".into() } else { "1".into() }),
        2 => set(rows, "ACCOUNTNO", &|it| format!("{it}0")),
        3 => set(rows, "CURRENCY", &|it| if it == "EUR" { "USD".into() } else { "EUR".into() }),
        4 => drop(rows.remove(at)),
        _ => rows.push(rows[at].clone()),
    }
}

#[test]
fn debits_are_credits_in_every_entry_in_what_is_sent_and_in_what_comes_back() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().map_or(usual, |it| it.parse().unwrap());
    let entries = number("TIEOUT_ENTRIES", ENTRIES);
    let mut dice = StdRng::seed_from_u64(number("TIEOUT_SEED", 1));
    let currencies = ["USD", "EUR", "JPY", "BHD"].map(|it| Currency::parse(it).unwrap());
    let links = Links::without_invoices(BASE, true);
    let mut told = Told::default();
    for n in 0..entries {
        let currency = currencies[dice.random_range(0..currencies.len())];
        let mut of_entry = lines(&mut dice, currency);
        let entry = |lines| JournalEntry::new("GJ", date(2026, 1, 29), "Fee", &format!("TO-{n}"), lines);
        let good = entry(of_entry.clone()).unwrap_or_else(|error| panic!("{n}: {error}: {of_entry:?}"));
        spoil(&mut dice, &mut of_entry, currency);
        if let Ok(built) = entry(of_entry.clone()) {
            panic!("{n}: it was built of what does not balance: {built:?}");
        }
        told.refused += 1;

        let document = Document::JournalEntry(good.with_rate_type("Intacct Daily Rate"));
        let request = build(&document, &links, &IdempotencyKey(format!("key-{n}"))).unwrap();
        let sums = sums(&request.function, usize::try_from(currency.decimals()).unwrap());
        assert!(sums.values().all(|it| *it == 0), "{n}: {sums:?} in {}", request.function);
        told.sent += 1;

        let sent = parse(request.function.as_bytes()).unwrap();
        let batch = sent.at(&["create", "GLBATCH", "ENTRIES"]).unwrap();
        let mut rows: Vec<Node> = batch.children_named("GLENTRY").cloned().collect();
        told.lines += rows.len() as u64;
        rows.reverse();
        assert_eq!(differences(&document, &rows), 0, "{n}: {}", request.function);
        change(&mut dice, &mut rows, currency.decimals());
        assert!(differences(&document, &rows) > 0, "{n}: a change was not noticed: {rows:?}");
        told.changed_and_noticed += 1;
    }
    println!("{entries} entries: {told:?}");
}
