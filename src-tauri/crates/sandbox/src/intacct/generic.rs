//! Generic `create`, `update` and `delete` of objects named in upper case.

use rust_decimal::Decimal;

use super::company::Company;
use super::errors::Refusal;
use super::fields::{currency, dimensions, key, number, required, us_date};
use super::post::NewLine;
use super::post::advance::NewAdvance;
use super::post::journal::{NewGlLine, NewJournal};
use super::post::payment::{NewPayment, NewPaymentDetail, as_new};
use super::records::*;
use super::text::escape;
use super::xml::Element;

/// What a write made: its number, and the fields its reply shows.
pub struct Made {
    pub object: String,
    pub record_no: RecordNo,
    pub body: String,
}

fn made(object: &str, record_no: RecordNo, id: Option<(&str, &str)>) -> Made {
    let name = object.to_lowercase();
    let id = id.map(|(field, value)| format!("<{field}>{}</{field}>", escape(value))).unwrap_or_default();
    let body =
        format!("<data listtype=\"objects\" count=\"1\"><{name}><RECORDNO>{record_no}</RECORDNO>{id}</{name}></data>");
    Made { object: object.to_owned(), record_no, body }
}

/// `create` or `update`: exactly one object is served per function.
pub fn write(company: &mut Company, call: &Element) -> Result<Made, Refusal> {
    let [object] = call.children.as_slice() else {
        return Err(Refusal::business("The sandbox takes one object for each create or update"));
    };
    let create = call.name == "create";
    let verb = if create { "create" } else { "update" };
    let result = match (object.name.as_str(), create) {
        ("GLBATCH", true) => {
            journal(object).and_then(|new| company.post_journal(new)).map(|no| made("GLBATCH", no, None))
        }
        ("GLBATCH", false) => update_batch(company, object),
        ("ARPYMT", true) => payment(company, object, None)
            .and_then(|new| company.post_ar_payment(new))
            .map(|no| made("ARPYMT", no, None)),
        ("ARPYMT", false) => update_payment(company, object),
        ("ARADVANCE", true) => {
            advance(object).and_then(|new| company.post_advance(new)).map(|no| made("ARADVANCE", no, None))
        }
        ("ARADVANCE", false) => submit_advance(company, object),
        ("CUSTOMER", _) => customer(company, object, create),
        ("CONTACT", _) => contact(company, object, create),
        ("ITEM", true) => item(company, object),
        ("WAREHOUSE", true) => warehouse(company, object),
        (name, _) => Err(Refusal::query_failed(format!("Object definition {name} not found"))),
    };
    result.map_err(|refusal| refusal.could_not(verb, &object.name))
}

pub fn delete(company: &mut Company, call: &Element) -> Result<Made, Refusal> {
    let object = call.or_empty("object");
    let keys = call.or_empty("keys");
    let record_no: RecordNo = keys.parse().map_err(|_| Refusal::unknown_record(&keys))?;
    match object.as_str() {
        "GLBATCH" => company.delete_journal(record_no)?,
        "ARPYMT" => company.delete_draft_payment(record_no)?,
        "ARADVANCE" => company.delete_draft_advance(record_no)?,
        "CUSTOMER" => {
            let id = company.customers.values().find(|it| it.record_no == record_no).map(|it| it.id.clone());
            let id = id.ok_or_else(|| Refusal::unknown_record(record_no))?;
            delete_customer(company, &id)?;
        }
        "CONTACT" => {
            let name = company.contacts.values().find(|it| it.record_no == record_no).map(|it| it.name.clone());
            company.contacts.remove(&name.ok_or_else(|| Refusal::unknown_record(record_no))?);
        }
        other => return Err(Refusal::query_failed(format!("Object definition {other} not found"))),
    }
    Ok(Made { object, record_no, body: String::new() })
}

pub fn delete_customer(company: &mut Company, id: &str) -> Result<RecordNo, Refusal> {
    let record_no =
        company.customers.get(id).map(|it| it.record_no).ok_or_else(|| Refusal::not_valid("Customer", id))?;
    let used = company.invoices.values().any(|it| it.customer_id == id)
        || company.sales.values().any(|it| it.customer_id == id)
        || company.payments.values().any(|it| it.customer_id.as_deref() == Some(id))
        || company.advances.values().any(|it| it.customer_id == id);
    if used {
        return Err(Refusal::business(format!("Customer '{id}' has transactions and cannot be deleted")));
    }
    company.customers.remove(id);
    Ok(record_no)
}

