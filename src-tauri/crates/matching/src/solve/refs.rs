//! One payment, one receipt, and a reference that both of them name.

use super::assign::{Union, assign};
use super::edges::{self, CODE, CODE_IN_MEMO, Edge, Edges, ORDER};
use super::score::{Relation, at_rate, confidence, relation, weigh};
use super::work::{Group, Pass, Work};

/// A candidate, with what speaks for it.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub left: u32,
    pub right: u32,
    pub score: f32,
    pub relation: Relation,
    /// Automatic is possible: something hard speaks for it, not only amount and day.
    pub hard: bool,
}

/// A hundred to one, and no other answer nearly as good.
pub const SCORE_SAFE: f32 = 4.6;
pub const MARGIN_SAFE: f32 = 2.5;

/// By chance an amount named by its reference is equal as well.
const CHANCE_NAMED: f32 = 0.02;

pub fn run(work: &mut Work<'_>) -> Edges {
    let mut edges = edges::find(work);
    learn_entities(work, &edges);
    edges.retain(|it| {
        let (ours, theirs) = (work.entity_of(it.left), work.book.receipts.entity[it.right as usize]);
        let days = work.days(it.left, it.right);
        (ours == 0 || theirs == 0 || ours == theirs)
            && (-work.book.policy.limits.named_before..=work.learned.named_after).contains(&days)
    });
    super::fees::from_references(work, &edges);
    learn_lags(work, &edges);
    learn_spread(work, &edges);
    for level in [Relation::Equal, Relation::Converted] {
        let pairs: Vec<Pair> = edges
            .iter()
            .filter(|it| work.left_open(it.left) && work.single_open(it.right) && work.may_meet(it.left, it.right))
            .filter_map(|it| {
                let relation = relation(work, it.left, it.right).filter(|it| *it <= level)?;
                let weights = weigh(work, it.left, it.right, it.how, relation, CHANCE_NAMED);
                // Order numbers are short, and another's name beside one is a slip of the pen or a decoy.
                let hard = weights.name > -3.0 || it.how & (CODE | CODE_IN_MEMO) != 0;
                Some(Pair { left: it.left, right: it.right, score: weights.sum(), relation, hard })
            })
            .collect();
        settle(work, pairs, Pass::Reference, false);
    }
    Edges::new(edges, work.book.receipts.len())
}

/// Where the settings do not say which entity a store belongs to, equal references with equal amounts do.
fn learn_entities(work: &mut Work<'_>, edges: &[Edge]) {
    const SEEN_MIN: u32 = 5;
    let book = work.book;
    let width = book.receipts.entities.width();
    let mut seen = vec![0_u32; book.payments.stores.width() * width];
    let equal = |it: &&Edge| {
        it.how & (ORDER | CODE) != 0
            && book.payments.minor[it.left as usize] == book.receipts.minor[it.right as usize]
            && book.payments.currency[it.left as usize] == book.receipts.currency[it.right as usize]
    };
    for it in edges.iter().filter(equal) {
        let entity = book.receipts.entity[it.right as usize];
        if entity != 0 {
            seen[book.payments.store[it.left as usize] as usize * width + entity as usize] += 1;
        }
    }
    for (store, entity) in work.learned.entity_of_store.iter_mut().enumerate().filter(|it| *it.1 == 0) {
        let counts = &seen[store * width..(store + 1) * width];
        let total: u32 = counts.iter().sum();
        let best = (0..width).max_by_key(|it| (counts[*it], std::cmp::Reverse(*it))).unwrap_or(0);
        if counts[best] >= SEEN_MIN && counts[best] * 10 >= total * 9 {
            *entity = best as u32;
        }
    }
}

/// What the bank keeps of the day's rate, from pairs that one reference holds together.
fn learn_spread(work: &mut Work<'_>, edges: &[Edge]) {
    const SEEN_MIN: usize = 20;
    const NEAR: std::ops::Range<f64> = 0.94..1.02;
    let book = work.book;
    let Some(base) = work.learned.base else { return };
    let foreign = |it: &&Edge| {
        it.how & (ORDER | CODE) != 0
            && book.receipts.currency[it.right as usize] == base
            && book.payments.currency[it.left as usize] != base
    };
    let mut ratios: Vec<f64> = edges
        .iter()
        .filter(foreign)
        .filter_map(|it| {
            let plain = at_rate(book, base, it.left, book.payments.day(it.left))?;
            Some(book.receipts.minor[it.right as usize] as f64 / plain).filter(|it| NEAR.contains(it))
        })
        .collect();
    if ratios.len() < SEEN_MIN {
        return;
    }
    ratios.sort_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    let mut apart: Vec<f64> = ratios.iter().map(|it| (it - middle).abs()).collect();
    apart.sort_by(f64::total_cmp);
    // Nine in ten, and a little more.
    let band = (apart[apart.len() * 9 / 10] * 1.1).clamp(0.0005, 0.006);
    work.learned.fx_keep = (middle - band, middle + band);
}

fn learn_lags(work: &mut Work<'_>, edges: &[Edge]) {
    for it in edges.iter().filter(|it| it.how & (ORDER | CODE) != 0) {
        let book = work.book;
        if book.payments.minor[it.left as usize] == book.receipts.minor[it.right as usize] {
            let days = work.days(it.left, it.right);
            work.learned.saw_lag(days);
        }
    }
}

