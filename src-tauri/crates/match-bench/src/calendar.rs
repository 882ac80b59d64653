//! Days, business days and the few time zones of the made-up company, by rule rather than by table: the benchmark must not
//! depend on what a machine knows about the world.

/// Days since 1 January 1970.
pub type Day = i64;

pub const DAY: i64 = 86_400;

/// Howard Hinnant's civil calendar, `days_from_civil`.
pub fn day(year: i64, month: i64, of_month: i64) -> Day {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of the month.
pub fn civil(day: Day) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted - era * 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_month)
}

/// Monday is 0.
pub fn weekday(day: Day) -> i64 {
    (day + 3).rem_euclid(7)
}

pub fn is_business(day: Day) -> bool {
    weekday(day) < 5
}

/// The first business day at or after `day`, then `count` further ones.
pub fn business(day: Day, count: i64) -> Day {
    let mut at = day;
    while !is_business(at) {
        at += 1;
    }
    for _ in 0..count {
        at += 1;
        while !is_business(at) {
            at += 1;
        }
    }
    at
}

pub fn date(day: Day) -> String {
    let (year, month, of_month) = civil(day);
    format!("{year:04}-{month:02}-{of_month:02}")
}

pub fn instant(seconds: i64) -> String {
    let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    format!("{}T{:02}:{:02}:{:02}Z", date(day), second / 3_600, second / 60 % 60, second % 60)
}

/// A place with its hours east of Greenwich in winter and when its clocks change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone {
    pub name: &'static str,
    winter: i64,
    summer: Summer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Summer {
    Never,
    America,
    Europe,
}

pub const ZONES: [Zone; 6] = [
    Zone { name: "America/New_York", winter: -5, summer: Summer::America },
    Zone { name: "America/Los_Angeles", winter: -8, summer: Summer::America },
    Zone { name: "America/Toronto", winter: -5, summer: Summer::America },
    Zone { name: "Europe/London", winter: 0, summer: Summer::Europe },
    Zone { name: "Europe/Berlin", winter: 1, summer: Summer::Europe },
    Zone { name: "Asia/Tokyo", winter: 9, summer: Summer::Never },
];

impl Zone {
    /// Seconds to add to UTC on this local day. The night of the change itself is taken as the day after it.
    fn offset(self, day: Day) -> i64 {
        let (year, _, _) = civil(day);
        let sunday_from = |month: i64, of_month: i64| {
            let first = self::day(year, month, of_month);
            first + (6 - weekday(first)).rem_euclid(7)
        };
        let summer = match self.summer {
            Summer::Never => false,
            Summer::America => (sunday_from(3, 8)..sunday_from(11, 1)).contains(&day),
            Summer::Europe => (sunday_from(3, 25)..sunday_from(10, 25)).contains(&day),
        };
        (self.winter + i64::from(summer)) * 3_600
    }

    pub fn to_utc(self, local: i64) -> i64 {
        local - self.offset(local.div_euclid(DAY))
    }

    pub fn to_local(self, utc: i64) -> i64 {
        let near = utc + self.winter * 3_600;
        utc + self.offset(near.div_euclid(DAY))
    }

    pub fn day_of(self, utc: i64) -> Day {
        self.to_local(utc).div_euclid(DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_turn_into_dates_and_back() {
        assert_eq!(day(2025, 1, 6), 20_094);
        assert_eq!(date(day(2024, 2, 29)), "2024-02-29");
        assert!((0..40_000).all(|it| {
            let (year, month, of_month) = civil(it);
            day(year, month, of_month) == it
        }));
        assert_eq!(weekday(day(2025, 1, 6)), 0);
        assert_eq!(business(day(2025, 1, 4), 0), day(2025, 1, 6));
        assert_eq!(business(day(2025, 1, 3), 1), day(2025, 1, 6));
    }

    #[test]
    fn clocks_change_on_the_second_sunday_of_march_and_the_first_of_november() {
        let new_york = ZONES[0];
        assert_eq!(new_york.to_utc(day(2025, 3, 8) * DAY), day(2025, 3, 8) * DAY + 5 * 3_600);
        assert_eq!(new_york.to_utc(day(2025, 3, 9) * DAY), day(2025, 3, 9) * DAY + 4 * 3_600);
        assert_eq!(new_york.to_utc(day(2025, 11, 2) * DAY), day(2025, 11, 2) * DAY + 5 * 3_600);
        assert_eq!(new_york.day_of(day(2025, 7, 2) * DAY + 3 * 3_600), day(2025, 7, 1));
    }
}
