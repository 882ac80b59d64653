//! What each function of the gateway looks like, as tables: its elements in the one order its grammar accepts
//! (reference/intacct.md 0.1 and 3), each with what may stand in it.
//!
//! A [`Content`] holds what is to be said, in any order. The table writes it in its own order and refuses a name it
//! does not have, a required one that is missing and two where one is allowed: so no function is written from memory.
//!
//! The tables: `reads`, `ledger`, `receivables`, `cash`, `orders`, `masters`.

mod cash;
mod content;
mod ledger;
mod masters;
mod orders;
mod reads;
mod receivables;
mod table;

pub use cash::{CREATE_DEPOSIT, DELETE_OTHER_RECEIPT, RECORD_OTHER_RECEIPT};
pub use content::Content;
pub use ledger::{CREATE_GLBATCH, DELETE_RECORDS, UPDATE_GLBATCH};
pub use masters::{
    CREATE_CONTACT, CREATE_CUSTOMER, CREATE_ITEM, CREATE_SUPDOC, CREATE_SUPDOC_FOLDER, CREATE_WAREHOUSE,
    DELETE_CUSTOMER, UPDATE_CONTACT, UPDATE_CUSTOMER, UPDATE_ITEM, UPDATE_SUPDOC,
};
pub use orders::{CREATE_IC_TRANSACTION, CREATE_SO_TRANSACTION, DELETE_SO_TRANSACTION, UPDATE_SO_TRANSACTION};
pub use reads::{
    GET_API_SESSION, GET_CLOSED_BOOKS_DATE, GET_COMPANY_PREFS, GET_FINANCIAL_SETUP, GET_ITEM_TOTALS, GET_LIST, INSPECT,
    LOOKUP, READ, READ_BY_NAME, READ_BY_QUERY, READ_MORE, READ_RELATED,
};
pub use receivables::{
    APPLY_AR_PAYMENT, CREATE_AR_ADJUSTMENT, CREATE_AR_PAYMENT, CREATE_AR_PAYMENT_BATCH, CREATE_ARADVANCE,
    CREATE_ARPYMT, CREATE_INVOICE, DELETE_AR_PAYMENT, DELETE_INVOICE, REVERSE_AR_PAYMENT, REVERSE_INVOICE,
    UPDATE_ARPYMT,
};
#[cfg(test)]
pub(crate) use table::Kind;
pub use table::{Function, Part, ShapeError};

/// Every function there is a table of.
pub const FUNCTIONS: &[&Function] = &[
    &GET_API_SESSION,
    &LOOKUP,
    &INSPECT,
    &READ,
    &READ_BY_NAME,
    &READ_BY_QUERY,
    &READ_MORE,
    &READ_RELATED,
    &GET_LIST,
    &GET_COMPANY_PREFS,
    &GET_CLOSED_BOOKS_DATE,
    &GET_FINANCIAL_SETUP,
    &GET_ITEM_TOTALS,
    &CREATE_GLBATCH,
    &UPDATE_GLBATCH,
    &DELETE_RECORDS,
    &CREATE_INVOICE,
    &REVERSE_INVOICE,
    &DELETE_INVOICE,
    &CREATE_AR_ADJUSTMENT,
    &CREATE_AR_PAYMENT,
    &APPLY_AR_PAYMENT,
    &REVERSE_AR_PAYMENT,
    &DELETE_AR_PAYMENT,
    &CREATE_AR_PAYMENT_BATCH,
    &CREATE_ARPYMT,
    &UPDATE_ARPYMT,
    &CREATE_ARADVANCE,
    &RECORD_OTHER_RECEIPT,
    &DELETE_OTHER_RECEIPT,
    &CREATE_DEPOSIT,
    &CREATE_SO_TRANSACTION,
    &UPDATE_SO_TRANSACTION,
    &DELETE_SO_TRANSACTION,
    &CREATE_IC_TRANSACTION,
    &CREATE_CUSTOMER,
    &UPDATE_CUSTOMER,
    &DELETE_CUSTOMER,
    &CREATE_CONTACT,
    &UPDATE_CONTACT,
    &CREATE_ITEM,
    &UPDATE_ITEM,
    &CREATE_WAREHOUSE,
    &CREATE_SUPDOC,
    &UPDATE_SUPDOC,
    &CREATE_SUPDOC_FOLDER,
];
