//! A journal entry (GLBATCH). TR_TYPE 1 is a debit, -1 a credit, and TRX_AMOUNT is never negative. In the general
//! ledger the dimensions are LOCATION and DEPARTMENT, without ID (reference/intacct.md 3.1).

use super::lines::required;
use super::links::Links;
use super::{BuildError, Written, marked};
use crate::shape::{CREATE_GLBATCH, Content};
use tieout_domain::JournalEntry;
use tieout_money::Currency;

pub(super) fn journal_entry(entry: &JournalEntry, links: &Links) -> Result<Written, BuildError> {
    let document = format!("journal entry {}", entry.reference());
    required(&document, "journal", entry.journal())?;
    let foreign = entry.currency() != links.base_currency;
    let rate = entry.rate().filter(|_| foreign).map(|it| it.rate().normalize().to_string());
    let rate_type = entry.rate_type().filter(|_| foreign && rate.is_none());
    if foreign && rate.is_none() && rate_type.is_none() {
        return Err(BuildError::NoRateType { document, currency: entry.currency(), base: links.base_currency });
    }
    let currency = Some(entry.currency()).filter(|_| links.multi_currency || foreign);
    let lines = entry.lines().iter().map(|line| {
        Content::new()
            .text("DOCUMENT", entry.reference())
            .text("ACCOUNTNO", &line.account)
            .optional("CURRENCY", currency.as_ref().map(Currency::code))
            .text("TR_TYPE", if line.amount.is_negative() { "-1" } else { "1" })
            .money("TRX_AMOUNT", line.amount.abs())
            .optional("EXCH_RATE_TYPE_ID", rate_type)
            .optional("EXCHANGE_RATE", rate.as_deref())
            .text("DESCRIPTION", &line.memo)
            .text("DEPARTMENT", &line.dimensions.department)
            .text("LOCATION", &line.dimensions.location)
            .text("CUSTOMERID", &line.dimensions.customer)
            .text("ITEMID", &line.dimensions.item)
            .text("CLASSID", &line.dimensions.class)
    });
    let content = Content::new()
        .text("JOURNAL", entry.journal())
        .day("BATCH_DATE", entry.on())
        .text("BATCH_TITLE", &marked(entry.title(), entry.reference()))
        .text("REFERENCENO", entry.reference())
        .group("ENTRIES", Content::new().each("GLENTRY", lines));
    Ok((&CREATE_GLBATCH, content))
}
