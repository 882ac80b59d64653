//! The open company behind the window: one data folder, its secrets, and the jobs that run.
//!
//! Every function of this crate that answers the window takes it by reference and blocks; the shell calls them off the
//! window's thread. Long work is a job: it answers at once and reports through [`Notice`].

use crate::jobs::Jobs;
use crate::problem;
use crate::views::{JobView, Problem, Topic};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tieout_services::{Clock, Company};
use tieout_vault::{Keeper, Keychain};

/// What the window is told without asking.
#[derive(Clone, Debug)]
pub enum Notice {
    Job(Box<JobView>),
    Changed(Vec<Topic>),
}

pub type Notify = Arc<dyn Fn(Notice) + Send + Sync>;

pub struct App {
    pub company: Company,
    /// The name approvals are made in.
    pub user: String,
    pub jobs: Jobs,
    pub(crate) keeper: Arc<Keeper>,
    /// The demo company: its systems run inside this program.
    is_demo: RwLock<bool>,
    pub(crate) kept: crate::kept::Kept,
    /// When the window asked for something last, in seconds.
    pub(crate) asked_at: std::sync::atomic::AtomicI64,
}

impl App {
    /// Its secrets are kept in memory, or in a vault file; see [`App::keeping_secrets`].
    pub fn open(folder: &Path, clock: Clock, user: &str, notify: Notify) -> Result<App, Problem> {
        let company = Company::open(folder, clock.clone()).map_err(|error| problem::of(&error, clock()))?;
        let keeper = Keeper::of(company.store.folder(), Keychain::none("none is used here"));
        let asked_at = std::sync::atomic::AtomicI64::new(company.now().as_second());
        Ok(App {
            asked_at,
            company,
            user: user.to_owned(),
            jobs: Jobs::new(clock, notify),
            keeper: Arc::new(keeper),
            is_demo: RwLock::default(),
            kept: crate::kept::Kept::default(),
        })
    }

    pub fn mark_demo(&self) {
        *self.is_demo.write().unwrap_or_else(PoisonError::into_inner) = true;
    }

    pub fn is_demo(&self) -> bool {
        *self.is_demo.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A service's error as the window shows it.
    pub fn problem(&self, error: impl Into<tieout_services::ServiceError>) -> Problem {
        problem::of(&error.into(), self.company.now())
    }
}
