//! Where each kind of document lives in Intacct and which of its fields hold our key.

use crate::lookup::FieldList;
use crate::query::Filter;
use tieout_domain::Document;

pub(super) struct Place {
    pub object: &'static str,
    /// Fields that hold the key and nothing else.
    pub exact: &'static [&'static str],
    /// Fields that hold it among other words.
    pub within: &'static [&'static str],
    pub only: Option<Filter>,
    /// Order documents are named `<definition>-<number>`.
    pub prefix: String,
    pub fields: FieldList,
    pub lines: Option<Lines>,
}

pub(super) struct Lines {
    pub object: &'static str,
    pub parent_field: &'static str,
    pub fields: FieldList,
}

impl Place {
    pub fn exact_value(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

const RECEIPT: FieldList = FieldList {
    required: &["RECORDNO", "TRX_TOTALENTERED|TOTALENTERED"],
    optional: &[
        "DOCNUMBER",
        "RECORDID",
        "REFID",
        "DEPOSITID",
        "DESCRIPTION",
        "CUSTOMERID",
        "PAYMENTMETHOD",
        "PAYMENTTYPE",
        "FINANCIALENTITY",
        "BANKACCOUNTID",
        "UNDEPOSITEDACCOUNTNO",
        "UNDEPGLACCOUNTNO",
        "RECEIPTDATE",
        "DEPOSITDATE",
        "WHENPAID",
        "DATEPAID",
        "PAYMENTDATE",
        "WHENCREATED",
        "WHENPOSTED",
        "WHENDUE",
        "CURRENCY",
        "BASECURR",
        "STATE",
        "RECORDTYPE",
    ],
};

pub(super) const APPLICATIONS: Lines = Lines {
    object: "ARPYMTDETAIL",
    parent_field: "PAYMENTKEY",
    fields: FieldList {
        required: &["RECORDNO"],
        optional: &["RECORDKEY", "TRX_PAYMENTAMOUNT", "PAYMENTAMOUNT", "CURRENCY"],
    },
};

fn account_lines(object: &'static str) -> Option<Lines> {
    Some(Lines {
        object,
        parent_field: "RECORDKEY",
        fields: FieldList {
            required: &["RECORDNO", "TRX_AMOUNT|AMOUNT"],
            optional: &["ACCOUNTNO", "LOCATIONID", "DEPARTMENTID", "CURRENCY", "BASECURR"],
        },
    })
}

fn receivable(object: &'static str, exact: &'static [&'static str], lines: Option<Lines>) -> Place {
    Place { object, exact, within: &["DESCRIPTION"], only: None, prefix: String::new(), fields: RECEIPT, lines }
}

pub(super) fn place_of(document: &Document) -> Place {
    match document {
        Document::CashReceipt(_) | Document::AdvanceApplication(_) | Document::ReceiptReversal(_) => {
            receivable("ARPYMT", &["DOCNUMBER"], None)
        }
        Document::Advance(_) => receivable("ARADVANCE", &["DOCNUMBER"], None),
        Document::Invoice(_) => receivable("ARINVOICE", &["RECORDID"], account_lines("ARINVOICEITEM")),
        Document::Adjustment(_) => receivable("ARADJUSTMENT", &["RECORDID"], account_lines("ARADJUSTMENTITEM")),
        Document::OtherReceipt(_) => receivable("OTHERRECEIPTS", &["DOCNUMBER", "RECORDID", "REFID"], None),
        Document::Deposit(_) => receivable("DEPOSIT", &["DEPOSITID", "RECORDID", "DOCNUMBER"], None),
        Document::JournalEntry(_) => Place {
            object: "GLBATCH",
            exact: &["REFERENCENO"],
            within: &["BATCH_TITLE"],
            only: None,
            prefix: String::new(),
            fields: FieldList {
                required: &["RECORDNO", "BATCH_DATE"],
                optional: &["BATCH_TITLE", "JOURNAL", "REFERENCENO", "STATE"],
            },
            lines: Some(Lines {
                object: "GLENTRY",
                parent_field: "BATCHNO",
                fields: FieldList {
                    required: &["RECORDNO", "ACCOUNTNO", "TR_TYPE", "TRX_AMOUNT|AMOUNT"],
                    optional: &["CURRENCY", "BASECURR", "LOCATION", "DEPARTMENT", "CUSTOMERID", "ITEMID", "CLASSID"],
                },
            }),
        },
        Document::SalesOrder(order) => Place {
            object: "SODOCUMENT",
            exact: &["DOCID"],
            within: &["DOCNO", "PONUMBER"],
            only: Some(Filter::equal("DOCPARID", order.definition.as_str())),
            prefix: format!("{}-", order.definition),
            fields: FieldList {
                required: &["RECORDNO", "DOCID", "WHENCREATED"],
                optional: &[
                    "DOCNO",
                    "DOCPARID",
                    "PONUMBER",
                    "CUSTVENDID",
                    "CURRENCY",
                    "BASECURR",
                    "TRX_TOTAL",
                    "TOTAL",
                    "STATE",
                ],
            },
            lines: Some(Lines {
                object: "SODOCUMENTENTRY",
                parent_field: "DOCHDRID",
                fields: FieldList { required: &["RECORDNO", "ITEMID", "QUANTITY"], optional: &["PRICE", "TRX_PRICE"] },
            }),
        },
    }
}
