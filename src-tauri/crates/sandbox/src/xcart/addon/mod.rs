//! Dialect B, the REST add-on of X-Cart 5.0-5.4: `admin.php?target=RESTAPI&_key=K&_path=entity/id`
//! (`reference/xcart.md` 5).
//!
//! Lists show scalars only, an item adds its relations one level deep, what is missing is a 200 with `null`, and a
//! write that changes nothing says 200 as well.

mod complex;
mod entity;
mod items;
mod rows;
mod scalars;
mod writes;

pub use scalars::PASSWORD_HASH;

use crate::xcart::exchange::{Reply, Request};
use crate::xcart::json::header_date;
use crate::xcart::model::Store;
use crate::xcart::php::{Query, int};
use entity::Entity;
use serde_json::Value;

/// 400 with a header that says why; `[]` for a body unless the input was not JSON at all.
pub struct Failure {
    pub message: String,
    pub body: &'static str,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), body: "[]" }
    }
}

pub fn answer(store: &mut Store, request: &Request) -> Reply {
    let query = &request.query;
    let method = query.last("_method").or(request.method_override.as_deref()).unwrap_or(&request.method).to_uppercase();
    let key = query.last("_key").unwrap_or_default();
    let settings = &store.settings;
    let writer = !key.is_empty() && key == settings.key_read_write;
    let reader = writer || (!key.is_empty() && key == settings.key_read);
    if !reader || (!writer && method != "GET" && method != "HEAD") {
        return refused_key();
    }
    let path = query.last("_path").unwrap_or_default();
    let (name, id) = path.split_once('/').map_or((path, None), |(name, id)| (name, Some(id)));
    let Some(entity) = Entity::parse(name) else {
        return Reply::html(404, "");
    };
    let id = id.filter(|id| !id.is_empty()).map(|id| u64::try_from(int(id)).unwrap_or(0));
    let done = match method.as_str() {
        "GET" | "HEAD" => Ok(read(store, entity, id, query)),
        "POST" | "PUT" | "DELETE" => writes::write(store, entity, id, &method, request),
        _ => return Reply::html(405, "").with("allow", "GET,POST,PUT,DELETE"),
    };
    match done {
        Ok(value) => shown(store, &value),
        Err(failure) => Reply::html(400, failure.body).with("x-rest-error", failure.message),
    }
}

/// What a bad or too small key gets: nothing at all.
pub fn refused_key() -> Reply {
    Reply::html(403, "")
}

fn read(store: &Store, entity: Entity, id: Option<u64>, query: &Query) -> Value {
    let complex = query.last("_schema") == Some("complex");
    match id {
        Some(id) if complex && entity.has_complex() => complex::one(store, entity, id).unwrap_or(Value::Null),
        Some(id) => items::one(store, entity, id).unwrap_or(Value::Null),
        None if complex && entity.has_complex() => {
            rows::ids(store, entity, query).iter().filter_map(|id| complex::one(store, entity, *id)).collect()
        }
        None => rows::list(store, entity, query),
    }
}

fn shown(store: &Store, value: &Value) -> Reply {
    let count = value.as_array().map_or(1, Vec::len);
    let body = value.to_string();
    let tag = body
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    Reply::json(200, "application/json;charset=utf-8", value)
        .with("allow", "GET,POST,PUT,DELETE")
        .with("x-result-count", count.to_string())
        .with("accept-ranges", "bytes")
        .with("last-modified", header_date(store.clock))
        .with("etag", format!("{tag:032x}"))
        // A session nobody asked for, on every call.
        .with("set-cookie", format!("xid={tag:016x}; path=/; httponly"))
}
