//! A journal entry (GLBATCH). TR_TYPE 1 is a debit, -1 a credit, and TRX_AMOUNT is never negative. In the general
//! ledger the dimensions are LOCATION and DEPARTMENT, without ID (reference/intacct.md 3.1).

use super::lines::required;
use super::links::Links;
use super::{BuildError, marked};
use crate::xml::XmlWriter;
use tieout_domain::JournalEntry;

pub(super) fn journal_entry(entry: &JournalEntry, links: &Links, out: &mut XmlWriter) -> Result<(), BuildError> {
    let document = format!("journal entry {}", entry.reference());
    required(&document, "journal", entry.journal())?;
    let foreign = entry.currency() != links.base_currency;
    let rate = entry.rate().filter(|_| foreign).map(|it| it.rate().normalize().to_string());
    let rate_type = entry.rate_type().filter(|_| foreign && rate.is_none());
    if foreign && rate.is_none() && rate_type.is_none() {
        return Err(BuildError::NoRateType { document, currency: entry.currency(), base: links.base_currency });
    }
    out.group("create", |out| {
        out.group("GLBATCH", |out| {
            out.text("JOURNAL", entry.journal());
            out.date("BATCH_DATE", entry.on());
            out.text("BATCH_TITLE", &marked(entry.title(), entry.reference()));
            out.text("REFERENCENO", entry.reference());
            out.group("ENTRIES", |out| {
                for line in entry.lines() {
                    out.group("GLENTRY", |out| {
                        out.text("DOCUMENT", entry.reference());
                        out.text("ACCOUNTNO", &line.account);
                        if links.multi_currency || foreign {
                            out.text("CURRENCY", entry.currency().code());
                        }
                        out.text("TR_TYPE", if line.amount.is_negative() { "-1" } else { "1" });
                        out.money("TRX_AMOUNT", line.amount.abs());
                        out.optional("EXCH_RATE_TYPE_ID", rate_type);
                        out.optional("EXCHANGE_RATE", rate.as_deref());
                        out.text("DESCRIPTION", &line.memo);
                        out.text("DEPARTMENT", &line.dimensions.department);
                        out.text("LOCATION", &line.dimensions.location);
                        out.text("CUSTOMERID", &line.dimensions.customer);
                        out.text("ITEMID", &line.dimensions.item);
                        out.text("CLASSID", &line.dimensions.class);
                    });
                }
            });
        });
    });
    Ok(())
}
