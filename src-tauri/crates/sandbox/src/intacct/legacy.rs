//! The lower-case writes: sales documents, invoices, adjustments, receipts, deposits and reversals.

use super::company::Company;
use super::errors::Refusal;
use super::fields::{legacy_currency, legacy_dimensions, number, parted_date, required};
use super::generic::{Made, delete_customer};
use super::post::NewLine;
use super::post::deposit::NewDeposit;
use super::post::other_receipt::NewOtherReceipt;
use super::post::receivable::{Kind, NewReceivable};
use super::post::sales::{NewSalesDocument, NewSalesLine, NewSubtotal, SalesChange};
use super::records::*;
use super::text::escape;
use super::xml::Element;

pub fn serves(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "create_sotransaction",
        "update_sotransaction",
        "delete_sotransaction",
        "create_invoice",
        "delete_invoice",
        "reverse_invoice",
        "create_aradjustment",
        "record_otherreceipt",
        "record_deposit",
        "reverse_arpayment",
        "delete_customer",
    ];
    NAMES.contains(&name)
}

fn keyed(object: &str, record_no: RecordNo, key: &str) -> Made {
    Made { object: object.to_owned(), record_no, body: format!("<key>{}</key>", escape(key)) }
}

pub fn write(company: &mut Company, call: &Element) -> Result<Made, Refusal> {
    let key_text = call.attribute("key").unwrap_or_default();
    let record_key = || key_text.parse::<RecordNo>().map_err(|_| Refusal::unknown_record(key_text));
    match call.name.as_str() {
        "create_sotransaction" => {
            let record_no = company.post_sales_document(sales_document(call)?)?;
            let doc_id = company.sales.get(&record_no).map(SalesDocument::doc_id).unwrap_or_default();
            Ok(keyed("SODOCUMENT", record_no, &doc_id))
        }
        "update_sotransaction" => {
            let record_no = company.update_sales_document(key_text, sales_change(call)?)?;
            Ok(keyed("SODOCUMENT", record_no, key_text))
        }
        "delete_sotransaction" => {
            let record_no = company.sales_record(key_text)?;
            company.delete_sales_document(key_text)?;
            Ok(keyed("SODOCUMENT", record_no, key_text))
        }
        "create_invoice" => {
            let new = receivable(call, "invoiceitems", "invoiceno")?;
            let record_no = company.post_invoice(new)?;
            Ok(keyed("ARINVOICE", record_no, &record_no.to_string()))
        }
        "create_aradjustment" => {
            let new = receivable(call, "aradjustmentitems", "adjustmentno")?;
            let record_no = company.post_adjustment(new)?;
            Ok(keyed("ARADJUSTMENT", record_no, &record_no.to_string()))
        }
        "delete_invoice" => {
            let record_no = record_key()?;
            company.delete_receivable(Kind::Invoice, record_no)?;
            Ok(keyed("ARINVOICE", record_no, key_text))
        }
        "reverse_invoice" => {
            let record_no = record_key()?;
            let date = required(parted_date(call, "datereversed")?, "datereversed")?;
            company.reverse_invoice(record_no, date, &call.or_empty("description"))?;
            Ok(keyed("ARINVOICE", record_no, key_text))
        }
        "reverse_arpayment" => {
            let record_no = record_key()?;
            let date = required(parted_date(call, "datereversed")?, "datereversed")?;
            company.reverse_payment(record_no, date, &call.or_empty("description"))?;
            Ok(keyed("ARPYMT", record_no, key_text))
        }
        "record_otherreceipt" => {
            let record_no = company.post_other_receipt(other_receipt(call)?)?;
            Ok(keyed("OTHERRECEIPTS", record_no, &record_no.to_string()))
        }
        "record_deposit" => {
            let keys = call.child("receiptkeys").map(|it| it.children.as_slice()).unwrap_or_default();
            let receipts =
                keys.iter().map(|key| key.text.trim().parse().map_err(|_| Refusal::unknown_record(&key.text)));
            let record_no = company.post_deposit(NewDeposit {
                bank: call.or_empty("bankaccountid"),
                date: required(parted_date(call, "depositdate")?, "depositdate")?,
                slip: call.or_empty("depositid"),
                description: call.or_empty("description"),
                receipts: receipts.collect::<Result<_, _>>()?,
            })?;
            Ok(keyed("DEPOSIT", record_no, &record_no.to_string()))
        }
        _ => {
            let id = call.attribute("customerid").unwrap_or_default();
            let record_no = delete_customer(company, id)?;
            Ok(keyed("CUSTOMER", record_no, id))
        }
    }
}

fn lines(call: &Element, list: &str) -> Result<Vec<NewLine>, Refusal> {
    let mut out = Vec::new();
    for line in call.child(list).map(|it| it.children.as_slice()).unwrap_or_default() {
        out.push(NewLine {
            account: line.owned("glaccountno"),
            account_label: line.owned("accountlabel"),
            amount: required(number(line, "amount")?, "amount")?,
            memo: line.or_empty("memo"),
            dimensions: legacy_dimensions(line),
        });
    }
    Ok(out)
}

fn contact_of(call: &Element, name: &str) -> Option<String> {
    let block = call.child(name)?;
    block.owned("contactname").or_else(|| block.child("contact").and_then(|it| it.owned("contactname")))
}

