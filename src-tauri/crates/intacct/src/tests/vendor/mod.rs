//! Every request document of Sage's own SDK, and those derived for this project, made again by our builder.
//!
//! What a document says is taken out of it by name, its order thrown away, and said to the tables: the same document
//! must come back, and be valid by Sage's schema where that covers it.

mod differences;
mod envelopes;
mod inputs;
mod queries;

use super::schema::violations;
use crate::envelope::{Credential, wrap};
use crate::shape::FUNCTIONS;
use crate::xml::{Node, XmlWriter, parse};
use differences::{Difference, canonical};
use secrecy::ExposeSecret;

/// What became of one document.
enum Verdict {
    /// Ours is the same, but for what is named.
    Same(Vec<Difference>),
    /// Nothing of ours is to be compared with it.
    NotCovered(&'static str),
}

fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/requests/{name}.xml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn names() -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(format!("{}/tests/requests", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .filter_map(|it| it.unwrap().file_name().into_string().unwrap().strip_suffix(".xml").map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn written(write: impl FnOnce(&mut XmlWriter)) -> Node {
    let mut out = XmlWriter::new();
    write(&mut out);
    parse(out.finish().0.as_bytes()).unwrap()
}

/// Ours, made from what the document says.
fn ours(name: &str, theirs: &Node) -> Node {
    let id = theirs.attribute("controlid").unwrap_or_default();
    if theirs.name == "function" {
        let inside = &theirs.children[0];
        let query = (inside.name == "query").then(|| queries::query(inside));
        let generic = matches!(inside.name.as_ref(), "create" | "update").then(|| &inside.children[0]);
        let wanted = generic.map_or(inside.name.to_string(), |it| format!("{} {}", inside.name, it.name));
        return written(|out| {
            out.element("function", &[("controlid", id)], |out| match query {
                Some(query) => query.write(out),
                None => {
                    let function =
                        FUNCTIONS.iter().find(|it| it.name() == wanted).unwrap_or_else(|| panic!("{wanted}"));
                    let content = inputs::content(&function.part, generic.unwrap_or(inside));
                    function.write(&content, out).unwrap_or_else(|why| panic!("{name}: {why}"));
                }
            });
        });
    }
    if let Some(node) = queries::fragment(theirs).or_else(|| envelopes::fragment(name, theirs)) {
        return node;
    }
    let part = inputs::part_of(name);
    written(|out| part.write_group(&inputs::content(part, theirs), out).unwrap_or_else(|why| panic!("{name}: {why}")))
}

fn verdict(name: &str) -> Verdict {
    if let Some(why) = differences::not_covered(name) {
        return Verdict::NotCovered(why);
    }
    let (theirs, differences) = differences::allowed_for(name, parse(document(name).as_bytes()).unwrap());
    let ours = ours(name, &theirs);
    let (ours, mut found) = canonical(name, &ours);
    let (theirs, more) = canonical(name, &theirs);
    assert_eq!(super::samples::pretty(&ours.to_xml()), super::samples::pretty(&theirs.to_xml()), "{name}");
    found.extend(more);
    found.extend(differences);
    found.sort();
    found.dedup();
    Verdict::Same(found)
}

/// Whether Sage's schema knows the function as it is written today.
fn by_the_schema(name: &str, xmllint: bool) -> &'static str {
    let theirs = parse(document(name).as_bytes());
    let Ok(theirs) = theirs else { return "no document" };
    if theirs.name != "function" {
        return "a part";
    }
    if let Some(why) = differences::newer_than_the_schema(name) {
        return why;
    }
    if xmllint {
        let (theirs, _) = differences::allowed_for(name, theirs);
        let request = wrap(&super::samples::config(), &Credential::Login, "c", false, &ours(name, &theirs).to_xml());
        assert_eq!(violations(request.expose_secret()), None, "{name}");
    }
    "valid"
}

#[test]
fn our_builder_makes_every_document_of_the_vendors_again() {
    let xmllint = super::schema::xmllint();
    let mut lines = Vec::new();
    for name in names() {
        let line = match verdict(&name) {
            Verdict::Same(differences) => {
                let but: Vec<_> = differences.iter().map(|it| it.why()).collect();
                let but = if but.is_empty() { "the same".to_owned() } else { format!("but for: {}", but.join("; ")) };
                format!("{name}\tpassed\tschema: {}; {but}", by_the_schema(&name, xmllint))
            }
            Verdict::NotCovered(why) => format!("{name}\tnot covered\t{why}"),
        };
        lines.push(line);
    }
    insta::assert_snapshot!("vendor_requests", lines.join("\n"));
}
