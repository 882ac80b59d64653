//! Addresses where no such system is, or that must not be used at all.

use crate::town::{Connect, Town, answering, answering_with, nobody, set};
use std::time::{Duration, Instant};

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><br>Sign in</body></html>";

#[test]
fn a_host_that_is_not_there_is_named_at_once() {
    let town = Town::new();
    let since = Instant::now();
    town.connect(|it| set(it, "xcart-url", &nobody())).is(0);
    town.stops(&["pull"], 3, &["X-Cart: 127.0.0.1 cannot be reached", "Check the address and the internet connection"]);
    assert_eq!(town.count("orders"), 0);
    town.connect(|it| set(it, "intacct-url", &nobody())).is(0);
    town.stops(&["pull"], 3, &["Intacct could not be reached", "in `tieout connect`, the address"]);
    assert_eq!(town.count("orders"), 1, "the store was read all the same");
    assert!(since.elapsed() < Duration::from_secs(20), "a host that never answered is not asked six times");
}

#[test]
fn a_web_site_that_is_no_store_is_said_to_be_none() {
    let town = Town::new();
    let page = answering("200 OK", "text/html", HTML);
    town.connect(|it| set(it, "xcart-url", &page)).is(0);
    town.stops(&["pull"], 3, &["a sign-in page of this network, or a site that is no store", "Else check the address"]);
    for (status, kind, body) in [
        ("200 OK", "application/json", r#"{"status":"ok"}"#),
        ("200 OK", "application/json", r#"[{"id":1}]"#),
        ("200 OK", "text/plain", "hello"),
        ("404 Not Found", "text/html", HTML),
        ("404 Not Found", "application/json", "{}"),
    ] {
        let site = answering(status, kind, body);
        town.connect(|it| set(it, "xcart-url", &site)).is(0);
        town.stops(&["pull"], 3, &["127.0.0.1 answers, but not as an X-Cart store", "Check the address"]);
    }
    assert_eq!(town.count("orders"), 0);
}

#[test]
fn a_web_page_in_the_place_of_intacct_is_said_to_be_one() {
    let town = Town::new();
    for page in [HTML, "<html><body>Please sign in<br></body></html>"] {
        let site = answering("200 OK", "text/html", page);
        town.connect(|it| set(it, "intacct-url", &site)).is(0);
        town.stops(&["pull"], 3, &["it is a web page, not Intacct's XML", "if the network asks you to sign in"]);
    }
    let site = answering("404 Not Found", "text/html", HTML);
    town.connect(|it| set(it, "intacct-url", &site)).is(0);
    town.stops(&["pull"], 3, &["Intacct answered HTTP 404", "check the address"]);
    let other = answering("200 OK", "text/xml", "<rss><channel/></rss>");
    town.connect(|it| set(it, "intacct-url", &other)).is(0);
    town.stops(&["pull"], 3, &["the document is a <rss>", "check the address"]);
    assert_eq!(town.count("orders"), 1, "the store was read all the same");
}

#[test]
fn a_web_page_in_the_place_of_intacct_leaves_an_approved_posting_as_it_is() {
    let town = Town::open();
    town.look();
    assert_eq!(town.approve_everything(), 1);
    let site = answering("200 OK", "text/html", HTML);
    town.connect(|it| set(it, "intacct-url", &site)).is(0);
    town.stops(&["post"], 3, &["it is a web page, not Intacct's XML"]);
    assert_eq!(town.posted_in_intacct(), 0);
    town.connect(|_| ()).is(0);
    assert_eq!(town.ask(&["post"], 0)["posted"], 1, "the approval still stands");
    assert_eq!(town.posted_in_intacct(), 1);
}

#[test]
fn a_host_that_sends_the_request_on_is_not_followed() {
    let town = Town::new();
    let elsewhere = "HTTP/1.1 301 Moved Permanently\r\nlocation: https://elsewhere.example/?_key=canary-key\r\n";
    let site = answering_with(elsewhere, "");
    town.connect(|it| set(it, "xcart-url", &site)).is(0);
    town.stops(&["pull"], 3, &["wants to send the request on to elsewhere.example; it was not followed"]);
    town.connect(|it| set(it, "intacct-url", &site)).is(0);
    town.stops(
        &["pull"],
        3,
        &["sends requests on elsewhere (HTTP 301), as a sign-in page of this network does", "check the address"],
    );
}

#[test]
fn plain_http_leaves_this_machine_in_no_environment() {
    let town = Town::new();
    let xcart = ["shop.example was given with http://", "https://"];
    town.refuses_to_connect(|it| set(it, "xcart-url", "http://shop.example/"), &xcart);
    town.refuses_to_connect(|it| set(it, "xcart-url", "http://10.0.0.8/"), &["10.0.0.8 was given with http://"]);
    town.refuses_to_connect(
        |it| set(it, "intacct-url", "http://api.intacct.com/x"),
        &["the Intacct address starts with http://"],
    );
}

#[test]
fn production_takes_no_plain_http_and_no_strange_host() {
    let town = Town::new();
    let production = |xcart: &'static str, intacct: &'static str| {
        move |it: &mut crate::town::Connect| {
            set(it, "environment", "production");
            set(it, "cool-down-seconds", "1200");
            set(it, "xcart-url", xcart);
            set(it, "intacct-url", intacct);
        }
    };
    let (shop, sage) = ("https://shop.example/", "https://api.intacct.com/ia/xml/xmlgw.phtml");
    town.refuses_to_connect(production("http://127.0.0.1:8055/", sage), &["127.0.0.1 was given with http://"]);
    town.refuses_to_connect(production("https://192.168.1.10/", sage), &["192.168.1.10 is an address inside"]);
    town.refuses_to_connect(production(shop, "http://api.intacct.com/x"), &["starts with http://", "use https"]);
    town.refuses_to_connect(production(shop, "http://127.0.0.1:8080/"), &["starts with http://"]);
    town.refuses_to_connect(
        production(shop, "https://intacct.com.evil.example/x"),
        &["intacct.com.evil.example is not a host of Sage Intacct"],
    );
    town.refuses_to_connect(
        production(shop, "https://user:canary-password@api.intacct.com/"),
        &["holds a user name or password"],
    );
    let hasty = |it: &mut crate::town::Connect| {
        production(shop, sage)(it);
        set(it, "cool-down-seconds", "5");
    };
    town.refuses_to_connect(hasty, &["cool-down is \"5\"", "20 minutes"]);
    town.connect(production(shop, sage)).is(0);
}

#[test]
fn what_connect_cannot_understand_is_named() {
    let town = Town::new();
    town.refuses_to_connect(|it| set(it, "store-zone", "Chicago"), &["store zone is \"Chicago\"", "America/Chicago"]);
    town.refuses_to_connect(|it| set(it, "entity-zone", "EST5"), &["entity zone is \"EST5\""]);
    town.refuses_to_connect(
        |it| it.push(("store-currency", "XXQ".into())),
        &["store-currency is \"XXQ\"", "unknown currency"],
    );
    for (option, wrong) in [("xcart-url", "shop example"), ("environment", "test"), ("cool-down-seconds", "soon")] {
        let told = town.connect(|it| set(it, option, wrong)).is(2);
        assert!(told.err.contains(wrong) && told.err.contains(option), "{told:#?}");
        let told = town.connect(|it| {
            set(it, option, wrong);
            it.push(("store-name", "s".into()));
        });
        assert_eq!(told.code, 2);
    }
    // What the command line itself cannot read is an object too.
    town.stops(&["tie-out", "--period", "March"], 2, &["period is \"March\": write it as YYYY-MM"]);
    let told = town.run(&["tie-out", "--json"]).is(2);
    assert!(told.json()["error"]["happened"].as_str().unwrap().contains("--period"), "{told:#?}");
    assert_eq!(told.err, "");
}

/// B5: a folder of the demo or of the pretend systems is never let loose on a real company.
#[test]
fn books_of_a_pretend_company_never_meet_a_real_one() {
    let town = Town::open();
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1);
    let sage = "https://api.intacct.com/ia/xml/xmlgw.phtml";
    let stays = |change: &dyn Fn(&mut Connect), says: &[&str]| {
        let told = town.connect(|it| change(it)).is(2);
        for words in says {
            assert!(told.err.contains(words), "{words}: {told:#?}");
        }
    };
    stays(&|it| set(it, "intacct-url", sage), &["books of a pretend company on this machine", "a folder of its own"]);
    let shop = "https://shop.example.com/";
    stays(&|it| set(it, "xcart-url", shop), &["orders of a pretend store on this machine", "a folder of its own"]);
    let production = |it: &mut Connect| {
        set(it, "environment", "production");
        set(it, "cool-down-seconds", "1200");
        set(it, "intacct-url", sage);
        set(it, "xcart-url", shop);
    };
    stays(&production, &["books of the sandbox environment"]);
    stays(&|it| set(it, "intacct-company", "larkspur"), &["the books of company sandbox"]);
    // Nothing was changed by any of it: the same systems are read as before.
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1);
}
