//! One seed, from first approval to the last quiet run, with the power cut wherever the dice say.

use crate::disk::{Disk, Row, fingerprint};
use crate::gateway::{COOL_DOWN_MS, Gateway, Record, Reply, Request};
use crate::moods::{Moods, strikes};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::fmt::Write;
use tieout_domain::lifecycle::is_exhausted;
use tieout_domain::{Approval, Event, IdempotencyKey, IntacctError, IntacctRecordNo, PostingId, PostingState, UserId};
use tieout_poster::{Answer, Clock, Effect, End, Happened, Move, Next, Rules, Run, Sighting, Standing, advance, begin};

/// What happened, for the judge; `at` in milliseconds.
#[derive(Clone, Debug)]
pub enum Fact {
    Approved { id: PostingId, content: u64 },
    Begun { key: IdempotencyKey },
    Sent { id: PostingId, key: IdempotencyKey, content: u64, reply: Reply, again: bool },
    LookedUp { id: PostingId, found: usize },
    Recorded { id: PostingId, state: PostingState },
    Cut,
}

pub struct Simulation {
    pub disk: Disk,
    pub gateway: Gateway,
    pub facts: Vec<(i64, Fact)>,
    pub moods: Moods,
    now: i64,
    dice: StdRng,
}

/// The program is gone: the power was cut, or it could not go on.
struct Gone;

const STORM_RUNS: usize = 12;
/// Enough for two attempts with three look-ups each.
const CALM_RUNS: usize = 14;

impl Simulation {
    pub fn run(seed: u64) -> Simulation {
        let mut dice = StdRng::seed_from_u64(seed);
        let moods = Moods::of(&mut dice);
        let mut it = Simulation {
            disk: Disk::default(),
            gateway: Gateway::default(),
            facts: Vec::new(),
            moods,
            now: 1_000_000,
            dice,
        };
        it.fill();
        for _ in 0..STORM_RUNS {
            let _ = it.one_run();
            it.a_person_looks();
            let longest = if it.dice.random_bool(0.5) { 5_000 } else { 2 * COOL_DOWN_MS };
            it.pass(longest);
        }
        it.moods = it.moods.calm();
        for _ in 0..CALM_RUNS {
            it.gateway.approve_all();
            let _ = it.one_run();
            it.now += COOL_DOWN_MS + 120_000;
            it.gateway.pass_time(it.now, &it.moods, &mut it.dice);
        }
        it
    }

    pub fn history(&self) -> String {
        let mut text = format!("{:?}\n", self.moods);
        for (at, fact) in &self.facts {
            let _ = writeln!(text, "{at:>10} {fact:?}");
        }
        for record in &self.gateway.records {
            let _ = writeln!(text, "{record:?}");
        }
        text
    }

    fn fill(&mut self) {
        let count = self.dice.random_range(1..=8);
        let ids: Vec<PostingId> = (0..count).map(|it| PostingId(format!("p{it}"))).collect();
        for (at, id) in ids.iter().enumerate() {
            let follows = at > 0 && self.dice.random_bool(0.3);
            let after = if follows { vec![ids[self.dice.random_range(0..at)].clone()] } else { Vec::new() };
            self.disk.rows.insert(id.clone(), Row { state: PostingState::Proposed, content: 1, after });
            self.approve(id);
        }
    }

    fn approve(&mut self, id: &PostingId) {
        let content = self.disk.row(id).content;
        let approval = Approval { by: UserId("ann".into()), at: self.time(), content: fingerprint(id, content) };
        self.disk.apply(id, Event::Approve(approval));
        self.note(Fact::Approved { id: id.clone(), content });
        self.pass(3);
    }

