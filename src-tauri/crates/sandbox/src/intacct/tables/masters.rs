//! Masters: customers, contacts, items, accounts, journals, places and terms.

use super::{columns, date_or_null, int_or_null, maybe, number_or_null, status, text};
use crate::intacct::company::Company;
use crate::intacct::records::*;
use crate::intacct::table::{AnyTable, Rows, Table, Value};

fn contact<'a>(company: &'a Company, customer: &Customer) -> Option<&'a Contact> {
    company.contacts.get(&customer.display_contact)
}

fn of<'a>(company: &'a Company, customer: &Customer, get: fn(&Contact) -> &str) -> Value<'a> {
    contact(company, customer).map_or(Value::Null, |it| text(get(it)))
}

static CUSTOMER: Table<Customer> = Table {
    name: "CUSTOMER",
    id: "CUSTOMERID",
    columns: columns! { Customer:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "CUSTOMERID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.name);
        "STATUS" Text => |_, r| status(r.inactive);
        "PARENTID" Text => |_, r| maybe(&r.parent);
        "TERMNAME" Text => |_, r| maybe(&r.term);
        "CURRENCY" Text => |_, r| maybe(&r.currency);
        "CREDITLIMIT" Number => |_, r| number_or_null(r.credit_limit);
        "ONHOLD" Bool => |_, r| Value::Bool(r.on_hold);
        "TOTALDUE" Number => |c, r| Value::Number(
            c.invoices.values().chain(c.adjustments.values()).filter(|it| it.customer_id == r.id).map(Receivable::due).sum());
        "TAXID" Text => |_, r| text(&r.tax_id);
        "CUSTTYPE" Text => |_, r| text(&r.customer_type);
        "ARACCOUNT" Text => |_, r| maybe(&r.ar_account);
        "COMMENTS" Text => |_, r| text(&r.comments);
        "DISPLAYCONTACT.CONTACTNAME" Text => |_, r| text(&r.display_contact);
        "DISPLAYCONTACT.PRINTAS" Text => |c, r| of(c, r, |it| &it.print_as);
        "DISPLAYCONTACT.COMPANYNAME" Text => |c, r| of(c, r, |it| &it.company_name);
        "DISPLAYCONTACT.FIRSTNAME" Text => |c, r| of(c, r, |it| &it.first_name);
        "DISPLAYCONTACT.LASTNAME" Text => |c, r| of(c, r, |it| &it.last_name);
        "DISPLAYCONTACT.EMAIL1" Text => |c, r| of(c, r, |it| &it.email);
        "DISPLAYCONTACT.PHONE1" Text => |c, r| of(c, r, |it| &it.phone);
        "DISPLAYCONTACT.MAILADDRESS.ADDRESS1" Text => |c, r| of(c, r, |it| &it.address.line1);
        "DISPLAYCONTACT.MAILADDRESS.CITY" Text => |c, r| of(c, r, |it| &it.address.city);
        "DISPLAYCONTACT.MAILADDRESS.STATE" Text => |c, r| of(c, r, |it| &it.address.state);
        "DISPLAYCONTACT.MAILADDRESS.ZIP" Text => |c, r| of(c, r, |it| &it.address.zip);
        "DISPLAYCONTACT.MAILADDRESS.COUNTRY" Text => |c, r| of(c, r, |it| &it.address.country);
        "DISPLAYCONTACT.MAILADDRESS.COUNTRYCODE" Text => |c, r| of(c, r, |it| &it.address.country_code);
        "SHIPTOCONTACT.CONTACTNAME" Text => |_, r| maybe(&r.ship_to);
        "BILLTOCONTACT.CONTACTNAME" Text => |_, r| maybe(&r.bill_to);
        "SHIPTO.CONTACTNAME" Text => |_, r| maybe(&r.ship_to);
        "BILLTO.CONTACTNAME" Text => |_, r| maybe(&r.bill_to);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
        "MEGAENTITYID" Text => |_, _| Value::Null;
    },
    rows: |company| Rows::Kept(company.customers.values().collect()),
    entity: |_, _| None,
};

static CONTACT: Table<Contact> = Table {
    name: "CONTACT",
    id: "CONTACTNAME",
    columns: columns! { Contact:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "CONTACTNAME" Text => |_, r| text(&r.name);
        "PRINTAS" Text => |_, r| text(&r.print_as);
        "COMPANYNAME" Text => |_, r| text(&r.company_name);
        "FIRSTNAME" Text => |_, r| text(&r.first_name);
        "LASTNAME" Text => |_, r| text(&r.last_name);
        "EMAIL1" Text => |_, r| text(&r.email);
        "EMAIL2" Text => |_, _| Value::Null;
        "PHONE1" Text => |_, r| text(&r.phone);
        "PHONE2" Text => |_, _| Value::Null;
        "TAXABLE" Bool => |_, r| Value::Bool(r.taxable);
        "TAXGROUP" Text => |_, r| text(&r.tax_group);
        "STATUS" Text => |_, r| status(r.inactive);
        "MAILADDRESS.ADDRESS1" Text => |_, r| text(&r.address.line1);
        "MAILADDRESS.ADDRESS2" Text => |_, r| text(&r.address.line2);
        "MAILADDRESS.CITY" Text => |_, r| text(&r.address.city);
        "MAILADDRESS.STATE" Text => |_, r| text(&r.address.state);
        "MAILADDRESS.ZIP" Text => |_, r| text(&r.address.zip);
        "MAILADDRESS.COUNTRY" Text => |_, r| text(&r.address.country);
        "MAILADDRESS.COUNTRYCODE" Text => |_, r| text(&r.address.country_code);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.contacts.values().collect()),
    entity: |_, _| None,
};

