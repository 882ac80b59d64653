//! Copies: a second record that says the same as one that is matched already. It is never given another partner, and it is
//! told apart from what merely has none.

use super::pool::Pool;
use super::reference;
use std::collections::BTreeMap;

pub fn find(pool: &mut Pool<'_>) {
    let mut taken: BTreeMap<_, usize> = BTreeMap::new();
    for it in (0..pool.left.len()).filter(|it| !pool.left_is_open(*it)) {
        taken.entry(left_content(pool, it)).or_insert(it);
    }
    let copies: Vec<(usize, usize)> = pool
        .open_left()
        .filter(|it| !pool.left[*it].order_number.is_empty())
        .filter_map(|it| Some((it, *taken.get(&left_content(pool, it))?)))
        .collect();
    for (copy, first) in copies {
        pool.twins_left.insert(copy, pool.left[first].record.clone());
    }
    let mut taken: BTreeMap<_, usize> = BTreeMap::new();
    for it in (0..pool.right.len()).filter(|it| !pool.right_is_open(*it)) {
        taken.entry(right_content(pool, it)).or_insert(it);
    }
    let copies: Vec<(usize, usize)> = pool
        .open_right()
        .filter(|it| !reference::normalised(&pool.right[*it].reference).is_empty())
        .filter_map(|it| Some((it, *taken.get(&right_content(pool, it))?)))
        .collect();
    for (copy, first) in copies {
        let twin = pool.right[first].record.clone();
        pool.twins_right.entry(copy).or_insert(twin);
    }
}

type Content = (String, super::ItemKind, tieout_money::Currency, i64, String);

fn left_content(pool: &Pool<'_>, at: usize) -> Content {
    let it = pool.left[at];
    let order = reference::normalised(&it.order_number);
    (order, it.kind, it.amount.currency(), it.amount.minor(), it.account.clone())
}

fn right_content(pool: &Pool<'_>, at: usize) -> Content {
    let it = pool.right[at];
    let reference = reference::normalised(&it.reference);
    (reference, it.kind, it.amount.currency(), it.amount.minor(), it.account.clone())
}
