//! The rules as a person writes them. Whatever is wrong is named with its line, column and key, and nothing is half read.

use super::calendar::Calendar;
use super::kinds::{KINDS, kind_named};
use super::rule::{Agree, Caps, Days, Filter, Policy, Rule, Rules, Side, Step, Tolerance, Window};
use crate::items::ItemKind;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tieout_money::{Currency, Money};
use toml::Spanned;

/// What is wrong, and where. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    pub line: usize,
    pub column: usize,
    /// The key it stands under; empty where the text itself cannot be read.
    pub key: String,
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, ", {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for RuleError {}

const DAYS_MAX: i64 = 90;
/// More would be a program, not a list a person can read.
const RULES_MAX: usize = 200;
const NAME_MAX: usize = 80;
/// A hundred percent.
const POINTS_MAX: u32 = 10_000;
/// Below half, any two names are alike.
const PARTY_PERCENT_LEAST: i64 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    rule: Vec<Spanned<RuleWire>>,
}

type Text = Option<Spanned<String>>;
type Texts = Option<Spanned<OneOrMany>>;
type Number = Option<Spanned<i64>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleWire {
    name: Spanned<String>,
    #[serde(default)]
    note: String,
    action: Text,
    side: Text,
    store: Texts,
    entity: Texts,
    gateway: Texts,
    account: Texts,
    currency: Text,
    kinds: Texts,
    party: Texts,
    memo: Texts,
    amount_from: Text,
    amount_to: Text,
    agree: Texts,
    party_percent: Number,
    above: Text,
    below: Text,
    above_percent: Text,
    below_percent: Text,
    total: Text,
    total_day: Text,
    total_month: Text,
    days_before: Number,
    days_after: Number,
    days: Text,
    status: Text,
    automatic_up_to: Text,
}

/// `"a"` and `["a", "b"]`.
struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> serde::de::Visitor<'de> for Texts {
            type Value = Vec<String>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
                Ok(vec![text.to_owned()])
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut all: A) -> Result<Vec<String>, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = all.next_element::<String>()? {
                    texts.push(text);
                }
                Ok(texts)
            }
        }
        deserializer.deserialize_any(Texts).map(OneOrMany)
    }
}

/// Where things stand in the text.
struct Place<'a>(&'a str);

impl Place<'_> {
    fn error(&self, at: usize, key: &str, message: String) -> RuleError {
        let before = &self.0[..at.min(self.0.len())];
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        RuleError {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            key: key.to_owned(),
            message,
        }
    }

    /// The key that the line at this place begins with.
    fn key_at(&self, at: usize) -> String {
        let start = self.0[..at.min(self.0.len())].rfind('\n').map_or(0, |it| it + 1);
        let line = self.0[start..].lines().next().unwrap_or_default();
        line.split_once('=').map_or(String::new(), |(key, _)| key.trim().trim_matches('"').to_owned())
    }
}

impl Rules {
    pub fn parse(text: &str) -> Result<Rules, RuleError> {
        let place = Place(text);
        let wire: Wire = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |it| it.start);
            place.error(at, &place.key_at(at), error.message().to_owned())
        })?;
        let mut holidays = BTreeSet::new();
        for it in &wire.holidays {
            let day: Date = it.get_ref().parse().map_err(|_| {
                place.error(
                    it.span().start,
                    "holidays",
                    format!("{:?} is not a day; write it as YYYY-MM-DD", it.get_ref()),
                )
            })?;
            holidays.insert(day);
        }
        if let Some(it) = wire.rule.get(RULES_MAX) {
            return Err(place.error(it.span().start, "rule", format!("there are more than {RULES_MAX} rules")));
        }
        let mut names: BTreeMap<String, ()> = BTreeMap::new();
        let mut steps = Vec::with_capacity(wire.rule.len());
        for it in wire.rule {
            let it = it.into_inner();
            let at = it.name.span().start;
            let step = Reader { place: &place, currency: None, at }.step(it)?;
            if names.insert(step.name().to_owned(), ()).is_some() {
                return Err(place.error(at, "name", format!("{:?} is the name of another rule", step.name())));
            }
            steps.push(step);
        }
        Ok(Rules { calendar: Calendar { holidays }, steps })
    }
}

