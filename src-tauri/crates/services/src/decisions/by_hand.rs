//! Records a person puts together: whether they can be one event at all, and what is left over.

use super::board::Board;
use super::facts::MatchRecord;
use crate::company::Company;
use crate::error::ServiceError;
use crate::reconcile::Run;
use tieout_domain::{Confidence, Evidence, MatchGroup, MatchKind, MatchStatus, RecordRef, UserId};
use tieout_money::{Money, MoneyError};
use tieout_planning::Why;

/// Why these records cannot be matched, for the screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTogether(pub String);

/// One group of everything picked. What is left over is its variance; a fee the settlement file tells is no variance.
pub fn hand_made(board: &Board, picked: &[RecordRef]) -> Result<MatchGroup, NotTogether> {
    let not = |why: String| Err(NotTogether(why));
    let mut records: Vec<&MatchRecord> = Vec::new();
    for it in picked {
        let Some(record) = board.record(it) else { return not(format!("{} is not there any more.", it.id)) };
        if !records.iter().any(|other| other.record == *it) {
            records.push(record);
        }
        if let Some(group) = board.group_of(it).filter(|it| it.is_settled()) {
            return not(format!("{} is already matched ({}). Unmatch it first.", record.number, group.pass));
        }
    }
    let Some(first) = records.first() else { return not("Choose at least one record on each side.".into()) };
    let currency = first.amount.currency();
    if let Some(other) = records.iter().find(|it| it.amount.currency() != currency) {
        return not(format!("{} and {} never meet: a match is in one currency.", currency, other.amount.currency()));
    }
    let side =
        |store: bool| -> Vec<&MatchRecord> { records.iter().copied().filter(|it| it.is_store_side == store).collect() };
    let (lefts, rights) = (side(true), side(false));
    let (variance, fee) = left_over(&lefts, &rights, currency).map_err(|error| NotTogether(error.to_string()))?;
    let refs = |of: &[&MatchRecord]| {
        let mut refs: Vec<RecordRef> = of.iter().map(|it| it.record.clone()).collect();
        refs.sort();
        refs
    };
    let (left, right) = (refs(&lefts), refs(&rights));
    let mut evidence = match (fee, variance.is_zero(), records.len()) {
        (Some(fee), ..) => vec![Evidence::NetOfFee { fee }],
        (None, true, 2) => vec![Evidence::AmountEqual],
        (None, true, _) => vec![Evidence::SumEqual],
        (None, false, _) => vec![Evidence::Difference { amount: variance }],
    };
    if let ([one], [other]) = (&lefts[..], &rights[..]) {
        let days = (other.on - one.on).get_days();
        evidence.push(Evidence::Days { days: i16::try_from(days).unwrap_or(i16::MAX) });
    }
    Ok(MatchGroup {
        id: MatchGroup::id_of(&left, &right),
        kind: MatchKind::of(left.len(), right.len()),
        left,
        right,
        status: MatchStatus::Suggested,
        pass: "by hand".into(),
        confidence: Confidence(0),
        evidence,
        variance,
    })
}

/// Store less ledger; and the fee, where it explains the whole of it.
fn left_over(
    lefts: &[&MatchRecord],
    rights: &[&MatchRecord],
    currency: tieout_money::Currency,
) -> Result<(Money, Option<Money>), MoneyError> {
    let left = Money::sum(currency, lefts.iter().map(|it| it.amount))?;
    let right = Money::sum(currency, rights.iter().map(|it| it.amount))?;
    let fee = Money::sum(currency, lefts.iter().filter_map(|it| it.fee))?;
    let variance = left.checked_sub(right)?;
    if !fee.is_zero() && variance.checked_add(fee)?.is_zero() {
        return Ok((Money::zero(currency), Some(fee)));
    }
    Ok((variance, None))
}

/// The same group, accepted by a person.
pub fn confirmed(group: &MatchGroup, by: &str, reason: &str) -> MatchGroup {
    let by = UserId(by.to_owned());
    let mut group = group.clone();
    group.evidence.push(Evidence::Person { by: by.clone(), reason: reason.to_owned() });
    group.status = MatchStatus::Confirmed { by };
    group
}

/// Why matching leaves a record open: the nearest miss, from a run over everything.
pub fn why_open(company: &Company, board: &Board, record: &RecordRef) -> Result<Option<String>, ServiceError> {
    let run = Run::over(company, &board.facts.settings, &board.facts.sides)?;
    let open = run.left_over.iter().chain(&run.right_over).find(|it| it.record == *record);
    Ok(open.map(|it| match &it.why {
        Why::Twin { of } => format!("its equal {} already took the only partner", of.id),
        Why::Nothing(text) | Why::Ambiguous { sentence: text, .. } => text.clone(),
    }))
}
