//! The judge: reads the gateway's ledger, the final disk and the history, and knows nothing of how the poster works.

use crate::gateway::{COOL_DOWN_MS, Reply};
use crate::power::{Fact, Simulation};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tieout_domain::{IdempotencyKey, PostingId, PostingState};

#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub postings: u64,
    pub posted: u64,
    pub refused: u64,
    /// With a person again, or withdrawn: nothing of it is in the ledger.
    pub not_posted: u64,
    /// In doubt for good, and rightly: both attempts vanished, or what is there is not what was approved.
    pub for_a_person: u64,
    pub sends: u64,
    pub resent: u64,
    pub late_commits: u64,
    pub cuts: u64,
    /// Between the gateway's receipt of a request and its stored answer.
    pub cuts_in_flight: u64,
}

impl Verdict {
    pub fn add(&mut self, other: &Verdict) {
        self.postings += other.postings;
        self.posted += other.posted;
        self.refused += other.refused;
        self.not_posted += other.not_posted;
        self.for_a_person += other.for_a_person;
        self.sends += other.sends;
        self.resent += other.resent;
        self.late_commits += other.late_commits;
        self.cuts += other.cuts;
        self.cuts_in_flight += other.cuts_in_flight;
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} postings, {} posted once, {} refused, {} not posted, {} left to a person; {} sends, {} of them a second \
             attempt, {} late commits, {} power cuts, {} of them between receipt and stored answer; 0 duplicates, 0 lost",
            self.postings,
            self.posted,
            self.refused,
            self.not_posted,
            self.for_a_person,
            self.sends,
            self.resent,
            self.late_commits,
            self.cuts,
            self.cuts_in_flight
        )
    }
}

pub fn judge(of: &Simulation) -> Result<Verdict, String> {
    let mut verdict = Verdict { late_commits: of.gateway.late_commits, ..Verdict::default() };
    the_ledger(of, &mut verdict)?;
    the_history(of, &mut verdict)?;
    Ok(verdict)
}

fn the_ledger(of: &Simulation, verdict: &mut Verdict) -> Result<(), String> {
    for (id, row) in &of.disk.rows {
        verdict.postings += 1;
        let records: Vec<_> = of.gateway.records.iter().filter(|it| it.natural_key == id.0).collect();
        if records.len() > 1 {
            return Err(format!("{id} is in the ledger {} times", records.len()));
        }
        match &row.state {
            PostingState::Posted { record, .. } => {
                verdict.posted += 1;
                let one = records.first().ok_or_else(|| format!("{id} is posted and in no ledger"))?;
                if one.number.to_string() != record.0 || one.content != row.content {
                    return Err(format!("{id} is posted as {record}, and the ledger has {one:?}"));
                }
            }
            PostingState::InDoubt { attempt, .. } => {
                verdict.for_a_person += 1;
                let vanished = records.is_empty() && *attempt == 2;
                let altered = records.first().is_some_and(|it| it.content != row.content);
                if !vanished && !altered {
                    return Err(format!("{id} is in doubt after all was quiet, without a reason"));
                }
            }
            PostingState::Sending { .. } | PostingState::AwaitingIntacct { .. } => {
                // Approved in Intacct since; the runner's watch over these is not simulated.
                if records.len() != 1 || matches!(row.state, PostingState::Sending { .. }) {
                    return Err(format!("{id} is left {}", row.state.as_str()));
                }
            }
            other => {
                let count = if matches!(other, PostingState::Refused { .. }) {
                    &mut verdict.refused
                } else {
                    &mut verdict.not_posted
                };
                *count += 1;
                if !records.is_empty() {
                    return Err(format!("{id} is {} and in the ledger", other.as_str()));
                }
            }
        }
    }
    Ok(())
}

fn the_history(of: &Simulation, verdict: &mut Verdict) -> Result<(), String> {
    let mut begun: BTreeMap<&IdempotencyKey, i64> = BTreeMap::new();
    let mut carried: BTreeMap<&IdempotencyKey, u64> = BTreeMap::new();
    let mut approved: BTreeSet<(&PostingId, u64)> = BTreeSet::new();
    let mut last_heard: BTreeMap<&IdempotencyKey, i64> = BTreeMap::new();
    let mut absent: BTreeMap<&PostingId, Vec<i64>> = BTreeMap::new();
    let mut in_ledger: BTreeSet<&PostingId> = BTreeSet::new();
    let mut pause_until = 0;
    let mut unanswered = false;
    for (at, fact) in &of.facts {
        match fact {
            Fact::Approved { id, content } => drop(approved.insert((id, *content))),
            Fact::Begun { key } => drop(begun.insert(key, *at)),
            Fact::LookedUp { id, found } => {
                if *at < pause_until {
                    return Err(format!("{id} was looked up in the gateway's pause"));
                }
                if *found == 0 {
                    absent.entry(id).or_default().push(*at);
                }
            }
            Fact::Recorded { id, state } => {
                unanswered = false;
                if matches!(state, PostingState::Posted { .. }) {
                    in_ledger.insert(id);
                }
            }
            Fact::Cut => {
                verdict.cuts += 1;
                verdict.cuts_in_flight += u64::from(unanswered);
                unanswered = false;
            }
            Fact::Sent { id, key, content, reply, again } => {
                verdict.sends += 1;
                unanswered = true;
                if *at < pause_until {
                    return Err(format!("{id} was sent in the gateway's pause"));
                }
                let Some(on_disk) = begun.get(key) else {
                    return Err(format!("{id} was sent before its key was on disk"));
                };
                if *carried.entry(key).or_insert(*content) != *content {
                    return Err(format!("{key} carried two contents"));
                }
                if !approved.contains(&(id, *content)) {
                    return Err(format!("{id} was sent with content nobody approved"));
                }
                if let Some(before) = of.disk.row(id).after.iter().find(|it| !in_ledger.contains(it)) {
                    return Err(format!("{id} was sent before {before}, which it follows"));
                }
                if *again {
                    verdict.resent += 1;
                    // The power may have been cut before the first attempt left.
                    let first = *last_heard.get(key).unwrap_or(on_disk);
                    let looked =
                        absent.get(id).map_or(0, |all| all.iter().filter(|it| **it >= first + COOL_DOWN_MS).count());
                    if looked < 3 {
                        return Err(format!("{id} was resent after {looked} look-ups past the cool-down"));
                    }
                } else if last_heard.contains_key(key) {
                    return Err(format!("{id} went out a second time as if it were the first"));
                }
                match reply {
                    Reply::TooMany { wait_ms } => pause_until = at + wait_ms,
                    Reply::Unreachable => {}
                    _ => drop(last_heard.insert(key, *at)),
                }
            }
        }
    }
    Ok(())
}
