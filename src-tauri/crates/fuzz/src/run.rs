use crate::mutate::mutated;
use crate::targets::Target;
use anyhow::Context;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// How many inputs that taught something new are spoilt further.
const MOST_KEPT: usize = 2000;

/// An input that broke the parser.
#[derive(Debug)]
pub struct Found {
    pub input: Vec<u8>,
    /// Which input of the run, counted from 0: with the seed, enough to make it again.
    pub number: u64,
}

pub struct Run {
    pub tried: u64,
    /// Inputs that made the parser say something new.
    pub news: Vec<Vec<u8>>,
    pub broken: Option<Found>,
}

/// What is kept of a target, by name.
pub fn corpus(target: &str) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        kept.push((path.clone(), std::fs::read(&path)?));
    }
    kept.sort();
    Ok(kept)
}

/// Goes on until `enough` says so, or something breaks. The corpus itself comes first.
pub fn run(target: &Target, seed: u64, corpus: &[Vec<u8>], mut enough: impl FnMut(u64) -> bool) -> Run {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut pool = corpus.to_vec();
    let mut heard = BTreeSet::new();
    let mut run = Run { tried: 0, news: Vec::new(), broken: None };
    let mut fresh = corpus.iter().cloned();
    while !enough(run.tried) {
        let (input, is_new) = match fresh.next() {
            Some(kept) => (kept, false),
            None => (mutated(&mut dice, &pool), true),
        };
        let Ok(said) = catch_unwind(AssertUnwindSafe(|| (target.read)(&input))) else {
            run.broken = Some(Found { input, number: run.tried });
            return run;
        };
        if heard.insert(said) && is_new && run.news.len() < MOST_KEPT {
            pool.push(input.clone());
            run.news.push(input);
        }
        run.tried += 1;
    }
    run
}
