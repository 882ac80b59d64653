//! A transaction definition whose documents cannot be read back is refused wherever it would come in.

use crate::books;
use crate::rig::{ANN, Rig};
use crate::shop::{self, Sale, captured};
use jiff::civil::{Date, date};
use tieout_domain::PostingState;
use tieout_intacct::DefinitionError;
use tieout_sandbox::intacct::sample::small_company;
use tieout_services::{ServiceError, save_settings, test_intacct};

const ON: Date = Date::constant(2026, 1, 28);

fn settings(definition: &str) -> String {
    let orders = format!(
        "[orders]\ndefinition = \"{definition}\"\nterm = \"N30\"\nshipping_subtotal = \"Shipping\"\ndiscount_subtotal = \"Discount\"\n"
    );
    format!("{}\n{orders}", books::SETTINGS)
}

/// One paid order, and no definition in the settings yet.
async fn paid_order() -> Rig {
    let sale = Sale::o2001(ON);
    let mut store = shop::store();
    store.add_order(sale.order("P", vec![captured("Credit Card", ON, sale.total(), "txn_9001")]));
    Rig::start(ON, store, small_company()).await
}

fn hide(rig: &Rig, field: &str) {
    rig.books(|books| books.preferences.hidden_fields.push(("SODOCUMENT".into(), field.into())));
}

async fn save(rig: &Rig, definition: &str) -> Result<u32, ServiceError> {
    save_settings(&rig.company, &rig.secrets, ANN, &settings(definition), "orders too").await
}

fn orders_sent(rig: &Rig) -> u64 {
    rig.intacct.with(|gateway| gateway.counts.get("create_sotransaction").copied().unwrap_or_default())
}

#[tokio::test]
async fn settings_that_name_a_definition_nobody_knows_are_not_saved() {
    let rig = paid_order().await;
    let refused = save(&rig, "No Such Order").await.unwrap_err();
    assert!(matches!(&refused, ServiceError::Definition(DefinitionError::Unknown(name)) if name == "No Such Order"));
    assert_eq!(
        refused.to_string(),
        "Intacct: the transaction definition \"No Such Order\" does not exist in this company"
    );
    assert_eq!(rig.company.settings().unwrap().1, 1, "the version in force is the one before");
    assert_eq!(save(&rig, "Sales Order").await.unwrap(), 2);
}

#[tokio::test]
async fn a_definition_whose_number_is_not_shown_is_refused_when_saving_and_named_by_the_connection_test() {
    let rig = paid_order().await;
    hide(&rig, "DOCID");
    let refused = save(&rig, "Sales Order").await.unwrap_err();
    assert!(refused.to_string().contains("cannot be read back by their number: DOCID"), "{refused}");
    assert!(refused.remedy().contains("permission to read Order Entry"), "{}", refused.remedy());

    let part = |parts: Vec<tieout_services::TestedPart>| parts.into_iter().find(|it| it.id == "definition").unwrap();
    let unused = part(test_intacct(&rig.company, &rig.secrets).await.unwrap());
    assert_eq!(unused.passed, Some(true), "nothing rests on it yet");
    rig.company.save_settings(ANN, &settings("Sales Order"), "without asking Intacct").unwrap();
    let failed = part(test_intacct(&rig.company, &rig.secrets).await.unwrap());
    assert_eq!(failed.passed, Some(false));
    assert!(failed.error.unwrap().to_string().contains("DOCID"));
    rig.books(|books| books.preferences.hidden_fields.clear());
    let good = part(test_intacct(&rig.company, &rig.secrets).await.unwrap());
    assert_eq!((good.passed, good.detail.as_str()), (Some(true), "Sales Order"));
}

#[tokio::test]
async fn an_order_of_such_a_definition_is_not_sent() {
    let rig = paid_order().await;
    save(&rig, "Sales Order").await.unwrap();
    rig.look().await;
    let order = |rig: &Rig| rig.proposals().into_iter().find(|it| it.posting.id.0.contains("XC-2001")).unwrap();
    order(&rig);
    rig.approve_all();
    hide(&rig, "DOCPARID");
    let report = rig.post().await;
    assert_eq!((report.posted, report.changed), (1, 1), "{report:?}: the advance goes, the order does not");
    assert_eq!(orders_sent(&rig), 0);
    let back = order(&rig);
    assert_eq!(back.posting.state, PostingState::Proposed, "with a person again");
    let log = rig.company.store.read(|reader| reader.posting_log(&back.posting.id)).unwrap();
    assert!(log.last().unwrap().text.contains("cannot be read back by their number: DOCPARID"), "{log:?}");

    rig.books(|books| books.preferences.hidden_fields.clear());
    let posted = rig.settle().await;
    assert_eq!(
        orders_sent(&rig),
        1,
        "{:#?} {:?}",
        crate::rig::names(&posted),
        rig.intacct.with(|it| it.counts.clone())
    );
    rig.assert_tied_out(date(2026, 1, 1), ON);
}
