//! Undeposited receipts taken to the bank together (record_deposit).

use super::lines::required;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_DEPOSIT, Content};
use tieout_domain::Deposit;

pub(super) fn deposit(deposit: &Deposit) -> Result<Written, BuildError> {
    let document = format!("deposit {}", deposit.number);
    required(&document, "bank account", &deposit.bank)?;
    if deposit.receipts.is_empty() {
        return Err(BuildError::Missing { document, field: "receipt" });
    }
    let content = Content::new()
        .text("bankaccountid", &deposit.bank)
        .day("depositdate", deposit.on)
        .text("depositid", &deposit.number)
        .group("receiptkeys", Content::new().texts("receiptkey", deposit.receipts.iter().map(String::as_str)))
        .text("description", &marked(&deposit.description, &deposit.number));
    Ok((&CREATE_DEPOSIT, content))
}
