//! One look at a posting whose outcome is unknown. Nothing is ever sent from here.

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::post::Hands;
use tieout_domain::lifecycle::is_exhausted;
use tieout_domain::{Event, IntacctRecordNo, PostingId, PostingState, UserId};
use tieout_poster::{Note, Sighting, believable, words};
use tieout_store::StoredPosting;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// In Intacct, field by field what was approved.
    Found {
        record: String,
    },
    /// In Intacct, waiting for an approval there.
    Awaiting {
        record: String,
    },
    Absent,
    /// Something carries its key and is not what was approved: a person decides.
    Different {
        found: String,
    },
}

/// Looks the posting up by its natural key. Absence counts only after the cool-down: before, it may still arrive.
pub async fn check_status(company: &Company, secrets: &Secrets, id: &str) -> Result<Checked, ServiceError> {
    let it = unsettled(company, id)?;
    let client = company.intacct(secrets).await?;
    let hands = Hands::new(company, &client)?;
    let id = &it.posting.id;
    if let PostingState::Sending { .. } = &it.posting.state {
        let event = Event::NoAnswer { look_up_after: hands.clock().after_cool_down() };
        hands.record(id, event, &note("no answer", "the program ended while it was being sent"))?;
    }
    let seen = hands.look_up(&it.posting.document).await?;
    if !seen.is_empty() {
        return judge(&hands, id, &seen, "looked up by its key");
    }
    match hands.posting(id)?.map(|it| it.posting.state) {
        Some(PostingState::InDoubt { look_up_after, .. }) if look_up_after <= company.now() => {
            let event = Event::Absent { look_up_after: hands.clock().after_cool_down() };
            hands.record(id, event, &note("looked up", "not in Intacct"))?;
        }
        _ => hands.tell(id, &note("looked up", "not in Intacct, before the cool-down ended: proves nothing yet"))?,
    }
    Ok(Checked::Absent)
}

/// A person read a record number in Intacct: it is read back, and believed only when it is what was approved.
pub async fn settle_found(
    company: &Company,
    secrets: &Secrets,
    id: &str,
    record: &str,
) -> Result<Checked, ServiceError> {
    let it = unsettled(company, id)?;
    let client = company.intacct(secrets).await?;
    let hands = Hands::new(company, &client)?;
    let id = &it.posting.id;
    let seen = hands.read_back(&it.posting.document, &IntacctRecordNo(record.to_owned())).await?;
    if seen.is_empty() {
        hands.tell(id, &note("read back", &format!("there is no record {record}")))?;
        return Ok(Checked::Absent);
    }
    judge(&hands, id, &seen, "read back, named by a person")
}

/// A person says it is not in Intacct. One last look, and where nothing is found it goes back to be approved anew; only
/// after both attempts and every look-up.
pub async fn give_up(
    company: &Company,
    secrets: &Secrets,
    id: &str,
    by: &str,
    reason: &str,
) -> Result<Checked, ServiceError> {
    let it = unsettled(company, id)?;
    let exhausted = match it.posting.state {
        PostingState::InDoubt { attempt, absent, .. } => is_exhausted(attempt, absent),
        _ => false,
    };
    if !exhausted {
        let why = "it is still looked up, and may be sent once more, by itself; only after that can it be given up";
        return Err(ServiceError::NotApprovable { id: it.posting.id, why: why.into() });
    }
    let client = company.intacct(secrets).await?;
    let hands = Hands::new(company, &client)?;
    let id = &it.posting.id;
    let seen = hands.look_up(&it.posting.document).await?;
    if !seen.is_empty() {
        return judge(&hands, id, &seen, "looked up by its key");
    }
    let event = Event::GivenUp { by: UserId(by.to_owned()), reason: reason.to_owned() };
    hands.record(id, event, &note("given up", &format!("{by}: {reason}; a last look-up found nothing")))?;
    Ok(Checked::Absent)
}

fn judge(hands: &Hands<'_>, id: &PostingId, seen: &[Sighting], how: &'static str) -> Result<Checked, ServiceError> {
    let found = words(seen);
    let Some(event) = believable(seen, hands.clock()) else {
        hands.tell(id, &note("found, not as approved", &found))?;
        return Ok(Checked::Different { found });
    };
    Ok(match hands.record(id, event, &note(how, &found))? {
        PostingState::Posted { record, .. } => Checked::Found { record: record.0 },
        PostingState::AwaitingIntacct { record } => Checked::Awaiting { record: record.0 },
        _ => Checked::Different { found },
    })
}

fn note(what: &'static str, text: &str) -> Note {
    Note { what, text: text.to_owned() }
}

fn unsettled(company: &Company, id: &str) -> Result<StoredPosting, ServiceError> {
    let id = PostingId(id.to_owned());
    let not = |why: String| ServiceError::NotApprovable { id: id.clone(), why };
    let found = company.store.read(|reader| reader.posting(&id))?;
    let found = found.ok_or_else(|| not("there is no such posting".into()))?;
    match &found.posting.state {
        PostingState::Sending { .. } | PostingState::InDoubt { .. } => Ok(found),
        other => Err(not(format!("it is {}, its outcome is known", other.as_str()))),
    }
}
