//! What is held in memory of a company that is open, and for how long. All of it can be read again from the folder.
//!
//! Figures (`proof`, `glance`, `chart`) are small, every screen shows some of them, and they are held until a list they rest
//! on changes. Records (`board`, `rows`, `postings`, `later_days`) are large and held for the screens that page through
//! them; Today shows figures alone, so that asking for it lets them go.

use crate::app::App;
use crate::match_shown::Glance;
use crate::views::Problem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tieout_domain::{Exception, ObjectKind};
use tieout_services::decisions::{Board, MatchFacts};
use tieout_services::{Chart, LaterDay, Proof, ProofRows, Sides, draft_later_days};
use tieout_store::{List, StoredPosting};

/// Versions of the lists it was read from.
type Key = Vec<u64>;
type Slot<T> = Mutex<Option<(Key, Arc<T>)>>;

#[derive(Default)]
pub(crate) struct Kept {
    proof: Slot<Proof>,
    glance: Slot<Glance>,
    chart: Slot<Chart>,

    board: Slot<Board>,
    facts: Slot<MatchFacts>,
    rows: Slot<ProofRows>,
    postings: Slot<Vec<StoredPosting>>,
    later_days: Slot<Vec<LaterDay>>,

    /// Both sides as long as something else holds them: what is asked for at the same time is read once.
    sides: Mutex<Option<(Key, Weak<Sides>)>>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kept<T>(slot: &Slot<T>, key: Key, read: impl FnOnce() -> Result<T, Problem>) -> Result<Arc<T>, Problem> {
    let mut held = lock(slot);
    if let Some((_, value)) = held.as_ref().filter(|(of, _)| *of == key) {
        return Ok(Arc::clone(value));
    }
    *held = None; // not both at once
    let value = Arc::new(read()?);
    *held = Some((key, Arc::clone(&value)));
    Ok(value)
}

/// What the records of both sides are read from.
const SOURCES: [List; 4] = [
    List::Records(ObjectKind::Payment),
    List::Records(ObjectKind::Settlement),
    List::Records(ObjectKind::Receipt),
    List::Postings,
];

impl App {
    /// Lets the records go; an answer that is being made of them ends first.
    pub(crate) fn rest(&self) {
        *lock(&self.kept.board) = None;
        *lock(&self.kept.facts) = None;
        *lock(&self.kept.rows) = None;
        *lock(&self.kept.postings) = None;
        *lock(&self.kept.later_days) = None;
        self.company.store.rest();
    }

    pub(crate) fn chart(&self) -> Result<Arc<Chart>, Problem> {
        let (_, settings) = self.company.settings().map_err(|error| self.problem(error))?;
        let mut key = self.versions([List::Records(ObjectKind::Account), List::Records(ObjectKind::Receipt)]);
        key.push(u64::from(settings));
        kept(&self.kept.chart, key, || Chart::read(&self.company).map_err(|error| self.problem(error)))
    }

    /// Where every record stands; none before the settings and the two systems are known.
    pub(crate) fn board(&self) -> Result<Option<Arc<Board>>, Problem> {
        let Some(key) = self.board_key()? else { return Ok(None) };
        let facts = kept(&self.kept.facts, self.sides_key()?, || self.facts())?;
        let read = || Board::read(&self.company, &facts).map_err(|error| self.problem(error));
        kept(&self.kept.board, key, read).map(Some)
    }

    /// What is told of the board elsewhere than on its own screen. It holds the board only where that screen does.
    pub(crate) fn glance(&self) -> Result<Option<Arc<Glance>>, Problem> {
        let Some(key) = self.board_key()? else { return Ok(None) };
        let read = || {
            let is_paged = lock(&self.kept.facts).is_some();
            let board = if is_paged { self.board()? } else { None };
            let board = match board {
                Some(board) => board,
                None => {
                    Arc::new(Board::read(&self.company, &Arc::new(self.facts()?)).map_err(|error| self.problem(error))?)
                }
            };
            Ok(Glance::of(&board))
        };
        kept(&self.kept.glance, key, || self.remembered("figures/board", "", read)).map(Some)
    }

    pub(crate) fn proof(&self) -> Result<Arc<Proof>, Problem> {
        kept(&self.kept.proof, self.proof_key()?, || {
            let (settings, _) = self.company.settings().map_err(|error| self.problem(error))?;
            let sides = self.sides()?;
            Proof::over(&self.company, &settings, &sides).map_err(|error| self.problem(error))
        })
    }

