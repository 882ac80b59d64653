//! The whole world as the exhaustive model sees it, around one posting: the disk, the running program, the gateway with
//! requests that may still come true, and a person. Time is told from now, so that it has no end.

use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::lifecycle::is_exhausted;
use tieout_domain::{
    Approval, Event, Fingerprint, IdempotencyKey, IntacctError, IntacctRecordNo, PostingState, UserId, step,
};
use tieout_poster::{Answer, Clock, Effect, End, Happened, Move, Sighting, Stage, Standing, advance, begin};

const COOL_DOWN: SignedDuration = SignedDuration::from_secs(2);
/// A request that was not answered comes true before the cool-down is over, or never.
const LIFE: i64 = 1;

#[derive(Clone, Copy)]
pub struct Bound {
    pub cuts: u8,
    pub approvals: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// On disk: the posting, what a person reads there, and the bytes under each key.
    pub disk: PostingState,
    pub content: u8,
    pub saved: BTreeMap<IdempotencyKey, u8>,
    /// The running program: what it is about to do.
    program: Option<(Stage, Effect)>,
    /// Contents in Intacct that bear the posting's natural key.
    pub records: Vec<u8>,
    executed: BTreeSet<IdempotencyKey>,
    /// Requests without an answer that may still come true, and for how long.
    pub in_flight: Vec<(IdempotencyKey, u8, i64)>,
    // History, for the properties.
    pub sent: BTreeMap<IdempotencyKey, u8>,
    pub sends: BTreeMap<IdempotencyKey, u8>,
    pub approved: BTreeSet<u8>,
    approvals: u8,
    pub cuts: u8,
    pub for_a_person: bool,
    pub gave_up: bool,
    pub fault: Option<String>,
}

/// When the power is cut around an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    No,
    Before,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    Accepted,
    /// Done, and the answer never arrived.
    DoneAndLost,
    Refused,
    TurnedAway,
    /// No answer, and nothing will ever come of it.
    Lost,
    /// No answer, and it may still come true.
    InFlight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Fine,
    /// Facts changed, a link is missing, the look-up failed: whatever the effect can meet.
    Bad,
    Reply(Reply),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Start,
    Do(Outcome, Cut),
    /// The moment passes.
    Tick,
    ComesTrue(usize),
    Approve,
    Withdraw,
    Void,
    Reopen,
    GiveUp,
    ContentChanges,
}

impl World {
    pub fn new() -> World {
        World {
            disk: PostingState::Proposed,
            content: 0,
            saved: BTreeMap::new(),
            program: None,
            records: Vec::new(),
            executed: BTreeSet::new(),
            in_flight: Vec::new(),
            sent: BTreeMap::new(),
            sends: BTreeMap::new(),
            approved: BTreeSet::new(),
            approvals: 0,
            cuts: 0,
            for_a_person: false,
            gave_up: false,
            fault: None,
        }
    }

    fn clock(&self) -> Clock {
        Clock { now: at(0), cool_down: COOL_DOWN }
    }

    fn a_moment_passes(&mut self) {
        self.in_flight.retain(|(_, _, left)| *left > 0);
        self.in_flight.iter_mut().for_each(|(_, _, left)| *left -= 1);
        if let PostingState::InDoubt { look_up_after, .. } = &mut self.disk {
            *look_up_after = sooner(*look_up_after);
        }
        if let Some((_, Effect::Record { event, .. })) = &mut self.program
            && let Event::NoAnswer { look_up_after }
            | Event::Absent { look_up_after }
            | Event::NotResent { look_up_after } = event
        {
            *look_up_after = sooner(*look_up_after);
        }
    }

    pub fn actions(&self, bound: Bound, honours_keys: bool, actions: &mut Vec<Action>) {
        if self.fault.is_some() {
            return;
        }
        if let Some((_, effect)) = &self.program {
            for outcome in self.outcomes(effect, honours_keys) {
                actions.push(Action::Do(outcome, Cut::No));
                if self.cuts < bound.cuts {
                    actions.push(Action::Do(outcome, Cut::After));
                }
            }
            if self.cuts < bound.cuts {
                actions.push(Action::Do(Outcome::Fine, Cut::Before));
            }
        } else if begin(&self.disk, self.clock()).is_some() {
            actions.push(Action::Start);
        }
        actions.push(Action::Tick);
        actions.extend((0..self.in_flight.len()).map(Action::ComesTrue));
        match &self.disk {
            PostingState::Proposed => {
                if self.approvals < bound.approvals {
                    actions.push(Action::Approve);
                }
                actions.push(Action::Void);
                if self.content == 0 {
                    actions.push(Action::ContentChanges);
                }
            }
            PostingState::Approved { .. } => {
                actions.extend([Action::Withdraw, Action::Void]);
                if self.content == 0 {
                    actions.push(Action::ContentChanges);
                }
            }
            PostingState::Refused { .. } => actions.extend([Action::Reopen, Action::Void]),
            // A last look that finds nothing, and a person's word.
            PostingState::InDoubt { attempt, absent, .. }
                if self.program.is_none() && self.records.is_empty() && is_exhausted(*attempt, *absent) =>
            {
                actions.push(Action::GiveUp);
            }
            _ => {}
        }
    }

