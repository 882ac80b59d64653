//! The demo company, generated from a seed.
