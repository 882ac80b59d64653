//! The runner that carries approved postings into Intacct, once and only once.
//!
//! What is on disk decides: a posting found `Sending` at start was cut off and is in doubt; silence is looked up by
//! natural key after the stored cool-down; only after two look-ups found nothing do the same bytes go once more.

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::{Unwatched, Watch};
use futures::FutureExt;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use tieout_domain::{
    Document, Event, Exception, ExceptionKind, Fingerprint, IdempotencyKey, IntacctError, IntacctRecordNo, Period,
    Posting, PostingId, PostingState,
};
use tieout_intacct::{Client, DefinitionError, ErrorClass, Found, FoundState, WriteOutcome, WriteRequest};
use tieout_store::{StoreError, StoredPosting};

const ACTOR: &str = "post";

/// How this run behaves.
#[derive(Clone, Debug, Default)]
pub struct PostRules {
    /// Only these; empty means everything that is approved.
    pub only: BTreeSet<PostingId>,
    /// Wait for cool-downs of at most this long instead of leaving the doubt to the next run.
    pub wait_at_most: SignedDuration,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PostReport {
    pub posted: usize,
    /// In Intacct, waiting for an approval there.
    pub awaiting: usize,
    pub refused: usize,
    /// Outcome unknown: looked up again by the next run.
    pub unknown: usize,
    /// Facts changed since the approval: proposed again, nothing sent.
    pub changed: usize,
    /// Approved, but not sent: what they depend on is not posted, or Intacct would not listen.
    pub waiting: usize,
    /// Everything above but `posted`, one by one.
    pub unfinished: Vec<Unfinished>,
}

/// A posting this run did not bring into the ledger: why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    pub id: String,
    pub reference: String,
    pub why: String,
}

/// Settles every doubt first, then sends what is approved, in dependency order.
pub async fn post_approved(company: &Company, secrets: &Secrets, rules: PostRules) -> Result<PostReport, ServiceError> {
    post_watched(company, secrets, rules, &Unwatched).await
}

/// Asked to stop, it finishes the entry it is on: sent, answered and read back, or in doubt for the next run. What was not
/// begun stays approved.
pub async fn post_watched(
    company: &Company,
    secrets: &Secrets,
    rules: PostRules,
    watch: &dyn Watch,
) -> Result<PostReport, ServiceError> {
    let client = watch.unless_stopped(company.intacct(secrets)).await?;
    let cool_down = SignedDuration::from_secs(i64::from(company.connection()?.cool_down_seconds));
    let runner = Runner::new(company, &client, cool_down);
    let touched = runner.take_over_cut_off()?;
    let mut touched: BTreeSet<PostingId> = touched.into_iter().collect();
    let run = Box::pin(runner.run(&rules, &mut touched, watch)).await;
    company.heed(&run)?;
    run?;
    let mut report = PostReport::default();
    for it in company.store.read(|reader| reader.postings())? {
        let touched = touched.contains(&it.posting.id);
        match &it.posting.state {
            PostingState::Posted { .. } if touched => report.posted += 1,
            PostingState::AwaitingIntacct { .. } => report.awaiting += 1,
            PostingState::Refused { .. } if touched => report.refused += 1,
            PostingState::InDoubt { .. } | PostingState::Sending { .. } => report.unknown += 1,
            PostingState::Proposed if touched => report.changed += 1,
            PostingState::Approved { .. } => report.waiting += 1,
            _ => continue,
        }
        if let Some(why) = runner.why_unfinished(&it)? {
            let (id, reference) = (it.posting.id.0.clone(), it.posting.document.natural_key().to_string());
            report.unfinished.push(Unfinished { id, reference, why });
        }
    }
    Ok(report)
}

pub(crate) struct Runner<'a> {
    pub company: &'a Company,
    pub client: &'a Client,
    pub cool_down: SignedDuration,
    /// Transaction definitions that were found good in this run.
    definitions: Mutex<BTreeSet<String>>,
}

