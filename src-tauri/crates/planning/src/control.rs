//! Who may approve what. Rules only: who is asking and what they prepared is told by the caller.
//!
//! With nobody listed there is one person, who does everything; what they do is stamped as such wherever it is shown.

use crate::settings::SettingsError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use tieout_money::{Currency, Money};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    /// Nobody approves an entry they prepared, and nobody reviews a period they prepared.
    pub separate: bool,
    pub people: Vec<Person>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// As approvals and the audit trail name them.
    pub name: String,
    pub roles: BTreeSet<Role>,
    /// Largest entry, in whatever currency the entry is in; empty: no limit.
    #[serde(default)]
    pub limit: String,
    /// And all entries of one currency approved in one day together.
    #[serde(default)]
    pub limit_day: String,
    /// GL accounts an entry may touch; none: all.
    #[serde(default)]
    pub accounts: BTreeSet<String>,
    /// Periods (`2026-01`) an entry may lie in; none: all.
    #[serde(default)]
    pub periods: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Prepares entries and signs a period as prepared.
    Preparer,
    Approver,
    /// Signs a period as reviewed, locks and unlocks it.
    Reviewer,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Preparer => "preparer",
            Role::Approver => "approver",
            Role::Reviewer => "reviewer",
        }
    }
}

/// An entry as far as the rules look at it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub amount: Money,
    pub accounts: &'a BTreeSet<String>,
    pub period: &'a str,
    /// People who had a hand in it; the engine is none.
    pub prepared_by: &'a BTreeSet<String>,
    /// What the same person approved today in this currency, without this entry.
    pub approved_today: Money,
}

/// Why not. All but the first can be overridden by the person with a reason that stands in the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    NoRole { name: String, role: Role },
    Own { name: String },
    OverLimit { limit: Money },
    OverDay { limit: Money, with_it: Money },
    Account { account: String },
    Period { period: String },
}

impl NotAllowed {
    pub fn can_be_overridden(&self) -> bool {
        !matches!(self, NotAllowed::NoRole { .. })
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAllowed::NoRole { name, role } => write!(f, "{name} is no {}", role.as_str()),
            NotAllowed::Own { name } => write!(f, "{name} prepared it and may not approve it"),
            NotAllowed::OverLimit { limit } => write!(f, "it is above the limit of {limit}"),
            NotAllowed::OverDay { limit, with_it } => {
                write!(f, "with it the day's approvals come to {with_it}, above the limit of {limit}")
            }
            NotAllowed::Account { account } => write!(f, "account {account} is not among those allowed"),
            NotAllowed::Period { period } => write!(f, "period {period} is not among those allowed"),
        }
    }
}

impl Control {
    /// Nobody is listed.
    pub fn is_one_person(&self) -> bool {
        self.people.is_empty()
    }

