//! The digest of every live record's document, for what is handed to others.

use super::table_of;
use crate::StoreError;
use crate::text::{hash_column, hex, sql};
use crate::tx::Reader;
use std::collections::HashMap;
use tieout_domain::{ObjectKind, RecordRef, SourceId};

impl Reader<'_> {
    /// Version, and SHA-256 of the canonical document in hex, of every record of this kind that is live.
    pub fn record_digests(&self, object: ObjectKind) -> Result<HashMap<RecordRef, (u32, String)>, StoreError> {
        let Some((table, _)) = table_of(object) else { return Ok(HashMap::new()) };
        let find = sql(&["SELECT source, ext_id, version, digest FROM ", table, " WHERE deleted_at IS NULL"]);
        let rows = self.all(&find, [], |row| {
            let record = RecordRef::new(SourceId(row.get(0)?), object, row.get::<_, String>(1)?);
            Ok((record, (row.get(2)?, hex(&hash_column(row, "digest")?))))
        })?;
        Ok(rows.into_iter().collect())
    }
}
