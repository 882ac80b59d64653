//! Who a receipt is from. A collective customer ("Web customer") is nobody; a blank name is its customer's usual one.

use crate::table::Book;
use crate::table::names::ByHash;

/// A name on so many receipts, and hardly ever on a payment, is no person's.
const COLLECTIVE_MIN: u32 = 12;
/// A customer with so many names is many people.
const NAMES_MAX: usize = 8;

pub fn right_names(book: &Book) -> (Vec<u32>, ByHash<()>) {
    let (p, r) = (&book.payments, &book.receipts);
    let mut counts: ByHash<(u32, u32)> = ByHash::default();
    for name in &r.name {
        counts.entry(r.names.key_of(*name)).or_default().0 += 1;
    }
    for name in &p.name {
        if let Some(count) = counts.get_mut(&p.names.key_of(*name)) {
            count.1 += 1;
        }
    }
    let nobody = |key: u64| key == 0 || counts.get(&key).is_some_and(|it| it.0 >= COLLECTIVE_MIN && it.1 * 4 < it.0);
    // Customer, folded name and its number; sorted, so that the first of the most frequent is always the same.
    let mut seen: Vec<(u64, u64, u32)> = (0..r.len())
        .filter(|it| r.customer[*it] != 0)
        .map(|it| (r.customer[it], r.names.key_of(r.name[it]), r.name[it]))
        .collect();
    seen.sort_unstable();
    let mut usual: ByHash<u32> = ByHash::default();
    let mut collective: ByHash<()> = ByHash::default();
    for of_customer in seen.chunk_by(|a, b| a.0 == b.0) {
        let names: Vec<&[(u64, u64, u32)]> = of_customer.chunk_by(|a, b| a.1 == b.1).collect();
        let persons = names.iter().filter(|it| !nobody(it[0].1));
        let distinct = persons.clone().count();
        let bears_nobody = names.iter().any(|it| it[0].1 != 0 && nobody(it[0].1));
        if bears_nobody || (distinct >= NAMES_MAX && distinct * 3 >= of_customer.len()) {
            collective.insert(of_customer[0].0, ());
        } else if let Some(most) = persons.max_by_key(|it| (it.len(), std::cmp::Reverse(it[0].1))) {
            usual.insert(of_customer[0].0, most[0].2);
        }
    }
    let names = (0..r.len())
        .map(|it| match r.names.key_of(r.name[it]) {
            key if !nobody(key) => r.name[it],
            _ => usual.get(&r.customer[it]).copied().unwrap_or(0),
        })
        .collect();
    (names, collective)
}
