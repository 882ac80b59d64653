//! One look at a posting whose outcome is unknown. Nothing is ever sent from here.

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::post::{Runner, described};
use jiff::SignedDuration;
use tieout_domain::{Event, IntacctRecordNo, PostingId, PostingState};
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
    let cool_down = SignedDuration::from_secs(i64::from(company.connection()?.cool_down_seconds));
    let runner = Runner::new(company, &client, cool_down);
    let id = &it.posting.id;
    if let PostingState::Sending { .. } = &it.posting.state {
        let event = Event::NoAnswer { look_up_after: runner.after_cool_down() };
        runner.apply(id, event, Some(("no answer", "the program ended while it was being sent")))?;
    }
    let found = client.find(&it.posting.document).await?;
    match &found[..] {
        [] => {
            let state = company.store.read(|reader| reader.posting(id))?.map(|it| it.posting.state);
            match state {
                Some(PostingState::InDoubt { look_up_after, .. }) if look_up_after <= company.now() => {
                    let event = Event::Absent { look_up_after: runner.after_cool_down() };
                    runner.apply(id, event, Some(("looked up", "not in Intacct")))?;
                }
                _ => runner.note(id, "looked up", "not in Intacct, before the cool-down ended: proves nothing yet")?,
            }
            Ok(Checked::Absent)
        }
        [one] if one.differences.is_empty() => {
            runner.believe(id, one, "looked up by its key")?;
            outcome(company, id, &described(one))
        }
        several => {
            let text = several.iter().map(described).collect::<Vec<_>>().join("; ");
            runner.note(id, "found, not as approved", &text)?;
            Ok(Checked::Different { found: text })
        }
    }
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
    let cool_down = SignedDuration::from_secs(i64::from(company.connection()?.cool_down_seconds));
    let runner = Runner::new(company, &client, cool_down);
    let id = &it.posting.id;
    match client.read_back(&it.posting.document, &IntacctRecordNo(record.to_owned())).await? {
        None => {
            runner.note(id, "read back", &format!("there is no record {record}"))?;
            Ok(Checked::Absent)
        }
        Some(found) if found.differences.is_empty() => {
            runner.believe(id, &found, "read back, named by a person")?;
            outcome(company, id, &described(&found))
        }
        Some(found) => {
            let text = described(&found);
            runner.note(id, "found, not as approved", &text)?;
            Ok(Checked::Different { found: text })
        }
    }
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

fn outcome(company: &Company, id: &PostingId, described: &str) -> Result<Checked, ServiceError> {
    let state = company.store.read(|reader| reader.posting(id))?.map(|it| it.posting.state);
    Ok(match state {
        Some(PostingState::Posted { record, .. }) => Checked::Found { record: record.0 },
        Some(PostingState::AwaitingIntacct { record }) => Checked::Awaiting { record: record.0 },
        _ => Checked::Different { found: described.to_owned() },
    })
}