    /// Stamped on what is signed and handed out.
    pub fn words(&self) -> &'static str {
        match (self.is_one_person(), self.separate) {
            (true, _) => "one person does everything",
            (false, true) => "roles; nobody approves their own",
            (false, false) => "roles; approving one's own is allowed",
        }
    }

    fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|it| it.name == name)
    }

    pub fn has_role(&self, name: &str, role: Role) -> Result<(), NotAllowed> {
        let has = self.is_one_person() || self.person(name).is_some_and(|it| it.roles.contains(&role));
        if has { Ok(()) } else { Err(NotAllowed::NoRole { name: name.to_owned(), role }) }
    }

    /// Every rule that stands against it; empty when it may be approved.
    pub fn against_approval(&self, name: &str, entry: &Entry<'_>) -> Vec<NotAllowed> {
        if let Err(no_role) = self.has_role(name, Role::Approver) {
            return vec![no_role];
        }
        let Some(person) = self.person(name) else { return Vec::new() };
        let mut against = Vec::new();
        if self.separate && entry.prepared_by.contains(name) {
            against.push(NotAllowed::Own { name: name.to_owned() });
        }
        let amount = entry.amount.abs();
        // A limit that this currency cannot hold (0.50 in yen) allows nothing of it.
        let limit = |text: &str| {
            let nothing = Money::zero(amount.currency());
            (!text.is_empty()).then(|| Money::parse(text, amount.currency()).unwrap_or(nothing))
        };
        if let Some(limit) = limit(&person.limit).filter(|it| amount.minor() > it.minor()) {
            against.push(NotAllowed::OverLimit { limit });
        }
        if let Some(limit) = limit(&person.limit_day) {
            // What cannot be added up is above every limit.
            let with_it = entry.approved_today.checked_add(amount).unwrap_or(amount);
            if with_it.minor() > limit.minor() || with_it.minor() < amount.minor() {
                against.push(NotAllowed::OverDay { limit, with_it });
            }
        }
        if !person.accounts.is_empty() {
            let other = entry.accounts.iter().find(|it| !person.accounts.contains(*it));
            against.extend(other.map(|account| NotAllowed::Account { account: account.clone() }));
        }
        if !person.periods.is_empty() && !person.periods.contains(entry.period) {
            against.push(NotAllowed::Period { period: entry.period.to_owned() });
        }
        against
    }

    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let mut names = BTreeSet::new();
        for person in &self.people {
            if person.name.trim().is_empty() || !names.insert(&person.name) {
                return Err(SettingsError::PersonTwice { name: person.name.clone() });
            }
            for (key, value) in
                [("control.people.limit", &person.limit), ("control.people.limit_day", &person.limit_day)]
            {
                if !value.is_empty() && !Money::parse(value, Currency::USD).is_ok_and(|it| !it.is_negative()) {
                    return Err(SettingsError::NotAnAmount { key, value: value.clone() });
                }
            }
        }
        // Rules that nobody can ever meet lock the company out of its own books.
        let somebody = |role: Role| self.people.iter().any(|it| it.roles.contains(&role));
        let can_close = somebody(Role::Approver) && somebody(Role::Reviewer);
        if !(self.is_one_person() || can_close) {
            return Err(SettingsError::NobodyApproves);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control() -> Control {
        toml::from_str(
            r#"
separate = true
[[people]]
name = "ann"
roles = ["preparer", "approver"]
limit = "100.00"
limit_day = "250.00"
accounts = ["1210", "6100"]
periods = ["2026-01"]
[[people]]
name = "bea"
roles = ["approver", "reviewer"]
[[people]]
name = "cy"
roles = ["preparer"]
"#,
        )
        .unwrap()
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn check(
        name: &str,
        amount: i64,
        accounts: &[&str],
        period: &str,
        prepared_by: &[&str],
        today: i64,
        says: &[&str],
    ) {
        let set = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
        let (accounts, prepared_by) = (set(accounts), set(prepared_by));
        let entry = Entry {
            amount: usd(amount),
            accounts: &accounts,
            period,
            prepared_by: &prepared_by,
            approved_today: usd(today),
        };
        let said: Vec<String> = control().against_approval(name, &entry).iter().map(ToString::to_string).collect();
        assert_eq!(said, says, "{name} {amount} {accounts:?} {period} {prepared_by:?} {today}");
    }

    /// Every role, and the values on both sides of every limit.
    #[test]
    fn every_cell_of_the_matrix_is_as_the_rules_say() {
        let (ours, jan) = (&["1210", "6100"][..], "2026-01");
        check("ann", 10_000, ours, jan, &[], 0, &[]);
        check("ann", 10_001, ours, jan, &[], 0, &["it is above the limit of 100.00 USD"]);
        check("ann", -10_001, ours, jan, &[], 0, &["it is above the limit of 100.00 USD"]);
        check("ann", 10_000, ours, jan, &[], 15_000, &[]);
        check(
            "ann",
            10_000,
            ours,
            jan,
            &[],
            15_001,
            &["with it the day's approvals come to 250.01 USD, above the limit of 250.00 USD"],
        );
        check("ann", 1, &["1210", "4000"], jan, &[], 0, &["account 4000 is not among those allowed"]);
        check("ann", 1, ours, "2026-02", &[], 0, &["period 2026-02 is not among those allowed"]);
        check("ann", 1, ours, jan, &["ann"], 0, &["ann prepared it and may not approve it"]);
        check("ann", 1, ours, jan, &["cy"], 0, &[]);
        check("bea", 99_999_999, &["9999"], "2031-12", &["ann"], 99_999_999, &[]);
        check("bea", 1, ours, jan, &["bea", "ann"], 0, &["bea prepared it and may not approve it"]);
        for name in ["cy", "eve", "", "Ann", "ann "] {
            check(name, 1, ours, jan, &[], 0, &[&format!("{name} is no approver")]);
        }
    }

    #[test]
    fn alone_everything_is_allowed_and_said_to_be() {
        let alone = Control::default();
        let none = BTreeSet::from(["ann".to_owned()]);
        let entry =
            Entry { amount: usd(1), accounts: &none, period: "2026-01", prepared_by: &none, approved_today: usd(0) };
        assert!(alone.against_approval("ann", &entry).is_empty());
        assert_eq!(alone.words(), "one person does everything");
    }

    #[test]
    fn rules_that_nobody_can_meet_are_refused() {
        let text = |rest: &str| toml::from_str::<Control>(rest).unwrap().check();
        assert_eq!(text("[[people]]\nname = \"ann\"\nroles = [\"approver\"]"), Err(SettingsError::NobodyApproves));
        assert!(text("[[people]]\nname = \" \"\nroles = []").is_err());
        let bad = "[[people]]\nname = \"ann\"\nroles = [\"approver\", \"reviewer\"]\nlimit = \"-1.00\"";
        assert!(matches!(text(bad), Err(SettingsError::NotAnAmount { .. })));
    }
}
