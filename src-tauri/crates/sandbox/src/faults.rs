//! A script of things that go wrong: which request to which system meets which fault, repeatable from a seed.
//!
//! Both pretend servers ask [`Faults::next`] once per request, before they act, and play out what it answers.
//! A draw depends only on the seed, the rule and how many requests that rule has seen, so traffic to one system
//! never changes what happens to the other, and the same requests in the same order meet the same faults.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    Xcart,
    Intacct,
}

/// What a captive portal shows: a page that asks for a name and a room, in place of what was asked for.
pub(crate) const CAPTIVE_PORTAL: &str = "<!doctype html><html><head><title>Guest Wi-Fi sign-in</title></head>\
    <body><form action=\"/login\"><input name=\"room\"></form></body></html>";
/// Bytes that are no answer to anything.
pub(crate) const GARBAGE: &str = "\u{fffd}\u{1}\u{2}<<not an answer>>";

/// What goes wrong. A server to which one cannot happen (X-Cart has no closed periods) ignores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The work is done, then the connection closes without a byte of answer.
    CommitThenDrop,
    /// No answer comes, and the work is done `delay_ms` after the request arrived.
    TimeoutThenLateCommit { delay_ms: u64 },
    /// A proxy answers 502 and nothing is done.
    Error502BeforeCommit,
    /// Too many requests; nothing is done. Without `retry_after` the header is missing.
    Status429 {
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The session (Intacct) or key (X-Cart) is refused; nothing is done.
    ExpiredSession,
    /// Intacct says the posting date is in a closed period; nothing is done.
    ClosedPeriod,
    /// The right answer, late.
    SlowReply { ms: u64 },
    /// The work is done and half of the answer arrives.
    TruncatedReply,
    /// The work is done, and a proxy answers 524 in its place.
    Error524AfterCommit,
    /// The work is done, and what arrives as its answer is none.
    GarbageReply,
    /// The connection closes without a byte of answer and nothing is done.
    DropBeforeCommit,
    /// A hotel's or office's sign-in page answers with status 200; nothing reaches the server.
    CaptivePortal,
    /// Intacct says that it is off-line for now; nothing is done.
    TemporarilyOffline,
    /// The right answer, with other texts in the place of some of its own: a system that was upgraded overnight, with fields
    /// added, gone or changed.
    EditedReply { edits: Vec<Edit> },
    /// A write is answered as if it were done, and nothing is done (X-Cart; reference/xcart.md 5: after a 200 nothing need
    /// have changed). Intacct ignores it.
    SaysDone,
}

/// One text of an answer and what stands in its place, everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub find: String,
    pub put: String,
}

pub(crate) fn edited(body: String, edits: &[Edit]) -> String {
    edits.iter().fold(body, |body, it| body.replace(&it.find, &it.put))
}

/// One line of the script: a filter on requests, a choice among those it lets through, and the fault they meet.
///
/// With no choice given every matching request is chosen; with several, any of them choosing is enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultRule {
    /// None means both systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
    /// Path or function name, `*` for any run of characters: `GET /api/orders/*`, `create_ar*`. None means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Which of the matching requests, counted from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nth: Vec<u64>,
    /// Every so many-th matching request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Chance from 0 to 1, drawn from the plan's seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// At most so many times in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    #[serde(flatten)]
    pub fault: Fault,
}

impl FaultRule {
    /// A rule that strikes every request to `system` whose name matches `what`.
    pub fn always(system: System, what: &str, fault: Fault) -> FaultRule {
        FaultRule {
            system: Some(system),
            what: Some(what.to_owned()),
            nth: Vec::new(),
            every: None,
            probability: None,
            times: None,
            fault,
        }
    }

    pub fn nth(mut self, nth: u64) -> FaultRule {
        self.nth.push(nth);
        self
    }

    pub fn with_probability(mut self, probability: f64) -> FaultRule {
        self.probability = Some(probability);
        self
    }

    pub fn times(mut self, times: u64) -> FaultRule {
        self.times = Some(times);
        self
    }

    fn matches(&self, system: System, what: &str) -> bool {
        self.system.is_none_or(|mine| mine == system)
            && self.what.as_deref().is_none_or(|pattern| matches_pattern(pattern, what))
    }

    /// Is the `seen`-th matching request one of the chosen?
    fn chooses(&self, seed: u64, rule: u64, seen: u64) -> bool {
        if self.nth.is_empty() && self.every.is_none() && self.probability.is_none() {
            return true;
        }
        self.nth.contains(&seen)
            || self.every.is_some_and(|every| every > 0 && seen.is_multiple_of(every))
            || self.probability.is_some_and(|chance| unit_draw(seed, rule, seen) < chance)
    }
}

