//! Answers to the window, one module a screen. A command translates, calls the api crate, and translates back.

pub mod app;