static ITEM: Table<Item> = Table {
    name: "ITEM",
    id: "ITEMID",
    columns: columns! { Item:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "ITEMID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.name);
        "STATUS" Text => |_, r| status(r.inactive);
        "ITEMTYPE" Text => |_, r| text(&r.item_type);
        "EXTENDED_DESCRIPTION" Text => |_, r| text(&r.description);
        "SHIP_WEIGHT" Number => |_, r| number_or_null(r.ship_weight);
        "SODESCRIPTION" Text => |_, _| Value::Null;
        "BASEPRICE" Number => |_, r| number_or_null(r.base_price);
        "STANDARD_COST" Number => |_, r| number_or_null(r.standard_cost);
        "TAXABLE" Bool => |_, r| Value::Bool(r.taxable);
        "TAXGROUP" Text => |_, _| Value::Null;
        "GLGROUP" Text => |_, r| text(&r.gl_group);
        "UOMGRP" Text => |_, _| text("Count");
        "UPC" Text => |_, r| text(&r.upc);
        "SO_PRECISION" Int => |_, _| Value::Int(2);
        "PRODUCTLINEID" Text => |_, _| Value::Null;
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.items.values().collect()),
    entity: |_, _| None,
};

static GLACCOUNT: Table<Account> = Table {
    name: "GLACCOUNT",
    id: "ACCOUNTNO",
    columns: columns! { Account:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "ACCOUNTNO" Text => |_, r| text(&r.no);
        "TITLE" Text => |_, r| text(&r.title);
        "ACCOUNTTYPE" Text => |_, r| text(&r.account_type);
        "NORMALBALANCE" Text => |_, r| text(&r.normal_balance);
        "STATUS" Text => |_, r| status(r.inactive);
        "REQUIREDEPT" Bool => |_, r| Value::Bool(r.required.department);
        "REQUIRELOC" Bool => |_, r| Value::Bool(r.required.location);
        "REQUIRECUSTOMER" Bool => |_, r| Value::Bool(r.required.customer);
        "REQUIREITEM" Bool => |_, r| Value::Bool(r.required.item);
        "REQUIRECLASS" Bool => |_, r| Value::Bool(r.required.class);
        "REQUIREPROJECT" Bool => |_, r| Value::Bool(r.required.project);
        "REQUIREVENDOR" Bool => |_, _| Value::Bool(false);
        "REQUIREEMPLOYEE" Bool => |_, _| Value::Bool(false);
        "REQUIREWAREHOUSE" Bool => |_, _| Value::Bool(false);
        "REQUIRECONTRACT" Bool => |_, _| Value::Bool(false);
        "WHENMODIFIED" Stamp => |_, r| Value::Stamp(r.when_modified);
    },
    rows: |company| Rows::Kept(company.accounts.values().collect()),
    entity: |_, _| None,
};

static JOURNAL: Table<Journal> = Table {
    name: "JOURNAL",
    id: "SYMBOL",
    columns: columns! { Journal:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "SYMBOL" Text => |_, r| text(&r.symbol);
        "TITLE" Text => |_, r| text(&r.title);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.journals.values().collect()),
    entity: |_, _| None,
};

static LOCATION: Table<Location> = Table {
    name: "LOCATION",
    id: "LOCATIONID",
    columns: columns! { Location:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "LOCATIONID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.name);
        "PARENTID" Text => |_, r| if r.is_entity { Value::Null } else { maybe(&r.entity) };
        "ENTITY" Text => |_, r| maybe(&r.entity);
        "CURRENCY" Text => |c, _| text(&c.base_currency);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.locations.values().collect()),
    entity: |_, _| None,
};

static LOCATIONENTITY: Table<Location> = Table {
    name: "LOCATIONENTITY",
    id: "LOCATIONID",
    columns: columns! { Location:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "LOCATIONID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.name);
        "CURRENCY" Text => |c, _| text(&c.base_currency);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.locations.values().filter(|it| it.is_entity).collect()),
    entity: |_, _| None,
};

static DEPARTMENT: Table<Department> = Table {
    name: "DEPARTMENT",
    id: "DEPARTMENTID",
    columns: columns! { Department:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "DEPARTMENTID" Text => |_, r| text(&r.id);
        "TITLE" Text => |_, r| text(&r.title);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.departments.values().collect()),
    entity: |_, _| None,
};

