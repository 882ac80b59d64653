//! Intacct: every object since its own watermark, and the general ledger rows of the clearing accounts, whole.

use super::{ACTOR, Progress, connected, cursor, departures, finish, keep, of_object};
use crate::company::{Company, Secrets};
use crate::error::ServiceError;
use crate::post::approved_in_intacct;
use crate::watch::Watch;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use tieout_domain::{GlLine, ObjectKind, Receipt, SourceId};
use tieout_intacct::read::{invoices, masters, receipts, sales};
use tieout_intacct::{Page, Reader};
use tieout_planning::Settings;
use tieout_store::{CachedRecord, SyncCounts};

const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

pub(super) async fn pull_intacct(
    company: &Company,
    secrets: &Secrets,
    progress: &dyn Watch,
) -> Result<(u64, u64), ServiceError> {
    let source = SourceId::intacct(&company.connection()?.intacct_company);
    let run = company.store.start_sync_run(&source, company.now())?;
    let client = connected(company, run, progress.unless_stopped(company.intacct(secrets))).await?;
    let mut counts = SyncCounts::default();
    let reading = async {
        company.remember_books(&client.books().await?)?;
        let mut pull = LedgerPull { company, client: &client, source: &source, counts: &mut counts, progress };
        let is_first = pull.watermark("customers")?.is_none();
        pull.object("customers", &masters::customers()).await?;
        pull.object("items", &masters::items()).await?;
        pull.object("accounts", &masters::accounts()).await?;
        pull.object("invoices", &invoices::invoices()).await?;
        pull.object("receipts", &receipts::payments()).await?;
        pull.object("advances", &receipts::advances()).await?;
        pull.object("adjustments", &receipts::adjustments()).await?;
        pull.object("other receipts", &receipts::other_receipts()).await?;
        pull.object("deposits", &receipts::deposits()).await?;
        pull.object("sales documents", &sales::sales_documents()).await?;
        pull.journal_and_ledger().await?;
        pull.deletions(is_first).await?;
        // What waited for an approval inside Intacct may have got it.
        approved_in_intacct(company, &client).await
    };
    let result = progress.unless_stopped(reading).await;
    counts.requests = u32::try_from(client.requests_sent()).unwrap_or(u32::MAX);
    departures::keep(company, &source, departures::of_intacct(&client))?;
    company.heed(&result)?;
    finish(company, run, &counts, &result)?;
    result.map(|()| (client.requests_sent(), u64::from(counts.refused)))
}

pub(super) struct LedgerPull<'a> {
    pub(super) company: &'a Company,
    pub(super) client: &'a tieout_intacct::Client,
    pub(super) source: &'a SourceId,
    pub(super) counts: &'a mut SyncCounts,
    pub(super) progress: &'a dyn Watch,
}

impl LedgerPull<'_> {
    /// One object since its own watermark. Several objects share a kind (receipts), so each keeps a cursor of its name.
    pub(super) async fn object<T: CachedRecord>(
        &mut self,
        name: &'static str,
        reader: &Reader<T>,
    ) -> Result<(), ServiceError> {
        let watermark = self.watermark(name)?;
        let mut pages: Vec<Page<T>> = Vec::new();
        let drained = self.client.drain(reader, watermark, |page| pages.push(page)).await?;
        for page in pages {
            keep(self.company, &page.good, &page.refused, self.counts)?;
        }
        self.progress.tell(Progress { what: name, done: drained.good });
        self.move_watermark(name, drained.changed_through)
    }

    /// Journal lines of the accounts that are watched, and their general ledger rows, whole: deletions and edits must show.
    async fn journal_and_ledger(&mut self) -> Result<(), ServiceError> {
        let Ok((settings, _)) = self.company.settings() else { return Ok(()) };
        let clearing: BTreeSet<String> = settings.clearing.iter().map(|it| it.account.clone()).collect();
        let watched: Vec<String> = watched_accounts(&settings).into_iter().collect();
        let watermark = self.watermark("journal lines")?;
        let mut pages: Vec<Page<Receipt>> = Vec::new();
        let drained = self.client.drain_journal_lines(&watched, watermark, |page| pages.push(page)).await?;
        for page in pages {
            keep(self.company, &page.good, &page.refused, self.counts)?;
        }
        self.move_watermark("journal lines", drained.changed_through)?;
        // The tax accounts too: what an invoice holds of tax shows nowhere else.
        let accounts: BTreeSet<String> = clearing.into_iter().chain(settings.tax_accounts()).collect();
        let accounts: Vec<String> = accounts.into_iter().collect();
        let window = self.client.gl_detail(&accounts, settings.cut_over, self.company.today()?).await?;
        self.progress.tell(Progress { what: "ledger lines", done: window.good.len() as u64 });
        let live: BTreeSet<String> = window.good.iter().map(|it| it.value.record_no.clone()).collect();
        keep(self.company, &window.good, &window.refused, self.counts)?;
        let gone = self
            .company
            .store
            .write(ACTOR, self.company.now(), |tx| tx.tombstone_missing(self.source, GlLine::OBJECT, &live))?;
        self.counts.deleted += u32::try_from(gone.deleted.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    fn watermark(&self, name: &str) -> Result<Option<Timestamp>, ServiceError> {
        let seen = cursor(self.company, &of_object(self.source, name), ObjectKind::Receipt)?;
        Ok(seen.map(|it| it - OVERLAP))
    }

    fn move_watermark(&self, name: &str, seen: Option<Timestamp>) -> Result<(), ServiceError> {
        let Some(seen) = seen else { return Ok(()) };
        let source = of_object(self.source, name);
        Ok(self
            .company
            .store
            .write(ACTOR, self.company.now(), |tx| tx.set_cursor(&source, ObjectKind::Receipt, &seen.to_string()))?)
    }
}

/// Clearing accounts, and the bank accounts their payouts arrive at.
pub(super) fn watched_accounts(settings: &Settings) -> BTreeSet<String> {
    let banks = settings.clearing.iter().map(|it| it.bank_account.clone()).filter(|it| !it.is_empty());
    settings.clearing.iter().map(|it| it.account.clone()).chain(banks).collect()
}
