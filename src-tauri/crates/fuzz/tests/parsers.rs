//! A short run of every target: all that is kept, and twenty thousand spoilt inputs. `TIEOUT_FUZZ=100000` tries more a
//! target, `TIEOUT_SEED=7` others.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use tieout_fuzz::{TARGETS, corpus, run};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |it| it.parse().unwrap())
}

fn survives(name: &str) {
    let target = TARGETS.iter().find(|it| it.name == name).unwrap();
    let kept: Vec<_> = corpus(name).unwrap().into_iter().map(|(_, bytes)| bytes).collect();
    assert!(kept.len() >= 3, "{name} has only {} kept inputs", kept.len());
    let (seed, tries) = (number("TIEOUT_SEED", 1), number("TIEOUT_FUZZ", 20_000) + kept.len() as u64);
    let run = run(target, seed, &kept, |tried| tried >= tries);
    println!("{name}: {} inputs of seed {seed}, {} of them news", run.tried, run.news.len());
    if let Some(found) = run.broken {
        let input = String::from_utf8_lossy(&found.input).into_owned();
        panic!("{name} broke at input {} of TIEOUT_SEED={seed}:\n{input}", found.number);
    }
    assert!(run.news.len() >= 5, "the mutations reach nothing: {}", run.news.len());
}

#[test]
fn intacct_xml_survives() {
    survives("intacct-xml");
}

#[test]
fn x_carts_admin_json_survives() {
    survives("xcart-admin");
}

#[test]
fn x_carts_add_on_json_survives() {
    survives("xcart-addon");
}

#[test]
fn settlement_files_survive() {
    survives("settlement-csv");
}

#[test]
fn settings_survive() {
    survives("settings");
}
