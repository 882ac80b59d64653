//! Customers, contacts, items, warehouses and attachments (reference/intacct.md 3.6). Generic objects in the order of
//! Sage's SDK; attachments are legacy functions.

use super::table::{Function, Part, attribute, group, many, need, own_fields, rows, text};

const ADDRESS: Part = group(
    "MAILADDRESS",
    &[
        text("ADDRESS1"),
        text("ADDRESS2"),
        text("ADDRESS3"),
        text("CITY"),
        text("STATE"),
        text("ZIP"),
        text("COUNTRY"),
        // Needed beside the name where the company has ISO codes enabled.
        text("COUNTRYCODE"),
    ],
);

const PERSON: &[Part] = &[
    text("PRINTAS"),
    text("COMPANYNAME"),
    text("TAXABLE"),
    text("TAXGROUP"),
    text("PREFIX"),
    text("FIRSTNAME"),
    text("LASTNAME"),
    text("INITIAL"),
    text("PHONE1"),
    text("PHONE2"),
    text("CELLPHONE"),
    text("PAGER"),
    text("FAX"),
    text("EMAIL1"),
    text("EMAIL2"),
    text("URL1"),
    text("URL2"),
    text("STATUS"),
    ADDRESS,
    own_fields(),
];

const CONTACT_NAME: &[Part] = &[need(text("CONTACTNAME"))];

const CUSTOMER: &[Part] = &[
    group("DISPLAYCONTACT", PERSON),
    text("ONETIME"),
    text("STATUS"),
    text("HIDEDISPLAYCONTACT"),
    text("CUSTTYPE"),
    text("CUSTREPID"),
    text("PARENTID"),
    text("GLGROUP"),
    text("TERRITORYID"),
    text("SUPDOCID"),
    text("TERMNAME"),
    text("OFFSETGLACCOUNTNO"),
    text("ARACCOUNT"),
    text("SHIPPINGMETHOD"),
    text("RESALENO"),
    text("TAXID"),
    text("CREDITLIMIT"),
    text("ONHOLD"),
    // The SDK writes DELIVERYOPTIONS; the reference of the API names it so.
    text("DELIVERY_OPTIONS"),
    text("CUSTMESSAGEID"),
    text("COMMENTS"),
    text("CURRENCY"),
    text("ARINVOICEPRINTTEMPLATEID"),
    text("OEQUOTEPRINTTEMPLATEID"),
    text("OEORDERPRINTTEMPLATEID"),
    text("OELISTPRINTTEMPLATEID"),
    text("OEINVOICEPRINTTEMPLATEID"),
    text("OEADJPRINTTEMPLATEID"),
    text("OEOTHERPRINTTEMPLATEID"),
    group("CONTACTINFO", CONTACT_NAME),
    group("BILLTO", CONTACT_NAME),
    group("SHIPTO", CONTACT_NAME),
    text("OBJECTRESTRICTION"),
    text("RESTRICTEDLOCATIONS"),
    text("RESTRICTEDDEPARTMENTS"),
    own_fields(),
];

/// Without an id where the company numbers its customers itself.
pub const CREATE_CUSTOMER: Function =
    Function::generic("create", "CUSTOMER", &[text("CUSTOMERID"), need(text("NAME")), rows(CUSTOMER)]);

pub const UPDATE_CUSTOMER: Function =
    Function::generic("update", "CUSTOMER", &[text("RECORDNO"), text("CUSTOMERID"), text("NAME"), rows(CUSTOMER)]);

pub const DELETE_CUSTOMER: Function = Function::legacy("delete_customer", &[need(attribute("customerid"))]);

/// Contact names are unique in the whole company.
pub const CREATE_CONTACT: Function = Function::generic("create", "CONTACT", &[need(text("CONTACTNAME")), rows(PERSON)]);

pub const UPDATE_CONTACT: Function =
    Function::generic("update", "CONTACT", &[text("RECORDNO"), text("CONTACTNAME"), rows(PERSON)]);

const ITEM: &[Part] = &[
    text("STATUS"),
    text("ITEMTYPE"),
    text("PRODUCTLINEID"),
    text("COST_METHOD"),
    text("EXTENDED_DESCRIPTION"),
    text("PODESCRIPTION"),
    text("SODESCRIPTION"),
    text("UOMGRP"),
    text("NOTE"),
    text("GLGROUP"),
    text("STANDARD_COST"),
    text("BASEPRICE"),
    text("TAXABLE"),
    group("TAXGROUP", &[need(text("NAME"))]),
    text("UPC"),
    text("SO_PRECISION"),
    text("WEBENABLED"),
    text("WEBNAME"),
    text("WEBSHORTDESC"),
    text("WEBLONGDESC"),
    own_fields(),
];

pub const CREATE_ITEM: Function =
    Function::generic("create", "ITEM", &[need(text("ITEMID")), need(text("NAME")), rows(ITEM)]);

pub const UPDATE_ITEM: Function =
    Function::generic("update", "ITEM", &[text("RECORDNO"), text("ITEMID"), text("NAME"), rows(ITEM)]);

pub const CREATE_WAREHOUSE: Function = Function::generic(
    "create",
    "WAREHOUSE",
    &[
        need(text("WAREHOUSEID")),
        need(text("NAME")),
        group("LOC", &[need(text("LOCATIONID"))]),
        text("STATUS"),
        own_fields(),
    ],
);

/// `attachmentname` without the ending, `attachmenttype` the ending, `attachmentdata` base64.
const SUPDOC: &[Part] = &[
    need(text("supdocid")),
    text("supdocname"),
    text("supdocfoldername"),
    text("supdocdescription"),
    group(
        "attachments",
        &[need(many(group(
            "attachment",
            &[need(text("attachmentname")), need(text("attachmenttype")), need(text("attachmentdata"))],
        )))],
    ),
];

pub const CREATE_SUPDOC: Function = Function::legacy("create_supdoc", SUPDOC);
/// Only ever adds files.
pub const UPDATE_SUPDOC: Function = Function::legacy("update_supdoc", SUPDOC);

pub const CREATE_SUPDOC_FOLDER: Function = Function::legacy(
    "create_supdocfolder",
    &[need(text("supdocfoldername")), text("supdocfolderdescription"), text("supdocparentfoldername")],
);
