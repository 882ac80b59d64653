//! The answers as files. In order of the ids, so that the same input gives the same bytes.

use super::money::decimal;
use crate::solve::{Explainer, Reason, Solved, explain_group, explain_leftover};
use crate::table::{Book, NONE};
use serde_json::json;
use std::io::{self, Write};

/// Groups in the order of their first member, with their members.
pub struct Members {
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// Group numbers by their first left member, then by their first right one.
    order: Vec<u32>,
    split: Vec<u32>,
}

impl Members {
    pub fn new(solved: &Solved) -> Members {
        let groups = solved.groups.len();
        let mut starts = vec![0_u32; groups + 1];
        let all = || solved.left_group.iter().chain(&solved.right_group).filter(|it| **it != NONE);
        for group in all() {
            starts[*group as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; starts[groups] as usize];
        let mut split = vec![0; groups];
        let mut order = Vec::with_capacity(groups);
        let mut put = |side: &[u32], left: bool| {
            for (row, group) in side.iter().enumerate().filter(|it| *it.1 != NONE) {
                let at = &mut next[*group as usize];
                if *at == starts[*group as usize] {
                    order.push(*group);
                }
                rows[*at as usize] = row as u32;
                *at += 1;
                if left {
                    split[*group as usize] += 1;
                }
            }
        };
        put(&solved.left_group, true);
        put(&solved.right_group, false);
        Members { starts, rows, order, split }
    }

    /// Left and right members of a group.
    pub fn of(&self, group: u32) -> (&[u32], &[u32]) {
        let all = &self.rows[self.starts[group as usize] as usize..self.starts[group as usize + 1] as usize];
        all.split_at(self.split[group as usize] as usize)
    }

    pub fn groups(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.order.iter().enumerate().map(|(number, group)| (number as u32 + 1, *group))
    }
}

pub fn matches(book: &Book, solved: &Solved, out: &mut dyn Write) -> io::Result<()> {
    let members = Members::new(solved);
    let mut line = Vec::with_capacity(1 << 16);
    line.extend_from_slice(b"match_id,side,id,confidence,pass\n");
    for (number, group) in members.groups() {
        let (lefts, rights) = members.of(group);
        let found = &solved.groups[group as usize];
        let tail = format!(",0.{:04},{}\n", found.confidence.min(9_999), found.pass.name());
        let head = format!("M{number:07},");
        let ids = lefts.iter().map(|it| (b"P,", book.payments.id[*it as usize].of(&book.payments.bytes)));
        let ids = ids.chain(rights.iter().map(|it| (b"R,", book.receipts.id[*it as usize].of(&book.receipts.bytes))));
        for (side, id) in ids {
            line.extend_from_slice(head.as_bytes());
            line.extend_from_slice(side);
            field(&mut line, id);
            line.extend_from_slice(tail.as_bytes());
        }
        if line.len() > 1 << 15 {
            out.write_all(&line)?;
            line.clear();
        }
    }
    out.write_all(&line)
}

pub fn exceptions(book: &Book, solved: &Solved, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::with_capacity(1 << 16);
    line.extend_from_slice(b"side,id,reason\n");
    let left = solved
        .left_reason
        .iter()
        .enumerate()
        .map(|(row, it)| (b"P,", book.payments.id[row].of(&book.payments.bytes), it));
    let right = solved
        .right_reason
        .iter()
        .enumerate()
        .map(|(row, it)| (b"R,", book.receipts.id[row].of(&book.receipts.bytes), it));
    for (side, id, reason) in left.chain(right).filter(|it| *it.2 != Reason::Matched) {
        line.extend_from_slice(side);
        field(&mut line, id);
        line.push(b',');
        line.extend_from_slice(reason.as_str().as_bytes());
        line.push(b'\n');
        if line.len() > 1 << 15 {
            out.write_all(&line)?;
            line.clear();
        }
    }
    out.write_all(&line)
}

/// A line of JSON a match, then one an exception.
pub fn explanations(book: &Book, solved: &Solved, out: &mut dyn Write) -> io::Result<()> {
    let members = Members::new(solved);
    let explainer = Explainer::new(book, solved);
    for (number, group) in members.groups() {
        let (lefts, rights) = members.of(group);
        let found = &solved.groups[group as usize];
        let why = explain_group(&explainer, found, lefts, rights);
        let evidence: Vec<_> =
            why.sentences.iter().map(|it| json!({ "says": it.0, "weight": format!("{:+.2}", it.1) })).collect();
        let currency = lefts
            .first()
            .map_or_else(|| book.receipts.currency[rights[0] as usize], |it| book.payments.currency[*it as usize]);
        let line = json!({
            "match_id": format!("M{number:07}"),
            "pass": why.pass,
            "confidence": format!("0.{:04}", found.confidence.min(9_999)),
            "score": format!("{:.2}", why.score),
            "margin": format!("{:.2}", why.margin),
            "payments": lefts.iter().map(|it| book.payments.id_text(*it)).collect::<Vec<_>>(),
            "receipts": rights.iter().map(|it| book.receipts.id_text(*it)).collect::<Vec<_>>(),
            "difference": decimal(found.difference, book.currencies[usize::from(currency)].decimals),
            "evidence": evidence,
        });
        writeln!(out, "{line}")?;
    }
    for (is_left, reasons) in [(true, &solved.left_reason), (false, &solved.right_reason)] {
        for (row, reason) in reasons.iter().enumerate().filter(|it| *it.1 != Reason::Matched) {
            let row = row as u32;
            let why = explain_leftover(&explainer, solved, is_left, row);
            let own = if is_left { book.payments.id_text(row) } else { book.receipts.id_text(row) };
            let nearest =
                why.nearest.map(|it| if is_left { book.receipts.id_text(it) } else { book.payments.id_text(it) });
            let line = json!({
                "side": if is_left { "P" } else { "R" },
                "id": own,
                "reason": reason.as_str(),
                "nearest": nearest,
                "failed": why.failed,
                "would_match": why.change.map(|it| it.sentence()),
                "change": why.change.map(|it| json!({ "window_days": it.window_days, "tolerance_minor": it.tolerance_minor })),
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn field(line: &mut Vec<u8>, text: &[u8]) {
    if text.iter().any(|it| matches!(it, b',' | b'"' | b'\n' | b'\r')) {
        line.push(b'"');
        for byte in text {
            if *byte == b'"' {
                line.push(b'"');
            }
            line.push(*byte);
        }
        line.push(b'"');
    } else {
        line.extend_from_slice(text);
    }
}
