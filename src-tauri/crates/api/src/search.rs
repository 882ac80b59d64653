//! The palette: orders, payments, receipts, exceptions and proposals by number, name, reference or amount.

use crate::app::App;
use crate::show;
use crate::views::{OpenTarget, Problem, Screen, SearchHit, SearchRequest};
use tieout_domain::ObjectKind;
use tieout_store::{SearchHit as Found, SearchKind, SearchResult, StoreError};

const HITS_MAX: u32 = 50;

pub fn search(app: &App, request: SearchRequest) -> Result<Vec<SearchHit>, Problem> {
    let text = request.text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let limit = request.limit.clamp(1, HITS_MAX);
    let ask = || -> Result<SearchResult, StoreError> { app.company.store.read(|reader| reader.search(text, limit)) };
    let mut found = ask().map_err(|error| app.problem(error))?;
    if !found.complete {
        // Records of the last pull are indexed by the first who looks for them.
        app.company.store.refresh_search().map_err(|error| app.problem(error))?;
        found = ask().map_err(|error| app.problem(error))?;
    }
    let hits = found.hits.into_iter().filter_map(|it| hit(app, it).transpose());
    hits.take(limit as usize).collect()
}

/// What has no place on any screen (customers, items and accounts of the books) is no hit.
fn hit(app: &App, found: Found) -> Result<Option<SearchHit>, Problem> {
    let amount = found.amount.map(show::amount);
    let detail = [found.reference.as_str(), found.party.as_str()];
    let detail = detail.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ");
    let to = |screen, id: &str| OpenTarget { screen, id: Some(id.to_owned()) };
    Ok(Some(match &found.found {
        SearchKind::Posting(id) => SearchHit {
            id: id.0.clone(),
            kind: "Proposal".into(),
            title: found.number,
            detail,
            amount,
            open: to(Screen::Approvals, &id.0),
        },
        SearchKind::Exception(id) => {
            let title =
                found.number.parse().map_or(found.number, |kind: tieout_domain::ExceptionKind| kind.title().into());
            SearchHit {
                id: id.0.clone(),
                kind: "Exception".into(),
                title,
                detail,
                amount,
                open: to(Screen::Exceptions, &id.0),
            }
        }
        SearchKind::Record(record) => {
            let kind = match record.object {
                ObjectKind::Order => "Order",
                ObjectKind::Payment => "Payment",
                ObjectKind::Receipt => "Receipt",
                ObjectKind::Settlement => "Settlement",
                ObjectKind::Invoice => "Invoice",
                ObjectKind::Profile => "Store customer",
                ObjectKind::Product => "Product",
                _ => return Ok(None),
            };
            let standing = app.company.store.read(|reader| reader.exceptions_of(record));
            let standing = standing.map_err(|error: StoreError| app.problem(error))?;
            let open = standing.into_iter().find(|it| it.resolved_at.is_none());
            let id = record.to_string();
            let open = match (open, record.object) {
                (Some(it), _) => to(Screen::Exceptions, &it.id.0),
                (None, ObjectKind::Payment | ObjectKind::Receipt | ObjectKind::Settlement) => to(Screen::Match, &id),
                (None, _) => OpenTarget { screen: Screen::Match, id: None },
            };
            let is_numbered =
                matches!(record.object, ObjectKind::Order | ObjectKind::Payment) && !found.number.is_empty();
            let title = match (is_numbered, found.number.is_empty()) {
                (true, _) => format!("#{}", found.number),
                (false, false) => found.number,
                (false, true) => record.id.clone(),
            };
            SearchHit { id, kind: kind.into(), title, detail, amount, open }
        }
    }))
}
