//! The passes over columns, strongest evidence first. Payouts come before bare amounts, else single receipts steal their
//! members; what is left is looked at once more, for the takings of one pass clear the view of another.

mod amounts;
mod assign;
mod edges;
mod edits;
mod explain;
mod fees;
mod groups;
mod learned;
mod leftover;
mod payouts;
mod people;
mod refs;
mod reversals;
mod score;
mod sums;
mod swaps;
mod work;

pub use explain::{Explained, Explainer, PairFacts, Why, explain_group, explain_leftover};
pub use leftover::Reason;
pub use score::Relation;
pub use work::{Group, Pass, SAFE, Solved};

use crate::table::Book;
use edges::Edges;
use work::Work;

type Step = fn(&mut Work<'_>, &mut Edges);

const ORDER: [Step; STEPS] = [
    |work, _| reversals::run(work),
    |work, edges| *edges = refs::run(work),
    |work, edges| groups::run(work, edges),
    |work, _| payouts::learn(work),
    |work, _| payouts::exact(work),
    |work, edges| amounts::run(work, edges, amounts::Round::Named),
    |work, _| payouts::exact(work),
    |work, edges| sums::run(work, edges),
    |work, _| edits::run(work),
    |work, edges| amounts::run(work, edges, amounts::Round::Rest),
    |work, _| swaps::run(work),
    |work, edges| leftover::run(work, edges),
];

/// How many steps a run has.
pub const STEPS: usize = 12;

/// Every record comes out exactly once: in one group, or left over with a reason.
pub fn solve(book: &Book) -> Solved {
    let (mut work, mut edges) = (Work::new(book), Edges::default());
    for step in ORDER {
        step(&mut work, &mut edges);
    }
    work.done()
}

/// The same, asking before each step, with how many are done, whether to go on. `None`: it was not to.
pub fn solve_while(book: &Book, go_on: &mut dyn FnMut(usize) -> bool) -> Option<Solved> {
    let (mut work, mut edges) = (Work::new(book), Edges::default());
    for (done, step) in ORDER.iter().enumerate() {
        if !go_on(done) {
            return None;
        }
        step(&mut work, &mut edges);
    }
    Some(work.done())
}