impl<'a> Runner<'a> {
    pub fn new(company: &'a Company, client: &'a Client, cool_down: SignedDuration) -> Runner<'a> {
        Runner { company, client, cool_down, definitions: Mutex::default() }
    }

    /// Ends early where Intacct would not listen: what is left stays approved.
    async fn run(
        &self,
        rules: &PostRules,
        touched: &mut BTreeSet<PostingId>,
        watch: &dyn Watch,
    ) -> Result<(), ServiceError> {
        self.settle_doubts(rules.wait_at_most, touched, watch).await?;
        for id in touched.iter() {
            self.tell(id, watch)?;
        }
        let (mut done, total) = (0, self.approved(&rules.only)?);
        watch.count("sending", done, total);
        loop {
            let ready = self.ready(touched, &rules.only)?;
            if ready.is_empty() {
                break;
            }
            for id in ready {
                if watch.is_stopped() || !self.is_heard() {
                    return Ok(());
                }
                touched.insert(id.clone());
                if self.send(&id).await? == Heard::Not {
                    return Ok(());
                }
                // A doubt is settled before the next one is sent where that costs no more waiting than allowed.
                self.settle_doubts(rules.wait_at_most, touched, watch).await?;
                done += 1;
                self.tell(&id, watch)?;
                watch.count("sending", done, total);
            }
        }
        if watch.is_stopped() || !self.is_heard() {
            return Ok(());
        }
        self.watch_intacct_approvals().await
    }

    fn is_heard(&self) -> bool {
        let url = self.company.connection().map(|it| it.intacct_url);
        url.is_ok_and(|url| self.company.refuse_in_pause("Intacct", &url).is_ok())
    }

    pub fn apply(
        &self,
        id: &PostingId,
        event: Event,
        note: Option<(&str, &str)>,
    ) -> Result<PostingState, ServiceError> {
        self.company.store.write(ACTOR, self.company.now(), |tx| {
            if let Some((what, text)) = note {
                tx.log_posting(id, what, text)?;
            }
            Ok::<_, ServiceError>(tx.apply_event(id, event)?)
        })
    }

    fn why_unfinished(&self, it: &StoredPosting) -> Result<Option<String>, ServiceError> {
        Ok(match &it.posting.state {
            PostingState::Refused { reason } => Some(format!("{reason}. {}", reason.remedy)),
            PostingState::AwaitingIntacct { record } => {
                Some(format!("record {record} waits for an approval in Intacct. Approve it there, then post again."))
            }
            PostingState::InDoubt { look_up_after, .. } => Some(format!(
                "no final answer came. Post again after {look_up_after:.0} to have it looked up; do not enter it by hand."
            )),
            PostingState::Proposed => {
                let log = self.company.store.read(|reader| reader.posting_log(&it.posting.id))?;
                let reason = log.last().map_or("a record it rests on changed", |entry| entry.text.as_str());
                Some(format!("{reason}; nothing was sent. Propose again, look at it, and approve it anew."))
            }
            PostingState::Approved { .. } => {
                let before = it.posting.after.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
                Some(format!("it follows {before}, which is not posted. Settle that first, then post again."))
            }
            _ => None,
        })
    }

    /// For what changes no state.
    pub fn note(&self, id: &PostingId, what: &str, text: &str) -> Result<(), ServiceError> {
        Ok(self.company.store.write(ACTOR, self.company.now(), |tx| tx.log_posting(id, what, text))?)
    }

    pub fn after_cool_down(&self) -> Timestamp {
        self.company.now() + self.cool_down
    }

    /// Postings that were being sent when an earlier run died: nobody knows whether the request arrived.
    fn take_over_cut_off(&self) -> Result<Vec<PostingId>, ServiceError> {
        let cut_off = self.company.store.read(|reader| reader.postings_in(&["sending"]))?;
        for it in &cut_off {
            let event = Event::NoAnswer { look_up_after: self.after_cool_down() };
            self.apply(&it.posting.id, event, Some(("no answer", "the program ended while it was being sent")))?;
        }
        Ok(cut_off.into_iter().map(|it| it.posting.id).collect())
    }

    async fn settle_doubts(
        &self,
        wait_at_most: SignedDuration,
        touched: &mut BTreeSet<PostingId>,
        watch: &dyn Watch,
    ) -> Result<(), ServiceError> {
        // A doubt only a person can settle does not keep the others waiting.
        let mut for_a_person: BTreeSet<PostingId> = BTreeSet::new();
        while self.is_heard() && !watch.is_stopped() {
            let in_doubt = self.company.store.read(|reader| reader.postings_in(&["in-doubt"]))?;
            let due = in_doubt.iter().filter_map(|it| match it.posting.state {
                PostingState::InDoubt { look_up_after, .. } if !for_a_person.contains(&it.posting.id) => {
                    Some((look_up_after, it))
                }
                _ => None,
            });
            let now = self.company.now();
            let Some((at, next)) =
                due.filter(|(at, _)| at.duration_since(now) <= wait_at_most).min_by_key(|(at, _)| *at)
            else {
                return Ok(());
            };
            if at > now {
                let wait = tokio::time::sleep(at.duration_since(now).unsigned_abs()).map(Ok::<_, ServiceError>);
                // Whoever stops it here leaves the doubt to the next run.
                if watch.unless_stopped(wait).await.is_err() {
                    return Ok(());
                }
            }
            touched.insert(next.posting.id.clone());
            if !self.look_up(next).await? {
                for_a_person.insert(next.posting.id.clone());
            }
        }
        Ok(())
    }

    /// Where this run leaves it.
    fn tell(&self, id: &PostingId, watch: &dyn Watch) -> Result<(), ServiceError> {
        if let Some(it) = self.company.store.read(|reader| reader.posting(id))? {
            watch.sent(&it);
        }
        Ok(())
    }

    /// How many there are to send.
    fn approved(&self, only: &BTreeSet<PostingId>) -> Result<u64, ServiceError> {
        let approved = self.company.store.read(|reader| reader.postings_in(&["approved"]))?;
        Ok(approved.iter().filter(|it| only.is_empty() || only.contains(&it.posting.id)).count() as u64)
    }

    /// One look-up by natural key. False: this posting stays in doubt and is a person's case now.
    async fn look_up(&self, it: &StoredPosting) -> Result<bool, ServiceError> {
        let id = &it.posting.id;
        let found = match self.client.find(&it.posting.document).await {
            Ok(found) => found,
            Err(error) => {
                let text = error.to_string();
                self.company
                    .store
                    .write(ACTOR, self.company.now(), |tx| tx.log_posting(id, "look-up failed", &text))?;
                return Ok(false);
            }
        };
        match &found[..] {
            [] => self.absent(it).await,
            [one] if one.differences.is_empty() => {
                self.believe(id, one, "looked up by its key")?;
                Ok(true)
            }
            several => {
                let text = several.iter().map(described).collect::<Vec<_>>().join("; ");
                self.company
                    .store
                    .write(ACTOR, self.company.now(), |tx| tx.log_posting(id, "found, not as approved", &text))?;
                Ok(false)
            }
        }
    }

    async fn absent(&self, it: &StoredPosting) -> Result<bool, ServiceError> {
        let id = &it.posting.id;
        let PostingState::InDoubt { key, attempt, absent, .. } = &it.posting.state else { return Ok(false) };
        if *absent < tieout_domain::lifecycle::ABSENT_LOOKUPS_BEFORE_RESEND {
            let event = Event::Absent { look_up_after: self.after_cool_down() };
            self.apply(id, event, Some(("looked up", "not in Intacct")))?;
            return Ok(true);
        }
        if *attempt >= tieout_domain::lifecycle::ATTEMPTS_MAX {
            return Ok(false);
        }
        let Some(request) = self.saved(key)? else { return Ok(false) };
        self.apply(
            id,
            Event::Saved { key: key.clone(), at: self.company.now() },
            Some(("sent again", "the same bytes, the same key")),
        )?;
        let outcome = self.client.resend(&request).await;
        Ok(self.judge(&it.posting, outcome).await? == Heard::Yes)
    }

    fn saved(&self, key: &IdempotencyKey) -> Result<Option<WriteRequest>, ServiceError> {
        let saved = self.company.store.read(|reader| reader.saved_request(key))?;
        Ok(saved.and_then(|it| serde_json::from_slice(&it.bytes).ok()))
    }

    /// The next approved posting whose predecessors are in the ledger.
    /// Approved, and all they follow is posted. What follows these is ready once they are.
    fn ready(&self, touched: &BTreeSet<PostingId>, only: &BTreeSet<PostingId>) -> Result<Vec<PostingId>, ServiceError> {
        let wanted = |id: &PostingId| !touched.contains(id) && (only.is_empty() || only.contains(id));
        self.company.store.read(|reader| {
            let mut ready = reader.postings_in(&["approved"])?;
            ready.retain(|it| wanted(&it.posting.id));
            let mut states: BTreeMap<PostingId, Option<PostingState>> = BTreeMap::new();
            for before in ready.iter().flat_map(|it| &it.posting.after) {
                if !states.contains_key(before) {
                    states.insert(before.clone(), reader.posting(before)?.map(|it| it.posting.state));
                }
            }
            let is_posted = |id: &PostingId| {
                matches!(states.get(id), Some(Some(PostingState::Posted { .. } | PostingState::Reversed { .. })))
            };
            ready.retain(|it| it.posting.after.iter().all(is_posted));
            Ok(ready.into_iter().map(|it| it.posting.id).collect())
        })
    }

    async fn send(&self, id: &PostingId) -> Result<Heard, ServiceError> {
        // Read anew: a person may have taken the approval back since the others were sent.
        let Some(it) = self.company.store.read(|reader| reader.posting(id))? else { return Ok(Heard::Yes) };
        let PostingState::Approved { approval } = &it.posting.state else { return Ok(Heard::Yes) };
        if self.facts_changed(&it.posting, &approval.content)? {
            self.apply(
                id,
                Event::FactsChanged,
                Some(("facts changed", "a record it rests on is other than it was approved")),
            )?;
            return Ok(Heard::Yes);
        }
        // A failed sign-in must not refuse a posting: nothing has been said yet.
        self.client.sign_in().await?;
        let request = match self.prepare(&it, approval.at).await {
            Ok(request) => request,
            Err(Hindrance::Definite(reason)) => return self.hold_back(id, &reason),
            Err(Hindrance::Closed(through)) => return self.period_closed(&it.posting, through),
            Err(Hindrance::Passing(error)) => return Err(error),
        };
        let bytes = serde_json::to_vec(&request).expect("a request is plain text");
        let begun = self.company.store.write(ACTOR, self.company.now(), |tx| {
            // A person may have taken the approval back, or held it, while it was prepared.
            let now = tx.posting(id)?.map(|it| it.posting.state);
            let stands = now.as_ref() == Some(&it.posting.state);
            if stands {
                tx.begin_sending(id, &request.key, &bytes, &approval.content)?;
            }
            Ok::<_, ServiceError>(stands)
        });
        match begun {
            // Turned away once, and what it links to in Intacct has changed since.
            Err(ServiceError::Store(StoreError::KeyReused { .. })) => {
                return self.hold_back(id, "what would be sent now is other than what was turned away under its key");
            }
            Ok(false) => return Ok(Heard::Yes),
            begun => begun?,
        };
        let outcome = self.client.send(&request).await;
        self.judge(&it.posting, outcome).await
    }

    /// Not sendable as it is: back to the person with the reason, nothing sent.
    fn hold_back(&self, id: &PostingId, reason: &str) -> Result<Heard, ServiceError> {
        self.apply(id, Event::FactsChanged, Some(("not sent", reason)))?;
        Ok(Heard::Yes)
    }

    /// Closed between approval and sending: never redated here, a person sees which period it is and decides.
    fn period_closed(&self, posting: &Posting, through: Date) -> Result<Heard, ServiceError> {
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
        self.company.store.write(ACTOR, self.company.now(), |tx| {
            tx.log_posting(id, "not sent", &exception.why_not)?;
            tx.apply_event(id, Event::FactsChanged)?;
            tx.raise_exception(&exception)
        })?;
        Ok(Heard::Yes)
    }

    fn facts_changed(&self, posting: &Posting, approved: &Fingerprint) -> Result<bool, ServiceError> {
        let records: Vec<_> = posting.facts.iter().map(|(record, _)| record.clone()).collect();
        let now = self.company.store.read(|reader| reader.versions(&records))?;
        let same = now.iter().zip(&posting.facts).all(|(now, (_, then))| now.version.unwrap_or(0) == *then);
        Ok(!same || posting.fingerprint() != *approved)
    }

    /// Everything fresh: books, links, exact bytes. The key is minted once per approval.
    async fn prepare(&self, it: &StoredPosting, approved_at: Timestamp) -> Result<WriteRequest, Hindrance> {
        let document = &it.posting.document;
        let books = self.client.books().await.map_err(|error| Hindrance::Passing(error.into()))?;
        self.company.remember_books(&books).map_err(Hindrance::Passing)?;
        if let Some(through) = books.closed_through
            && document.posts_to_the_ledger()
            && !books.is_open_on(document.on())
        {
            return Err(Hindrance::Closed(through));
        }
        if let Document::SalesOrder(order) = document {
            self.check_definition(&order.definition).await?;
        }
        let links = match self.client.resolve_links(document).await {
            Ok(links) => links,
            Err(tieout_intacct::LinkError::Read(error)) => return Err(Hindrance::Passing(error.into())),
            Err(error) => return Err(Hindrance::Definite(error.to_string())),
        };
        let key = key_of(&it.fingerprint, approved_at);
        tieout_intacct::build(document, &links, &key).map_err(|error| Hindrance::Definite(error.to_string()))
    }

    /// Before the first order of a definition: whatever brought it into the settings, unread it is not sent.
    async fn check_definition(&self, name: &str) -> Result<(), Hindrance> {
        let known =
            |names: &Mutex<BTreeSet<String>>| names.lock().unwrap_or_else(PoisonError::into_inner).contains(name);
        if known(&self.definitions) {
            return Ok(());
        }
        match self.client.check_definition(name).await {
            Ok(_) => {
                self.definitions.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
                Ok(())
            }
            Err(DefinitionError::Read(error)) => Err(Hindrance::Passing(error.into())),
            Err(refused) => Err(Hindrance::Definite(format!("{refused}. {}", refused.remedy()))),
        }
    }

    async fn judge(&self, posting: &Posting, outcome: WriteOutcome) -> Result<Heard, ServiceError> {
        let id = &posting.id;
        match outcome {
            WriteOutcome::Accepted { record } => self.verify(posting, &record).await?,
            WriteOutcome::Rejected(reason, class) => {
                let note = format!("{class:?}: {reason}");
                self.apply(id, Event::Rejected { reason: with_remedy(reason, class) }, Some(("reply", &note)))?;
            }
            WriteOutcome::TurnedAway { reason, pause } => {
                let until = match pause {
                    Some(pause) => self.company.pause(&self.company.connection()?.intacct_url, pause)?,
                    None => self.company.now(),
                };
                let event = match &posting.state {
                    PostingState::Approved { approval } => Event::TurnedAway { approval: approval.clone() },
                    _ => Event::NotResent { look_up_after: until.max(self.after_cool_down()) },
                };
                let note = format!("{reason}; nothing was done, not again before {until}");
                self.apply(id, event, Some(("turned away", &note)))?;
                return Ok(Heard::Not);
            }
            WriteOutcome::Unknown(why) => {
                let event = Event::NoAnswer { look_up_after: self.after_cool_down() };
                self.apply(id, event, Some(("no answer", &why)))?;
            }
        }
        Ok(Heard::Yes)
    }

    /// Accepted is not believed before the record was read back, field by field.
    async fn verify(&self, posting: &Posting, record: &IntacctRecordNo) -> Result<(), ServiceError> {
        match self.client.read_back(&posting.document, record).await {
            Ok(Some(found)) if found.differences.is_empty() => self.believe(&posting.id, &found, "read back"),
            other => {
                let text = match other {
                    Ok(Some(found)) => described(&found),
                    Ok(None) => format!("record {record} was accepted and is not there yet"),
                    Err(error) => format!("record {record} was accepted and could not be read back: {error}"),
                };
                let event = Event::NoAnswer { look_up_after: self.after_cool_down() };
                self.apply(&posting.id, event, Some(("accepted, not verified", &text)))?;
                Ok(())
            }
        }
    }

    pub fn believe(&self, id: &PostingId, found: &Found, how: &str) -> Result<(), ServiceError> {
        let record = found.record.clone();
        let event = match &found.state {
            FoundState::Posted => Event::Found { record: record.clone(), at: self.company.now() },
            FoundState::Reversed if id.0.starts_with("p-REV-") => {
                Event::Found { record: record.clone(), at: self.company.now() }
            }
            FoundState::Awaiting(_) | FoundState::Draft => Event::FoundAwaiting { record: record.clone() },
            FoundState::Reversed | FoundState::Unknown(_) => {
                let text = described(found);
                return Ok(self
                    .company
                    .store
                    .write(ACTOR, self.company.now(), |tx| tx.log_posting(id, "found, not as approved", &text))?);
            }
        };
        self.apply(id, event, Some((how, &format!("record {record}"))))?;
        self.mark_reversed(id)
    }

    /// A reversal in the ledger ends the posting it names.
    fn mark_reversed(&self, id: &PostingId) -> Result<(), ServiceError> {
        let Some(original) = id.0.strip_prefix("p-REV-") else { return Ok(()) };
        let original = PostingId(format!("p-{original}"));
        let found = self.company.store.read(|reader| reader.posting(&original))?;
        if found.is_some_and(|it| matches!(it.posting.state, PostingState::Posted { .. })) {
            self.apply(&original, Event::ReversalPosted { by: id.clone() }, None)?;
        }
        Ok(())
    }

    /// Entries that waited for an approval inside Intacct and are in the ledger by now.
    pub async fn watch_intacct_approvals(&self) -> Result<(), ServiceError> {
        for it in self.company.store.read(|reader| reader.postings_in(&["awaiting-intacct"]))? {
            let PostingState::AwaitingIntacct { record } = &it.posting.state else { continue };
            let found = self.client.read_back(&it.posting.document, record).await?;
            if found.is_some_and(|it| it.state == FoundState::Posted && it.differences.is_empty()) {
                self.apply(&it.posting.id, Event::ReadBackPosted { at: self.company.now() }, None)?;
            }
        }
        Ok(())
    }
}

