//! Order Entry and inventory documents (reference/intacct.md 3.5). A conversion, order to invoice, is a creation whose
//! `createdfrom` names the source document and whose lines name the source's lines (`sourcelinekey`).

use super::receivables::{CONTACT, CUSTOM_FIELDS, RATE};
use super::table::{Function, Part, attribute, day_parts, group, many, need, not_both, rows, text};

const ITEM_DETAILS: Part = group(
    "itemdetails",
    &[many(group(
        "itemdetail",
        &[
            text("componentid"),
            text("quantity"),
            text("serialno"),
            text("lotno"),
            not_both(&["serialno", "lotno"]),
            text("aisle"),
            text("row"),
            text("bin"),
            day_parts("itemexpiration"),
        ],
    ))],
);

const FULFILLMENT: Part =
    group("fulfillmentstatus", &[text("deliverystatus"), day_parts("deliverydate"), text("deferralstatus")]);

/// What follows a line's memo.
const LINE_END: &[Part] = &[
    ITEM_DETAILS,
    CUSTOM_FIELDS,
    text("revrectemplate"),
    day_parts("revrecstartdate"),
    day_parts("revrecenddate"),
    text("renewalmacro"),
    text("projectid"),
    text("customerid"),
    text("vendorid"),
    text("employeeid"),
    text("classid"),
    text("contractid"),
    FULFILLMENT,
    text("taskno"),
    text("billingtemplate"),
    text("dropship"),
    group("shipto", CONTACT),
];

const LINE: &[Part] = &[
    text("bundlenumber"),
    need(text("itemid")),
    text("itemdesc"),
    text("taxable"),
    text("warehouseid"),
    need(text("quantity")),
    text("unit"),
    text("linelevelsimpletaxtype"),
    text("discountpercent"),
    text("price"),
    text("sourcelinekey"),
    text("discsurchargememo"),
    text("locationid"),
    text("departmentid"),
    text("memo"),
    rows(LINE_END),
];

/// A line that is there already: counted from 1, though it is read counted from 0 (reference/intacct.md 0.10).
const UPDATED_LINE: &[Part] = &[
    need(attribute("line_num")),
    text("bundlenumber"),
    text("itemid"),
    text("itemdesc"),
    text("taxable"),
    text("warehouseid"),
    text("quantity"),
    text("unit"),
    text("linelevelsimpletaxtype"),
    text("discountpercent"),
    text("price"),
    text("discsurchargememo"),
    text("locationid"),
    text("departmentid"),
    text("memo"),
    rows(LINE_END),
];

/// Its description is one of the transaction definition's.
const SUBTOTAL: &[Part] = &[
    need(text("description")),
    need(text("total")),
    text("absval"),
    text("percentval"),
    text("locationid"),
    text("departmentid"),
    text("projectid"),
    text("customerid"),
    text("vendorid"),
    text("employeeid"),
    text("classid"),
    text("itemid"),
    text("contractid"),
    CUSTOM_FIELDS,
];

const SUBTOTALS: Part = group("subtotals", &[need(many(group("subtotal", SUBTOTAL)))]);

/// Newer than the published schema. UNVERIFIED: their places, taken from the reference's table of 2025.
const NEWER: &[Part] = &[
    day_parts("needbydate"),
    day_parts("shipbydate"),
    text("trackingnumber"),
    day_parts("shippeddate"),
    text("customerponumber"),
    text("taxsolutionid"),
];

pub const CREATE_SO_TRANSACTION: Function = Function::legacy(
    "create_sotransaction",
    &[
        need(text("transactiontype")),
        need(day_parts("datecreated")),
        day_parts("dateposted"),
        text("createdfrom"),
        need(text("customerid")),
        text("documentno"),
        day_parts("origdocdate"),
        text("referenceno"),
        text("termname"),
        day_parts("datedue"),
        text("message"),
        text("shippingmethod"),
        group("shipto", CONTACT),
        group("billto", CONTACT),
        text("supdocid"),
        text("externalid"),
        rows(RATE),
        text("vsoepricelist"),
        CUSTOM_FIELDS,
        text("state"),
        text("projectid"),
        rows(NEWER),
        need(group("sotransitems", &[need(many(group("sotransitem", LINE)))])),
        SUBTOTALS,
    ],
);

/// Not for documents that are in progress or converted. New lines go behind the old ones.
pub const UPDATE_SO_TRANSACTION: Function = Function::legacy(
    "update_sotransaction",
    &[
        need(attribute("key")),
        attribute("disablevalidation"),
        day_parts("datecreated"),
        day_parts("dateposted"),
        text("referenceno"),
        text("termname"),
        day_parts("datedue"),
        day_parts("origdocdate"),
        text("message"),
        text("shippingmethod"),
        group("shipto", CONTACT),
        group("billto", CONTACT),
        text("supdocid"),
        text("externalid"),
        rows(RATE),
        text("vsoepricelist"),
        CUSTOM_FIELDS,
        text("state"),
        text("projectid"),
        rows(NEWER),
        group(
            "updatesotransitems",
            &[many(group("updatesotransitem", UPDATED_LINE)), many(group("sotransitem", LINE))],
        ),
        group("updatesubtotals", &[need(many(group("updatesubtotal", SUBTOTAL)))]),
    ],
);

pub const DELETE_SO_TRANSACTION: Function = Function::legacy("delete_sotransaction", &[need(attribute("key"))]);

pub const CREATE_IC_TRANSACTION: Function = Function::legacy(
    "create_ictransaction",
    &[
        need(text("transactiontype")),
        need(day_parts("datecreated")),
        text("createdfrom"),
        text("documentno"),
        text("referenceno"),
        text("message"),
        text("externalid"),
        text("basecurr"),
        CUSTOM_FIELDS,
        text("state"),
        need(group("ictransitems", &[need(many(group("ictransitem", IC_LINE)))])),
        SUBTOTALS,
    ],
);

const IC_LINE: &[Part] = &[
    need(text("itemid")),
    text("itemdesc"),
    need(text("warehouseid")),
    need(text("quantity")),
    text("unit"),
    text("cost"),
    text("sourcelinekey"),
    text("locationid"),
    text("departmentid"),
    ITEM_DETAILS,
    CUSTOM_FIELDS,
    text("projectid"),
    text("customerid"),
    text("vendorid"),
    text("employeeid"),
    text("classid"),
    text("contractid"),
];
