//! Figures that outlive the window: what the first screen shows is kept beside the records it was made of, so that the next
//! start shows it without reading them all again.
//!
//! Invariant: what is given is what would be read now. Every change of a list leaves a row in the audit trail, so the
//! trail's head names the whole state; the books' closing dates and the day, which leave none, are named beside it.

use crate::app::App;
use crate::frame::this_day;
use crate::views::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tieout_store::StoreError;

#[derive(Serialize, Deserialize)]
struct Remembered<T> {
    under: String,
    figures: T,
}

impl App {
    /// `name` is the figures', `of` what else they were asked for.
    pub(crate) fn remembered<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        of: &str,
        read: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let under = format!("{} {of}", self.state_of_everything()?); // before they are read: they may be newer, never older
        let kept =
            self.company.store.read(|reader| reader.recall(name)).map_err(|error: StoreError| self.problem(error))?;
        let kept = kept.and_then(|text| serde_json::from_str::<Remembered<T>>(&text).ok()); // another version's words
        if let Some(it) = kept.filter(|it| it.under == under) {
            return Ok(it.figures);
        }
        let remembered = Remembered { under, figures: read()? };
        let text = serde_json::to_string(&remembered).expect("figures are plain text");
        self.company.store.remember(name, &text).map_err(|error| self.problem(error))?;
        Ok(remembered.figures)
    }

    fn state_of_everything(&self) -> Result<String, Problem> {
        let head =
            self.company.store.read(|reader| reader.audit_head()).map_err(|error: StoreError| self.problem(error))?;
        let books = self.company.books().map_err(|error| self.problem(error))?;
        Ok(format!("{} {head} {} {} {books:?}", env!("CARGO_PKG_VERSION"), this_day(self), self.user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use std::cell::Cell;
    use std::path::Path;
    use std::sync::Arc;
    use tieout_store::NewAuditRow;

    fn open(folder: &Path, at: &str, user: &str) -> App {
        let now: Timestamp = at.parse().unwrap();
        App::open(folder, Arc::new(move || now), user, Arc::new(drop)).unwrap()
    }

    /// Whether they are read again by `then`, after `mira` has seen them on the fifth.
    fn is_read_again(folder: &Path, change: impl FnOnce(&App), at: &str, user: &str) -> bool {
        let before = open(folder, "2026-01-05T10:00:00Z", "mira");
        before.remembered("figures/any", "2026-01", || Ok(1)).unwrap();
        change(&before);
        drop(before);
        let after = open(folder, at, user);
        let is_read = Cell::new(false);
        let read = || {
            is_read.set(true);
            Ok(2)
        };
        let told = after.remembered("figures/any", "2026-01", read).unwrap();
        assert_eq!(told, if is_read.get() { 2 } else { 1 });
        after.company.store.remember("figures/any", "").unwrap();
        is_read.get()
    }

    #[test]
    fn figures_outlive_the_window_until_a_change_another_day_or_another_person() {
        let folder = tempfile::tempdir().unwrap();
        let ask = |change: fn(&App), at, user| is_read_again(folder.path(), change, at, user);
        assert!(!ask(|_| (), "2026-01-05T18:00:00Z", "mira"), "the same day, after a restart");
        assert!(ask(|_| (), "2026-01-06T10:00:00Z", "mira"), "items age by the day");
        assert!(ask(|_| (), "2026-01-05T18:00:00Z", "jonas"), "what is new is new to a person");

        let note = |app: &App| {
            let row = NewAuditRow { action: "export", subject: "exceptions", before: "", after: "x", reason: "" };
            app.company.store.write("mira", app.company.now(), |tx| tx.audit(row).map(drop)).unwrap();
        };
        assert!(ask(note, "2026-01-05T18:00:00Z", "mira"), "anything that the audit trail tells of");
    }

    #[test]
    fn figures_of_one_month_are_never_told_as_those_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let app = open(folder.path(), "2026-01-05T10:00:00Z", "mira");
        assert_eq!(app.remembered("figures/any", "2026-01", || Ok(1)).unwrap(), 1);
        assert_eq!(app.remembered("figures/any", "2025-12", || Ok(2)).unwrap(), 2);
        assert_eq!(app.remembered("figures/any", "2025-12", || Ok(3)).unwrap(), 2);
    }
}
