//! Data folders that are taken, newer, foreign, damaged or closed to us.

use crate::town::Town;
use std::sync::Arc;
use tieout_services::Company;

const DATABASE: &str = "tieout.sqlite3";
/// Where SQLite keeps `user_version`, the data format, in a file's header; and `application_id`.
const FORMAT_AT: usize = 60;
const OWNER_AT: usize = 68;

fn with_header(town: &Town, at: usize, value: u32) -> Vec<u8> {
    let file = town.data().join(DATABASE);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    std::fs::write(&file, &bytes).unwrap();
    bytes
}

#[test]
fn a_second_copy_is_told_who_has_the_folder() {
    let town = Town::open();
    let held = Company::open(&town.data(), Arc::new(jiff::Timestamp::now)).unwrap();
    let who = format!("process {}", std::process::id());
    for command in [&["pull"][..], &["list", "orders"], &["post"], &["audit", "verify"]] {
        town.stops(command, 3, &["another Tieout has the data folder", &who, "Use the Tieout that is open"]);
    }
    drop(held);
    assert_eq!(town.ask(&["pull"], 0)["orders"], 1);
}

#[test]
fn a_database_of_a_newer_version_is_left_untouched() {
    let town = Town::open();
    let before = with_header(&town, FORMAT_AT, 99);
    town.stops(&["pull"], 3, &["was written by a newer Tieout (data format 99", "Install the newest Tieout"]);
    assert!(std::fs::read(town.data().join(DATABASE)).unwrap() == before, "it was changed");
}

#[test]
fn a_database_of_another_program_is_left_untouched() {
    let town = Town::open();
    let before = with_header(&town, OWNER_AT, 7);
    town.stops(&["pull"], 3, &["tieout.sqlite3 is not a Tieout database", "Choose another data folder"]);
    assert!(std::fs::read(town.data().join(DATABASE)).unwrap() == before, "it was changed");
    std::fs::write(town.data().join(DATABASE), "dear diary, ".repeat(1000)).unwrap();
    town.stops(&["pull"], 3, &["tieout.sqlite3: the file is not an SQLite database", "restore the newest backup"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let town = Town::new();
    let file = town.write("a-file", "");
    let inside = std::path::Path::new(&file).join("data");
    town.stops_on(&inside, &["pull"], 3, &["cannot make the data folder", "a-file/data", "you may write to it"]);
    // No user may make a folder here, root included.
    let kernel = std::path::Path::new("/proc/tieout-data");
    if kernel.parent().unwrap().exists() {
        town.stops_on(kernel, &["pull"], 3, &["cannot make the data folder /proc/tieout-data"]);
    }
}
