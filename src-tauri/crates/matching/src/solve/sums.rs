//! One customer's payments that add up to a receipt, or receipts that add up to a payment. A sum proves something only
//! where so few were tried that chance would hardly have made one.

use super::edges::Edges;
use super::learned::is_sale;
use super::work::{Group, Pass, SAFE, Work};
use crate::table::names::ByHash;

/// Larger pools are another's business: a house account, a web shop's collective customer.
const POOL_MAX: usize = 20;
const MEMBERS_MAX: u32 = 6;
/// Accidental sums expected, at most.
const CHANCE_SAFE: f64 = 0.01;
const CHANCE_MAX: f64 = 0.3;

pub fn run(work: &mut Work<'_>, edges: &Edges) {
    let pools = Pools::new(work);
    // Receipts that pay several, before payments that several receipts pay: the first are the more common.
    let rights: Vec<u32> = (0..work.book.receipts.len() as u32).filter(|it| work.single_open(*it)).collect();
    for right in rights {
        let key = pools.key_of_right(work, right);
        if key == 0 || !work.single_open(right) {
            continue;
        }
        let receipts = &work.book.receipts;
        let (target, currency) = (receipts.minor[right as usize], receipts.currency[right as usize]);
        let named: Vec<u32> = edges.of_right(right).iter().map(|it| it.left).collect();
        let mut pool: Vec<u32> =
            pools.lefts.get(&key).into_iter().flatten().copied().chain(named.iter().copied()).collect();
        pool.retain(|it| {
            work.left_open(*it)
                && is_sale(work.book, *it) == (target > 0)
                && work.book.payments.currency[*it as usize] == currency
                && work.may_meet(*it, right)
                && (-work.book.policy.limits.alone_before..=work.learned.days_after + 5)
                    .contains(&work.days(*it, right))
        });
        pool.sort_unstable();
        pool.dedup();
        let amounts: Vec<i64> = pool.iter().map(|it| work.book.payments.minor[*it as usize]).collect();
        let forced: Vec<bool> = pool.iter().map(|it| named.contains(it)).collect();
        if let Some((found, chance)) = search(work, &amounts, &forced, target, MEMBERS_MAX) {
            let lefts: Vec<u32> = found.into_iter().map(|it| pool[it]).collect();
            claim(work, &lefts, &[right], chance);
        }
    }
    let lefts: Vec<u32> = (0..work.book.payments.len() as u32).filter(|it| work.left_open(*it)).collect();
    for left in lefts {
        let (target, currency) = (work.book.payments.minor[left as usize], work.book.payments.currency[left as usize]);
        let mut pool: Vec<u32> = pools.rights_for(work, left);
        pool.retain(|it| {
            work.single_open(*it)
                && work.book.receipts.currency[*it as usize] == currency
                && work.may_meet(left, *it)
                && (-work.book.policy.limits.alone_before..=work.learned.days_after + 5).contains(&work.days(left, *it))
        });
        let amounts: Vec<i64> = pool.iter().map(|it| work.book.receipts.minor[*it as usize]).collect();
        let forced = vec![false; pool.len()];
        if let Some((found, chance)) = search(work, &amounts, &forced, target, 3) {
            let rights: Vec<u32> = found.into_iter().map(|it| pool[it]).collect();
            claim(work, &[left], &rights, chance);
        }
    }
}

struct Pools {
    lefts: ByHash<Vec<u32>>,
    rights: ByHash<Vec<u32>>,
}

impl Pools {
    fn new(work: &Work<'_>) -> Pools {
        let mut pools = Pools { lefts: ByHash::default(), rights: ByHash::default() };
        for left in (0..work.book.payments.len() as u32).filter(|it| work.left_open(*it)) {
            let p = &work.book.payments;
            let name = p.names.key_of(p.name[left as usize]);
            let customer = work.learned.customer_of.get(&p.email[left as usize]).copied().unwrap_or(0);
            for key in [name, customer] {
                if key != 0 {
                    pools.lefts.entry(key).or_default().push(left);
                }
            }
        }
        for right in (0..work.book.receipts.len() as u32).filter(|it| work.single_open(*it)) {
            let r = &work.book.receipts;
            let customer = r.customer[right as usize];
            for key in [r.names.key_of(work.learned.right_name[right as usize]), customer] {
                if key != 0 && !work.learned.collective.contains_key(&key) {
                    pools.rights.entry(key).or_default().push(right);
                }
            }
        }
        pools
    }

    /// The customer where payments of theirs are known, else the name.
    fn key_of_right(&self, work: &Work<'_>, right: u32) -> u64 {
        let r = &work.book.receipts;
        let customer = r.customer[right as usize];
        if customer != 0 && !work.learned.collective.contains_key(&customer) && self.lefts.contains_key(&customer) {
            return customer;
        }
        r.names.key_of(work.learned.right_name[right as usize])
    }

    fn rights_for(&self, work: &Work<'_>, left: u32) -> Vec<u32> {
        let p = &work.book.payments;
        let customer = work.learned.customer_of.get(&p.email[left as usize]).copied().unwrap_or(0);
        let name = p.names.key_of(p.name[left as usize]);
        let mut rows: Vec<u32> = [customer, name]
            .into_iter()
            .filter(|it| *it != 0)
            .filter_map(|it| self.rights.get(&it))
            .flatten()
            .copied()
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// The one subset of two and more that comes to the target and holds all that the receipt names, with the accidental
/// sums to be expected; `None` where there is none, more than one, or too much chance.
fn search(work: &mut Work<'_>, amounts: &[i64], forced: &[bool], target: i64, most: u32) -> Option<(Vec<usize>, f64)> {
    let count = amounts.len();
    if count < 2 {
        return None;
    }
    if count > POOL_MAX {
        work.spent("payments of one customer");
        return None;
    }
    let must: u32 = forced.iter().enumerate().filter(|it| *it.1).map(|it| 1 << it.0).sum();
    let mut tried = 0_u64;
    let mut found: Option<u32> = None;
    for mask in 1_u32..1 << count {
        let ones = mask.count_ones();
        if ones < 2 || ones > most.max(must.count_ones() + 2) || mask & must != must {
            continue;
        }
        tried += 1;
        let sum: i64 = (0..count).filter(|it| mask & 1 << it != 0).map(|it| amounts[it]).sum();
        if sum == target {
            if found.is_some() {
                return None;
            }
            found = Some(mask);
        }
    }
    let mask = found?;
    let mean = amounts.iter().map(|it| it.abs()).sum::<i64>() as f64 / count as f64;
    let chance = tried as f64 / (3.0 * mean).max(1.0);
    (chance <= CHANCE_MAX).then(|| ((0..count).filter(|it| mask & 1 << it != 0).collect(), chance))
}

fn claim(work: &mut Work<'_>, lefts: &[u32], rights: &[u32], chance: f64) {
    let confidence = if chance <= CHANCE_SAFE { 9_700 } else { SAFE - 500 };
    let mut group = Group::new(Pass::CustomerSum, confidence);
    group.note = format!("accidental sums expected: {chance:.4}");
    work.claim(lefts, rights, group);
}
