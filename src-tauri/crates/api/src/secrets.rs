//! The secrets of the two systems: which are known, and where they are kept.

use crate::app::App;
use crate::problem;
use crate::views::{
    OpenTarget, Problem, SaveSecretRequest, Screen, SecretName, SecretStoreKind, SecretStoreView, Topic,
};
use std::sync::Arc;
use tieout_services::{SecretKind, Secrets};
use tieout_vault::{Keeper, Place, SecretString, VAULT_FILE};

impl App {
    /// Secrets are kept where `keeper` says from here on. It looks for them at once, in a thread of its own: a locked
    /// keychain may take its time, and the window opens meanwhile.
    #[must_use]
    pub fn keeping_secrets(mut self, keeper: Keeper) -> App {
        let keeper = Arc::new(keeper);
        let looking = Arc::clone(&keeper);
        std::thread::spawn(move || drop(looking.known()));
        self.keeper = keeper;
        self
    }

    /// In memory only, as the demo's.
    pub fn set_secrets(&self, secrets: &Secrets) {
        for kind in SecretKind::ALL {
            self.keeper.hold(kind, secrets.get(kind).clone());
        }
    }

    /// All of them, or what to do: both systems are needed for every step.
    pub(crate) fn secrets(&self) -> Result<Secrets, Problem> {
        let known = self.known_secrets();
        if known.is_complete() {
            return Ok(known);
        }
        let (title, remedy) = match self.keeper.place() {
            Place::VaultFile { locked: true, .. } => {
                ("The vault file with the secrets is locked", "Give its passphrase under Connections.")
            }
            _ => ("The secrets of the two systems are not known", "Enter them under Connections."),
        };
        let open = Some(OpenTarget { screen: Screen::Connections, id: None });
        Err(Problem { open, ..problem::bad_request(title, remedy, self.company.now()) })
    }

    /// Those that are known so far. The first call may wait for the keychain.
    pub(crate) fn known_secrets(&self) -> Secrets {
        Secrets::of(self.keeper.known())
    }
}

pub(crate) fn secret_store(app: &App) -> SecretStoreView {
    let known = app.keeper.known();
    let mut stored: Vec<SecretName> = known.into_keys().map(name).collect();
    let place = app.keeper.place();
    let (kind, detail) = match &place {
        _ if app.is_demo() => {
            (SecretStoreKind::Unavailable, "The demo's secrets are made up; they are written nowhere.".to_owned())
        }
        Place::Keychain => (SecretStoreKind::Keychain, "They are there again at the next start.".to_owned()),
        Place::VaultFile { locked: true, no_keychain } => {
            (SecretStoreKind::VaultFile, format!("{VAULT_FILE} is locked: give its passphrase; {no_keychain}."))
        }
        Place::VaultFile { locked: false, no_keychain } => {
            stored.push(SecretName::VaultPassphrase);
            (SecretStoreKind::VaultFile, format!("{VAULT_FILE} is open until Tieout closes; {no_keychain}."))
        }
        Place::Memory { no_keychain } => {
            let detail = format!("They are forgotten when Tieout closes: {no_keychain}. {}", no_keychain.remedy());
            (SecretStoreKind::Unavailable, detail)
        }
    };
    SecretStoreView { kind, detail, stored }
}

/// A secret goes to the keychain or into the opened vault file, else it stays in memory, and the answer says which. The
/// vault's passphrase opens the file, or makes it.
pub fn save_secret(app: &App, request: SaveSecretRequest) -> Result<SecretStoreView, Problem> {
    let value = SecretString::from(request.value);
    let saved = match (kind(request.name), app.is_demo()) {
        (Some(kind), true) => {
            app.keeper.hold(kind, value);
            Ok(())
        }
        (Some(kind), false) => app.keeper.save([(kind, value)]).map(drop),
        (None, false) => app.keeper.unlock(value).map(drop),
        (None, true) => {
            let remedy = "Connect a company of your own in a data folder of its own.";
            return Err(problem::bad_request("The demo keeps no secrets", remedy, app.company.now()));
        }
    };
    app.jobs.changed(vec![Topic::Connections]);
    saved.map_err(|error| app.problem(error))?;
    Ok(secret_store(app))
}

fn name(kind: SecretKind) -> SecretName {
    match kind {
        SecretKind::XcartKey => SecretName::XcartKey,
        SecretKind::IntacctPassword => SecretName::IntacctPassword,
        SecretKind::IntacctSenderPassword => SecretName::IntacctSenderPassword,
    }
}

/// None for the passphrase, which is kept nowhere.
fn kind(name: SecretName) -> Option<SecretKind> {
    match name {
        SecretName::XcartKey => Some(SecretKind::XcartKey),
        SecretName::IntacctPassword => Some(SecretKind::IntacctPassword),
        SecretName::IntacctSenderPassword => Some(SecretKind::IntacctSenderPassword),
        SecretName::VaultPassphrase => None,
    }
}
