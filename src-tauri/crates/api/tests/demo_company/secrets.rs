//! Where the secrets are kept: in the keychain, in the vault file, or nowhere; and what the window says about it.

use crate::rig::{Demo, demo};
use std::path::Path;
use std::sync::Arc;
use tieout_api::views::*;
use tieout_api::{self as api, App, Keeper, Keychain};
use tieout_vault::{InMemory, VAULT_FILE, VaultFile};

const PASSPHRASE: &str = "canary passphrase";
const SECRETS: [SecretName; 3] = [SecretName::XcartKey, SecretName::IntacctPassword, SecretName::IntacctSenderPassword];

fn open(folder: &Path, keychain: Keychain) -> Arc<App> {
    let app = App::open(folder, Arc::new(jiff::Timestamp::now), "mira", Arc::new(|_| {})).unwrap();
    let vault = VaultFile::of(app.company.store.folder()).with_work_factor(2);
    Arc::new(app.keeping_secrets(Keeper::with_vault(folder, keychain, vault)))
}

fn no_keychain() -> Keychain {
    Keychain::none("it is a test")
}

fn save(app: &App, name: SecretName, value: &str) -> Result<SecretStoreView, Problem> {
    api::save_secret(app, SaveSecretRequest { name, value: value.into() })
}

fn shown(app: &App) -> SecretStoreView {
    api::connections(app).unwrap().secret_store
}

/// As a person connects a company of their own to the demo's two systems.
fn connect(app: &App, demo: &Demo) {
    let there = api::connections(&demo.app).unwrap();
    let request = SaveConnectionsRequest {
        environment: EnvironmentChoice::Sandbox,
        xcart_url: there.xcart.url,
        xcart_dialect: XcartDialect::Auto,
        store_zone: there.xcart.store_zone,
        intacct_url: there.intacct.url,
        intacct_company: there.intacct.company,
        intacct_entity: String::new(),
        intacct_user: there.intacct.user,
        intacct_sender: there.intacct.sender,
        entity_zone: there.intacct.entity_zone,
    };
    api::save_connections(app, request).unwrap();
}

fn values(demo: &Demo) -> [String; 3] {
    let running = &demo.running;
    [running.xcart_key.clone(), running.access.password.clone(), running.access.sender_password.clone()]
}

async fn both_systems_answer(app: &App) {
    for system in [SystemId::Xcart, SystemId::Intacct] {
        let report = api::test_connection(app, TestConnectionRequest { system }).await.unwrap();
        assert!(report.parts.iter().all(|it| it.state == PartState::Passed), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_keychain_the_secrets_are_there_at_the_next_start() {
    let demo = demo(20).await;
    let folder = tempfile::tempdir().unwrap();
    let credentials = InMemory::default();
    let app = open(folder.path(), Keychain::new(credentials.clone()));
    connect(&app, &demo);
    for (name, value) in SECRETS.into_iter().zip(values(&demo)) {
        let store = save(&app, name, &value).unwrap();
        assert_eq!(store.kind, SecretStoreKind::Keychain);
    }
    assert_eq!(credentials.accounts().len(), 3);
    let refused = save(&app, SecretName::VaultPassphrase, PASSPHRASE).unwrap_err();
    assert!(refused.title.contains("keychain"), "{refused:?}");
    drop(app);

    let app = open(folder.path(), Keychain::new(credentials));
    assert_eq!(shown(&app).stored, SECRETS);
    both_systems_answer(&app).await;
    assert!(!folder.path().join(VAULT_FILE).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_a_passphrase_makes_the_vault_file_and_opens_it_at_the_next_start() {
    let demo = demo(20).await;
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path(), no_keychain());
    connect(&app, &demo);
    let store = save(&app, SecretName::XcartKey, &demo.running.xcart_key).unwrap();
    assert_eq!((store.kind, &store.stored[..]), (SecretStoreKind::Unavailable, &SECRETS[..1]));
    assert!(store.detail.contains("it is a test") && store.detail.contains("passphrase"), "{store:?}");
    assert!(!folder.path().join(VAULT_FILE).exists(), "nobody chose it yet");
    assert!(save(&app, SecretName::VaultPassphrase, "").is_err());
    assert_eq!(save(&app, SecretName::VaultPassphrase, PASSPHRASE).unwrap().kind, SecretStoreKind::VaultFile);
    for (name, value) in SECRETS.into_iter().zip(values(&demo)) {
        save(&app, name, &value).unwrap();
    }
    drop(app);

    let app = open(folder.path(), no_keychain());
    let store = shown(&app);
    assert_eq!((store.kind, store.stored), (SecretStoreKind::VaultFile, vec![]));
    assert!(store.detail.contains("locked"), "{}", store.detail);
    let problem = api::work::pull(&app).unwrap_err();
    assert!(problem.title.contains("locked") && problem.open.unwrap().screen == Screen::Connections);
    let problem = save(&app, SecretName::VaultPassphrase, "another canary").unwrap_err();
    assert!(problem.title.contains("does not open") && !format!("{problem:?}").contains("canary"), "{problem:?}");
    let store = save(&app, SecretName::VaultPassphrase, PASSPHRASE).unwrap();
    assert_eq!(store.stored.len(), 4, "three secrets and the passphrase");
    both_systems_answer(&app).await;
    nothing_in_the_clear(folder.path(), &values(&demo));
}

fn nothing_in_the_clear(folder: &Path, secrets: &[String]) {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        files += 1;
        for secret in secrets.iter().map(String::as_str).chain([PASSPHRASE]) {
            assert!(!bytes.windows(secret.len()).any(|it| it == secret.as_bytes()), "{secret} in {path:?}");
        }
    }
    assert!(files >= 3, "the database, the vault file, the locks");
}

#[test]
fn the_demo_keeps_its_secrets_nowhere_and_a_request_does_not_show_its_value() {
    let folder = tempfile::tempdir().unwrap();
    let credentials = InMemory::default();
    let app = open(folder.path(), Keychain::new(credentials.clone()));
    app.mark_demo();
    let store = save(&app, SecretName::XcartKey, "made up").unwrap();
    assert_eq!((store.kind, store.stored.len()), (SecretStoreKind::Unavailable, 1));
    assert!(save(&app, SecretName::VaultPassphrase, PASSPHRASE).is_err());
    assert!(credentials.accounts().is_empty() && !folder.path().join(VAULT_FILE).exists());
    let request = SaveSecretRequest { name: SecretName::XcartKey, value: "canary".into() };
    assert!(!format!("{request:?}").contains("canary"));
}
