//! Carries approved writes to the store, in their order: the state is on disk before the connection opens, and what to do
//! next is decided by `tieout_flows::carry`.

use super::{ACTOR, Carried, Told};
use crate::company::Company;
use crate::error::ServiceError;
use crate::post::cut;
use crate::watch::Watch;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use tieout_flows::carry::{self, Answer, End, Next};
use tieout_flows::{Action, Flow, ProductFields, Seen, WriteState};
use tieout_store::NewLetter;
use tieout_xcart::{ProductPatch, Written};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Came {
    pub done: usize,
    pub stale: usize,
    pub parked: usize,
    pub in_doubt: usize,
    pub unsent: usize,
}

pub(super) struct Outbox<'a> {
    pub company: &'a Company,
    pub xcart: &'a tieout_xcart::Client,
    pub cool_down: SignedDuration,
    pub watch: &'a dyn Watch,
}

const OPEN: [&str; 3] = ["approved", "sending", "in-doubt"];

impl Outbox<'_> {
    /// Everything of a flow that may be sent or looked up. A store that does not listen ends it early; what is left stays as
    /// it is on disk.
    pub async fn carry(&self, flow: Flow) -> Result<Came, ServiceError> {
        let open = Carried::all(self.company.store.read(|reader| reader.flow_writes_in(flow.as_str(), &OPEN))?)?;
        let mut came = Came::default();
        let (mut heard, total) = (true, open.len() as u64);
        let mut ended: BTreeMap<String, &'static str> = BTreeMap::new();
        for (n, mut it) in open.into_iter().enumerate() {
            self.watch.count("sending", n as u64, total);
            let is_free = self.is_free(&it, &ended)?;
            if !heard || self.watch.is_stopped() || !is_free {
                if it.state.is_under_way() {
                    came.in_doubt += 1
                } else {
                    came.unsent += 1
                }
                continue;
            }
            match self.one(&mut it).await? {
                Some(End::Done(_)) => came.done += 1,
                Some(End::Stale(_)) => came.stale += 1,
                Some(End::Parked(..)) => came.parked += 1,
                Some(End::InDoubt { .. }) => came.in_doubt += 1,
                Some(End::NotHeard) => {
                    heard = false;
                    came.unsent += 1;
                }
                None => {}
            }
            ended.insert(it.write.key(), it.state.name());
        }
        self.watch.count("sending", total, total);
        Ok(came)
    }

    /// Are the writes it waits for done?
    fn is_free(&self, it: &Carried, ended: &BTreeMap<String, &'static str>) -> Result<bool, ServiceError> {
        for key in &it.write.after {
            let done = match ended.get(key) {
                Some(state) => *state == "done",
                None => self
                    .company
                    .store
                    .read(|reader| reader.last_flow_write(key))?
                    .is_none_or(|write| write.state == "done" || write.state == "stale"),
            };
            if !done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As far as it goes now. `None`: nothing was to be done.
    async fn one(&self, it: &mut Carried) -> Result<Option<End>, ServiceError> {
        let Some(next) = carry::begin(&it.state, self.company.now(), self.cool_down) else { return Ok(None) };
        let seen = match next {
            Next::Wait(look_up_after) => return Ok(Some(End::InDoubt { look_up_after })),
            _ => self.look(&it.write.action).await?,
        };
        let end = match carry::after_look(&it.state, &it.write.action, &seen) {
            Next::Send { attempt, action } => self.send(it, attempt, action).await?,
            Next::End(end) => end,
            Next::Look | Next::Wait(_) => return Ok(None),
        };
        self.settle(it, &end)?;
        Ok(Some(end))
    }

    async fn send(&self, it: &mut Carried, attempt: u8, action: Action) -> Result<End, ServiceError> {
        let by = self.signer(&it.state);
        let text = serde_json::to_string(&action).expect("an action is plain data");
        let sending = WriteState::Sending { by: by.clone(), attempt, sent: action.clone(), at: self.company.now() };
        self.step(it, sending, "sent", &text)?;
        cut::here("before", "write");
        let written = self.write(&action).await;
        cut::here("after", "write");
        let answer = match written {
            Ok(Written::Yes { said }) => {
                self.log(it, "answered", &said)?;
                Answer::Yes
            }
            Ok(Written::No { why }) => {
                self.log(it, "refused", &why)?;
                Answer::No(why)
            }
            Ok(Written::TurnedAway { why, wait }) => {
                self.log(it, "turned away", &why)?;
                if let Some(wait) = wait {
                    self.company.pause(&self.company.connection()?.xcart_url, wait)?;
                }
                Answer::TurnedAway
            }
            Ok(Written::Silence { why }) => {
                self.log(it, "no answer", &why)?;
                Answer::Silence
            }
            // Turned away at the door, and every write after it would be too.
            Err(error) => {
                self.step(it, WriteState::Approved { by, at: self.company.now() }, "not sent", &error.to_string())?;
                return Err(error.into());
            }
        };
        match carry::after_answer(answer, self.company.now(), self.cool_down) {
            Next::End(end) => Ok(end),
            _ => Ok(carry::after_check(&action, &self.look(&action).await?)),
        }
    }

    fn settle(&self, it: &mut Carried, end: &End) -> Result<(), ServiceError> {
        let now = self.company.now();
        let by = self.signer(&it.state);
        let (state, event, text) = match end {
            End::Done(note) => (WriteState::Done { by, at: now, note: note.clone() }, "done", note.clone()),
            End::Stale(why) => (WriteState::Stale { why: why.clone() }, "stale", why.clone()),
            End::NotHeard => (WriteState::Approved { by, at: now }, "not heard", String::new()),
            End::Parked(cause, why) => {
                let state = WriteState::Parked { why: why.clone() };
                (state, "parked", format!("{}: {why}", cause.title()))
            }
            End::InDoubt { look_up_after } => match &it.state {
                WriteState::Sending { attempt, sent, .. } | WriteState::InDoubt { attempt, sent, .. } => (
                    WriteState::InDoubt { by, attempt: *attempt, sent: sent.clone(), look_up_after: *look_up_after },
                    "in doubt",
                    format!("looked up after {look_up_after:.0}"),
                ),
                _ => return Ok(()),
            },
        };
        if state == it.state {
            return Ok(());
        }
        self.step(it, state, event, &text)?;
        if let End::Parked(cause, why) = end {
            self.park(it, cause.as_str(), why)?;
        }
        if let End::Done(_) = end {
            self.heal(it)?;
        }
        Ok(())
    }

    /// With the write as it was sent and what the store said to it.
    fn park(&self, it: &Carried, cause: &str, why: &str) -> Result<(), ServiceError> {
        let raw = serde_json::to_string_pretty(&it.write.action).expect("an action is plain data");
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| {
            tx.put_letter(&NewLetter {
                key: &it.write.key(),
                flow: it.write.flow.as_str(),
                cause,
                title: &it.write.title,
                why,
                raw: &raw,
                write: Some(it.stored.id),
            })
        })?)
    }

    fn heal(&self, it: &Carried) -> Result<(), ServiceError> {
        let key = it.write.key();
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| {
            match tx.letter_of(&key)?.filter(|it| matches!(it.state.as_str(), "open" | "replayed")) {
                Some(letter) => tx.step_letter(&letter, "healed", "the write is done"),
                None => Ok(()),
            }
        })?)
    }

    fn signer(&self, state: &WriteState) -> String {
        match state {
            WriteState::Approved { by, .. }
            | WriteState::Sending { by, .. }
            | WriteState::InDoubt { by, .. }
            | WriteState::Done { by, .. } => by.clone(),
            WriteState::Planned | WriteState::Parked { .. } | WriteState::Stale { .. } => ACTOR.to_owned(),
        }
    }

    fn step(&self, it: &mut Carried, to: WriteState, event: &str, text: &str) -> Result<(), ServiceError> {
        let told = Told::of(&to);
        let now = self.company.now();
        self.company
            .store
            .write(&self.signer(&it.state), now, |tx| tx.step_flow_write(&it.stored, told.as_state(), event, text))?;
        it.stored.state = told.name.to_owned();
        it.stored.state_body = told.body;
        it.state = to;
        Ok(())
    }

    fn log(&self, it: &Carried, event: &str, text: &str) -> Result<(), ServiceError> {
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| tx.log_flow_write(&it.stored, event, text))?)
    }

    async fn look(&self, action: &Action) -> Result<Seen, ServiceError> {
        Ok(match action {
            Action::SetStock { product, .. } | Action::SetProduct { product, .. } => {
                self.xcart.product_card(*product).await?.map_or(Seen::Gone, |it| Seen::Product(it.value))
            }
            Action::SetShippingStatus { order, .. } | Action::AddTracking { order, .. } => {
                self.xcart.order(*order).await?.map_or(Seen::Gone, |it| Seen::Order(Box::new(it.value)))
            }
        })
    }

    async fn write(&self, action: &Action) -> Result<Written, tieout_xcart::XcartError> {
        match action {
            Action::SetStock { product, to, .. } => {
                let patch = ProductPatch { amount: Some(*to), ..ProductPatch::default() };
                self.xcart.put_product(*product, &patch).await
            }
            Action::SetProduct { product, to, .. } => self.xcart.put_product(*product, &patch(to)).await,
            Action::SetShippingStatus { order, to, .. } => self.xcart.put_shipping_status(*order, to).await,
            Action::AddTracking { order, number } => self.xcart.add_tracking(*order, number).await,
        }
    }
}

fn patch(to: &ProductFields) -> ProductPatch {
    ProductPatch {
        amount: None,
        name: to.name.clone(),
        description: to.description.clone(),
        price: to.price,
        weight: to.weight,
        enabled: to.enabled,
    }
}
