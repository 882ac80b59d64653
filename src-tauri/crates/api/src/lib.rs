//! Requests, views and problems; the window's bindings come from here.

pub mod views;