fn receivable(call: &Element, list: &str, number_field: &str) -> Result<NewReceivable, Refusal> {
    Ok(NewReceivable {
        customer_id: call.or_empty("customerid"),
        date: required(parted_date(call, "datecreated")?, "datecreated")?,
        posted: parted_date(call, "dateposted")?,
        due: parted_date(call, "datedue")?,
        term: call.owned("termname"),
        number: call.owned(number_field),
        invoice_no: if number_field == "invoiceno" { String::new() } else { call.or_empty("invoiceno") },
        doc_number: call.or_empty("ponumber"),
        description: call.or_empty("description"),
        external_id: call.owned("externalid"),
        bill_to: contact_of(call, "billto"),
        ship_to: contact_of(call, "shipto"),
        currency: legacy_currency(call)?,
        lines: lines(call, list)?,
        draft: call.filled("action").is_some_and(|word| word.eq_ignore_ascii_case("draft")),
        no_gl: call.filled("nogl") == Some("true"),
        sup_doc: call.owned("supdocid"),
    })
}

fn other_receipt(call: &Element) -> Result<NewOtherReceipt, Refusal> {
    let place = match call.owned("undepglaccountno") {
        Some(account) => MoneyPlace::Undeposited(account),
        None => MoneyPlace::Bank(call.or_empty("bankaccountid")),
    };
    Ok(NewOtherReceipt {
        payer: call.or_empty("payee"),
        place,
        payment_method: call.or_empty("paymentmethod"),
        doc_number: call.or_empty("refid"),
        description: call.or_empty("description"),
        payment_date: required(parted_date(call, "paymentdate")?, "paymentdate")?,
        receipt_date: required(parted_date(call, "receiveddate")?, "receiveddate")?,
        deposit_date: parted_date(call, "depositdate")?,
        currency: legacy_currency(call)?,
        lines: lines(call, "receiptitems")?,
    })
}

fn sales_line(line: &Element) -> Result<NewSalesLine, Refusal> {
    Ok(NewSalesLine {
        item: line.or_empty("itemid"),
        description: line.or_empty("itemdesc"),
        warehouse: line.owned("warehouseid"),
        quantity: required(number(line, "quantity")?, "quantity")?,
        unit: line.or_empty("unit"),
        price: number(line, "price")?,
        discount_percent: number(line, "discountpercent")?,
        memo: line.or_empty("memo"),
        source_line: super::fields::key(line, "sourcelinekey")?,
        dimensions: legacy_dimensions(line),
    })
}

fn subtotals(call: &Element, list: &str) -> Result<Vec<NewSubtotal>, Refusal> {
    let mut out = Vec::new();
    for line in call.child(list).map(|it| it.children.as_slice()).unwrap_or_default() {
        out.push(NewSubtotal {
            description: line.or_empty("description"),
            total: required(number(line, "total")?, "total")?,
            percent: number(line, "percentval")?,
            dimensions: legacy_dimensions(line),
        });
    }
    Ok(out)
}

fn sales_document(call: &Element) -> Result<NewSalesDocument, Refusal> {
    let items = call.child("sotransitems").map(|it| it.children.as_slice()).unwrap_or_default();
    Ok(NewSalesDocument {
        definition: call.or_empty("transactiontype"),
        date: required(parted_date(call, "datecreated")?, "datecreated")?,
        posted: parted_date(call, "dateposted")?,
        created_from: call.owned("createdfrom"),
        customer_id: call.or_empty("customerid"),
        number: call.owned("documentno"),
        reference: call.or_empty("referenceno"),
        term: call.owned("termname"),
        due: parted_date(call, "datedue")?,
        message: call.or_empty("message"),
        shipping_method: call.or_empty("shippingmethod"),
        ship_to: contact_of(call, "shipto"),
        bill_to: contact_of(call, "billto"),
        external_id: call.owned("externalid"),
        currency: legacy_currency(call)?,
        state: call.owned("state"),
        tracking_number: call.or_empty("trackingnumber"),
        shipped_date: parted_date(call, "shippeddate")?,
        lines: items.iter().map(sales_line).collect::<Result<_, _>>()?,
        subtotals: subtotals(call, "subtotals")?,
    })
}

fn sales_change(call: &Element) -> Result<SalesChange, Refusal> {
    let mut change = SalesChange {
        date: parted_date(call, "datecreated")?,
        posted: parted_date(call, "dateposted")?,
        reference: call.owned("referenceno"),
        message: call.owned("message"),
        term: call.owned("termname"),
        due: parted_date(call, "datedue")?,
        state: call.owned("state"),
        tracking_number: call.owned("trackingnumber"),
        shipped_date: parted_date(call, "shippeddate")?,
        ..SalesChange::default()
    };
    for line in call.child("updatesotransitems").map(|it| it.children.as_slice()).unwrap_or_default() {
        if line.name == "sotransitem" {
            change.new_lines.push(sales_line(line)?);
        } else {
            // update takes line numbers from 1, while a read shows them from 0 (reference/intacct.md 0.10)
            let at = line.attribute("line_num").and_then(|text| text.parse().ok());
            change.lines.push((required(at, "line_num")?, sales_line(line)?));
        }
    }
    if call.child("updatesubtotals").is_some() {
        change.subtotals = Some(subtotals(call, "updatesubtotals")?);
    }
    Ok(change)
}
