//! Words of a store on their way into a document.

/// UNVERIFIED: how much Intacct's descriptions take. What is longer would be refused, or cut there and then never found
/// to be as approved; so it is cut here, where a person sees it before approving.
const LETTERS_MAX: usize = 400;

pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(LETTERS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_cut_and_no_letter_in_two() {
        let fits = "ö".repeat(LETTERS_MAX);
        assert_eq!(shortened(&fits), fits);
        assert_eq!(shortened(&format!("{fits}!")), format!("{fits}..."));
    }
}
