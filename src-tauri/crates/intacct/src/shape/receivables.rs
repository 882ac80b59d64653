//! Invoices, adjustments, payments and advances (reference/intacct.md 3.2 and 3.4). Legacy functions are strict about
//! order; ARPYMT and ARADVANCE are generic objects, in the order of Sage's field tables.

use super::table::{
    Function, Part, attribute, day, day_parts, group, many, need, not_both, one_of, own_fields, rows, text,
};

/// If any of it is said, the currency and one rate are.
pub(super) const RATE: &[Part] = &[text("basecurr"), rows(RATE_ALONE)];

pub(super) const RATE_ALONE: &[Part] = &[
    text("currency"),
    day_parts("exchratedate"),
    text("exchratetype"),
    text("exchrate"),
    not_both(&["exchratetype", "exchrate"]),
];

pub(super) const CUSTOM_FIELDS: Part = group(
    "customfields",
    &[many(group("customfield", &[need(text("customfieldname")), need(text("customfieldvalue"))]))],
);

pub(super) const CONTACT: &[Part] = &[need(text("contactname"))];

/// `lineitem`: one order for invoices, adjustments and other receipts.
pub(super) const LINE_ITEM: &[Part] = &[
    text("accountlabel"),
    text("glaccountno"),
    one_of(&["accountlabel", "glaccountno"]),
    text("offsetglaccountno"),
    need(text("amount")),
    text("allocationid"),
    text("memo"),
    text("locationid"),
    text("departmentid"),
    text("key"),
    text("totalpaid"),
    text("totaldue"),
    CUSTOM_FIELDS,
    text("revrectemplate"),
    text("defrevaccount"),
    day_parts("revrecstartdate"),
    day_parts("revrecenddate"),
    text("projectid"),
    text("customerid"),
    text("vendorid"),
    text("employeeid"),
    text("itemid"),
    text("classid"),
    text("contractid"),
    text("warehouseid"),
    text("billable"),
    // Newer than the published schema (2020 R4).
    group("taxentries", &[many(group("taxentry", &[need(text("detailid")), text("trx_tax")]))]),
];

pub const CREATE_INVOICE: Function = Function::legacy(
    "create_invoice",
    &[
        need(text("customerid")),
        need(day_parts("datecreated")),
        day_parts("dateposted"),
        day_parts("datedue"),
        text("termname"),
        text("batchkey"),
        text("action"),
        text("invoiceno"),
        text("ponumber"),
        text("description"),
        text("externalid"),
        group("billto", CONTACT),
        group("shipto", CONTACT),
        rows(RATE),
        text("nogl"),
        text("supdocid"),
        // Newer than the published schema; in the SDK's place, before the custom fields.
        text("taxsolutionid"),
        CUSTOM_FIELDS,
        need(group("invoiceitems", &[need(many(group("lineitem", LINE_ITEM)))])),
    ],
);

const REVERSAL: &[Part] = &[need(attribute("key")), need(day_parts("datereversed")), text("description")];

pub const REVERSE_INVOICE: Function = Function::legacy("reverse_invoice", REVERSAL);
pub const DELETE_INVOICE: Function = Function::legacy("delete_invoice", &[need(attribute("key"))]);

/// A positive amount is a debit memo, a negative one a credit memo.
pub const CREATE_AR_ADJUSTMENT: Function = Function::legacy(
    "create_aradjustment",
    &[
        need(text("customerid")),
        need(day_parts("datecreated")),
        day_parts("dateposted"),
        text("batchkey"),
        text("adjustmentno"),
        text("action"),
        text("invoiceno"),
        text("description"),
        text("externalid"),
        rows(RATE),
        text("nogl"),
        need(group("aradjustmentitems", &[need(many(group("lineitem", LINE_ITEM)))])),
    ],
);

const PAYMENT_ITEM: Part = many(group("arpaymentitem", &[need(text("invoicekey")), need(text("amount"))]));

/// The older payment function. It has no element for card data here: none is ever sent.
pub const CREATE_AR_PAYMENT: Function = Function::legacy("create_arpayment", AR_PAYMENT);

const AR_PAYMENT: &[Part] = &[
    need(text("customerid")),
    need(text("paymentamount")),
    text("translatedamount"),
    text("batchkey"),
    text("bankaccountid"),
    text("undepfundsacct"),
    not_both(&["batchkey", "bankaccountid", "undepfundsacct"]),
    text("refid"),
    text("overpaylocid"),
    text("overpaydeptid"),
    day_parts("datereceived"),
    text("paymentmethod"),
    rows(RATE),
    PAYMENT_ITEM,
];

pub const APPLY_AR_PAYMENT: Function = Function::legacy("apply_arpayment", APPLIED);

const APPLIED: &[Part] = &[
    need(text("arpaymentkey")),
    need(day_parts("paymentdate")),
    text("batchkey"),
    text("memo"),
    text("overpaylocid"),
    text("overpaydeptid"),
    many(group("arpaymentitems", &[PAYMENT_ITEM])),
];

pub const REVERSE_AR_PAYMENT: Function = Function::legacy("reverse_arpayment", REVERSAL);
pub const DELETE_AR_PAYMENT: Function = Function::legacy("delete_arpayment", &[need(attribute("key"))]);

pub const CREATE_AR_PAYMENT_BATCH: Function = Function::legacy(
    "create_arpaymentbatch",
    &[
        need(text("batchtitle")),
        text("bankaccountid"),
        text("undepfundsacct"),
        not_both(&["bankaccountid", "undepfundsacct"]),
        day_parts("datecreated"),
        many(group("create_arpayment", AR_PAYMENT)),
        many(group("apply_arpayment", APPLIED)),
    ],
);

