//! The network crawls, or there is none: what the window asks meanwhile is answered at once, and the work goes on.

use crate::rig::{Demo, unread};
use std::time::{Duration, Instant};
use tieout_api as api;
use tieout_api::demo::open_demo;
use tieout_api::views::*;

/// design/promises.md B3.
const ANSWER_MAX: Duration = Duration::from_millis(100);
const ROUNDS: usize = 40;

/// What a person looks at while they wait, each as the window asks it.
fn look(demo: &Demo) -> Vec<Duration> {
    let period = || PeriodRequest { period: "2026-01".into() };
    let timed = |ask: &dyn Fn()| {
        let since = Instant::now();
        ask();
        since.elapsed()
    };
    vec![
        timed(&|| drop(api::app_state(&demo.app).unwrap())),
        timed(&|| drop(api::today(&demo.app, period()).unwrap())),
        timed(&|| drop(api::approvals_summary(&demo.app, period()).unwrap())),
        timed(&|| drop(api::jobs(&demo.app).unwrap())),
        timed(&|| drop(api::history(&demo.app).unwrap())),
        timed(&|| drop(demo.to_approve())),
    ]
}

fn nearly_all(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 95 / 100]
}

/// Thirty seconds an answer: nothing is read, and nothing waits for it but the reading.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_network_takes_thirty_seconds_an_answer_the_screens_answer_at_once() {
    let slow = r#"{"seed":1,"rules":[
        {"system":"xcart","what":"GET /api/orders/*","effect":"slow_reply","ms":30000},
        {"system":"intacct","what":"query*","every":2,"effect":"slow_reply","ms":30000}
    ]}"#;
    let mut demo = unread(200, slow).await;
    let id = open_demo(&demo.app, demo.systems()).unwrap().job_id;
    demo.told_that(&id, |job| job.done > 0 || !job.results.is_empty()).await;
    let times: Vec<Duration> = (0..ROUNDS).flat_map(|_| look(&demo)).collect();
    let p95 = nearly_all(times);
    println!("{} answers while the network crawls: p95 {p95:?}", ROUNDS * 6);
    let running = api::jobs(&demo.app).unwrap();
    assert!(running.iter().any(|it| it.id == id && it.ended_at.is_none()), "it still waits: {running:?}");
    assert!(p95 < ANSWER_MAX, "{p95:?}");
    // A person need not wait for it either.
    let asked = Instant::now();
    demo.cancel(&id);
    let stopped = demo.told_that(&id, |job| job.ended_at.is_some()).await;
    println!("stopped {:?} after it was asked for", asked.elapsed());
    assert_eq!(stopped.state, JobState::Stopped, "{:?}", stopped.problem);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
}