/// Classes are not kept here: the object exists and is empty.
static CLASS: Table<Department> = Table {
    name: "CLASS",
    id: "CLASSID",
    columns: columns! { Department:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "CLASSID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.title);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |_| Rows::Made(Vec::new()),
    entity: |_, _| None,
};

static CHECKINGACCOUNT: Table<CheckingAccount> = Table {
    name: "CHECKINGACCOUNT",
    id: "BANKACCOUNTID",
    columns: columns! { CheckingAccount:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "BANKACCOUNTID" Text => |_, r| text(&r.id);
        "BANKACCOUNTNO" Text => |_, r| text(&r.id);
        "BANKNAME" Text => |_, r| text(&r.name);
        "GLACCOUNTNO" Text => |_, r| text(&r.gl_account);
        "CURRENCY" Text => |_, r| text(&r.currency);
        "LOCATIONID" Text => |_, r| maybe(&r.location);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.checking_accounts.values().collect()),
    entity: |_, _| None,
};

static ARTERM: Table<Term> = Table {
    name: "ARTERM",
    id: "NAME",
    columns: columns! { Term:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "NAME" Text => |_, r| text(&r.name);
        "DUEDATE" Int => |_, r| Value::Signed(r.due_days);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.terms.values().collect()),
    entity: |_, _| None,
};

static WAREHOUSE: Table<Warehouse> = Table {
    name: "WAREHOUSE",
    id: "WAREHOUSEID",
    columns: columns! { Warehouse:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "WAREHOUSEID" Text => |_, r| text(&r.id);
        "NAME" Text => |_, r| text(&r.name);
        "LOC.LOCATIONID" Text => |_, r| maybe(&r.location);
        "LOCATIONID" Text => |_, r| maybe(&r.location);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.warehouses.values().collect()),
    entity: |_, _| None,
};

// UNVERIFIED: CURRENCY and MINQTY; the others are those a working connector reads (reference/intacct.md 2.3).
static SOPRICELISTENTRY: Table<PriceListEntry> = Table {
    name: "SOPRICELISTENTRY",
    id: "RECORDNO",
    columns: columns! { PriceListEntry:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "PRICELISTID" Text => |_, r| text(&r.list);
        "ITEMID" Text => |_, r| text(&r.item);
        "ITEMNAME" Text => |c, r| c.items.get(&r.item).map_or(Value::Null, |it| text(&it.name));
        "VALUE" Number => |_, r| Value::Number(r.value);
        "CURRENCY" Text => |_, r| maybe(&r.currency);
        "DATEFROM" Date => |_, r| date_or_null(r.from);
        "DATETO" Date => |_, r| date_or_null(r.to);
        "MINQTY" Number => |_, r| number_or_null(r.min_quantity);
        "STATUS" Text => |_, r| status(r.inactive);
    },
    rows: |company| Rows::Kept(company.prices.iter().collect()),
    entity: |_, _| None,
};

static REPORTINGPERIOD: Table<ReportingPeriod> = Table {
    name: "REPORTINGPERIOD",
    id: "NAME",
    columns: columns! { ReportingPeriod:
        "RECORDNO" Int => |_, r| Value::Int(r.record_no);
        "NAME" Text => |_, r| text(&r.name);
        "HEADER1" Text => |_, r| text(&r.name);
        "START_DATE" Date => |_, r| Value::Date(r.start);
        "END_DATE" Date => |_, r| Value::Date(r.end);
        "BUDGETING" Bool => |_, _| Value::Bool(true);
        "STATUS" Text => |_, _| status(false);
    },
    rows: |company| Rows::Kept(company.periods.iter().collect()),
    entity: |_, _| None,
};

/// One rate with its place in the list as its number.
pub struct RateRow {
    at: usize,
    rate: ExchangeRate,
}

static EXCHANGERATEENTRY: Table<RateRow> = Table {
    name: "EXCHANGERATEENTRY",
    id: "RECORDNO",
    columns: columns! { RateRow:
        "RECORDNO" Int => |_, r| Value::Int(r.at as u64 + 1);
        "FROMCURRENCY" Text => |_, r| text(&r.rate.from);
        "TOCURRENCY" Text => |c, _| text(&c.base_currency);
        "TYPEID" Text => |_, r| text(&r.rate.rate_type);
        "EFFECTIVE_START_DATE" Date => |_, r| date_or_null(Some(r.rate.date));
        "EXCHANGE_RATE" Number => |_, r| number_or_null(Some(r.rate.rate));
        "EXCHANGERATEKEY" Int => |_, _| int_or_null(Some(1));
    },
    rows: |company| {
        Rows::Made(company.rates.iter().cloned().enumerate().map(|(at, rate)| RateRow { at, rate }).collect())
    },
    entity: |_, _| None,
};

pub fn tables() -> Vec<&'static dyn AnyTable> {
    vec![
        &CUSTOMER,
        &CONTACT,
        &ITEM,
        &GLACCOUNT,
        &JOURNAL,
        &LOCATION,
        &LOCATIONENTITY,
        &DEPARTMENT,
        &CLASS,
        &CHECKINGACCOUNT,
        &ARTERM,
        &WAREHOUSE,
        &SOPRICELISTENTRY,
        &REPORTINGPERIOD,
        &EXCHANGERATEENTRY,
    ]
}
