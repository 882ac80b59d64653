//! Testing the connection, and naming the part that fails: the same error number means five different things
//! (reference/intacct.md 1.3), so level and words decide.

use crate::client::Client;
use crate::config::Config;
use crate::error::{Error, TransportError};
use crate::failure::{ErrorClass, Level};

/// What a sign-in rests on, in the order Intacct checks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialPart {
    Address,
    /// Sender id or its password: Intacct does not say which.
    Sender,
    /// The sender is known, but this company does not let it in.
    SenderAuthorisation,
    Company,
    /// User id or its password: Intacct does not say which.
    User,
    Entity,
    Permission,
}

impl CredentialPart {
    pub const ALL: [CredentialPart; 7] = [
        CredentialPart::Address,
        CredentialPart::Sender,
        CredentialPart::SenderAuthorisation,
        CredentialPart::Company,
        CredentialPart::User,
        CredentialPart::Entity,
        CredentialPart::Permission,
    ];

    pub fn title(self) -> &'static str {
        match self {
            CredentialPart::Address => "Address",
            CredentialPart::Sender => "Sender id and password",
            CredentialPart::SenderAuthorisation => "Sender authorised by the company",
            CredentialPart::Company => "Company id",
            CredentialPart::User => "User id and password",
            CredentialPart::Entity => "Entity",
            CredentialPart::Permission => "Permissions of the user",
        }
    }
}

/// Every part before the failed one works; the ones after it could not be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialReport {
    pub failed: Option<(CredentialPart, Error)>,
}

impl CredentialReport {
    pub fn is_good(&self) -> bool {
        self.failed.is_none()
    }

    /// `Some(true)` works, `Some(false)` fails, `None` could not be tried.
    pub fn of(&self, part: CredentialPart) -> Option<bool> {
        match &self.failed {
            None => Some(true),
            Some((failed, _)) if part < *failed => Some(true),
            Some((failed, _)) if part == *failed => Some(false),
            Some(_) => None,
        }
    }
}

/// What the work needs to read. A user that may not is found now, not in the middle of a pull.
const NEEDED: [&str; 6] = ["ARINVOICE", "ARPYMT", "CUSTOMER", "GLACCOUNT", "GLBATCH", "GLDETAIL"];

impl Client {
    /// Signs in anew and asks for what the work needs. Says which part fails, never what was typed.
    pub async fn test_credentials(&self) -> CredentialReport {
        if let Err(error) = self.new_session(&self.config).await {
            let mut part = part_of(&error);
            // A wrong entity is answered in the words of a wrong password: without it the same user gets in.
            if part == CredentialPart::User && self.config.entity.is_some() {
                let top_level = Config { entity: None, ..self.config.clone() };
                if self.new_session(&top_level).await.is_ok() {
                    part = CredentialPart::Entity;
                }
            }
            return CredentialReport { failed: Some((part, error)) };
        }
        if let Err(error) = self.setup().await {
            return CredentialReport { failed: Some((CredentialPart::Permission, error)) };
        }
        for object in NEEDED {
            if let Err(error) = self.fields_of(object).await {
                return CredentialReport { failed: Some((CredentialPart::Permission, error)) };
            }
        }
        CredentialReport { failed: None }
    }
}

fn part_of(error: &Error) -> CredentialPart {
    let Error::Refused(failure, _) = error else {
        return match error {
            Error::Config(_) | Error::Transport(TransportError::Connect(_)) => CredentialPart::Address,
            Error::Http { status: 401 | 403, .. } => CredentialPart::User,
            _ => CredentialPart::Address,
        };
    };
    let cause = failure.cause();
    let text = format!("{} {} {}", cause.description, cause.description2, cause.correction).to_lowercase();
    if text.contains("web services authorization") || text.contains("not authorized to make web services") {
        return CredentialPart::SenderAuthorisation;
    }
    if text.contains("partner id") || (failure.level == Level::Control && text.contains("sender")) {
        return CredentialPart::Sender;
    }
    // GW-0011: tenant unknown or sender id unknown; the text does not always say which.
    if cause.errorno == "GW-0011" || cause.errorno == "PL04000055" {
        return CredentialPart::Company;
    }
    if ["location", "entity"].iter().any(|word| text.contains(word)) {
        return CredentialPart::Entity;
    }
    if text.contains("permission") {
        return CredentialPart::Permission;
    }
    if text.contains("company") && !text.contains("user") && !text.contains("sign-in") {
        return CredentialPart::Company;
    }
    match (failure.level, failure.class()) {
        (Level::Control, ErrorClass::Auth) if cause.errorno != "XMLGW_JPP0002" => CredentialPart::Sender,
        (Level::Result, _) => CredentialPart::Permission,
        _ => CredentialPart::User,
    }
}