struct Reader<'a> {
    place: &'a Place<'a>,
    currency: Option<Currency>,
    /// Where the rule's name stands.
    at: usize,
}

impl Reader<'_> {
    fn wrong<T>(&self, at: usize, key: &str, message: impl Into<String>) -> Result<T, RuleError> {
        Err(self.place.error(at, key, message.into()))
    }

    fn step(&mut self, wire: RuleWire) -> Result<Step, RuleError> {
        let name = wire.name.get_ref().trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return self.wrong(self.at, "name", format!("a rule has a name of 1 to {NAME_MAX} characters"));
        }
        let actions = [("match", 0), ("ignore", 1), ("built-in", 2)];
        let action = self.one_of(&wire.action, "action", &actions)?.unwrap_or(0);
        if (name == "built-in") != (action == 2) {
            let message = "\"built-in\" is the name of the passes Tieout comes with: give it action = \"built-in\" and no other rule that name";
            return self.wrong(self.at, "name", message);
        }
        if action == 2 {
            return match first_condition(&wire).or(first_demand(&wire)) {
                Some((at, key)) => self.wrong(
                    at,
                    key,
                    "the built-in passes take their windows and tolerances from the settings, [matching]",
                ),
                None => Ok(Step::BuiltIn),
            };
        }
        self.currency = match &wire.currency {
            None => None,
            Some(it) => match Currency::parse(it.get_ref()) {
                Ok(currency) => Some(currency),
                Err(error) => return self.wrong(it.span().start, "currency", error.to_string()),
            },
        };
        let of = self.filter(&wire)?;
        if action == 1 {
            if let Some((at, key)) = first_demand(&wire) {
                return self.wrong(at, key, "a rule with action = \"ignore\" matches nothing, so nothing has to agree");
            }
            if of == Filter::default() {
                return self.wrong(self.at, "name", "this would ignore every record: say which ones");
            }
            let sides = [("both", Side::Both), ("store", Side::Store), ("ledger", Side::Ledger)];
            let side = self.one_of(&wire.side, "side", &sides)?.unwrap_or_else(|| side_of(&of));
            return Ok(Step::Ignore { name, note: wire.note, side, of });
        }
        if let Some(it) = &wire.side {
            return self.wrong(it.span().start, "side", "only a rule with action = \"ignore\" looks at one side");
        }
        Ok(Step::Match(self.rule(name, wire, of)?))
    }

    fn rule(&self, name: String, wire: RuleWire, of: Filter) -> Result<Rule, RuleError> {
        let agree = self.agree(&wire)?;
        let tolerance = Tolerance {
            above: self.money(&wire.above, "above")?,
            below: self.money(&wire.below, "below")?,
            above_points: self.points(&wire.above_percent, "above_percent")?,
            below_points: self.points(&wire.below_percent, "below_percent")?,
            caps: Caps {
                total: self.money(&wire.total, "total")?,
                day: self.money(&wire.total_day, "total_day")?,
                month: self.money(&wire.total_month, "total_month")?,
            },
        };
        if !agree.amount
            && let Some((at, key)) = first_of(&[("above", &wire.above), ("below", &wire.below)])
                .or(first_of(&[("above_percent", &wire.above_percent), ("below_percent", &wire.below_percent)]))
        {
            return self.wrong(at, key, "a tolerance needs \"amount\" among what must agree");
        }
        let units = [("calendar", Days::Calendar), ("business", Days::Business)];
        let usual = Window::default();
        let window = Window {
            before: self.number(&wire.days_before, "days_before", 0, DAYS_MAX)?.map_or(usual.before, |it| it as u16),
            after: self.number(&wire.days_after, "days_after", 0, DAYS_MAX)?.map_or(usual.after, |it| it as u16),
            days: self.one_of(&wire.days, "days", &units)?.unwrap_or_default(),
        };
        let party_percent = self.number(&wire.party_percent, "party_percent", PARTY_PERCENT_LEAST, 100)?;
        if let Some(it) = wire.party_percent.as_ref().filter(|_| !agree.party) {
            return self.wrong(it.span().start, "party_percent", "it needs \"party\" among what must agree");
        }
        let up_to = self.money(&wire.automatic_up_to, "automatic_up_to")?;
        let automatic = self.one_of(&wire.status, "status", &[("suggested", false), ("automatic", true)])?;
        let policy = if automatic == Some(true) { Policy::Automatic { up_to } } else { Policy::Suggested };
        if let Some(it) = wire.automatic_up_to.as_ref().filter(|_| automatic != Some(true)) {
            return self.wrong(it.span().start, "automatic_up_to", "it needs status = \"automatic\"");
        }
        if let Some(it) = wire.status.as_ref().filter(|_| automatic == Some(true) && !agree.amount) {
            return self.wrong(
                it.span().start,
                "status",
                "where the amount need not agree, a person looks: write \"suggested\"",
            );
        }
        Ok(Rule {
            name,
            note: wire.note,
            of,
            agree,
            party_percent: party_percent.map(|it| it as u8),
            tolerance,
            window,
            policy,
        })
    }

    fn agree(&self, wire: &RuleWire) -> Result<Agree, RuleError> {
        let Some(texts) = &wire.agree else {
            return self.wrong(
                self.at,
                "agree",
                "say what must agree: agree = [\"reference\", \"amount\"], or \"party\" as well",
            );
        };
        let at = texts.span().start;
        let mut agree = Agree::default();
        for text in &texts.get_ref().0 {
            match text.as_str() {
                "reference" => agree.reference = true,
                "party" => agree.party = true,
                "amount" => agree.amount = true,
                other => {
                    return self.wrong(at, "agree", format!("{other:?} is none of reference, party, amount"));
                }
            }
        }
        if !agree.reference && !agree.amount {
            return self.wrong(at, "agree", "reference or amount must agree: a name alone makes no match");
        }
        Ok(agree)
    }

    fn filter(&self, wire: &RuleWire) -> Result<Filter, RuleError> {
        let mut kinds: Vec<ItemKind> = Vec::new();
        for name in texts(&wire.kinds) {
            match kind_named(name) {
                Some(kind) => kinds.push(kind),
                None => {
                    let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                    let at = wire.kinds.as_ref().map_or(self.at, |it| it.span().start);
                    return self.wrong(at, "kinds", format!("{name:?} is none of {}", known.join(", ")));
                }
            }
        }
        let lists = [
            ("store", &wire.store),
            ("entity", &wire.entity),
            ("gateway", &wire.gateway),
            ("account", &wire.account),
            ("kinds", &wire.kinds),
            ("party", &wire.party),
            ("memo", &wire.memo),
        ];
        for (key, list) in lists {
            if let Some(it) = list
                && (it.get_ref().0.is_empty() || it.get_ref().0.iter().any(|it| it.trim().is_empty()))
            {
                return self.wrong(
                    it.span().start,
                    key,
                    "an empty text would stand for every record; leave the key out",
                );
            }
        }
        let (from, to) = (self.money(&wire.amount_from, "amount_from")?, self.money(&wire.amount_to, "amount_to")?);
        if let (Some(least), Some(most), Some(it)) = (from, to, &wire.amount_to)
            && least.minor() > most.minor()
        {
            return self.wrong(it.span().start, "amount_to", format!("{most} is less than amount_from, {least}"));
        }
        let all = |list: &Texts| texts(list).to_vec();
        Ok(Filter {
            stores: all(&wire.store),
            entities: all(&wire.entity),
            gateways: all(&wire.gateway),
            accounts: all(&wire.account),
            currency: self.currency,
            kinds,
            party: all(&wire.party),
            memo: all(&wire.memo),
            amount_from: from,
            amount_to: to,
        })
    }

    /// Not below zero, in the rule's own currency.
    fn money(&self, text: &Text, key: &'static str) -> Result<Option<Money>, RuleError> {
        let Some(it) = text else { return Ok(None) };
        let at = it.span().start;
        let Some(currency) = self.currency else {
            return self.wrong(at, key, "an amount needs a currency: name it, currency = \"USD\"");
        };
        match Money::parse(it.get_ref(), currency) {
            Ok(money) if money.is_negative() => self.wrong(at, key, format!("{money} is below zero")),
            Ok(money) => Ok(Some(money)),
            Err(error) => self.wrong(at, key, error.to_string()),
        }
    }

    /// `"0.5"` is fifty hundredths of a percent.
    fn points(&self, text: &Text, key: &'static str) -> Result<Option<u32>, RuleError> {
        let Some(it) = text else { return Ok(None) };
        let at = it.span().start;
        let percent = Decimal::from_str_exact(it.get_ref()).ok().filter(|it| !it.is_sign_negative());
        let points = percent.and_then(|it| it.checked_mul(Decimal::ONE_HUNDRED)).filter(|it| it.fract().is_zero());
        match points.and_then(|it| u32::try_from(it).ok()).filter(|it| *it <= POINTS_MAX) {
            Some(points) => Ok(Some(points)),
            None => self.wrong(
                at,
                key,
                format!("{:?} is not a percentage of 0 to 100 with two decimals at most", it.get_ref()),
            ),
        }
    }

    fn number(&self, value: &Number, key: &'static str, least: i64, most: i64) -> Result<Option<i64>, RuleError> {
        match value {
            Some(it) if *it.get_ref() < least || *it.get_ref() > most => {
                self.wrong(it.span().start, key, format!("it is {}; it can be {least} to {most}", it.get_ref()))
            }
            other => Ok(other.as_ref().map(|it| *it.get_ref())),
        }
    }

    fn one_of<T: Copy>(&self, text: &Text, key: &str, known: &[(&str, T)]) -> Result<Option<T>, RuleError> {
        let Some(it) = text else { return Ok(None) };
        match known.iter().find(|(name, _)| name == it.get_ref()) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                self.wrong(it.span().start, key, format!("{:?} is none of {}", it.get_ref(), names.join(", ")))
            }
        }
    }
}

