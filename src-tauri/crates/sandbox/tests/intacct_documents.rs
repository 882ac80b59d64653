//! Every request document of the vendor's own tests is accepted or refused for a stated reason.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod intacct_support;

use std::path::PathBuf;

use intacct_support::*;
use tieout_sandbox::intacct::xml::parse;

fn documents() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../intacct/tests/requests");
    let mut out: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter_map(|file| {
            let name = file.file_name().to_string_lossy().strip_suffix(".xml")?.to_owned();
            Some((name, std::fs::read_to_string(file.path()).unwrap()))
        })
        .collect();
    out.sort();
    out
}

fn without_declaration(text: &str) -> String {
    text.split_once("?>").map_or(text, |(_, rest)| rest).trim().to_owned()
}

#[tokio::test]
async fn every_request_document_is_accepted_or_refused_for_a_stated_reason() {
    let documents = documents();
    let (_server, client) = small().await;
    let mut accepted = 0;
    let mut lines = Vec::new();
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
                    "passed\tdone".to_owned()
                } else {
                    assert!(errors.iter().all(|it| it.len() > 8), "{name}: no reason in {reply}");
                    match errors[0].strip_prefix("SBX-UNSERVED") {
                        Some(why) => format!("not covered\ta function the sandbox does not serve:{why}"),
                        None => format!("refused as stated\t{}", errors[0]),
                    }
                }
            }
            Ok(root) => format!("not covered\t<{}> is part of a request", root.name),
            Err(error) => format!("not covered\tno document: {}", error.text),
        };
        lines.push(format!("{name}\t{line}"));
    }
    insta::assert_snapshot!("intacct_requests", lines.join("\n"));
    assert!(accepted >= 15, "{accepted}");
}
