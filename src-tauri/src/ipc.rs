//! The list of everything the window may ask for and be told; the TypeScript bindings are generated from it.

use crate::{commands, events};
use tauri_specta::{Builder, collect_commands, collect_events};

/// A new command is one line here and one function in `commands`; `cargo xtask bindings` then rewrites
/// `ui/src/bindings/index.ts`.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // One TypeScript type for each view, whichever way it travels: an absent `Option` is `null` both ways.
        .disable_serde_phases()
        .commands(collect_commands![
            commands::app::app_info,
            commands::files::open_demo,
            commands::files::pick_folder,
            commands::files::pick_file,
            // frame
            commands::frame::app_state,
            commands::frame::search,
            commands::frame::undo,
            commands::frame::redo,
            commands::frame::history,
            commands::frame::preferences,
            commands::frame::save_preferences,
            commands::frame::jobs,
            commands::frame::cancel_job,
            // work
            commands::work::pull,
            commands::work::run_match,
            commands::work::propose,
            commands::work::post_approved,
            commands::work::import_file,
            // today
            commands::today::today,
            // matching
            commands::matching::match_summary,
            commands::matching::match_rows,
            commands::matching::open_rows,
            commands::matching::match_detail,
            commands::matching::selection_draft,
            commands::matching::selection_totals,
            commands::matching::accept_match,
            commands::matching::exact_preview,
            commands::matching::accept_all_exact,
            commands::matching::match_selection,
            commands::matching::unmatch,
            commands::matching::write_off,
            commands::matching::split,
            commands::matching::keep_partial,
            commands::matching::timing_item,
            commands::matching::snooze,
            commands::matching::note,
            commands::matching::explain,
            // exceptions
            commands::exceptions::exception_cases,
            commands::exceptions::exception_rows,
            commands::exceptions::exception_detail,
            commands::exceptions::raw_document,
            commands::exceptions::fix_preview,
            commands::exceptions::send_to_approvals,
            commands::exceptions::assign,
            commands::exceptions::export_exceptions,
            // approvals
            commands::approvals::approvals_summary,
            commands::approvals::proposals,
            commands::approvals::proposal_detail,
            commands::approvals::batch_effect,
            commands::approvals::approve,
            commands::approvals::reject,
            commands::approvals::hold,
            commands::approvals::release,
            commands::approvals::check_status,
            commands::approvals::settle_found,
            commands::approvals::give_up,
            commands::approvals::reversal_preview,
            commands::approvals::reverse,
            // sync
            commands::flows::sync_board,
            commands::flows::flow_writes,
            commands::flows::letters,
            commands::flows::letter,
            commands::flows::run_flow,
            commands::flows::approve_flow,
            commands::flows::replay_letters,
            commands::flows::edit_letter,
            commands::flows::close_letter,
            // tie_out
            commands::tie_out::tie_out,
            commands::tie_out::tie_out_days,
            commands::tie_out::drill,
            // activity
            commands::activity::activity,
            commands::activity::activity_facets,
            commands::activity::verify_audit,
            // connections
            commands::connections::connections,
            commands::connections::save_connections,
            commands::connections::save_secret,
            commands::connections::test_connection,
            // settings
            commands::settings::settings_text,
            commands::settings::check_settings,
            commands::settings::save_settings,
            commands::settings::import_preview,
            commands::settings::imports,
            commands::settings::undo_import,
        ])
        .events(collect_events![events::JobProgress, events::DataChangedEvent])
}
