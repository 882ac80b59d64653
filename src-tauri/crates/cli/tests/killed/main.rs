//! Posting is killed again and again, against a gateway that loses answers and commits late; the gateway's own ledger
//! is the judge: every approved posting is in it once, and nothing else.
//!
//! `TIEOUT_KILLS=1000 TIEOUT_ORDERS=6000 cargo nextest run -p tieout-cli --no-capture -E 'binary(killed)'` runs it long;
//! `TIEOUT_SEED=5` makes another town of it.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod interrupted;
mod judge;
mod town;

use jiff::Timestamp;
use judge::{judge, unanswered};
use serde_json::json;
use std::time::Duration;
use town::{Town, storm};

const ORDERS: u64 = 1_100;

/// Everything the poster does to disk or gateway, and both sides of it.
const POINTS: [&str; 18] = [
    "before-compare",
    "before-prepare",
    "after-prepare",
    "before-begin",
    "after-begin",
    "before-send",
    "after-send",
    "before-read-back",
    "after-read-back",
    "before-record",
    "after-record",
    "before-look-up",
    "after-look-up",
    "before-begin-again",
    "after-begin-again",
    "before-resend",
    "after-resend",
    "after-compare",
];

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

/// A simple counter makes the moments; the machine's own noise makes them random.
struct Moments(u64);

impl Moments {
    fn next(&mut self, longest: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % longest
    }
}

/// Posts and is killed until the kills are used up; then posts to the end.
fn post_under_fire(honour_unique_key: bool, seed: u64) {
    let kills = number("TIEOUT_KILLS", 12) as usize;
    let seed = seed + number("TIEOUT_SEED", 0);
    let town = Town::start(seed, honour_unique_key, number("TIEOUT_ORDERS", ORDERS), &storm());
    let mut moments = Moments(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut killed: Vec<Timestamp> = Vec::new();
    // Long enough to get past the sign-in, short enough that the postings last for all the kills.
    let window = number("TIEOUT_KILL_WINDOW_MS", 900);
    while killed.len() < kills {
        let mut posting = town.tieout(&["post", "--wait-seconds", "0"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(60 + moments.next(window)));
        if posting.try_wait().unwrap().is_some_and(|it| it.code() == Some(0)) {
            break; // everything is posted already
        }
        let _ = posting.kill();
        killed.push(Timestamp::now());
        posting.wait().unwrap();
    }
    let (last, given_up) = town.post_to_the_end();
    let counts = judge(&town);
    println!(
        "unique key {}: {} approved, {} posted, {} in the ledger, {} kills ({} between receipt and stored answer): {} duplicates, {} lost, {} unknown, {} refused, {} waiting as before, {given_up} vanished twice and were approved anew; {last}",
        if honour_unique_key { "honoured" } else { "ignored" },
        town.approved,
        counts.posted,
        counts.in_ledger,
        killed.len(),
        unanswered(&town, &killed),
        counts.duplicates,
        counts.lost,
        counts.unknown,
        counts.refused,
        counts.proposed,
    );
    if counts.posted + counts.refused + counts.behind != town.approved {
        town.tell_what_is_open();
    }
    let ended = counts.posted + counts.refused + counts.behind;
    assert_eq!(ended, town.approved, "every approved posting has a true end");
    assert!(counts.behind <= counts.proposed, "{counts:?}");
    assert!(killed.len() * 2 >= kills, "posting was over after {} kills", killed.len());
}

#[test]
fn a_posting_killed_anywhere_ends_once_with_the_gateways_unique_key() {
    post_under_fire(true, 11);
}

#[test]
fn a_posting_killed_anywhere_ends_once_without_the_gateways_unique_key() {
    post_under_fire(false, 12);
}

/// The program ends itself at each named point, on its way with the second of the postings that come there.
#[test]
fn a_posting_cut_off_at_any_named_point_ends_once() {
    // Every fifth request vanishes and every seventh is done in silence, so that all points are reached.
    let rules = [
        json!({ "system": "intacct", "what": "*create*", "every": 5, "effect": "error502_before_commit" }),
        json!({ "system": "intacct", "what": "*create*", "every": 7, "effect": "commit_then_drop" }),
    ];
    let town = Town::start(13, false, ORDERS, &rules);
    let mut reached = Vec::new();
    for point in POINTS {
        // A doubt that was made by an earlier cut is resent after three look-ups, a second apart.
        let wait = if point.contains("again") || point.contains("resend") { "4" } else { "1" };
        let cut =
            town.tieout(&["post", "--wait-seconds", wait]).env("TIEOUT_CUT", format!("{point}:2")).output().unwrap();
        if cut.status.code().is_none() {
            reached.push(point);
        }
    }
    let (_, given_up) = town.post_to_the_end();
    let counts = judge(&town);
    println!(
        "{} of {} points cut: {reached:?}; {} approved, {given_up} given up, {counts:?}",
        reached.len(),
        POINTS.len(),
        town.approved
    );
    assert_eq!(counts.posted + counts.refused, town.approved);
    assert_eq!(reached.len(), POINTS.len(), "not every point was reached: {reached:?}");
}

/// Two programs, started at the same moment, again and again: one has the folder, the other is told so.
#[test]
fn two_programs_posting_at_once_post_each_thing_once() {
    let races = number("TIEOUT_RACES", 20);
    let town = Town::start(14, false, ORDERS, &storm());
    let (mut together, mut refused) = (0, 0);
    for _ in 0..races {
        let both = [
            town.tieout(&["post", "--wait-seconds", "0"]).spawn().unwrap(),
            town.tieout(&["post", "--wait-seconds", "0"]).spawn().unwrap(),
        ];
        let ends: Vec<_> = both.into_iter().map(|it| it.wait_with_output().unwrap()).collect();
        together += 1;
        for end in &ends {
            if end.status.code() == Some(3) {
                let told = String::from_utf8_lossy(&end.stdout);
                assert!(told.contains("process"), "who has the folder is not said: {told}");
                refused += 1;
            }
        }
    }
    town.post_to_the_end();
    let counts = judge(&town);
    println!("{together} races, {refused} refused; {} approved, {counts:?}", town.approved);
    assert_eq!(counts.posted + counts.refused, town.approved);
    assert!(refused > 0, "the two never met");
}

/// The 17th and the 58th are refused, and from the 60th on nothing is answered any more.
#[test]
fn a_batch_that_goes_half_wrong_is_told_row_by_row_and_only_the_missing_ones_go_again() {
    let rule =
        |nth: Vec<u64>, effect: &str| json!({ "system": "intacct", "what": "*create*", "nth": nth, "effect": effect });
    let rules = [rule(vec![17, 38], "closed_period"), rule((40..=1_000).collect(), "commit_then_drop")];
    let town = Town::start(15, true, ORDERS, &rules);
    let first = town.done(&["post", "--wait-seconds", "0"]);
    let count = |what: &str| first[what].as_u64().unwrap() as usize;
    assert_eq!(count("refused"), 2, "{first}");
    assert!(count("unknown") > 0, "{first}");
    assert_eq!(count("posted") + count("refused") + count("unknown"), town.approved, "{first}");
    let before = town.done(&["list", "postings"]);
    let posted = |list: &serde_json::Value| {
        list["rows"].as_array().unwrap().iter().filter(|it| it["state"]["state"] == "posted").count()
    };
    assert_eq!(posted(&before), count("posted"));
    let (again, _) = town.post_to_the_end();
    let counts = judge(&town);
    println!("first run {first}; at the end {again}; {counts:?}");
    assert_eq!((counts.refused, counts.posted), (2, town.approved - 2));
}
