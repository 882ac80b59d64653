//! What a rule is, once its text was understood.

use super::calendar::Calendar;
use crate::items::{Item, ItemKind};
use tieout_money::{Currency, Money};

/// All rules, in the order they are tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    pub calendar: Calendar,
    /// At most one of them is `Step::BuiltIn`; where none is, the built-in passes come last.
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Match(Rule),
    /// Records that never match anything that comes later.
    Ignore {
        name: String,
        note: String,
        side: Side,
        of: Filter,
    },
    /// The passes Tieout comes with.
    BuiltIn,
}

impl Step {
    pub fn name(&self) -> &str {
        match self {
            Step::Match(rule) => &rule.name,
            Step::Ignore { name, .. } => name,
            Step::BuiltIn => "built-in",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Both,
    Store,
    Ledger,
}

/// Which records a rule looks at. An empty list leaves that open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Names of stores, as references and lists call them.
    pub stores: Vec<String>,
    /// Intacct companies or entities, as their source is called.
    pub entities: Vec<String>,
    /// Settlement file sources or payment methods; each stands for the clearing accounts the settings give it.
    pub gateways: Vec<String>,
    /// GL account numbers.
    pub accounts: Vec<String>,
    pub currency: Option<Currency>,
    pub kinds: Vec<ItemKind>,
    /// Texts of which one stands in the name; upper and lower case are one.
    pub party: Vec<String>,
    /// Texts of which one stands in memo or reference.
    pub memo: Vec<String>,
    /// The amount without its sign, both ends included.
    pub amount_from: Option<Money>,
    pub amount_to: Option<Money>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agree {
    /// The order number, the gateway's id or the payout's id stands in the ledger's reference or memo.
    pub reference: bool,
    pub party: bool,
    /// Equal, or apart by no more than the tolerance.
    pub amount: bool,
}

/// How much more or less the ledger may hold than the store says. Where amount and percent are given, both hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tolerance {
    pub above: Option<Money>,
    pub below: Option<Money>,
    /// In hundredths of a percent of the store's amount.
    pub above_points: Option<u32>,
    pub below_points: Option<u32>,
    pub caps: Caps,
}

/// What the differences of one rule may come to together, without their signs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caps {
    pub total: Option<Money>,
    /// Of matches whose ledger record is of one day, of one month.
    pub day: Option<Money>,
    pub month: Option<Money>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Days {
    #[default]
    Calendar,
    Business,
}

/// How many days before and after the store's record the ledger's may be dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub before: u16,
    pub after: u16,
    pub days: Days,
}

impl Default for Window {
    fn default() -> Window {
        Window { before: 3, after: 7, days: Days::Calendar }
    }
}

/// What becomes of a pair that a rule found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Policy {
    /// Waits for a person.
    #[default]
    Suggested,
    /// Counts as matched, up to this amount where one is given; what is larger waits for a person.
    Automatic { up_to: Option<Money> },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    pub name: String,
    /// Why it is there.
    pub note: String,
    pub of: Filter,
    pub agree: Agree,
    /// How much alike two names must be, in percent; where not said, as in the settings.
    pub party_percent: Option<u8>,
    pub tolerance: Tolerance,
    pub window: Window,
    pub policy: Policy,
}

impl Rules {
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.steps.iter().find_map(|it| match it {
            Step::Match(rule) if rule.name == name => Some(rule),
            _ => None,
        })
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.steps.iter().filter_map(|it| if let Step::Match(rule) = it { Some(rule) } else { None })
    }
}

/// What stands before the last slash of a source is which system it is; the rest is its name.
pub(super) fn source_name(item: &Item) -> &str {
    item.record.source.0.split_once('/').map_or(item.record.source.0.as_str(), |(_, name)| name)
}

impl Filter {
    /// The first condition this record fails by itself, by the key it is written under. A pair is judged by its store
    /// record's account and amount: the ledger's need not be the same one. `of_gateway` knows the accounts of a gateway.
    pub(super) fn refuses(
        &self,
        item: &Item,
        is_left: bool,
        alone: bool,
        of_gateway: impl Fn(&str, &Item) -> bool,
    ) -> Option<&'static str> {
        let named = |all: &[String], name: &str| all.is_empty() || all.iter().any(|it| it == name);
        if is_left && !named(&self.stores, source_name(item)) && item.record.source.0.starts_with("xcart/") {
            return Some("store");
        }
        if !is_left && !named(&self.entities, source_name(item)) {
            return Some("entity");
        }
        if self.currency.is_some_and(|it| it != item.amount.currency()) {
            return Some("currency");
        }
        let of_this_side = |kind: &ItemKind| is_ledger_kind(*kind) != is_left;
        if self.kinds.iter().any(of_this_side) && !self.kinds.contains(&item.kind) {
            return Some("kinds");
        }
        if !is_left && !alone {
            return None;
        }
        if !self.gateways.is_empty() && !self.gateways.iter().any(|it| of_gateway(it, item)) {
            return Some("gateway");
        }
        if !named(&self.accounts, &item.account) {
            return Some("account");
        }
        let size = item.amount.abs().minor();
        if self.amount_from.is_some_and(|it| size < it.minor()) {
            return Some("amount_from");
        }
        if self.amount_to.is_some_and(|it| size > it.minor()) {
            return Some("amount_to");
        }
        None
    }
}

pub(super) fn is_ledger_kind(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Receipt(_))
}

/// One of the texts stands in it, upper and lower case aside. True where there are none.
pub(super) fn holds_one(texts: &[String], in_any: &[&str]) -> bool {
    texts.is_empty()
        || texts.iter().any(|text| {
            let text = text.to_lowercase();
            in_any.iter().any(|it| it.to_lowercase().contains(&text))
        })
}
