use super::samples::*;
use crate::client::session_function;
use crate::envelope::{Credential, function, wrap};
use crate::query::{Filter, Query};
use crate::write::{BuildError, Links, build};
use crate::xml::{Node, XmlWriter, parse};
use secrecy::{ExposeSecret, SecretString};
use tieout_domain::{Document, IdempotencyKey};
use tieout_money::Currency;

fn read(write: impl Fn(&mut XmlWriter)) -> String {
    function("read-1", write).0
}

/// Every reading request there is, by name.
pub fn reads() -> Vec<(&'static str, String)> {
    let f = |name: &str| name.to_owned();
    let every_operator = Filter::Or(vec![
        Filter::And(vec![
            Filter::equal("A", "x & y"),
            Filter::NotEqual(f("A"), f("")),
            Filter::Less(f("B"), f("1")),
            Filter::LessOrEqual(f("B"), f("1")),
            Filter::Greater(f("B"), f("1")),
            Filter::GreaterOrEqual(f("B"), f("1")),
        ]),
        Filter::from_day_to_day("C", DAY, DAY),
        Filter::one_of("D", [f("1"), f("2")]),
        Filter::NotIn(f("D"), vec![f("3")]),
        Filter::contains("E", "TO-1"),
        Filter::NotLike(f("E"), f("X%")),
        Filter::IsNull(f("F")),
        Filter::IsNotNull(f("F")),
    ]);
    let keyset = Query::new("ARPYMT")
        .fields(["RECORDNO", "DOCNUMBER"])
        .filter(Filter::all([
            Filter::GreaterOrEqual(
                f("WHENMODIFIED"),
                crate::query::moment_text("2025-03-30T00:00:00Z".parse().unwrap()),
            ),
            Filter::Greater(f("RECORDNO"), f("0")),
        ]))
        .ascending("RECORDNO")
        .page_size(2000);
    let operators = Query::new("X").fields(["RECORDNO"]).filter(every_operator);
    let count = Query::new("ARPYMT").count("RECORDNO");
    let documents = Query::new("SODOCUMENT").fields(["RECORDNO"]).doc_par_id("Sales Order").page_size(1);
    vec![
        ("query_changed_since", read(|out| keyset.write(out))),
        ("query_every_operator", read(|out| operators.write(out))),
        ("query_count", read(|out| count.write(out))),
        ("query_order_documents", read(|out| documents.write(out))),
        ("lookup", read(|out| out.group("lookup", |out| out.text("object", "ARPYMT")))),
        ("closed_books", read(|out| out.flag("get_closedbooksdate"))),
        ("financial_setup", read(|out| out.flag("getFinancialSetup"))),
        ("session", session_function().1),
    ]
}

#[test]
fn every_read_is_written_as_it_was() {
    for (name, function) in reads() {
        insta::assert_snapshot!(name, pretty(&function));
    }
}

#[test]
fn every_write_is_written_as_it_was() {
    for (name, request) in writes() {
        assert!(request.dropped.is_empty());
        insta::assert_snapshot!(name, pretty(&request.function));
    }
}

#[test]
fn the_envelope_is_written_as_it_was() {
    let mut config = config();
    config.limits.extra_error_ids = true;
    config.entity = Some("US".into());
    let (control_id, function) = session_function();
    let login = wrap(&config, &Credential::Login, control_id, false, &function);
    insta::assert_snapshot!("envelope_login", pretty(login.expose_secret()));
    let session = SecretString::from("SESSION-SECRET");
    let write = wrap(&config, &Credential::Session(&session), "tieout-1", true, &function);
    insta::assert_snapshot!("envelope_write", pretty(write.expose_secret()));
}

#[test]
fn what_is_stored_holds_no_credential_and_is_sent_byte_for_byte() {
    let session = SecretString::from("SESSION-SECRET");
    for (name, request) in writes() {
        let stored = serde_json::to_string(&request).unwrap();
        assert!(!stored.contains("SECRET"), "{name}");
        let sent = wrap(&config(), &Credential::Session(&session), &request.key.0, true, &request.function);
        assert!(sent.expose_secret().contains(&format!("<content>{}</content>", request.function)), "{name}");
    }
}

#[test]
fn nothing_is_ever_written_as_an_empty_element() {
    fn is_empty(node: &Node) -> bool {
        (node.children.is_empty() && node.text.is_empty()) || node.children.iter().any(is_empty)
    }
    for (name, request) in writes() {
        assert!(!is_empty(&parse(request.function.as_bytes()).unwrap()), "{name}: {}", request.function);
    }
}

#[test]
fn the_natural_key_is_in_every_place_the_record_offers() {
    for (name, places) in [
        ("cash_receipt_to_a_bank", &["DOCNUMBER", "DESCRIPTION"][..]),
        ("advance", &["DOCNUMBER", "DESCRIPTION"]),
        ("advance_application", &["DOCNUMBER", "DESCRIPTION"]),
        ("journal_entry", &["REFERENCENO", "BATCH_TITLE"]),
        ("sales_order", &["documentno", "referenceno", "externalid"]),
        ("invoice", &["invoiceno", "description", "externalid"]),
        ("credit_memo", &["adjustmentno", "description", "externalid"]),
        ("other_receipt_to_a_bank", &["refid", "description"]),
        ("deposit", &["depositid", "description"]),
        ("receipt_reversal", &["description"]),
    ] {
        let (_, request) = writes().into_iter().find(|it| it.0 == name).unwrap();
        let function = parse(request.function.as_bytes()).unwrap();
        let mut record = &function.children[0];
        if record.name == "create" {
            record = &record.children[0];
        }
        for place in places {
            let text = record.text_of(place).unwrap_or_else(|| panic!("{name} has no {place}"));
            assert!(crate::write::bears(text, &request.natural_key.0), "{name} {place}: {text}");
        }
    }
}

#[test]
fn what_xml_cannot_carry_is_left_out_and_reported() {
    let mut receipt = cash_receipt();
    receipt.description = "bell\u{7} and \u{FFFE} done".into();
    let request = build(&Document::CashReceipt(receipt), &links(), &key("1")).unwrap();
    assert!(request.function.contains("<DESCRIPTION>bell and  done [XC-123-PAY-1]</DESCRIPTION>"));
    assert_eq!(request.dropped[0].characters, 2);
}

#[test]
fn what_cannot_be_written_is_an_error_before_anything_is_sent() {
    let document = |change: fn(&mut tieout_domain::CashReceipt)| {
        let mut receipt = cash_receipt();
        change(&mut receipt);
        build(&Document::CashReceipt(receipt), &links(), &key("1")).unwrap_err()
    };
    assert!(matches!(document(|it| it.reference = "a\u{1}".into()), BuildError::BadNaturalKey(_)));
    assert!(matches!(document(|it| it.reference = " ".into()), BuildError::BadNaturalKey(_)));
    assert!(matches!(document(|it| it.customer_id.clear()), BuildError::Missing { field: "customer", .. }));
    assert!(matches!(document(|it| it.amount = usd("130.46")), BuildError::DoesNotAdd { .. }));
    assert!(matches!(document(|it| it.applications[0].invoice = "INV-9".into()), BuildError::Unresolved(_)));
    let euro_books = Links::without_invoices(Currency::EUR, true);
    let dollars = Document::JournalEntry(journal_entry());
    assert!(matches!(build(&dollars, &euro_books, &key("1")), Err(BuildError::NoRateType { .. })));
    let long = IdempotencyKey("k".repeat(257));
    assert!(matches!(build(&dollars, &links(), &long), Err(BuildError::KeyTooLong(257))));
}
