//! `tieout-fuzz TARGET MINUTES [SEED]`: one parser, for as long as wanted. See the crate's own documentation.

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};
use tieout_fuzz::{TARGETS, corpus, run};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, minutes, seed) = match &arguments[..] {
        [name, minutes] => (name, minutes, None),
        [name, minutes, seed] => (name, minutes, Some(seed)),
        _ => {
            let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
            bail!("tieout-fuzz TARGET MINUTES [SEED]; targets: {}", names.join(", "));
        }
    };
    let target = TARGETS.iter().find(|it| it.name == name).with_context(|| format!("there is no target {name}"))?;
    let minutes: u64 = minutes.parse().context("MINUTES is a whole number")?;
    let seed = match seed {
        Some(seed) => seed.parse().context("SEED is a whole number")?,
        None => SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs(),
    };
    let kept: Vec<_> = corpus(target.name)?.into_iter().map(|(_, bytes)| bytes).collect();
    println!("{name}: {} kept inputs, seed {seed}, {minutes} minutes", kept.len());
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let run = run(target, seed, &kept, |_| Instant::now() >= until);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let keep = |kind: &str, bytes: &[u8]| -> anyhow::Result<String> {
        let digest: String = Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let file = format!("{kind}-{digest}");
        std::fs::write(folder.join(&file), bytes)?;
        Ok(file)
    };
    for it in &run.news {
        keep("news", it)?;
    }
    println!("{} inputs tried, {} of them news, kept", run.tried, run.news.len());
    if let Some(found) = run.broken {
        let file = keep("broken", &found.input)?;
        bail!("{name} broke at input {} of seed {seed}; kept as corpus/{name}/{file}", found.number);
    }
    Ok(())
}
