//! What the window is told without asking: how far long work is, and what it should ask for again.
//!
//! The views know nothing of Tauri, so each is wrapped here in the type that carries the event's name.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;
use tieout_api::views::{DataChanged, JobView};

/// At most ten a second while a job runs, and one when it ends.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
#[serde(transparent)]
pub struct JobProgress(pub JobView);

/// Something changed that the named screens show.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
#[serde(transparent)]
#[tauri_specta(event_name = "data-changed")]
pub struct DataChangedEvent(pub DataChanged);