/// The whole script. `{"seed":7,"rules":[{"system":"intacct","what":"create*","nth":[3],"effect":"commit_then_drop"}]}`
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FaultPlan {
    #[serde(default)]
    pub seed: u64,
    #[serde(default)]
    pub rules: Vec<FaultRule>,
}

#[derive(Debug, thiserror::Error)]
pub enum FaultPlanError {
    #[error("the fault plan {path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the fault plan {path} is not a fault plan: {source}")]
    NotAPlan { path: PathBuf, source: serde_json::Error },
}

impl FaultPlanError {
    pub fn remedy(&self) -> &'static str {
        match self {
            FaultPlanError::Unreadable { .. } => "Give --faults the path of a JSON file you can read.",
            FaultPlanError::NotAPlan { .. } => {
                "Correct the file at the line named: {\"seed\":1,\"rules\":[{\"system\":\"intacct\",\"effect\":\"commit_then_drop\",\"nth\":[1]}]}."
            }
        }
    }
}

impl FaultPlan {
    pub fn new(seed: u64, rules: Vec<FaultRule>) -> FaultPlan {
        FaultPlan { seed, rules }
    }

    pub fn load(path: &Path) -> Result<FaultPlan, FaultPlanError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| FaultPlanError::Unreadable { path: path.to_owned(), source })?;
        serde_json::from_str(&text).map_err(|source| FaultPlanError::NotAPlan { path: path.to_owned(), source })
    }
}

/// How often one rule met a matching request, and how often it struck.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleCount {
    pub rule: FaultRule,
    pub seen: u64,
    pub fired: u64,
}

/// The plan in play, shared by both servers and by the test that wants to count.
#[derive(Debug, Clone)]
pub struct Faults(Arc<Mutex<InPlay>>);

#[derive(Debug)]
struct InPlay {
    seed: u64,
    counts: Vec<RuleCount>,
}

impl Faults {
    pub fn new(plan: FaultPlan) -> Faults {
        Faults(Arc::new(Mutex::new(InPlay::of(plan))))
    }

    /// Nothing ever goes wrong.
    pub fn none() -> Faults {
        Faults::new(FaultPlan::default())
    }

    /// Starts another plan with all counts at zero; servers that share this handle follow at once.
    pub fn replace(&self, plan: FaultPlan) {
        *self.in_play() = InPlay::of(plan);
    }

    /// Asked once per request. Every matching rule counts it; the first that chooses it strikes.
    pub fn next(&self, system: System, what: &str) -> Option<Fault> {
        let mut in_play = self.in_play();
        let seed = in_play.seed;
        let mut struck = None;
        for (rule, count) in (0u64..).zip(in_play.counts.iter_mut()) {
            if !count.rule.matches(system, what) {
                continue;
            }
            count.seen += 1;
            let spent = count.rule.times.is_some_and(|times| count.fired >= times);
            if struck.is_none() && !spent && count.rule.chooses(seed, rule, count.seen) {
                count.fired += 1;
                struck = Some(count.rule.fault.clone());
            }
        }
        struck
    }

    pub fn counts(&self) -> Vec<RuleCount> {
        self.in_play().counts.clone()
    }

    /// How many faults struck in all.
    pub fn fired(&self) -> u64 {
        self.in_play().counts.iter().map(|count| count.fired).sum()
    }

    // A panic elsewhere while counting leaves counts that are still whole numbers: go on with them.
    fn in_play(&self) -> std::sync::MutexGuard<'_, InPlay> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Faults {
    fn default() -> Faults {
        Faults::none()
    }
}

impl InPlay {
    fn of(plan: FaultPlan) -> InPlay {
        let counts = plan.rules.into_iter().map(|rule| RuleCount { rule, seen: 0, fired: 0 }).collect();
        InPlay { seed: plan.seed, counts }
    }
}

fn matches_pattern(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| matches_pattern(after, &rest[at..]))
        }),
    }
}

