//! Named points at which a test may have the power cut: `TIEOUT_CUT=after-send:3` ends the program, without another word
//! to the disk, when the third request has been answered and nothing about it is stored yet. Released programs have none.

#[cfg(debug_assertions)]
pub(crate) fn here(side: &str, effect: &str) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let Ok(wanted) = std::env::var("TIEOUT_CUT") else { return };
    let (point, nth) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if point.split_once('-') == Some((side, effect))
        && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == nth.parse().unwrap_or(1)
    {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn here(_side: &str, _effect: &str) {}
