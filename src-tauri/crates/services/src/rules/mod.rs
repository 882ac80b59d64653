//! The accountant's rules in force, with all they have to know of a company: where its gateways' money waits, what was learned,
//! what a person took apart, and what differences were accepted before.

mod book;
mod nearest;
mod what_if;

pub(crate) use book::{RuleBook, settled_pairs};
pub use nearest::{Nearest, nearest};
pub use what_if::{ChangedMatch, Decided, Regression, TriedMatch, WhatIf, what_if, what_if_now, what_if_over};

use crate::company::Company;
use crate::error::ServiceError;
use jiff::Timestamp;
use tieout_matching::rules::Rules;

/// What an empty list of rules starts from.
pub const STARTER_RULES: &str = include_str!("starter_rules.toml");

/// The text in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesText {
    /// 0 where none was ever saved; the text is then the one to start from.
    pub version: u32,
    pub text: String,
    pub saved: Option<(Timestamp, String)>,
}

pub fn rules_text(company: &Company) -> Result<RulesText, ServiceError> {
    let current = company.store.read(|reader| reader.rules())?;
    Ok(match current {
        Some(it) => RulesText { version: it.version, text: it.text, saved: Some((it.at, it.by)) },
        None => RulesText { version: 0, text: STARTER_RULES.to_owned(), saved: None },
    })
}

/// Puts rules in force as a new version; the next matching run goes by them. A text with anything wrong in it changes nothing.
pub fn save_rules(company: &Company, by: &str, text: &str, reason: &str) -> Result<u32, ServiceError> {
    Rules::parse(text).map_err(ServiceError::Rules)?;
    Ok(company.store.write(by, company.now(), |tx| tx.save_rules(text, reason))?)
}
