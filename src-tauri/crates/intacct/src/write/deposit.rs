//! Undeposited receipts taken to the bank together (record_deposit).

use super::lines::required;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::Deposit;

pub(super) fn deposit(deposit: &Deposit, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("deposit {}", deposit.number);
    required(&document, "bank account", &deposit.bank)?;
    if deposit.receipts.is_empty() {
        return Err(BuildError::Missing { document, field: "receipt" });
    }
    out.group("record_deposit", |out| {
        out.text("bankaccountid", &deposit.bank);
        out.date_parts("depositdate", deposit.on);
        out.text("depositid", &deposit.number);
        out.group("receiptkeys", |out| deposit.receipts.iter().for_each(|it| out.text("receiptkey", it)));
        out.text("description", &marked(&deposit.description, &deposit.number));
    });
    Ok(())
}