    pub(crate) fn proof_rows(&self) -> Result<Arc<ProofRows>, Problem> {
        let read = || ProofRows::read(&self.company).map_err(|error| self.problem(error));
        kept(&self.kept.rows, self.proof_key()?, read)
    }

    /// In the order they were proposed.
    pub(crate) fn postings(&self) -> Result<Arc<Vec<StoredPosting>>, Problem> {
        let read = || self.company.store.read(|reader| reader.postings()).map_err(|error| self.problem(error));
        kept(&self.kept.postings, self.versions([List::Postings]), read)
    }

    /// Of every standing exception about a closed day. Planning is run for it, twice.
    pub(crate) fn later_days(&self) -> Result<Arc<Vec<LaterDay>>, Problem> {
        let lists = [List::Matches, List::Postings, List::Exceptions];
        let mut key = self.versions(ObjectKind::ALL.into_iter().map(List::Records).chain(lists));
        key.extend(self.set_by_people()?);
        kept(&self.kept.later_days, key, || {
            let standing = self.company.store.read(|reader| reader.standing_exceptions());
            let standing = standing.map_err(|error| self.problem(error))?;
            let all: Vec<&Exception> = standing.iter().map(|it| &it.exception).collect();
            draft_later_days(&self.company, &all).map_err(|error| self.problem(error))
        })
    }

    pub(crate) fn sides(&self) -> Result<Arc<Sides>, Problem> {
        let key = self.sides_key()?;
        let mut held = lock(&self.kept.sides);
        let known = held.as_ref().filter(|(of, _)| *of == key).and_then(|(_, it)| it.upgrade());
        if let Some(sides) = known {
            return Ok(sides);
        }
        let (settings, _) = self.company.settings().map_err(|error| self.problem(error))?;
        let sides = Arc::new(Sides::read(&self.company, &settings).map_err(|error| self.problem(error))?);
        *held = Some((key, Arc::downgrade(&sides)));
        Ok(sides)
    }

    fn facts(&self) -> Result<MatchFacts, Problem> {
        let (settings, version) = self.company.settings().map_err(|error| self.problem(error))?;
        Ok(MatchFacts::over(settings, version, self.sides()?))
    }

    fn versions(&self, of: impl IntoIterator<Item = List>) -> Key {
        of.into_iter().map(|it| self.company.store.list_version(it)).collect()
    }

    /// The settings, the rules, what is switched off of the learned, and the splits, which change no list.
    fn set_by_people(&self) -> Result<Key, Problem> {
        let (_, settings) = self.company.settings().map_err(|error| self.problem(error))?;
        let rules = self.company.store.read(|reader| {
            let version = reader.rules()?.map_or(0, |it| it.version);
            Ok::<_, tieout_store::StoreError>((version, reader.learned_off()?.len()))
        });
        let (rules, off) = rules.map_err(|error| self.problem(error))?;
        let splits = self.company.store.read(tieout_services::decisions::standing_splits);
        let mut key = vec![u64::from(settings), u64::from(rules), off as u64];
        key.extend(splits.map_err(|error| self.problem(error))?);
        Ok(key)
    }

    fn sides_key(&self) -> Result<Key, Problem> {
        let mut key = self.versions(SOURCES);
        key.extend(self.set_by_people()?);
        Ok(key)
    }

    fn proof_key(&self) -> Result<Key, Problem> {
        let mut key = self.versions([List::Records(ObjectKind::GlLine), List::Matches]);
        key.extend(self.sides_key()?);
        Ok(key)
    }

    fn board_key(&self) -> Result<Option<Key>, Problem> {
        let (Ok(_), Ok(today)) = (self.company.settings(), self.company.today()) else { return Ok(None) };
        // Every decision leaves a row in the audit trail.
        let mut key = self.versions([List::Matches, List::Audit]);
        key.push(u64::from(today.day_of_year().unsigned_abs()));
        key.extend(self.sides_key()?);
        Ok(Some(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::PeriodRequest;

    #[test]
    fn records_are_held_from_one_question_to_the_next_and_let_go_when_today_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(jiff::Timestamp::now);
        let app = App::open(folder.path(), clock, "mira", Arc::new(drop)).unwrap();

        let first = app.postings().unwrap();
        assert!(Arc::ptr_eq(&first, &app.postings().unwrap()));
        let held = Arc::downgrade(&first);
        drop(first);
        assert!(held.upgrade().is_some());

        crate::today(&app, PeriodRequest { period: String::new() }).unwrap();
        assert!(held.upgrade().is_none());
    }
}
