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
mod score;
mod sums;
mod swaps;
mod work;

pub use explain::{Explained, Explainer, Why, explain_group, explain_leftover};
pub use leftover::Reason;
pub use work::{Group, Pass, SAFE, Solved};

use crate::table::Book;
use work::Work;

/// Every record comes out exactly once: in one group, or left over with a reason.
pub fn solve(book: &Book) -> Solved {
    let mut work = Work::new(book);
    let edges = refs::run(&mut work);
    groups::run(&mut work, &edges);
    payouts::learn(&mut work);
    payouts::exact(&mut work);
    amounts::run(&mut work, &edges, amounts::Round::Named);
    payouts::exact(&mut work);
    sums::run(&mut work, &edges);
    edits::run(&mut work);
    amounts::run(&mut work, &edges, amounts::Round::Rest);
    swaps::run(&mut work);
    leftover::run(&mut work, &edges);
    work.done()
}
