//! Backups, and what restoring one would bring. The restore itself is the shell's: these books have to be closed for it.

use crate::app::App;
use crate::show;
use crate::views::{
    ActionDone, BackupView, FileDone, FolderRequest, LostRowView, MakeBackupRequest, Problem, RestorePreviewRequest,
    RestoreView, SupportView, Topic,
};
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tieout_services::{self as services, RestorePreview};
use tieout_vault::SecretString;

fn given(passphrase: String) -> Option<SecretString> {
    (!passphrase.is_empty()).then(|| SecretString::from(passphrase))
}

pub fn backups(app: &App) -> Result<Vec<BackupView>, Problem> {
    let all = services::backups(app.company.store.folder()).map_err(|error| app.problem(error))?;
    let views = all.into_iter().map(|it| BackupView {
        name: it.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        path: it.path.display().to_string(),
        made_at: it.made_at.to_string(),
        why: match it.why.as_str() {
            "daily" => "by itself, once a day".into(),
            "manual" => "asked for".into(),
            other => other.replace('-', " "),
        },
        kibibytes: u32::try_from(it.bytes.div_ceil(1_024)).unwrap_or(u32::MAX),
        encrypted: it.encrypted,
    });
    Ok(views.collect())
}

pub fn make_backup(app: &App, request: MakeBackupRequest) -> Result<ActionDone, Problem> {
    let file = services::make_backup(&app.company, &app.user, given(request.passphrase).as_ref())
        .map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::App, Topic::Activity]);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(ActionDone { message: format!("Backup made and verified: {name}"), undoable: false, next_id: None, open: None })
}

pub fn restore_preview(app: &App, request: RestorePreviewRequest) -> Result<RestoreView, Problem> {
    let passphrase = given(request.passphrase);
    let folder = app.company.store.folder();
    services::restore_preview(folder, Path::new(&request.path), passphrase.as_ref(), app.company.now())
        .map(|it| preview_view(request.path, it))
        .map_err(|error| app.problem(error))
}

fn preview_view(path: String, it: RestorePreview) -> RestoreView {
    let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    let lost = it.lost_rows.into_iter().map(|row| LostRowView {
        sequence: small(row.seq),
        at: row.at.to_string(),
        actor: show::who(&row.actor),
        action: row.action,
        subject: row.subject,
    });
    RestoreView {
        path,
        digest: it.digest,
        rows: small(it.rows),
        records: small(it.records),
        postings: small(it.postings),
        decisions: small(it.decisions),
        newest: it.newest.map(|it| it.to_string()),
        same_books: it.same_books,
        lost: small(it.lost),
        lost_rows: lost.collect(),
    }
}

/// For the shell, once the books are open nowhere.
pub fn restore(
    folder: &Path,
    request: crate::views::RestoreRequest,
    by: &str,
    now: Timestamp,
) -> Result<String, Problem> {
    let passphrase = given(request.passphrase);
    services::restore_backup(folder, Path::new(&request.path), passphrase.as_ref(), &request.digest, by, now)
        .map(|aside| aside.display().to_string())
        .map_err(|error| crate::problem::of(&error, now))
}

pub fn support_preview(app: &App) -> Result<SupportView, Problem> {
    let text = services::support_text(&app.company).map_err(|error| app.problem(error))?;
    Ok(SupportView { text })
}

/// Exactly what the preview shows now.
pub fn save_support(app: &App, request: FolderRequest) -> Result<FileDone, Problem> {
    let path = crate::close::into(app, &request.folder, "tieout-support.txt")?;
    let sha256 = services::save_support(&app.company, &app.user, &path).map_err(|error| app.problem(error))?;
    app.jobs.changed(vec![Topic::Activity]);
    Ok(FileDone { path: path.display().to_string(), sha256, message: "Support text saved".into() })
}

/// How often the open books are looked after.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Without a request from the window for so long, secrets are dropped.
const IDLE_SECONDS: i64 = 15 * 60;

/// While the books are open: a backup once a day, the trail's head beside the secrets, and secrets dropped when nobody is
/// there. Ends with the last owner of `app`.
pub fn look_after(app: &Arc<App>) {
    let weak: Weak<App> = Arc::downgrade(app);
    let looking = move || {
        while let Some(app) = weak.upgrade() {
            // What cannot be done now is tried again; the log has it.
            if let Err(error) = services::backup_if_due(&app.company) {
                tracing::warn!(%error, "the day's backup was not made");
            }
            if let Err(error) = services::anchor_head(&app.company, &app.keeper) {
                tracing::warn!(%error, "the trail's head was not kept");
            }
            app.drop_secrets_when_idle();
            drop(app);
            std::thread::sleep(LOOK_EVERY);
        }
    };
    std::thread::spawn(looking);
}

impl App {
    /// The window asked for something: somebody is there.
    pub fn somebody_is_there(&self) {
        self.asked_at.store(self.company.now().as_second(), std::sync::atomic::Ordering::Relaxed);
    }

    /// True when it dropped them. The demo's are made up.
    pub fn drop_secrets_when_idle(&self) -> bool {
        let asked = self.asked_at.load(std::sync::atomic::Ordering::Relaxed);
        let idle = self.company.now().as_second() - asked >= IDLE_SECONDS;
        if idle && !self.is_demo() {
            self.keeper.drop_from_memory();
        }
        idle && !self.is_demo()
    }
}
