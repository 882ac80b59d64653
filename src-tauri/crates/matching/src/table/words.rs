//! Words, runs of digits and hashes of them: what a reference is found by, however it is written.

/// A run of fewer digits is a quantity or a suite number.
pub const DIGITS_MIN: usize = 3;

/// A gateway's own id is longer than this or says nothing.
pub const CODE_MIN: usize = 6;

/// Multiply and rotate; good enough for keys that no one chooses against us, and the exact texts decide in the end.
pub fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let mut state: u64 = 0x51_7c_c1_b7_27_22_0a_95;
    for byte in bytes {
        state = (state.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (state ^ (state >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93) | 1
}

/// The first eight bytes as a number that sorts as they do.
pub fn prefix(text: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(text) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}

/// Lower case, blanks aside; 0 for nothing.
pub fn folded_hash(text: &[u8]) -> u64 {
    let text = text.trim_ascii();
    if text.is_empty() { 0 } else { hash(text.iter().map(u8::to_ascii_lowercase)) }
}

/// A number by its digits without leading zeros; long ones by their hash. `None` where too short to mean anything.
pub fn number(digits: &[u8]) -> Option<u64> {
    const EXACT_MAX: usize = 18;
    let plain = &digits[digits.iter().take_while(|it| **it == b'0').count()..];
    if plain.len() < DIGITS_MIN {
        return None;
    }
    if plain.len() > EXACT_MAX {
        return Some(hash(plain.iter().copied()) | 1 << 63);
    }
    Some(plain.iter().fold(0, |sum, it| sum * 10 + u64::from(it - b'0')))
}

/// Runs of ASCII letters and digits.
pub fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|it| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty())
}

pub fn digit_runs(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    word.split(|it| !it.is_ascii_digit()).filter(|it| !it.is_empty())
}

/// What an order number is found by: its last run of digits that is long enough.
pub fn order_key(text: &[u8]) -> Option<u64> {
    digit_runs_of(text).filter_map(number).last()
}

pub fn digit_runs_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|it| !it.is_ascii_digit()).filter(|it| !it.is_empty())
}

/// The longest word of a gateway's id that has a digit in it, upper case.
pub fn code_key(text: &[u8]) -> Option<u64> {
    let longest = words(text).filter(|it| is_code(it)).max_by_key(|it| it.len())?;
    Some(code_hash(longest))
}

pub fn code_word(text: &[u8]) -> &[u8] {
    words(text).filter(|it| is_code(it)).max_by_key(|it| it.len()).unwrap_or(b"")
}

pub fn is_code(word: &[u8]) -> bool {
    word.len() >= CODE_MIN && word.iter().any(u8::is_ascii_digit)
}

pub fn code_hash(word: &[u8]) -> u64 {
    hash(word.iter().map(u8::to_ascii_uppercase))
}

/// One character replaced, missing, doubled, or two neighbours swapped.
pub fn one_keystroke(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let same = long.iter().zip(short).take_while(|(x, y)| x.eq_ignore_ascii_case(y)).count();
    let (l, s) = (&long[same..], &short[same..]);
    match long.len() - short.len() {
        0 => {
            !l.is_empty()
                && (l[1..].eq_ignore_ascii_case(&s[1..])
                    || (l.len() >= 2
                        && l[0].eq_ignore_ascii_case(&s[1])
                        && l[1].eq_ignore_ascii_case(&s[0])
                        && l[2..].eq_ignore_ascii_case(&s[2..])))
        }
        1 => l[1..].eq_ignore_ascii_case(s),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_has_one_key_however_it_is_written() {
        for text in ["10482", "#0010482", "INV-10482", "2026-0010482", "XC10482"] {
            assert_eq!(order_key(text.as_bytes()), Some(10_482), "{text}");
        }
        assert_eq!(order_key(b"suite 12"), None);
    }

    #[test]
    fn one_keystroke_is_one() {
        for (a, b) in [("10482", "10428"), ("10482", "10483"), ("10482", "1082"), ("10482", "104482")] {
            assert!(one_keystroke(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
        assert!(!one_keystroke(b"10482", b"10593"));
        assert!(!one_keystroke(b"10482", b"10482"));
    }
}
