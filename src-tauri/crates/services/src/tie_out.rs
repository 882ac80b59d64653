//! The proof as a report: per clearing account and currency, ledger less store is timing and exceptions, and what remains
//! is unexplained.

use crate::company::Company;
use crate::error::ServiceError;
use crate::proof::{AccountProof, Figures, Proof};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use tieout_money::Totals;

/// Amounts are texts with the currency's decimals, debit positive; what each is stands at [`Figures`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountTieOut {
    pub account: String,
    pub currency: String,
    pub ledger: String,
    pub store: String,
    pub timing: String,
    pub exceptions_store: String,
    pub exceptions_ledger: String,
    pub variance: String,
    pub unexplained: String,
    pub ties: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TieOut {
    pub from: Date,
    pub to: Date,
    pub accounts: Vec<AccountTieOut>,
    /// By currency.
    pub unexplained: BTreeMap<String, String>,
}

/// Both days included.
pub fn tie_out(company: &Company, from: Date, to: Date) -> Result<TieOut, ServiceError> {
    let proof = Proof::read(company)?;
    let within = |day: Date| from <= day && day <= to;
    let mut accounts = Vec::new();
    let mut unexplained = Totals::new();
    for of in &proof.accounts {
        let figures = proof.figures(of, &within)?;
        unexplained.add(figures.unexplained)?;
        accounts.push(view(of, &figures));
    }
    let unexplained = unexplained.iter().map(|it| (it.currency().to_string(), it.amount_text())).collect();
    Ok(TieOut { from, to, accounts, unexplained })
}

fn view(of: &AccountProof, figures: &Figures) -> AccountTieOut {
    AccountTieOut {
        account: of.account.clone(),
        currency: of.currency.to_string(),
        ledger: figures.ledger.amount_text(),
        store: figures.store.amount_text(),
        timing: figures.timing.amount_text(),
        exceptions_store: figures.exceptions_store.amount_text(),
        exceptions_ledger: figures.exceptions_ledger.amount_text(),
        variance: figures.variance.amount_text(),
        unexplained: figures.unexplained.amount_text(),
        ties: figures.unexplained.is_zero(),
    }
}
