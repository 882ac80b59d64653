//! Every request document of the vendor's own tests is accepted or refused for a stated reason.

mod intacct_support;

use std::path::PathBuf;

use intacct_support::*;
use tieout_sandbox::intacct::xml::parse;

fn documents() -> Vec<(String, String)> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/intacct");
    let mut out = Vec::new();
    for folder in ["requests", "derived"] {
        let Ok(files) = std::fs::read_dir(shared.join(folder)) else { continue };
        for file in files.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("resp-") {
                continue;
            }
            out.push((name, std::fs::read_to_string(file.path()).unwrap_or_default()));
        }
    }
    out.sort();
    out
}

fn without_declaration(text: &str) -> String {
    text.split_once("?>").map_or(text, |(_, rest)| rest).trim().to_owned()
}

#[tokio::test]
async fn every_request_document_is_accepted_or_refused_for_a_stated_reason() {
    let documents = documents();
    if documents.is_empty() {
        println!("skipped: ../shared/data/intacct is not here");
        return;
    }
    let (_server, client) = small().await;
    let (mut accepted, mut refused, mut unserved, mut fragments) = (0, 0, 0, 0);
    for (name, text) in &documents {
        let body = without_declaration(text);
        let line = match parse(&body) {
            Ok(root) if root.name == "function" => {
                let (_, reply) = client.send(envelope(&login(), false, false, &body)).await.unwrap();
                let root = parse(&reply).unwrap();
                let errors = errors(&root);
                if errors.is_empty() {
                    assert!(reply.contains("<result><status>success</status>"), "{name}: {reply}");
                    accepted += 1;
                    "accepted".to_owned()
                } else {
                    assert!(errors.iter().all(|it| it.len() > 8), "{name}: no reason in {reply}");
                    if errors[0].starts_with("SBX-UNSERVED") {
                        unserved += 1;
                    } else {
                        refused += 1;
                    }
                    format!("refused: {}", errors[0])
                }
            }
            Ok(root) => {
                fragments += 1;
                format!("fragment <{}>", root.name)
            }
            Err(error) => {
                fragments += 1;
                format!("no document: {}", error.text)
            }
        };
        println!("{name:<62} {line}");
    }
    println!("{accepted} accepted, {refused} refused, {unserved} of functions not served, {fragments} fragments");
    assert!(accepted >= 15, "{accepted}");
}