fn journal(object: &Element) -> Result<NewJournal, Refusal> {
    let mut lines = Vec::new();
    for line in object.child("ENTRIES").map(|it| it.children.as_slice()).unwrap_or_default() {
        let side = match line.filled("TR_TYPE") {
            Some("1") => Side::Debit,
            Some("-1") => Side::Credit,
            _ => return Err(Refusal::missing("TR_TYPE")),
        };
        let amount = match number(line, "TRX_AMOUNT")? {
            Some(amount) => amount,
            // the vendor's examples write AMOUNT, its table TRX_AMOUNT (reference/intacct.md 3.1)
            None => required(number(line, "AMOUNT")?, "TRX_AMOUNT")?,
        };
        lines.push(NewGlLine {
            side,
            account: line.or_empty("ACCOUNTNO"),
            amount,
            currency: currency(line)?,
            document: line.or_empty("DOCUMENT"),
            description: line.or_empty("DESCRIPTION"),
            dimensions: dimensions(line),
        });
    }
    let draft = match object.filled("STATE") {
        None | Some("Posted") => false,
        Some("Draft") => true,
        Some(other) => return Err(Refusal::not_valid("State", other)),
    };
    Ok(NewJournal {
        journal: required(object.owned("JOURNAL"), "JOURNAL")?,
        date: required(us_date(object, "BATCH_DATE")?, "BATCH_DATE")?,
        title: object.or_empty("BATCH_TITLE"),
        reference: object.or_empty("REFERENCENO"),
        history_comment: object.or_empty("HISTORY_COMMENT"),
        reverse_date: us_date(object, "REVERSEDATE")?,
        base_location: object.owned("BASELOCATION_NO"),
        sup_doc: object.owned("SUPDOCID"),
        draft,
        lines,
    })
}

fn update_batch(company: &mut Company, object: &Element) -> Result<Made, Refusal> {
    let record_no = required(key(object, "RECORDNO")?, "RECORDNO")?;
    let old = company.batches.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?;
    let mut whole = object.clone();
    whole.children.retain(|child| child.name != "JOURNAL");
    whole.children.push(Element { name: "JOURNAL".into(), text: old.journal.clone(), ..Element::default() });
    company.update_journal(record_no, journal(&whole)?)?;
    Ok(made("GLBATCH", record_no, None))
}

fn place(object: &Element) -> Result<MoneyPlace, Refusal> {
    match (object.owned("FINANCIALENTITY"), object.owned("UNDEPOSITEDACCOUNTNO")) {
        (Some(bank), None) => Ok(MoneyPlace::Bank(bank)),
        (None, Some(account)) => Ok(MoneyPlace::Undeposited(account)),
        (Some(_), Some(_)) => Err(Refusal::business("Give FINANCIALENTITY or UNDEPOSITEDACCOUNTNO, not both")),
        (None, None) => Err(Refusal::missing("FINANCIALENTITY or UNDEPOSITEDACCOUNTNO")),
    }
}

fn draft(object: &Element) -> Result<bool, Refusal> {
    match object.filled("ACTION") {
        None => Ok(false),
        Some(word) if word.eq_ignore_ascii_case("submit") => Ok(false),
        Some(word) if word.eq_ignore_ascii_case("draft") => Ok(true),
        Some(other) => Err(Refusal::not_valid("Action", other)),
    }
}

