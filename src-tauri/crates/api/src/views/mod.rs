//! What each screen shows and what it asks for, in words and text amounts a bookkeeper can read off a printout.
//!
//! The invariant: views carry no numbers that are money. An amount is its exact text and a currency; ids are text;
//! counts fit in `u32`; dates are ISO text. The window's TypeScript is generated from these types.
//!
//! Reading order: `common`, `problem`, `app`, then one file per screen. `commands.md` lists who asks for what.

mod activity;
mod app;
mod approvals;
mod common;
mod connections;
mod exceptions;
mod flows;
mod jobs;
mod match_review;
mod problem;
mod settings;
mod tie_out;
mod today;

pub use activity::*;
pub use app::*;
pub use approvals::*;
pub use common::*;
pub use connections::*;
pub use exceptions::*;
pub use flows::*;
pub use jobs::*;
pub use match_review::*;
pub use problem::*;
pub use settings::*;
pub use tie_out::*;
pub use today::*;
