use crate::error::Error;
use crate::failure::Level;
use crate::reply::{Asked, Outcome, read};
use crate::xml::{XmlError, parse};

/// What the golden reply answers.
const ASKED: Asked<'_> = Asked { request: "req-1", function: "tieout-glbatch-000001" };

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
    let mut names: Vec<_> = std::fs::read_dir(format!("{}/tests/responses", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .filter_map(|it| it.unwrap().file_name().into_string().unwrap().strip_suffix(".xml").map(str::to_owned))
        .collect();
    names.sort();
    let verdicts = names.iter().map(|name| (name, verdict(name)));
    let verdicts: Vec<_> = verdicts.map(|(name, (verdict, why))| format!("{name}\t{verdict}\t{why}")).collect();
    insta::assert_snapshot!("vendor_replies", verdicts.join("\n"));
}

#[test]
fn a_reply_cut_anywhere_is_never_taken_for_a_yes() {
    let golden = sample("resp-create-glbatch-success");
    let end = golden.iter().rposition(|it| *it == b'>').unwrap();
    assert!(read(&golden, 200, ASKED).is_ok());
    for cut in 0..=end {
        let error = read(&golden[..cut], 200, ASKED).unwrap_err();
        assert!(
            matches!(error, Error::Xml(XmlError::Truncated | XmlError::Empty | XmlError::Malformed(_))),
            "cut at {cut}: {error}"
        );
    }
}

#[test]
fn an_answer_to_another_question_is_no_answer() {
    let golden = sample("resp-create-glbatch-success");
    assert!(matches!(
        read(&golden, 200, Asked { function: "tieout-glbatch-000002", ..ASKED }),
        Err(Error::Unexpected(_))
    ));
}

#[test]
fn a_doubled_or_garbled_reply_is_no_answer() {
    let golden = sample("resp-create-glbatch-success");
    let doubled = [golden.clone(), golden.clone()].concat();
    assert!(read(&doubled, 200, ASKED).is_err());
    for at in (0..golden.len()).step_by(7) {
        let mut garbled = golden.clone();
        garbled[at] ^= 0x15;
        let _ = read(&garbled, 200, ASKED); // must not panic
    }
}
