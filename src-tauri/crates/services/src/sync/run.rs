//! One run of a flow: settle what is in doubt, read, plan, approve by policy, send, and look again where a sale may have come
//! in between.

use super::facts::{self, Sources};
use super::outbox::{Came, Outbox};
use super::report::{LetterLine, SyncReport, WriteLine};
use super::{ACTOR, Carried, Told};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::{Unwatched, Watch};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::Fingerprint;
use tieout_flows::{Action, Cause, Flow, FlowPlan, PlannedWrite, WriteState};
use tieout_planning::{Policy, Role, Settings};
use tieout_store::{NewFlowWrite, NewLetter};

/// A person's yes to exactly what is waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approve {
    pub digest: String,
    pub by: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncRules {
    /// Plans and tells; nothing is written to either system and nothing is kept of the plan.
    pub dry_run: bool,
    /// Sends what is waiting, as it was shown; `None` plans anew.
    pub approve: Option<Approve>,
}

pub async fn sync(
    company: &Company,
    secrets: &Secrets,
    flow: Flow,
    rules: SyncRules,
) -> Result<SyncReport, ServiceError> {
    sync_watched(company, secrets, flow, rules, &Unwatched).await
}

/// Asked to stop, it finishes the write it is on; what was not begun stays as it is.
pub async fn sync_watched(
    company: &Company,
    secrets: &Secrets,
    flow: Flow,
    rules: SyncRules,
    watch: &dyn Watch,
) -> Result<SyncReport, ServiceError> {
    let (settings, _) = company.settings()?;
    let policy = policy_of(&settings, flow);
    if policy == Policy::Off {
        let why = format!("it is switched off in Settings; write policy = \"ask\" under [flows.{flow}]");
        return Err(ServiceError::BadInput { field: "flow", value: flow.to_string(), why });
    }
    if rules.dry_run {
        let result = Box::pin(dry(company, secrets, &settings, flow, watch)).await;
        company.heed(&result)?;
        return result;
    }
    let run = company.store.start_flow_run(flow.as_str(), company.now())?;
    let result = Box::pin(real(company, secrets, &settings, flow, run, rules, watch)).await;
    company.heed(&result)?;
    let counts = result.as_ref().map(|it| serde_json::to_string(&it.counts()).expect("counts are plain numbers"));
    let problem = result.as_ref().err().map(ToString::to_string);
    let body = counts.unwrap_or_else(|_| "{}".to_owned());
    company.store.end_flow_run(run, company.now(), &body, problem.as_deref())?;
    result
}

pub(super) fn policy_of(settings: &Settings, flow: Flow) -> Policy {
    match flow {
        Flow::Stock => settings.flows.stock.policy,
        Flow::Products => settings.flows.products.policy,
        Flow::Shipments => settings.flows.shipments.policy,
    }
}

async fn dry(
    company: &Company,
    secrets: &Secrets,
    settings: &Settings,
    flow: Flow,
    watch: &dyn Watch,
) -> Result<SyncReport, ServiceError> {
    let xcart = watch.unless_stopped(company.xcart(secrets)).await?;
    let intacct = watch.unless_stopped(company.intacct(secrets)).await?;
    let sources = Sources { company, settings, xcart: &xcart, intacct: &intacct, watch };
    let plan = watch.unless_stopped(Box::pin(facts::plan(&sources, flow))).await?;
    Ok(SyncReport {
        flow: flow.to_string(),
        dry_run: true,
        equal: plan.equal,
        planned: plan.writes.iter().map(WriteLine::of).collect(),
        digest: plan.digest().to_string(),
        letters: plan.letters.iter().map(LetterLine::of).collect(),
        xcart_requests: xcart.requests_made(),
        intacct_requests: intacct.requests_sent(),
        ..SyncReport::default()
    })
}

