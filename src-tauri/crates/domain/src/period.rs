use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar month of the books, written `2026-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    first: Date,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a period; write it as YYYY-MM")]
pub struct PeriodError(String);

impl Period {
    pub fn of(day: Date) -> Period {
        Period { first: day.first_of_month() }
    }

    pub fn first_day(&self) -> Date {
        self.first
    }

    pub fn last_day(&self) -> Date {
        self.first.last_of_month()
    }

    pub fn contains(&self, day: Date) -> bool {
        Period::of(day) == *self
    }
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let error = || PeriodError(text.to_owned());
        if text.len() != 7 {
            return Err(error());
        }
        format!("{text}-01").parse::<Date>().map(|first| Period { first }).map_err(|_| error())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Period, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month() {
        let period: Period = "2026-02".parse().unwrap();
        assert_eq!(period.last_day().to_string(), "2026-02-28");
        assert_eq!(period.to_string(), "2026-02");
        for wrong in ["2026-13", "2026-2", "2026", "feb", "2026-02-01"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }
}
