//! A keychain that is asked from a thread of its own: where its service is locked, it may wait for a prompt that nobody
//! sees, and the window must not wait with it.

use crate::error::KeychainError;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// As long as a person may be kept waiting (design/promises.md K3).
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What keeps a secret under the name of an account. May block for ever; [`Keychain`] does not.
pub trait Credentials: Send + Sync + 'static {
    fn read(&self, account: &str) -> Result<Option<SecretString>, KeychainError>;
    fn write(&self, account: &str, secret: &SecretString) -> Result<(), KeychainError>;
    /// All is well when there was none.
    fn delete(&self, account: &str) -> Result<(), KeychainError>;
}

#[derive(Clone)]
pub struct Keychain {
    credentials: Arc<dyn Credentials>,
    answer_within: Duration,
}

impl Keychain {
    pub fn new(credentials: impl Credentials) -> Keychain {
        Keychain { credentials: Arc::new(credentials), answer_within: ANSWER_WITHIN }
    }

    /// None is used, and the reason is shown to the person.
    pub fn none(why: &'static str) -> Keychain {
        Keychain::new(NoKeychain(why))
    }

    #[must_use]
    pub fn answering_within(self, answer_within: Duration) -> Keychain {
        Keychain { answer_within, ..self }
    }

    /// Those of `accounts` that it has, by account; one wait for all of them.
    pub(crate) fn read(&self, accounts: Vec<String>) -> Result<BTreeMap<String, SecretString>, KeychainError> {
        self.ask(move |credentials| {
            let mut found = BTreeMap::new();
            for account in accounts {
                if let Some(secret) = credentials.read(&account)? {
                    found.insert(account, secret);
                }
            }
            Ok(found)
        })
    }

    /// `None` removes it.
    pub(crate) fn write(&self, account: String, secret: Option<SecretString>) -> Result<(), KeychainError> {
        self.ask(move |credentials| match &secret {
            Some(secret) => credentials.write(&account, secret),
            None => credentials.delete(&account),
        })
    }

    fn ask<R: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Credentials) -> Result<R, KeychainError> + Send + 'static,
    ) -> Result<R, KeychainError> {
        let (tell, told) = mpsc::channel();
        let credentials = Arc::clone(&self.credentials);
        // The receiver is gone once the wait is over; a late answer is dropped.
        let asking = move || drop(tell.send(question(&*credentials)));
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(asking)
            .map_err(|error| KeychainError::Failed(format!("no thread could be started: {error}")))?;
        told.recv_timeout(self.answer_within).unwrap_or_else(|error| {
            Err(match error {
                mpsc::RecvTimeoutError::Timeout => KeychainError::Silent(self.answer_within),
                mpsc::RecvTimeoutError::Disconnected => KeychainError::Failed("it gave no answer".into()),
            })
        })
    }
}

struct NoKeychain(&'static str);

impl Credentials for NoKeychain {
    fn read(&self, _: &str) -> Result<Option<SecretString>, KeychainError> {
        Err(KeychainError::NoService(self.0.into()))
    }

    fn write(&self, _: &str, _: &SecretString) -> Result<(), KeychainError> {
        Err(KeychainError::NoService(self.0.into()))
    }

    fn delete(&self, _: &str) -> Result<(), KeychainError> {
        Err(KeychainError::NoService(self.0.into()))
    }
}

/// Forgets everything with the program. Stands for the system's keychain in tests.
#[derive(Clone, Default)]
pub struct InMemory(Arc<Mutex<BTreeMap<String, SecretString>>>);

impl InMemory {
    pub fn accounts(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl Credentials for InMemory {
    fn read(&self, account: &str) -> Result<Option<SecretString>, KeychainError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned())
    }

    fn write(&self, account: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A locked service: the prompt is up, and nobody is there.
    struct Stuck(Mutex<mpsc::Receiver<()>>);

    impl Credentials for Stuck {
        fn read(&self, _: &str) -> Result<Option<SecretString>, KeychainError> {
            let _ = self.0.lock().unwrap().recv();
            Ok(None)
        }

        fn write(&self, _: &str, _: &SecretString) -> Result<(), KeychainError> {
            unreachable!("nothing is written here")
        }

        fn delete(&self, _: &str) -> Result<(), KeychainError> {
            panic!("its library has a bug")
        }
    }

    #[test]
    fn a_keychain_that_hangs_or_breaks_is_named_and_nobody_waits_for_it() {
        let (prompt, answered) = mpsc::channel();
        let within = Duration::from_millis(20);
        let keychain = Keychain::new(Stuck(Mutex::new(answered))).answering_within(within);
        assert_eq!(keychain.read(vec!["a".into()]).unwrap_err(), KeychainError::Silent(within));
        drop(prompt);
        let keychain = keychain.answering_within(Duration::from_secs(10));
        assert!(matches!(keychain.write("a".into(), None), Err(KeychainError::Failed(_))));
        let none = Keychain::none("it is a test").read(vec!["a".into()]).unwrap_err();
        assert_eq!(none.to_string(), "this machine offers no keychain (it is a test)");
    }
}
