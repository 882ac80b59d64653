//! Takes back what one run wrote to the products, as a unit: each field to what it was, unless somebody changed it since.

use super::outbox::Outbox;
use super::report::{SyncReport, WriteLine};
use super::run::{cool_down, may_approve, new_write, superseded};
use super::{Carried, Told};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::Unwatched;
use tieout_flows::{Action, Flow, PlannedWrite, WriteState, products};

/// `by` approves it with this. The next plan will want the same again while Intacct says the same.
pub async fn take_back(company: &Company, secrets: &Secrets, run: i64, by: &str) -> Result<SyncReport, ServiceError> {
    may_approve(company, by)?;
    let flow = Flow::Products;
    let written = Carried::all(company.store.read(|reader| reader.flow_writes_of_run(run))?)?;
    let back: Vec<PlannedWrite> =
        written.iter().filter(|it| it.stored.state == "done").filter_map(|it| reversed(&it.write, run)).collect();
    if back.is_empty() {
        let why = "no run of that number wrote to a product; `tieout sync products --json` names its run".to_owned();
        return Err(ServiceError::BadInput { field: "run", value: run.to_string(), why });
    }
    let xcart = company.xcart(secrets).await?;
    let now = company.now();
    let this = company.store.start_flow_run(flow.as_str(), now)?;
    let approved = Told::of(&WriteState::Approved { by: by.to_owned(), at: now });
    let stale = Told::of(&superseded());
    company.store.write::<_, ServiceError>(by, now, |tx| {
        for write in &back {
            tx.add_flow_write(flow.as_str(), this, &new_write(write), approved.as_state(), stale.as_state())?;
        }
        Ok(())
    })?;
    let outbox = Outbox { company, xcart: &xcart, cool_down: cool_down(company)?, watch: &Unwatched };
    let carried = outbox.carry(flow).await;
    company.heed(&carried)?;
    let mut report = SyncReport {
        flow: flow.to_string(),
        run: this,
        planned: back.iter().map(WriteLine::of).collect(),
        xcart_requests: xcart.requests_made(),
        ..SyncReport::default()
    };
    if let Ok(came) = &carried {
        (report.done, report.stale, report.parked) = (came.done, came.stale, came.parked);
        (report.in_doubt, report.unsent) = (came.in_doubt, came.unsent);
    }
    let counts = serde_json::to_string(&report.counts()).expect("counts are plain numbers");
    let problem = carried.as_ref().err().map(ToString::to_string);
    company.store.end_flow_run(this, company.now(), &counts, problem.as_deref())?;
    carried.map(|_| report)
}

fn reversed(write: &PlannedWrite, run: i64) -> Option<PlannedWrite> {
    let Action::SetProduct { product, from, to } = &write.action else { return None };
    Some(PlannedWrite {
        action: Action::SetProduct { product: *product, from: to.clone(), to: from.clone() },
        changes: products::changes(to, from),
        because: format!("run {run} is taken back"),
        warnings: Vec::new(),
        after: Vec::new(),
        ..write.clone()
    })
}
