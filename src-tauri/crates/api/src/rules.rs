//! Settings, Rules: the text in force, checked as it is written, tried over all history, and saved.

use crate::app::App;
use crate::problem;
use crate::show;
use crate::views::{
    AmountView, Problem, RuleView, RuleYieldView, RulesCheck, RulesRequest, RulesTextView, RulesTrial,
    SaveRulesRequest, SettingsRemark, Tone, Topic, TrialList, TrialListId, TrialRow,
};
use tieout_matching::rules::{Days, Filter, Policy, Rule, Rules, Side, Step, Tolerance, kind_name};
use tieout_money::{Money, Totals};
use tieout_services::{self as services, Regression, RuleYield, TriedMatch, WhatIf};

/// Rows of a list that the window shows; the command line has them all.
const ROWS_MAX: usize = 200;
const REMEDY: &str = "Correct it; nothing can be tried or saved before. docs/rules.md lists every key.";

/// The text in force, or one to start from.
pub fn rules_text(app: &App) -> Result<RulesTextView, Problem> {
    let it = services::rules_text(&app.company).map_err(|error| app.problem(error))?;
    let (saved_at, saved_by) = it.saved.map_or((None, None), |(at, by)| (Some(at.to_string()), Some(by)));
    Ok(RulesTextView { text: it.text, revision: it.version.to_string(), saved_at, saved_by })
}

pub fn check_rules(_: &App, request: RulesRequest) -> Result<RulesCheck, Problem> {
    Ok(match Rules::parse(&request.text) {
        Err(error) => RulesCheck {
            remark: Some(SettingsRemark {
                line: show::count(error.line),
                column: show::count(error.column),
                tone: Tone::Bad,
                message: if error.key.is_empty() { error.message } else { format!("{}: {}", error.key, error.message) },
                remedy: REMEDY.into(),
            }),
            rules: Vec::new(),
        },
        Ok(rules) => {
            let lines = request.text.lines().enumerate().filter(|(_, line)| line.trim() == "[[rule]]");
            let lines: Vec<usize> = lines.map(|(at, _)| at + 1).collect();
            let views = rules.steps.iter().enumerate().map(|(at, step)| RuleView {
                line: show::count(lines.get(at).copied().unwrap_or(1)),
                ..in_words(step)
            });
            RulesCheck { remark: None, rules: views.collect() }
        }
    })
}

/// Nothing is written. Long over large books; the window waits for it beside everything else.
pub fn try_rules(app: &App, request: RulesRequest) -> Result<RulesTrial, Problem> {
    let tried = services::what_if_now(&app.company, &request.text).map_err(|error| app.problem(error))?;
    trial(tried).map_err(|error| app.problem(error))
}

/// Refused when someone else saved meanwhile.
pub fn save_rules(app: &App, request: SaveRulesRequest) -> Result<RulesTextView, Problem> {
    let now = rules_text(app)?.revision;
    if now != request.revision.trim() {
        let title = format!("The rules were saved by someone else: version {now} is in force");
        let remedy = "Copy what you changed, open the new version, and put it in there.";
        return Err(problem::bad_request(title, remedy, app.company.now()));
    }
    let saved = services::save_rules(&app.company, &app.user, &request.text, request.note.trim());
    saved.map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Settings, Topic::TieOut, Topic::Activity]);
    rules_text(app)
}

fn trial(tried: WhatIf) -> Result<RulesTrial, tieout_money::MoneyError> {
    let rows = |all: &[TriedMatch]| -> Vec<TrialRow> { all.iter().take(ROWS_MAX).map(row).collect() };
    let sums = |all: &mut dyn Iterator<Item = Money>| Totals::of(all).map(|it| show::totals(&it));
    let list = |id, title: &str, tone, count: usize, totals: Vec<AmountView>, rows| TrialList {
        id,
        title: title.to_owned(),
        tone,
        count: show::count(count),
        totals,
        rows,
    };
    let against: Vec<TrialRow> = tried.regressions.iter().take(ROWS_MAX).map(against).collect();
    let changed = tried.changed.iter().take(ROWS_MAX).map(|it| TrialRow {
        detail: format!("was {}, {}", it.before_pass, standing(it.before_automatic)),
        ..row(&it.now)
    });
    Ok(RulesTrial {
        against_version: tried.against_version.to_string(),
        lists: vec![
            list(
                TrialListId::Against,
                "Against what people decided",
                Tone::Bad,
                tried.regressions.len(),
                sums(&mut tried.regressions.iter().map(|it| it.would.amount))?,
                against,
            ),
            list(
                TrialListId::Gained,
                "Matches gained",
                Tone::Ok,
                tried.gained.len(),
                sums(&mut tried.gained.iter().map(|it| it.amount))?,
                rows(&tried.gained),
            ),
            list(
                TrialListId::Lost,
                "Matches lost",
                Tone::Warn,
                tried.lost.len(),
                sums(&mut tried.lost.iter().map(|it| it.amount))?,
                rows(&tried.lost),
            ),
            list(
                TrialListId::Changed,
                "Found otherwise",
                Tone::Plain,
                tried.changed.len(),
                sums(&mut tried.changed.iter().map(|it| it.now.amount))?,
                changed.collect(),
            ),
        ],
        found_again: match tried.decided {
            0 => "Nobody has accepted or made a match so far".into(),
            decided => format!(
                "{} of {} that people accepted or made {} found by the text itself",
                tried.found_again,
                show::counted(decided, "match", "matches"),
                if tried.found_again == 1 { "is" } else { "are" }
            ),
        },
        against_already: (tried.against_already > 0).then(|| {
            let count = show::counted(tried.against_already, "decision", "decisions");
            format!("The rules in force go against {count} already; the text does not change that.")
        }),
        rules: tried.rules.iter().map(yields).collect(),
    })
}

