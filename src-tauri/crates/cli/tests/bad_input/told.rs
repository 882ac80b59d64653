//! What a command said, and the rules every message keeps.

use serde_json::Value;
use std::process::Output;

/// Made-up secrets that may stand in no message. The sandbox's own are among them.
pub const SECRETS: [&str; 7] = [
    "sandbox-user-password",
    "sandbox-sender-password",
    "key-ro",
    "key-rw",
    "canary-key",
    "canary-password",
    "canary-sender-password",
];

#[derive(Debug)]
pub struct Told {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Told {
    pub fn of(output: &Output) -> Told {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let told = Told {
            code: output.status.code().expect("it was not killed"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        for secret in SECRETS {
            assert!(!told.out.contains(secret) && !told.err.contains(secret), "{secret} is told: {told:#?}");
        }
        assert!(!told.err.contains("panicked"), "{told:#?}");
        told
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    #[track_caller]
    pub fn is(self, code: i32) -> Told {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

/// For people: what happened in one line, what to do in the next, and nothing else.
#[track_caller]
pub fn one_message(told: &Told, status: i32, says: &[&str]) -> (String, String) {
    assert_eq!(told.code, status, "{told:#?}");
    assert_eq!(told.out, "", "an answer beside a failure");
    let lines: Vec<&str> = told.err.lines().collect();
    let [happened, remedy] = lines[..] else { panic!("not one message and one remedy: {told:#?}") };
    let happened = happened.strip_prefix("tieout: ").expect("it says who speaks");
    let remedy = remedy.strip_prefix("  ").expect("the remedy is set off");
    assert!(remedy.ends_with('.') && remedy.len() > 15, "no remedy: {told:#?}");
    for words in says {
        assert!(told.err.contains(words), "{words:?} is not said: {told:#?}");
    }
    println!("[{status}] {happened} | {remedy}");
    (happened.to_owned(), remedy.to_owned())
}

/// For programs: the same facts, as one object where the answer would have been.
#[track_caller]
pub fn same_in_json(told: &Told, status: i32, happened: &str, remedy: &str) {
    assert_eq!(told.code, status, "{told:#?}");
    assert_eq!(told.err, "", "words beside the object");
    let error = &told.json()["error"];
    assert_eq!((&error["happened"], &error["remedy"]), (&happened.into(), &remedy.into()), "{told:#?}");
    assert_eq!(error["status"], status);
}
