//! Testing each part a connection rests on, in the order they are needed, and naming the one that fails.

use crate::SecretKind;
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use tieout_intacct::CredentialPart;
use tieout_xcart::{Cursor, Pull, XcartError};

#[derive(Debug)]
pub struct TestedPart {
    pub id: &'static str,
    pub label: &'static str,
    /// `None`: could not be tried because an earlier part failed.
    pub passed: Option<bool>,
    pub detail: String,
    pub error: Option<ServiceError>,
}

const XCART: [(&str, &str); 5] = [
    ("address", "Address answers"),
    ("interface", "Answers as an X-Cart store"),
    ("key", "Key is accepted"),
    ("orders", "Key may read orders"),
    ("payments", "Key may read payments"),
];

const DEFINITION: (&str, &str) = ("definition", "Sales orders can be read back");

/// The parts before any test, by id and label.
pub fn xcart_parts() -> Vec<(&'static str, &'static str)> {
    XCART.to_vec()
}

pub fn intacct_parts() -> Vec<(&'static str, &'static str)> {
    CredentialPart::ALL.into_iter().map(|part| (part_id(part), part.title())).chain([DEFINITION]).collect()
}

pub async fn test_xcart(company: &Company, secrets: &Secrets) -> Result<Vec<TestedPart>, ServiceError> {
    company.connection()?;
    if !secrets.has(SecretKind::XcartKey) {
        return Ok(failed_at(2, false, no_secret("X-Cart key")));
    }
    let client = match company.xcart(secrets).await {
        Ok(client) => client,
        Err(error) => return Ok(failed_at(xcart_part(&error), true, error)),
    };
    let page = match client.orders_page(Pull::Whole, Cursor::default()).await {
        Ok(page) => page,
        Err(error) => return Ok(failed_at(3, true, error.into())),
    };
    let orders = format!("{} on the first page, {} not understood", page.good.len(), page.refused.len());
    let payments = match page.good.first() {
        None => "there is no order to ask about".to_owned(),
        Some(order) => match client.payments_of(&order.value).await {
            Ok(found) => format!("order {}: {} payment rows", order.value.number, found.good.len()),
            Err(error) => return Ok(failed_at(4, true, error.into())),
        },
    };
    let details = [
        client.shop().base_url.host_str().unwrap_or_default().to_owned(),
        match client.dialect() {
            tieout_xcart::Dialect::AdminApi => "admin API".to_owned(),
            tieout_xcart::Dialect::RestAddon => "REST API add-on".to_owned(),
        },
        String::new(),
        orders,
        payments,
    ];
    let parts = XCART.into_iter().zip(details);
    Ok(parts.map(|((id, label), detail)| TestedPart { id, label, passed: Some(true), detail, error: None }).collect())
}

fn xcart_part(error: &ServiceError) -> usize {
    match error {
        ServiceError::Xcart(XcartError::WrongKey { .. }) => 2,
        ServiceError::Xcart(XcartError::NotAllowed { .. }) => 3,
        ServiceError::Xcart(
            XcartError::NotXcart { .. }
            | XcartError::WebPage { .. }
            | XcartError::Redirected { .. }
            | XcartError::NotFound { .. }
            | XcartError::BrokenAnswer { .. }
            | XcartError::TooLarge { .. },
        ) => 1,
        _ => 0,
    }
}

/// `tried`: the parts before the failed one were asked and work.
fn failed_at(failed: usize, tried: bool, error: ServiceError) -> Vec<TestedPart> {
    let mut error = Some(error);
    let parts = XCART.into_iter().enumerate().map(|(at, (id, label))| TestedPart {
        id,
        label,
        passed: if at == failed { Some(false) } else { (tried && at < failed).then_some(true) },
        detail: String::new(),
        error: if at == failed { error.take() } else { None },
    });
    parts.collect()
}

pub async fn test_intacct(company: &Company, secrets: &Secrets) -> Result<Vec<TestedPart>, ServiceError> {
    let mut failed = None;
    for (kind, part, name) in [
        (SecretKind::IntacctSenderPassword, CredentialPart::Sender, "Intacct sender password"),
        (SecretKind::IntacctPassword, CredentialPart::User, "Intacct password"),
    ] {
        if failed.is_none() && !secrets.has(kind) {
            failed = Some((part, no_secret(name)));
        }
    }
    let mut entity = String::new();
    let mut definition = untested_definition();
    let tried = failed.is_none();
    if tried {
        let config = company.intacct_config(secrets)?;
        entity = config.entity.clone().unwrap_or_else(|| "top level".to_owned());
        failed = match tieout_intacct::Client::new(config) {
            Ok(client) => match client.test_credentials().await.failed {
                Some((part, error)) => Some((part, error.into())),
                None => {
                    definition = test_definition(company, &client).await;
                    None
                }
            },
            Err(error) => Some((CredentialPart::Address, error.into())),
        };
    }
    let failed_part = failed.as_ref().map(|(part, _)| *part);
    let mut error = failed.map(|(_, error)| error);
    let parts = CredentialPart::ALL.into_iter().map(|part| TestedPart {
        id: part_id(part),
        label: part.title(),
        passed: match failed_part {
            None => Some(true),
            Some(failed) if part == failed => Some(false),
            Some(failed) => (tried && part < failed).then_some(true),
        },
        detail: if part == CredentialPart::Entity { entity.clone() } else { String::new() },
        error: if failed_part == Some(part) { error.take() } else { None },
    });
    Ok(parts.chain([definition]).collect())
}

fn untested_definition() -> TestedPart {
    let (id, label) = DEFINITION;
    TestedPart { id, label, passed: None, detail: String::new(), error: None }
}

/// Passed as well where no sales orders are made: nothing rests on it.
async fn test_definition(company: &Company, client: &tieout_intacct::Client) -> TestedPart {
    let name = company.settings().map(|(settings, _)| settings.orders.definition).unwrap_or_default();
    let part = untested_definition();
    if name.is_empty() {
        return TestedPart { passed: Some(true), detail: "no sales orders are made".into(), ..part };
    }
    match client.check_definition(&name).await {
        Ok(_) => TestedPart { passed: Some(true), detail: name, ..part },
        Err(error) => TestedPart { passed: Some(false), error: Some(error.into()), ..part },
    }
}

fn no_secret(what: &'static str) -> ServiceError {
    ServiceError::BadInput { field: what, value: String::new(), why: "it was not entered in this session".into() }
}

fn part_id(part: CredentialPart) -> &'static str {
    match part {
        CredentialPart::Address => "address",
        CredentialPart::Sender => "sender",
        CredentialPart::SenderAuthorisation => "sender-authorisation",
        CredentialPart::Company => "company",
        CredentialPart::User => "user",
        CredentialPart::Entity => "entity",
        CredentialPart::Permission => "permission",
    }
}