/// Takes the best pairs of every component; what could be swapped at little cost is left (or, at the end, suggested).
pub fn settle(work: &mut Work<'_>, mut pairs: Vec<Pair>, pass: Pass, suggest: bool) {
    let lefts = work.book.payments.len() as u32;
    let mut of_left: Vec<u32> = pairs.iter().map(|it| it.left).collect();
    let mut of_right: Vec<u32> = pairs.iter().map(|it| it.right).collect();
    of_left.sort_unstable();
    of_left.dedup();
    of_right.sort_unstable();
    of_right.dedup();
    let place = |rows: &[u32], row: u32| rows.binary_search(&row).unwrap_or(0) as u32;
    debug_assert!(of_left.last().is_none_or(|it| *it < lefts));
    let mut union = Union::new(of_left.len() + of_right.len());
    for it in &pairs {
        union.join(place(&of_left, it.left), of_left.len() as u32 + place(&of_right, it.right));
    }
    let mut keyed: Vec<(u32, u32)> =
        pairs.iter().enumerate().map(|(at, it)| (union.root(place(&of_left, it.left)), at as u32)).collect();
    keyed.sort_unstable();
    let sorted: Vec<Pair> = keyed.iter().map(|it| pairs[it.1 as usize]).collect();
    pairs = sorted;
    let mut from = 0;
    for run in keyed.chunk_by(|a, b| a.0 == b.0) {
        component(work, &pairs[from..from + run.len()], pass, suggest);
        from += run.len();
    }
}

fn component(work: &mut Work<'_>, pairs: &[Pair], pass: Pass, suggest: bool) {
    if let [only] = pairs {
        return take(work, only, only.score, only.score, pass, suggest);
    }
    let unique = |key: &dyn Fn(&Pair) -> u32| {
        let mut rows: Vec<u32> = pairs.iter().map(key).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    };
    let (lefts, rights) = (unique(&|it| it.left), unique(&|it| it.right));
    if pass == Pass::Reference && copies(work, &lefts, &rights, pairs) {
        return;
    }
    if lefts.len().min(rights.len()) > super::assign::SIDE_MAX {
        work.spent("records of one component");
    }
    let place = |rows: &[u32], row: u32| rows.binary_search(&row).unwrap_or(0);
    let cells: Vec<(usize, usize, f32)> = pairs
        .iter()
        .filter(|it| it.score > 0.0)
        .map(|it| (place(&lefts, it.left), place(&rights, it.right), it.score))
        .collect();
    if cells.is_empty() {
        return;
    }
    for choice in assign(lefts.len(), rights.len(), &cells) {
        let (left, right) = (lefts[choice.left], rights[choice.right]);
        let Some(pair) = pairs.iter().find(|it| it.left == left && it.right == right) else { continue };
        take(work, pair, choice.score, choice.margin, pass, suggest);
    }
}

/// A component of one kind of payment and one kind of receipt: the same record entered more than once. The first of each
/// is the original; where several are left on both sides, which is whose is not known, and a person looks.
fn copies(work: &mut Work<'_>, lefts: &[u32], rights: &[u32], pairs: &[Pair]) -> bool {
    let book = work.book;
    let (p, r) = (&book.payments, &book.receipts);
    let like_left = |a: u32, b: u32| {
        let (x, y) = (a as usize, b as usize);
        p.minor[x] == p.minor[y]
            && p.store[x] == p.store[y]
            && p.currency[x] == p.currency[y]
            && p.email[x] == p.email[y]
            && p.kind[x] == p.kind[y]
            && p.order_text(a) == p.order_text(b)
    };
    let like_right = |a: u32, b: u32| {
        let (x, y) = (a as usize, b as usize);
        r.minor[x] == r.minor[y]
            && r.currency[x] == r.currency[y]
            && r.kind[x] == r.kind[y]
            && r.customer[x] == r.customer[y]
    };
    if pairs.len() != lefts.len() * rights.len()
        || pairs.iter().any(|it| !it.hard)
        || !lefts.iter().all(|it| like_left(lefts[0], *it))
        || !rights.iter().all(|it| like_right(rights[0], *it))
    {
        return false;
    }
    let best = pairs.iter().map(|it| it.score).fold(f32::MIN, f32::max);
    if best < SCORE_SAFE {
        return false;
    }
    let (mut lefts, mut rights) = (lefts.to_vec(), rights.to_vec());
    lefts.sort_by_key(|it| (p.at[*it as usize], *it));
    rights.sort_by_key(|it| (r.day[*it as usize], *it));
    let several = lefts.len().min(rights.len()) > 1;
    for (left, right) in lefts.into_iter().zip(rights) {
        let mut group = Group::new(Pass::Reference, if several { 8_500 } else { 9_500 });
        group.score = best;
        group.note =
            if several { "equal in everything: which is whose is not known" } else { "the first of several copies" }
                .into();
        work.claim(&[left], &[right], group);
    }
    true
}

fn take(work: &mut Work<'_>, pair: &Pair, score: f32, margin: f32, pass: Pass, suggest: bool) {
    let safe = pair.hard && score >= SCORE_SAFE && margin >= MARGIN_SAFE;
    let worth = suggest && score > 0.5 && margin > 0.05;
    if !safe && !worth {
        return;
    }
    let mut group = Group::new(pass, confidence(score, margin));
    if safe {
        group.confidence = group.confidence.max(super::work::SAFE + 50);
    } else {
        group.confidence = group.confidence.min(super::work::SAFE - 100);
    }
    group.score = score;
    group.margin = margin;
    if pair.relation != Relation::Equal {
        group.note = pair.relation.sentence().into();
    }
    work.claim(&[pair.left], &[pair.right], group);
    if safe {
        let book = work.book;
        work.learned.saw_customer(book, pair.left, pair.right);
    }
}
