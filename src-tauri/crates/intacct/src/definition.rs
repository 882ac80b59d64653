//! Transaction definitions of Order Entry. One whose documents cannot be found again by the number we give
//! is refused when the connection is set up: a lost answer could then never be resolved.

use crate::client::Client;
use crate::error::Error;
use crate::failure::ErrorClass;
use crate::lookup::FieldList;
use crate::query::{Filter, Query};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionDefinition {
    pub name: String,
    /// e.g. `Order`, `Invoice`; empty where the company does not show it.
    pub class: String,
    /// Subtotal names seen on its documents; `None` where this company does not show them.
    pub subtotals: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    #[error(transparent)]
    Read(#[from] Error),
    #[error("the transaction definition {0:?} does not exist in this company")]
    Unknown(String),
    #[error("documents of {name:?} cannot be read back by their number: {field} is not shown in this company")]
    KeyNotReadable { name: String, field: &'static str },
}

impl DefinitionError {
    pub fn remedy(&self) -> &'static str {
        match self {
            DefinitionError::Read(error) => error.remedy(),
            DefinitionError::Unknown(_) => {
                "Name a transaction definition that exists in Intacct, under [orders] in Settings."
            }
            DefinitionError::KeyNotReadable { .. } => {
                "In Intacct, give the web services user permission to read Order Entry transactions."
            }
        }
    }
}

impl Client {
    pub async fn transaction_definitions(&self) -> Result<Vec<TransactionDefinition>, Error> {
        self.definitions(None).await
    }

    /// Exists, and its documents can be found again by the number they are given.
    pub async fn check_definition(&self, name: &str) -> Result<TransactionDefinition, DefinitionError> {
        let found = self.definitions(Some(Filter::equal("DOCID", name))).await?;
        let mut definition =
            found.into_iter().find(|it| it.name == name).ok_or_else(|| DefinitionError::Unknown(name.to_owned()))?;
        let documents = self.fields_of("SODOCUMENT").await?;
        for field in ["DOCID", "DOCPARID"] {
            if !documents.has(field) {
                return Err(DefinitionError::KeyNotReadable { name: name.to_owned(), field });
            }
        }
        // The very question a lost answer would be resolved by, asked once while nothing is at stake.
        let probe = Query::new("SODOCUMENT").fields(["RECORDNO", "DOCID"]).doc_par_id(name).page_size(1);
        self.query(&probe.filter(Filter::equal("DOCID", format!("{name}-")))).await?;
        definition.subtotals = self.subtotals_of(name).await?;
        Ok(definition)
    }

    async fn definitions(&self, filter: Option<Filter>) -> Result<Vec<TransactionDefinition>, Error> {
        let list = FieldList { required: &["RECORDNO", "DOCID"], optional: &["DOCCLASS"] };
        let fields = self.fields_of("SODOCUMENTPARAMS").await?.select(&list)?;
        let rows = self.all_rows("SODOCUMENTPARAMS", &fields, filter).await?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                Some(TransactionDefinition {
                    name: row.text_of("DOCID")?.to_owned(),
                    class: row.text_of("DOCCLASS").unwrap_or_default().to_owned(),
                    subtotals: None,
                })
            })
            .collect())
    }

    /// The names its documents carry so far: Intacct shows the definition's own list nowhere we know of.
    // UNVERIFIED: whether DESCRIPTION is readable everywhere; a company without it simply does not tell.
    async fn subtotals_of(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        const OBJECT: &str = "SODOCUMENTSUBTOTALS";
        let Ok(known) = self.fields_of(OBJECT).await else { return Ok(None) };
        if !known.has("DESCRIPTION") {
            return Ok(None);
        }
        let query = Query::new(OBJECT).fields(["RECORDNO", "DESCRIPTION"]).doc_par_id(name);
        match self.query(&query.ascending("RECORDNO").page_size(self.config.limits.page_size)).await {
            Ok(page) => {
                let names: BTreeSet<_> = page.rows.iter().filter_map(|row| row.text_of("DESCRIPTION")).collect();
                Ok(Some(names.into_iter().map(str::to_owned).collect()))
            }
            Err(error) if error.class() == ErrorClass::Permanent => Ok(None),
            Err(error) => Err(error),
        }
    }
}
