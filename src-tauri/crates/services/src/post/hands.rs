//! The hands of the poster: each effect is one transaction on disk or one exchange with Intacct.

use super::words::{sighting, with_remedy};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use tieout_domain::{
    Approval, Document, Event, Exception, ExceptionKind, Fingerprint, IdempotencyKey, IntacctRecordNo, Period, Posting,
    PostingId, PostingState,
};
use tieout_intacct::{Client, DefinitionError, WriteOutcome, WriteRequest};
use tieout_poster::{Answer, Clock, Effect, Happened, Note, Sighting, Waiting};
use tieout_store::{StoreError, StoredPosting, Tx};

const ACTOR: &str = "post";

pub(crate) struct Hands<'a> {
    pub company: &'a Company,
    client: &'a Client,
    cool_down: SignedDuration,
    /// A moment that was waited for has come, even where somebody turns the clock back meanwhile.
    waited_until: Mutex<Timestamp>,
    /// Transaction definitions that were found good in this run.
    definitions: Mutex<BTreeSet<String>>,
    /// Exact bytes that were built in this run and are not on disk yet.
    built: Mutex<BTreeMap<IdempotencyKey, WriteRequest>>,
}

impl<'a> Hands<'a> {
    pub fn new(company: &'a Company, client: &'a Client) -> Result<Hands<'a>, ServiceError> {
        let cool_down = SignedDuration::from_secs(i64::from(company.connection()?.cool_down_seconds));
        let waited_until = Mutex::new(Timestamp::MIN);
        Ok(Hands { company, client, cool_down, waited_until, definitions: Mutex::default(), built: Mutex::default() })
    }

    pub fn clock(&self) -> Clock {
        let waited_until = *self.waited_until.lock().unwrap_or_else(PoisonError::into_inner);
        Clock { now: self.company.now().max(waited_until), cool_down: self.cool_down }
    }

    pub async fn wait_until(&self, until: Timestamp) {
        tokio::time::sleep(until.duration_since(self.company.now()).unsigned_abs()).await;
        *self.waited_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    pub fn is_heard(&self) -> bool {
        let url = self.company.connection().map(|it| it.intacct_url);
        url.is_ok_and(|url| self.company.refuse_in_pause("Intacct", &url).is_ok())
    }

    pub fn posting(&self, id: &PostingId) -> Result<Option<StoredPosting>, ServiceError> {
        Ok(self.company.store.read(|reader| reader.posting(id))?)
    }

    /// Everything a run may have to carry.
    pub fn waiting(&self) -> Result<Vec<Waiting>, ServiceError> {
        self.company.store.read(|reader| {
            let open = reader.postings_in(&["sending", "in-doubt", "approved"])?;
            let mut in_ledger: BTreeMap<PostingId, bool> = BTreeMap::new();
            for before in open.iter().flat_map(|it| &it.posting.after) {
                if !in_ledger.contains_key(before) {
                    let state = reader.posting(before)?.map(|it| it.posting.state);
                    let stands = matches!(state, Some(PostingState::Posted { .. } | PostingState::Reversed { .. }));
                    in_ledger.insert(before.clone(), stands);
                }
            }
            let waiting = open.into_iter().map(|it| Waiting {
                behind: it.posting.after.into_iter().filter(|before| in_ledger.get(before) != Some(&true)).collect(),
                id: it.posting.id,
                state: it.posting.state,
            });
            Ok(waiting.collect())
        })
    }

    pub async fn perform(&self, it: &StoredPosting, effect: Effect) -> Result<Happened, ServiceError> {
        let id = &it.posting.id;
        match effect {
            Effect::Compare { approval } => Ok(Happened::Compared { same: self.is_same(&it.posting, &approval)? }),
            Effect::Prepare { approval } => self.prepare(it, &approval).await,
            Effect::Begin { approval, key } => self.begin(id, &approval, &key),
            Effect::BeginAgain { key } => self.begin_again(id, &key),
            Effect::Send { key } => Ok(Happened::Answered(self.send(&key, false).await?)),
            Effect::Resend { key } => Ok(Happened::Answered(self.send(&key, true).await?)),
            Effect::LookUp => Ok(seen(self.look_up(&it.posting.document).await)),
            Effect::ReadBack { record } => Ok(seen(self.read_back(&it.posting.document, &record).await)),
            Effect::Record { event, note } => self.record(id, event, &note).map(Happened::Recorded),
            Effect::HoldForClosedPeriod { through } => self.hold_for_closed_period(&it.posting, through),
            Effect::Tell(note) => {
                self.tell(id, &note)?;
                Ok(Happened::Recorded(it.posting.state.clone()))
            }
        }
    }

    fn write<R>(&self, change: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>) -> Result<R, ServiceError> {
        Ok(self.company.store.write(ACTOR, self.company.now(), change)?)
    }

    fn is_same(&self, posting: &Posting, approval: &Approval) -> Result<bool, ServiceError> {
        let records: Vec<_> = posting.facts.iter().map(|(record, _)| record.clone()).collect();
        let now = self.company.store.read(|reader| reader.versions(&records))?;
        let same = now.iter().zip(&posting.facts).all(|(now, (_, then))| now.version.unwrap_or(0) == *then);
        Ok(same && posting.fingerprint() == approval.content)
    }

    /// Everything fresh: books, links, exact bytes.
    async fn prepare(&self, it: &StoredPosting, approval: &Approval) -> Result<Happened, ServiceError> {
        let document = &it.posting.document;
        // A failed sign-in must not refuse a posting: nothing has been said yet.
        self.client.sign_in().await?;
        let books = self.client.books().await?;
        self.company.remember_books(&books)?;
        if let Some(through) = books.closed_through
            && document.posts_to_the_ledger()
            && !books.is_open_on(document.on())
        {
            return Ok(Happened::PeriodClosed { through });
        }
        if let Document::SalesOrder(order) = document
            && let Some(reason) = self.what_is_wrong_with_definition(&order.definition).await?
        {
            return Ok(Happened::Hindered { reason });
        }
        let links = match self.client.resolve_links(document).await {
            Ok(links) => links,
            Err(tieout_intacct::LinkError::Read(error)) => return Err(error.into()),
            Err(error) => return Ok(Happened::Hindered { reason: error.to_string() }),
        };
        let key = key_of(&it.fingerprint, approval.at);
        match tieout_intacct::build(document, &links, &key) {
            Ok(request) => {
                self.built().insert(key.clone(), request);
                Ok(Happened::Prepared { key })
            }
            Err(error) => Ok(Happened::Hindered { reason: error.to_string() }),
        }
    }

    /// Before the first order of a definition: whatever brought it into the settings, unread it is not sent.
    async fn what_is_wrong_with_definition(&self, name: &str) -> Result<Option<String>, ServiceError> {
        let good = || self.definitions.lock().unwrap_or_else(PoisonError::into_inner);
        if good().contains(name) {
            return Ok(None);
        }
        match self.client.check_definition(name).await {
            Ok(_) => {
                good().insert(name.to_owned());
                Ok(None)
            }
            Err(DefinitionError::Read(error)) => Err(error.into()),
            Err(refused) => Ok(Some(format!("{refused}. {}", refused.remedy()))),
        }
    }

    fn built(&self) -> std::sync::MutexGuard<'_, BTreeMap<IdempotencyKey, WriteRequest>> {
        self.built.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, id: &PostingId, approval: &Approval, key: &IdempotencyKey) -> Result<Happened, ServiceError> {
        let request = self.built().remove(key).expect("what is begun was prepared in this run");
        let bytes = serde_json::to_vec(&request).expect("a request is plain text");
        let begun = self.write(|tx| {
            // A person may have taken the approval back, or held it, while it was prepared.
            let now = tx.posting(id)?.map(|it| it.posting.state);
            let stands = now == Some(PostingState::Approved { approval: approval.clone() });
            if stands {
                tx.begin_sending(id, key, &bytes, &approval.content)?;
            }
            Ok(stands)
        });
        match begun {
            Ok(true) => Ok(Happened::Begun),
            Ok(false) => Ok(Happened::ApprovalGone),
            Err(ServiceError::Store(StoreError::KeyReused { .. })) => Ok(Happened::OtherBytes),
            Err(error) => Err(error),
        }
    }

    fn begin_again(&self, id: &PostingId, key: &IdempotencyKey) -> Result<Happened, ServiceError> {
        if self.saved(key)?.is_none() {
            return Ok(Happened::OtherBytes);
        }
        let event = Event::Saved { key: key.clone(), at: self.company.now() };
        self.record(id, event, &Note { what: "sent again", text: "the same bytes, the same key".into() })?;
        Ok(Happened::Begun)
    }

    /// What is on disk under the key, and nothing else, goes out.
    async fn send(&self, key: &IdempotencyKey, again: bool) -> Result<Answer, ServiceError> {
        let Some(request) = self.saved(key)? else {
            return Ok(Answer::Silence { why: "its bytes cannot be read; nothing was sent".into() });
        };
        let outcome = if again { self.client.resend(&request).await } else { self.client.send(&request).await };
        Ok(match outcome {
            WriteOutcome::Accepted { record } => Answer::Accepted { record },
            WriteOutcome::Unknown(why) => Answer::Silence { why },
            WriteOutcome::TurnedAway { reason, pause } => {
                let until = match pause {
                    Some(pause) => self.company.pause(&self.company.connection()?.intacct_url, pause)?,
                    None => self.company.now(),
                };
                Answer::TurnedAway { reason: reason.to_string(), until }
            }
            WriteOutcome::Rejected(reason, class) => {
                Answer::Refused { note: format!("{class:?}: {reason}"), reason: with_remedy(reason, class) }
            }
        })
    }

    fn saved(&self, key: &IdempotencyKey) -> Result<Option<WriteRequest>, ServiceError> {
        let saved = self.company.store.read(|reader| reader.saved_request(key))?;
        Ok(saved.and_then(|it| serde_json::from_slice(&it.bytes).ok()))
    }

    /// Every record that bears the document's natural key.
    pub async fn look_up(&self, document: &Document) -> Result<Vec<Sighting>, ServiceError> {
        let found = self.client.find(document).await?;
        Ok(found.iter().map(|it| sighting(document, it)).collect())
    }

    pub async fn read_back(
        &self,
        document: &Document,
        record: &IntacctRecordNo,
    ) -> Result<Vec<Sighting>, ServiceError> {
        let found = self.client.read_back(document, record).await?;
        Ok(found.iter().map(|it| sighting(document, it)).collect())
    }

    /// A reversal in the ledger ends the posting it names, in the same transaction.
    pub fn record(&self, id: &PostingId, event: Event, note: &Note) -> Result<PostingState, ServiceError> {
        self.write(|tx| {
            let now = tx.posting(id)?.map(|it| it.posting.state);
            if let Some(state) = now.filter(|it| event == Event::FactsChanged && !is_waiting(it)) {
                return Ok(state); // a person took it back meanwhile; what they said stands
            }
            tx.log_posting(id, note.what, &note.text)?;
            let state = tx.apply_event(id, event)?;
            if let (PostingState::Posted { .. }, Some(original)) = (&state, reversed_by(id)) {
                let found = tx.posting(&original)?;
                if found.is_some_and(|it| matches!(it.posting.state, PostingState::Posted { .. })) {
                    tx.apply_event(&original, Event::ReversalPosted { by: id.clone() })?;
                }
            }
            Ok(state)
        })
    }

    /// For what changes no state.
    pub fn tell(&self, id: &PostingId, note: &Note) -> Result<(), ServiceError> {
        self.write(|tx| tx.log_posting(id, note.what, &note.text))
    }

    /// Never redated here: a person sees which period it is and decides.
    fn hold_for_closed_period(&self, posting: &Posting, through: Date) -> Result<Happened, ServiceError> {
        let (id, day) = (&posting.id, posting.document.on());
        let exception = Exception {
            kind: ExceptionKind::ClosedPeriod,
            records: posting.facts.iter().map(|(record, _)| record.clone()).collect(),
            at_stake: Some(posting.document.amount()),
            on: Some(day),
            subject: posting.document.natural_key().0,
            why_not: format!(
                "period {} was closed in Intacct after it was approved: it belongs on {day}, and the books are closed \
                 through {through}",
                Period::of(day)
            ),
        };
        let state = self.write(|tx| {
            tx.log_posting(id, "not sent", &exception.why_not)?;
            let state = tx.apply_event(id, Event::FactsChanged)?;
            tx.raise_exception(&exception)?;
            Ok(state)
        })?;
        Ok(Happened::Recorded(state))
    }
}

fn is_waiting(state: &PostingState) -> bool {
    matches!(state, PostingState::Approved { .. } | PostingState::Proposed)
}

/// The posting a reversal is the reversal of.
fn reversed_by(id: &PostingId) -> Option<PostingId> {
    id.0.strip_prefix("p-REV-").map(|original| PostingId(format!("p-{original}")))
}

fn seen(result: Result<Vec<Sighting>, ServiceError>) -> Happened {
    match result {
        Ok(seen) => Happened::Seen(seen),
        Err(error) => Happened::Blind { why: error.to_string() },
    }
}

/// The key of one approval: the same content approved again gets another.
pub(crate) fn key_of(fingerprint: &Fingerprint, approved_at: Timestamp) -> IdempotencyKey {
    IdempotencyKey(format!("tieout-{}-{}", &fingerprint.as_str()[..24], approved_at.as_millisecond()))
}
