//! Long work: what runs, how far it is, what came of each thing, and how it ended. One of a kind at a time.
//!
//! A job is stopped by asking it to ([`Stop`]): it ends at the next place where nothing is half done, and says what was
//! done and what was not. The window is told at most ten times a second; the end of a job is always told.

use crate::app::{Notice, Notify};
use crate::guard::whole_or_broken;
use crate::posting_words as words;
use crate::problem;
use crate::show;
use crate::views::{JobKind, JobResultLine, JobStarted, JobState, JobView, Problem, Tone, Topic};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tieout_domain::PostingState;
use tieout_services::{Clock, Progress, ServiceError, Stop, Watch};
use tieout_store::StoredPosting;
use tokio::runtime::Handle;

/// Ended jobs kept for the history.
const KEPT: usize = 20;
/// Result lines a job keeps; the lists hold everything.
const RESULTS_MAX: usize = 50;
/// Between two notices of one job that runs: ten a second are as many as an eye reads.
const NOTICE_EVERY: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub struct Jobs(Arc<Inner>);

struct Inner {
    clock: Clock,
    notify: Notify,
    all: Mutex<VecDeque<Job>>,
}

struct Job {
    view: JobView,
    stop: Stop,
    /// How far each kind of thing is, and its result line.
    read: BTreeMap<&'static str, (u64, JobResultLine)>,
    lines: VecDeque<JobResultLine>,
    /// What is said of the work when it ends early.
    cut_short: Box<dyn Fn(&JobView) -> String + Send>,
    runtime: Handle,
    /// A notice went out less than [`NOTICE_EVERY`] ago.
    quiet: bool,
    /// Something changed since.
    unsaid: bool,
}

impl Job {
    fn is_running(&self) -> bool {
        self.view.ended_at.is_none()
    }
}

impl Jobs {
    pub fn new(clock: Clock, notify: Notify) -> Jobs {
        Jobs(Arc::new(Inner { clock, notify, all: Mutex::default() }))
    }

