//! What the window may ask and how it is answered: requests and views in, services called, views and problems out.
//!
//! Invariant: no accounting decision is made here. Read `app`, `work`, then one file per screen; `views` are the types
//! the window's bindings are generated from, `commands.md` the list of who asks for what.

mod app;
mod jobs;
mod problem;
pub mod show;
pub mod views;
pub mod work;

pub use app::{App, Notice, Notify};
pub use jobs::{Jobs, Step};
pub use problem::{bad_request, of as problem_of};
