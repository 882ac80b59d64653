//! Why two records were put together, and why one was left alone; made when asked for, from the same columns and weights.

use super::amounts::close_reference;
use super::score::{self, Relation, Weights, name_percent};
use super::work::{Group, Solved, Work};
use crate::table::{Book, NONE};

pub struct Explained {
    pub pass: &'static str,
    pub sentences: Vec<(String, f32)>,
    pub score: f32,
    pub margin: f32,
}

/// The nearest record of the other side, the conditions that failed, and what would have made the two a match.
pub struct Why {
    pub nearest: Option<u32>,
    pub failed: Vec<String>,
    pub change: Option<Change>,
}

/// What would have to be allowed for two records to match, were they the only ones: put into the settings, it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Calendar days from the payment to the receipt.
    pub window_days: Option<i32>,
    /// Minor units of difference.
    pub tolerance_minor: Option<i64>,
    decimals: u32,
}

impl Change {
    pub fn sentence(&self) -> String {
        let amount = |minor: i64| crate::files::decimal(minor, self.decimals);
        let days = self.window_days.map(|it| format!("if the window were {it} days"));
        let difference = self.tolerance_minor.map(|it| format!("if a difference of {} were allowed", amount(it)));
        days.into_iter().chain(difference).collect::<Vec<_>>().join(" and ")
    }
}

fn work_of<'b>(book: &'b Book, solved: &Solved) -> Work<'b> {
    let mut work = Work::new(book);
    work.learned = solved.learned.clone();
    work
}

/// Receipts of the same amount that lie in the window by accident, where the run did not keep how many it saw.
pub const CHANCE: f32 = 0.02;

/// For many records make it once.
pub struct Explainer<'b> {
    work: Work<'b>,
    by_amount: Vec<(u8, i64, i32, u32)>,
    of_left: Vec<(u8, i64, i32, u32)>,
}

impl<'b> Explainer<'b> {
    pub fn new(book: &'b Book, solved: &Solved) -> Explainer<'b> {
        let (p, r) = (&book.payments, &book.receipts);
        let mut by_amount: Vec<_> =
            (0..r.len()).map(|it| (r.currency[it], r.minor[it], r.day[it], it as u32)).collect();
        by_amount.sort_unstable();
        let mut of_left: Vec<_> =
            (0..p.len()).map(|it| (p.currency[it], p.minor[it], p.day(it as u32), it as u32)).collect();
        of_left.sort_unstable();
        Explainer { work: work_of(book, solved), by_amount, of_left }
    }
}

/// What a pair of records says for itself.
pub struct PairFacts {
    pub relation: Relation,
    pub weights: Weights,
    pub same_customer: bool,
    pub name_percent: u8,
    how: u8,
}

impl PairFacts {
    /// The gateway's id stands in the receipt's reference or memo.
    pub fn names_code(&self) -> bool {
        self.how & (super::edges::CODE | super::edges::CODE_IN_MEMO) != 0
    }

    pub fn names_order(&self) -> bool {
        self.how & super::edges::ORDER != 0
    }

    pub fn names_order_in_memo(&self) -> bool {
        self.how & super::edges::ORDER_IN_MEMO != 0
    }
}

impl Explainer<'_> {
    pub fn pair(&self, left: u32, right: u32) -> PairFacts {
        let work = &self.work;
        let relation = score::relation(work, left, right).unwrap_or(Relation::Equal);
        let how = shared(work, left, right);
        let mut weights = score::weigh(work, left, right, how, relation, CHANCE);
        if how == 0 {
            weights.reference = close_reference(work, left, right, &[]);
        }
        PairFacts {
            relation,
            weights,
            same_customer: work.learned.same_customer(work.book, left, right) == Some(true),
            name_percent: name_percent(work, left, right),
            how,
        }
    }
}

pub fn explain_group(explainer: &Explainer<'_>, group: &Group, lefts: &[u32], rights: &[u32]) -> Explained {
    let work = &explainer.work;
    let mut sentences = Vec::new();
    if let ([left], [right]) = (lefts, rights) {
        let facts = explainer.pair(*left, *right);
        sentences = pair_sentences(work, *left, *right, facts.how, facts.relation, &facts.weights);
    } else {
        sentences.extend(group_sentences(work, group, lefts, rights));
    }
    if !group.note.is_empty() {
        sentences.push((group.note.clone(), 0.0));
    }
    Explained { pass: group.pass.name(), sentences, score: group.score, margin: group.margin }
}

