//! A pretend X-Cart store that answers like the real one, in both of X-Cart's API dialects.
//!
//! Read `model.rs` for what a store holds, `admin/mod.rs` for dialect A (the 5.5 admin API), `addon/mod.rs` for
//! dialect B (the 5.0-5.4 REST add-on), `server.rs` for HTTP and the faults.

mod addon;
mod admin;
mod exchange;
mod json;
pub mod model;
mod php;
mod server;
mod store;

pub use addon::PASSWORD_HASH;
pub use model::*;
pub use server::{SeenWrite, SharedStore, serve};

use exchange::{Reply, Request};

/// What the store answers; every write has happened when this returns.
fn answer(store: &mut Store, request: &Request) -> Reply {
    let api = request.path == "/api" || request.path.starts_with("/api/");
    if api && store.settings.admin_api {
        admin::answer(store, request)
    } else if request.path == "/admin.php"
        && store.settings.rest_addon
        && request.query.last("target") == Some("RESTAPI")
    {
        addon::answer(store, request)
    } else {
        Reply::html(
            404,
            "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n",
        )
    }
}

/// What a key that stopped being valid is answered.
fn refused_key(request: &Request) -> Reply {
    if request.path == "/admin.php" { addon::refused_key() } else { admin::bad_token() }
}
