//! How the raw document of a version lies in the file. LZ4, because the documents are short: setting up a Deflate
//! takes longer than packing most of them.

use crate::StoreError;
use crate::text::Hash;
use flate2::{Decompress, FlushDecompress};
use lz4_flex::block::{CompressTable, compress_into_with_table, decompress_into, get_maximum_output_size};
use sha2::{Digest, Sha256};

/// Deflate makes at most 1,032 bytes of one, LZ4 255.
const GROWTH_MAX: usize = 1_032;

/// The number in `documents.packing`. Never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As received, from before format 2.
    OldPlain,
    /// Deflated, from before format 2.
    OldDeflated,
    /// As received: LZ4 would not have made it smaller.
    Plain,
    Lz4,
}

impl Packing {
    pub fn code(self) -> i64 {
        match self {
            Packing::OldPlain => 0,
            Packing::OldDeflated => 1,
            Packing::Plain => 2,
            Packing::Lz4 => 3,
        }
    }

    pub fn of_code(code: i64) -> Result<Packing, StoreError> {
        [Packing::OldPlain, Packing::OldDeflated, Packing::Plain, Packing::Lz4]
            .into_iter()
            .find(|packing| packing.code() == code)
            .ok_or_else(|| StoreError::damaged(format!("a raw document is packed in an unknown way ({code})")))
    }

    /// Since format 2 the digest of a batch is taken over the packed bytes too: a flipped letter in LZ4 is only
    /// another letter, where Deflate would mostly have lost its way.
    fn is_under_the_digest(self) -> bool {
        matches!(self, Packing::Plain | Packing::Lz4)
    }
}

/// Packs many small documents with one table.
pub(crate) struct Packer {
    table: CompressTable,
    buffer: Vec<u8>,
}

impl Packer {
    pub fn new() -> Packer {
        Packer { table: CompressTable::default(), buffer: Vec::new() }
    }

    pub fn pack<'a>(&'a mut self, raw: &'a [u8]) -> (Packing, &'a [u8]) {
        let room = get_maximum_output_size(raw.len());
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        match compress_into_with_table(raw, &mut self.buffer, &mut self.table) {
            Ok(length) if length < raw.len() => (Packing::Lz4, &self.buffer[..length]),
            _ => (Packing::Plain, raw),
        }
    }
}

/// `raw_bytes` is what the file says the length was: not to be believed before it is known to be possible.
pub(crate) fn unpack(packed: &[u8], packing: Packing, raw_bytes: i64) -> Result<String, StoreError> {
    let raw_bytes = usize::try_from(raw_bytes)
        .ok()
        .filter(|length| length / GROWTH_MAX <= packed.len())
        .ok_or_else(|| StoreError::damaged("a raw document has an impossible length"))?;
    let bytes = match packing {
        Packing::OldPlain | Packing::Plain => Some(packed.to_owned()),
        Packing::OldDeflated => {
            let mut bytes = Vec::with_capacity(raw_bytes);
            let status = Decompress::new(false).decompress_vec(packed, &mut bytes, FlushDecompress::Finish);
            status.is_ok().then_some(bytes)
        }
        Packing::Lz4 => {
            let mut bytes = vec![0; raw_bytes];
            let length = decompress_into(packed, &mut bytes).ok();
            length.map(|length| bytes[..length].to_owned())
        }
    };
    bytes
        .filter(|bytes| bytes.len() == raw_bytes)
        .ok_or_else(|| StoreError::damaged("a raw document cannot be unpacked"))
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| StoreError::damaged("a raw document is not text")))
}

/// One document's part in the digest that the audit row of its batch holds.
pub(crate) fn add_to_batch(
    batch: &mut Sha256,
    document: i64,
    version: u32,
    digest: &Hash,
    (packing, packed): (Packing, &[u8]),
) {
    batch.update(document.to_be_bytes());
    batch.update(version.to_be_bytes());
    batch.update(digest);
    if packing.is_under_the_digest() {
        batch.update((packed.len() as u64).to_be_bytes());
        batch.update(packed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_document_comes_back_as_it_was(documents in prop::collection::vec("(\\PC|[ab{}\":0]{0,40}){0,60}", 1..8)) {
            let mut packer = Packer::new();
            for raw in documents {
                let (packing, packed) = packer.pack(raw.as_bytes());
                prop_assert_eq!(unpack(packed, packing, raw.len() as i64).unwrap(), raw);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(packed in prop::collection::vec(any::<u8>(), 0..200), code in 0i64..6, length in -5i64..500) {
            if let Ok(packing) = Packing::of_code(code) {
                let _ = unpack(&packed, packing, length);
            }
        }
    }

    #[test]
    fn what_an_earlier_format_deflated_is_still_read() {
        let raw = r#"{"id":1,"note":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#;
        let mut packed = Vec::with_capacity(100);
        Compress::new(Compression::fast(), false)
            .compress_vec(raw.as_bytes(), &mut packed, FlushCompress::Finish)
            .unwrap();
        assert_eq!(unpack(&packed, Packing::of_code(1).unwrap(), raw.len() as i64).unwrap(), raw);
        assert_eq!(unpack(raw.as_bytes(), Packing::of_code(0).unwrap(), raw.len() as i64).unwrap(), raw);
    }
}
