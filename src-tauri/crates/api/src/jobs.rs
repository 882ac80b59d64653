//! Long work: what runs, how far it is, and how it ended. One of a kind at a time.

use crate::app::{Notice, Notify};
use crate::problem;
use crate::views::{JobKind, JobStarted, JobState, JobView, Problem, Topic};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tieout_services::{Clock, ServiceError};

/// Ended jobs kept for the history.
const KEPT: usize = 20;

#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    clock: Clock,
    notify: Notify,
    all: Mutex<VecDeque<JobView>>,
    handles: Mutex<Vec<(String, tokio::task::AbortHandle)>>,
}

impl Jobs {
    pub fn new(clock: Clock, notify: Notify) -> Jobs {
        Jobs(Arc::new(Inner { clock, notify, all: Mutex::default(), handles: Mutex::default() }))
    }

    /// Running ones and the last ended ones, newest first.
    pub fn list(&self) -> Vec<JobView> {
        self.lock().iter().cloned().collect()
    }

    pub fn changed(&self, topics: Vec<Topic>) {
        (self.0.notify)(Notice::Changed(topics));
    }

    /// Starts the work on the runtime. It answers with its summary, shown when it is done.
    pub fn start<F>(
        &self,
        kind: JobKind,
        title: &str,
        unit: &str,
        can_cancel: bool,
        topics: Vec<Topic>,
        work: impl FnOnce(Step) -> F,
    ) -> Result<JobStarted, Problem>
    where
        F: Future<Output = Result<String, ServiceError>> + Send + 'static,
    {
        let id = {
            let mut all = self.lock();
            if all.iter().any(|it| it.kind == kind && it.state == JobState::Running) {
                drop(all);
                return Err(problem::bad_request(
                    format!("{title} is already running"),
                    "Wait for it, or stop it first.",
                    (self.0.clock)(),
                ));
            }
            let id = format!("job-{}-{}", (self.0.clock)().as_microsecond(), all.len());
            all.push_front(JobView {
                id: id.clone(),
                kind,
                title: title.to_owned(),
                state: JobState::Running,
                done: 0,
                total: None,
                unit: unit.to_owned(),
                detail: String::new(),
                results: Vec::new(),
                summary: String::new(),
                problem: None,
                can_cancel,
                started_at: (self.0.clock)().to_string(),
                ended_at: None,
            });
            all.truncate(KEPT);
            id
        };
        let step = Step { jobs: self.clone(), id: id.clone() };
        let future = work(step.clone());
        let jobs = self.clone();
        let task = tokio::spawn(async move {
            let result = future.await;
            let at = (jobs.0.clock)();
            jobs.update(&step.id, |job| {
                job.ended_at = Some(at.to_string());
                job.can_cancel = false;
                match result {
                    Ok(summary) => {
                        job.state = JobState::Done;
                        job.summary = summary;
                    }
                    Err(error) => {
                        job.state = JobState::Failed;
                        job.problem = Some(problem::of(&error, at));
                    }
                }
            });
            jobs.changed(topics);
        });
        self.handles().push((id.clone(), task.abort_handle()));
        self.tell(&id);
        Ok(JobStarted { job_id: id })
    }

    /// Stops after the row it is on; a job that sends to Intacct cannot be stopped from here, what it began is on disk.
    pub fn cancel(&self, id: &str) -> Result<JobView, Problem> {
        let at = (self.0.clock)();
        let found = self.lock().iter().find(|it| it.id == id).cloned();
        let job = found
            .ok_or_else(|| problem::bad_request("That job is not there any more", "Look at the list of jobs.", at))?;
        if job.can_cancel {
            let mut handles = self.handles();
            if let Some(place) = handles.iter().position(|(of, _)| of == id) {
                handles.remove(place).1.abort();
            }
            drop(handles);
            self.update(id, |job| {
                job.state = JobState::Stopped;
                job.can_cancel = false;
                job.ended_at = Some(at.to_string());
                job.summary = "Stopped. What was read is kept; the next run goes on from there.".into();
            });
        }
        Ok(self.lock().iter().find(|it| it.id == id).cloned().unwrap_or(job))
    }

    fn update(&self, id: &str, change: impl FnOnce(&mut JobView)) {
        if let Some(job) = self.lock().iter_mut().find(|it| it.id == id) {
            change(job);
        }
        self.tell(id);
    }

    fn tell(&self, id: &str) {
        let found = self.lock().iter().find(|it| it.id == id).cloned();
        if let Some(job) = found {
            (self.0.notify)(Notice::Job(Box::new(job)));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<JobView>> {
        self.0.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handles(&self) -> std::sync::MutexGuard<'_, Vec<(String, tokio::task::AbortHandle)>> {
        self.0.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running job's hand on its own progress.
#[derive(Clone)]
pub struct Step {
    jobs: Jobs,
    id: String,
}

impl Step {
    pub fn progress(&self, detail: &str, done: u64) {
        self.jobs.update(&self.id, |job| {
            job.detail = detail.to_owned();
            job.done = u32::try_from(done).unwrap_or(u32::MAX);
        });
    }
}