/// A payment from its fields; an update takes what it does not name from the draft.
fn payment(company: &Company, object: &Element, old: Option<&ArPayment>) -> Result<NewPayment, Refusal> {
    let mut details = Vec::new();
    for line in object.child("ARPYMTDETAILS").map(|it| it.children.as_slice()).unwrap_or_default() {
        details.push(NewPaymentDetail {
            record_key: key(line, "RECORDKEY")?,
            pos_adj_key: key(line, "POSADJKEY")?,
            entry_key: key(line, "ENTRYKEY")?.or(key(line, "POSADJENTRYKEY")?),
            amount: number(line, "TRX_PAYMENTAMOUNT")?.unwrap_or_default(),
            adjustment_key: key(line, "ADJUSTMENTKEY")?,
            adjustment_amount: number(line, "TRX_ADJUSTMENTAMOUNT")?.unwrap_or_default(),
            advance_key: key(line, "ADVANCEKEY")?,
            advance_amount: number(line, "TRX_POSTEDADVANCEAMOUNT")?.unwrap_or_default(),
        });
    }
    let has_place = object.filled("FINANCIALENTITY").is_some() || object.filled("UNDEPOSITEDACCOUNTNO").is_some();
    let mut wanted = currency(object)?;
    if old.is_none() && wanted.currency.is_none() {
        return Err(Refusal::missing("CURRENCY"));
    }
    if let (Some(old), None) = (old, &wanted.currency) {
        wanted = super::company::WantedCurrency::at(&old.terms.currency, old.terms.rate);
    }
    let text = |name: &str, old: Option<&String>| object.owned(name).or_else(|| old.cloned()).unwrap_or_default();
    if object.filled("FINANCIALENTITY").is_some_and(|bank| !company.checking_accounts.contains_key(bank)) {
        return Err(Refusal::not_valid("Financial entity", &object.or_empty("FINANCIALENTITY")));
    }
    Ok(NewPayment {
        customer_id: object.owned("CUSTOMERID").or_else(|| old.and_then(|it| it.customer_id.clone())),
        payer_name: text("PAYERNAME", old.map(|it| &it.payer_name)),
        place: match old {
            Some(old) if !has_place => old.place.clone(),
            _ => place(object)?,
        },
        payment_method: text("PAYMENTMETHOD", old.map(|it| &it.payment_method)),
        doc_number: text("DOCNUMBER", old.map(|it| &it.doc_number)),
        description: text("DESCRIPTION", old.map(|it| &it.description)),
        receipt_date: required(us_date(object, "RECEIPTDATE")?.or(old.map(|it| it.receipt_date)), "RECEIPTDATE")?,
        payment_date: us_date(object, "PAYMENTDATE")?.or(old.and_then(|it| it.payment_date)),
        currency: wanted,
        overpayment: number(object, "OVERPAYMENTAMOUNT")?.or(old.map(|it| it.trx_overpayment)).unwrap_or_default(),
        overpayment_dimensions: Dimensions {
            location: object.owned("OVERPAYMENTLOCATIONID"),
            department: object.owned("OVERPAYMENTDEPARTMENTID"),
            ..Dimensions::default()
        },
        details: match old {
            Some(old) if details.is_empty() => old.details.iter().map(as_new).collect(),
            _ => details,
        },
        draft: draft(object)?,
    })
}

fn update_payment(company: &mut Company, object: &Element) -> Result<Made, Refusal> {
    let record_no = required(key(object, "RECORDNO")?, "RECORDNO")?;
    let old = company.payments.get(&record_no).ok_or_else(|| Refusal::unknown_record(record_no))?.clone();
    if old.state == PaymentState::Draft && object.children.len() == 2 && object.filled("ACTION") == Some("Submit") {
        company.submit_payment(record_no)?;
    } else {
        let new = payment(company, object, Some(&old))?;
        company.update_draft_payment(record_no, new)?;
    }
    Ok(made("ARPYMT", record_no, None))
}

fn advance(object: &Element) -> Result<NewAdvance, Refusal> {
    let mut lines = Vec::new();
    for line in object.child("ARADVANCEITEMS").map(|it| it.children.as_slice()).unwrap_or_default() {
        lines.push(NewLine {
            account: line.owned("ACCOUNTNO"),
            account_label: line.owned("ACCOUNTLABEL"),
            amount: required(number(line, "TRX_AMOUNT")?, "TRX_AMOUNT")?,
            memo: line.or_empty("ENTRYDESCRIPTION"),
            dimensions: dimensions(line),
        });
    }
    Ok(NewAdvance {
        customer_id: required(object.owned("CUSTOMERID"), "CUSTOMERID")?,
        place: place(object)?,
        payment_method: object.or_empty("PAYMENTMETHOD"),
        doc_number: object.or_empty("DOCNUMBER"),
        description: object.or_empty("DESCRIPTION"),
        payment_date: required(us_date(object, "PAYMENTDATE")?, "PAYMENTDATE")?,
        receipt_date: required(us_date(object, "RECEIPTDATE")?, "RECEIPTDATE")?,
        currency: currency(object)?,
        lines,
        draft: draft(object)?,
    })
}

