//! Settings, Rules: the accountant's own matching rules, tried before they are saved; what is learned; what is to come.

use super::common::{AmountView, CheckView, Tone};
use super::settings::SettingsRemark;
use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RulesTextView {
    pub text: String,
    /// Goes back with save; a text someone else changed meanwhile is not overwritten.
    pub revision: String,
    pub saved_at: Option<String>,
    pub saved_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RulesRequest {
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RulesCheck {
    /// What is wrong; none: the text can be tried and saved.
    pub remark: Option<SettingsRemark>,
    /// In their order; empty while the text cannot be read.
    pub rules: Vec<RuleView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    pub name: String,
    /// Of the text, from 1.
    pub line: u32,
    /// `suggested`, `automatic`, `keeps out`, `built in`.
    pub does: String,
    pub tone: Tone,
    /// The rule in a sentence.
    pub means: String,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SaveRulesRequest {
    pub text: String,
    pub revision: String,
    /// Why; kept in the audit trail.
    pub note: String,
}

/// What the text would do over all history cached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RulesTrial {
    pub against_version: String,
    /// Against what people decided first, then gained, lost, changed.
    pub lists: Vec<TrialList>,
    /// `3 of 4 matches that people accepted or made are found by the text itself`.
    pub found_again: String,
    /// Set where the rules in force go against decisions already.
    pub against_already: Option<String>,
    pub rules: Vec<RuleYieldView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrialList {
    pub id: TrialListId,
    pub title: String,
    pub tone: Tone,
    pub count: u32,
    pub totals: Vec<AmountView>,
    /// The largest 200.
    pub rows: Vec<TrialRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TrialListId {
    Against,
    Gained,
    Lost,
    Changed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrialRow {
    pub id: String,
    pub title: String,
    /// ISO date; none where the records are gone.
    pub on: Option<String>,
    pub amount: AmountView,
    /// What is left over; none where it ties to the cent.
    pub variance: Option<AmountView>,
    /// The rule or pass, and the standing.
    pub by: String,
    /// What was decided, or what it was before; empty where there is nothing to add.
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleYieldView {
    pub name: String,
    pub matched: u32,
    /// `2 pairs could be swapped and stay open`; empty where there is nothing to add.
    pub detail: String,
}

/// The record of the other side that comes nearest to one that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearestView {
    /// The record that is open, and the one that comes nearest.
    pub of: String,
    pub id: String,
    pub title: String,
    pub amount: AmountView,
    pub conditions: Vec<CheckView>,
    /// `it would match if records with the same reference could be dated up to 28 days later`.
    pub counterfactual: Option<String>,
    /// A `[[rule]]` block that makes the match, to be tried; none where a person has to choose.
    pub rule: Option<String>,
}

/// What one field of the evidence weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WeightView {
    pub field: String,
    /// Logarithm of odds with two decimals, with its sign.
    pub weight: String,
    pub tone: Tone,
    /// Length of the bar in thousandths of the longest one.
    pub share: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WeighedView {
    pub weights: Vec<WeightView>,
    pub score: String,
    /// How much worse the next best answer is.
    pub margin: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LearnedView {
    pub id: String,
    pub kind: LearnedKindView,
    pub title: String,
    pub detail: String,
    pub rests_on: u32,
    pub on: bool,
    pub used: bool,
    /// Proposed rules: the block to try, and `92 %` or none where nothing is known.
    pub rule: Option<String>,
    pub precision: Option<String>,
    pub recall: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LearnedKindView {
    ProposedRule,
    Alias,
    Lag,
    Rhythm,
    Rejection,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SwitchLearnedRequest {
    pub id: String,
    pub on: bool,
}

/// What is to come, until the end of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExpectationsView {
    /// Overdue, due, not yet; each with its money after fees.
    pub standings: Vec<StandingView>,
    /// Overdue first, then by the last day; the first 500.
    pub rows: Vec<ExpectationRow>,
    pub total: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StandingView {
    pub label: String,
    pub tone: Tone,
    pub count: u32,
    pub totals: Vec<AmountView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExpectationRow {
    pub id: String,
    pub reference: String,
    pub party: String,
    pub kind: String,
    /// ISO date.
    pub on: String,
    pub gross: AmountView,
    pub fee: AmountView,
    /// `from the file`, `by contract`, `not known`.
    pub fee_from: String,
    pub net: AmountView,
    pub account: String,
    /// ISO dates.
    pub from: String,
    pub to: String,
    /// `learned from 120 matches`, `as the settings allow`.
    pub because: String,
    pub tone: Tone,
    /// `12 days overdue`, `due`, `not yet`.
    pub standing: String,
}
