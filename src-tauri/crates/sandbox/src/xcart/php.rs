//! How PHP reads what a client sends: query names with brackets, whole numbers, and dates.

use crate::xcart::model::UnixSeconds;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// A query string, names split at their brackets: `date[after]=x` is base `date`, part `after`.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<Parameter>);

#[derive(Debug, Clone)]
pub struct Parameter {
    pub base: String,
    pub parts: Vec<String>,
    pub value: String,
}

impl Query {
    pub fn parse(raw: &str) -> Query {
        let split = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            let (base, rest) = name.split_once('[').unwrap_or((&name, ""));
            let parts = rest.trim_end_matches(']').split("][").map(str::to_owned);
            Parameter {
                base: base.to_owned(),
                parts: if name.contains('[') { parts.collect() } else { Vec::new() },
                value: value.into_owned(),
            }
        };
        Query(url::form_urlencoded::parse(raw.as_bytes()).map(split).collect())
    }

    /// The plain value of a name; PHP keeps the last one given.
    pub fn last(&self, base: &str) -> Option<&str> {
        self.0.iter().rev().find(|it| it.base == base && it.parts.is_empty()).map(|it| it.value.as_str())
    }

    /// `base[part]`.
    pub fn part(&self, base: &str, part: &str) -> Option<&str> {
        self.0.iter().rev().find(|it| it.base == base && it.parts == [part]).map(|it| it.value.as_str())
    }

    /// `base=v`, or every `base[]=v`; None when the name is not there at all.
    pub fn one_or_many<'a>(&'a self, base: &'a str) -> Option<Vec<&'a str>> {
        let rows: Vec<&Parameter> = self.named(base).collect();
        let last = rows.last()?;
        if last.parts.is_empty() {
            return Some(vec![last.value.as_str()]);
        }
        Some(rows.into_iter().filter(|it| it.parts.len() == 1).map(|it| it.value.as_str()).collect())
    }

    /// Every parameter of a name in the order given.
    pub fn named<'a>(&'a self, base: &'a str) -> impl Iterator<Item = &'a Parameter> {
        self.0.iter().filter(move |it| it.base == base)
    }

    /// Written out again without one name, brackets encoded, `[]` numbered: what PHP's http_build_query gives.
    pub fn rebuilt_without(&self, base: &str) -> String {
        let mut next = std::collections::BTreeMap::<&str, usize>::new();
        let rows = self.0.iter().filter(|it| it.base != base).map(|it| {
            let mut name = it.base.clone();
            for part in &it.parts {
                let index = next.entry(&it.base).or_default();
                let shown = if part.is_empty() { index.to_string() } else { part.clone() };
                *index += 1;
                name.push_str(&format!("[{shown}]"));
            }
            format!("{}={}", percent(&name), percent(&it.value))
        });
        rows.collect::<Vec<_>>().join("&")
    }
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// `(int) $text`: the leading digits, 0 when there are none.
pub fn int(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<i64>().map_or(0, |value| sign * value)
}

/// `new DateTime($text)` for the forms a client may send; None where PHP throws.
///
/// `@epoch`, a date, a date and time with `Z`, `+00:00`, `+0000` or no zone (then the store's), and the words
/// `now`, `today`, `yesterday`, `tomorrow`.
// UNVERIFIED: PHP reads many more forms ("last monday"); they count as unreadable here.
pub fn date_time(text: &str, zone: &TimeZone, now: UnixSeconds) -> Option<UnixSeconds> {
    let text = text.trim();
    if let Some(epoch) = text.strip_prefix('@') {
        return epoch.parse().ok();
    }
    let midnight = |days: i64| {
        let today = Timestamp::from_second(now).ok()?.to_zoned(zone.clone()).date();
        at(today.checked_add(days.days()).ok()?.to_datetime(Time::midnight()), zone)
    };
    match text.to_ascii_lowercase().as_str() {
        "" | "now" => return Some(now),
        "today" => return midnight(0),
        "yesterday" => return midnight(-1),
        "tomorrow" => return midnight(1),
        _ => {}
    }
    let date: Date = text.get(..10)?.parse().ok()?;
    let rest = &text[10..];
    if rest.is_empty() {
        return at(date.to_datetime(Time::midnight()), zone);
    }
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let time: Time = clock[..end].parse().ok()?;
    let offset = match &clock[end..] {
        "" => return at(date.to_datetime(time), zone),
        "Z" | "z" => Offset::UTC,
        shift => offset(shift)?,
    };
    offset.to_timestamp(date.to_datetime(time)).ok().map(|moment| moment.as_second())
}

fn at(moment: DateTime, zone: &TimeZone) -> Option<UnixSeconds> {
    zone.to_ambiguous_zoned(moment).compatible().ok().map(|zoned| zoned.timestamp().as_second())
}

fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits = rest.replace(':', "");
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    Offset::from_seconds(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<UnixSeconds> {
        date_time(text, &TimeZone::fixed(Offset::constant(-5)), 1_553_772_240)
    }

    #[test]
    fn a_bare_date_is_midnight_in_the_stores_zone() {
        assert_eq!(read("2019-03-28"), Some(1_553_731_200 + 5 * 3600));
        assert_eq!(read("2019-03-28 11:24:00"), Some(1_553_772_240 + 5 * 3600));
    }

    #[test]
    fn every_dependable_form_of_a_moment_is_the_same_moment() {
        for text in ["@1553772240", "2019-03-28T11:24:00Z", "2019-03-28T11:24:00+00:00", "2019-03-28T13:24:00+0200"] {
            assert_eq!(read(text), Some(1_553_772_240), "{text}");
        }
        assert_eq!(read("2019-03-28T11:24Z"), Some(1_553_772_240));
    }

    #[test]
    fn what_php_cannot_read_is_no_date() {
        // The second is what an unencoded + turns into.
        for text in ["garbage", "2019-03-28T11:24:00 00:00", "28/03/2019", "@x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn brackets_split_and_are_rebuilt_as_php_writes_them() {
        let query =
            Query::parse("itemsPerPage=2&page=3&date%5Bafter%5D=%4015&paymentStatus.code[]=P&paymentStatus.code[]=Q");
        assert_eq!(query.part("date", "after"), Some("@15"));
        assert_eq!(query.one_or_many("paymentStatus.code"), Some(vec!["P", "Q"]));
        assert_eq!(
            query.rebuilt_without("page"),
            "itemsPerPage=2&date%5Bafter%5D=%4015&paymentStatus.code%5B0%5D=P&paymentStatus.code%5B1%5D=Q"
        );
    }

    #[test]
    fn a_number_is_its_leading_digits() {
        assert_eq!((int("12"), int("12abc"), int("abc"), int("-1")), (12, 12, 0, -1));
    }
}
