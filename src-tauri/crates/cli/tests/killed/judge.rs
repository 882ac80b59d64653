//! The judge: the dump of the sandbox process's ledger, beside what Tieout says of its postings.

use crate::town::Town;
use jiff::Timestamp;
use std::collections::BTreeMap;
use tieout_sandbox::intacct::ledger;

#[derive(Debug, Default)]
pub struct Counts {
    pub posted: usize,
    pub in_ledger: usize,
    pub duplicates: usize,
    pub lost: usize,
    pub unknown: usize,
    pub refused: usize,
    pub proposed: usize,
    /// Approved, and waiting for one before it that nobody approved.
    pub behind: usize,
}

/// Every approved posting is in the ledger once or known not to be, and nothing else is there.
pub fn judge(town: &Town) -> Counts {
    let mut in_ledger: BTreeMap<String, usize> = BTreeMap::new();
    for entry in ledger::dump(&town.books()).unwrap() {
        *in_ledger.entry(entry.natural_key.clone()).or_default() += 1;
    }
    let postings = town.done(&["list", "postings"]);
    let rows = postings["rows"].as_array().unwrap();
    let in_state = |name: &str| rows.iter().filter(|it| it["state"]["state"] == name).count();
    let posted: Vec<&str> =
        rows.iter().filter(|it| it["state"]["state"] == "posted").map(|it| it["reference"].as_str().unwrap()).collect();
    let counts = Counts {
        posted: posted.len(),
        in_ledger: in_ledger.len(),
        duplicates: in_ledger.values().filter(|count| **count > 1).count(),
        lost: posted.iter().filter(|key| !in_ledger.contains_key(**key)).count(),
        unknown: in_state("in-doubt") + in_state("sending"),
        refused: in_state("refused"),
        proposed: in_state("proposed"),
        behind: in_state("approved"),
    };
    let not_ours: Vec<_> = in_ledger.keys().filter(|key| !posted.contains(&key.as_str())).collect();
    assert!(not_ours.is_empty(), "in the ledger and not posted here: {not_ours:?}");
    assert_eq!((counts.duplicates, counts.lost, counts.unknown), (0, 0, 0), "{counts:?}");
    counts
}

/// How often a write was on its way when the program died: it was the last thing the gateway received from it, and was not
/// answered yet. (The poster asks one thing at a time.)
pub fn unanswered(town: &Town, killed: &[Timestamp]) -> usize {
    let phases = ledger::phases(&town.books()).unwrap();
    let on_its_way = |at: &Timestamp| {
        let before = |phase: &'static str| phases.iter().filter(move |it| it.phase == phase && it.at <= *at);
        let Some(last) = before("received").max_by_key(|it| it.at) else { return false };
        last.control_ids.iter().any(|id| id.starts_with("tieout-"))
            && !before("answered").any(|it| it.request == last.request)
            && at.duration_since(last.at).as_millis() < 500
    };
    killed.iter().filter(|it| on_its_way(it)).count()
}
