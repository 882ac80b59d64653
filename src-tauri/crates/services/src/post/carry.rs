//! Asks the protocol what is next, has it done, and tells it what came of it, until nothing is left to do now.

use super::cut;
use super::hands::Hands;
use crate::error::ServiceError;
use crate::watch::Watch;
use futures::FutureExt;
use tieout_domain::{PostingId, PostingState};
use tieout_poster::{End, Move, Next, Run, advance, begin};

/// Ends early where Intacct does not listen or a person stops it: what is left stays as it is on disk.
pub(super) async fn all(hands: &Hands<'_>, run: &mut Run, watch: &dyn Watch) -> Result<(), ServiceError> {
    run.see(hands.waiting()?);
    let (mut done, total) = (0, run.to_send() as u64);
    watch.count("sending", done, total);
    loop {
        if watch.is_stopped() || !hands.is_heard() {
            return Ok(());
        }
        match run.next(hands.clock().now) {
            Next::Carry(id) => {
                let was_to_send = run.to_send();
                let end = Box::pin(one(hands, &id)).await?;
                let Some(now) = hands.posting(&id)? else { continue };
                run.carried(&id, now.posting.state.clone(), end);
                watch.sent(&now);
                done += (was_to_send - run.to_send()) as u64;
                watch.count("sending", done, total);
                if end == End::NotHeard {
                    return Ok(());
                }
            }
            Next::Wait(until) => {
                // Whoever stops it here leaves the doubt to the next run.
                if watch.unless_stopped(hands.wait_until(until).map(Ok)).await.is_err() {
                    return Ok(());
                }
            }
            Next::Nothing => {
                // A person may have approved more meanwhile.
                run.see(hands.waiting()?);
                if run.next(hands.clock().now) == Next::Nothing {
                    break;
                }
            }
        }
    }
    approved_in_intacct(hands).await
}

/// As far as it goes now.
pub(super) async fn one(hands: &Hands<'_>, id: &PostingId) -> Result<End, ServiceError> {
    // Read anew: a person may have taken the approval back since the list was read.
    let Some(it) = hands.posting(id)? else { return Ok(End::Settled) };
    let Some((mut stage, mut effect)) = begin(&it.posting.state, hands.clock()) else { return Ok(End::Settled) };
    loop {
        let name = effect.name();
        cut::here("before", name);
        let happened = hands.perform(&it, effect).await?;
        cut::here("after", name);
        match advance(stage, happened, hands.clock()).expect("the hands do what they are asked and say what came of it")
        {
            Move::End(end) => return Ok(end),
            Move::Do(next, wanted) => (stage, effect) = (next, wanted),
        }
    }
}

/// Entries that waited for an approval inside Intacct and may be in the ledger by now.
pub(super) async fn approved_in_intacct(hands: &Hands<'_>) -> Result<(), ServiceError> {
    for it in hands.company.store.read(|reader| reader.postings_in(&["awaiting-intacct"]))? {
        if matches!(it.posting.state, PostingState::AwaitingIntacct { .. }) {
            Box::pin(one(hands, &it.posting.id)).await?;
        }
    }
    Ok(())
}
