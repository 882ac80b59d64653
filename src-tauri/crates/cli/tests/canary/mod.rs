//! No secret left behind anywhere.

use std::path::Path;
use std::process::Output;

/// Secrets of the sandbox stand for real ones: in no file the program wrote, in nothing it printed.
pub fn nothing_secret_is_left(folder: &Path, printed: &[&Output], secrets: &[&str]) {
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    read_all(folder, &mut texts);
    for (at, output) in printed.iter().enumerate() {
        texts.push((format!("standard output {at}"), output.stdout.clone()));
        texts.push((format!("standard error {at}"), output.stderr.clone()));
    }
    assert!(texts.iter().any(|(name, _)| name.ends_with("tieout.sqlite3")));
    for canary in secrets {
        for form in forms(canary) {
            for (name, bytes) in &texts {
                let found = bytes.windows(form.len()).any(|it| it == form);
                assert!(!found, "{canary} (or a form of it) stands in {name}");
            }
        }
    }
}

/// Raw, UTF-16 and Base64 as a header would carry it.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![secret.as_bytes().to_vec(), utf16];
    if secret.len() >= 12 {
        forms.push(base64(secret.as_bytes()).trim_end_matches('=').as_bytes()[..secret.len()].to_vec());
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let word = chunk.iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |at| char::from(LETTERS[((word >> (18 - 6 * at)) & 63) as usize]))
        })
        .collect()
}

fn read_all(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}
