//! `tieout rules`: the accountant's own rules as one text, taken out, put in force, and tried before.

use crate::args::RulesCommand;
use crate::report::Done;
use crate::run::{open, user};
use serde_json::json;
use std::path::Path;
use tieout_services::{self as services, ServiceError, TriedMatch, WhatIf};

/// Lines a terminal can take of each list; the answer in JSON has them all.
const SHOWN_MAX: usize = 50;

pub fn run(what: RulesCommand) -> Result<Done, ServiceError> {
    Ok(match what {
        RulesCommand::Export { file, data } => {
            let rules = services::rules_text(&open(&data.data)?)?;
            let told = json!({ "version": rules.version, "text": rules.text });
            match file {
                None => Done::Text(rules.text, told),
                Some(file) => {
                    std::fs::write(&file, rules.text).map_err(|source| ServiceError::File {
                        what: format!("{} cannot be written", file.display()),
                        source,
                    })?;
                    Done::Whole(json!({ "version": rules.version, "file": file.display().to_string() }))
                }
            }
        }
        RulesCommand::Import { file, note, data } => {
            let text = read(&file)?;
            let version = services::save_rules(&open(&data.data)?, &user(), &text, &note)?;
            Done::Whole(json!({ "version": version }))
        }
        RulesCommand::Test { file, data } => {
            let tried = services::what_if_now(&open(&data.data)?, &read(&file)?)?;
            let told = serde_json::to_value(&tried).unwrap_or_default();
            match tried.regressions.len() {
                0 => Done::Text(in_words(&tried), told),
                count => {
                    let what = format!("{count} of these go against what people decided; nothing was saved");
                    Done::TextForAPerson(in_words(&tried), told, what)
                }
            }
        }
    })
}

fn read(file: &Path) -> Result<String, ServiceError> {
    std::fs::read_to_string(file)
        .map_err(|source| ServiceError::File { what: format!("{} cannot be read", file.display()), source })
}

fn in_words(tried: &WhatIf) -> String {
    let mut text = format!(
        "against version {}: {} gained, {} lost, {} changed, {} against what people decided\n",
        tried.against_version,
        tried.gained.len(),
        tried.lost.len(),
        tried.changed.len(),
        tried.regressions.len()
    );
    text.push_str(&format!(
        "of {} matches people accepted or made, {} are found by the text itself\n",
        tried.decided, tried.found_again
    ));
    if tried.against_already > 0 {
        text.push_str(&format!(
            "the rules in force go against {} decisions already; the text does not change that\n",
            tried.against_already
        ));
    }
    for it in &tried.rules {
        let mut did = vec![format!("{} matched", it.matched)];
        let more = [
            (it.ignored, "kept out"),
            (it.contested, "pairs that could be swapped, left open"),
            (it.over_cap, "over its cap, left open"),
            (it.budget_reached, "with more candidates than are looked at, left open"),
        ];
        did.extend(more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
        text.push_str(&format!("  rule {:?}: {}\n", it.rule, did.join(", ")));
    }
    let standing = |automatic: bool| if automatic { "automatic" } else { "suggested" };
    let tried_match = |sign: &str, it: &TriedMatch| {
        let on = it.on.map(|it| it.to_string()).unwrap_or_default();
        let difference = if it.variance.is_zero() { String::new() } else { format!(", {} apart", it.variance) };
        format!("{sign} {} {on} {} ({}, {}{difference})", it.amount, it.title, it.pass, standing(it.automatic))
    };
    some(&mut text, "gained", tried.gained.iter().map(|it| tried_match("+", it)));
    some(&mut text, "lost", tried.lost.iter().map(|it| tried_match("-", it)));
    let changed = tried
        .changed
        .iter()
        .map(|it| format!("{}; was {}, {}", tried_match("~", &it.now), it.before_pass, standing(it.before_automatic)));
    some(&mut text, "changed", changed);
    let against = tried.regressions.iter().map(|it| format!("{}: {}", tried_match("!", &it.would), it.sentence));
    some(&mut text, "against what people decided", against);
    text
}

fn some(text: &mut String, title: &str, all: impl ExactSizeIterator<Item = String>) {
    let count = all.len();
    if count == 0 {
        return;
    }
    text.push_str(&format!("{title}:\n"));
    for line in all.take(SHOWN_MAX) {
        text.push_str(&format!("  {}\n", crate::report::visible(&line)));
    }
    if count > SHOWN_MAX {
        text.push_str(&format!("  ... and {} more\n", count - SHOWN_MAX));
    }
}