async fn real(
    company: &Company,
    secrets: &Secrets,
    settings: &Settings,
    flow: Flow,
    run: i64,
    rules: SyncRules,
    watch: &dyn Watch,
) -> Result<SyncReport, ServiceError> {
    let xcart = watch.unless_stopped(company.xcart(secrets)).await?;
    let intacct = watch.unless_stopped(company.intacct(secrets)).await?;
    let sources = Sources { company, settings, xcart: &xcart, intacct: &intacct, watch };
    let outbox = Outbox { company, xcart: &xcart, cool_down: cool_down(company)?, watch };
    let mut report = SyncReport { flow: flow.to_string(), run, ..SyncReport::default() };
    // A doubt first: nothing is planned for a place that may change yet.
    add(&mut report, outbox.carry(flow).await?);
    let by = match &rules.approve {
        Some(approve) => {
            report.planned = approve_waiting(company, flow, approve)?;
            approve.by.clone()
        }
        None => {
            let plan = watch.unless_stopped(Box::pin(facts::plan(&sources, flow))).await?;
            report.equal = plan.equal;
            report.healed += keep(company, settings, &plan, run)?;
            report.planned = plan.writes.iter().map(WriteLine::of).collect();
            ACTOR.to_owned()
        }
    };
    let first = outbox.carry(flow).await?;
    add(&mut report, first);
    if flow == Flow::Stock && first.done > 0 && !watch.is_stopped() {
        // Between the look and the write the store may have sold some, and no request says "only if it is still so many"
        // (reference/xcart.md 4.4). What was sold is known now; whoever said yes to the write said yes to Intacct's figure.
        let plan = watch.unless_stopped(Box::pin(facts::plan(&sources, flow))).await?;
        let written: BTreeSet<&str> = report.planned.iter().map(|it| it.key.as_str()).collect();
        let lowered = plan.writes.iter().filter(|it| lowers(&it.action) && written.contains(it.key().as_str()));
        let lowered: BTreeSet<String> = lowered.map(PlannedWrite::key).collect();
        report.healed += keep(company, settings, &plan, run)?;
        approve_keys(company, flow, &lowered, &by)?;
        add(&mut report, outbox.carry(flow).await?);
    }
    let waiting = company.store.read(|reader| reader.flow_writes_in(flow.as_str(), &["planned"]))?;
    report.waiting = waiting.len();
    report.digest = digest_of(waiting.iter().map(|it| it.fingerprint.as_str())).to_string();
    let open = company.store.read(|reader| reader.letters(Some(flow.as_str()), &["open"]))?;
    report.letters = open.iter().filter_map(letter_line).collect();
    report.xcart_requests = xcart.requests_made();
    report.intacct_requests = intacct.requests_sent();
    Ok(report)
}

pub(super) fn cool_down(company: &Company) -> Result<SignedDuration, ServiceError> {
    Ok(SignedDuration::from_secs(i64::from(company.connection()?.cool_down_seconds)))
}

fn lowers(action: &Action) -> bool {
    matches!(action, Action::SetStock { from, to, .. } if to < from)
}

fn add(report: &mut SyncReport, came: Came) {
    report.done += came.done;
    report.stale += came.stale;
    report.parked += came.parked;
    // These two are states, not events: the last look tells.
    report.in_doubt = came.in_doubt;
    report.unsent = came.unsent;
}

pub(super) fn digest_of<'a>(fingerprints: impl Iterator<Item = &'a str>) -> Fingerprint {
    let prints: Vec<Fingerprint> = fingerprints.map(Fingerprint::from_text).collect();
    Fingerprint::of_list(&prints)
}

pub(super) fn cause_of(text: &str) -> Option<Cause> {
    Cause::ALL.into_iter().find(|it| it.as_str() == text)
}

fn letter_line(letter: &tieout_store::StoredLetter) -> Option<LetterLine> {
    let cause = cause_of(&letter.cause)?;
    Some(LetterLine { title: letter.title.clone(), cause: cause.as_str(), why: letter.why.clone(), fix: cause.fix() })
}

pub(super) fn new_write(write: &PlannedWrite) -> NewFlowWrite {
    NewFlowWrite {
        key: write.key(),
        title: write.title.clone(),
        body: serde_json::to_string(write).expect("writes are plain data"),
        fingerprint: write.fingerprint().to_string(),
    }
}

