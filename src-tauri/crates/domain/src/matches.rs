//! A match: records of the two sides declared to be one economic event, with the evidence that says so.
//! A record is in at most one live match.

use crate::posting::UserId;
use crate::record::RecordRef;
use serde::{Deserialize, Serialize};
use std::fmt;
use tieout_money::Money;

/// Derived from its members, so the same match found twice is the same match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MatchId(pub String);

impl fmt::Display for MatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From 0 to 10,000 (hundredths of a percent): exact to compare, no float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidence(pub u16);

impl Confidence {
    /// At or above this a match may be proposed without asking (design/matching.md: 0.90).
    pub const SAFE: Confidence = Confidence(9_000);

    pub fn percent(self) -> u16 {
        self.0 / 100
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchKind {
    /// One on each side.
    OneToOne,
    OneToMany,
    ManyToOne,
    ManyToMany,
    /// Entries of one side that cancel each other.
    OneSided,
}

impl MatchKind {
    /// By how many records there are on each side.
    pub fn of(left: usize, right: usize) -> MatchKind {
        match (left, right) {
            (0, _) | (_, 0) => MatchKind::OneSided,
            (1, 1) => MatchKind::OneToOne,
            (1, _) => MatchKind::OneToMany,
            (_, 1) => MatchKind::ManyToOne,
            _ => MatchKind::ManyToMany,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum MatchStatus {
    /// Found by the engine and safe; counts as matched.
    Automatic,
    /// Found by the engine; waits for a person.
    Suggested,
    /// Accepted or made by a person.
    Confirmed { by: UserId },
}

/// One reason why records belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    AmountEqual,
    /// The sums of both sides are equal.
    SumEqual,
    /// Equal after the gateway's fee, as its settlement row says it.
    NetOfFee {
        fee: Money,
    },
    /// Left minus right, within the tolerance of the rule.
    Difference {
        amount: Money,
    },
    /// A round amount kept by a bank on the way.
    WireFee {
        amount: Money,
    },
    /// Base-currency amount at the named day's rate.
    Converted {
        rate: String,
    },
    OrderNumberEqual {
        value: String,
    },
    GatewayReferenceEqual {
        value: String,
    },
    PayoutIdEqual {
        value: String,
    },
    /// The order number stands inside a memo.
    ReferenceInMemo {
        value: String,
    },
    /// Equal but for leading zeros, a prefix or being cut short.
    ReferenceVariant {
        left: String,
        right: String,
    },
    /// One keystroke apart.
    ReferenceTypo {
        left: String,
        right: String,
    },
    CustomerEqual,
    NameSimilar {
        percent: u8,
    },
    /// Days from the left record to the right one.
    Days {
        days: i16,
    },
    /// No other record could take its place.
    OnlyCandidate,
    /// A rule of the accountant's, and the version of the rules it stood in.
    Rule {
        name: String,
        version: u32,
    },
    /// The ledger record carries the key Tieout posted it with.
    PostedByTieout {
        key: String,
    },
    /// How strongly it all speaks: logarithms of odds, in hundredths.
    Odds {
        /// All of them together.
        score: i32,
        /// How much worse the next best answer would be.
        margin: i32,
        /// Field by field: what agrees counts above zero, what speaks against it below.
        weights: Vec<Weight>,
    },
    /// A person said so.
    Person {
        by: UserId,
        reason: String,
    },
}

/// What one field says, as a logarithm of odds in hundredths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// `reference`, `amount`, `name`, `customer`, `days` or `account`.
    pub field: String,
    pub hundredths: i32,
}

impl Evidence {
    /// The short form in the gutter of the Match screen.
    pub fn chip(&self) -> String {
        match self {
            Evidence::AmountEqual => "amt=".into(),
            Evidence::SumEqual => "sum=".into(),
            Evidence::NetOfFee { .. } => "net=".into(),
            Evidence::Difference { amount } => format!("Δ{}", amount.abs().amount_text()),
            Evidence::WireFee { amount } => format!("wire {}", amount.abs().amount_text()),
            Evidence::Converted { .. } => "fx=".into(),
            Evidence::OrderNumberEqual { .. } => "ref=".into(),
            Evidence::GatewayReferenceEqual { .. } => "gw=".into(),
            Evidence::PayoutIdEqual { .. } => "payout=".into(),
            Evidence::ReferenceInMemo { .. } => "memo=".into(),
            Evidence::ReferenceVariant { .. } | Evidence::ReferenceTypo { .. } => "ref~".into(),
            Evidence::CustomerEqual => "cust=".into(),
            Evidence::NameSimilar { .. } => "name".into(),
            Evidence::Days { days } => format!("{}d", days.abs()),
            Evidence::OnlyCandidate => "only".into(),
            Evidence::Rule { .. } => "rule".into(),
            Evidence::PostedByTieout { .. } => "ours".into(),
            Evidence::Odds { .. } => "odds".into(),
            Evidence::Person { .. } => "person".into(),
        }
    }

    /// The long form in the detail pane and in `--explain`.
    pub fn sentence(&self) -> String {
        match self {
            Evidence::AmountEqual => "amounts equal to the cent".into(),
            Evidence::SumEqual => "sums of both sides equal to the cent".into(),
            Evidence::NetOfFee { fee } => format!("equal after the gateway fee of {}", fee.abs()),
            Evidence::Difference { amount } => format!("differs by {amount}, within tolerance"),
            Evidence::WireFee { amount } => format!("short by a bank charge of {}", amount.abs()),
            Evidence::Converted { rate } => format!("equal at the rate {rate}"),
            Evidence::OrderNumberEqual { value } => format!("order number {value} on both sides"),
            Evidence::GatewayReferenceEqual { value } => format!("gateway reference {value} on both sides"),
            Evidence::PayoutIdEqual { value } => format!("payout {value} on both sides"),
            Evidence::ReferenceInMemo { value } => format!("order number {value} stands in the memo"),
            Evidence::ReferenceVariant { left, right } => {
                format!("{left} and {right} are one reference, written differently")
            }
            Evidence::ReferenceTypo { left, right } => format!("{left} and {right} are one keystroke apart"),
            Evidence::CustomerEqual => "same customer".into(),
            Evidence::NameSimilar { percent } => format!("names agree to {percent} %"),
            Evidence::Days { days: 0 } => "same day".into(),
            Evidence::Days { days: days @ (1 | -1) } => {
                format!("1 day {}", if *days > 0 { "later" } else { "earlier" })
            }
            Evidence::Days { days } => format!("{} days {}", days.abs(), if *days > 0 { "later" } else { "earlier" }),
            Evidence::OnlyCandidate => "no other record fits".into(),
            Evidence::Rule { name, version } => format!("rule “{name}” of rules version {version}"),
            Evidence::PostedByTieout { key } => format!("posted by Tieout as {key}"),
            Evidence::Odds { score, margin, .. } => {
                format!("the evidence weighs {}, the next best answer {} less", hundredths(*score), hundredths(*margin))
            }
            Evidence::Person { by, reason } if reason.is_empty() => format!("matched by {by}"),
            Evidence::Person { by, reason } => format!("matched by {by}: {reason}"),
        }
    }
}

fn hundredths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchGroup {
    pub id: MatchId,
    /// Store side: payments and settlement rows. Sorted.
    pub left: Vec<RecordRef>,
    /// Ledger side: receipts and journal lines (or bank lines against payouts). Sorted.
    pub right: Vec<RecordRef>,
    pub kind: MatchKind,
    pub status: MatchStatus,
    /// Name of the pass that found it.
    pub pass: String,
    pub confidence: Confidence,
    pub evidence: Vec<Evidence>,
    /// Left minus right, in the left side's currency. Zero when it ties to the cent.
    pub variance: Money,
}

impl MatchGroup {
    pub fn id_of(left: &[RecordRef], right: &[RecordRef]) -> MatchId {
        let mut members: Vec<String> = left.iter().chain(right).map(ToString::to_string).collect();
        members.sort_unstable();
        let digest = crate::Fingerprint::of_bytes(members.join("\n").as_bytes());
        MatchId(format!("m-{}", &digest.as_str()[..16]))
    }

    pub fn members(&self) -> impl Iterator<Item = &RecordRef> {
        self.left.iter().chain(&self.right)
    }

    /// The rule of the accountant's that made it.
    pub fn rule(&self) -> Option<&str> {
        self.evidence
            .iter()
            .find_map(|it| if let Evidence::Rule { name, .. } = it { Some(name.as_str()) } else { None })
    }

    /// Exact to the cent.
    pub fn is_exact(&self) -> bool {
        self.variance.is_zero()
    }

    /// Counts as matched: found safe by the engine, or accepted by a person.
    pub fn is_settled(&self) -> bool {
        !matches!(self.status, MatchStatus::Suggested)
    }
}