fn standing(automatic: bool) -> &'static str {
    if automatic { "automatic" } else { "suggested" }
}

fn row(it: &TriedMatch) -> TrialRow {
    TrialRow {
        id: it.id.0.clone(),
        title: it.title.clone(),
        on: it.on.map(|it| it.to_string()),
        amount: show::amount(it.amount),
        variance: (!it.variance.is_zero()).then(|| show::amount(it.variance)),
        by: format!("{}, {}", it.pass, standing(it.automatic)),
        detail: String::new(),
    }
}

fn against(it: &Regression) -> TrialRow {
    TrialRow { detail: it.sentence.clone(), ..row(&it.would) }
}

fn yields(it: &RuleYield) -> RuleYieldView {
    let mut told = Vec::new();
    for (count, what) in [
        (it.ignored, "kept out"),
        (it.contested, "pairs could be swapped and stay open"),
        (it.over_cap, "stay open for its cap"),
        (it.budget_reached, "have more candidates than are looked at and stay open"),
    ] {
        if count > 0 {
            told.push(format!("{count} {what}"));
        }
    }
    RuleYieldView { name: it.rule.clone(), matched: show::count(it.matched), detail: told.join(", ") }
}

fn in_words(step: &Step) -> RuleView {
    let view = |does: &str, tone, means: String, note: &str| RuleView {
        name: step.name().to_owned(),
        line: 1,
        does: does.to_owned(),
        tone,
        means,
        note: note.to_owned(),
    };
    match step {
        Step::BuiltIn => {
            view("built in", Tone::Plain, "The passes Tieout comes with, strongest evidence first.".into(), "")
        }
        Step::Ignore { note, side, of, .. } => {
            let side = match side {
                Side::Both => "Records of both sides",
                Side::Store => "Records of the store",
                Side::Ledger => "Records of the ledger",
            };
            view("keeps out", Tone::Warn, format!("{side}{} never match.", filter(of)), note)
        }
        Step::Match(rule) => {
            let (does, tone) = match rule.policy {
                Policy::Suggested => ("suggested".to_owned(), Tone::Plain),
                Policy::Automatic { up_to: None } => ("automatic".to_owned(), Tone::Ok),
                Policy::Automatic { up_to: Some(it) } => (format!("automatic up to {it}"), Tone::Ok),
            };
            view(&does, tone, sentence(rule), &rule.note)
        }
    }
}

fn sentence(rule: &Rule) -> String {
    let agree = [("reference", rule.agree.reference), ("name", rule.agree.party), ("amount", rule.agree.amount)];
    let agree: Vec<&str> = agree.iter().filter(|(_, is)| *is).map(|(word, _)| *word).collect();
    let unit = match rule.window.days {
        Days::Calendar => "days",
        Days::Business => "business days",
    };
    let (before, after) = (rule.window.before, rule.window.after);
    let window = format!("the ledger's date {before} {unit} before to {after} after");
    let tolerance = tolerance(&rule.tolerance);
    format!(
        "Records{} where {} agree{}; {tolerance}{window}.",
        filter(&rule.of),
        agree.join(", "),
        if agree.len() == 1 { "s" } else { "" }
    )
}

fn tolerance(it: &Tolerance) -> String {
    let side = |amount: Option<Money>, points: Option<u32>, word: &str| {
        let percent = points.map(|it| format!("{}.{:02} %", it / 100, it % 100));
        match (amount, percent) {
            (None, None) => None,
            (Some(amount), None) => Some(format!("up to {amount} {word}")),
            (None, Some(percent)) => Some(format!("up to {percent} {word}")),
            (Some(amount), Some(percent)) => Some(format!("up to {amount} and {percent} {word}")),
        }
    };
    let sides = [side(it.above, it.above_points, "more"), side(it.below, it.below_points, "less")];
    let mut told: Vec<String> = sides.into_iter().flatten().collect();
    let caps = [(it.caps.total, "altogether"), (it.caps.day, "a day"), (it.caps.month, "a month")];
    told.extend(caps.iter().filter_map(|(cap, when)| cap.map(|cap| format!("at most {cap} {when}"))));
    if told.is_empty() { String::new() } else { format!("the ledger may hold {}; ", told.join(", ")) }
}

fn filter(of: &Filter) -> String {
    let kinds: Vec<String> = of.kinds.iter().map(|it| kind_name(*it).to_owned()).collect();
    let mut told = Vec::new();
    for (what, all) in [
        ("store", &of.stores),
        ("entity", &of.entities),
        ("gateway", &of.gateways),
        ("account", &of.accounts),
        ("kind", &kinds),
        ("a name with", &of.party),
        ("a memo with", &of.memo),
    ] {
        if !all.is_empty() {
            told.push(format!("{what} {}", all.join(" or ")));
        }
    }
    told.extend(of.currency.map(|it| it.to_string()));
    told.extend(of.amount_from.map(|it| format!("{it} and more")));
    told.extend(of.amount_to.map(|it| format!("{it} and less")));
    if told.is_empty() { String::new() } else { format!(" of {}", told.join(", ")) }
}
