//! Journal entries (reference/intacct.md 3.1). A generic object, in the order of Sage's SDK. In the general ledger the
//! dimensions are DEPARTMENT and LOCATION, without ID; only a split has DEPARTMENTID and LOCATIONID.

use super::table::{Function, Part, day, group, many, need, not_both, own_fields, text};

const GLENTRY: &[Part] = &[
    text("DOCUMENT"),
    need(text("ACCOUNTNO")),
    text("CURRENCY"),
    need(text("TR_TYPE")),
    need(text("TRX_AMOUNT")),
    day("EXCH_RATE_DATE"),
    text("EXCH_RATE_TYPE_ID"),
    text("EXCHANGE_RATE"),
    not_both(&["EXCH_RATE_TYPE_ID", "EXCHANGE_RATE"]),
    text("DESCRIPTION"),
    text("ALLOCATION"),
    text("DEPARTMENT"),
    text("LOCATION"),
    text("PROJECTID"),
    text("TASKID"),
    text("COSTTYPEID"),
    text("CUSTOMERID"),
    text("VENDORID"),
    text("EMPLOYEEID"),
    text("ITEMID"),
    text("CLASSID"),
    text("CONTRACTID"),
    text("WAREHOUSEID"),
    text("BILLABLE"),
    many(group("SPLIT", &[need(text("AMOUNT")), text("DEPARTMENTID"), text("LOCATIONID")])),
    own_fields(),
];

const HEADER: &[Part] = &[
    text("HISTORY_COMMENT"),
    text("REFERENCENO"),
    text("BASELOCATION_NO"),
    text("SUPDOCID"),
    text("STATE"),
    own_fields(),
];

const ENTRIES: Part = need(group("ENTRIES", &[need(many(group("GLENTRY", GLENTRY)))]));

pub const CREATE_GLBATCH: Function = Function::generic(
    "create",
    "GLBATCH",
    &[
        need(text("JOURNAL")),
        need(day("BATCH_DATE")),
        day("REVERSEDATE"),
        need(text("BATCH_TITLE")),
        super::table::rows(HEADER),
        ENTRIES,
    ],
);

/// Lines that are left out are deleted: an update always carries all of them.
pub const UPDATE_GLBATCH: Function = Function::generic(
    "update",
    "GLBATCH",
    &[need(text("RECORDNO")), need(day("BATCH_DATE")), need(text("BATCH_TITLE")), super::table::rows(HEADER), ENTRIES],
);

/// For generic objects, by RECORDNO.
pub const DELETE_RECORDS: Function = Function::legacy("delete", &[need(text("object")), need(text("keys"))]);
