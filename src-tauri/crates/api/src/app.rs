//! The open company behind the window: one data folder, the secrets of this session, and the jobs that run.
//!
//! Every function of this crate that answers the window takes it by reference and blocks; the shell calls them off the
//! window's thread. Long work is a job: it answers at once and reports through [`Notice`].

use crate::jobs::Jobs;
use crate::problem;
use crate::views::{JobView, Problem, Topic};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tieout_services::{Clock, Company, Secrets};

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
    secrets: RwLock<Option<Secrets>>,
    /// The demo company: its systems run inside this program.
    is_demo: RwLock<bool>,
    pub(crate) kept: crate::kept::Kept,
}

impl App {
    pub fn open(folder: &Path, clock: Clock, user: &str, notify: Notify) -> Result<App, Problem> {
        let company = Company::open(folder, clock.clone()).map_err(|error| problem::of(&error, clock()))?;
        Ok(App {
            company,
            user: user.to_owned(),
            jobs: Jobs::new(clock, notify),
            secrets: RwLock::default(),
            is_demo: RwLock::default(),
            kept: crate::kept::Kept::default(),
        })
    }

    pub fn set_secrets(&self, secrets: Secrets) {
        *self.secrets.write().unwrap_or_else(PoisonError::into_inner) = Some(secrets);
    }

    /// All of them, or none: both systems are needed for every step.
    pub fn secrets(&self) -> Option<Secrets> {
        Some(self.known_secrets()).filter(Secrets::is_complete)
    }

    /// Those that are known so far.
    pub(crate) fn known_secrets(&self) -> Secrets {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_else(Secrets::none)
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
