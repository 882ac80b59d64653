//! The dead-letter queue for people: look, keep a version of one's own beside the original, replay one or all alike, close.

use super::outbox::Outbox;
use super::run::{cause_of, cool_down, may_approve, new_write, superseded};
use super::{Carried, Told};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::Unwatched;
use serde::Serialize;
use std::collections::BTreeSet;
use tieout_flows::{Action, Cause, Flow, PlannedWrite, WriteState};
use tieout_store::{FlowLogEntry, StoredLetter};

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    pub id: i64,
    pub flow: String,
    /// The closed list's own name, by which all alike are replayed.
    pub cause: String,
    /// The same for people.
    pub what: &'static str,
    pub title: String,
    pub why: String,
    pub fix: &'static str,
    /// The record or the write as it was; never changed.
    pub raw: String,
    /// A person's version, sent in its place.
    pub edited: Option<String>,
    /// Whether replaying sends the write again; else it is the flow that runs again.
    pub is_write: bool,
    pub state: String,
    pub times: u32,
    pub first_seen: String,
    pub last_seen: String,
    /// What was sent, answered and seen, oldest first.
    pub log: Vec<String>,
}

/// Open ones; of one flow or of all.
pub fn dead_letters(company: &Company, flow: Option<Flow>) -> Result<Vec<DeadLetter>, ServiceError> {
    let open = company.store.read(|reader| reader.letters(flow.map(Flow::as_str), &["open"]))?;
    open.into_iter().map(|it| told(company, it)).collect()
}

pub fn letter_of(company: &Company, id: i64) -> Result<DeadLetter, ServiceError> {
    told(company, found(company, id)?)
}

fn told(company: &Company, it: StoredLetter) -> Result<DeadLetter, ServiceError> {
    let log: Vec<FlowLogEntry> = match it.write {
        Some(write) => company.store.read(|reader| reader.flow_write_log(write))?,
        None => Vec::new(),
    };
    let cause = cause_of(&it.cause).unwrap_or(Cause::NotUnderstood);
    Ok(DeadLetter {
        id: it.id,
        flow: it.flow,
        cause: it.cause,
        what: cause.title(),
        title: it.title,
        why: it.why,
        fix: cause.fix(),
        raw: it.raw,
        edited: it.edited,
        is_write: it.write.is_some(),
        state: it.state,
        times: it.times,
        first_seen: it.first_seen.to_string(),
        last_seen: it.last_seen.to_string(),
        log: log.into_iter().map(|it| format!("{:.0} {}: {}", it.at, it.event, it.text)).collect(),
    })
}

fn found(company: &Company, id: i64) -> Result<StoredLetter, ServiceError> {
    let letter = company.store.read(|reader| reader.letter(id))?;
    letter.ok_or_else(|| wrong(id, "no letter has that number; `tieout dlq list` names them"))
}

fn wrong(id: i64, why: &str) -> ServiceError {
    ServiceError::BadInput { field: "letter", value: id.to_string(), why: why.to_owned() }
}

/// For what is done by hand, or not at all. It stays closed while it would say the same.
pub fn close_letter(company: &Company, by: &str, id: i64, reason: &str) -> Result<(), ServiceError> {
    let letter = found(company, id)?;
    if letter.state != "open" {
        return Err(wrong(id, &format!("it is {} already", letter.state)));
    }
    if reason.trim().is_empty() {
        return Err(ServiceError::BadInput {
            field: "reason",
            value: String::new(),
            why: "say why it is closed; it is kept in the trail".into(),
        });
    }
    Ok(company.store.write(by, company.now(), |tx| tx.step_letter(&letter, "closed", reason))?)
}

/// A version of the write to be sent in place of the original, which stays as it is. Same kind and same record.
pub fn edit_letter(company: &Company, by: &str, id: i64, text: Option<&str>) -> Result<(), ServiceError> {
    let letter = found(company, id)?;
    if let Some(text) = text {
        let write = write_of(company, &letter)?;
        let edited: Action = serde_json::from_str(text).map_err(|error| ServiceError::BadInput {
            field: "edited letter",
            value: String::new(),
            why: format!("line {}: {error}", error.line()),
        })?;
        if !is_same_place(&write.write.action, &edited) {
            return Err(wrong(id, "the version must do the same kind of thing to the same record"));
        }
    }
    Ok(company.store.write(by, company.now(), |tx| tx.edit_letter(&letter, text, ""))?)
}

