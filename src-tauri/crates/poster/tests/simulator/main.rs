//! The whole run, simulated: one seed makes the postings, the gateway's moods, the clock, the person and the power cuts.
//! Time is virtual, so a late commit after twenty minutes costs nothing; the gateway's own ledger and the history are the
//! judge.
//!
//! `SEED=1234 cargo nextest run -p tieout-poster --no-capture -E 'binary(simulator)'` replays one and prints its history;
//! `TIEOUT_SEEDS=100000` walks as many seeds.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod disk;
mod gateway;
mod judge;
mod moods;
mod power;

use judge::Verdict;
use power::Simulation;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: u64 = 20_000;

#[test]
fn whatever_goes_wrong_every_approved_posting_is_in_the_ledger_once_or_known_not_to_be() {
    if let Some(seed) = number("SEED") {
        let simulation = Simulation::run(seed);
        println!("{}", simulation.history());
        println!("{:?}", judge::judge(&simulation).unwrap_or_else(|complaint| panic!("{complaint}")));
        return;
    }
    let (seeds, next) = (number("TIEOUT_SEEDS").unwrap_or(SEEDS), AtomicU64::new(0));
    let worker = || {
        let mut all = Verdict::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return all;
            }
            let of_seed = std::panic::catch_unwind(|| judge::judge(&Simulation::run(seed)));
            match of_seed {
                Ok(Ok(verdict)) => all.add(&verdict),
                Ok(Err(complaint)) => panic!("SEED={seed}: {complaint}"),
                Err(_) => panic!("SEED={seed} panicked"),
            }
        }
    };
    let all = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|it| it.join().unwrap()).fold(Verdict::default(), |mut sum, it| {
            sum.add(&it);
            sum
        })
    });
    println!("{seeds} seeds: {all}");
    // It would prove nothing if nothing went wrong, or if nothing ever went right.
    assert!(
        all.posted > seeds && all.cuts > seeds && all.late_commits > seeds / 10 && all.resent > seeds / 10,
        "{all}"
    );
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|it| it.parse().unwrap())
}
