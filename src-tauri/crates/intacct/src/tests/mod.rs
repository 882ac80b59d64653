//! Every request shape as a snapshot, checked against Sage's schema and field lists; Sage's own replies read back.

mod functions;
mod replies;
mod requests;
mod samples;
mod schema;
mod vendor;