fn submit_advance(company: &mut Company, object: &Element) -> Result<Made, Refusal> {
    let record_no = required(key(object, "RECORDNO")?, "RECORDNO")?;
    if !draft(object)? {
        company.submit_advance(record_no)?;
    }
    Ok(made("ARADVANCE", record_no, None))
}

fn contact_fields(object: &Element, old: Contact) -> Contact {
    let text = |name: &str, old: String| object.given(name).map(str::to_owned).unwrap_or(old);
    let address = object.child("MAILADDRESS");
    let part = |name: &str, old: String| address.and_then(|it| it.given(name)).map(str::to_owned).unwrap_or(old);
    Contact {
        name: text("CONTACTNAME", old.name),
        print_as: text("PRINTAS", old.print_as),
        company_name: text("COMPANYNAME", old.company_name),
        first_name: text("FIRSTNAME", old.first_name),
        last_name: text("LASTNAME", old.last_name),
        email: text("EMAIL1", old.email),
        phone: text("PHONE1", old.phone),
        taxable: object.filled("TAXABLE").map_or(old.taxable, |it| it == "true"),
        tax_group: text("TAXGROUP", old.tax_group),
        inactive: object.filled("STATUS").map_or(old.inactive, |it| it == "inactive"),
        address: Address {
            line1: part("ADDRESS1", old.address.line1),
            line2: part("ADDRESS2", old.address.line2),
            city: part("CITY", old.address.city),
            state: part("STATE", old.address.state),
            zip: part("ZIP", old.address.zip),
            country: part("COUNTRY", old.address.country),
            country_code: part("COUNTRYCODE", old.address.country_code),
        },
        record_no: old.record_no,
        when_modified: old.when_modified,
    }
}

fn check_email(contact: &Contact) -> Result<(), Refusal> {
    if contact.email.is_empty() || (contact.email.contains('@') && !contact.email.contains(' ')) {
        return Ok(());
    }
    Err(Refusal::coded(
        "BL03000018",
        format!("Illegal format for Contactversion : Primary Email Address {}", contact.email),
    ))
}

fn contact(company: &mut Company, object: &Element, create: bool) -> Result<Made, Refusal> {
    if create {
        let new = contact_fields(object, Contact::default());
        check_email(&new)?;
        if new.print_as.is_empty() {
            return Err(Refusal::missing("PRINTAS"));
        }
        let name = new.name.clone();
        let record_no = company.add_contact(new)?;
        return Ok(made("CONTACT", record_no, Some(("CONTACTNAME", &name))));
    }
    let number = key(object, "RECORDNO")?;
    let name = match number {
        Some(number) => company.contacts.values().find(|it| it.record_no == number).map(|it| it.name.clone()),
        None => object.owned("CONTACTNAME"),
    };
    let name = name.ok_or_else(|| Refusal::missing("CONTACTNAME"))?;
    let old = company.contacts.get(&name).ok_or_else(|| Refusal::not_valid("Contact", &name))?.clone();
    let mut new = contact_fields(object, old);
    new.name = name.clone();
    check_email(&new)?;
    new.when_modified = company.clock;
    let record_no = new.record_no;
    company.contacts.insert(name.clone(), new);
    Ok(made("CONTACT", record_no, Some(("CONTACTNAME", &name))))
}

