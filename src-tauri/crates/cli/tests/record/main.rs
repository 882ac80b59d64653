//! The record that cannot be quietly changed, as an auditor meets it: the real program's files, a database tool, a hex
//! editor, and a second program that adds up again what the first one claims.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod books;
mod bundles;
mod certificate;
mod restored;
mod roles;
mod trail;
