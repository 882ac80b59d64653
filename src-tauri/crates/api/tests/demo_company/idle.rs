//! Nobody is there: what could act in their name is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tieout_api::views::*;
use tieout_api::{self as api, App, Keeper, Keychain};

#[test]
fn secrets_are_dropped_when_nobody_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let second = Arc::new(AtomicI64::new(1_767_225_600));
    let now = Arc::clone(&second);
    let clock = Arc::new(move || jiff::Timestamp::from_second(now.load(Ordering::Relaxed)).unwrap());
    let app = App::open(folder.path(), clock, "mira", Arc::new(|_| {})).unwrap();
    let app = app.keeping_secrets(Keeper::of(folder.path(), Keychain::none("it is a test")));
    api::save_secret(&app, SaveSecretRequest { name: SecretName::XcartKey, value: "key".into() }).unwrap();
    let kept = |app: &App| api::connections(app).unwrap().secret_store.stored;
    assert_eq!(kept(&app), [SecretName::XcartKey]);
    app.somebody_is_there();
    second.fetch_add(14 * 60, Ordering::Relaxed);
    assert!(!app.drop_secrets_when_idle());
    app.somebody_is_there();
    second.fetch_add(14 * 60, Ordering::Relaxed);
    assert!(!app.drop_secrets_when_idle(), "a request puts it off");
    assert_eq!(kept(&app), [SecretName::XcartKey]);
    second.fetch_add(60, Ordering::Relaxed);
    assert!(app.drop_secrets_when_idle());
    assert!(kept(&app).is_empty());
}
