//! A gateway that may do what it was asked and not say so, say so late, or do it late; written from what
//! reference/intacct.md 1.5-1.6 says of the real one, and from nothing of ours.

use crate::moods::{Moods, strikes};
use rand::Rng;
use rand::rngs::StdRng;
use std::collections::BTreeSet;

/// Longer than the longest life of a request: 20 minutes.
pub const COOL_DOWN_MS: i64 = 20 * 60 * 1000;

#[derive(Clone, Debug)]
pub struct Record {
    pub number: usize,
    pub natural_key: String,
    pub content: u64,
    pub visible_from: i64,
    pub awaits_approval: bool,
}

/// A request whose sender has long given up.
struct Late {
    at: i64,
    request: Request,
}

#[derive(Clone, Debug)]
pub struct Request {
    pub key: String,
    pub natural_key: String,
    pub content: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Done {
        number: usize,
    },
    /// Nothing was executed.
    No,
    /// This key was executed before.
    Repetition,
    TooMany {
        wait_ms: i64,
    },
    Unreachable,
    Silence,
}

#[derive(Default)]
pub struct Gateway {
    pub records: Vec<Record>,
    late: Vec<Late>,
    executed: BTreeSet<String>,
    /// How many requests came true after their sender had given up.
    pub late_commits: u64,
    /// Nothing may be asked before.
    pub pause_until: i64,
}

impl Gateway {
    pub fn write(&mut self, request: &Request, now: i64, moods: &Moods, dice: &mut StdRng) -> Reply {
        if strikes(dice, moods.unreachable) {
            return Reply::Unreachable;
        }
        if strikes(dice, moods.too_many) {
            let wait_ms = dice.random_range(1_000..=120_000);
            self.pause_until = now + wait_ms;
            return Reply::TooMany { wait_ms };
        }
        if strikes(dice, moods.lost_request) {
            return Reply::Silence;
        }
        if strikes(dice, moods.late_commit) {
            // 1 ms to 20 minutes, the short ones as likely as the long ones.
            let exponent = dice.random_range(0.0..f64::from(COOL_DOWN_MS as i32 - 1).ln());
            let at = now + exponent.exp() as i64;
            self.late.push(Late { at, request: request.clone() });
            return Reply::Silence;
        }
        if strikes(dice, moods.refused) {
            return Reply::No;
        }
        let reply = self.execute(request, now, moods, dice);
        if strikes(dice, moods.lost_answer) { Reply::Silence } else { reply }
    }

    /// What was on its way comes true when its time has come, whoever waits for it.
    pub fn pass_time(&mut self, now: i64, moods: &Moods, dice: &mut StdRng) {
        self.late.sort_by_key(|it| it.at);
        while self.late.first().is_some_and(|it| it.at <= now) {
            let late = self.late.remove(0);
            self.late_commits += 1;
            self.execute(&late.request, late.at, moods, dice);
        }
    }

    fn execute(&mut self, request: &Request, now: i64, moods: &Moods, dice: &mut StdRng) -> Reply {
        if !self.executed.insert(request.key.clone()) && moods.honours_keys {
            return Reply::Repetition;
        }
        let number = self.records.len() + 1;
        self.records.push(Record {
            number,
            natural_key: request.natural_key.clone(),
            // A rule inside Intacct changes what was sent.
            content: if strikes(dice, moods.altered) { request.content + 1_000_000 } else { request.content },
            // A reader may be behind the writer, by less than the cool-down.
            visible_from: if strikes(dice, moods.slow_to_show) { now + dice.random_range(1..60_000) } else { now },
            awaits_approval: strikes(dice, moods.awaiting),
        });
        Reply::Done { number }
    }

    pub fn bearing(&self, natural_key: &str, now: i64) -> Vec<&Record> {
        self.records.iter().filter(|it| it.natural_key == natural_key && it.visible_from <= now).collect()
    }

    pub fn numbered(&self, number: &str, now: i64) -> Vec<&Record> {
        self.records.iter().filter(|it| it.number.to_string() == number && it.visible_from <= now).collect()
    }

    /// Somebody in Intacct approves what waits there.
    pub fn approve_all(&mut self) {
        self.records.iter_mut().for_each(|it| it.awaits_approval = false);
    }
}
