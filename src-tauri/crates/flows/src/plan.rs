use crate::letter::Letter;
use crate::write::{Flow, PlannedWrite};
use serde::Serialize;
use std::collections::BTreeSet;
use tieout_domain::Fingerprint;

/// What a flow would do. Carrying it out makes both sides agree, but for what the letters say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlowPlan {
    pub flow: Flow,
    pub writes: Vec<PlannedWrite>,
    pub letters: Vec<Letter>,
    /// Places that were compared and agree.
    pub equal: u64,
}

impl FlowPlan {
    pub fn new(flow: Flow) -> FlowPlan {
        FlowPlan { flow, writes: Vec::new(), letters: Vec::new(), equal: 0 }
    }

    /// Places that nothing can be done about yet.
    pub fn parked(&self) -> BTreeSet<String> {
        self.letters.iter().map(|it| it.key.clone()).collect()
    }

    /// Places that are not as they should be.
    pub fn differing(&self) -> BTreeSet<String> {
        self.writes.iter().map(PlannedWrite::key).collect()
    }

    /// Over all it would write, as it is shown.
    pub fn digest(&self) -> Fingerprint {
        let prints: Vec<Fingerprint> = self.writes.iter().map(PlannedWrite::fingerprint).collect();
        Fingerprint::of_list(&prints)
    }
}