    /// Running ones and the last ended ones, newest first.
    pub fn list(&self) -> Vec<JobView> {
        self.lock().iter().map(|it| it.view.clone()).collect()
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
        topics: Vec<Topic>,
        work: impl FnOnce(Step) -> F,
    ) -> Result<JobStarted, Problem>
    where
        F: Future<Output = Result<String, ServiceError>> + Send + 'static,
    {
        let stop = Stop::default();
        let id = {
            let mut all = self.lock();
            if all.iter().any(|it| it.view.kind == kind && it.is_running()) {
                drop(all);
                return Err(problem::bad_request(
                    format!("{title} is already running"),
                    "Wait for it, or stop it first.",
                    (self.0.clock)(),
                ));
            }
            let id = format!("job-{}-{}", (self.0.clock)().as_microsecond(), all.len());
            let view = JobView {
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
                can_cancel: true,
                started_at: (self.0.clock)().to_string(),
                ended_at: None,
            };
            all.push_front(Job {
                view,
                stop: stop.clone(),
                read: BTreeMap::new(),
                lines: VecDeque::new(),
                cut_short: Box::new(|_| "Nothing was changed.".into()),
                runtime: Handle::current(),
                quiet: false,
                unsaid: false,
            });
            let mut ended = 0;
            all.retain(|it| {
                ended += usize::from(!it.is_running());
                it.is_running() || ended < KEPT
            });
            id
        };
        let step = Step { jobs: self.clone(), id: id.clone(), stop, aside: None };
        self.update(&id, |_| {});
        let future = work(step);
        let (jobs, of) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let result = whole_or_broken(future).await;
            jobs.end(&of, result);
            jobs.changed(topics);
        });
        Ok(JobStarted { job_id: id })
    }

    fn end(&self, id: &str, result: Result<String, ServiceError>) {
        let at = (self.0.clock)();
        let mut all = self.lock();
        let Some(job) = all.iter_mut().find(|it| it.view.id == id) else { return };
        let so_far = (job.cut_short)(&job.view);
        let view = &mut job.view;
        view.ended_at = Some(at.to_string());
        view.can_cancel = false;
        view.detail = String::new();
        match result {
            Ok(summary) => {
                view.state = JobState::Done;
                view.summary = summary;
            }
            Err(ServiceError::Stopped) => {
                view.state = JobState::Stopped;
                view.summary = format!("Stopped. {so_far}");
            }
            Err(error) => {
                view.state = JobState::Failed;
                view.summary = so_far.clone();
                view.problem = Some(Problem { written: so_far, ..problem::of(&error, at) });
            }
        }
        job.unsaid = false;
        let view = job.view.clone();
        // Told under the lock: no earlier notice of this job can come after it.
        (self.0.notify)(Notice::Job(Box::new(view)));
    }

    /// Asks it to stop where nothing is half done. It is `Stopping` until it has.
    pub fn cancel(&self, id: &str) -> Result<JobView, Problem> {
        let at = (self.0.clock)();
        let gone = || problem::bad_request("That job is not there any more", "Look at the list of jobs.", at);
        if self.lock().iter().find(|it| it.view.id == id).ok_or_else(gone)?.is_running() {
            self.update(id, |job| {
                job.view.state = JobState::Stopping;
                job.stop.ask();
            });
        }
        let all = self.lock();
        all.iter().find(|it| it.view.id == id).map(|it| it.view.clone()).ok_or_else(gone)
    }

    fn update(&self, id: &str, change: impl FnOnce(&mut Job)) {
        let mut all = self.lock();
        let Some(job) = all.iter_mut().find(|it| it.view.id == id && it.is_running()) else { return };
        change(job);
        let known = job.read.values().map(|(_, line)| line);
        job.view.results = known.chain(&job.lines).cloned().collect();
        let more = job.view.results.len().saturating_sub(RESULTS_MAX);
        job.view.results.drain(..more);
        if job.quiet {
            job.unsaid = true;
        } else {
            self.say(job);
        }
    }

    /// Tells it now, and looks again when the next notice may go out.
    fn say(&self, job: &mut Job) {
        (job.quiet, job.unsaid) = (true, false);
        (self.0.notify)(Notice::Job(Box::new(job.view.clone())));
        let (jobs, id) = (self.clone(), job.view.id.clone());
        job.runtime.spawn(async move {
            tokio::time::sleep(NOTICE_EVERY).await;
            let mut all = jobs.lock();
            let Some(job) = all.iter_mut().find(|it| it.view.id == id && it.is_running()) else { return };
            job.quiet = false;
            if job.unsaid {
                jobs.say(job);
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Job>> {
        self.0.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running job's hand on its own progress.
#[derive(Clone)]
pub struct Step {
    jobs: Jobs,
    id: String,
    stop: Stop,
    /// The part of a job that is not what it counts: only named, in the detail.
    aside: Option<&'static str>,
}

impl Step {
    /// The same job, in a part of it that its figures do not count.
    pub fn aside(&self, part: &'static str) -> Step {
        self.jobs.update(&self.id, |job| job.view.detail = part.to_owned());
        Step { aside: Some(part), ..self.clone() }
    }

    /// What is said of the work if it ends early from here on.
    pub fn if_cut_short(&self, words: impl Fn(&JobView) -> String + Send + 'static) {
        self.jobs.update(&self.id, |job| job.cut_short = Box::new(words));
    }

    pub fn result(&self, tone: Tone, text: String, amount: Option<tieout_money::Money>) {
        let line = JobResultLine { tone, text, amount: amount.map(show::amount) };
        self.jobs.update(&self.id, |job| {
            job.lines.push_back(line);
            let more = job.lines.len().saturating_sub(RESULTS_MAX);
            job.lines.drain(..more);
        });
    }

    /// What it counted and did not come to.
    pub fn left(&self) -> usize {
        let all = self.jobs.lock();
        let view = all.iter().find(|it| it.view.id == self.id).map(|it| &it.view);
        view.map_or(0, |it| it.total.unwrap_or(0).saturating_sub(it.done) as usize)
    }

    /// An error where the job is to end.
    pub fn go_on(&self) -> Result<(), ServiceError> {
        if self.stop.is_asked() { Err(ServiceError::Stopped) } else { Ok(()) }
    }
}

impl Watch for Step {
    fn tell(&self, it: Progress) {
        let counted = show::thousands(it.done);
        self.jobs.update(&self.id, |job| match self.aside {
            Some(part) => job.view.detail = format!("{part}: {counted} {}", it.what),
            None => {
                let text = format!("{counted} {}", it.what);
                job.view.detail.clone_from(&text);
                job.read.insert(it.what, (it.done, JobResultLine { tone: Tone::Ok, text, amount: None }));
                let all = job.read.values().map(|(done, _)| done).sum::<u64>();
                job.view.done = u32::try_from(all).unwrap_or(u32::MAX);
            }
        });
    }

    fn count(&self, what: &str, done: u64, total: u64) {
        let detail = format!("{what} {} of {}", show::thousands(done), show::thousands(total));
        self.jobs.update(&self.id, |job| match self.aside {
            Some(part) => job.view.detail = format!("{part}: {detail}"),
            None => {
                job.view.detail = detail;
                job.view.done = u32::try_from(done).unwrap_or(u32::MAX);
                job.view.total = Some(u32::try_from(total).unwrap_or(u32::MAX));
            }
        });
    }

    fn sent(&self, it: &StoredPosting) {
        let name = words::title(&it.posting.document);
        let (tone, came) = match &it.posting.state {
            PostingState::Posted { record, .. } => (Tone::Ok, format!("posted as record {record}")),
            PostingState::AwaitingIntacct { record } => {
                (Tone::Warn, format!("record {record} waits for an approval in Intacct"))
            }
            PostingState::Refused { reason } => (Tone::Bad, format!("refused: {reason}")),
            PostingState::InDoubt { .. } | PostingState::Sending { .. } => {
                (Tone::Bad, "no final answer; looked up again before anything is resent".into())
            }
            PostingState::Proposed => (Tone::Warn, "not sent; it has changed and waits for another approval".into()),
            other => (Tone::Warn, other.as_str().into()),
        };
        self.result(tone, format!("{name}: {came}"), Some(it.posting.document.amount()));
    }

    fn stop(&self) -> Option<&Stop> {
        Some(&self.stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    fn jobs() -> (Jobs, Receiver<JobView>) {
        let (tell, told) = channel();
        let clock: Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let notify: Notify = Arc::new(move |notice| {
            if let Notice::Job(job) = notice {
                drop(tell.send(*job));
            }
        });
        (Jobs::new(clock, notify), told)
    }

    async fn ended(jobs: &Jobs) -> JobView {
        loop {
            let newest = jobs.list().remove(0);
            if newest.ended_at.is_some() {
                return newest;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_ends_as_failed_and_the_next_one_runs() {
        let (jobs, _told) = jobs();
        let failing = |_: Step| async move { panic!("a bug") };
        jobs.start(JobKind::Match, "Matching", "records", vec![], failing).unwrap();
        let failed = ended(&jobs).await;
        assert_eq!(failed.state, JobState::Failed, "{failed:?}");
        jobs.start(JobKind::Match, "Matching", "records", vec![], |_: Step| async { Ok("done".to_owned()) }).unwrap();
        assert_eq!(ended(&jobs).await.state, JobState::Done);
    }

    #[tokio::test]
    async fn the_window_is_told_ten_times_a_second_and_always_of_the_end() {
        let (jobs, told) = jobs();
        let began = std::time::Instant::now();
        let work = |step: Step| async move {
            for done in 1..=60 {
                step.tell(Progress { what: "orders", done });
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok("60 orders".into())
        };
        jobs.start(JobKind::Pull, "Reading", "records", vec![], work).unwrap();
        let last = ended(&jobs).await;
        let most = began.elapsed().as_millis() / NOTICE_EVERY.as_millis() + 2;
        tokio::time::sleep(NOTICE_EVERY * 2).await;
        let notices: Vec<JobView> = told.try_iter().collect();
        assert!(notices.len() as u128 <= most && notices.len() > 3, "{} notices, {most} at most", notices.len());
        assert_eq!(notices.last(), Some(&last), "nothing is told after the end");
        assert_eq!((last.done, last.state, last.summary.as_str()), (60, JobState::Done, "60 orders"));
        assert!(notices.windows(2).all(|pair| pair[0].done <= pair[1].done));
    }

    #[tokio::test]
    async fn the_last_word_before_a_silence_is_told_too() {
        let (jobs, told) = jobs();
        let work = |step: Step| async move {
            step.count("sending", 0, 2);
            step.count("sending", 1, 2);
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(String::new())
        };
        jobs.start(JobKind::Post, "Posting", "entries", vec![], work).unwrap();
        tokio::time::sleep(NOTICE_EVERY * 3).await;
        let last = told.try_iter().last().unwrap();
        assert_eq!((last.done, last.total, last.detail.as_str()), (1, Some(2), "sending 1 of 2"));
    }

    #[tokio::test]
    async fn one_that_is_asked_to_stop_is_stopping_until_it_says_what_was_done() {
        let (jobs, _told) = jobs();
        let work = |step: Step| async move {
            step.if_cut_short(|job| format!("{} of {} were sent.", job.done, job.total.unwrap_or(0)));
            for done in 1..=3 {
                step.go_on()?;
                step.count("sending", done, 3);
                step.result(Tone::Ok, format!("entry {done}"), None);
                tokio::time::sleep(Duration::from_millis(80)).await;
            }
            Ok("all sent".into())
        };
        let id = jobs.start(JobKind::Post, "Posting", "entries", vec![], work).unwrap().job_id;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let asked = jobs.cancel(&id).unwrap();
        assert_eq!((asked.state, asked.can_cancel), (JobState::Stopping, true));
        let again = jobs.start(JobKind::Post, "Posting", "entries", vec![], |_| async { Ok(String::new()) });
        assert!(again.is_err(), "one of a kind, also while it stops");
        let last = ended(&jobs).await;
        assert_eq!((last.state, last.summary.as_str()), (JobState::Stopped, "Stopped. 1 of 3 were sent."));
        assert_eq!(last.results.len(), 1);
        assert_eq!(jobs.cancel(&id).unwrap().state, JobState::Stopped, "once it has ended nothing changes it");
    }

    #[tokio::test]
    async fn the_newest_fifty_results_are_kept() {
        let (jobs, _told) = jobs();
        let work = |step: Step| async move {
            for n in 0..120 {
                step.result(Tone::Ok, format!("entry {n}"), None);
            }
            Ok(String::new())
        };
        jobs.start(JobKind::Post, "Posting", "entries", vec![], work).unwrap();
        let last = ended(&jobs).await;
        let texts: Vec<&str> = last.results.iter().map(|it| it.text.as_str()).collect();
        assert_eq!((texts.len(), texts[0], texts[49]), (RESULTS_MAX, "entry 70", "entry 119"));
    }
}
