//! Customers and contacts: the masters an order may need before it can be written.

use super::{BuildError, WriteRequest, lines::required, request};
use crate::shape::{CREATE_CONTACT, CREATE_CUSTOMER, Content};
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
    required("the contact", "name", &contact.contact_name)?;
    required("the contact", "name to print", &contact.print_as)?;
    let content = details(contact).text("CONTACTNAME", &contact.contact_name);
    request(&CREATE_CONTACT, &content, NaturalKey(contact.contact_name.clone()), key)
}

/// The customer id is ours and so is its own natural key.
pub fn create_customer(customer: &NewCustomer, key: &IdempotencyKey) -> Result<WriteRequest, BuildError> {
    required("the customer", "id", &customer.customer_id)?;
    required("the customer", "name", &customer.name)?;
    required("the customer", "name to print", &customer.contact.print_as)?;
    let content = Content::new()
        .text("CUSTOMERID", &customer.customer_id)
        .text("NAME", &customer.name)
        .group("DISPLAYCONTACT", details(&customer.contact))
        .text("STATUS", "active")
        .optional("TERMNAME", customer.term.as_deref())
        .optional("CURRENCY", customer.currency.as_deref());
    request(&CREATE_CUSTOMER, &content, NaturalKey(customer.customer_id.clone()), key)
}

fn details(contact: &NewContact) -> Content {
    let address = &contact.address;
    let address = Content::new()
        .text("ADDRESS1", &address.line1)
        .text("ADDRESS2", &address.line2)
        .text("CITY", &address.city)
        .text("STATE", &address.state)
        .text("ZIP", &address.zip)
        .text("COUNTRY", &address.country)
        .text("COUNTRYCODE", &address.country_code);
    Content::new()
        .text("PRINTAS", &contact.print_as)
        .text("COMPANYNAME", &contact.company_name)
        .text("FIRSTNAME", &contact.first_name)
        .text("LASTNAME", &contact.last_name)
        .text("PHONE1", &contact.phone)
        .text("EMAIL1", &contact.email)
        .group("MAILADDRESS", address)
}
