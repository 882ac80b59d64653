//! The ways a document gets into the books. Each checks everything first and only then writes, so that a refusal
//! leaves nothing behind.

pub mod advance;
pub mod deposit;
pub mod journal;
pub mod other_receipt;
pub mod payment;
pub mod receivable;
pub mod reverse;
pub mod sales;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::company::Company;
use super::errors::{GatewayError, Refusal};
use super::gl::Leg;
use super::records::*;
use super::text::cents;

/// A line of an invoice, adjustment, advance or other receipt before it is posted.
#[derive(Clone, Debug, Default)]
pub struct NewLine {
    pub account: Option<String>,
    pub account_label: Option<String>,
    pub amount: Decimal,
    pub memo: String,
    pub dimensions: Dimensions,
}

impl NewLine {
    pub fn new(account: &str, amount: Decimal) -> Self {
        NewLine { account: Some(account.to_owned()), amount, ..NewLine::default() }
    }

    pub fn with(mut self, dimensions: Dimensions) -> Self {
        self.dimensions = dimensions;
        self
    }

    pub fn memo(mut self, memo: &str) -> Self {
        self.memo = memo.to_owned();
        self
    }
}

impl Company {
    /// Lines with their accounts found, dimensions checked, amounts rounded and base amounts computed.
    pub(crate) fn priced_lines(&self, lines: &[NewLine], terms: &CurrencyTerms) -> Result<Vec<ArLine>, Refusal> {
        if lines.is_empty() {
            return Err(Refusal::business("At least one line item is required."));
        }
        let mut out = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let account = self.line_account(line.account.as_deref(), line.account_label.as_deref())?;
            self.check_dimensions(&account, &line.dimensions)?;
            let trx_amount = cents(line.amount);
            out.push(ArLine {
                record_no: 0,
                line_no: at as u32 + 1,
                account,
                account_label: line.account_label.clone(),
                trx_amount,
                amount: cents(trx_amount * terms.rate),
                memo: line.memo.clone(),
                dimensions: line.dimensions.clone(),
                trx_paid: Decimal::ZERO,
            });
        }
        Ok(out)
    }

    pub(crate) fn number_lines(&mut self, lines: &mut [ArLine]) {
        for line in lines {
            line.record_no = self.next_line();
        }
    }

    /// The ledger account, currency rule and dimensions of where a receipt's money goes.
    pub(crate) fn money_account(&self, place: &MoneyPlace, terms: &CurrencyTerms) -> Result<String, Refusal> {
        match place {
            MoneyPlace::Bank(id) => {
                let bank = self.bank(id)?;
                if bank.currency != terms.currency && bank.currency != self.base_currency {
                    return Err(Refusal::business(format!(
                        "Currency {} does not match the currency {} of bank account '{id}'",
                        terms.currency, bank.currency
                    )));
                }
                Ok(self.account(&bank.gl_account)?.no.clone())
            }
            MoneyPlace::Undeposited(account) => {
                if terms.currency != self.base_currency {
                    return Err(Refusal::one(
                        GatewayError::new(
                            "BL02000051",
                            "Undeposited funds account cannot be used for a payment in a foreign currency.",
                        )
                        .correct("Use a bank account in the currency of the payment."),
                    ));
                }
                Ok(self.account(account)?.no.clone())
            }
        }
    }

    /// The debit that puts a receipt's money where it goes: in the bank's currency, so a foreign receipt in a base
    /// bank is a base amount.
    pub(crate) fn money_leg(
        &self,
        place: &MoneyPlace,
        account: &str,
        trx: Decimal,
        base: Decimal,
        terms: &CurrencyTerms,
    ) -> Leg {
        let in_base = match place {
            MoneyPlace::Bank(id) => self.bank(id).is_ok_and(|bank| bank.currency != terms.currency),
            MoneyPlace::Undeposited(_) => false,
        };
        if in_base {
            Leg::signed(Side::Debit, account, base, base, &self.base_terms())
        } else {
            Leg::signed(Side::Debit, account, trx, base, terms)
        }
    }

    pub(crate) fn base_terms(&self) -> CurrencyTerms {
        CurrencyTerms { currency: self.base_currency.clone(), rate: Decimal::ONE, rate_type: None, rate_date: None }
    }

    pub(crate) fn check_payment_method(method: &str) -> Result<(), Refusal> {
        const METHODS: [&str; 7] = [
            "Printed Check",
            "Cash",
            "EFT",
            "Credit Card",
            "Online Charge Card",
            "Online ACH Debit",
            "Record Transfer",
        ];
        if METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
            Ok(())
        } else if method.is_empty() {
            Err(Refusal::missing("PAYMENTMETHOD"))
        } else {
            Err(Refusal::not_valid("Payment method", method))
        }
    }

    pub(crate) fn due_date(
        &self,
        term: Option<&str>,
        created: Date,
        due: Option<Date>,
    ) -> Result<Option<Date>, Refusal> {
        if let Some(due) = due {
            if due < created {
                return Err(Refusal::business("Date Due cannot be earlier than date of transaction"));
            }
            return Ok(Some(due));
        }
        let Some(name) = term else { return Ok(None) };
        let term = self.terms.get(name).ok_or_else(|| Refusal::not_valid("Term", name))?;
        Ok(created.checked_add(jiff::Span::new().days(term.due_days)).ok())
    }
}