/// Plan and letters in one transaction, and the approvals the policy gives by itself. Gives how many letters were healed.
fn keep(company: &Company, settings: &Settings, plan: &FlowPlan, run: i64) -> Result<u32, ServiceError> {
    let flow = plan.flow.as_str();
    let parked: BTreeMap<String, String> = company
        .store
        .read(|reader| reader.letters(Some(flow), &["open"]))?
        .into_iter()
        .filter(|it| it.write.is_some())
        .map(|it| (it.key, it.why))
        .collect();
    let mut writes: Vec<PlannedWrite> = plan.writes.clone();
    for write in &mut writes {
        if let Some(why) = parked.get(&write.key()) {
            write.warnings.push(format!("it was parked before: {why}"));
        }
    }
    let new: Vec<NewFlowWrite> = writes.iter().map(new_write).collect();
    let (planned, stale) = (Told::of(&WriteState::Planned), Told::of(&superseded()));
    let mut differing = plan.differing();
    let healed = company.store.write::<_, ServiceError>(ACTOR, company.now(), |tx| {
        tx.replace_flow_plan(flow, run, &new, planned.as_state(), stale.as_state())?;
        for letter in &plan.letters {
            tx.put_letter(&NewLetter {
                key: &letter.key,
                flow,
                cause: letter.cause.as_str(),
                title: &letter.title,
                why: &letter.why,
                raw: &letter.raw,
                write: None,
            })?;
        }
        for write in tx.flow_writes_in(flow, &["sending", "in-doubt"])? {
            differing.insert(write.key);
        }
        Ok(tx.heal_letters(flow, &plan.parked(), &differing)?)
    })?;
    if policy_of(settings, plan.flow) == Policy::Automatic {
        let within: BTreeSet<String> =
            writes.iter().filter(|it| it.warnings.is_empty()).map(PlannedWrite::key).collect();
        approve_keys(company, plan.flow, &within, ACTOR)?;
    }
    Ok(healed)
}

pub(super) fn superseded() -> WriteState {
    WriteState::Stale { why: "another plan took its place".into() }
}

fn approve_keys(company: &Company, flow: Flow, keys: &BTreeSet<String>, by: &str) -> Result<(), ServiceError> {
    if keys.is_empty() {
        return Ok(());
    }
    let now = company.now();
    let approved = Told::of(&WriteState::Approved { by: by.to_owned(), at: now });
    Ok(company.store.write(by, now, |tx| {
        for write in tx.flow_writes_in(flow.as_str(), &["planned"])?.iter().filter(|it| keys.contains(&it.key)) {
            tx.step_flow_write(write, approved.as_state(), "approved", "within the limits of the settings")?;
        }
        Ok::<(), tieout_store::StoreError>(())
    })?)
}

/// Where people are listed under `[control]`, only an approver says yes to what leaves for the store.
pub(super) fn may_approve(company: &Company, by: &str) -> Result<(), ServiceError> {
    let (settings, _) = company.settings()?;
    settings.control.has_role(by, Role::Approver).map_err(|why| ServiceError::BadInput {
        field: "name",
        value: by.to_owned(),
        why: why.to_string(),
    })
}

/// All that is waiting, if it is what the digest was taken over.
fn approve_waiting(company: &Company, flow: Flow, approve: &Approve) -> Result<Vec<WriteLine>, ServiceError> {
    may_approve(company, &approve.by)?;
    let now = company.now();
    let approved = Told::of(&WriteState::Approved { by: approve.by.clone(), at: now });
    company.store.write::<_, ServiceError>(&approve.by, now, |tx| {
        let waiting = tx.flow_writes_in(flow.as_str(), &["planned"])?;
        let digest = digest_of(waiting.iter().map(|it| it.fingerprint.as_str()));
        if digest != Fingerprint::from_text(&approve.digest) {
            return Err(ServiceError::ListChanged { given: approve.digest.clone(), now: digest.to_string() });
        }
        let mut lines = Vec::new();
        for write in waiting {
            tx.step_flow_write(&write, approved.as_state(), "approved", "")?;
            lines.push(WriteLine::of(&Carried::read(write)?.write));
        }
        Ok(lines)
    })
}
