//! Which receipts name which payments: order numbers and gateway ids found in references and memos, each text read once.

use super::work::Work;
use crate::table::names::ByHash;
use crate::table::{PayStatus, ReceiptType, words};
use rayon::prelude::*;

pub const ORDER: u8 = 1;
pub const ORDER_IN_MEMO: u8 = 2;
pub const CODE: u8 = 4;
pub const CODE_IN_MEMO: u8 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub right: u32,
    pub left: u32,
    pub how: u8,
}

/// All of them, in order of the receipts, and where those of each begin.
#[derive(Default)]
pub struct Edges {
    all: Vec<Edge>,
    starts: Vec<u32>,
}

impl Edges {
    pub fn new(all: Vec<Edge>, receipts: usize) -> Edges {
        let mut starts = vec![0; receipts + 1];
        for it in &all {
            starts[it.right as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Edges { all, starts }
    }

    pub fn of_right(&self, right: u32) -> &[Edge] {
        &self.all[self.starts[right as usize] as usize..self.starts[right as usize + 1] as usize]
    }
}

impl std::ops::Deref for Edges {
    type Target = [Edge];

    fn deref(&self) -> &[Edge] {
        &self.all
    }
}

/// Payments of one number looked at per mention; beyond it only equal amounts are.
const CHAIN_MAX: u32 = 32;
/// A receipt that names more payments than this is a list of something else.
const NAMED_MAX: usize = 64;

/// A key to its rows, sorted by amount within.
struct Index {
    places: ByHash<(u32, u32)>,
    rows: Vec<u32>,
}

impl Index {
    fn new(mut keys: Vec<(u64, i64, u32)>) -> Index {
        keys.par_sort_unstable();
        let mut places: ByHash<(u32, u32)> = ByHash::default();
        places.reserve(keys.len());
        let mut start = 0;
        for run in keys.chunk_by(|a, b| a.0 == b.0) {
            places.insert(run[0].0, (start, run.len() as u32));
            start += run.len() as u32;
        }
        Index { places, rows: keys.into_iter().map(|it| it.2).collect() }
    }

    fn get(&self, key: u64, minor: i64, amounts: &[i64]) -> &[u32] {
        let Some((start, len)) = self.places.get(&key) else { return &[] };
        let chain = &self.rows[*start as usize..(*start + *len) as usize];
        if *len <= CHAIN_MAX {
            return chain;
        }
        let from = chain.partition_point(|it| amounts[*it as usize] < minor);
        let equal =
            chain[from..].iter().take(CHAIN_MAX as usize).take_while(|it| amounts[**it as usize] == minor).count();
        &chain[from..from + equal]
    }
}

/// By receipt, then by payment; each pair once.
pub fn find(work: &mut Work<'_>) -> Vec<Edge> {
    let book = work.book;
    let payments = &book.payments;
    let settled = || (0..payments.len() as u32).filter(|it| payments.status[*it as usize] == PayStatus::Settled);
    let (orders, codes) = rayon::join(
        || {
            let keys = settled()
                .filter_map(|it| Some((words::order_key(payments.order_text(it))?, payments.minor[it as usize], it)));
            Index::new(keys.collect())
        },
        || {
            let keys = settled().filter_map(|it| {
                Some((words::code_key(payments.gateway_ref_text(it))?, payments.minor[it as usize], it))
            });
            Index::new(keys.collect())
        },
    );
    if orders.places.values().chain(codes.places.values()).any(|it| it.1 > CHAIN_MAX) {
        work.spent("payments of one reference");
    }
    let receipts = &book.receipts;
    const CHUNK: usize = 8_192;
    let rows: Vec<u32> = (0..receipts.len() as u32).collect();
    let found: Vec<Vec<Edge>> = rows
        .par_chunks(CHUNK)
        .map(|rows| {
            let (mut found, mut own) = (Vec::with_capacity(rows.len()), Vec::new());
            for &right in rows.iter().filter(|it| receipts.kind[**it as usize] != ReceiptType::Deposit) {
                own.clear();
                let minor = receipts.minor[right as usize];
                let mut look = |text: &[u8], order: u8, code: u8| {
                    for word in words::words(text) {
                        if own.len() >= NAMED_MAX {
                            break;
                        }
                        if words::is_code(word) {
                            let lefts = codes.get(words::code_hash(word), minor, &payments.minor);
                            own.extend(lefts.iter().map(|left| Edge { right, left: *left, how: code }));
                        }
                        for key in words::digit_runs(word).filter_map(words::number) {
                            let lefts = orders.get(key, minor, &payments.minor);
                            own.extend(lefts.iter().map(|left| Edge { right, left: *left, how: order }));
                        }
                    }
                };
                look(receipts.reference_text(right), ORDER, CODE);
                look(receipts.memo_text(right), ORDER_IN_MEMO, CODE_IN_MEMO);
                own.sort_unstable();
                for edge in &own {
                    match found.last_mut() {
                        Some(Edge { right: r, left, how }) if *r == right && *left == edge.left => *how |= edge.how,
                        _ => found.push(*edge),
                    }
                }
            }
            found
        })
        .collect();
    found.concat()
}
