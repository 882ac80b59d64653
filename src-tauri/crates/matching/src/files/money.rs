//! A decimal text to whole minor units, and a date to a day number. Exact: no float comes near.

/// `Err` says what is wrong with it.
pub fn minor(text: &[u8], decimals: u32) -> Result<i64, String> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut value: i64 = 0;
    let mut seen_point = false;
    let mut after = 0;
    let mut any = false;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                if seen_point {
                    after += 1;
                    if after > decimals {
                        if byte == b'0' {
                            continue;
                        }
                        return Err(format!("{} has more than {decimals} decimals", shown(text)));
                    }
                }
                value = value
                    .checked_mul(10)
                    .and_then(|it| it.checked_add(i64::from(byte - b'0')))
                    .filter(|it| *it < MINOR_MAX)
                    .ok_or_else(|| format!("{} is too large an amount", shown(text)))?;
            }
            b'.' if !seen_point => seen_point = true,
            _ => return Err(format!("{} is not an amount such as 1234.56", shown(text))),
        }
    }
    if !any {
        return Err("the amount is empty".into());
    }
    for _ in after.min(decimals)..decimals {
        value = value
            .checked_mul(10)
            .filter(|it| *it < MINOR_MAX)
            .ok_or_else(|| format!("{} is too large an amount", shown(text)))?;
    }
    Ok(if negative { -value } else { value })
}

/// Far above any amount of a shop, and low enough that sums of millions of them fit.
const MINOR_MAX: i64 = 100_000_000_000_000;

/// Days since 1970-01-01.
pub fn day(text: &[u8]) -> Result<i32, String> {
    let wrong = || format!("{} is not a date such as 2026-01-31", shown(text));
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return Err(wrong()) };
    let number = |digits: &[u8]| -> Option<i32> {
        digits.iter().try_fold(0, |sum, it| it.is_ascii_digit().then(|| sum * 10 + i32::from(it - b'0')))
    };
    let year = number(&[*y1, *y2, *y3, *y4]).ok_or_else(wrong)?;
    let month = number(&[*m1, *m2]).ok_or_else(wrong)?;
    let day = number(&[*d1, *d2]).ok_or_else(wrong)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return Err(format!("there is no day {}", shown(text)));
    }
    Ok(day_number(year, month, day))
}

/// Seconds since 1970-01-01 UTC of `2026-01-31T10:00:00Z`, with or without seconds, fractions and an offset.
pub fn instant(text: &[u8]) -> Result<i64, String> {
    let wrong = || format!("{} is not a time such as 2026-01-31T10:00:00Z", shown(text));
    if text.len() < 10 {
        return Err(wrong());
    }
    let mut seconds = i64::from(day(&text[..10])?) * 86_400;
    let rest = &text[10..];
    if rest.is_empty() {
        return Ok(seconds);
    }
    if rest.len() < 6 || !matches!(rest[0], b'T' | b't' | b' ') || rest[3] != b':' {
        return Err(wrong());
    }
    let two = |at: usize, most: i64| -> Result<i64, String> {
        let pair = rest.get(at..at + 2).filter(|it| it.iter().all(u8::is_ascii_digit)).ok_or_else(wrong)?;
        let value = i64::from(pair[0] - b'0') * 10 + i64::from(pair[1] - b'0');
        if value <= most { Ok(value) } else { Err(format!("there is no time {}", shown(text))) }
    };
    seconds += two(1, 23)? * 3_600 + two(4, 59)? * 60;
    let mut at = 6;
    if rest.get(at) == Some(&b':') {
        seconds += two(at + 1, 60)?;
        at += 3;
        if rest.get(at) == Some(&b'.') {
            at += 1;
            while rest.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
        }
    }
    match rest.get(at) {
        None => Ok(seconds),
        Some(b'Z' | b'z') if at + 1 == rest.len() => Ok(seconds),
        Some(sign @ (b'+' | b'-')) => {
            let hours = two(at + 1, 14)?;
            let colon = usize::from(rest.get(at + 3) == Some(&b':'));
            let minutes = if rest.len() > at + 3 { two(at + 3 + colon, 59)? } else { 0 };
            let offset = hours * 3_600 + minutes * 60;
            Ok(if *sign == b'+' { seconds - offset } else { seconds + offset })
        }
        Some(_) => Err(wrong()),
    }
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Howard Hinnant's civil-day count, written anew: years begin in March, so that leap days come last.
fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// `1234.56` of minor units.
pub fn decimal(minor: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let sign = if minor < 0 { "-" } else { "" };
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
    }
}

fn shown(text: &[u8]) -> String {
    const SHOWN_MAX: usize = 40;
    let text = String::from_utf8_lossy(text);
    let short: String = text.chars().take(SHOWN_MAX).collect();
    if short.len() < text.len() { format!("{short:?}...") } else { format!("{short:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        assert_eq!(minor(b"-12.3", 2), Ok(-1_230));
        assert_eq!(minor(b"1500", 0), Ok(1_500));
        assert_eq!(minor(b"1500.00", 0), Ok(1_500));
        for wrong in ["", "-", "1,5", "1.234", "1e3", "99999999999999999999", "NaN"] {
            assert!(minor(wrong.as_bytes(), 2).is_err(), "{wrong}");
        }
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(1_500, 0), "1500");
    }

    #[test]
    fn days_and_instants_exist_or_are_refused() {
        assert_eq!(day(b"1970-01-01"), Ok(0));
        assert_eq!(day(b"2024-02-29"), Ok(19_782));
        assert!(day(b"2026-02-29").is_err());
        assert!(day(b"2026-13-01").is_err());
        assert_eq!(instant(b"1970-01-02T00:00:01Z"), Ok(86_401));
        assert_eq!(instant(b"1970-01-02T01:00:00.5+01:00"), Ok(86_400));
        assert_eq!(instant(b"1970-01-01 23:00:00-05:00"), Ok(100_800));
        assert!(instant(b"2026-01-31T25:00:00Z").is_err());
    }
}