fn texts(list: &Texts) -> &[String] {
    list.as_ref().map_or(&[], |it| it.get_ref().0.as_slice())
}

/// Named kinds of one side, or a store or an entity, say which side is meant.
fn side_of(of: &Filter) -> Side {
    let ledger = of.kinds.iter().filter(|it| super::rule::is_ledger_kind(**it)).count();
    match (of.kinds.len() - ledger, ledger) {
        (0, 1..) => Side::Ledger,
        (1.., 0) => Side::Store,
        _ if !of.stores.is_empty() && of.entities.is_empty() => Side::Store,
        _ if !of.entities.is_empty() && of.stores.is_empty() => Side::Ledger,
        _ => Side::Both,
    }
}

fn first_of(all: &[(&'static str, &Text)]) -> Option<(usize, &'static str)> {
    all.iter().find_map(|(key, it)| it.as_ref().map(|it| (it.span().start, *key)))
}

/// A key that says which records are looked at.
fn first_condition(wire: &RuleWire) -> Option<(usize, &'static str)> {
    let lists = [
        ("store", &wire.store),
        ("entity", &wire.entity),
        ("gateway", &wire.gateway),
        ("account", &wire.account),
        ("kinds", &wire.kinds),
        ("party", &wire.party),
        ("memo", &wire.memo),
    ];
    let lists = lists.into_iter().find_map(|(key, it)| it.as_ref().map(|it| (it.span().start, key)));
    let texts = [
        ("side", &wire.side),
        ("currency", &wire.currency),
        ("amount_from", &wire.amount_from),
        ("amount_to", &wire.amount_to),
    ];
    lists.or_else(|| first_of(&texts))
}

/// A key that says what must agree, and what comes of it.
fn first_demand(wire: &RuleWire) -> Option<(usize, &'static str)> {
    let texts = [
        ("above", &wire.above),
        ("below", &wire.below),
        ("above_percent", &wire.above_percent),
        ("below_percent", &wire.below_percent),
        ("total", &wire.total),
        ("total_day", &wire.total_day),
        ("total_month", &wire.total_month),
        ("days", &wire.days),
        ("status", &wire.status),
        ("automatic_up_to", &wire.automatic_up_to),
    ];
    let numbers =
        [("party_percent", &wire.party_percent), ("days_before", &wire.days_before), ("days_after", &wire.days_after)];
    let agree = wire.agree.as_ref().map(|it| (it.span().start, "agree"));
    agree
        .or_else(|| first_of(&texts))
        .or_else(|| numbers.into_iter().find_map(|(key, it)| it.as_ref().map(|it| (it.span().start, key))))
}
