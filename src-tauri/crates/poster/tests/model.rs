//! Every interleaving, up to a bound, of the program, a person, a gateway that answers as it likes, the clock, and the
//! power being cut before, in and after everything: one posting is never in the ledger twice, and never forgotten.
//!
//! The bound: 2 contents, 3 approvals, 3 power cuts; `TIEOUT_MODEL=wide` takes 4 approvals and 6 power cuts. Time has none.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod world;

use stateright::{Checker, Model, Property};
use tieout_domain::PostingState;
use world::{Action, Bound, World};

/// Whether the gateway refuses a key it has executed.
struct Gateway {
    honours_keys: bool,
    bound: Bound,
}

impl Model for Gateway {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new()]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        world.actions(self.bound, self.honours_keys, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        Some(world.after(action, self.honours_keys))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("never two records", |_, it: &World| it.records.len() <= 1),
            Property::always("posted is in the ledger, as approved", |_, it: &World| {
                !matches!(it.disk, PostingState::Posted { .. }) || it.records == [it.content]
            }),
            Property::always("what may be in Intacct is never forgotten", |_, it: &World| {
                let forgets = matches!(
                    it.disk,
                    PostingState::Proposed
                        | PostingState::Held { .. }
                        | PostingState::Approved { .. }
                        | PostingState::Refused { .. }
                        | PostingState::Voided { .. }
                );
                !forgets || (it.records.is_empty() && it.in_flight.is_empty())
            }),
            Property::always("a key never carries other bytes, and is on disk before it is sent", |_, it: &World| {
                it.sent.iter().all(|(key, content)| it.saved.get(key) == Some(content))
            }),
            Property::always("nothing is sent that was not approved", |_, it: &World| {
                it.sent.values().all(|content| it.approved.contains(content))
            }),
            Property::always("a key is heard twice at most", |_, it: &World| {
                it.sends.values().all(|count| *count <= 2)
            }),
            Property::always("the runner asks for nothing impossible", |_, it: &World| it.fault.is_none()),
            // The model has teeth: these ends are all reached.
            Property::sometimes("posted at once", |_, it: &World| {
                matches!(it.disk, PostingState::Posted { .. }) && it.cuts == 0 && it.sends.values().all(|it| *it == 1)
            }),
            Property::sometimes("posted by the second attempt", |_, it: &World| {
                matches!(it.disk, PostingState::Posted { .. }) && it.sends.values().any(|it| *it == 2)
            }),
            Property::sometimes("refused, and approved anew", |_, it: &World| {
                matches!(it.disk, PostingState::Posted { .. }) && it.sent.len() == 2
            }),
            Property::sometimes("left to a person", |_, it: &World| it.for_a_person),
            Property::sometimes("given up, approved anew, and posted", |_, it: &World| {
                it.gave_up && matches!(it.disk, PostingState::Posted { .. })
            }),
        ]
    }
}

fn check(honours_keys: bool) {
    let wide = std::env::var("TIEOUT_MODEL").is_ok_and(|it| it == "wide");
    let bound = if wide { Bound { approvals: 4, cuts: 6 } } else { Bound { approvals: 3, cuts: 3 } };
    let model = Gateway { honours_keys, bound };
    let checker = model.checker().threads(2).spawn_bfs().join();
    println!(
        "keys {}: {} states, {} of them distinct, depth {}",
        if honours_keys { "honoured" } else { "ignored" },
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth()
    );
    let found = checker.discoveries();
    for property in checker.model().properties() {
        let seen = found.get(property.name);
        match property.expectation {
            stateright::Expectation::Sometimes => {
                assert!(seen.is_some(), "never seen: {}", property.name);
            }
            _ => {
                let way = seen.map(|path| format!("{:#?}", path.clone().into_actions()));
                assert!(way.is_none(), "{} fails after {}", property.name, way.unwrap());
            }
        }
    }
}

#[test]
fn no_interleaving_posts_twice_or_forgets_with_a_gateway_that_honours_keys() {
    check(true);
}

#[test]
fn no_interleaving_posts_twice_or_forgets_with_a_gateway_that_ignores_keys() {
    check(false);
}
