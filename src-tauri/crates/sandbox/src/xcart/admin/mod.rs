//! Dialect A, the 5.5 admin API under `/api`, with the checks in the order Symfony and API Platform make them:
//! route, method, Accept, token, role, item, Content-Type, JSON, types, rules (`reference/xcart.md` 1 to 4).

mod addresses;
mod fields;
mod filters;
mod hydra;
mod orders;
mod paging;
mod products;
mod profiles;
mod refusal;
mod route;

use crate::xcart::exchange::{Reply, Request};
use crate::xcart::model::Store;
use refusal::Refusal;
use route::Route;
use serde_json::Value;

/// What a handler found or did, before it is dressed as JSON or JSON-LD.
enum Answer {
    Item { kind: Kind, value: Value, location: Option<String>, created: bool },
    Members { kind: Kind, page: paging::Page, total: usize, rows: Vec<Value>, search: Vec<hydra::Variable> },
    Deleted,
}

impl Answer {
    fn found(kind: Kind, value: Value) -> Answer {
        Answer::Item { kind, value, location: None, created: false }
    }
}

/// The names API Platform gives a resource and the shape it is shown in.
#[derive(Clone, Copy)]
struct Kind {
    resource: &'static str,
    output: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    Json,
    JsonLd,
    Html,
}

impl Media {
    const ALL: [(Media, &'static str); 3] =
        [(Media::Json, "application/json"), (Media::JsonLd, "application/ld+json"), (Media::Html, "text/html")];

    fn mime(self) -> &'static str {
        Media::ALL.iter().find(|(media, _)| *media == self).map_or("application/json", |(_, mime)| mime)
    }
}

pub fn answer(store: &mut Store, request: &Request) -> Reply {
    let reply = answered(store, request);
    let docs = format!("{}/api/docs.jsonld", store.settings.base_url);
    reply.with("link", format!("<{docs}>; rel=\"http://www.w3.org/ns/hydra/core#apiDocumentation\""))
}

fn answered(store: &mut Store, request: &Request) -> Reply {
    let Some((route, suffix)) = Route::parse(&request.path) else {
        return refusal::routing(404, "Not Found");
    };
    let method = if request.method == "HEAD" { "GET" } else { request.method.as_str() };
    if !route.methods().contains(&method) {
        return refusal::routing(405, "Method Not Allowed").with("allow", route.methods().join(", "));
    }
    let media = match negotiate(request.accept.as_deref(), suffix) {
        Ok(media) => media,
        Err(refusal) => return refusal.reply(Media::Json),
    };
    match role(store, request.token.as_deref()) {
        Err(reply) => return reply,
        Ok(Role::Reader) if method != "GET" => return Refusal::new(403, "Access Denied.").reply(media),
        Ok(_) => {}
    }
    if route == Route::Docs {
        return match &store.settings.docs_json {
            Some(docs) => Reply::json(200, "application/json; charset=utf-8", docs),
            // What the recorded kernel answered: empty, and HTML by its header.
            None => Reply::html(500, ""),
        };
    }
    match dispatch(store, &route, method, request) {
        Ok(answer) => dress(store, request, media, answer),
        Err(refusal) => refusal.reply(media),
    }
}

fn dispatch(store: &mut Store, route: &Route, method: &str, request: &Request) -> Result<Answer, Refusal> {
    let query = &request.query;
    match (method, route) {
        ("GET", Route::Orders) => orders::list(store, query),
        ("GET", Route::Order(id)) => orders::one(store, store.orders.get(id)),
        ("GET", Route::OrderByNumber(number)) => orders::one(store, store.order_by_number(number)),
        ("GET", Route::OrderPart(id, part)) => orders::part(store, *id, *part, query),
        ("PUT", Route::OrderPart(id, part)) => orders::put_status(store, *id, *part, request),
        ("GET", Route::Products) => products::list(store, query),
        ("POST", Route::Products) => products::create(store, request),
        ("GET", Route::Product(id)) => products::one(store, *id),
        ("PUT", Route::Product(id)) => products::update(store, *id, request),
        ("DELETE", Route::Product(id)) => products::delete(store, *id),
        ("GET", Route::Profiles) => profiles::list(store, query),
        ("POST", Route::Profiles) => profiles::create(store, request),
        ("GET", Route::Profile(id)) => profiles::one(store, *id),
        ("PUT", Route::Profile(id)) => profiles::update(store, *id, request),
        ("DELETE", Route::Profile(id)) => profiles::delete(store, *id),
        ("GET", Route::Addresses(profile)) => addresses::list(store, *profile, query),
        ("POST", Route::Addresses(profile)) => addresses::create(store, *profile, request),
        ("GET", Route::Address(profile, id)) => addresses::one(store, *profile, *id),
        ("PUT", Route::Address(profile, id)) => addresses::update(store, *profile, *id, request),
        ("DELETE", Route::Address(profile, id)) => addresses::delete(store, *profile, *id),
        _ => Err(Refusal::not_found()),
    }
}

enum Role {
    Reader,
    Writer,
}

/// Tokens are compared whole and by case; an empty key lets nobody in.
fn role(store: &Store, token: Option<&str>) -> Result<Role, Reply> {
    let settings = &store.settings;
    match token {
        None => Err(Refusal::new(401, "Full authentication is required to access this resource.").reply(Media::Json)),
        Some(token) if !token.is_empty() && token == settings.key_read_write => Ok(Role::Writer),
        Some(token) if !token.is_empty() && token == settings.key_read => Ok(Role::Reader),
        Some(_) => Err(bad_token()),
    }
}

pub fn bad_token() -> Reply {
    Reply::json(401, "application/json", &serde_json::json!({"message": "Invalid credentials."}))
}

/// Which format the client gets: the path's suffix narrows what its Accept header may ask for.
fn negotiate(accept: Option<&str>, suffix: Option<&str>) -> Result<Media, Refusal> {
    let offered: Vec<(Media, &str)> = match suffix {
        None => Media::ALL.to_vec(),
        Some("json") => vec![Media::ALL[0]],
        Some("jsonld") => vec![Media::ALL[1]],
        Some("html") => vec![Media::ALL[2]],
        Some(other) => return Err(Refusal::new(404, format!("Format \"{other}\" is not supported"))),
    };
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
        return Ok(offered[0].0);
    };
    let mut wanted: Vec<(u32, &str)> = accept.split(',').map(weighed).collect();
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let fits = |range: &str| offered.iter().find(|(_, mime)| matches_range(range, mime)).map(|(media, _)| *media);
    wanted.iter().filter(|(weight, _)| *weight > 0).find_map(|(_, range)| fits(range)).ok_or_else(|| {
        let mimes = offered.iter().map(|(_, mime)| format!("\"{mime}\"")).collect::<Vec<_>>().join(", ");
        Refusal::new(406, format!("Requested format \"{accept}\" is not supported. Supported MIME types are {mimes}."))
    })
}

