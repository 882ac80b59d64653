//! How each flow stands: one row a flow.

use super::Carried;
use super::report::WriteLine;
use super::run::{digest_of, policy_of};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use tieout_flows::Flow;
use tieout_planning::Policy;

/// The error budget is counted over so many runs.
const RUNS: u32 = 50;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardRow {
    pub flow: Flow,
    pub policy: Policy,
    /// The last run that came to its end.
    pub last_success: Option<Timestamp>,
    pub last_problem: Option<String>,
    /// Of the last fifty runs, how many failed.
    pub runs: u32,
    pub runs_failed: u32,
    /// Places that agreed when it ran last.
    pub equal: u64,
    /// Writes by state: planned ones wait for a person.
    pub waiting: u64,
    pub unsent: u64,
    pub in_doubt: u64,
    pub done: u64,
    pub letters: u64,
    /// Over what is waiting.
    pub digest: String,
    /// Newest first.
    pub last_runs: Vec<RunLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunLine {
    pub run: i64,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub done: u64,
    pub parked: u64,
    pub problem: Option<String>,
}

/// What waits for a person, as it was planned and in the order it would be sent.
pub fn waiting_writes(company: &Company, flow: Flow) -> Result<Vec<WriteLine>, ServiceError> {
    let waiting = company.store.read(|reader| reader.flow_writes_in(flow.as_str(), &["planned"]))?;
    Ok(Carried::all(waiting)?.iter().map(|it| WriteLine::of(&it.write)).collect())
}

pub fn board(company: &Company) -> Result<Vec<BoardRow>, ServiceError> {
    let settings = company.settings().ok().map(|(settings, _)| settings);
    Flow::ALL.into_iter().map(|flow| row(company, flow, settings.as_ref())).collect()
}

fn row(company: &Company, flow: Flow, settings: Option<&tieout_planning::Settings>) -> Result<BoardRow, ServiceError> {
    company.store.read(|reader| {
        let name = flow.as_str();
        let counts = reader.flow_write_counts(name)?;
        let count = |state: &str| counts.get(state).copied().unwrap_or_default();
        let runs = reader.flow_runs(name, RUNS)?;
        let good = reader.last_good_flow_run(name)?;
        let waiting = reader.flow_writes_in(name, &["planned"])?;
        let of_run = |body: &str, key: &str| -> u64 {
            let counted: BTreeMap<String, u64> = serde_json::from_str(body).unwrap_or_default();
            counted.get(key).copied().unwrap_or_default()
        };
        Ok(BoardRow {
            flow,
            policy: settings.map_or(Policy::Ask, |it| policy_of(it, flow)),
            last_success: good.as_ref().and_then(|it| it.ended),
            last_problem: runs.first().and_then(|it| it.problem.clone()),
            runs: runs.len() as u32,
            runs_failed: runs.iter().filter(|it| it.problem.is_some()).count() as u32,
            equal: good.as_ref().map_or(0, |it| of_run(&it.body, "equal")),
            waiting: count("planned"),
            unsent: count("approved"),
            in_doubt: count("sending") + count("in-doubt"),
            done: count("done"),
            letters: reader.letters(Some(name), &["open"])?.len() as u64,
            digest: digest_of(waiting.iter().map(|it| it.fingerprint.as_str())).to_string(),
            last_runs: runs
                .iter()
                .take(10)
                .map(|it| RunLine {
                    run: it.id,
                    started: it.started,
                    ended: it.ended,
                    done: of_run(&it.body, "done"),
                    parked: of_run(&it.body, "parked"),
                    problem: it.problem.clone(),
                })
                .collect(),
        })
    })
}
