//! Customers and contacts: the masters an order may need before it can be written.

use super::{BuildError, WriteRequest, check_key, lines::required};
use crate::envelope::function;
use crate::xml::XmlWriter;
use tieout_domain::{IdempotencyKey, NaturalKey};

/// Contact names are unique in the whole company: `Jane Doe(CC-1001)` style names keep them so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewContact {
    pub contact_name: String,
    pub print_as: String,
    pub company_name: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: String,
    pub address: NewAddress,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAddress {
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub country: String,
    /// ISO code; needed beside the name where the company has ISO codes enabled.
    pub country_code: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCustomer {
    pub customer_id: String,
    pub name: String,
    pub contact: NewContact,
    pub term: Option<String>,
    pub currency: Option<String>,
}

pub fn create_contact(contact: &NewContact, key: &IdempotencyKey) -> Result<WriteRequest, BuildError> {
    check_key(key)?;
    required("the contact", "name", &contact.contact_name)?;
    required("the contact", "name to print", &contact.print_as)?;
    let (function, dropped) = function(&key.0, |out| {
        out.group("create", |out| {
            out.group("CONTACT", |out| {
                out.text("CONTACTNAME", &contact.contact_name);
                details(contact, out);
            });
        });
    });
    let natural_key = NaturalKey(contact.contact_name.clone());
    Ok(WriteRequest { key: key.clone(), function, natural_key, kind: None, about: None, dropped })
}

/// The customer id is ours and so is its own natural key.
pub fn create_customer(customer: &NewCustomer, key: &IdempotencyKey) -> Result<WriteRequest, BuildError> {
    check_key(key)?;
    required("the customer", "id", &customer.customer_id)?;
    required("the customer", "name", &customer.name)?;
    required("the customer", "name to print", &customer.contact.print_as)?;
    let (function, dropped) = function(&key.0, |out| {
        out.group("create", |out| {
            out.group("CUSTOMER", |out| {
                out.text("CUSTOMERID", &customer.customer_id);
                out.text("NAME", &customer.name);
                out.group("DISPLAYCONTACT", |out| details(&customer.contact, out));
                out.text("STATUS", "active");
                out.optional("TERMNAME", customer.term.as_deref());
                out.optional("CURRENCY", customer.currency.as_deref());
            });
        });
    });
    let natural_key = NaturalKey(customer.customer_id.clone());
    Ok(WriteRequest { key: key.clone(), function, natural_key, kind: None, about: None, dropped })
}

fn details(contact: &NewContact, out: &mut XmlWriter) {
    out.text("PRINTAS", &contact.print_as);
    out.text("COMPANYNAME", &contact.company_name);
    out.text("FIRSTNAME", &contact.first_name);
    out.text("LASTNAME", &contact.last_name);
    out.text("PHONE1", &contact.phone);
    out.text("EMAIL1", &contact.email);
    let address = &contact.address;
    if *address != NewAddress::default() {
        out.group("MAILADDRESS", |out| {
            out.text("ADDRESS1", &address.line1);
            out.text("ADDRESS2", &address.line2);
            out.text("CITY", &address.city);
            out.text("STATE", &address.state);
            out.text("ZIP", &address.zip);
            out.text("COUNTRY", &address.country);
            out.text("COUNTRYCODE", &address.country_code);
        });
    }
}
