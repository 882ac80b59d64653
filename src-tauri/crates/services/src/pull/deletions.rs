//! What was deleted in Intacct. No list of changes names it, so from time to time every key there is asked for: what the
//! cache has beyond them is gone. It stays in the file with all it said, marked, and the trail says when it was missed.

use super::ledger_side::{LedgerPull, watched_accounts};
use super::{ACTOR, Progress, cursor, of_object};
use crate::company::Company;
use crate::error::ServiceError;
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use tieout_domain::{ObjectKind, Receipt, ReceiptKind, SourceId};
use tieout_intacct::Reader;
use tieout_intacct::read::{invoices, masters, receipts, sales};
use tieout_store::CachedRecord;

const SCAN: &str = "deletions";
/// Where no settings say otherwise.
const HOURS: i64 = 24;

/// By kind: receipts of six objects are one.
type Keys = BTreeMap<ObjectKind, BTreeSet<String>>;

/// The next pull looks for deletions, however lately one did.
pub fn ask_for_deletions(company: &Company) -> Result<(), ServiceError> {
    let source = SourceId::intacct(&company.connection()?.intacct_company);
    Ok(company
        .store
        .write(ACTOR, company.now(), |tx| tx.set_cursor(&of_object(&source, SCAN), ObjectKind::Receipt, ""))?)
}

impl LedgerPull<'_> {
    /// Not in the first pull: everything was read a moment ago.
    pub(super) async fn deletions(&mut self, is_first: bool) -> Result<(), ServiceError> {
        let began = self.company.now();
        let settings = self.company.settings().ok().map(|(settings, _)| settings);
        let hours = settings.as_ref().map_or(HOURS, |it| i64::from(it.pull.deletions_every_hours));
        let keys = match cursor(self.company, &of_object(self.source, SCAN), ObjectKind::Receipt)? {
            None if is_first => Keys::new(),
            Some(last) if began.duration_since(last) < SignedDuration::from_hours(hours) => return Ok(()),
            _ => self.all_keys(settings.map(|it| watched_accounts(&it)).unwrap_or_default()).await?,
        };
        self.progress.tell(Progress { what: "keys", done: keys.values().map(|it| it.len() as u64).sum() });
        let deleted = self.company.store.write(ACTOR, self.company.now(), |tx| {
            let mut deleted = 0;
            for (object, live) in &keys {
                deleted += tx.tombstone_missing(self.source, *object, live)?.deleted.len();
            }
            tx.set_cursor(&of_object(self.source, SCAN), ObjectKind::Receipt, &began.to_string())?;
            Ok::<_, ServiceError>(deleted)
        })?;
        self.counts.deleted += u32::try_from(deleted).unwrap_or(u32::MAX);
        Ok(())
    }

    /// Every object the pull reads page by page. General ledger rows are compared by each pull as it is.
    async fn all_keys(&self, mut accounts: BTreeSet<String>) -> Result<Keys, ServiceError> {
        let mut keys = Keys::new();
        self.keys_of(&masters::customers(), &mut keys).await?;
        self.keys_of(&masters::items(), &mut keys).await?;
        self.keys_of(&masters::accounts(), &mut keys).await?;
        self.keys_of(&invoices::invoices(), &mut keys).await?;
        self.keys_of(&receipts::payments(), &mut keys).await?;
        self.keys_of(&receipts::advances(), &mut keys).await?;
        self.keys_of(&receipts::adjustments(), &mut keys).await?;
        self.keys_of(&receipts::other_receipts(), &mut keys).await?;
        self.keys_of(&receipts::deposits(), &mut keys).await?;
        self.keys_of(&sales::sales_documents(), &mut keys).await?;
        // Lines of an account that is watched no more are not deleted by that.
        let cached = self.company.store.read(|reader| reader.load_all::<Receipt>())?;
        let lines = cached.into_iter().map(|it| it.value).filter(|it| it.kind == ReceiptKind::JournalLine);
        accounts.extend(lines.map(|it| it.account));
        if !accounts.is_empty() {
            let accounts: Vec<String> = accounts.into_iter().collect();
            self.keys_of(&receipts::journal_lines(&accounts), &mut keys).await?;
        }
        Ok(keys)
    }

    async fn keys_of<T: CachedRecord>(&self, reader: &Reader<T>, keys: &mut Keys) -> Result<(), ServiceError> {
        let live = self.client.all_keys(reader).await?;
        keys.entry(reader.kind).or_default().extend(live.into_iter().map(|it| it.id));
        Ok(())
    }
}