/// A media range and its quality in thousandths.
fn weighed(range: &str) -> (u32, &str) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
    let (whole, thousandths) = quality.split_once('.').unwrap_or((quality, ""));
    let fraction: String = thousandths.chars().chain("000".chars()).take(3).collect();
    (whole.parse::<u32>().unwrap_or(1).saturating_mul(1000) + fraction.parse::<u32>().unwrap_or(0), name)
}

fn matches_range(range: &str, mime: &str) -> bool {
    let kind = mime.split('/').next().unwrap_or_default();
    range == "*/*" || range.eq_ignore_ascii_case(mime) || range.strip_suffix("/*") == Some(kind)
}

fn dress(store: &Store, request: &Request, media: Media, answer: Answer) -> Reply {
    let (status, value, location, created) = match answer {
        Answer::Deleted => return Reply::empty(204).with("vary", "Accept"),
        Answer::Item { kind, value, location, created } => {
            let value = if media == Media::JsonLd { hydra::item(store, kind, value) } else { value };
            (if created { 201 } else { 200 }, value, location, created)
        }
        Answer::Members { kind, page, total, rows, search } => {
            let value = match media {
                Media::JsonLd => hydra::collection(kind, request, &page, total, rows, &search),
                _ => Value::Array(rows),
            };
            (200, value, None, false)
        }
    };
    // UNVERIFIED: what a full store shows a browser; the recordings never ask for HTML.
    let mut reply = match media {
        Media::Html => Reply::html(status, &format!("<!DOCTYPE html>\n<html><body><pre>{value}</pre></body></html>")),
        _ => Reply::json(status, &format!("{}; charset=utf-8", media.mime()), &value),
    };
    if let Some(location) = location {
        if created {
            reply = reply.with("location", location.clone());
        }
        reply = reply.with("content-location", location);
    }
    reply.with("vary", "Accept")
}