const ARPYMT_DETAIL: &[Part] = &[
    text("RECORDKEY"),
    text("ENTRYKEY"),
    text("POSADJKEY"),
    text("POSADJENTRYKEY"),
    one_of(&["RECORDKEY", "POSADJKEY"]),
    text("TRX_PAYMENTAMOUNT"),
    text("ADJUSTMENTKEY"),
    text("ADJUSTMENTENTRYKEY"),
    text("TRX_ADJUSTMENTAMOUNT"),
    text("INLINEKEY"),
    text("INLINEENTRYKEY"),
    text("TRX_INLINEAMOUNT"),
    text("ADVANCEKEY"),
    text("ADVANCEENTRYKEY"),
    text("TRX_POSTEDADVANCEAMOUNT"),
    text("OVERPAYMENTKEY"),
    text("OVERPAYMENTENTRYKEY"),
    text("TRX_POSTEDOVERPAYMENTAMOUNT"),
    text("NEGATIVEINVOICEKEY"),
    text("NEGATIVEINVOICEENTRYKEY"),
    text("TRX_NEGATIVEINVOICEAMOUNT"),
    // One kind of credit a detail.
    not_both(&["ADJUSTMENTKEY", "INLINEKEY", "ADVANCEKEY", "OVERPAYMENTKEY", "NEGATIVEINVOICEKEY"]),
    text("TRX_TOTALDISCOUNTTOAPPLY"),
    day("DISCOUNTDATE"),
    not_both(&["TRX_TOTALDISCOUNTTOAPPLY", "DISCOUNTDATE"]),
];

/// No element for card data: none is ever sent.
pub const CREATE_ARPYMT: Function = Function::generic(
    "create",
    "ARPYMT",
    &[
        text("FINANCIALENTITY"),
        need(text("PAYMENTMETHOD")),
        text("CUSTOMERID"),
        text("DOCNUMBER"),
        text("DESCRIPTION"),
        text("EXCH_RATE_TYPE_ID"),
        text("EXCHANGE_RATE"),
        not_both(&["EXCH_RATE_TYPE_ID", "EXCHANGE_RATE"]),
        need(day("RECEIPTDATE")),
        day("PAYMENTDATE"),
        text("PAYERNAME"),
        text("ACTION"),
        text("TRX_AMOUNTTOPAY"),
        text("PRBATCH"),
        need(text("CURRENCY")),
        text("BASECURR"),
        text("UNDEPOSITEDACCOUNTNO"),
        one_of(&["FINANCIALENTITY", "UNDEPOSITEDACCOUNTNO", "PRBATCH"]),
        text("OVERPAYMENTAMOUNT"),
        text("OVERPAYMENTLOCATIONID"),
        text("OVERPAYMENTDEPARTMENTID"),
        text("BILLTOPAYTONAME"),
        need(group("ARPYMTDETAILS", &[need(many(group("ARPYMTDETAIL", ARPYMT_DETAIL)))])),
    ],
);

/// Drafts only: submitting one is an update too.
pub const UPDATE_ARPYMT: Function = Function::generic(
    "update",
    "ARPYMT",
    &[
        need(text("RECORDNO")),
        text("DOCNUMBER"),
        text("DESCRIPTION"),
        day("RECEIPTDATE"),
        day("PAYMENTDATE"),
        text("ACTION"),
        group("ARPYMTDETAILS", &[need(many(group("ARPYMTDETAIL", ARPYMT_DETAIL)))]),
    ],
);

pub const CREATE_ARADVANCE: Function = Function::generic(
    "create",
    "ARADVANCE",
    &[
        need(text("CUSTOMERID")),
        need(text("PAYMENTMETHOD")),
        need(day("PAYMENTDATE")),
        need(day("RECEIPTDATE")),
        text("FINANCIALENTITY"),
        text("UNDEPOSITEDACCOUNTNO"),
        text("PRBATCH"),
        one_of(&["FINANCIALENTITY", "UNDEPOSITEDACCOUNTNO", "PRBATCH"]),
        text("DOCNUMBER"),
        text("DESCRIPTION"),
        text("CURRENCY"),
        text("BASECURR"),
        day("EXCH_RATE_DATE"),
        text("EXCH_RATE_TYPE_ID"),
        text("EXCHANGE_RATE"),
        not_both(&["EXCH_RATE_TYPE_ID", "EXCHANGE_RATE"]),
        text("SUPDOCID"),
        text("ACTION"),
        need(group("ARADVANCEITEMS", &[need(many(group("ARADVANCEITEM", ARADVANCE_ITEM)))])),
        own_fields(),
    ],
);

const ARADVANCE_ITEM: &[Part] = &[
    text("ACCOUNTNO"),
    text("ACCOUNTLABEL"),
    one_of(&["ACCOUNTNO", "ACCOUNTLABEL"]),
    need(text("TRX_AMOUNT")),
    text("ENTRYDESCRIPTION"),
    text("LOCATIONID"),
    text("DEPARTMENTID"),
    text("PROJECTID"),
    text("TASKID"),
    text("CUSTOMERID"),
    text("VENDORID"),
    text("EMPLOYEEID"),
    text("ITEMID"),
    text("CLASSID"),
    text("CONTRACTID"),
    text("WAREHOUSEID"),
];
