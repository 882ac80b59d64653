//! A company's records, as they come from the cache: what a file of the gateway or the ledger itself ties together is a fact
//! and comes first; all the rest goes to the engine as columns and comes back as matches.

mod by_payout;
mod columns;
mod evidence;
mod item;
mod near_miss;
mod pool;
pub(crate) mod reference;
mod twins;

pub use item::{Item, ItemKind};

use crate::solve;
use columns::Columns;
use pool::Pool;
use tieout_domain::{MatchGroup, MatchSettings, RecordRef};

type Fact = fn(&mut Pool<'_>);

const FACTS: &[Fact] = &[by_payout::payout_rows, by_payout::payout_members];

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// In order of id.
    pub matches: Vec<MatchGroup>,
    pub left_over: Vec<Unmatched>,
    pub right_over: Vec<Unmatched>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Unmatched {
    pub record: RecordRef,
    pub why_not: WhyNot,
}

/// The nearest miss. `sentence` is what the accountant reads.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// An equal record of the same side is already matched to the only partner.
    Twin {
        of: RecordRef,
    },
    NearMiss {
        with: RecordRef,
        failed: String,
    },
    /// Open records of the other side that fit it; this one, or one of them, fits another as well. Never empty.
    Ambiguous {
        with: Vec<RecordRef>,
    },
    NothingClose,
}

impl WhyNot {
    pub fn sentence(&self) -> String {
        match self {
            WhyNot::Twin { of } => format!("its equal {} already took the only partner", of.id),
            WhyNot::NearMiss { with, failed } => format!("nearest is {}: {failed}", with.id),
            WhyNot::Ambiguous { with } => {
                let ids: Vec<&str> = with.iter().map(|it| it.id.as_str()).collect();
                format!("{} fits, and more than one pair is possible: a person must choose", ids.join(" or "))
            }
            WhyNot::NothingClose => {
                "no record of the other side has its reference, or its amount within the days allowed".into()
            }
        }
    }
}

/// Every record comes out exactly once: in one match, or left over with a why-not.
pub fn reconcile(left: &[Item], right: &[Item], settings: &MatchSettings) -> Outcome {
    let mut pool = Pool::new(left, right, settings);
    for fact in FACTS {
        fact(&mut pool);
    }
    let columns = Columns::of(&pool);
    let solved = solve::solve(&columns.book);
    outcome(pool, &columns, &solved)
}

/// The same, asking before each step (how many are done, of how many) whether to go on. `None`: it was not to.
pub fn reconcile_while(
    left: &[Item],
    right: &[Item],
    settings: &MatchSettings,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Outcome> {
    let all = FACTS.len() + solve::STEPS;
    let mut pool = Pool::new(left, right, settings);
    for (done, fact) in FACTS.iter().enumerate() {
        if !go_on(done, all) {
            return None;
        }
        fact(&mut pool);
    }
    let columns = Columns::of(&pool);
    let solved = solve::solve_while(&columns.book, &mut |done| go_on(FACTS.len() + done, all))?;
    go_on(all, all).then(|| outcome(pool, &columns, &solved))
}

fn outcome(mut pool: Pool<'_>, columns: &Columns, solved: &solve::Solved) -> Outcome {
    evidence::claim(&mut pool, columns, solved);
    twins::find(&mut pool);
    let (left_over, right_over) = near_miss::explain(&pool);
    let mut matches = pool.matches;
    matches.sort_by(|a, b| a.id.cmp(&b.id));
    Outcome { matches, left_over, right_over }
}
