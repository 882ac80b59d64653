use super::requests::reads;
use super::samples::{config, writes};
use crate::envelope::{Credential, wrap};
use crate::xml::{Node, parse};
use secrecy::{ExposeSecret, SecretString};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/api-v3.0-2019R3.xsd");
const FIELDS: &str = include_str!("../../tests/fields.tsv");

/// Newer than the published schema (2019 R3).
const NOT_COVERED: [&str; 5] =
    ["query_changed_since", "query_every_operator", "query_count", "query_order_documents", "lookup"];

pub fn violations(document: &str) -> Option<String> {
    let mut child = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", SCHEMA, "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Whether there is something to validate with; where CI runs there must be.
pub fn xmllint() -> bool {
    let there = Command::new("xmllint").arg("--version").output().is_ok();
    if !there {
        assert!(std::env::var_os("CI").is_none(), "xmllint is missing (package libxml2-utils)");
        println!("skipped: xmllint is not installed");
    }
    there
}

#[test]
fn requests_are_valid_by_sages_schema() {
    if !xmllint() {
        return;
    }
    let session = SecretString::from("session");
    let functions = reads()
        .into_iter()
        .filter(|(name, _)| !NOT_COVERED.contains(name))
        .chain(writes().into_iter().map(|(name, request)| (name, request.function)));
    for (name, function) in functions {
        for credential in [Credential::Login, Credential::Session(&session)] {
            let request = wrap(&config(), &credential, "c", true, &function);
            assert_eq!(violations(request.expose_secret()), None, "{name}");
        }
    }
    // The check has teeth: the same with two elements swapped is refused.
    let (_, order) = writes().into_iter().find(|it| it.0 == "sales_order").unwrap();
    let swapped = order.function.replace("transactiontype>", "externalid_>").replace("externalid_", "message");
    let request = wrap(&config(), &Credential::Login, "c", true, &swapped);
    assert!(violations(request.expose_secret()).is_some());
}

/// Page of Sage's reference that lists an object's fields.
fn page(object: &str) -> Option<&'static str> {
    Some(match object {
        "GLBATCH" => "general-ledger-journal-entries",
        "ARPYMT" => "accounts-receivable-ar-payments",
        "ARADVANCE" => "accounts-receivable-ar-advances",
        "CUSTOMER" => "accounts-receivable-customers",
        "CONTACT" => "company-console-contacts",
        _ => return None,
    })
}

fn check(object: &str, node: &Node, known: &BTreeMap<&str, BTreeSet<(&str, bool)>>, page: &str) {
    // Nested objects are listed under their own name, or under the object they belong to.
    let listed = known.get(node.name.as_ref()).or_else(|| known.get(object)).unwrap_or_else(|| panic!("{page}"));
    let everything: BTreeSet<&str> = known.values().flatten().map(|it| it.0).collect();
    for child in &node.children {
        let fits = listed.iter().any(|it| it.0 == child.name) || everything.contains(child.name.as_ref());
        let wrapper = known.contains_key(child.name.as_ref());
        assert!(fits || wrapper, "{object}: {} is no field of {}", child.name, node.name);
        if !child.children.is_empty() {
            check(object, child, known, page);
        }
    }
    if known.contains_key(node.name.as_ref()) {
        for (field, required) in listed.iter().filter(|it| it.1) {
            // Tables list nested objects' required fields beside the object's own; those are the child's business.
            let ours = node.child(field).is_some() || node.children.iter().any(|it| it.child(field).is_some());
            assert!(ours || !required, "{object}: required {field} is missing in {}", node.name);
        }
    }
}

#[test]
fn generic_creates_use_fields_of_sages_reference_and_all_required_ones() {
    let mut checked = 0;
    for (_, request) in writes() {
        let function = parse(request.function.as_bytes()).unwrap();
        let create = &function.children[0];
        if create.name != "create" {
            continue;
        }
        let object = &create.children[0];
        let page = page(&object.name).unwrap_or_else(|| panic!("no page for {}", object.name));
        let mut known: BTreeMap<&str, BTreeSet<(&str, bool)>> = BTreeMap::new();
        let rows = FIELDS.lines().skip(1).map(|it| it.split('\t').collect::<Vec<_>>());
        // An address is an address: the customers' page leaves out the country code that the contacts' page has.
        for row in rows.filter(|it| it[0] == page || it[2] == "MAILADDRESS") {
            let element = if row[2].is_empty() { object.name.as_ref() } else { row[2] };
            // The customers' table is flat: what only nested objects that we do not write require is left aside.
            let nested = ["CONTACTNAME", "CATEGORYNAME", "CONTACT", "EMAILTEMPLATENAME"];
            let required = row[4] == "required" && !(object.name == "CUSTOMER" && nested.contains(&row[3]));
            if row[3] != object.name {
                known.entry(element).or_default().insert((row[3], required));
            }
        }
        check(&object.name, object, &known, page);
        checked += 1;
    }
    assert!(checked >= 9, "{checked}");
}
