//! Money that is no customer's payment, and undeposited receipts taken to the bank (reference/intacct.md 3.3).

use super::receivables::{CUSTOM_FIELDS, LINE_ITEM, RATE_ALONE};
use super::table::{Function, attribute, day_parts, group, many, need, not_both, one_of, rows, text};

/// Its `payee` really is the payer. A base currency has no place here.
pub const RECORD_OTHER_RECEIPT: Function = Function::legacy(
    "record_otherreceipt",
    &[
        need(day_parts("paymentdate")),
        need(text("payee")),
        need(day_parts("receiveddate")),
        need(text("paymentmethod")),
        text("undepglaccountno"),
        text("bankaccountid"),
        one_of(&["bankaccountid", "undepglaccountno"]),
        day_parts("depositdate"),
        not_both(&["depositdate", "undepglaccountno"]),
        text("refid"),
        text("description"),
        text("supdocid"),
        rows(RATE_ALONE),
        CUSTOM_FIELDS,
        need(group("receiptitems", &[need(many(group("lineitem", LINE_ITEM)))])),
    ],
);

pub const DELETE_OTHER_RECEIPT: Function = Function::legacy("delete_otherreceipt", &[need(attribute("key"))]);

pub const CREATE_DEPOSIT: Function = Function::legacy(
    "record_deposit",
    &[
        need(text("bankaccountid")),
        need(day_parts("depositdate")),
        need(text("depositid")),
        need(group("receiptkeys", &[need(many(text("receiptkey")))])),
        text("description"),
        text("supdocid"),
        CUSTOM_FIELDS,
    ],
);
