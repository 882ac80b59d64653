//! The secrets of the two systems, for a command that needs them: from the environment, else from the keychain, else from
//! the vault file. Never from an argument: arguments show in process lists.

use secrecy::SecretString;
use serde_json::{Value, json};
use tieout_services::{Company, Secrets, ServiceError};
use tieout_vault::{Keeper, Keychain, Known, Place, SecretKind, VAULT_FILE};

const PASSPHRASE: &str = "TIEOUT_VAULT_PASSPHRASE";

fn variable(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::XcartKey => "TIEOUT_XCART_KEY",
        SecretKind::IntacctPassword => "TIEOUT_INTACCT_PASSWORD",
        SecretKind::IntacctSenderPassword => "TIEOUT_INTACCT_SENDER_PASSWORD",
    }
}

pub fn from_environment(name: &str) -> Option<SecretString> {
    std::env::var(name).ok().filter(|it| !it.is_empty()).map(SecretString::from)
}

fn given() -> Known {
    SecretKind::ALL.into_iter().filter_map(|kind| Some((kind, from_environment(variable(kind))?))).collect()
}

fn keeper(company: &Company) -> Keeper {
    Keeper::of(company.store.folder(), Keychain::of_this_machine())
}

/// With the vault file opened where its passphrase is known.
pub fn opened_keeper(company: &Company) -> Keeper {
    let keeper = keeper(company);
    if keeper.has_vault_file()
        && let Some(passphrase) = from_environment(PASSPHRASE)
    {
        let _ = keeper.unlock(passphrase); // then it has no head to tell
    }
    keeper
}

/// All three. The keychain and the vault file are looked at only for what the environment does not say.
pub fn find(company: &Company) -> Result<Secrets, ServiceError> {
    let given = given();
    let missing = |known: &Known| SecretKind::ALL.into_iter().find(|kind| !known.contains_key(kind));
    if missing(&given).is_none() {
        return Ok(Secrets::of(given));
    }
    let keeper = keeper(company);
    let mut known = with(keeper.known(), &given);
    if missing(&known).is_some()
        && keeper.has_vault_file()
        && let Some(passphrase) = from_environment(PASSPHRASE)
    {
        keeper.unlock(passphrase)?;
        known = with(keeper.known(), &given);
    }
    match missing(&known) {
        None => Ok(Secrets::of(known)),
        Some(kind) => Err(ServiceError::BadInput {
            field: variable(kind),
            value: String::new(),
            why: format!("this environment variable holds the secret and is not set, and {}", elsewhere(&keeper)),
        }),
    }
}

fn with(mut kept: Known, given: &Known) -> Known {
    kept.extend(given.clone());
    kept
}

/// Why it was not found in the other two places.
fn elsewhere(keeper: &Keeper) -> String {
    let file = match (keeper.has_vault_file(), from_environment(PASSPHRASE)) {
        (false, _) => format!("there is no {VAULT_FILE}"),
        (true, None) => format!("{VAULT_FILE} is locked: {PASSPHRASE} is not set"),
        (true, Some(_)) => format!("{VAULT_FILE} has none"),
    };
    match keeper.place() {
        Place::Keychain => format!("the keychain has none, and {file}"),
        Place::VaultFile { no_keychain, .. } | Place::Memory { no_keychain } => format!("{no_keychain}, and {file}"),
    }
}

/// Keeps what the environment gives for the commands that come, and says where.
pub fn keep(company: &Company) -> Result<Value, ServiceError> {
    let given = given();
    let names: Vec<&str> = given.keys().map(|kind| kind.name()).collect();
    if given.is_empty() {
        return Ok(json!({ "kept": names, "where": "nowhere: none was given in the environment" }));
    }
    let keeper = keeper(company);
    let mut place = keeper.save(given)?;
    if place != Place::Keychain
        && let Some(passphrase) = from_environment(PASSPHRASE)
    {
        place = keeper.unlock(passphrase)?;
    }
    let file = company.store.folder().join(VAULT_FILE);
    Ok(match place {
        Place::Keychain => json!({ "kept": names, "where": "the system's keychain" }),
        Place::VaultFile { locked: false, .. } => {
            json!({ "kept": names, "where": format!("the vault file {}", file.display()) })
        }
        Place::VaultFile { locked: true, no_keychain } | Place::Memory { no_keychain } => {
            json!({ "kept": [], "where": format!("nowhere: {no_keychain}, and {PASSPHRASE} is not set for a vault file") })
        }
    })
}
