//! Reading references as `tieout_domain::reference` does, and forgiving one slip of the pen.

pub use tieout_domain::reference::{is_cut, names, normalised, tokens};

const LENGTH_MIN: usize = 4;

/// One character replaced, left out, doubled, or two neighbours swapped.
pub fn is_one_keystroke(left: &str, right: &str) -> bool {
    left.len() >= LENGTH_MIN && left != right && rapidfuzz::distance::osa::distance(left.chars(), right.chars()) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_keystroke_is_one_keystroke() {
        assert!(is_one_keystroke("10482", "10428"));
        assert!(is_one_keystroke("10482", "10483"));
        assert!(!is_one_keystroke("10482", "10593"));
        assert!(is_cut("100482", "10048"));
        assert!(!is_cut("10482", "482"));
    }
}