pub fn shared(work: &Work<'_>, left: u32, right: u32) -> u8 {
    use super::edges::{CODE, CODE_IN_MEMO, ORDER, ORDER_IN_MEMO};
    use crate::table::words;
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let order = words::order_key(p.order_text(left));
    let code = words::code_key(p.gateway_ref_text(left));
    let mut how = 0;
    for (text, of_order, of_code) in
        [(r.reference_text(right), ORDER, CODE), (r.memo_text(right), ORDER_IN_MEMO, CODE_IN_MEMO)]
    {
        for word in words::words(text) {
            if code.is_some() && words::is_code(word) && Some(words::code_hash(word)) == code {
                how |= of_code;
            }
            if order.is_some() && words::digit_runs(word).filter_map(words::number).any(|it| Some(it) == order) {
                how |= of_order;
            }
        }
    }
    how
}

/// Members named one by one are told one by one.
const NAMED_MAX: usize = 6;

fn group_sentences(work: &Work<'_>, group: &Group, lefts: &[u32], rights: &[u32]) -> Vec<(String, f32)> {
    use super::edges::{CODE, CODE_IN_MEMO};
    let mut sentences = Vec::new();
    if group.difference == 0 {
        sentences.push(("sums of both sides equal to the cent".to_owned(), score::SUM_EQUAL));
    }
    let p = &work.book.payments;
    let named = lefts.iter().flat_map(|left| rights.iter().map(move |right| (*left, *right)));
    let named: Vec<(u32, u8)> =
        named.map(|it| (it.0, shared(work, it.0, it.1))).filter(|it| it.1 != 0).take(NAMED_MAX + 1).collect();
    for (left, how) in named.iter().take(NAMED_MAX) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let what = if how & (CODE | CODE_IN_MEMO) != 0 {
            format!("gateway reference {}", text(p.gateway_ref_text(*left)))
        } else {
            format!("order number {}", text(p.order_text(*left)))
        };
        sentences.push((format!("{what} stands in the receipt"), score::reference_weight(*how)));
    }
    if named.len() > NAMED_MAX {
        sentences.push(("and more of them".into(), 0.0));
    }
    if let (Some(left), Some(right)) = (lefts.last(), rights.first()) {
        let days = work.days(*left, *right);
        sentences.push((format!("{days} days from the last payment to the receipt"), 0.0));
    }
    sentences
}

fn pair_sentences(
    work: &Work<'_>,
    left: u32,
    right: u32,
    how: u8,
    relation: Relation,
    weights: &Weights,
) -> Vec<(String, f32)> {
    use super::edges::{CODE, CODE_IN_MEMO, ORDER, ORDER_IN_MEMO};
    let p = &work.book.payments;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let order = text(p.order_text(left));
    let code = text(p.gateway_ref_text(left));
    let reference = if how & CODE != 0 {
        format!("gateway reference {code} on both sides")
    } else if how & CODE_IN_MEMO != 0 {
        format!("gateway reference {code} stands in the memo")
    } else if how & ORDER != 0 {
        format!("order number {order} on both sides")
    } else if how & ORDER_IN_MEMO != 0 {
        format!("order number {order} stands in the memo")
    } else if weights.reference > 0.0 {
        format!("a reference close to {order} or {code}")
    } else if weights.reference < 0.0 {
        "the reference is another's".to_owned()
    } else {
        "no reference in common".to_owned()
    };
    let mut all = vec![(reference, weights.reference), (relation.sentence().to_owned(), weights.amount)];
    let percent = name_percent(work, left, right);
    if percent > 0 {
        all.push((format!("names alike to {percent} %"), weights.name));
    }
    if weights.customer != 0.0 {
        let said = if weights.customer > 0.0 {
            "the customer known for this payer"
        } else {
            "a customer not known for this payer"
        };
        all.push((said.to_owned(), weights.customer));
    }
    let days = work.days(left, right);
    all.push((format!("{days} days from payment to receipt"), weights.lag));
    all.push((
        if weights.entity > 0.0 { "same entity".into() } else { "entity not known on both sides".into() },
        weights.entity,
    ));
    all
}

