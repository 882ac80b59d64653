//! What Intacct's client says, in the poster's words.

use tieout_domain::{Document, IntacctError};
use tieout_intacct::{ErrorClass, Found, FoundState};
use tieout_poster::{Sighting, Standing};

pub(super) fn sighting(document: &Document, found: &Found) -> Sighting {
    let standing = match (&found.state, document) {
        (FoundState::Posted, _) | (FoundState::Reversed, Document::ReceiptReversal(_)) => Standing::Posted,
        (FoundState::Awaiting(_) | FoundState::Draft, _) => Standing::Awaiting,
        (FoundState::Reversed | FoundState::Unknown(_), _) => Standing::Other,
    };
    Sighting { record: found.record.clone(), standing, is_same: found.differences.is_empty(), words: described(found) }
}

fn described(found: &Found) -> String {
    let state = match &found.state {
        FoundState::Posted => String::new(),
        other => format!(" ({other:?})"),
    };
    let differences =
        found.differences.iter().map(|it| format!("{}: approved {:?}, found {:?}", it.field, it.expected, it.found));
    let differences = differences.collect::<Vec<_>>().join(", ");
    [format!("record {}{state}", found.record), differences].join(" ").trim_end().to_owned()
}

pub(super) fn with_remedy(mut reason: IntacctError, class: ErrorClass) -> IntacctError {
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