/// A number in [0, 1) fixed by its three arguments (the finishing steps of SplitMix64).
fn unit_draw(seed: u64, rule: u64, seen: u64) -> f64 {
    let mix = |value: u64| {
        let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let bits = mix(mix(mix(seed) ^ rule) ^ seen) >> 11;
    bits as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strikes(faults: &Faults, system: System, requests: usize) -> Vec<bool> {
        (0..requests).map(|_| faults.next(system, "create").is_some()).collect()
    }

    fn half_the_time(seed: u64) -> Faults {
        let rule = FaultRule::always(System::Intacct, "create", Fault::CommitThenDrop).with_probability(0.5);
        Faults::new(FaultPlan::new(seed, vec![rule]))
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let first = strikes(&half_the_time(7), System::Intacct, 200);
        assert_eq!(first, strikes(&half_the_time(7), System::Intacct, 200));
        assert_ne!(first, strikes(&half_the_time(8), System::Intacct, 200));
        let hits = first.iter().filter(|hit| **hit).count();
        assert!((60..140).contains(&hits), "{hits} of 200 at one half");
    }

    #[test]
    fn traffic_to_one_system_does_not_move_the_faults_of_the_other() {
        let alone = strikes(&half_the_time(7), System::Intacct, 50);
        let busy = half_the_time(7);
        let mixed: Vec<bool> = (0..50)
            .map(|_| {
                assert_eq!(busy.next(System::Xcart, "create"), None);
                busy.next(System::Intacct, "create").is_some()
            })
            .collect();
        assert_eq!(alone, mixed);
    }

    #[test]
    fn a_rule_strikes_the_nth_matching_request_and_counts_it() {
        let rule = FaultRule::always(System::Xcart, "GET /api/orders/*/history", Fault::Error502BeforeCommit).nth(2);
        let faults = Faults::new(FaultPlan::new(1, vec![rule]));
        assert_eq!(faults.next(System::Xcart, "GET /api/orders"), None);
        assert_eq!(faults.next(System::Xcart, "GET /api/orders/1/history"), None);
        assert_eq!(faults.next(System::Xcart, "GET /api/orders/2/history"), Some(Fault::Error502BeforeCommit));
        assert_eq!(faults.next(System::Xcart, "GET /api/orders/3/history"), None);
        let counts = faults.counts();
        assert_eq!((counts[0].seen, counts[0].fired, faults.fired()), (3, 1, 1));
    }

    #[test]
    fn the_first_rule_that_chooses_a_request_wins_and_a_spent_rule_steps_aside() {
        let faults = Faults::new(FaultPlan::new(
            1,
            vec![
                FaultRule::always(System::Intacct, "*", Fault::ExpiredSession).times(1),
                FaultRule::always(System::Intacct, "*", Fault::ClosedPeriod),
            ],
        ));
        assert_eq!(faults.next(System::Intacct, "query"), Some(Fault::ExpiredSession));
        assert_eq!(faults.next(System::Intacct, "query"), Some(Fault::ClosedPeriod));
    }

    #[test]
    fn every_effect_can_be_written_in_a_file_and_read_back() {
        let text = r#"{"seed":7,"rules":[
            {"system":"intacct","what":"create*","nth":[3],"effect":"commit_then_drop"},
            {"effect":"timeout_then_late_commit","delay_ms":1500,"every":10},
            {"effect":"error502_before_commit","probability":0.02},
            {"effect":"status429","retry_after":2},
            {"effect":"status429"},
            {"effect":"expired_session","times":1},
            {"effect":"closed_period"},
            {"system":"xcart","effect":"slow_reply","ms":40},
            {"effect":"truncated_reply"},
            {"effect":"error524_after_commit"},
            {"effect":"garbage_reply"},
            {"effect":"drop_before_commit"},
            {"effect":"captive_portal"},
            {"effect":"temporarily_offline"}]}"#;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("faults.json");
        std::fs::write(&path, text).expect("the plan is written");
        let plan = FaultPlan::load(&path).expect("the plan is read");
        assert_eq!(plan.rules[1].fault, Fault::TimeoutThenLateCommit { delay_ms: 1500 });
        assert_eq!(plan.rules[4].fault, Fault::Status429 { retry_after: None });
        assert_eq!(plan.rules[7].system, Some(System::Xcart));
        let again: FaultPlan = serde_json::from_str(&serde_json::to_string(&plan).expect("as text")).expect("as plan");
        assert_eq!(plan, again);
    }

    #[test]
    fn a_plan_with_an_unknown_effect_is_refused_with_its_place() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("faults.json");
        std::fs::write(&path, r#"{"rules":[{"effect":"earthquake"}]}"#).expect("the plan is written");
        let error = FaultPlan::load(&path).expect_err("no such effect");
        assert!(error.to_string().contains("earthquake"), "{error}");
        assert!(!error.remedy().is_empty());
    }
}
