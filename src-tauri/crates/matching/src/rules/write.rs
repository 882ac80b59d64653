//! Rules back as text: what was not said is not written, and what is read again is the same.

use super::kinds::kind_name;
use super::rule::{Days, Filter, Policy, Rule, Rules, Side, Step, Window};
use std::fmt::Write;
use tieout_money::Money;

impl Rules {
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if !self.calendar.holidays.is_empty() {
            let days: Vec<String> = self.calendar.holidays.iter().map(|it| quoted(&it.to_string())).collect();
            line(&mut text, "holidays", &format!("[{}]", days.join(", ")));
        }
        for step in &self.steps {
            if !text.is_empty() {
                text.push('\n');
            }
            match step {
                Step::Match(rule) => text.push_str(&rule.to_text()),
                Step::BuiltIn => text.push_str("[[rule]]\nname = \"built-in\"\naction = \"built-in\"\n"),
                Step::Ignore { name, note, side, of } => {
                    head(&mut text, name, note);
                    line(&mut text, "action", "\"ignore\"");
                    let side = match side {
                        Side::Both => "both",
                        Side::Store => "store",
                        Side::Ledger => "ledger",
                    };
                    line(&mut text, "side", &quoted(side));
                    filter(&mut text, of);
                }
            }
        }
        text
    }
}

impl Rule {
    /// One `[[rule]]` block.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        head(&mut text, &self.name, &self.note);
        filter(&mut text, &self.of);
        let agree = [("reference", self.agree.reference), ("party", self.agree.party), ("amount", self.agree.amount)];
        let agree: Vec<String> = agree.iter().filter(|(_, is)| *is).map(|(name, _)| name.to_string()).collect();
        line(&mut text, "agree", &list(&agree));
        if let Some(percent) = self.party_percent {
            line(&mut text, "party_percent", &percent.to_string());
        }
        let it = &self.tolerance;
        for (key, amount) in [("above", it.above), ("below", it.below)] {
            money(&mut text, key, amount);
        }
        for (key, points) in [("above_percent", it.above_points), ("below_percent", it.below_points)] {
            if let Some(points) = points {
                line(&mut text, key, &quoted(&format!("{}.{:02}", points / 100, points % 100)));
            }
        }
        for (key, amount) in [("total", it.caps.total), ("total_day", it.caps.day), ("total_month", it.caps.month)] {
            money(&mut text, key, amount);
        }
        let Window { before, after, days } = self.window;
        line(&mut text, "days_before", &before.to_string());
        line(&mut text, "days_after", &after.to_string());
        if days == Days::Business {
            line(&mut text, "days", "\"business\"");
        }
        match self.policy {
            Policy::Suggested => line(&mut text, "status", "\"suggested\""),
            Policy::Automatic { up_to } => {
                line(&mut text, "status", "\"automatic\"");
                money(&mut text, "automatic_up_to", up_to);
            }
        }
        text
    }
}

fn head(text: &mut String, name: &str, note: &str) {
    text.push_str("[[rule]]\n");
    line(text, "name", &quoted(name));
    if !note.is_empty() {
        line(text, "note", &quoted(note));
    }
}

fn filter(text: &mut String, of: &Filter) {
    let kinds: Vec<String> = of.kinds.iter().map(|it| kind_name(*it).to_owned()).collect();
    let lists = [
        ("store", &of.stores),
        ("entity", &of.entities),
        ("gateway", &of.gateways),
        ("account", &of.accounts),
        ("kinds", &kinds),
        ("party", &of.party),
        ("memo", &of.memo),
    ];
    for (key, all) in lists.into_iter().filter(|(_, all)| !all.is_empty()) {
        line(text, key, &list(all));
    }
    if let Some(currency) = of.currency {
        line(text, "currency", &quoted(currency.code()));
    }
    money(text, "amount_from", of.amount_from);
    money(text, "amount_to", of.amount_to);
}

fn money(text: &mut String, key: &str, amount: Option<Money>) {
    if let Some(amount) = amount {
        line(text, key, &quoted(&amount.amount_text()));
    }
}

fn list(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|it| quoted(it)).collect();
    format!("[{}]", all.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}"); // memory takes every letter
}
