//! Days, business days, and the three clocks of the demo: the store in Chicago, the books in New York, the files in UTC.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Seconds since 1970 in UTC.
pub type Seconds = i64;

/// Days since 1970.
pub type Day = i64;

const EPOCH: Date = Date::constant(1970, 1, 1);
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Utc,
    /// America/Chicago.
    Store,
    /// America/New_York.
    Entity,
}

pub const STORE_ZONE: &str = "America/Chicago";
pub const ENTITY_ZONE: &str = "America/New_York";

pub fn day_of(date: Date) -> Day {
    EPOCH.until(date).map_or(0, |span| i64::from(span.get_days()))
}

pub fn date(day: Day) -> Date {
    EPOCH.checked_add(Span::new().days(day)).unwrap_or(EPOCH)
}

/// Sunday is 0.
fn weekday(day: Day) -> i64 {
    (day + 4).rem_euclid(7)
}

pub fn is_monday(day: Day) -> bool {
    weekday(day) == 1
}

/// Tuesday or Friday: when the slower gateway pays out.
pub fn is_tuesday_or_friday(day: Day) -> bool {
    matches!(weekday(day), 2 | 5)
}

pub fn is_business_day(day: Day) -> bool {
    let on = date(day);
    let is_new_year = on.month() == 1 && on.day() == 1;
    !is_new_year && !matches!(weekday(day), 0 | 6)
}

/// The day itself, or so many business days after it.
pub fn business_days_after(day: Day, count: i64) -> Day {
    let mut at = day;
    let mut left = count;
    while left > 0 || !is_business_day(at) {
        at += 1;
        if is_business_day(at) && left > 0 {
            left -= 1;
        }
    }
    at
}

/// Hours behind UTC, with the daylight saving rule of the United States since 2007: from the second Sunday of
/// March to the first Sunday of November.
fn hours_behind(at: Seconds, zone: Zone) -> i64 {
    let standard = match zone {
        Zone::Utc => return 0,
        Zone::Store => 6,
        Zone::Entity => 5,
    };
    let year = date(at.div_euclid(DAY)).year();
    let sunday_after = |month: i8, first: i8| {
        let day = day_of(Date::new(year, month, first).unwrap_or(EPOCH));
        day + (7 - weekday(day)) % 7
    };
    let begins = sunday_after(3, 8) * DAY + (2 + standard) * HOUR;
    let ends = sunday_after(11, 1) * DAY + (1 + standard) * HOUR;
    if (begins..ends).contains(&at) { standard - 1 } else { standard }
}

/// The day a clock in that zone shows.
pub fn day_in(at: Seconds, zone: Zone) -> Day {
    (at - hours_behind(at, zone) * HOUR).div_euclid(DAY)
}

/// The moment a store clock shows that day and time.
pub fn store_time(day: Day, seconds: i64) -> Seconds {
    let local = day * DAY + seconds;
    local + hours_behind(local + 6 * HOUR, Zone::Store) * HOUR
}

/// `2026-01-05T14:03:22Z`
pub fn iso(at: Seconds) -> String {
    let time = at.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", date(at.div_euclid(DAY)), time / HOUR, time % HOUR / 60, time % 60)
}

/// A date one day later.
pub fn next(date: Date) -> Date {
    date.checked_add(1.day()).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_are_a_day_ahead_late_in_the_evening() {
        let day = day_of(Date::constant(2026, 1, 14));
        let late = store_time(day, 23 * HOUR + 1_800);
        assert_eq!(day_in(late, Zone::Store), day);
        assert_eq!(day_in(late, Zone::Entity), day + 1);
        assert_eq!(iso(late), "2026-01-15T05:30:00Z");
    }

    #[test]
    fn clocks_go_forward_in_march() {
        let noon = |date| iso(store_time(day_of(date), 12 * HOUR));
        assert_eq!(noon(Date::constant(2026, 3, 7)), "2026-03-07T18:00:00Z");
        assert_eq!(noon(Date::constant(2026, 3, 8)), "2026-03-08T17:00:00Z");
    }

    #[test]
    fn business_days_step_over_weekends() {
        let friday = day_of(Date::constant(2026, 1, 16));
        assert_eq!(date(business_days_after(friday, 1)), Date::constant(2026, 1, 19));
        assert_eq!(date(business_days_after(friday + 1, 0)), Date::constant(2026, 1, 19));
        assert_eq!(date(business_days_after(friday, 0)), Date::constant(2026, 1, 16));
    }
}
