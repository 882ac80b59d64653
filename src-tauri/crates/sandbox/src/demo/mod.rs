//! The demo company: being written (docs/ROADMAP.md).
