//! Sending a write, once, and reading the answer with suspicion: only a definite yes or a definite no is one.
//! Everything else is silence, and silence is looked up by natural key (reference/intacct.md 1.6).

use crate::client::Client;
use crate::error::{Error, TransportError};
use crate::failure::{ErrorClass, Failure, Level};
use crate::reply::{Outcome, Reply};
use crate::transport::Purpose;
use crate::write::WriteRequest;
use std::time::Duration;
use tieout_domain::{IntacctError, IntacctRecordNo};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// Intacct says it made the record. The posting still reads it back before believing it.
    Accepted { record: IntacctRecordNo },
    /// Nothing was executed. The class says whether another try, another sign-in or another content is needed.
    Rejected(IntacctError, ErrorClass),
    /// The gateway would not listen: nothing was done, and the very same may go later. `pause` is how long it wants to be
    /// left alone; `None` where it was not even reached.
    TurnedAway { reason: IntacctError, pause: Option<Duration> },
    /// It may have happened, or may yet. The text is why we do not know.
    Unknown(String),
}

impl Client {
    /// First time these bytes are sent.
    pub async fn send(&self, request: &WriteRequest) -> WriteOutcome {
        self.send_as(request, false).await
    }

    /// The same bytes once more, after two look-ups found nothing. What this controlid meets may be the
    /// uniqueness check, whose words nobody has documented: no refusal of the function is believed.
    pub async fn resend(&self, request: &WriteRequest) -> WriteOutcome {
        self.send_as(request, true).await
    }

    async fn send_as(&self, request: &WriteRequest, again: bool) -> WriteOutcome {
        // Without a session nothing leaves: a failed sign-in is a definite no.
        if let Err(error) = self.sign_in().await {
            return match error.class() {
                ErrorClass::OutcomeUnknown | ErrorClass::Transient => turned_away(&error),
                class => WriteOutcome::Rejected(error.to_domain(), class),
            };
        }
        let judged = |reply: Reply<'_>| judge(request, reply.outcome, again);
        match self.exchange(Purpose::Write, &request.key.0, &request.function, judged).await {
            Ok(outcome) => outcome,
            Err(error) => judge_error(error, again),
        }
    }
}

fn judge(request: &WriteRequest, outcome: Outcome<'_>, again: bool) -> WriteOutcome {
    match outcome {
        Outcome::Done { data, key } => {
            let made = data.as_ref().and_then(|it| it.children.first());
            let number = key.or_else(|| made.and_then(|it| it.text_of("RECORDNO")).map(str::to_owned));
            match number.map(IntacctRecordNo).or_else(|| request.about.clone()) {
                Some(record) => WriteOutcome::Accepted { record },
                None => WriteOutcome::Unknown("Intacct accepted it without naming the record".into()),
            }
        }
        Outcome::Failed { failure, partly: true } => {
            WriteOutcome::Unknown(format!("{failure}, but names a record it made"))
        }
        Outcome::Failed { failure, .. } if again => {
            WriteOutcome::Unknown(format!("{failure}; the key had been sent before"))
        }
        Outcome::Failed { failure, .. } => judge_failure(&failure),
    }
}

/// The function was reached, and refused.
fn judge_failure(failure: &Failure) -> WriteOutcome {
    match failure.class() {
        _ if speaks_of_a_repetition(failure) => WriteOutcome::Unknown(failure.to_string()),
        // "Exists already" may be our own record; "temporarily off-line" inside a function may be half done.
        ErrorClass::Duplicate | ErrorClass::OutcomeUnknown | ErrorClass::Transient => {
            WriteOutcome::Unknown(failure.to_string())
        }
        class @ (ErrorClass::Permanent | ErrorClass::Auth | ErrorClass::ClosedPeriod | ErrorClass::Business) => {
            WriteOutcome::Rejected(failure.to_domain(), class)
        }
    }
}

// UNVERIFIED: what the gateway says to a controlid it has executed before; these words are a guess, and only
// ever turn a no into a question.
fn speaks_of_a_repetition(failure: &Failure) -> bool {
    failure.rows.iter().any(|row| {
        let text = format!("{} {} {}", row.errorno, row.description, row.description2).to_lowercase();
        ["controlid", "control id", "uniqueid", "unique id", "replay", "already", "previously", "duplicate"]
            .iter()
            .any(|word| text.contains(word))
    })
}

fn judge_error(error: Error, again: bool) -> WriteOutcome {
    let rejected = |class| WriteOutcome::Rejected(error.to_domain(), class);
    match &error {
        // The request as a whole was turned away at the door.
        Error::Refused(failure, _) => match (failure.level, failure.class()) {
            (_, ErrorClass::OutcomeUnknown) => WriteOutcome::Unknown(error.to_string()),
            (Level::Result, _) if again => WriteOutcome::Unknown(error.to_string()),
            (_, ErrorClass::Transient) => turned_away(&error),
            (_, class) => rejected(class),
        },
        Error::Http { status: 429, .. } | Error::Transport(TransportError::Connect(_) | TransportError::NotSafe(_)) => {
            turned_away(&error)
        }
        Error::Config(_) => rejected(ErrorClass::Permanent),
        Error::Transport(_)
        | Error::Http { .. }
        | Error::Xml(_)
        | Error::Unexpected(_)
        | Error::Incomplete { .. }
        | Error::MissingField { .. }
        | Error::NoPlaceForKey { .. } => WriteOutcome::Unknown(error.to_string()),
    }
}

fn turned_away(error: &Error) -> WriteOutcome {
    WriteOutcome::TurnedAway { reason: error.to_domain(), pause: error.pause() }
}
