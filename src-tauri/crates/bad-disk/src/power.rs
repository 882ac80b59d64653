//! What is on the platter after the power was cut: everything synced, and of what was written since, whatever the disk
//! happened to have done, in pieces of a sector.

use crate::disk::Op;
use std::collections::BTreeMap;

/// The same numbers every time (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<(usize, Option<Vec<u8>>)>,
}

/// The files after a cut behind the first `ops`, by name.
pub fn after_cut(ops: &[Op], dice: &mut Dice) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for op in ops {
        match op {
            Op::Write { file, at, bytes } => {
                files.entry(file.clone()).or_default().pending.push((*at, Some(bytes.clone())));
            }
            Op::Truncate { file, len } => files.entry(file.clone()).or_default().pending.push((*len, None)),
            Op::Sync { file } => {
                let file = files.entry(file.clone()).or_default();
                for (at, bytes) in std::mem::take(&mut file.pending) {
                    match bytes {
                        Some(bytes) => put(&mut file.synced, at, &bytes),
                        None => file.synced.resize(at, 0),
                    }
                }
            }
            Op::Delete { file } => drop(files.remove(file)),
            Op::Mark(_) => {}
        }
    }
    files.into_iter().map(|(name, file)| (name, torn(file, dice))).collect()
}

fn torn(file: File, dice: &mut Dice) -> Vec<u8> {
    let File { synced: mut bytes, pending } = file;
    // How this disk dies: it did nothing more, nearly all, or whatever.
    let mood = dice.below(4);
    for (at, write) in pending {
        let done = match mood {
            0 => 0,
            1 => 3,
            _ => dice.below(4),
        };
        match (done, write) {
            (0, _) => {}
            (1, Some(write)) => {
                let sector = if dice.below(2) == 0 { 512 } else { 4096 };
                for (number, piece) in write.chunks(sector).enumerate() {
                    if dice.below(2) == 0 {
                        put(&mut bytes, at + number * sector, piece);
                    }
                }
            }
            (2, Some(write)) => put(&mut bytes, at, &write[..dice.below(write.len() + 1)]),
            (_, Some(write)) => put(&mut bytes, at, &write),
            (_, None) => bytes.resize(at, 0),
        }
    }
    bytes
}

fn put(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let end = at + piece.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[at..end].copy_from_slice(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_stays_and_the_rest_is_anybodys_guess() {
        let write = |at, byte: u8| Op::Write { file: "a".into(), at, bytes: vec![byte; 1_024] };
        let ops = [write(0, 1), Op::Sync { file: "a".into() }, write(1_024, 2), write(0, 3)];
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let file = after_cut(&ops[..3], &mut Dice(seed)).remove("a").unwrap_or_default();
            assert_eq!(file[..1_024], [1; 1_024], "seed {seed}");
            seen.insert(after_cut(&ops, &mut Dice(seed)));
        }
        assert!(seen.len() > 5, "{} kinds of remains", seen.len());
    }
}
