//! An entry of the ledger and the one that takes it back cancel each other: together they say nothing about the store. The
//! second says of itself that it is a reversal and bears the reference of the first; equal and opposite amounts alone may be a
//! receipt and a refund.

use super::work::{Group, Pass, Work};
use crate::table::words;

/// How ledgers write it, as a word of its own before or after the reference, or in the memo.
const MARKS: [&[u8]; 7] = [b"REV", b"REVERSAL", b"REVERSED", b"VOID", b"VOIDED", b"STORNO", b"STORNIERT"];

pub fn run(work: &mut Work<'_>) {
    let book = work.book;
    let r = &book.receipts;
    let takes_back = |row: u32| is_marked(r.reference_text(row)) || is_marked(r.memo_text(row));
    let singles = (0..r.len() as u32).filter(|it| work.single_open(*it));
    let mut wanted: Vec<u64> =
        singles.filter(|it| takes_back(*it)).map(|it| key(work, it)).filter(|it| *it != 0).collect();
    if wanted.is_empty() {
        return;
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut found: Vec<(u64, u32, bool)> = (0..r.len() as u32)
        .filter(|it| work.single_open(*it))
        .map(|it| (key(work, it), it))
        .filter(|it| wanted.binary_search(&it.0).is_ok())
        .map(|it| (it.0, it.1, takes_back(it.1)))
        .collect();
    found.sort_unstable();
    for alike in found.chunk_by(|a, b| a.0 == b.0) {
        let [one, other] = alike else { continue };
        let opposite = r.minor[one.1 as usize] == -r.minor[other.1 as usize];
        if opposite && one.2 != other.2 {
            let mut group = Group::new(Pass::Reversal, 9_900);
            group.note = "an entry and its reversal".into();
            work.claim(&[], &[one.1, other.1], group);
        }
    }
}

fn is_marked(text: &[u8]) -> bool {
    words::words(text).any(|word| MARKS.iter().any(|it| word.eq_ignore_ascii_case(it)))
}

/// Currency, account and the reference without its mark; 0 where nothing of it is left.
fn key(work: &Work<'_>, row: u32) -> u64 {
    let r = &work.book.receipts;
    let plain = || {
        let own = words::words(r.reference_text(row));
        own.filter(|word| !MARKS.iter().any(|it| word.eq_ignore_ascii_case(it))).flatten().map(u8::to_ascii_uppercase)
    };
    if plain().next().is_none() {
        return 0;
    }
    let head = [r.currency[row as usize].into(), r.account[row as usize]];
    words::hash(head.into_iter().flat_map(u32::to_le_bytes).chain(plain()))
}
