//! The passes in order, and what is said about everything they leave over.

use crate::item::Item;
use crate::near_miss;
use crate::passes;
use crate::pool::Pool;
use tieout_domain::{MatchGroup, MatchSettings, RecordRef};

type Pass = fn(&mut Pool<'_>);

/// Strongest evidence first, so a weak pass never takes a record a strong one would claim. Payouts come
/// before bare amounts, else single receipts steal their members.
const PASSES: &[Pass] = &[
    passes::one_sided::reversals,
    passes::by_reference::gateway_reference,
    passes::by_reference::order_number,
    passes::by_group::order_sum,
    passes::by_group::remittance,
    passes::by_payout::payout_rows,
    passes::by_payout::payout_members,
    passes::by_reference::net_of_fee,
    passes::variants::written_differently,
    passes::by_amount::amount_and_party,
    passes::by_reference::small_difference,
    passes::by_amount::amount_alone,
];

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
    for pass in PASSES {
        pass(&mut pool);
    }
    outcome(pool)
}

/// The same, asking before each pass (how many are done, of how many) whether to go on. `None`: it was not to.
pub fn reconcile_while(
    left: &[Item],
    right: &[Item],
    settings: &MatchSettings,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Outcome> {
    let mut pool = Pool::new(left, right, settings);
    for (done, pass) in PASSES.iter().enumerate() {
        if !go_on(done, PASSES.len()) {
            return None;
        }
        pass(&mut pool);
    }
    go_on(PASSES.len(), PASSES.len()).then(|| outcome(pool))
}

fn outcome(pool: Pool<'_>) -> Outcome {
    let (left_over, right_over) = near_miss::explain(&pool);
    let mut matches = pool.matches;
    matches.sort_by(|a, b| a.id.cmp(&b.id));
    Outcome { matches, left_over, right_over }
}
