//! Sync, match, propose, approve, post, tie out, export.