/// The key of one approval: the same content approved again gets another.
pub(crate) fn key_of(fingerprint: &Fingerprint, approved_at: Timestamp) -> IdempotencyKey {
    IdempotencyKey(format!("tieout-{}-{}", &fingerprint.as_str()[..24], approved_at.as_millisecond()))
}

/// Whether Intacct listens: when it does not, the run ends and nothing more is asked or sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    Yes,
    Not,
}

enum Hindrance {
    /// The facts in Intacct moved on: a person looks again.
    Definite(String),
    /// Its period was closed through this day since the approval.
    Closed(Date),
    /// The network or the service: the run stops, nothing changed.
    Passing(ServiceError),
}

fn with_remedy(mut reason: IntacctError, class: ErrorClass) -> IntacctError {
    if reason.remedy.is_empty() {
        reason.remedy = match class {
            ErrorClass::ClosedPeriod => {
                "Reopen the period in Intacct or choose a later posting date, then approve again."
            }
            _ => "Read Intacct's reason, correct it, and approve again.",
        }
        .to_owned();
    }
    reason
}

pub(crate) fn described(found: &Found) -> String {
    let differences =
        found.differences.iter().map(|it| format!("{}: approved {:?}, found {:?}", it.field, it.expected, it.found));
    format!("record {} ({:?}) {}", found.record, found.state, differences.collect::<Vec<_>>().join(", "))
}
