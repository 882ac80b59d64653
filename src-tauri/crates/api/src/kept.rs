//! Long readings kept until a list they rest on changes: the proof of the clearing accounts, all postings, and the
//! entries that a closed period holds back.

use crate::app::App;
use crate::views::Problem;
use std::sync::{Arc, Mutex, PoisonError};
use tieout_domain::{Exception, ObjectKind};
use tieout_services::decisions::{Board, MatchFacts};
use tieout_services::{Chart, LaterDay, Proof, draft_later_days};
use tieout_store::{List, StoredPosting};

/// Versions of the lists it was read from.
type Key = Vec<u64>;
type Slot<T> = Mutex<Option<(Key, Arc<T>)>>;

#[derive(Default)]
pub(crate) struct Kept {
    proof: Slot<Proof>,
    postings: Slot<Vec<StoredPosting>>,
    later_days: Slot<Vec<LaterDay>>,
    facts: Slot<MatchFacts>,
    board: Slot<Board>,
    chart: Slot<Chart>,
}

fn kept<T>(slot: &Slot<T>, key: Key, read: impl FnOnce() -> Result<T, Problem>) -> Result<Arc<T>, Problem> {
    let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, value)) = held.as_ref().filter(|(of, _)| *of == key) {
        return Ok(Arc::clone(value));
    }
    let value = Arc::new(read()?);
    *held = Some((key, Arc::clone(&value)));
    Ok(value)
}

impl App {
    pub(crate) fn chart(&self) -> Result<Arc<Chart>, Problem> {
        let (_, settings) = self.company.settings().map_err(|error| self.problem(error))?;
        let lists = [List::Records(ObjectKind::Account), List::Records(ObjectKind::Receipt)];
        let mut key: Key = lists.map(|it| self.company.store.list_version(it)).to_vec();
        key.push(u64::from(settings));
        kept(&self.kept.chart, key, || Chart::read(&self.company).map_err(|error| self.problem(error)))
    }

    /// Where every record stands; none before the settings and the two systems are known.
    pub(crate) fn board(&self) -> Result<Option<Arc<Board>>, Problem> {
        let (Ok((_, settings)), Ok(today)) = (self.company.settings(), self.company.today()) else { return Ok(None) };
        let store = &self.company.store;
        let sources = [ObjectKind::Payment, ObjectKind::Settlement, ObjectKind::Receipt];
        let mut key: Key = sources.map(|it| store.list_version(List::Records(it))).to_vec();
        key.extend([store.list_version(List::Postings), u64::from(settings)]);
        key.extend(self.splits()?);
        let read = || MatchFacts::read(&self.company).map_err(|error| self.problem(error));
        let facts = kept(&self.kept.facts, key.clone(), read)?;
        // Every decision leaves a row in the audit trail.
        key.extend([store.list_version(List::Matches), store.list_version(List::Audit)]);
        key.push(u64::from(today.day_of_year().unsigned_abs()));
        let read = || Board::read(&self.company, &facts).map_err(|error| self.problem(error));
        kept(&self.kept.board, key, read).map(Some)
    }

    /// A split changes no list; whatever rests on the records of both sides rests on it too.
    fn splits(&self) -> Result<Vec<u64>, Problem> {
        let standing = self.company.store.read(tieout_services::decisions::standing_splits);
        standing.map_err(|error| self.problem(error))
    }

    pub(crate) fn proof(&self) -> Result<Arc<Proof>, Problem> {
        let (_, settings) = self.company.settings().map_err(|error| self.problem(error))?;
        let lists = [
            List::Records(ObjectKind::Payment),
            List::Records(ObjectKind::Settlement),
            List::Records(ObjectKind::Receipt),
            List::Records(ObjectKind::GlLine),
            List::Matches,
            List::Postings,
        ];
        let mut key = lists.map(|it| self.company.store.list_version(it)).to_vec();
        key.push(u64::from(settings));
        key.extend(self.splits()?);
        kept(&self.kept.proof, key, || Proof::read(&self.company).map_err(|error| self.problem(error)))
    }

    /// In the order they were proposed.
    pub(crate) fn postings(&self) -> Result<Arc<Vec<StoredPosting>>, Problem> {
        let key = vec![self.company.store.list_version(List::Postings)];
        let read = || self.company.store.read(|reader| reader.postings()).map_err(|error| self.problem(error));
        kept(&self.kept.postings, key, read)
    }

    /// Of every standing exception about a closed day. Planning is run for it, twice.
    pub(crate) fn later_days(&self) -> Result<Arc<Vec<LaterDay>>, Problem> {
        let (_, settings) = self.company.settings().map_err(|error| self.problem(error))?;
        let lists = [List::Matches, List::Postings, List::Exceptions];
        let lists = ObjectKind::ALL.into_iter().map(List::Records).chain(lists);
        let mut key: Key = lists.map(|it| self.company.store.list_version(it)).collect();
        key.push(u64::from(settings));
        key.extend(self.splits()?);
        kept(&self.kept.later_days, key, || {
            let standing = self.company.store.read(|reader| reader.standing_exceptions());
            let standing = standing.map_err(|error| self.problem(error))?;
            let all: Vec<&Exception> = standing.iter().map(|it| &it.exception).collect();
            draft_later_days(&self.company, &all).map_err(|error| self.problem(error))
        })
    }
}
