//! The machine goes to sleep, or tells the program to end, while it posts. A stopped process is the nearest a test comes to a
//! machine asleep: nothing runs, the gateway goes on without it, and then the clocks have moved.
//!
//! `TIEOUT_NAPS=20 TIEOUT_ASLEEP_MS=400000` is a long night: longer than any request of ours may live.

use crate::judge::judge;
use crate::town::{Town, storm};
use crate::{Moments, ORDERS, number};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Longer than the second that a doubt waits here before it is looked up, and than the gateway commits late.
const ASLEEP_MS: u64 = 1_500;
/// A program told to end has so long (design/promises.md B4).
const SHUTDOWN_MAX: Duration = Duration::from_secs(5);

fn signal(process: &Child, name: &str) {
    let pid = process.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Approved postings by the state they are in, as the program tells them.
fn told(town: &Town, state: &[&str]) -> usize {
    let list = town.done(&["list", "postings"]);
    let is = |row: &&serde_json::Value| state.contains(&row["state"]["state"].as_str().unwrap());
    list["rows"].as_array().unwrap().iter().filter(is).count()
}

#[test]
fn a_machine_that_sleeps_while_it_posts_wakes_up_and_posts_each_thing_once() {
    let naps = number("TIEOUT_NAPS", 4);
    let asleep = Duration::from_millis(number("TIEOUT_ASLEEP_MS", ASLEEP_MS));
    let town = Town::start(16, false, number("TIEOUT_ORDERS", ORDERS), &storm());
    let mut moments = Moments(16);
    let (mut slept, mut knocked) = (0, 0);
    let mut posting = town.tieout(&["post", "--wait-seconds", "0"]).spawn().unwrap();
    while slept < naps {
        std::thread::sleep(Duration::from_millis(60 + moments.next(number("TIEOUT_KILL_WINDOW_MS", 300))));
        if posting.try_wait().unwrap().is_some() {
            break; // everything is posted already
        }
        signal(&posting, "-STOP");
        // Another one that starts meanwhile does not take the folder from a sleeper.
        let other = town.tieout(&["post", "--wait-seconds", "0"]).output().unwrap();
        if other.status.code() == Some(3) {
            assert!(String::from_utf8_lossy(&other.stdout).contains(&format!("process {}", posting.id())));
            knocked += 1;
        }
        std::thread::sleep(asleep);
        slept += 1;
        signal(&posting, "-CONT");
    }
    let ended = posting.wait_with_output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
    let unknown = report["unknown"].as_u64().unwrap() as usize;
    assert_eq!(told(&town, &["in-doubt", "sending"]), unknown, "what is not known is said: {report}");
    let (last, given_up) = town.post_to_the_end();
    let counts = judge(&town);
    println!(
        "{slept} naps of {asleep:?}, {knocked} times another knocked; {} approved, {given_up} given up, {counts:?}; {last}",
        town.approved
    );
    assert_eq!(counts.posted + counts.refused, town.approved);
    assert!(slept > 0 && knocked > 0);
}

#[test]
fn a_program_told_to_end_while_it_posts_ends_soon_and_says_the_next_time_what_it_does_not_know() {
    let times = number("TIEOUT_TERMS", 8);
    let town = Town::start(17, false, number("TIEOUT_ORDERS", ORDERS), &storm());
    let mut moments = Moments(17);
    let (mut ended, mut longest, mut cut_off) = (0, Duration::ZERO, 0);
    while ended < times {
        let mut posting = town.tieout(&["post", "--wait-seconds", "0"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(60 + moments.next(number("TIEOUT_KILL_WINDOW_MS", 300))));
        if posting.try_wait().unwrap().is_some() {
            break;
        }
        signal(&posting, "-TERM");
        let asked = Instant::now();
        posting.wait().unwrap();
        longest = longest.max(asked.elapsed());
        ended += 1;
        cut_off += told(&town, &["sending"]);
    }
    // What was on its way stood as being sent, and was neither posted nor refused by the end of the program.
    let next = town.done(&["post", "--wait-seconds", "0"]);
    let count = |what: &str| next[what].as_u64().unwrap() as usize;
    assert_eq!(told(&town, &["sending"]), 0, "a doubt, and said to be one: {next}");
    assert_eq!(told(&town, &["in-doubt"]), count("unknown"), "{next}");
    let why = |it: &&serde_json::Value| it["why"].as_str().unwrap().starts_with("no final answer came");
    assert_eq!(next["unfinished"].as_array().unwrap().iter().filter(why).count(), count("unknown"), "{next}");
    let (last, given_up) = town.post_to_the_end();
    let counts = judge(&town);
    println!(
        "told to end {ended} times, {cut_off} while something was on its way, at the longest {longest:?}; {} approved, \
         {given_up} given up, {counts:?}; {last}",
        town.approved
    );
    assert_eq!(counts.posted + counts.refused, town.approved);
    assert!(ended > 0 && longest < SHUTDOWN_MAX, "{ended} times, {longest:?}");
}
