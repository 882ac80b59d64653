//! Reading Intacct's records as domain values, page by page in the order of RECORDNO. A record that cannot
//! be understood is refused with its reason and never stops a page.

pub mod books;
pub mod gl;
pub mod goods;
pub mod invoices;
pub mod masters;
mod pages;
pub mod receipts;
pub mod sales;

pub use pages::{Drained, Page};

use crate::lookup::FieldList;
use crate::query::Filter;
use crate::row::{FieldError, Row};
use crate::xml::Element;
use tieout_domain::{ObjectKind, RecordRef, SourceId};

/// How one kind of record is read: from which object, which fields, and what they mean.
#[derive(Clone)]
pub struct Reader<T> {
    pub object: &'static str,
    pub kind: ObjectKind,
    pub(crate) fields: FieldList,
    /// The field that says when a record last changed, where the object has one.
    pub(crate) changed: &'static [&'static str],
    /// The fields of the id our cache knows the record by, most telling first.
    pub(crate) id_fields: &'static [&'static str],
    /// Put before the id: receipts of six objects share one kind.
    pub(crate) id_prefix: &'static str,
    pub(crate) filter: Option<Filter>,
    pub(crate) parse: fn(&SourceId, &Row<'_>) -> Result<T, FieldError>,
}

impl<T> Reader<T> {
    pub(crate) fn record(&self, company: &SourceId, node: &Element<'_>) -> RecordRef {
        let id = self.id_fields.iter().find_map(|it| node.text_of(it)).unwrap_or("?");
        RecordRef::new(company.clone(), self.kind, format!("{}{id}", self.id_prefix))
    }
}
