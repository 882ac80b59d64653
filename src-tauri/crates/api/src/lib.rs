//! What the window may ask and how it is answered: requests and views in, services called, views and problems out.
//!
//! Invariant: no accounting decision is made here. Read `app`, `work`, then one file per screen; `views` are the types
//! the window's bindings are generated from, `commands.md` the list of who asks for what.

mod activity;
mod app;
mod approvals;
mod approve;
mod ask;
mod backups;
mod changes;
mod close;
mod connections;
mod decided;
pub mod demo;
mod doubt;
mod entry_view;
mod exception_detail;
mod exceptions;
mod fixes;
mod frame;
mod freshness;
mod guard;
mod imports;
mod jobs;
mod kept;
mod match_decisions;
mod match_detail;
mod match_draft;
mod match_lists;
mod match_shown;
mod people;
mod posting_words;
mod problem;
mod proposal;
mod record_words;
mod remembered;
mod reversal;
mod search;
mod secrets;
mod set_aside;
mod settings;
mod settings_check;
pub mod show;
mod tie_out;
mod today;
pub mod views;
pub mod work;

pub use activity::*;
pub use app::{App, Notice, Notify};
pub use approvals::{approvals_summary, proposals};
pub use approve::{approve, batch_effect, hold, reject, release};
pub use backups::*;
pub use close::{
    close_state, export_audit, lock_period, sign_off, unlock_period, withdraw_sign_off, write_certificate,
};
pub use connections::*;
pub use decided::carry_out;
pub use doubt::*;
pub use exception_detail::*;
pub use exceptions::{assign, exception_cases, exception_rows, export_exceptions};
pub use fixes::{fix_preview, send_to_approvals};
pub use frame::*;
pub use guard::guarded;
pub use imports::*;
pub use jobs::{Jobs, Step};
pub use match_decisions::*;
pub use match_detail::*;
pub use match_lists::*;
pub use people::*;
pub use problem::{bad_request, of as problem_of};
pub use proposal::proposal_detail;
pub use reversal::*;
pub use search::*;
pub use secrets::save_secret;
pub use set_aside::*;
pub use settings::*;
pub use tie_out::*;
pub use tieout_services::Clock;
pub use tieout_vault::{Keeper, Keychain};
pub use today::*;
