//! Snapshot and mapping in, proposals and held-back records out.
