//! Where `connect` keeps the secrets, and where the commands that come find them.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod canary;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tieout_sandbox::running::{Plan, Running, start};

const PASSPHRASE: (&str, &str) = ("TIEOUT_VAULT_PASSPHRASE", "canary passphrase");

fn tieout(data: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
    command.args(args).arg("--json").arg("--data").arg(data);
    for name in [PASSPHRASE.0, "TIEOUT_XCART_KEY", "TIEOUT_INTACCT_PASSWORD", "TIEOUT_INTACCT_SENDER_PASSWORD"] {
        command.env_remove(name);
    }
    command.env("TIEOUT_KEYCHAIN", "off").envs(variables.iter().copied()).output().unwrap()
}

fn connect(data: &Path, running: &Running, variables: &[(&str, &str)]) -> Output {
    let intacct = running.intacct.url();
    let given = [
        ("--environment", "sandbox"),
        ("--store-zone", "America/Chicago"),
        ("--entity-zone", "America/New_York"),
        ("--xcart-url", &running.xcart_url),
        ("--intacct-url", &intacct),
        ("--intacct-company", &running.company),
        ("--intacct-user", &running.access.user),
        ("--intacct-sender", &running.access.sender_id),
    ];
    let args: Vec<&str> = std::iter::once("connect").chain(given.into_iter().flat_map(|(a, b)| [a, b])).collect();
    tieout(data, &args, variables)
}

fn kept(output: &Output) -> (usize, String) {
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let secrets = &told["secrets"];
    (secrets["kept"].as_array().unwrap().len(), secrets["where"].as_str().unwrap().to_owned())
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_given_once_are_kept_in_the_vault_file_and_found_there() {
    let running = start(&Plan { seed: 1, orders: 20, ..Plan::default() }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let secrets = [
        ("TIEOUT_XCART_KEY", running.xcart_key.as_str()),
        ("TIEOUT_INTACCT_PASSWORD", &running.access.password),
        ("TIEOUT_INTACCT_SENDER_PASSWORD", &running.access.sender_password),
    ];

    let (count, place) = kept(&connect(data, &running, &secrets));
    assert!(count == 0 && place.starts_with("nowhere") && place.contains(PASSPHRASE.0), "{place}");
    let (code, error) = said(&tieout(data, &["pull"], &[PASSPHRASE]));
    assert!(code == Some(2) && error.contains("not set") && error.contains("no secrets.age"), "{error}");

    let connected = connect(data, &running, &[&secrets[..], &[PASSPHRASE]].concat());
    let (count, place) = kept(&connected);
    assert!(count == 3 && place.ends_with("secrets.age"), "{place}");
    let vault = std::fs::read(data.join("secrets.age")).unwrap();

    let (code, error) = said(&tieout(data, &["pull"], &[]));
    assert!(code == Some(2) && error.contains("secrets.age is locked"), "{error}");
    let wrong = tieout(data, &["pull"], &[(PASSPHRASE.0, "canary mistyped")]);
    let (code, error) = said(&wrong);
    assert!(code == Some(2) && error.contains("does not open"), "{error}");
    assert_eq!(std::fs::read(data.join("secrets.age")).unwrap(), vault);

    let pulled = tieout(data, &["pull"], &[PASSPHRASE]);
    let (code, error) = said(&pulled);
    assert!(matches!(code, Some(0 | 1)), "{error}");
    // The environment comes first: a secret given there is used, right or wrong.
    let refused = tieout(data, &["pull"], &[PASSPHRASE, ("TIEOUT_INTACCT_PASSWORD", "canary other")]);
    assert_eq!(said(&refused).0, Some(3));

    let canaries = [secrets.map(|(_, value)| value).as_slice(), &["canary"]].concat();
    canary::nothing_secret_is_left(data, &[&connected, &wrong, &pulled, &refused], &canaries);
}