fn customer(company: &mut Company, object: &Element, create: bool) -> Result<Made, Refusal> {
    let number = key(object, "RECORDNO")?;
    let old = if create {
        Customer::default()
    } else {
        let found = match (number, object.filled("CUSTOMERID")) {
            (Some(number), _) => company.customers.values().find(|it| it.record_no == number),
            (None, Some(id)) => company.customers.get(id),
            (None, None) => return Err(Refusal::missing("CUSTOMERID")),
        };
        found.ok_or_else(|| Refusal::not_valid("Customer", &object.or_empty("CUSTOMERID")))?.clone()
    };
    let either = |name: &str, old: Option<String>| if object.given(name).is_some() { object.owned(name) } else { old };
    let contact_name = |name: &str| object.child(name).and_then(|it| it.owned("CONTACTNAME"));
    let new = Customer {
        id: if create { object.or_empty("CUSTOMERID") } else { old.id.clone() },
        name: object.given("NAME").map(str::to_owned).unwrap_or(old.name),
        inactive: object.filled("STATUS").map_or(old.inactive, |it| it == "inactive"),
        on_hold: object.filled("ONHOLD").map_or(old.on_hold, |it| it == "true"),
        parent: either("PARENTID", old.parent),
        term: either("TERMNAME", old.term),
        currency: either("CURRENCY", old.currency),
        tax_id: object.given("TAXID").map(str::to_owned).unwrap_or(old.tax_id),
        customer_type: object.given("CUSTTYPE").map(str::to_owned).unwrap_or(old.customer_type),
        credit_limit: number_or(object, "CREDITLIMIT", old.credit_limit)?,
        ar_account: either("ARACCOUNT", old.ar_account),
        bill_to: contact_name("BILLTO").or(old.bill_to),
        ship_to: contact_name("SHIPTO").or(old.ship_to),
        comments: object.given("COMMENTS").map(str::to_owned).unwrap_or(old.comments),
        record_no: old.record_no,
        display_contact: old.display_contact,
        when_modified: company.clock,
    };
    if let Some(term) = &new.term
        && !company.terms.contains_key(term)
    {
        return Err(Refusal::not_valid("Term", term));
    }
    if let Some(parent) = &new.parent
        && !company.customers.contains_key(parent)
    {
        return Err(Refusal::not_valid("Parent customer", parent));
    }
    let display = object.child("DISPLAYCONTACT");
    if create {
        let display = display.map(|it| contact_fields(it, Contact::default())).unwrap_or_default();
        if display.print_as.is_empty() {
            return Err(Refusal::missing("DISPLAYCONTACT.PRINTAS"));
        }
        check_email(&display)?;
        let record_no = company.add_customer(new, display)?;
        let id =
            company.customers.values().find(|it| it.record_no == record_no).map(|it| it.id.clone()).unwrap_or_default();
        return Ok(made("CUSTOMER", record_no, Some(("CUSTOMERID", &id))));
    }
    for name in [&new.bill_to, &new.ship_to].into_iter().flatten() {
        if !company.contacts.contains_key(name) {
            return Err(Refusal::not_valid("Contact", name));
        }
    }
    if let (Some(display), Some(old)) = (display, company.contacts.get(&new.display_contact).cloned()) {
        let mut changed = contact_fields(display, old);
        changed.name = new.display_contact.clone();
        check_email(&changed)?;
        changed.when_modified = company.clock;
        company.contacts.insert(changed.name.clone(), changed);
    }
    let (record_no, id) = (new.record_no, new.id.clone());
    company.customers.insert(id.clone(), new);
    Ok(made("CUSTOMER", record_no, Some(("CUSTOMERID", &id))))
}

fn number_or(object: &Element, name: &str, old: Option<Decimal>) -> Result<Option<Decimal>, Refusal> {
    if object.given(name).is_some() { number(object, name) } else { Ok(old) }
}

fn item(company: &mut Company, object: &Element) -> Result<Made, Refusal> {
    let id = required(object.owned("ITEMID"), "ITEMID")?;
    let item = Item {
        id: id.clone(),
        name: required(object.owned("NAME"), "NAME")?,
        item_type: required(object.owned("ITEMTYPE"), "ITEMTYPE")?,
        base_price: number(object, "BASEPRICE")?,
        standard_cost: number(object, "STANDARD_COST")?,
        ..Item::default()
    };
    let record_no = company.add_item(item)?;
    Ok(made("ITEM", record_no, Some(("ITEMID", &id))))
}

fn warehouse(company: &mut Company, object: &Element) -> Result<Made, Refusal> {
    let id = required(object.owned("WAREHOUSEID"), "WAREHOUSEID")?;
    if company.warehouses.contains_key(&id) {
        return Err(Refusal::duplicate("Warehouse", &id));
    }
    let location = object.child("LOC").and_then(|it| it.owned("LOCATIONID"));
    if location.as_ref().is_some_and(|it| !company.locations.contains_key(it)) {
        return Err(Refusal::not_valid("Location", &location.unwrap_or_default()));
    }
    company.add_warehouse(&id, &object.or_empty("NAME"), location.as_deref());
    let record_no = company.warehouses.get(&id).map(|it| it.record_no).unwrap_or_default();
    Ok(made("WAREHOUSE", record_no, Some(("WAREHOUSEID", &id))))
}