fn write_of(company: &Company, letter: &StoredLetter) -> Result<Carried, ServiceError> {
    let id = letter.write.ok_or_else(|| {
        wrong(letter.id, "it holds a record and no write: correct the record at its source, then replay it")
    })?;
    let stored = company.store.read(|reader| reader.flow_write(id))?;
    let stored = stored.ok_or_else(|| wrong(letter.id, "its write is not in this data folder"))?;
    Ok(Carried::read(stored)?)
}

fn is_same_place(one: &Action, other: &Action) -> bool {
    match (one, other) {
        (Action::SetStock { product: a, .. }, Action::SetStock { product: b, .. })
        | (Action::SetProduct { product: a, .. }, Action::SetProduct { product: b, .. })
        | (Action::SetShippingStatus { order: a, .. }, Action::SetShippingStatus { order: b, .. })
        | (Action::AddTracking { order: a, .. }, Action::AddTracking { order: b, .. }) => a == b,
        _ => false,
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// Writes sent again, and what came of them.
    pub sent: usize,
    pub done: usize,
    /// Letters that hold a record: their flows are to be run again, which heals all that are sound.
    pub flows_to_run: BTreeSet<String>,
    pub still_open: usize,
}

/// One or many, each as it is or in a person's version. What the write was planned on is looked at anew: the store's value of
/// this moment stands in for it.
pub async fn replay_letters(
    company: &Company,
    secrets: &Secrets,
    by: &str,
    ids: &[i64],
) -> Result<ReplayReport, ServiceError> {
    may_approve(company, by)?;
    let mut report = ReplayReport::default();
    let mut flows: BTreeSet<Flow> = BTreeSet::new();
    let xcart = company.xcart(secrets).await?;
    for id in ids {
        let letter = found(company, *id)?;
        if letter.state != "open" {
            return Err(wrong(*id, &format!("it is {} and not open", letter.state)));
        }
        if letter.write.is_none() {
            report.flows_to_run.insert(letter.flow.clone());
            continue;
        }
        let carried = write_of(company, &letter)?;
        let action = match &letter.edited {
            Some(text) => serde_json::from_str(text).map_err(|error| wrong(*id, &error.to_string()))?,
            None => carried.write.action.clone(),
        };
        let write = PlannedWrite {
            action: on_what_is_there(&xcart, action).await?,
            because: format!("replayed by {by}: {}", carried.write.because),
            after: Vec::new(),
            ..carried.write
        };
        flows.insert(write.flow);
        send_again(company, by, &letter, &write)?;
        report.sent += 1;
    }
    let outbox = Outbox { company, xcart: &xcart, cool_down: cool_down(company)?, watch: &Unwatched };
    for flow in flows {
        let came = outbox.carry(flow).await;
        company.heed(&came)?;
        report.done += came?.done;
    }
    for id in ids {
        report.still_open += usize::from(matches!(found(company, *id)?.state.as_str(), "open" | "replayed"));
    }
    Ok(report)
}

/// A write that was parked rests on a value that may be gone.
async fn on_what_is_there(xcart: &tieout_xcart::Client, action: Action) -> Result<Action, ServiceError> {
    Ok(match action {
        Action::SetStock { product, from, to } => {
            let now = xcart.product_card(product).await?.map_or(from, |it| it.value.amount);
            Action::SetStock { product, from: now, to }
        }
        Action::SetProduct { product, from, to } => {
            let now = xcart.product_card(product).await?;
            let from = now.map_or(from, |it| tieout_flows::ProductFields::of(&it.value, &to));
            Action::SetProduct { product, from, to }
        }
        Action::SetShippingStatus { order, from, to } => {
            let now = xcart.order(order).await?.map_or(from, |it| it.value.shipping_status.code().to_owned());
            Action::SetShippingStatus { order, from: now, to }
        }
        other @ Action::AddTracking { .. } => other,
    })
}

fn send_again(company: &Company, by: &str, letter: &StoredLetter, write: &PlannedWrite) -> Result<(), ServiceError> {
    let now = company.now();
    let run = company.store.start_flow_run(write.flow.as_str(), now)?;
    let approved = Told::of(&WriteState::Approved { by: by.to_owned(), at: now });
    let stale = Told::of(&superseded());
    company.store.write::<_, ServiceError>(by, now, |tx| {
        let flow = write.flow.as_str();
        tx.add_flow_write(flow, run, &new_write(write), approved.as_state(), stale.as_state())?;
        Ok(tx.step_letter(letter, "replayed", by)?)
    })?;
    Ok(company.store.end_flow_run(run, now, "{}", None)?)
}