    /// All that can come of an effect.
    fn outcomes(&self, effect: &Effect, honours_keys: bool) -> Vec<Outcome> {
        use Outcome::{Bad, Fine};
        let executed = |key: &IdempotencyKey| honours_keys && self.executed.contains(key);
        match effect {
            Effect::Compare { .. } | Effect::Prepare { .. } | Effect::LookUp | Effect::ReadBack { .. } => {
                vec![Fine, Bad]
            }
            Effect::Send { key } | Effect::Resend { key } if executed(key) => {
                [Reply::Refused, Reply::TurnedAway, Reply::Lost].map(Outcome::Reply).to_vec()
            }
            Effect::Send { .. } | Effect::Resend { .. } => {
                [Reply::Accepted, Reply::DoneAndLost, Reply::Refused, Reply::TurnedAway, Reply::Lost, Reply::InFlight]
                    .map(Outcome::Reply)
                    .to_vec()
            }
            _ => vec![Fine],
        }
    }

    pub fn after(&self, action: Action, honours_keys: bool) -> World {
        let mut next = self.clone();
        match action {
            Action::Start => next.program = begin(&self.disk, self.clock()),
            Action::Do(_, Cut::Before) => next.cut(),
            Action::Do(outcome, cut) => {
                if let Some((stage, effect)) = next.program.take() {
                    let happened = next.perform(effect, outcome, honours_keys);
                    match cut {
                        Cut::After => next.cut(),
                        _ => next.go_on(stage, happened),
                    }
                }
            }
            Action::Tick => next.a_moment_passes(),
            Action::ComesTrue(at) => {
                let (key, content, _) = next.in_flight.remove(at);
                next.execute(&key, content, honours_keys);
            }
            Action::Approve => {
                next.approvals += 1;
                let content = fingerprint(next.content, next.approvals);
                next.approved.insert(next.content);
                let approval = Approval { by: UserId("ann".into()), at: at(i64::from(next.approvals)), content };
                next.tell(Event::Approve(approval));
            }
            Action::Withdraw => next.tell(Event::Withdraw),
            Action::Void => next.tell(Event::Void { reason: String::new() }),
            Action::Reopen => next.tell(Event::Reopen),
            Action::GiveUp => {
                next.gave_up = true;
                next.tell(Event::GivenUp { by: UserId("ann".into()), reason: String::new() });
            }
            Action::ContentChanges => {
                next.content += 1;
                if matches!(next.disk, PostingState::Approved { .. }) {
                    next.tell(Event::FactsChanged);
                }
            }
        }
        next
    }

    fn cut(&mut self) {
        self.program = None;
        self.cuts += 1;
    }

    fn go_on(&mut self, stage: Stage, happened: Happened) {
        match advance(stage, happened, self.clock()) {
            Ok(Move::Do(stage, effect)) => self.program = Some((stage, effect)),
            Ok(Move::End(end)) => self.for_a_person |= end == End::ForAPerson,
            Err(error) => self.fault = Some(error.to_string()),
        }
    }

    /// The transaction on disk: an impossible step is the runner's fault.
    fn tell(&mut self, event: Event) {
        match step(self.disk.clone(), event) {
            Ok(state) => self.disk = state,
            Err(error) => self.fault = Some(error.to_string()),
        }
    }

