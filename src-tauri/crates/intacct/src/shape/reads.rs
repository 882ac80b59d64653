//! Questions. The four generic ones take their elements in any order; the order here is that of Sage's own SDK.
//! `query` is not here: it has a grammar of its own (`crate::query`).

use super::table::{Function, Part, attribute, group, many, need, one_of, text};

pub const GET_API_SESSION: Function = Function::legacy("getAPISession", &[text("locationid")]);

pub const LOOKUP: Function = Function::legacy("lookup", &[need(text("object"))]);

pub const INSPECT: Function =
    Function::legacy("inspect", &[attribute("detail"), text("object"), text("name"), one_of(&["object", "name"])]);

/// Keys and fields with commas between them, `*` for every field.
pub const READ: Function = Function::legacy("read", READING);
pub const READ_BY_NAME: Function = Function::legacy("readByName", READING);

const READING: &[Part] =
    &[need(text("object")), need(text("keys")), text("fields"), text("returnFormat"), text("docparid")];

pub const READ_BY_QUERY: Function = Function::legacy(
    "readByQuery",
    &[
        need(text("object")),
        need(text("query")),
        text("fields"),
        text("pagesize"),
        text("returnFormat"),
        text("docparid"),
    ],
);

pub const READ_MORE: Function = Function::legacy(
    "readMore",
    &[
        text("object"),
        text("view"),
        text("reportId"),
        text("resultId"),
        one_of(&["object", "view", "reportId", "resultId"]),
    ],
);

pub const READ_RELATED: Function = Function::legacy(
    "readRelated",
    &[need(text("object")), need(text("relation")), need(text("keys")), text("fields"), text("returnFormat")],
);

pub const GET_LIST: Function = Function::legacy(
    "get_list",
    &[
        need(attribute("object")),
        attribute("start"),
        attribute("maxitems"),
        attribute("showprivate"),
        group("filter", &[group("expression", &[need(text("field")), need(text("operator")), need(text("value"))])]),
        group("sorts", &[many(group("sortfield", &[need(attribute("order"))]))]),
        group("fields", &[many(text("field"))]),
    ],
);

pub const GET_COMPANY_PREFS: Function = Function::legacy("get_companyprefs", &[need(attribute("application"))]);
pub const GET_CLOSED_BOOKS_DATE: Function = Function::legacy("get_closedbooksdate", &[]);
pub const GET_FINANCIAL_SETUP: Function = Function::legacy("getFinancialSetup", &[]);
pub const GET_ITEM_TOTALS: Function = Function::legacy("get_icitemtotals", &[text("itemid"), text("warehouseid")]);
