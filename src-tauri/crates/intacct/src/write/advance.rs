//! A customer's money before any invoice (ARADVANCE).

use super::lines::{Rate, account_of, required};
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::{Advance, DepositTo};

pub(super) fn advance(advance: &Advance, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("advance {}", advance.reference);
    required(&document, "customer", &advance.customer_id)?;
    required(&document, "payment method", &advance.payment_method)?;
    required(&document, "bank or undeposited funds account", account_of(&advance.deposit_to))?;
    required(&document, "account of customer deposits", &advance.liability_account)?;
    let rate = Rate::of(|| document, advance.amount.currency(), advance.rate_type.as_deref(), links)?;
    out.group("create", |out| {
        out.group("ARADVANCE", |out| {
            out.text("CUSTOMERID", &advance.customer_id);
            out.text("PAYMENTMETHOD", &advance.payment_method);
            out.date("PAYMENTDATE", advance.on);
            out.date("RECEIPTDATE", advance.on);
            match &advance.deposit_to {
                DepositTo::Bank(id) => out.text("FINANCIALENTITY", id),
                DepositTo::Undeposited(account) => out.text("UNDEPOSITEDACCOUNTNO", account),
            }
            out.text("DOCNUMBER", &advance.reference);
            out.text("DESCRIPTION", &marked(&advance.description, &advance.reference));
            out.text("CURRENCY", rate.currency.code());
            out.optional("EXCH_RATE_TYPE_ID", rate.rate_type);
            out.group("ARADVANCEITEMS", |out| {
                out.group("ARADVANCEITEM", |out| {
                    out.text("ACCOUNTNO", &advance.liability_account);
                    out.money("TRX_AMOUNT", advance.amount);
                    out.text("ENTRYDESCRIPTION", &advance.description);
                    out.text("LOCATIONID", &advance.dimensions.location);
                    out.text("DEPARTMENTID", &advance.dimensions.department);
                    out.text("CUSTOMERID", &advance.dimensions.customer);
                    out.text("ITEMID", &advance.dimensions.item);
                    out.text("CLASSID", &advance.dimensions.class);
                });
            });
        });
    });
    Ok(())
}
