//! A system that was upgraded overnight: fields of its replies are new, gone or of another kind. The run goes on, and the
//! person is told which, with an example of each.

use crate::captures::shipped_and_captured;
use tieout_sandbox::faults::{Edit, Fault, FaultPlan, FaultRule, System};
use tieout_services::{self as services, DepartedField, Listed};
use tieout_store::AuditFilter;

fn upgraded(system: System, what: &str, edits: &[(&str, &str)]) -> FaultPlan {
    let edits = edits.iter().map(|(find, put)| Edit { find: (*find).to_owned(), put: (*put).to_owned() }).collect();
    FaultPlan::new(1, vec![FaultRule::always(system, what, Fault::EditedReply { edits })])
}

fn told(fields: &[DepartedField]) -> Vec<String> {
    fields.iter().map(|it| format!("{}.{} {}: {}", it.object, it.field, it.change, it.example)).collect()
}

#[tokio::test]
async fn a_system_that_answers_as_known_is_not_told_of() {
    let rig = shipped_and_captured().await;
    let report = rig.pull().await.unwrap();
    assert_eq!((report.departed_fields, told(&report.departures)), (0, vec![]));
}

#[tokio::test]
async fn a_field_that_is_new_gone_or_changed_is_told_with_an_example_and_the_run_goes_on() {
    let rig = shipped_and_captured().await;
    rig.shop_faults.replace(upgraded(
        System::Xcart,
        "GET /api/orders*",
        &[(r#""order_number":"#, r#""gift_card":"4111 1111 1111 1111","order_number":"#)],
    ));
    rig.intacct_faults.replace(upgraded(
        System::Intacct,
        "query",
        &[
            ("</ARINVOICE>", "<RETAINAGE>5% of 4111 1111 1111 1111</RETAINAGE></ARINVOICE>"),
            ("</GLDETAIL>", "<LOCATIONKEY>7</LOCATIONKEY></GLDETAIL>"),
            ("<WHENDUE>", "<DUEDATE>"),
            ("</WHENDUE>", "</DUEDATE>"),
            ("<WHENCREATED>", "<WHENCREATED>about "),
        ],
    ));
    let report = rig.pull().await.unwrap();
    let fields = told(&report.departures);
    println!("{fields:#?}");
    assert_eq!(report.departed_fields, fields.len());
    for expected in [
        "order.gift_card is new: \"****1111\"",
        "ARINVOICE.RETAINAGE is new: 5% of ****1111",
        "ARINVOICE.WHENDUE is missing: ",
        "ARINVOICE.DUEDATE is new: ",
        "ARINVOICE.WHENCREATED is of another kind: about ",
        "GLDETAIL.LOCATIONKEY is new: 7",
    ] {
        assert!(fields.iter().any(|it| it.starts_with(expected)), "{expected}");
    }
    assert_eq!((report.orders, report.payments > 0, report.gl_lines > 0), (1, true, true), "the rest was read");
    assert!(report.refused > 0, "the invoice without a day is held, by itself");

    // Met again: counted, with the example it was first met with, and no second row of the trail.
    rig.wait(3600);
    rig.pull().await.unwrap();
    let standing = services::departed_fields(&rig.company).unwrap();
    let account = standing.iter().find(|it| it.field == "LOCATIONKEY").unwrap();
    let first = report.departures.iter().find(|it| it.field == "LOCATIONKEY").unwrap();
    assert_eq!((account.records, &account.first_seen), (first.records * 2, &first.first_seen));
    assert!(account.last_seen > first.last_seen);
    let trail = AuditFilter { action: Some("reply not as known".into()), ..AuditFilter::default() };
    let rows = rig.company.store.read(|reader| reader.audit_count(&trail)).unwrap();
    assert_eq!(rows, standing.len() as u64);

    // The upgrade is taken back: nothing is told of any more, what was met stays listed, and the day ends as ever.
    rig.shop_faults.replace(FaultPlan::default());
    rig.intacct_faults.replace(FaultPlan::default());
    rig.wait(3600);
    assert_eq!(rig.pull().await.unwrap().departed_fields, 0);
    let listed = services::list(&rig.company, Listed::Departures, 100).unwrap();
    assert_eq!(listed["total"], standing.len());
    assert!(!listed.to_string().contains("4111"), "no card number is kept");
    rig.company.store.verify_audit(None).unwrap().unwrap();
}
