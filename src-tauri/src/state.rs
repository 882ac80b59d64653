//! What every command may reach: where the data is kept and the company that is open.

use crate::{demo, demo_systems, events};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tauri::AppHandle;
use tauri_specta::Event;
use tieout_api::views::{ActionDone, JobStarted, Problem, RestoreRequest};
use tieout_api::{App, Clock, Keeper, Keychain, Notice, Notify};

/// How long a restore waits for what still runs.
const CLOSED_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);

pub struct Shell {
    pub data_folder: PathBuf,
    handle: AppHandle,
    open: RwLock<Result<Arc<App>, Box<Problem>>>,
    /// The demo's systems, running while the window is open.
    demo: tokio::sync::Mutex<Option<tieout_sandbox::running::Running>>,
}

impl Shell {
    pub fn new(handle: AppHandle, data_folder: PathBuf) -> Shell {
        let open = open(&handle, &data_folder, Arc::new(Timestamp::now), Keychain::of_this_machine());
        Shell { data_folder, handle, open: RwLock::new(open), demo: tokio::sync::Mutex::default() }
    }

    /// The open company, or why it could not be opened.
    pub fn app(&self) -> Result<Arc<App>, Problem> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone().map_err(|problem| *problem)
    }

    /// An answer that blocks, away from the window's thread.
    pub async fn ask<R: Send + 'static>(
        &self,
        answer: impl FnOnce(&App) -> Result<R, Problem> + Send + 'static,
    ) -> Result<R, Problem> {
        let app = self.app()?;
        app.somebody_is_there();
        let asked = Arc::clone(&app);
        tauri::async_runtime::spawn_blocking(move || answer(&asked)).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a command ended without an answer");
            Err(tieout_api::bad_request(
                "The command ended without an answer",
                "Try again; your decisions are kept.",
                app.company.now(),
            ))
        })
    }

    /// An answer that waits for the network. A panic in it is told like any other failure.
    pub async fn wait<R, F: Future<Output = Result<R, Problem>>>(
        &self,
        answer: impl FnOnce(Arc<App>) -> F,
    ) -> Result<R, Problem> {
        let app = self.app()?;
        app.somebody_is_there();
        let at = Arc::clone(&app);
        tieout_api::guarded(answer(app), || at.company.now()).await
    }

    /// Closes the books, puts the backup in their place, and opens them again, also where the restore failed.
    pub async fn restore(&self, request: RestoreRequest) -> Result<ActionDone, Problem> {
        let running = self.demo.lock().await;
        let (folder, user, clock) = match self.app() {
            Ok(app) => (app.company.store.folder().to_owned(), app.user.clone(), app.company.clock.clone()),
            // Books that cannot be opened are restored all the more.
            Err(_) => (self.data_folder.clone(), user(), Arc::new(Timestamp::now) as Clock),
        };
        let closed = tieout_api::bad_request("The books are being restored", "Wait a moment.", clock());
        let before =
            std::mem::replace(&mut *self.open.write().unwrap_or_else(PoisonError::into_inner), Err(Box::new(closed)));
        let keychain =
            if running.is_some() { Keychain::none("the demo keeps no secrets") } else { Keychain::of_this_machine() };
        let (at, now) = (folder.clone(), clock());
        let restored = tauri::async_runtime::spawn_blocking(move || {
            if let Ok(app) = before {
                until_nobody_has(app);
            }
            tieout_api::restore(&at, request, &user, now)
        });
        let restored = restored.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a restore ended without an answer");
            Err(tieout_api::bad_request("The restore ended without an answer", "Start Tieout again.", now))
        });
        let reopened = open(&self.handle, &folder, clock, keychain);
        if let (Ok(app), Some(_)) = (&reopened, running.as_ref()) {
            app.mark_demo();
        }
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = reopened;
        let aside = restored?;
        let message = format!("Restored; what it replaced lies in {aside}");
        Ok(ActionDone { message, undoable: false, next_id: None, open: None })
    }

    /// Starts the demo's systems and opens the demo company in a folder of its own.
    pub async fn open_demo(&self) -> Result<JobStarted, Problem> {
        let mut running = self.demo.lock().await;
        let folder = self.data_folder.join("demo");
        if running.is_none() {
            // The folder is locked by the company that is open: another one is opened beside it.
            let no_keychain = Keychain::none("the demo keeps no secrets");
            let app = open(&self.handle, &folder, demo_systems::clock(), no_keychain).map_err(|problem| *problem)?;
            *self.open.write().unwrap_or_else(PoisonError::into_inner) = Ok(app);
            let started = demo::start(&folder).await;
            *running = Some(started.map_err(|what| {
                tieout_api::bad_request(
                    what,
                    "Close other programs that use this folder and try again.",
                    Timestamp::now(),
                )
            })?);
        }
        let app = self.app()?;
        match running.as_ref() {
            Some(running) => tieout_api::demo::open_demo(&app, demo_systems::systems(running, &demo::files(&folder))),
            None => {
                self.app().and(Err(tieout_api::bad_request("The demo did not start", "Try again.", Timestamp::now())))
            }
        }
    }
}

/// Commands and jobs that still run hold the books; nothing of them is half done where they end.
fn until_nobody_has(app: Arc<App>) {
    let waited_until = std::time::Instant::now() + CLOSED_WITHIN;
    while Arc::strong_count(&app) > 1 && std::time::Instant::now() < waited_until {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // Where somebody still has them, the folder is still locked, and the restore says by whom.
}

fn user() -> String {
    std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_else(|_| "You".to_owned())
}

fn open(handle: &AppHandle, folder: &Path, clock: Clock, keychain: Keychain) -> Result<Arc<App>, Box<Problem>> {
    let app = App::open(folder, clock, &user(), notify(handle.clone()))?;
    let app = Arc::new(app.keeping_secrets(Keeper::of(folder, keychain)));
    tieout_api::look_after(&app);
    Ok(app)
}

fn notify(handle: AppHandle) -> Notify {
    Arc::new(move |notice| {
        let told = match notice {
            Notice::Job(job) => events::JobProgress(*job).emit(&handle),
            Notice::Changed(topics) => {
                events::DataChangedEvent(tieout_api::views::DataChanged { topics }).emit(&handle)
            }
        };
        if let Err(error) = told {
            tracing::warn!(%error, "the window could not be told");
        }
    })
}
