//! Wrong keys and passwords: which one is named, and nothing else goes wrong with it.

use crate::town::{Connect, Town, answering, set};

#[test]
fn a_wrong_store_key_is_named_and_the_books_are_read_all_the_same() {
    let town = Town::open().with_secret("TIEOUT_XCART_KEY", Some("canary-key"));
    town.stops(&["pull"], 3, &["127.0.0.1 refused the key (401)", "TIEOUT_XCART_KEY"]);
    assert_eq!(town.count("orders"), 0);
    let town = town.with_secret("TIEOUT_XCART_KEY", Some("key-ro"));
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1);
}

#[test]
fn the_read_only_store_key_is_enough() {
    // `Town` connects with it; the read/write key reads the same.
    let town = Town::open();
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1);
    let town = town.with_secret("TIEOUT_XCART_KEY", Some("key-rw"));
    assert_eq!(town.ask(&["pull"], 0)["payments"], 1);
}

#[test]
fn a_store_key_that_may_not_read_orders_is_told_apart_from_a_wrong_one() {
    let town = Town::new();
    let shut = answering("403 Forbidden", "application/problem+json", r#"{"detail":"Access Denied."}"#);
    town.connect(|it| set(it, "xcart-url", &shut)).is(0);
    town.stops(&["pull"], 3, &["the key is not allowed to do this at 127.0.0.1", "let this key read orders"]);
}

#[test]
fn each_wrong_credential_of_intacct_is_named() {
    let sender = "check the sender id and the sender password";
    let user = "check the company id, the user id and its password";
    let company = "does not know this company or this sender id";
    let with_secret = |name, value| Town::open().with_secret(name, Some(value));
    let town = with_secret("TIEOUT_INTACCT_SENDER_PASSWORD", "canary-sender-password");
    town.stops(
        &["pull"],
        3,
        &["Incorrect Intacct XML Partner ID or password", "TIEOUT_INTACCT_SENDER_PASSWORD", sender],
    );
    let town = with_secret("TIEOUT_INTACCT_PASSWORD", "canary-password");
    town.stops(&["pull"], 3, &["Sign-in information is incorrect", "TIEOUT_INTACCT_PASSWORD", user]);
    assert_eq!(town.count("receipts"), 0);

    let town = Town::new();
    for (option, says) in [("intacct-sender", sender), ("intacct-user", user), ("intacct-company", company)] {
        town.connect(|it| set(it, option, "somebody-else")).is(0);
        town.stops(&["pull"], 3, &["Intacct refused", says]);
        town.stops(&["post"], 3, &["Intacct refused", says]);
    }
    town.connect(|it| it.push(("intacct-entity", "nowhere".into()))).is(0);
    town.stops(&["pull"], 3, &["Intacct refused", user, "and the entity if one is given"]);
    // What the store has was read each time.
    assert_eq!(town.count("orders"), 1);
}

#[test]
fn a_sender_the_company_has_not_let_in_is_named() {
    let town = Town::open();
    town.intacct.with(|gateway| gateway.access.sender_unauthorised = true);
    let says = ["The sender ID 'sandbox-sender' is not authorized", "add this sender id to the authorised"];
    town.stops(&["pull"], 3, &says);
}

#[test]
fn a_secret_that_was_not_given_is_asked_for_by_name() {
    for name in ["TIEOUT_XCART_KEY", "TIEOUT_INTACCT_PASSWORD", "TIEOUT_INTACCT_SENDER_PASSWORD"] {
        let town = Town::open().with_secret(name, None);
        town.stops(&["pull"], 2, &[name, "is not set"]);
    }
}

#[test]
fn a_user_of_intacct_who_may_only_read_posts_nothing_and_is_told_why() {
    let town = Town::open();
    town.look();
    assert_eq!(town.approve_everything(), 1);
    town.intacct.with(|gateway| gateway.access.read_only = true);
    let told = town.run(&["post"]).is(1);
    for words in
        ["0 unknown, 1 refused", "p-TO-2001", "You do not have permission", "give the web services user the permission"]
    {
        assert!(told.err.contains(words), "{words}: {told:#?}");
    }
    assert_eq!(town.posted_in_intacct(), 0);
    town.look();
    let [refused] = &town.exceptions("posting-refused")[..] else { panic!("one exception") };
    assert!(refused["exception"]["why_not"].as_str().unwrap().contains("permission"), "{refused}");
}

#[test]
fn a_store_that_repeats_the_key_in_its_error_does_not_make_us_tell_it() {
    let town = Town::new().with_secret("TIEOUT_XCART_KEY", Some("canary-key"));
    let echo = r#"{"detail":"cannot serve GET /admin.php?_key=canary-key"}"#;
    let broken = answering("500 Internal Server Error", "application/problem+json", echo);
    town.connect(|it| set(it, "xcart-url", &broken)).is(0);
    town.stops(&["pull"], 3, &["127.0.0.1 failed with status 500", "[key]", "Look in the store's own error log"]);
}

#[test]
fn a_folder_stays_with_its_company_environment_and_store() {
    let town = Town::open();
    town.ask(&["pull"], 0);
    for (option, value, says) in [
        ("intacct-company", "somebody-else", "this data folder holds the books of company sandbox"),
        ("store-name", "other", "this data folder holds the orders of store \"store\""),
    ] {
        let told = town.connect(|it| {
            it.retain(|(name, _)| *name != option);
            it.push((option, value.into()));
        });
        assert_eq!(told.code, 2, "{told:#?}");
        assert!(told.err.contains(says) && told.err.contains("use a folder of its own"), "{told:#?}");
    }
    let production = |it: &mut Connect| {
        set(it, "environment", "production");
        set(it, "cool-down-seconds", "1200");
        set(it, "xcart-url", "https://shop.example/");
        set(it, "intacct-url", "https://api.intacct.com/ia/xml/xmlgw.phtml");
    };
    let told = town.connect(production).is(2);
    assert!(told.err.contains("this data folder holds books of the sandbox environment"), "{told:#?}");
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1, "the connection is as it was");
}
