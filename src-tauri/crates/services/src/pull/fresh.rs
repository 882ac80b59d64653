//! The little that a flow must know of this very moment, read between two pulls.

use super::ledger_side::LedgerPull;
use super::{cursor, keep};
use crate::company::Company;
use crate::error::ServiceError;
use crate::watch::Watch;
use futures::TryStreamExt;
use tieout_domain::{ObjectKind, SourceId};
use tieout_intacct::read::{invoices, sales};
use tieout_store::SyncCounts;

/// Orders changed since the last pull. The pull's watermark stays, so that it reads them again with their payments.
pub(crate) async fn fresh_orders(company: &Company, client: &tieout_xcart::Client) -> Result<(), ServiceError> {
    let source = SourceId::xcart(&company.connection()?.store_name);
    let since = cursor(company, &source, ObjectKind::Order)?;
    let mut pages = std::pin::pin!(client.changed_orders(since));
    while let Some(page) = pages.try_next().await? {
        keep(company, &page.good, &page.refused, &mut SyncCounts::default())?;
    }
    Ok(())
}

/// Invoices and Order Entry documents, as a pull reads them.
pub(crate) async fn fresh_documents(
    company: &Company,
    client: &tieout_intacct::Client,
    progress: &dyn Watch,
) -> Result<(), ServiceError> {
    let source = SourceId::intacct(&company.connection()?.intacct_company);
    let mut counts = SyncCounts::default();
    let mut pull = LedgerPull { company, client, source: &source, counts: &mut counts, progress };
    pull.object("invoices", &invoices::invoices()).await?;
    pull.object("sales documents", &sales::sales_documents()).await
}