    fn perform(&mut self, effect: Effect, outcome: Outcome, honours_keys: bool) -> Happened {
        match effect {
            Effect::Compare { approval } => {
                Happened::Compared { same: outcome == Outcome::Fine && self.is_approved_as(&approval) }
            }
            Effect::Prepare { .. } if outcome == Outcome::Bad => {
                Happened::Hindered { reason: "a link is missing".into() }
            }
            Effect::Prepare { approval } => {
                Happened::Prepared { key: IdempotencyKey(approval.content.as_str().to_owned()) }
            }
            Effect::Begin { approval, key } => {
                if self.disk != (PostingState::Approved { approval }) {
                    return Happened::ApprovalGone;
                }
                if self.saved.get(&key).is_some_and(|it| *it != self.content) {
                    return Happened::OtherBytes;
                }
                self.saved.insert(key.clone(), self.content);
                self.tell(Event::Saved { key, at: at(0) });
                Happened::Begun
            }
            Effect::BeginAgain { key } => {
                self.tell(Event::Saved { key, at: at(0) });
                Happened::Begun
            }
            Effect::Send { key } => self.send(key, outcome, false, honours_keys),
            Effect::Resend { key } => self.send(key, outcome, true, honours_keys),
            Effect::LookUp if outcome == Outcome::Bad => Happened::Blind { why: String::new() },
            // Accepted, and not shown yet.
            Effect::ReadBack { .. } if outcome == Outcome::Bad => Happened::Seen(Vec::new()),
            Effect::LookUp | Effect::ReadBack { .. } => {
                Happened::Seen(self.records.iter().map(|it| self.sighting(*it)).collect())
            }
            Effect::Record { event, .. } => {
                // A person may have been quicker; the store refuses what is illegal, and the runner takes it as it is.
                if let (Event::FactsChanged, false) = (&event, self.is_waiting()) {
                    return Happened::Recorded(self.disk.clone());
                }
                self.tell(event);
                Happened::Recorded(self.disk.clone())
            }
            Effect::HoldForClosedPeriod { .. } | Effect::Tell(_) => Happened::Recorded(self.disk.clone()),
        }
    }

    fn is_waiting(&self) -> bool {
        matches!(self.disk, PostingState::Approved { .. } | PostingState::Proposed)
    }

    fn is_approved_as(&self, approval: &Approval) -> bool {
        approval.content == fingerprint(self.content, self.approvals)
    }

    fn send(&mut self, key: IdempotencyKey, outcome: Outcome, again: bool, honours_keys: bool) -> Happened {
        let Some(content) = self.saved.get(&key).copied() else {
            self.fault = Some("sent without its bytes on disk".into());
            return Happened::OtherBytes;
        };
        if !matches!(self.disk, PostingState::Sending { .. }) {
            self.fault = Some("sent without saying so on disk first".into());
        }
        self.sent.insert(key.clone(), content);
        let Outcome::Reply(reply) = outcome else { return Happened::Answered(silence()) };
        if reply != Reply::TurnedAway {
            *self.sends.entry(key.clone()).or_default() += 1;
        }
        Happened::Answered(match reply {
            Reply::Accepted => {
                self.execute(&key, content, honours_keys);
                Answer::Accepted { record: number() }
            }
            Reply::DoneAndLost => {
                self.execute(&key, content, honours_keys);
                silence()
            }
            // What a key meets the second time is never believed (intacct: `resend`).
            Reply::Refused if again => silence(),
            Reply::Refused => Answer::Refused { reason: refusal(), note: String::new() },
            Reply::TurnedAway => Answer::TurnedAway { reason: String::new(), until: at(0) },
            Reply::Lost => silence(),
            Reply::InFlight => {
                self.in_flight.push((key, content, LIFE));
                silence()
            }
        })
    }

    fn execute(&mut self, key: &IdempotencyKey, content: u8, honours_keys: bool) {
        if self.executed.insert(key.clone()) || !honours_keys {
            self.records.push(content);
        }
    }

    fn sighting(&self, content: u8) -> Sighting {
        let is_same = self.sent.values().any(|it| *it == content);
        Sighting { record: number(), standing: Standing::Posted, is_same, words: String::new() }
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// What is past is past: how long ago changes nothing.
fn sooner(then: Timestamp) -> Timestamp {
    at((then.as_second() - 1).max(0))
}

/// The same content approved again is another approval, and gets another key.
fn fingerprint(content: u8, approval: u8) -> Fingerprint {
    Fingerprint::from_text(&format!("{content}-{approval}"))
}

fn number() -> IntacctRecordNo {
    IntacctRecordNo("1".into())
}

fn silence() -> Answer {
    Answer::Silence { why: String::new() }
}

fn refusal() -> IntacctError {
    IntacctError { code: String::new(), message: String::new(), remedy: String::new() }
}
