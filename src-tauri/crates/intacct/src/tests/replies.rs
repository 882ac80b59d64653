use crate::error::Error;
use crate::failure::Level;
use crate::reply::{Asked, Outcome, read};
use crate::xml::parse;

fn names() -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(format!("{}/tests/responses", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .filter_map(|it| it.unwrap().file_name().into_string().unwrap().strip_suffix(".xml").map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/responses/{name}.xml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Whether a reply is understood as an answer, and as which, or refused, and why.
fn verdict(name: &str) -> (&'static str, String) {
    let bytes = sample(name);
    let root = parse(&bytes).ok();
    let id = |path: &[&str]| root.as_ref().and_then(|it| it.at(path)).map_or("", |it| it.text.trim());
    let asked = Asked { request: id(&["control", "controlid"]), function: id(&["operation", "result", "controlid"]) };
    match read(&bytes, 200, asked) {
        Ok(reply) => match reply.outcome {
            Outcome::Done { data, key } => {
                let records = data.map_or(0, |it| it.children.len()) + key.iter().count();
                ("passed", format!("done, {records} records"))
            }
            Outcome::Failed { failure, partly } => {
                ("passed", format!("failed{}: {}", if partly { " partly" } else { "" }, failure.cause().text()))
            }
        },
        Err(Error::Refused(failure, _)) => match failure.level {
            Level::Control => ("passed", format!("refused by the gateway: {}", failure.cause().text())),
            Level::Authentication => ("passed", format!("sign-in refused: {}", failure.cause().text())),
            Level::Result => unreachable!("reported as an outcome"),
        },
        Err(error) => ("refused as stated", error.to_string()),
    }
}

#[test]
fn sages_own_replies_are_understood_or_refused_for_the_reason() {
    let names = names();
    let verdicts = names.iter().map(|name| (name, verdict(name)));
    let verdicts: Vec<_> = verdicts.map(|(name, (verdict, why))| format!("{name}\t{verdict}\t{why}")).collect();
    insta::assert_snapshot!("vendor_replies", verdicts.join("\n"));
}

/// A reply with what it answers, and what it says.
struct Golden {
    name: String,
    bytes: Vec<u8>,
    request: String,
    function: String,
    yes: bool,
}

impl Golden {
    fn asked(&self) -> Asked<'_> {
        Asked { request: &self.request, function: &self.function }
    }
}

/// Every recorded reply that is an answer, yes or no.
fn golden() -> Vec<Golden> {
    names()
        .into_iter()
        .filter_map(|name| {
            let bytes = sample(&name);
            let end = bytes.iter().rposition(|it| *it == b'>')?;
            let bytes = bytes[..=end].to_vec();
            let root = parse(&bytes).ok()?;
            let id = |path: &[&str]| root.at(path).map_or(String::new(), |it| it.text.trim().to_owned());
            let (request, function) = (id(&["control", "controlid"]), id(&["operation", "result", "controlid"]));
            let yes = match read(&bytes, 200, Asked { request: &request, function: &function }) {
                Ok(reply) => matches!(reply.outcome, Outcome::Done { .. }),
                Err(Error::Refused(..)) => false,
                Err(_) => return None,
            };
            Some(Golden { name, bytes, request, function, yes })
        })
        .collect()
}

fn is_yes(bytes: &[u8], asked: Asked<'_>) -> bool {
    matches!(read(bytes, 200, asked), Ok(reply) if matches!(reply.outcome, Outcome::Done { .. }))
}

#[test]
fn a_reply_cut_anywhere_is_never_taken_for_an_answer() {
    let mut cuts = 0;
    for it in golden() {
        for cut in 0..it.bytes.len() {
            let error = read(&it.bytes[..cut], 200, it.asked()).unwrap_err();
            assert!(matches!(error, Error::Xml(_)), "{} cut at {cut}: {error}", it.name);
            cuts += 1;
        }
    }
    println!("{cuts} cuts of {} replies", golden().len());
    assert!(cuts > 20_000, "{cuts}");
}

#[test]
fn a_doubled_reply_is_no_answer() {
    for it in golden() {
        let doubled = [&it.bytes[..], &it.bytes].concat();
        assert!(matches!(read(&doubled, 200, it.asked()), Err(Error::Xml(_))), "{}", it.name);
        for part in ["result", "operation", "control"] {
            let text = String::from_utf8(it.bytes.clone()).unwrap();
            let (open, close) = (format!("<{part}>"), format!("</{part}>"));
            let (Some(from), Some(to)) = (text.find(&open), text.rfind(&close)) else { continue };
            let piece = &text[from..to + close.len()];
            let twice = text.replacen(piece, &format!("{piece}{piece}"), 1);
            assert!(part != "result" || !is_yes(twice.as_bytes(), it.asked()), "{}: two results", it.name);
            let _ = read(twice.as_bytes(), 200, it.asked());
        }
    }
}

#[test]
fn the_answer_to_another_request_is_no_answer() {
    let all = golden();
    let mut swaps = 0;
    for (one, other) in all.iter().flat_map(|it| all.iter().map(move |other| (it, other))) {
        // Recordings of one test suite share their ids; those are the same question.
        if one.request == other.request && one.function == other.function {
            continue;
        }
        assert!(!is_yes(&one.bytes, other.asked()), "{} for {}", one.name, other.name);
        if !one.request.is_empty() && one.request != other.request {
            let error = read(&one.bytes, 200, other.asked()).unwrap_err();
            assert!(matches!(error, Error::Unexpected(_)), "{} for {}: {error}", one.name, other.name);
        }
        swaps += 1;
    }
    println!("{swaps} swaps");
    assert!(swaps > 300, "{swaps}");
}

#[test]
fn a_no_with_one_byte_wrong_is_never_a_yes() {
    let mut tried = 0;
    for it in golden() {
        for at in 0..it.bytes.len() {
            for flip in [0x01, 0x15, 0x20, 0x80] {
                let mut garbled = it.bytes.clone();
                garbled[at] ^= flip;
                // Must not panic, whatever it was.
                let yes = is_yes(&garbled, it.asked());
                assert!(it.yes || !yes, "{} at {at}", it.name);
                tried += 1;
            }
        }
    }
    println!("{tried} replies with one byte wrong");
}
