//! Business days: Monday to Friday, less the holidays the text lists.

use jiff::civil::{Date, Weekday};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub holidays: BTreeSet<Date>,
}

impl Calendar {
    pub fn is_business(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// How many business days come after `from` up to and with `to`; negative where `to` is the earlier one. A payment of
    /// Saturday that is booked on Monday is one business day late.
    pub fn business_days(&self, from: Date, to: Date) -> i32 {
        if to < from {
            return -self.business_days(to, from);
        }
        let weekdays = weekdays_up_to(to) - weekdays_up_to(from);
        let free = self.holidays.range((std::ops::Bound::Excluded(from), std::ops::Bound::Included(to)));
        let free = free.filter(|it| !matches!(it.weekday(), Weekday::Saturday | Weekday::Sunday)).count();
        weekdays - free as i32
    }

    /// The day so many business days later.
    pub fn later(&self, from: Date, business_days: u16) -> Date {
        let (mut day, mut left) = (from, business_days);
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_business(day) {
                left -= 1;
            }
        }
        day
    }
}

/// Weekdays since a Monday long ago, the day itself counted.
fn weekdays_up_to(day: Date) -> i32 {
    let days = (day - jiff::civil::date(1900, 1, 1)).get_days() + 1; // a Monday
    let (weeks, rest) = (days.div_euclid(7), days.rem_euclid(7));
    weeks * 5 + rest.min(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        let calendar = Calendar { holidays: BTreeSet::from([date(2026, 1, 1), date(2026, 1, 3)]) };
        let days = |from, to| calendar.business_days(from, to);
        assert_eq!(days(date(2025, 12, 31), date(2026, 1, 2)), 1, "New Year's Day is none");
        assert_eq!(days(date(2026, 1, 2), date(2026, 1, 5)), 1, "Friday to Monday; the holiday is a Saturday");
        assert_eq!(days(date(2026, 1, 5), date(2026, 1, 2)), -1);
        assert_eq!(days(date(2026, 1, 3), date(2026, 1, 5)), 1, "Saturday to Monday");
        assert_eq!(calendar.later(date(2025, 12, 31), 2), date(2026, 1, 5));
    }

    proptest! {
        /// Counted by arithmetic as counted day by day.
        #[test]
        fn they_are_counted_as_on_the_fingers(start in 0i64..800, length in 0i64..60, free in prop::collection::btree_set(0i64..800, 0..20)) {
            let day = |at: i64| date(2025, 1, 1).checked_add(jiff::Span::new().days(at)).unwrap();
            let calendar = Calendar { holidays: free.into_iter().map(day).collect() };
            let counted = (start + 1..=start + length).filter(|at| calendar.is_business(day(*at))).count() as i32;
            prop_assert_eq!(calendar.business_days(day(start), day(start + length)), counted);
        }
    }
}
