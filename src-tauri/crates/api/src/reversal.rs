//! Reversing what is posted: shown first, then a proposal like any other.

use crate::app::App;
use crate::approve::changed;
use crate::ask;
use crate::entry_view::entry;
use crate::problem;
use crate::proposal::find;
use crate::show;
use crate::views::{ActionDone, OpenTarget, Problem, ProposalRequest, ReversalPreview, ReverseRequest, Screen};
use tieout_services::{self as services, Chart, ReversalDraft};

/// On its own day if that period is open, else on the first open day, and said so.
pub fn reversal_preview(app: &App, request: ProposalRequest) -> Result<ReversalPreview, Problem> {
    let it = find(app, &request.id)?;
    let draft = services::draft_reversal(&app.company, &request.id).map_err(|error| app.problem(error))?;
    let ReversalDraft { reversal, on, own_day } = draft;
    let chart = Chart::read(&app.company).map_err(|error| app.problem(error))?;
    let moved_because = (on != own_day)
        .then(|| format!("{} is in a closed period; {} is the first open day", show::day(own_day), show::day(on)));
    Ok(ReversalPreview {
        id: it.posting.id.0,
        posted_on: own_day.to_string(),
        reverse_on: on.to_string(),
        moved_because,
        entry: entry(app, &chart, &reversal.document),
    })
}

pub fn reverse(app: &App, request: ReverseRequest) -> Result<ActionDone, Problem> {
    let reason = request.reason.trim();
    if reason.is_empty() {
        let remedy = "Say why in a few words; it is kept in the audit trail.";
        return Err(problem::bad_request("A reason is needed", remedy, app.company.now()));
    }
    let on = ask::day(app, &request.reverse_on)?;
    let proposed = services::propose_reversal(&app.company, &app.user, &request.id, Some(on));
    let id = proposed.map_err(|error| app.problem(error))?;
    app.company
        .store
        .write(&app.user, app.company.now(), |tx| tx.add_note(&id.0, reason))
        .map_err(|error| app.problem(error))?;
    changed(app);
    Ok(ActionDone {
        message: "Reversal proposed; it waits for approval".into(),
        undoable: false,
        next_id: None,
        open: Some(OpenTarget { screen: Screen::Approvals, id: Some(id.0) }),
    })
}
