//! Receivable and cash documents: invoices, adjustments, payments, advances, other receipts, deposits, with lines.

use super::{columns, date_or_null, int_or_null, maybe, number_or_null, text};
use crate::intacct::company::Company;
use crate::intacct::records::*;
use crate::intacct::table::{AnyTable, Column, Rows, Table, Value};

fn customer_name<'a>(company: &'a Company, id: &str) -> Value<'a> {
    company.customers.get(id).map_or(Value::Null, |it| text(&it.name))
}

fn receivable_state(record: &Receivable) -> &'static str {
    match record.state {
        ReceivableState::Draft => "Draft",
        ReceivableState::Reversed => "Reversed",
        ReceivableState::Posted if record.trx_due().is_zero() => "Paid",
        ReceivableState::Posted if record.trx_paid.is_zero() => "Posted",
        ReceivableState::Posted => "Partially Paid",
    }
}

static RECEIVABLE: &[Column<Receivable>] = columns! { Receivable:
    "RECORDNO" Int => |_, r| Value::Int(r.record_no);
    "RECORDID" Text => |_, r| text(&r.record_id);
    "RECORDTYPE" Text => |c, r| text(if c.invoices.contains_key(&r.record_no) { "arinvoice" } else { "aradjustment" });
    "STATE" Text => |_, r| text(receivable_state(r));
    "RAWSTATE" Text => |_, r| text(match receivable_state(r) {
        "Draft" => "D", "Reversed" => "V", "Paid" => "C", "Partially Paid" => "P", _ => "A" });
    "CUSTOMERID" Text => |_, r| text(&r.customer_id);
    "CUSTOMERNAME" Text => |c, r| customer_name(c, &r.customer_id);
    "CUSTOMER.NAME" Text => |c, r| customer_name(c, &r.customer_id);
    "DOCNUMBER" Text => |_, r| text(&r.doc_number);
    "DESCRIPTION" Text => |_, r| text(&r.description);
    "DESCRIPTION2" Text => |_, r| text(&r.invoice_no);
    "TERMNAME" Text => |_, r| maybe(&r.term);
    "WHENCREATED" Date => |_, r| Value::Date(r.when_created);
    "WHENPOSTED" Date => |_, r| Value::Date(r.when_posted);
    "WHENDUE" Date => |_, r| date_or_null(r.when_due);
    "WHENPAID" Date => |_, r| date_or_null(r.when_paid);
    "BASECURR" Text => |c, _| text(&c.base_currency);
    "CURRENCY" Text => |_, r| text(&r.terms.currency);
    "EXCH_RATE_DATE" Date => |_, r| date_or_null(r.terms.rate_date);
    "EXCH_RATE_TYPE_ID" Text => |_, r| maybe(&r.terms.rate_type);
    "EXCHANGE_RATE" Number => |_, r| Value::Number(r.terms.rate);
    "TOTALENTERED" Number => |_, r| Value::Number(r.total);
    "TOTALPAID" Number => |_, r| Value::Number(r.paid);
    "TOTALSELECTED" Number => |_, _| Value::Number(0.into());
    "TOTALDUE" Number => |_, r| Value::Number(r.due());
    "TRX_TOTALENTERED" Number => |_, r| Value::Number(r.trx_total);
    "TRX_TOTALPAID" Number => |_, r| Value::Number(r.trx_paid);
    "TRX_TOTALSELECTED" Number => |_, _| Value::Number(0.into());
    "TRX_TOTALDUE" Number => |_, r| Value::Number(r.trx_due());
    "PRBATCH" Text => |_, _| Value::Null;
    "PRBATCHKEY" Int => |_, r| int_or_null(r.gl_batch);
    "MODULEKEY" Text => |_, r| text(&r.module);
    "BILLTO.CONTACTNAME" Text => |_, r| maybe(&r.bill_to);
    "SHIPTO.CONTACTNAME" Text => |_, r| maybe(&r.ship_to);
    "SUPDOCID" Text => |_, r| maybe(&r.sup_doc);
    "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
    "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
};

