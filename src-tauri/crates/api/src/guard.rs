//! A panic in one answer is that answer's failure: the window is told in words, and every other answer goes on.

use crate::problem;
use crate::views::Problem;
use futures::FutureExt;
use jiff::Timestamp;
use std::panic::AssertUnwindSafe;
use tieout_services::ServiceError;

/// The work, or a `Problem` where it panicked. What it shares is behind locks that are taken over when poisoned, and on disk a
/// change is whole or not there.
pub async fn guarded<R>(
    work: impl Future<Output = Result<R, Problem>>,
    at: impl Fn() -> Timestamp,
) -> Result<R, Problem> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| Err(problem::of(&ServiceError::Broken, at())))
}

/// The same for a job's work.
pub(crate) async fn whole_or_broken<R>(work: impl Future<Output = Result<R, ServiceError>>) -> Result<R, ServiceError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or(Err(ServiceError::Broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_that_says_what_stands_and_what_to_do() {
        let failing = async { panic!("a bug") };
        let problem = guarded::<()>(failing, || Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert_eq!(problem.code, "TO-0003");
        assert!(problem.title.contains("what was stored before it stands"), "{}", problem.title);
        assert!(problem.remedy.contains("Do it again") && problem.retry);
    }
}
