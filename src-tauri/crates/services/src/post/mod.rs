//! Posting: everything that is approved is carried into Intacct, once and only once.
//!
//! What to do next is decided by `tieout-poster`, from what is on disk and what just happened. Here are its hands (`hands`)
//! and the loop that asks and does (`carry`); neither decides anything about a posting.

mod carry;
pub(crate) mod cut;
mod hands;
mod report;
mod words;

pub(crate) use hands::{Hands, key_of};
pub use report::{PostReport, Unfinished};

use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::watch::{Unwatched, Watch};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use tieout_domain::PostingId;
use tieout_poster::{Rules, Run};

/// How this run behaves.
#[derive(Clone, Debug, Default)]
pub struct PostRules {
    /// Only these; empty means everything that is approved.
    pub only: BTreeSet<PostingId>,
    /// Wait for cool-downs of at most this long instead of leaving the doubt to the next run.
    pub wait_at_most: SignedDuration,
}

/// Settles every doubt whose time has come, and sends what is approved, in dependency order.
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
    let hands = Hands::new(company, &client)?;
    let mut run = Run::new(Rules { only: rules.only, wait_at_most: rules.wait_at_most });
    let result = Box::pin(carry::all(&hands, &mut run, watch)).await;
    company.heed(&result)?;
    result?;
    report::of(company, &run)
}

/// Entries that waited for an approval inside Intacct and may be in the ledger by now.
pub(crate) async fn approved_in_intacct(
    company: &Company,
    client: &tieout_intacct::Client,
) -> Result<(), ServiceError> {
    carry::approved_in_intacct(&Hands::new(company, client)?).await
}