static ARINVOICE: Table<Receivable> = Table {
    name: "ARINVOICE",
    id: "RECORDID",
    columns: RECEIVABLE,
    rows: |company| Rows::Kept(company.invoices.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

static ARADJUSTMENT: Table<Receivable> = Table {
    name: "ARADJUSTMENT",
    id: "RECORDID",
    columns: RECEIVABLE,
    rows: |company| Rows::Kept(company.adjustments.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

/// A document line with the number of its document.
pub struct LineRow {
    parent: RecordNo,
    line: ArLine,
    currency: String,
    entity: Option<String>,
}

static LINE: &[Column<LineRow>] = columns! { LineRow:
    "RECORDNO" Int => |_, r| Value::Int(r.line.record_no);
    "RECORDKEY" Int => |_, r| Value::Int(r.parent);
    "LINE_NO" Int => |_, r| Value::Int(u64::from(r.line.line_no));
    "ACCOUNTNO" Text => |_, r| text(&r.line.account);
    "ACCOUNTLABEL" Text => |_, r| maybe(&r.line.account_label);
    "AMOUNT" Number => |_, r| Value::Number(r.line.amount);
    "TRX_AMOUNT" Number => |_, r| Value::Number(r.line.trx_amount);
    "TRX_TOTALPAID" Number => |_, r| Value::Number(r.line.trx_paid);
    "TRX_TOTALDUE" Number => |_, r| Value::Number(r.line.trx_amount - r.line.trx_paid);
    "CURRENCY" Text => |_, r| text(&r.currency);
    "BASECURR" Text => |c, _| text(&c.base_currency);
    "ENTRYDESCRIPTION" Text => |_, r| text(&r.line.memo);
    "LOCATIONID" Text => |_, r| maybe(&r.line.dimensions.location);
    "DEPARTMENTID" Text => |_, r| maybe(&r.line.dimensions.department);
    "CUSTOMERID" Text => |_, r| maybe(&r.line.dimensions.customer);
    "ITEMID" Text => |_, r| maybe(&r.line.dimensions.item);
    "CLASSID" Text => |_, r| maybe(&r.line.dimensions.class);
    "PROJECTID" Text => |_, r| maybe(&r.line.dimensions.project);
};

fn lines<'a>(
    parents: impl Iterator<Item = (RecordNo, &'a Vec<ArLine>, &'a CurrencyTerms, &'a Option<String>)>,
) -> Vec<LineRow> {
    parents
        .flat_map(|(parent, lines, terms, entity)| {
            lines.iter().map(move |line| LineRow {
                parent,
                line: line.clone(),
                currency: terms.currency.clone(),
                entity: entity.clone(),
            })
        })
        .collect()
}

static ARINVOICEITEM: Table<LineRow> = Table {
    name: "ARINVOICEITEM",
    id: "RECORDNO",
    columns: LINE,
    rows: |c| Rows::Made(lines(c.invoices.values().map(|it| (it.record_no, &it.lines, &it.terms, &it.entity)))),
    entity: |_, r| r.entity.as_deref(),
};

static ARADJUSTMENTITEM: Table<LineRow> = Table {
    name: "ARADJUSTMENTITEM",
    id: "RECORDNO",
    columns: LINE,
    rows: |c| Rows::Made(lines(c.adjustments.values().map(|it| (it.record_no, &it.lines, &it.terms, &it.entity)))),
    entity: |_, r| r.entity.as_deref(),
};

static ARADVANCEITEM: Table<LineRow> = Table {
    name: "ARADVANCEITEM",
    id: "RECORDNO",
    columns: LINE,
    rows: |c| Rows::Made(lines(c.advances.values().map(|it| (it.record_no, &it.lines, &it.terms, &it.entity)))),
    entity: |_, r| r.entity.as_deref(),
};

static OTHERRECEIPTSENTRY: Table<LineRow> = Table {
    name: "OTHERRECEIPTSENTRY",
    id: "RECORDNO",
    columns: LINE,
    rows: |c| Rows::Made(lines(c.other_receipts.values().map(|it| (it.record_no, &it.lines, &it.terms, &it.entity)))),
    entity: |_, r| r.entity.as_deref(),
};

fn bank(place: &MoneyPlace) -> Value<'_> {
    match place {
        MoneyPlace::Bank(id) => text(id),
        MoneyPlace::Undeposited(_) => Value::Null,
    }
}

fn drawer(place: &MoneyPlace) -> Value<'_> {
    match place {
        MoneyPlace::Undeposited(account) => text(account),
        MoneyPlace::Bank(_) => Value::Null,
    }
}

fn payment_state<'a>(state: PaymentState) -> Value<'a> {
    text(match state {
        PaymentState::Draft => "D",
        PaymentState::Complete => "C",
        // UNVERIFIED: the letter of a reversed payment
        PaymentState::Reversed => "V",
    })
}

static ARPYMT: Table<ArPayment> = Table {
    name: "ARPYMT",
    id: "RECORDNO",
    columns: columns! { ArPayment:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "PRBATCHKEY" Int => |_, r| int_or_null(r.gl_batch);
        "RECORDTYPE" Text => |_, _| text("rp");
        "RECORDID" Text => |_, r| text(&r.record_id);
        "FINANCIALENTITY" Text => |_, r| bank(&r.place);
        "FINANCIALENTITYTYPE" Text => |_, r| text(if matches!(r.place, MoneyPlace::Bank(_)) { "checking" } else { "" });
        "PAYMENTMETHOD" Text => |_, r| text(&r.payment_method);
        "CUSTOMERID" Text => |_, r| maybe(&r.customer_id);
        "CUSTOMERNAME" Text => |c, r| customer_name(c, r.customer_id.as_deref().unwrap_or_default());
        "PAYERNAME" Text => |_, r| text(&r.payer_name);
        "DOCNUMBER" Text => |_, r| text(&r.doc_number);
        "DESCRIPTION" Text => |_, r| text(&r.description);
        "WHENCREATED" Date => |_, r| Value::Date(r.when_created);
        "RECEIPTDATE" Date => |_, r| Value::Date(r.receipt_date);
        "WHENPAID" Date => |_, r| date_or_null(r.payment_date.or(Some(r.receipt_date)));
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "CURRENCY" Text => |_, r| text(&r.terms.currency);
        "EXCH_RATE_DATE" Date => |_, r| date_or_null(r.terms.rate_date);
        "EXCH_RATE_TYPE_ID" Text => |_, r| maybe(&r.terms.rate_type);
        "EXCHANGE_RATE" Number => |_, r| Value::Number(r.terms.rate);
        "TOTALENTERED" Number => |_, r| Value::Number(r.total);
        "TOTALPAID" Number => |_, r| Value::Number(r.total);
        "TOTALDUE" Number => |_, _| Value::Number(0.into());
        "TRX_TOTALENTERED" Number => |_, r| Value::Number(r.trx_total);
        "TRX_TOTALPAID" Number => |_, r| Value::Number(r.trx_total);
        "TRX_TOTALDUE" Number => |_, r| Value::Number(r.trx_overpayment);
        "STATE" Text => |_, r| payment_state(r.state);
        "CLEARED" Text => |_, r| text(if r.deposit.is_some() { "true" } else { "false" });
        "CLRDATE" Date => |c, r| date_or_null(r.deposit.and_then(|key| c.deposits.get(&key)).map(|it| it.date));
        "UNDEPOSITEDACCOUNTNO" Text => |_, r| drawer(&r.place);
        "SUPDOCID" Text => |_, _| Value::Null;
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "AUWHENCREATED" Stamp => |_, r| Value::Stamp(r.when_created.at(0, 0, 0, 0));
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.payments.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

/// One application of a payment, with the number of its payment.
pub struct DetailRow {
    payment: RecordNo,
    currency: String,
    detail: PaymentDetail,
    entity: Option<String>,
}

static ARPYMTDETAIL: Table<DetailRow> = Table {
    name: "ARPYMTDETAIL",
    id: "RECORDNO",
    columns: columns! { DetailRow:
        "RECORDNO" Int => |_, r| Value::Int(r.detail.record_no);
        "PAYMENTKEY" Int => |_, r| Value::Int(r.payment);
        "RECORDKEY" Int => |_, r| int_or_null(r.detail.record_key);
        "ENTRYKEY" Int => |_, r| int_or_null(r.detail.entry_key);
        "POSADJKEY" Int => |_, r| int_or_null(r.detail.pos_adj_key);
        "ADJUSTMENTKEY" Int => |_, r| int_or_null(r.detail.adjustment_key);
        "ADVANCEKEY" Int => |_, r| int_or_null(r.detail.advance_key);
        "CURRENCY" Text => |_, r| text(&r.currency);
        "TRX_PAYMENTAMOUNT" Number => |_, r| Value::Number(r.detail.trx_payment_amount);
        "TRX_ADJUSTMENTAMOUNT" Number => |_, r| number_or_null(r.detail.adjustment_key.map(|_| r.detail.trx_adjustment_amount));
        "TRX_POSTEDADVANCEAMOUNT" Number => |_, r| number_or_null(r.detail.advance_key.map(|_| r.detail.trx_advance_amount));
        "PAYMENTAMOUNT" Number => |_, r| Value::Number(r.detail.base_settled);
    },
    rows: |c| {
        Rows::Made(
            c.payments
                .values()
                .flat_map(|it| {
                    it.details.iter().map(move |detail| DetailRow {
                        payment: it.record_no,
                        currency: it.terms.currency.clone(),
                        detail: detail.clone(),
                        entity: it.entity.clone(),
                    })
                })
                .collect(),
        )
    },
    entity: |_, r| r.entity.as_deref(),
};

static ARADVANCE: Table<ArAdvance> = Table {
    name: "ARADVANCE",
    id: "RECORDNO",
    columns: columns! { ArAdvance:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "PRBATCHKEY" Int => |_, r| int_or_null(r.gl_batch);
        "RECORDTYPE" Text => |_, _| text("rr");
        "RECORDID" Text => |_, r| text(&r.record_id);
        "FINANCIALENTITY" Text => |_, r| bank(&r.place);
        "PAYMENTMETHOD" Text => |_, r| text(&r.payment_method);
        "CUSTOMERID" Text => |_, r| text(&r.customer_id);
        "CUSTOMERNAME" Text => |c, r| customer_name(c, &r.customer_id);
        "DOCNUMBER" Text => |_, r| text(&r.doc_number);
        "DESCRIPTION" Text => |_, r| text(&r.description);
        "PAYMENTDATE" Date => |_, r| Value::Date(r.payment_date);
        "RECEIPTDATE" Date => |_, r| Value::Date(r.receipt_date);
        "WHENCREATED" Date => |_, r| Value::Date(r.receipt_date);
        "WHENPAID" Date => |_, r| Value::Date(r.payment_date);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "CURRENCY" Text => |_, r| text(&r.terms.currency);
        "EXCH_RATE_DATE" Date => |_, r| date_or_null(r.terms.rate_date);
        "EXCH_RATE_TYPE_ID" Text => |_, r| maybe(&r.terms.rate_type);
        "EXCHANGE_RATE" Number => |_, r| Value::Number(r.terms.rate);
        "TOTALENTERED" Number => |_, r| Value::Number(r.total);
        "TRX_TOTALENTERED" Number => |_, r| Value::Number(r.trx_total);
        "TRX_TOTALPAID" Number => |_, r| Value::Number(r.trx_applied);
        "TRX_TOTALDUE" Number => |_, r| Value::Number(r.trx_total - r.trx_applied);
        "STATE" Text => |_, r| payment_state(r.state);
        "UNDEPOSITEDACCOUNTNO" Text => |_, r| drawer(&r.place);
        "CLEARED" Text => |_, r| text(if r.deposit.is_some() { "true" } else { "false" });
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.advances.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

// UNVERIFIED: field names of OTHERRECEIPTS and DEPOSIT, made from the older DTD's names (reference/intacct.md 2.3)
static OTHERRECEIPTS: Table<OtherReceipt> = Table {
    name: "OTHERRECEIPTS",
    id: "RECORDNO",
    columns: columns! { OtherReceipt:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "RECORDTYPE" Text => |_, _| text("cr");
        "RECORDID" Text => |_, r| text(&r.record_id);
        "FINANCIALENTITY" Text => |_, r| bank(&r.place);
        "BANKACCOUNTID" Text => |_, r| bank(&r.place);
        "UNDEPGLACCOUNTNO" Text => |_, r| drawer(&r.place);
        "PAYER" Text => |_, r| text(&r.payer);
        "DESCRIPTION" Text => |_, r| text(&r.description);
        "DESCRIPTION2" Text => |_, r| text(&r.payer);
        "PAYMETHOD" Text => |_, r| text(&r.payment_method);
        "DOCNUMBER" Text => |_, r| text(&r.doc_number);
        "WHENCREATED" Date => |_, r| Value::Date(r.payment_date);
        "RECEIPTDATE" Date => |_, r| Value::Date(r.receipt_date);
        "WHENPAID" Date => |_, r| Value::Date(r.receipt_date);
        "DEPOSITDATE" Date => |_, r| date_or_null(r.deposit_date);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "CURRENCY" Text => |_, r| text(&r.terms.currency);
        "EXCHANGE_RATE" Number => |_, r| Value::Number(r.terms.rate);
        "TOTALENTERED" Number => |_, r| Value::Number(r.total);
        "TRX_TOTALENTERED" Number => |_, r| Value::Number(r.trx_total);
        "STATE" Text => |_, _| text("C");
        "CLEARED" Text => |_, r| text(if r.deposit.is_some() { "true" } else { "false" });
        "MEGAENTITYID" Text => |_, r| maybe(&r.entity);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.other_receipts.values().collect()),
    entity: |_, r| r.entity.as_deref(),
};

static DEPOSIT: Table<Deposit> = Table {
    name: "DEPOSIT",
    id: "RECORDNO",
    columns: columns! { Deposit:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "RECORDTYPE" Text => |_, _| text("cd");
        "RECORDID" Text => |_, r| text(&r.slip);
        "DOCNUMBER" Text => |_, r| text(&r.slip);
        "DEPOSITID" Text => |_, r| text(&r.slip);
        "FINANCIALENTITY" Text => |_, r| text(&r.bank);
        "BANKACCOUNTID" Text => |_, r| text(&r.bank);
        "DEPOSITDATE" Date => |_, r| Value::Date(r.date);
        "WHENCREATED" Date => |_, r| Value::Date(r.date);
        "DESCRIPTION" Text => |_, r| text(&r.description);
        "BASECURR" Text => |c, _| text(&c.base_currency);
        "CURRENCY" Text => |_, r| text(&r.currency);
        "TOTALENTERED" Number => |_, r| Value::Number(r.total);
        "TRX_TOTALENTERED" Number => |_, r| Value::Number(r.total);
        "STATE" Text => |_, _| text("C");
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.deposits.values().collect()),
    entity: |_, _| None,
};

/// A receipt on a deposit slip.
pub struct DepositRow {
    number: u64,
    deposit: RecordNo,
    receipt: RecordNo,
}

static DEPOSITENTRY: Table<DepositRow> = Table {
    name: "DEPOSITENTRY",
    id: "RECORDNO",
    columns: columns! { DepositRow:
        "RECORDNO" Int => |_, r| Value::Int(r.number);
        "RECORDKEY" Int => |_, r| Value::Int(r.deposit);
        "RECEIPTKEY" Int => |_, r| Value::Int(r.receipt);
    },
    rows: |c| {
        Rows::Made(
            c.deposits
                .values()
                .flat_map(|it| {
                    it.receipts.iter().enumerate().map(|(at, receipt)| DepositRow {
                        number: it.record_no * 1000 + at as u64,
                        deposit: it.record_no,
                        receipt: *receipt,
                    })
                })
                .collect(),
        )
    },
    entity: |_, _| None,
};

pub fn tables() -> Vec<&'static dyn AnyTable> {
    vec![
        &ARINVOICE,
        &ARINVOICEITEM,
        &ARADJUSTMENT,
        &ARADJUSTMENTITEM,
        &ARPYMT,
        &ARPYMTDETAIL,
        &ARADVANCE,
        &ARADVANCEITEM,
        &OTHERRECEIPTS,
        &OTHERRECEIPTSENTRY,
        &DEPOSIT,
        &DEPOSITENTRY,
    ]
}