    fn time(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now).unwrap()
    }

    fn clock(&self) -> Clock {
        Clock { now: self.time(), cool_down: SignedDuration::from_millis(COOL_DOWN_MS) }
    }

    fn pass(&mut self, longest: i64) {
        self.now += self.dice.random_range(1..=longest);
        self.gateway.pass_time(self.now, &self.moods, &mut self.dice);
    }

    fn note(&mut self, fact: Fact) {
        self.facts.push((self.now, fact));
    }

    /// Between runs a person approves anew, takes back, edits, tidies up.
    fn a_person_looks(&mut self) {
        let ids: Vec<PostingId> = self.disk.rows.keys().cloned().collect();
        for id in ids {
            self.a_person_acts_on(&id);
        }
    }

    fn a_person_acts_on(&mut self, id: &PostingId) {
        match self.disk.row(id).state.clone() {
            PostingState::Proposed if self.dice.random_bool(0.7) => self.approve(id),
            PostingState::Refused { .. } if self.dice.random_bool(0.7) => {
                self.disk.apply(id, Event::Reopen);
            }
            // A last look finds nothing.
            PostingState::InDoubt { attempt, absent, .. }
                if is_exhausted(attempt, absent)
                    && self.gateway.bearing(&id.0, self.now).is_empty()
                    && self.dice.random_bool(0.3) =>
            {
                self.disk.apply(id, Event::GivenUp { by: UserId("ann".into()), reason: "not there".into() });
            }
            PostingState::Approved { .. } if strikes(&mut self.dice, self.moods.person) => {
                let row = self.disk.rows.get_mut(id).unwrap();
                if self.dice.random_bool(0.5) {
                    row.content += 1; // an order was changed: the approval is for something else now
                } else {
                    self.disk.apply(id, Event::Withdraw);
                }
            }
            _ => {}
        }
    }

    fn one_run(&mut self) -> Result<(), Gone> {
        let wait_at_most = match self.dice.random_range(0..3) {
            0 => SignedDuration::ZERO,
            1 => SignedDuration::from_secs(5),
            _ => SignedDuration::from_mins(30),
        };
        let mut run = Run::new(Rules { wait_at_most, ..Rules::default() });
        run.see(self.disk.waiting());
        loop {
            match run.next(self.time()) {
                Next::Nothing => return Ok(()),
                Next::Wait(until) => {
                    self.now = until.as_millisecond().max(self.now);
                    self.gateway.pass_time(self.now, &self.moods, &mut self.dice);
                }
                Next::Carry(id) => {
                    if self.disk.pause_until > self.now {
                        return Ok(()); // nothing is asked of a host that wants to be left alone
                    }
                    let end = self.carry(&id)?;
                    run.carried(&id, self.disk.row(&id).state.clone(), end);
                    if end == End::NotHeard {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn carry(&mut self, id: &PostingId) -> Result<End, Gone> {
        let Some((mut stage, mut effect)) = begin(&self.disk.row(id).state.clone(), self.clock()) else {
            return Ok(End::Settled);
        };
        loop {
            self.maybe_cut()?;
            let happened = self.perform(id, effect)?;
            self.maybe_cut()?;
            self.pass(2_000);
            match advance(stage, happened, self.clock()).unwrap() {
                Move::End(end) => return Ok(end),
                Move::Do(next, wanted) => (stage, effect) = (next, wanted),
            }
        }
    }

    fn maybe_cut(&mut self) -> Result<(), Gone> {
        if strikes(&mut self.dice, self.moods.power_cut) {
            self.note(Fact::Cut);
            return Err(Gone);
        }
        Ok(())
    }

    /// `Err` too where the network fails before anything was sent.
    fn perform(&mut self, id: &PostingId, effect: Effect) -> Result<Happened, Gone> {
        Ok(match effect {
            Effect::Compare { approval } => {
                Happened::Compared { same: approval.content == fingerprint(id, self.disk.row(id).content) }
            }
            Effect::Prepare { approval } => {
                if strikes(&mut self.dice, self.moods.unreachable) {
                    return Err(Gone);
                }
                if strikes(&mut self.dice, self.moods.closed) {
                    return Ok(Happened::PeriodClosed { through: jiff::civil::date(2026, 1, 31) });
                }
                if strikes(&mut self.dice, self.moods.person) {
                    self.a_person_acts_on(id);
                }
                let key = format!("{}-{}", approval.content.as_str(), approval.at.as_millisecond());
                Happened::Prepared { key: IdempotencyKey(key) }
            }
            Effect::Begin { approval, key } => {
                let content = self.disk.row(id).content;
                let stands = self.disk.row(id).state == PostingState::Approved { approval: approval.clone() };
                if !stands || approval.content != fingerprint(id, content) {
                    return Ok(Happened::ApprovalGone);
                }
                if self.disk.saved.get(&key).is_some_and(|it| *it != (id.clone(), content)) {
                    return Ok(Happened::OtherBytes);
                }
                self.disk.saved.insert(key.clone(), (id.clone(), content));
                self.note(Fact::Begun { key: key.clone() });
                self.record(id, Event::Saved { key, at: self.time() });
                Happened::Begun
            }
            Effect::BeginAgain { key } => {
                self.record(id, Event::Saved { key, at: self.time() });
                Happened::Begun
            }
            Effect::Send { key } => self.send(id, key, false),
            Effect::Resend { key } => self.send(id, key, true),
            Effect::LookUp => {
                if strikes(&mut self.dice, self.moods.blind) {
                    return Ok(Happened::Blind { why: "no answer".into() });
                }
                let found = self.seen(id, self.gateway.bearing(&id.0, self.now));
                self.note(Fact::LookedUp { id: id.clone(), found: found.len() });
                Happened::Seen(found)
            }
            Effect::ReadBack { record } => {
                if strikes(&mut self.dice, self.moods.blind) {
                    return Ok(Happened::Blind { why: "no answer".into() });
                }
                Happened::Seen(self.seen(id, self.gateway.numbered(&record.0, self.now)))
            }
            Effect::Record { event, .. } => self.record(id, event),
            Effect::HoldForClosedPeriod { .. } => self.record(id, Event::FactsChanged),
            Effect::Tell(_) => Happened::Recorded(self.disk.row(id).state.clone()),
        })
    }

    fn record(&mut self, id: &PostingId, event: Event) -> Happened {
        // A person may have taken it back while it was prepared: what they said stands.
        let moved_on = matches!(event, Event::FactsChanged)
            && !matches!(self.disk.row(id).state, PostingState::Approved { .. } | PostingState::Proposed);
        if !moved_on {
            let state = self.disk.apply(id, event);
            self.note(Fact::Recorded { id: id.clone(), state });
        }
        Happened::Recorded(self.disk.row(id).state.clone())
    }

    fn send(&mut self, id: &PostingId, key: IdempotencyKey, again: bool) -> Happened {
        let (_, content) = self.disk.saved[&key].clone();
        let request = Request { key: key.0.clone(), natural_key: id.0.clone(), content };
        let reply = self.gateway.write(&request, self.now, &self.moods, &mut self.dice);
        self.note(Fact::Sent { id: id.clone(), key, content, reply: reply.clone(), again });
        let silence = |why: &str| Answer::Silence { why: why.into() };
        Happened::Answered(match reply {
            Reply::Done { number } => Answer::Accepted { record: IntacctRecordNo(number.to_string()) },
            Reply::No if again => silence("refused, and the key had been sent before"),
            Reply::No => Answer::Refused {
                reason: IntacctError { code: "BL01".into(), message: "no".into(), remedy: "look".into() },
                note: "no".into(),
            },
            Reply::Repetition => silence("speaks of a repetition"),
            Reply::TooMany { wait_ms } => {
                self.disk.pause_until = self.now + wait_ms;
                let until = Timestamp::from_millisecond(self.disk.pause_until).unwrap();
                Answer::TurnedAway { reason: "too many".into(), until }
            }
            Reply::Unreachable => Answer::TurnedAway { reason: "not reached".into(), until: self.time() },
            Reply::Silence => silence("no answer"),
        })
    }

    fn seen(&self, id: &PostingId, records: Vec<&Record>) -> Vec<Sighting> {
        let approved = self.disk.row(id).content;
        let sighting = |it: &Record| Sighting {
            record: IntacctRecordNo(it.number.to_string()),
            standing: if it.awaits_approval { Standing::Awaiting } else { Standing::Posted },
            is_same: it.content == approved && it.natural_key == id.0,
            words: format!("record {}", it.number),
        };
        records.into_iter().map(sighting).collect()
    }
}
