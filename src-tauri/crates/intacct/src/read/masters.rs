//! What documents refer to: customers, items, accounts, and the short lists that settings choose from.

use super::Reader;
use crate::client::Client;
use crate::error::Error;
use crate::failure::ErrorClass;
use crate::lookup::FieldList;
use crate::row::Row;
use tieout_domain::{Customer, LedgerAccount, LedgerItem, ObjectKind};

pub fn customers() -> Reader<Customer> {
    Reader {
        object: "CUSTOMER",
        kind: ObjectKind::Customer,
        fields: FieldList {
            required: &["RECORDNO", "CUSTOMERID", "NAME"],
            optional: &["STATUS", "ONHOLD", "DISPLAYCONTACT.EMAIL1", "EMAIL1", "WHENMODIFIED"],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["CUSTOMERID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            Ok(Customer {
                company: company.clone(),
                customer_id: row.required(&["CUSTOMERID"])?,
                name: row.text(&["NAME"]),
                email: row.text(&["DISPLAYCONTACT.EMAIL1", "EMAIL1"]),
                active: row.is_active(),
                on_hold: row.flag(&["ONHOLD"]),
            })
        },
    }
}

pub fn items() -> Reader<LedgerItem> {
    Reader {
        object: "ITEM",
        kind: ObjectKind::Item,
        fields: FieldList {
            required: &["RECORDNO", "ITEMID"],
            optional: &["NAME", "STATUS", "ITEMTYPE", "WHENMODIFIED"],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["ITEMID", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            Ok(LedgerItem {
                company: company.clone(),
                item_id: row.required(&["ITEMID"])?,
                name: row.text(&["NAME"]),
                active: row.is_active(),
                kind: row.text(&["ITEMTYPE"]),
            })
        },
    }
}

pub fn accounts() -> Reader<LedgerAccount> {
    Reader {
        object: "GLACCOUNT",
        kind: ObjectKind::Account,
        fields: FieldList {
            required: &["RECORDNO", "ACCOUNTNO"],
            optional: &[
                "TITLE",
                "STATUS",
                "REQUIREDEPT",
                "REQUIRELOC",
                "REQUIRECUSTOMER",
                "REQUIREITEM",
                "WHENMODIFIED",
            ],
        },
        changed: &["WHENMODIFIED"],
        id_fields: &["ACCOUNTNO", "RECORDNO"],
        id_prefix: "",
        filter: None,
        parse: |company, row| {
            Ok(LedgerAccount {
                company: company.clone(),
                number: row.required(&["ACCOUNTNO"])?,
                title: row.text(&["TITLE"]),
                active: row.is_active(),
                requires_location: row.flag(&["REQUIRELOC"]),
                requires_department: row.flag(&["REQUIREDEPT"]),
                requires_customer: row.flag(&["REQUIRECUSTOMER"]),
                requires_item: row.flag(&["REQUIREITEM"]),
            })
        },
    }
}

/// One entry of a list that settings choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    pub name: String,
    pub active: bool,
}

/// A bank account of Intacct's, with the GL account its money is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckingAccount {
    pub id: String,
    pub name: String,
    pub gl_account: String,
    /// Empty where the company keeps one currency only.
    pub currency: String,
    pub active: bool,
}

impl Client {
    pub async fn journals(&self) -> Result<Vec<Named>, Error> {
        self.named("JOURNAL", "SYMBOL", &["TITLE"]).await
    }

    pub async fn locations(&self) -> Result<Vec<Named>, Error> {
        self.named("LOCATION", "LOCATIONID", &["NAME"]).await
    }

    pub async fn departments(&self) -> Result<Vec<Named>, Error> {
        self.named("DEPARTMENT", "DEPARTMENTID", &["TITLE", "NAME"]).await
    }

    pub async fn warehouses(&self) -> Result<Vec<Named>, Error> {
        self.named("WAREHOUSE", "WAREHOUSEID", &["NAME"]).await
    }

    pub async fn terms(&self) -> Result<Vec<Named>, Error> {
        self.named("ARTERM", "NAME", &["DESCRIPTION"]).await
    }

    pub async fn contacts(&self) -> Result<Vec<Named>, Error> {
        self.named("CONTACT", "CONTACTNAME", &["PRINTAS"]).await
    }

    /// "Intacct Daily Rate" exists but is never listed (reference/intacct.md 2.3), so it is added.
    pub async fn exchange_rate_types(&self) -> Result<Vec<Named>, Error> {
        let daily = "Intacct Daily Rate";
        let mut types = match self.named("EXCHANGERATETYPES", "NAME", &["DESCRIPTION"]).await {
            Err(error) if error.class() == ErrorClass::Permanent => Vec::new(), // a company of one currency
            other => other?,
        };
        if !types.iter().any(|it| it.id == daily) {
            types.insert(0, Named { id: daily.into(), name: daily.into(), active: true });
        }
        Ok(types)
    }

    pub async fn checking_accounts(&self) -> Result<Vec<CheckingAccount>, Error> {
        let list = FieldList {
            required: &["RECORDNO", "BANKACCOUNTID"],
            optional: &["BANKNAME", "BANKACCOUNTNO", "GLACCOUNTNO", "CURRENCY", "STATUS"],
        };
        let (fields, base) = (self.fields_of("CHECKINGACCOUNT").await?.select(&list)?, self.base_currency().await?);
        let rows = self.all_rows("CHECKINGACCOUNT", &fields, None).await?;
        Ok(rows
            .iter()
            .map(|node| Row::new(node, base))
            .filter(|row| !row.text(&["BANKACCOUNTID"]).is_empty())
            .map(|row| CheckingAccount {
                id: row.text(&["BANKACCOUNTID"]),
                name: row.text(&["BANKNAME", "BANKACCOUNTID"]),
                gl_account: row.text(&["GLACCOUNTNO"]),
                currency: row.text(&["CURRENCY"]),
                active: row.is_active(),
            })
            .collect())
    }

    /// A whole list by id and name; entries without an id are none.
    async fn named(&self, object: &str, id: &str, names: &[&str]) -> Result<Vec<Named>, Error> {
        let known = self.fields_of(object).await?;
        if !known.has(id) {
            return Err(Error::MissingField { object: object.into(), field: id.into() });
        }
        let fields: Vec<String> = ["RECORDNO", id, "STATUS"]
            .iter()
            .chain(names)
            .filter(|it| known.has(it))
            .map(|&it| it.to_owned())
            .collect();
        let base = self.base_currency().await?;
        let rows = self.all_rows(object, &fields, None).await?;
        Ok(rows
            .iter()
            .map(|node| Row::new(node, base))
            .filter(|row| !row.text(&[id]).is_empty())
            .map(|row| Named { id: row.text(&[id]), name: row.text(names), active: row.is_active() })
            .collect())
    }
}
