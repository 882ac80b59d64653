//! The verdict as figures and as a table.

use super::{BANDS, Score, Share};
use serde_json::{Value, json};
use std::fmt::Write;

impl Share {
    pub fn rate(self) -> f64 {
        if self.all == 0 { 1.0 } else { self.right as f64 / self.all as f64 }
    }
}

fn f1(right: usize, stated: usize, wanted: usize) -> f64 {
    if stated + wanted == 0 { 1.0 } else { 2.0 * right as f64 / (stated + wanted) as f64 }
}

impl Score {
    pub fn group_f1(&self) -> f64 {
        f1(self.automatic.right, self.automatic.all, self.groups)
    }

    pub fn fails_outright(&self) -> bool {
        self.twice + self.not_money + self.currencies + self.swaps > 0
    }

    pub fn figures(&self) -> Value {
        let false_groups = self.automatic.all - self.automatic.right;
        let kinds: Value = self
            .kinds
            .iter()
            .map(|(name, it)| {
                let figures = json!({ "groups": it.groups, "automatic": it.automatic, "suggested": it.suggested, "false": it.false_automatic });
                (name.clone(), figures)
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let bands: Vec<Value> =
            BANDS.iter().zip(&self.bands).map(|(edge, it)| json!([edge, it.right, it.all])).collect();
        json!({
            "groups": self.groups,
            "automatic": self.automatic.all,
            "precision": self.automatic.rate(),
            "recall": self.automatic.right as f64 / self.groups.max(1) as f64,
            "group_f1": self.group_f1(),
            "false_groups": false_groups,
            "false_groups_share": false_groups as f64 / self.automatic.all.max(1) as f64,
            "false_money_share": if self.money > 0.0 { self.false_money / self.money } else { 0.0 },
            "pair_f1": f1(self.automatic_pairs.right, self.automatic_pairs.all, self.pairs),
            "pair_f1_with_suggestions": f1(self.all_pairs.right, self.all_pairs.all, self.pairs),
            "exceptions_left_alone": self.exceptions.rate(),
            "exceptions_left_alone_with_suggestions": self.exceptions_all.rate(),
            "kinds": kinds,
            "bands": bands,
            "record_in_two_matches": self.twice,
            "not_money_matched": self.not_money,
            "currencies_mixed": self.currencies,
            "free_swaps": self.swaps,
            "exceptions_misstated": self.exceptions_misstated,
            "reasons_right": self.reasons.rate(),
        })
    }

    pub fn table(&self) -> String {
        let figures = self.figures();
        let mut out = String::new();
        for name in [
            "groups",
            "automatic",
            "precision",
            "recall",
            "group_f1",
            "false_groups",
            "false_groups_share",
            "false_money_share",
            "pair_f1",
            "pair_f1_with_suggestions",
            "exceptions_left_alone",
            "exceptions_left_alone_with_suggestions",
            "record_in_two_matches",
            "not_money_matched",
            "currencies_mixed",
            "free_swaps",
            "exceptions_misstated",
            "reasons_right",
        ] {
            let text = match &figures[name] {
                Value::Number(it) if it.is_f64() => format!("{:.6}", it.as_f64().unwrap_or_default()),
                it => it.to_string(),
            };
            let _ = writeln!(out, "{name:<40} {text}");
        }
        let _ = writeln!(out, "\n{:<28} {:>8} {:>9} {:>9} {:>6}", "kind", "groups", "recall", "with sug.", "false");
        for (name, it) in &self.kinds {
            let of = |count: usize| count as f64 / it.groups.max(1) as f64;
            let (automatic, all) = (of(it.automatic), of(it.automatic + it.suggested));
            let _ = writeln!(out, "{name:<28} {:>8} {automatic:>9.4} {all:>9.4} {:>6}", it.groups, it.false_automatic);
        }
        let _ = writeln!(out, "\nconfidence        right       all     share");
        for (at, (edge, it)) in BANDS.iter().zip(&self.bands).enumerate() {
            let to = BANDS.get(at + 1).copied().unwrap_or(1.0);
            let _ = writeln!(out, "{edge:.2} to {to:.2} {:>9} {:>9}  {:>8.5}", it.right, it.all, it.rate());
        }
        out
    }
}
