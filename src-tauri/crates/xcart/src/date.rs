//! Every date shape X-Cart sends (reference/xcart.md 0.8): offset with or without colon, `Z`, or unix seconds.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

/// 2000-01-01: no store's order is older, and zero dates mean "not set".
const EARLIEST: i64 = 946_684_800;
/// 2200-01-01.
const LATEST: i64 = 7_258_118_400;

pub(crate) fn timestamp(value: &Value) -> Result<Timestamp, String> {
    let at = match value {
        Value::Number(number) => seconds(&number.to_string())?,
        Value::String(text) => with_offset(text)?,
        other => return Err(format!("{other} is not a date")),
    };
    if !(EARLIEST..LATEST).contains(&at.as_second()) {
        return Err(format!("{value} is not a date between 2000 and 2200"));
    }
    Ok(at)
}

fn seconds(text: &str) -> Result<Timestamp, String> {
    let bad = || format!("{text} is not a date in whole seconds");
    Timestamp::from_second(text.parse().map_err(|_| bad())?).map_err(|_| bad())
}

/// An offset is demanded: a date without one would be read in the wrong zone.
fn with_offset(text: &str) -> Result<Timestamp, String> {
    let bad = || format!("{:?} is not a date with time and offset", text.chars().take(40).collect::<String>());
    if text.len() > 40 || !text.contains('T') {
        return Err(bad());
    }
    // `+0000` becomes `+00:00`; the recorded order dates have no colon.
    let text = match text.split_at_checked(text.len().saturating_sub(5)) {
        Some((head, tail))
            if tail.starts_with(['+', '-'])
                && tail.bytes().skip(1).all(|it| it.is_ascii_digit())
                && tail.len() == 5 =>
        {
            format!("{head}{}:{}", &tail[..3], &tail[3..])
        }
        _ => text.to_owned(),
    };
    text.parse::<Timestamp>().map_err(|_| bad())
}

/// The store's own day: 23:30 in New York is still that day, whatever UTC says.
pub(crate) fn day_in(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn all_recorded_shapes_are_one_instant() {
        for value in [
            json!("2019-03-05T07:45:00+0000"),
            json!("2019-03-05T07:45:00+00:00"),
            json!("2019-03-05T07:45:00Z"),
            json!("2019-03-05T02:45:00-0500"),
            json!(1_551_771_900),
        ] {
            assert_eq!(timestamp(&value).map(|it| it.as_second()), Ok(1_551_771_900), "{value}");
        }
    }

    #[test]
    fn a_date_without_offset_or_outside_our_time_is_refused() {
        for value in [
            json!("2019-03-05T07:45:00"),
            json!("2019-03-05"),
            json!("1970-01-01T00:00:00+0000"),
            json!(0),
            json!(1.5),
            json!(null),
            json!("yesterday"),
            json!("é+0000"),
        ] {
            assert!(timestamp(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn the_stores_day_is_not_utcs() {
        let at: Timestamp = "2026-01-01T03:30:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(day_in(at, &zone), jiff::civil::date(2025, 12, 31));
    }

    proptest! {
        #[test]
        fn any_second_reads_back_in_each_shape(second in EARLIEST..LATEST) {
            let at = Timestamp::from_second(second).unwrap();
            let text = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            for value in [json!(second), json!(format!("{text}+0000")), json!(format!("{text}+00:00")), json!(format!("{text}Z"))] {
                prop_assert_eq!(timestamp(&value), Ok(at));
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,50}") {
            let _ = timestamp(&Value::String(text));
        }
    }
}
