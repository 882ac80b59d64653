//! A journal entry that balances, or none at all.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_money::{Currency, ExchangeRate, Money, MoneyError, Totals};

/// The tags Intacct may ask for on a line. Empty means not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dimensions {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub location: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub department: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub customer: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalLine {
    /// GL account number.
    pub account: String,
    /// Debit positive, credit negative, in the entry's transaction currency. Never zero.
    pub amount: Money,
    pub memo: String,
    pub dimensions: Dimensions,
}

/// Lines that sum to zero in one currency. Fields are private: [`JournalEntry::new`] is the only way in,
/// also for entries read back from the cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Draft", into = "Draft")]
pub struct JournalEntry {
    draft: Draft,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Draft {
    journal: String,
    on: Date,
    title: String,
    reference: String,
    currency: Currency,
    rate: Option<ExchangeRate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate_type: Option<String>,
    lines: Vec<JournalLine>,
    reverses: Option<String>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum JournalError {
    #[error("journal entry {reference:?} does not balance: debits and credits differ by {difference}")]
    Unbalanced { reference: String, difference: Money },
    #[error("journal entry {reference:?} needs at least two lines, it has {lines}")]
    TooFewLines { reference: String, lines: usize },
    #[error("line {line} of journal entry {reference:?} is zero")]
    ZeroLine { reference: String, line: usize },
    #[error("line {line} of journal entry {reference:?} names no account")]
    NoAccount { reference: String, line: usize },
    #[error("journal entry {reference:?} mixes currencies")]
    MixedCurrencies { reference: String },
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl JournalEntry {
    /// `journal` is the journal's symbol, `reference` the natural key (REFERENCENO) posted with it.
    pub fn new(
        journal: &str,
        on: Date,
        title: &str,
        reference: &str,
        lines: Vec<JournalLine>,
    ) -> Result<JournalEntry, JournalError> {
        let currency = lines.first().map_or(Currency::USD, |line| line.amount.currency());
        Draft {
            journal: journal.to_owned(),
            on,
            title: title.to_owned(),
            reference: reference.to_owned(),
            currency,
            rate: None,
            rate_type: None,
            lines,
            reverses: None,
        }
        .try_into()
    }

    /// The rate to the base currency, where the transaction currency is not the base.
    #[must_use]
    pub fn with_rate(mut self, rate: ExchangeRate) -> JournalEntry {
        self.draft.rate = Some(rate);
        self
    }

    /// Intacct's own rate of this type on the entry's day, where no source gave a rate.
    #[must_use]
    pub fn with_rate_type(mut self, rate_type: &str) -> JournalEntry {
        self.draft.rate_type = Some(rate_type.to_owned());
        self
    }

    /// The mirror of this entry: every debit a credit. Names what it reverses; posted is never edited.
    pub fn reversal(&self, on: Date, reference: &str) -> JournalEntry {
        let mut draft = self.draft.clone();
        draft.on = on;
        draft.title = format!("Reversal of {}", self.draft.title);
        draft.reverses = Some(std::mem::replace(&mut draft.reference, reference.to_owned()));
        for line in &mut draft.lines {
            line.amount = -line.amount;
        }
        JournalEntry { draft }
    }

    pub fn journal(&self) -> &str {
        &self.draft.journal
    }
    pub fn on(&self) -> Date {
        self.draft.on
    }
    pub fn title(&self) -> &str {
        &self.draft.title
    }
    pub fn reference(&self) -> &str {
        &self.draft.reference
    }
    pub fn currency(&self) -> Currency {
        self.draft.currency
    }
    pub fn rate(&self) -> Option<ExchangeRate> {
        self.draft.rate
    }
    pub fn rate_type(&self) -> Option<&str> {
        self.draft.rate_type.as_deref()
    }
    pub fn lines(&self) -> &[JournalLine] {
        &self.draft.lines
    }
    /// Natural key of the entry this one reverses.
    pub fn reverses(&self) -> Option<&str> {
        self.draft.reverses.as_deref()
    }

    /// Sum of the debits; by construction also of the credits.
    pub fn total(&self) -> Money {
        let debits = self.draft.lines.iter().map(|line| line.amount).filter(Money::is_positive);
        Money::sum(self.draft.currency, debits).expect("checked when the entry was built")
    }
}

impl TryFrom<Draft> for JournalEntry {
    type Error = JournalError;

    fn try_from(draft: Draft) -> Result<JournalEntry, JournalError> {
        let reference = || draft.reference.clone();
        if draft.lines.len() < 2 {
            return Err(JournalError::TooFewLines { reference: reference(), lines: draft.lines.len() });
        }
        for (index, line) in draft.lines.iter().enumerate() {
            if line.amount.is_zero() {
                return Err(JournalError::ZeroLine { reference: reference(), line: index + 1 });
            }
            if line.account.is_empty() {
                return Err(JournalError::NoAccount { reference: reference(), line: index + 1 });
            }
            if line.amount.currency() != draft.currency {
                return Err(JournalError::MixedCurrencies { reference: reference() });
            }
        }
        let difference = Totals::of(draft.lines.iter().map(|line| line.amount))?.get(draft.currency);
        // The debit side alone must also be a representable amount, so that `total` cannot fail.
        Money::sum(draft.currency, draft.lines.iter().map(|line| line.amount).filter(Money::is_positive))?;
        if !difference.is_zero() {
            return Err(JournalError::Unbalanced { reference: reference(), difference });
        }
        Ok(JournalEntry { draft })
    }
}

impl From<JournalEntry> for Draft {
    fn from(entry: JournalEntry) -> Draft {
        entry.draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn line(account: &str, cents: i64) -> JournalLine {
        JournalLine {
            account: account.into(),
            amount: Money::from_minor(cents, Currency::USD),
            memo: String::new(),
            dimensions: Dimensions::default(),
        }
    }

    fn entry(lines: Vec<JournalLine>) -> Result<JournalEntry, JournalError> {
        JournalEntry::new("GJ", date(2026, 1, 29), "Fee", "TO-1", lines)
    }

    #[test]
    fn an_unbalanced_entry_cannot_be_built() {
        assert!(matches!(entry(vec![line("6100", 336), line("1210", -335)]), Err(JournalError::Unbalanced { .. })));
        assert!(matches!(entry(vec![line("6100", 336)]), Err(JournalError::TooFewLines { .. })));
        assert!(matches!(entry(vec![line("6100", 0), line("1210", 0)]), Err(JournalError::ZeroLine { .. })));
        assert!(matches!(entry(vec![line("", 1), line("1210", -1)]), Err(JournalError::NoAccount { .. })));
    }

    #[test]
    fn a_line_that_cannot_be_is_named_by_its_number() {
        let zero = entry(vec![line("6100", 1), line("1210", 0)]).unwrap_err();
        assert_eq!(zero, JournalError::ZeroLine { reference: "TO-1".into(), line: 2 });
        let nowhere = entry(vec![line("6100", 1), line("1210", -1), line("", 1)]).unwrap_err();
        assert_eq!(nowhere, JournalError::NoAccount { reference: "TO-1".into(), line: 3 });
        let euro = JournalLine { amount: Money::from_minor(-1, Currency::EUR), ..line("1210", 1) };
        let mixed = entry(vec![line("6100", 1), euro]).unwrap_err();
        assert_eq!(mixed, JournalError::MixedCurrencies { reference: "TO-1".into() });
    }

    #[test]
    fn an_entry_and_its_mirror_say_what_they_were_told() {
        let lines = vec![line("6100", 336), line("6110", 4), line("1210", -340)];
        let rate = ExchangeRate::parse("1.10", Currency::EUR, Currency::USD).unwrap();
        let told = entry(lines.clone()).unwrap().with_rate(rate).with_rate_type("Daily");
        assert_eq!(
            (told.journal(), told.on(), told.title(), told.reference()),
            ("GJ", date(2026, 1, 29), "Fee", "TO-1")
        );
        assert_eq!((told.rate(), told.rate_type(), told.reverses()), (Some(rate), Some("Daily"), None));
        assert_eq!((told.lines(), told.currency()), (&lines[..], Currency::USD));
        assert_eq!(told.total(), Money::from_minor(340, Currency::USD));
        let plain = entry(lines).unwrap();
        assert_eq!((plain.rate(), plain.rate_type()), (None, None));
        let back = told.reversal(date(2026, 2, 1), "REV-TO-1");
        assert_eq!((back.title(), back.on(), back.reference()), ("Reversal of Fee", date(2026, 2, 1), "REV-TO-1"));
        assert_eq!((back.reverses(), back.total()), (Some("TO-1"), told.total()));
    }

    #[test]
    fn an_entry_edited_in_the_cache_is_refused_when_read() {
        let good = entry(vec![line("6100", 336), line("1210", -336)]).unwrap();
        let json = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<JournalEntry>(&json).unwrap(), good);
        let edited = json.replace("-3.36", "-3.37");
        assert_ne!(edited, json);
        assert!(serde_json::from_str::<JournalEntry>(&edited).is_err());
    }

    proptest! {
        #[test]
        fn an_entry_and_its_reversal_cancel_to_the_cent(cents in prop::collection::vec(1i64..1_000_000_000, 1..20)) {
            let mut lines: Vec<_> = cents.iter().map(|&it| line("6100", it)).collect();
            lines.push(line("1210", -cents.iter().sum::<i64>()));
            let original = entry(lines).unwrap();
            let reversal = original.reversal(date(2026, 2, 1), "REV-TO-1");
            prop_assert_eq!(reversal.reverses(), Some("TO-1"));
            for (there, back) in original.lines().iter().zip(reversal.lines()) {
                prop_assert!(there.amount.checked_add(back.amount).unwrap().is_zero());
                prop_assert_eq!(&there.account, &back.account);
            }
        }
    }
}
