//! People, their keys, and bundles for a reviewer on another computer.

use crate::app::App;
use crate::close::into;
use crate::problem;
use crate::show;
use crate::views::{
    ActionDone, AnswerTaken, BundleView, FileDone, HandOutRequest, IdentityView, PeopleView, PersonView, Problem,
    RevokeRequest, TakeAnswerRequest, Topic, TrustRequest,
};
use std::path::Path;
use tieout_services::{self as services, ServiceError};

pub fn people(app: &App) -> Result<PeopleView, Problem> {
    let control = match app.company.settings() {
        Ok((settings, _)) => settings.control,
        Err(ServiceError::NoSettings) => tieout_planning::Control::default(),
        Err(error) => return Err(app.problem(error)),
    };
    let found = app.company.store.read(|reader| {
        Ok::<_, tieout_store::StoreError>((
            reader.identities()?,
            reader.bundles()?,
            reader.postings_in(&["proposed"])?.len(),
        ))
    });
    let (identities, bundles, waiting) = found.map_err(|error| app.problem(error))?;
    Ok(PeopleView {
        mode: control.words().to_owned(),
        people: control.people.iter().map(person).collect(),
        identities: identities
            .into_iter()
            .map(|it| IdentityView {
                id: it.id,
                name: it.name,
                since: it.at.to_string(),
                revoked_at: it.revoked_at.map(|it| it.to_string()),
            })
            .collect(),
        bundles: bundles
            .into_iter()
            .map(|it| BundleView {
                nonce: it.nonce,
                by: it.by,
                at: it.at.to_string(),
                answered_by: it.answered_by,
                answered_at: it.answered_at.map(|it| it.to_string()),
            })
            .collect(),
        waiting: show::count(waiting),
    })
}

fn person(it: &tieout_planning::Person) -> PersonView {
    let mut limits = Vec::new();
    if !it.limit.is_empty() {
        limits.push(format!("up to {} an entry", it.limit));
    }
    if !it.limit_day.is_empty() {
        limits.push(format!("{} a day", it.limit_day));
    }
    if !it.accounts.is_empty() {
        limits.push(format!("accounts {}", it.accounts.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    if !it.periods.is_empty() {
        limits.push(format!("periods {}", it.periods.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    PersonView {
        name: it.name.clone(),
        roles: it.roles.iter().map(|it| it.as_str().to_owned()).collect(),
        limits: limits.join("; "),
    }
}

pub fn hand_out_bundle(app: &App, request: HandOutRequest) -> Result<FileDone, Problem> {
    let stamp = app.company.now().strftime("%Y%m%dT%H%M%SZ");
    let path = into(app, &request.folder, &format!("tieout-bundle-{stamp}.json"))?;
    let handed =
        services::hand_out_bundle(&app.company, &app.user, &request.ids, &path).map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Activity]);
    Ok(FileDone {
        path: path.display().to_string(),
        sha256: handed.sha256,
        message: format!("{} to review", show::counted(handed.entries, "entry", "entries")),
    })
}

pub fn take_answer(app: &App, request: TakeAnswerRequest) -> Result<AnswerTaken, Problem> {
    let returned =
        services::take_answer(&app.company, &app.user, Path::new(&request.path)).map_err(|error| app.problem(error))?;
    crate::approve::changed(app);
    let approved = returned.report.approved.len();
    Ok(AnswerTaken {
        message: format!("{} approved by {}", show::counted(approved, "entry", "entries"), returned.by),
        by: returned.by,
        approved: show::count(approved),
        left: returned.report.left.into_iter().map(|(id, why)| format!("{id}: {why}")).collect(),
        rejected: returned.rejected,
    })
}

pub fn trust_identity(app: &App, request: TrustRequest) -> Result<ActionDone, Problem> {
    if request.name.trim().is_empty() {
        return Err(problem::bad_request("A name is needed", "Say whose key it is.", app.company.now()));
    }
    services::trust_identity(&app.company, &app.user, request.name.trim(), &request.key)
        .map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Activity]);
    let message = format!("{} can sign from now on", request.name.trim());
    Ok(ActionDone { message, undoable: false, next_id: None, open: None })
}

pub fn revoke_identity(app: &App, request: RevokeRequest) -> Result<ActionDone, Problem> {
    services::revoke_identity(&app.company, &app.user, &request.id, &request.reason)
        .map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Activity]);
    Ok(ActionDone { message: "Key revoked".into(), undoable: false, next_id: None, open: None })
}
