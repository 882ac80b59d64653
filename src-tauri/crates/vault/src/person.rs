//! A person's key: made by them, kept in a file of their own behind a passphrase, and never in a data folder. What it signs
//! can be checked by anybody who has its public half.

use crate::error::VaultError;
use crate::sealed::{seal, unseal};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

pub struct PersonKey {
    pub name: String,
    pair: Ed25519KeyPair,
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the key of {}", self.name)
    }
}

impl PersonKey {
    /// Makes a key and its file. A file that is there stays as it is.
    pub fn make(
        name: &str,
        file: &Path,
        passphrase: &SecretString,
        work_factor: Option<u8>,
    ) -> Result<PersonKey, VaultError> {
        let damaged = |why| VaultError::NotOpened { path: file.to_owned(), why };
        if file.exists() {
            return Err(damaged("there is a file of this name already"));
        }
        let mut seed = Zeroizing::new([0_u8; 32]);
        SystemRandom::new().fill(&mut seed[..]).map_err(|_| damaged("this machine gives no random numbers"))?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed[..]).map_err(|_| damaged("no key could be made"))?;
        let plain = Zeroizing::new(json!({ "tieout-key": 1, "name": name, "seed": hex(&seed[..]) }).to_string());
        seal(plain.as_bytes(), file, passphrase, work_factor)?;
        Ok(PersonKey { name: name.to_owned(), pair })
    }

    pub fn open(file: &Path, passphrase: &SecretString) -> Result<PersonKey, VaultError> {
        let damaged = || VaultError::NotOpened { path: file.to_owned(), why: "it holds no key of Tieout's" };
        let mut plain = Zeroizing::new(Vec::with_capacity(4_096));
        unseal(file, &mut *plain, passphrase)?;
        let value: Value = serde_json::from_slice(&plain).map_err(|_| damaged())?;
        let seed = value["seed"].as_str().and_then(unhex).map(Zeroizing::new).ok_or_else(damaged)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| damaged())?;
        Ok(PersonKey { name: value["name"].as_str().ok_or_else(damaged)?.to_owned(), pair })
    }

    /// Hex.
    pub fn public_key(&self) -> String {
        hex(self.pair.public_key().as_ref())
    }

    /// Hex.
    pub fn sign(&self, message: &[u8]) -> String {
        hex(self.pair.sign(message).as_ref())
    }
}

/// What a key is called in lists: the beginning of its digest. `None`: it is no key.
pub fn key_id(public_key: &str) -> Option<String> {
    let bytes = unhex(public_key).filter(|it| it.len() == 32)?;
    Some(hex(&Sha256::digest(&bytes)[..8]))
}

/// Whether this key signed exactly this.
pub fn is_signed(public_key: &str, message: &[u8], signature: &str) -> bool {
    let (Some(key), Some(signature)) = (unhex(public_key), unhex(signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(message, &signature).is_ok()
}

/// A number nobody can guess, in hex.
pub fn nonce() -> Option<String> {
    let mut bytes = [0_u8; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string can be written");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_with_its_passphrase_and_signs_what_it_signs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bea.key");
        let passphrase = SecretString::from("green chairs");
        let made = PersonKey::make("bea", &file, &passphrase, Some(4)).unwrap();
        let opened = PersonKey::open(&file, &passphrase).unwrap();
        assert_eq!((opened.name.as_str(), opened.public_key()), ("bea", made.public_key()));
        let signature = opened.sign(b"March");
        assert!(is_signed(&made.public_key(), b"March", &signature));
        assert!(!is_signed(&made.public_key(), b"April", &signature));
        assert!(!is_signed(&"00".repeat(32), b"March", &signature));
        assert!(PersonKey::make("eve", &file, &passphrase, Some(4)).is_err(), "what is there stays");
        assert!(PersonKey::open(&file, &SecretString::from("x")).is_err());
        assert_eq!(key_id(&made.public_key()).map(|it| it.len()), Some(16));
        assert_eq!(key_id("not hex"), None);
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(4).any(|it| it == b"seed"), "the file is encrypted");
    }
}
