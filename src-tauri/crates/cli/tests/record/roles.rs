//! Roles, locks and sign-offs, asked for as a user would: below the window, and not to be talked round.

use crate::books::Books;
use serde_json::Value;

const RULES: &str = r#"
[control]
separate = true
[[control.people]]
name = "ann"
roles = ["preparer", "approver"]
limit = "50.00"
[[control.people]]
name = "bea"
roles = ["approver", "reviewer"]
[[control.people]]
name = "cy"
roles = ["preparer"]
[[control.people]]
name = "dan"
roles = ["reviewer"]
"#;

/// The demo's books, with rules; what is posted already stays as it is.
pub fn ruled() -> Books {
    let books = Books::of("200");
    let file = books.file("rules.toml");
    let output = books.run(&["settings", "export", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n{RULES}")).unwrap();
    books.ask(&["settings", "import", file.to_str().unwrap()], 0);
    books
}

fn waiting(books: &Books) -> (Vec<Value>, String) {
    let list = books.ask(&["list", "proposals"], 0);
    (list["rows"].as_array().unwrap().clone(), list["digest"].as_str().unwrap().to_owned())
}

/// A posted journal entry, which can be reversed from here and is not yet.
fn posted(books: &Books) -> Value {
    let postings = books.ask(&["list", "postings"], 0);
    let rows = postings["rows"].as_array().unwrap();
    let is_reversed = |it: &Value| {
        let key = format!("REV-{}", it["reference"].as_str().unwrap());
        rows.iter().any(|other| other["reference"] == *key)
    };
    let is_entry = |it: &&Value| it["state"]["state"] == "posted" && it["kind"] == "journal-entry" && !is_reversed(it);
    rows.iter().find(is_entry).unwrap().clone()
}

pub fn reversed(books: &Books, by: &str) -> Value {
    let posted = posted(books);
    let told = books.ask(&["reverse", posted["id"].as_str().unwrap(), "--as", by], 1);
    let id = told["proposed"].clone();
    waiting(books).0.into_iter().find(|it| it["id"] == id).unwrap()
}

#[test]
fn nobody_approves_what_they_prepared_and_an_override_stands_in_the_evidence() {
    let books = ruled();
    let proposal = reversed(&books, "bea");
    let id = proposal["id"].as_str().unwrap();
    let approve = |by: &str, reason: &str, status| {
        let digest = waiting(&books).1;
        let mut args = vec!["approve", id, "--digest", &digest, "--as", by];
        if !reason.is_empty() {
            args.extend(["--override", reason]);
        }
        books.ask(&args, status)
    };
    let refused = |told: &Value| told["left"][0][1].as_str().unwrap().to_owned();
    assert!(refused(&approve("cy", "please", 1)).contains("cy is no approver"));
    assert!(refused(&approve("eve", "I am the owner", 1)).contains("eve is no approver"));
    assert!(refused(&approve("bea", "", 1)).contains("bea prepared it and may not approve it"));
    let told = approve("bea", "ann is away, agreed by phone", 0);
    assert_eq!(told["approved"][0], id, "{told}");

    let file = books.file("certificate.json");
    let period = proposal["on"].as_str().unwrap()[..7].to_owned();
    books.run(&["tie-out", "--period", &period, "--certificate", file.to_str().unwrap()]);
    let verdict = tieout_verify::check(&std::fs::read(&file).unwrap(), &tieout_verify::Expected::default()).unwrap();
    let open = verdict.open.join("\n");
    assert!(open.contains("bea approved what they prepared") && open.contains("agreed by phone"), "{open}");
    assert_eq!(verdict.control, "roles; nobody approves their own");
}

#[test]
fn a_limit_is_exact_and_a_lock_is_kept() {
    let books = ruled();
    let proposal = reversed(&books, "cy");
    let (id, period) = (proposal["id"].as_str().unwrap(), proposal["on"].as_str().unwrap()[..7].to_owned());
    let approve = |by: &str, status| {
        let digest = waiting(&books).1;
        books.ask(&["approve", id, "--digest", &digest, "--as", by], status)
    };
    books.ask(&["period", "lock", &period, "--kind", "hard", "--reason", "closed", "--as", "cy"], 3);
    books.ask(&["period", "lock", &period, "--kind", "hard", "--reason", "closed", "--as", "bea"], 0);
    let told = approve("bea", 1);
    assert!(told["left"][0][1].as_str().unwrap().contains("locked hard by bea"), "{told}");
    books.ask(&["period", "unlock", &period, "--reason", "late item", "--as", "bea"], 3);
    books.ask(&["period", "unlock", &period, "--reason", "late item", "--as", "dan"], 0);
    approve("bea", 0);
}

#[test]
fn a_signed_period_is_suspended_by_a_later_change_and_says_what_changed() {
    let books = ruled();
    let period = posted(&books)["on"].as_str().unwrap()[..7].to_owned();
    let sign = |by: &str, role: &str, status| {
        books.ask(&["sign-off", "--period", &period, "--role", role, "--as", by], status)
    };
    sign("eve", "preparer", 3);
    sign("bea", "reviewer", 3); // nobody prepared it yet
    sign("ann", "preparer", 0);
    sign("ann", "reviewer", 3);
    let state = sign("bea", "reviewer", 0);
    assert_eq!(state["sign_offs"].as_array().unwrap().len(), 2);
    assert_eq!(state["mode"], "roles; nobody approves their own");
    books.ask(&["sign-off", "--period", &period], 0);

    // An entry comes into the signed month.
    let proposal = reversed(&books, "cy");
    let digest = waiting(&books).1;
    books.ask(&["approve", proposal["id"].as_str().unwrap(), "--digest", &digest, "--as", "bea"], 0);
    let state = books.ask(&["sign-off", "--period", &period], 1);
    let first = &state["sign_offs"][0];
    assert_eq!(first["suspended"], true, "{first}");
    let changes = first["changes"].as_array().unwrap();
    assert!(
        changes.iter().any(|it| it["then"] == "" && it["now"].as_str().unwrap().contains("approved, bea")),
        "{changes:?}"
    );
    assert!(changes.len() < 5, "only what changed: {changes:?}");
}

#[test]
fn the_rules_are_changed_by_a_reviewer_only() {
    let books = ruled();
    let file = books.file("rules.toml");
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("name = \"cy\"\nroles = [\"preparer\"]", "name = \"cy\"\nroles = [\"approver\"]");
    std::fs::write(&file, text).unwrap();
    let told = books.ask(&["settings", "import", file.to_str().unwrap()], 3); // ann is signed in
    assert!(told["error"]["happened"].as_str().unwrap().contains("ann is no reviewer"), "{told}");
}
