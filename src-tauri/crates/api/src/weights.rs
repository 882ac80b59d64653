//! What the evidence of a match weighs, field by field, and how much worse the next best answer is.

use crate::views::{Tone, WeighedView, WeightView};
use tieout_domain::{Evidence, MatchGroup};

/// None where no weights were told: by a rule, by a person, or by Tieout's own key.
pub(crate) fn weighed(group: &MatchGroup) -> Option<WeighedView> {
    let (score, margin, weights) = group.evidence.iter().find_map(|it| match it {
        Evidence::Odds { score, margin, weights } => Some((*score, *margin, weights)),
        _ => None,
    })?;
    let longest = weights.iter().map(|it| it.hundredths.unsigned_abs()).max().unwrap_or(0).max(1);
    let view = |it: &tieout_domain::Weight| WeightView {
        field: it.field.clone(),
        weight: signed(it.hundredths),
        tone: match it.hundredths {
            1.. => Tone::Ok,
            0 => Tone::Plain,
            _ => Tone::Bad,
        },
        share: it.hundredths.unsigned_abs() * 1_000 / longest,
    };
    Some(WeighedView { weights: weights.iter().map(view).collect(), score: signed(score), margin: signed(margin) })
}

/// `+7.25`, `−0.40`.
fn signed(hundredths: i32) -> String {
    let sign = match hundredths {
        1.. => "+",
        0 => "",
        _ => "−",
    };
    format!("{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_domain::{Confidence, MatchKind, MatchStatus, Weight};
    use tieout_money::{Currency, Money};

    #[test]
    fn weights_are_told_with_their_sign_and_the_longest_bar_is_the_heaviest() {
        let weight = |field: &str, hundredths| Weight { field: field.into(), hundredths };
        let odds = Evidence::Odds {
            score: 1_040,
            margin: 620,
            weights: vec![weight("reference", 800), weight("amount", 280), weight("days", -40)],
        };
        let mut group = MatchGroup {
            id: MatchGroup::id_of(&[], &[]),
            left: vec![],
            right: vec![],
            kind: MatchKind::OneToOne,
            status: MatchStatus::Suggested,
            pass: "reference".into(),
            confidence: Confidence(9_000),
            evidence: vec![Evidence::AmountEqual],
            variance: Money::zero(Currency::USD),
        };
        assert_eq!(weighed(&group), None);
        group.evidence.push(odds);
        let told = weighed(&group).unwrap();
        let words: Vec<_> = told.weights.iter().map(|it| (it.weight.as_str(), it.share)).collect();
        assert_eq!(words, [("+8.00", 1_000), ("+2.80", 350), ("−0.40", 50)]);
        assert_eq!((told.score.as_str(), told.margin.as_str()), ("+10.40", "+6.20"));
    }
}
