//! What a person decided where the facts allow more than one entry: kept as decisions, so that each can be undone, and
//! read again by every planning run.

use crate::company::Company;
use crate::error::ServiceError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tieout_domain::{PaymentEvent, RecordRef};
use tieout_planning::{Choice, payment_key};
use tieout_store::NewDecision;

const KEEP_PARTIAL: &str = "keep-partial";
const WRITE_OFF_SHORT: &str = "write-off-short";
const POST_ON: &str = "post-on";

/// What a choice is about: the natural key the posting has or will have, and the day where it names one.
#[derive(Serialize, Deserialize)]
struct Subject {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<jiff::civil::Date>,
}

/// Stores a choice; the next `propose` goes by it. The newest one for a key counts.
pub fn choose(company: &Company, by: &str, natural_key: &str, choice: &Choice) -> Result<(), ServiceError> {
    let (kind, title, on) = match choice {
        Choice::KeepPartial => (KEEP_PARTIAL, format!("{natural_key}: the rest stays open"), None),
        Choice::WriteOffShort => (WRITE_OFF_SHORT, format!("{natural_key}: the rest goes to bank charges"), None),
        Choice::PostOn(day) => (POST_ON, format!("{natural_key}: posted on {day}"), Some(*day)),
    };
    let subject = Subject { key: natural_key.to_owned(), on };
    let subject = serde_json::to_string(&subject).expect("a key and a day are plain text");
    company.store.write(by, company.now(), |tx| {
        tx.decide(&NewDecision { kind, title: &title, subject: &subject, reason: "" }).map(|_| ())
    })?;
    Ok(())
}

/// The same about a payment, as an exception names it.
pub fn choose_about(company: &Company, by: &str, payment: &RecordRef, choice: &Choice) -> Result<(), ServiceError> {
    let found = company.store.read(|reader| reader.get::<PaymentEvent>(payment))?;
    let found = found.ok_or_else(|| ServiceError::BadInput {
        field: "payment",
        value: payment.to_string(),
        why: "no payment of that name has been pulled".into(),
    })?;
    choose(company, by, &payment_key(&found.value), choice)
}

/// Every choice that stands, by natural key.
pub(crate) fn chosen(company: &Company) -> Result<BTreeMap<String, Choice>, ServiceError> {
    let mut standing = company.store.read(|reader| {
        let mut all = Vec::new();
        for kind in [KEEP_PARTIAL, WRITE_OFF_SHORT, POST_ON] {
            all.extend(reader.decisions(kind)?);
        }
        Ok::<_, tieout_store::StoreError>(all)
    })?;
    standing.sort_by_key(|it| it.id);
    Ok(standing.into_iter().filter_map(|it| read(&it.kind, &it.subject)).collect())
}

fn read(kind: &str, subject: &str) -> Option<(String, Choice)> {
    let Subject { key, on } = serde_json::from_str(subject).ok()?;
    let choice = match kind {
        KEEP_PARTIAL => Choice::KeepPartial,
        WRITE_OFF_SHORT => Choice::WriteOffShort,
        POST_ON => Choice::PostOn(on?),
        _ => return None,
    };
    Some((key, choice))
}
