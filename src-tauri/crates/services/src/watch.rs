//! How a long step tells how far it is, and how a person stops it.
//!
//! A step is stopped only where nothing is half done: between two requests of a reading, between two entries of a
//! posting, before the one transaction that keeps what was found. It then ends with [`ServiceError::Stopped`].

use crate::error::ServiceError;
use crate::pull::Progress;
use futures::future::{Either, select};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use tieout_store::StoredPosting;
use tokio::sync::watch;

/// Asked once, by a person; heard wherever the step looks, and by whatever it waits for.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Stop {
        Stop(Arc::new(watch::channel(false).0))
    }
}

impl Stop {
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when a person asks; never, if nobody does.
    pub async fn asked(&self) {
        // The sender is in `self`, so it cannot be gone.
        drop(self.0.subscribe().wait_for(|asked| *asked).await);
    }
}

/// Whoever watches a step. A closure over [`Progress`] watches one that nobody stops.
pub trait Watch: Sync {
    /// So many of a kind are read and kept.
    fn tell(&self, it: Progress);

    /// The step knows how much there is to do.
    fn count(&self, _what: &str, _done: u64, _total: u64) {}

    /// An entry has come to where this run leaves it.
    fn sent(&self, _it: &StoredPosting) {}

    fn stop(&self) -> Option<&Stop> {
        None
    }
}

impl<F: Fn(Progress) + Sync> Watch for F {
    fn tell(&self, it: Progress) {
        self(it);
    }
}

/// Nobody looks and nobody stops it.
pub(crate) struct Unwatched;

impl Watch for Unwatched {
    fn tell(&self, _it: Progress) {}
}

impl dyn Watch + '_ {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop().is_some_and(Stop::is_asked)
    }

    /// An error where the step is to end.
    pub(crate) fn go_on(&self) -> Result<(), ServiceError> {
        if self.is_stopped() { Err(ServiceError::Stopped) } else { Ok(()) }
    }

    /// The work, or its end where it waits when a person asks. Writes are never waited for, so none is cut in two.
    pub(crate) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, ServiceError> {
        let Some(stop) = self.stop() else { return work.await };
        match select(pin!(work), pin!(stop.asked())).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(ServiceError::Stopped),
        }
    }
}
