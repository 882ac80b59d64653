//! Settings, settlement and bank files, reports and fault scripts that cannot be used as they are.

use crate::shop::{CARD_FILE, SETTINGS};
use crate::town::Town;
use std::process::Command;

#[test]
fn a_wrong_line_of_the_settings_is_named_and_the_old_ones_stay_in_force() {
    let town = Town::open();
    let before = town.run(&["settings", "export"]).out;
    for (from, to, says) in [
        ("account = \"1210\"", "account = 1210", "line 7: "),
        ("currency = \"USD\"", "currency = \"usd\"", "line 6: "),
        ("undeposited:1210", "somewhere", "line 8: "),
        ("fees = \"6100\"", "feees = \"6100\"", "line 16: unknown field `feees`"),
        ("cut_over = \"2026-01-01\"", "cut_over = \"January\"", "line 2: "),
        ("[accounts]", "[accounts", "line 14: "),
        ("[customers]", "[limits]\nwrite_off_item = \"a lot\"\n[customers]", "limits.write_off_item holds \"a lot\""),
    ] {
        assert!(SETTINGS.contains(from));
        let file = town.write("wrong.toml", SETTINGS.replacen(from, to, 1));
        town.stops(&["settings", "import", &file], 3, &[says, "nothing was saved"]);
    }
    let file = town.write(
        "twice.toml",
        format!(
            "{}{}",
            SETTINGS,
            SETTINGS.split("[accounts]").next().unwrap().replace("cut_over = \"2026-01-01\"", "")
        ),
    );
    town.stops(&["settings", "import", &file], 3, &["names \"Credit Card\" in USD twice"]);
    let file = town.write("latin.toml", b"# Z\xfcrich\n");
    town.stops(&["settings", "import", &file], 3, &["latin.toml cannot be read", "as UTF-8 text"]);
    town.stops(&["settings", "import", "/no/such/file"], 3, &["/no/such/file cannot be read", "Check the path"]);
    assert_eq!(town.run(&["settings", "export"]).out, before);
    assert_eq!(before, SETTINGS, "what is exported can be imported as it is");
}

#[test]
fn what_needs_settings_says_so() {
    let town = Town::new();
    for command in ["match", "propose"] {
        town.stops(&[command], 2, &["no settings were imported yet", "tieout settings import FILE"]);
    }
}

#[test]
fn a_wrong_line_of_a_settlement_file_is_named_and_nothing_of_it_is_kept() {
    let town = Town::open();
    let line = "r2,po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.00,2026-01-29";
    for (wrong, says) in [
        ("r2,po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.01,2026-01-29", "do not come to net"),
        ("r2,po_1,gift,txn_2002,2002,USD,50.00,-1.00,49.00,2026-01-29", "gift"),
        ("r2,po_1,charge,txn_2002,2002,XXQ,50.00,-1.00,49.00,2026-01-29", "unknown currency \"XXQ\""),
        ("r2,po_1,charge,txn_2002,2002,USD,50.0001,-1.00,49.0001,2026-01-29", "50.0001"),
        ("r2,po_1,charge,txn_2002,2002,USD,\"1,050.00\",-1.00,49.00,2026-01-29", "1,050.00"),
        ("r2,po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.00,2026-02-30", "2026-02-30"),
        (",po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.00,2026-01-29", "row_id is empty"),
        ("r2,po_1,charge", "it has 3 columns where the header has 10"),
        ("r1,po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.00,2026-01-29", "row_id \"r1\" stands in line 2 too"),
    ] {
        let file = town.write("card.csv", format!("{CARD_FILE}{wrong}\n{line}\n"));
        let says = ["card.csv, line 3: ", says, "nothing of the file was imported"];
        town.stops(&["import", &file, "--source", "card"], 3, &says);
    }
    assert_eq!(town.count("settlements"), 0);
}

#[test]
fn a_file_that_is_no_settlement_file_is_named() {
    let town = Town::open();
    for (content, says) in [
        (&b"name,age\nJane,40\n"[..], "line 1: it has neither the columns of a settlement file"),
        (b"", "line 1: "),
        (
            b"row_id,date,currency,amount\nb1,2026-01-31,USD,1.00\nb2,2026-01-31,Z\xfcrich,2.00\n",
            "line 3: it is not UTF-8 text",
        ),
        (b"PK\x03\x04\xff\xfe\x00", "line 1: it is not UTF-8 text"),
    ] {
        let file = town.write("bank.csv", content);
        town.stops(&["import", &file, "--source", "bank"], 3, &["bank.csv, ", says]);
    }
    town.stops(
        &["import", "/no/such/file", "--source", "card"],
        3,
        &["/no/such/file cannot be read", "Check the path"],
    );
    assert_eq!(town.count("settlements"), 0);
}

#[test]
fn a_source_the_settings_do_not_name_is_refused() {
    let town = Town::open();
    let file = town.write("card.csv", CARD_FILE);
    let says = ["source is \"crad\"", "they name card"];
    town.stops(&["import", &file, "--source", "crad"], 2, &says);
    assert_eq!(town.count("settlements"), 0);
    assert_eq!(town.ask(&["import", &file, "--source", "card"], 0)["added"], 1);
}

#[test]
fn a_file_given_twice_is_recognised() {
    let town = Town::open();
    let file = town.write("card.csv", CARD_FILE);
    assert_eq!(town.ask(&["import", &file, "--source", "card"], 0)["added"], 1);
    let again = town.write("card-copy.csv", CARD_FILE);
    let told = town.ask(&["import", &again, "--source", "card"], 0);
    assert_eq!((&told["same_file_before"], &told["added"]), (&true.into(), &0.into()));
    // An overlapping one brings only what is new.
    let longer = format!("{CARD_FILE}r2,po_1,charge,txn_2002,2002,USD,50.00,-1.00,49.00,2026-01-29\n");
    let longer = town.write("longer.csv", longer);
    let told = town.ask(&["import", &longer, "--source", "card"], 0);
    assert_eq!((&told["added"], &told["already_there"]), (&1.into(), &1.into()));
    assert_eq!(town.count("settlements"), 2);
}

#[test]
fn a_report_that_cannot_be_written_names_its_file() {
    let town = Town::open();
    for format in ["csv", "json", "xlsx"] {
        let args = ["export", "exceptions", "--format", format, "--out", "/no/such/folder/report"];
        town.stops(&args, 3, &["/no/such/folder/report", "Check the path"]);
    }
}

#[test]
fn a_fault_script_with_a_mistake_is_named() {
    let town = Town::new();
    let file = town.write("faults.json", r#"{"rules":[{"effect":"earthquake"}]}"#);
    let sandbox = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tieout")).args(["sandbox", "--orders", "20"]).args(args).output();
        crate::told::Told::of(&output.unwrap())
    };
    for (file, says) in [(file.as_str(), "earthquake"), ("/no/such/file", "cannot be read")] {
        crate::told::one_message(&sandbox(&["--faults", file]), 2, &[file, says]);
    }
    let taken = town.intacct.address.port().to_string();
    crate::told::one_message(
        &sandbox(&["--intacct-port", &taken]),
        3,
        &["the pretend Intacct cannot listen", "Choose another port"],
    );
}
