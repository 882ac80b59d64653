//! Beside a record that is open: what comes nearest on the other side, and what would have to be allowed for the two to match.

use crate::app::App;
use crate::record_words::told;
use crate::show;
use crate::views::{CheckView, NearestView, Problem, Tone};
use tieout_domain::RecordRef;
use tieout_matching::rules::Condition;
use tieout_services::{self as services};

/// Of the first of the records that has anything near; none where all are matched or alone.
pub(crate) fn nearest(app: &App, records: &[RecordRef]) -> Result<Option<NearestView>, Problem> {
    let Ok((settings, _)) = app.company.settings() else { return Ok(None) };
    let (sides, Some(board)) = (app.sides()?, app.board()?) else { return Ok(None) };
    for record in records {
        let found = services::nearest(&app.company, &settings, &sides, &board.groups, record);
        let Some(it) = found.map_err(|error| app.problem(error))? else { continue };
        let Some(item) = sides.left.iter().chain(&sides.right).find(|item| item.record == it.record) else { continue };
        let title = told(app, &it.record)?.map_or_else(|| it.record.id.clone(), |it| it.label);
        let named = [&item.party, &item.memo].into_iter().find(|it| !it.is_empty());
        return Ok(Some(NearestView {
            of: record.to_string(),
            id: it.record.to_string(),
            title: named.map_or(title.clone(), |it| format!("{title}, {it}")),
            amount: show::amount(item.amount),
            conditions: it.conditions.into_iter().map(check).collect(),
            counterfactual: it.counterfactual,
            rule: it.rule,
        }));
    }
    Ok(None)
}

fn check(it: Condition) -> CheckView {
    CheckView {
        tone: if it.is_met { Tone::Ok } else { Tone::Bad },
        verdict: if it.is_met { "passes" } else { "fails" }.into(),
        text: format!("{}: {}", it.name, it.said),
        detail: String::new(),
    }
}
