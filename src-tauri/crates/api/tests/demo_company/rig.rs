//! The demo company, opened and read, as the tests of every screen begin.

use crate::demo_systems;
use std::sync::Arc;
use tieout_api::demo::{DemoSystems, open_demo};
use tieout_api::views::*;
use tieout_api::{self as api, App, Notice};
use tieout_money::{Currency, Money};
use tieout_sandbox::running::{Plan, Running, start};
use tieout_services::Secrets;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub struct Demo {
    pub app: Arc<App>,
    told: UnboundedReceiver<Notice>,
    pub folder: tempfile::TempDir,
    pub running: Running,
}

pub async fn demo(orders: usize) -> Demo {
    demo_with(orders, "").await
}

/// `faults`: the script of what goes wrong, as JSON; empty for nothing.
pub async fn demo_with(orders: usize, faults: &str) -> Demo {
    let mut demo = unread(orders, faults).await;
    let job = open_demo(&demo.app, demo.systems()).unwrap();
    demo.ended(&job.job_id).await;
    demo
}

/// The two systems run, and nothing of them is known yet.
pub async fn unread(orders: usize, faults: &str) -> Demo {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("faults.json");
    std::fs::write(&script, faults).unwrap();
    let faults = (!faults.is_empty()).then_some(script);
    let running = start(&Plan { seed: 1, orders, faults, ..Plan::default() }).await.unwrap();
    let (tell, told) = unbounded_channel();
    let notify = Arc::new(move |notice| drop(tell.send(notice)));
    let app = Arc::new(App::open(&folder.path().join("data"), demo_systems::clock(), "mira", notify).unwrap());
    Demo { app, told, folder, running }
}

impl Demo {
    pub fn systems(&self) -> DemoSystems {
        self.running.world.write_files(self.folder.path()).unwrap();
        demo_systems::systems(&self.running, self.folder.path())
    }

    pub async fn ended(&mut self, id: &str) -> JobView {
        let job = self.told_that(id, |job| job.ended_at.is_some()).await;
        assert_eq!(job.state, JobState::Done, "{:?}", job.problem);
        job
    }

    /// The first notice of the job for which it is true.
    pub async fn told_that(&mut self, id: &str, is: impl Fn(&JobView) -> bool) -> JobView {
        while let Some(notice) = self.told.recv().await {
            if let Notice::Job(job) = notice
                && job.id == id
                && is(&job)
            {
                return *job;
            }
        }
        panic!("the job never came to that");
    }

    pub fn cancel(&self, id: &str) -> JobView {
        api::cancel_job(&self.app, JobRequest { job_id: id.into() }).unwrap()
    }

    /// The window is closed and opened again on the same folder.
    pub fn restarted(self) -> Demo {
        let Demo { app, told, folder, running } = self;
        let clock = app.company.clock.clone();
        let secrets = Secrets {
            xcart_key: running.xcart_key.clone().into(),
            intacct_password: running.access.password.clone().into(),
            intacct_sender_password: running.access.sender_password.clone().into(),
        };
        drop((app, told));
        let (tell, told) = unbounded_channel();
        let notify = Arc::new(move |notice| drop(tell.send(notice)));
        let app = Arc::new(App::open(&folder.path().join("data"), clock, "mira", notify).unwrap());
        app.set_secrets(&secrets);
        Demo { app, told, folder, running }
    }

    pub fn to_approve(&self) -> Vec<ProposalRow> {
        self.tab(ApprovalTab::ToApprove)
    }

    pub fn tab(&self, tab: ApprovalTab) -> Vec<ProposalRow> {
        let mut all = Vec::new();
        loop {
            let offset = u32::try_from(all.len()).unwrap();
            let request = ProposalsRequest {
                period: String::new(),
                tab,
                filters: vec![],
                order: ListOrder::default(),
                offset,
                limit: 200,
            };
            let window = api::proposals(&self.app, request).unwrap();
            all.extend(window.rows);
            if all.len() >= window.total as usize {
                return all;
            }
        }
    }

    pub fn detail(&self, id: &str) -> ProposalDetail {
        api::proposal_detail(&self.app, ProposalRequest { id: id.into() }).unwrap()
    }

    /// As the window's undo does it.
    pub fn undo(&self) {
        let app = &self.app;
        app.company
            .store
            .write(&app.user, app.company.now(), |tx| {
                let decision = tx.undo()?.expect("there is something to undo");
                assert!(api::carry_out(tx, &decision)?);
                Ok::<_, tieout_store::StoreError>(())
            })
            .unwrap();
    }
}

pub fn money(it: &AmountView) -> Money {
    Money::parse(&it.amount, Currency::parse(&it.currency).unwrap()).unwrap()
}
