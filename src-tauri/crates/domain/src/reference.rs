//! How one reference is written in many ways: `10482`, `#0010482`, `INV-10482`, `order 10482 thanks`.

/// The shortest run of digits taken as a reference; shorter ones are quantities, years' ends, suite numbers.
const DIGITS_MIN: usize = 4;

/// Letters and digits only, upper case, leading zeros of an all-digit text dropped.
pub fn normalised(text: &str) -> String {
    let plain: String = text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if !plain.is_empty() && plain.bytes().all(|it| it.is_ascii_digit()) {
        plain.trim_start_matches('0').to_owned()
    } else {
        plain
    }
}

/// Runs of digits without leading zeros, and whole words that mix letters and digits: what an order number
/// or a gateway id can be found by. Sorted, each once.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|it: char| !(it.is_alphanumeric() || it == '_')) {
        if word.is_empty() {
            continue;
        }
        for run in word.split(|it: char| !it.is_ascii_digit()) {
            let digits = run.trim_start_matches('0');
            if digits.len() >= DIGITS_MIN {
                found.push(digits.to_owned());
            }
        }
        if word.len() >= DIGITS_MIN
            && word.bytes().any(|it| it.is_ascii_digit())
            && !word.bytes().all(|it| it.is_ascii_digit())
        {
            found.push(word.to_uppercase());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// `short` is `long` cut at either end, with enough left to mean something.
pub fn is_cut(long: &str, short: &str) -> bool {
    short.len() >= DIGITS_MIN && short.len() < long.len() && (long.starts_with(short) || long.ends_with(short))
}

/// The text names this order: a run of digits (or the whole text) is its number.
pub fn names(text: &str, order_number: &str) -> bool {
    let key = normalised(order_number);
    !key.is_empty() && (normalised(text) == key || tokens(text).contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_found_however_it_is_written() {
        for text in ["10482", "#0010482", "INV-10482", "Order 10482, thank you", "XC10482", "payment/10482/2"] {
            assert!(tokens(text).contains(&"10482".to_owned()), "{text}: {:?}", tokens(text));
        }
        assert!(tokens("suite 12").is_empty());
        assert!(tokens("ch_3Nabc99").contains(&"CH_3NABC99".to_owned()));
    }
}