/// The nearest by amount, then by day.
pub fn explain_leftover(explainer: &Explainer<'_>, solved: &Solved, is_left: bool, row: u32) -> Why {
    let work = &explainer.work;
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let (currency, minor, day, index) = if is_left {
        (p.currency[row as usize], p.minor[row as usize], p.day(row), &explainer.by_amount)
    } else {
        (r.currency[row as usize], r.minor[row as usize], r.day[row as usize], &explainer.of_left)
    };
    const LOOKED_AT: usize = 8;
    let at = index.partition_point(|it| (it.0, it.1, it.2) < (currency, minor, day));
    let from = at.saturating_sub(LOOKED_AT);
    let near = index[from..(at + LOOKED_AT).min(index.len())].iter().filter(|it| it.0 == currency);
    let pick = |other: u32| if is_left { (row, other) } else { (other, row) };
    let nearest = near.min_by_key(|it| {
        let (left, right) = pick(it.3);
        let taken = solved.left_group[left as usize] != NONE || solved.right_group[right as usize] != NONE;
        ((it.1 - minor).abs(), u8::from(taken), (it.2 - day).abs(), it.3)
    });
    let Some(nearest) = nearest else {
        return Why {
            nearest: None,
            failed: vec!["no record of the other side is in its currency".into()],
            change: None,
        };
    };
    let (left, right) = pick(nearest.3);
    let (failed, change) = failures(work, solved, left, right, is_left);
    Why { nearest: Some(nearest.3), failed, change }
}

fn failures(work: &Work<'_>, solved: &Solved, left: u32, right: u32, is_left: bool) -> (Vec<String>, Option<Change>) {
    let (p, r) = (&work.book.payments, &work.book.receipts);
    let mut failed = Vec::new();
    let decimals = work.book.currencies[usize::from(p.currency[left as usize])].decimals;
    let mut change = Change { decimals, ..Change::default() };
    // What no setting makes good.
    let mut beyond = p.status[left as usize] != crate::table::PayStatus::Settled;
    if beyond {
        failed.push("the payment did not settle".into());
    }
    let short = p.minor[left as usize] - r.minor[right as usize];
    if short != 0 && score::relation(work, left, right).is_none() {
        failed.push(format!("amounts differ by {}", crate::files::decimal(short.abs(), decimals)));
        change.tolerance_minor = Some(short.abs());
        beyond |= short.abs() > TOLERANCE_MAX || short.abs() * 20 > p.minor[left as usize].abs();
    }
    let days = work.days(left, right);
    if !(-super::learned::DAYS_BEFORE..=work.learned.days_after).contains(&days) {
        failed.push(format!("{} days apart", days.abs()));
        change.window_days = Some(days);
        beyond |= !(0..=WINDOW_MAX).contains(&days);
    }
    if !work.may_meet(left, right) {
        failed.push("another entity, or money that flows the other way".into());
        beyond = true;
    }
    let taken = if is_left { solved.right_group[right as usize] } else { solved.left_group[left as usize] };
    if taken != NONE {
        failed.push("it is matched to another record".into());
    }
    if failed.is_empty() {
        let name = name_percent(work, left, right);
        failed.push(if name == 0 {
            "no reference and no name in common: amount and day alone do not tell".into()
        } else {
            format!("no reference in common, and the names are alike to {name} % only")
        });
    }
    let is_one = change.window_days.is_some() || change.tolerance_minor.is_some();
    let is_enough = || {
        let how = shared(work, left, right);
        let relation = if short == 0 { Relation::Equal } else { Relation::Cents };
        let mut weights = score::weigh(work, left, right, how, relation, CHANCE);
        if how == 0 {
            weights.reference = close_reference(work, left, right, &[]);
        }
        // Further than any lag seen counts as much against it as the rarest.
        weights.sum() - weights.lag + LAG_WORST + work.book.policy.limits.lenient > WORTH
    };
    (failed, (taken == NONE && is_one && !beyond && is_enough()).then_some(change))
}

/// 10.00 in a currency of cents: what is more is another amount.
const TOLERANCE_MAX: i64 = 1_000;
const WINDOW_MAX: i32 = 60;
const LAG_WORST: f32 = -5.0;
/// A suggestion must weigh more than this.
const WORTH: f32 = 0.6;
