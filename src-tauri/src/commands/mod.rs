//! One file a screen; each command translates, calls and answers, and decides nothing.

pub mod activity;
pub mod app;
pub mod approvals;
pub mod connections;
pub mod exceptions;
pub mod files;
pub mod flows;
pub mod frame;
pub mod matching;
pub mod settings;
pub mod tie_out;
pub mod today;
pub mod work;
