//! The engine alone on a folder of files, for measuring: `match_files DIR OUT [THREADS]`.

use std::io::Write;
use std::path::Path;
use std::time::Instant;
use tieout_matching::{files, solve};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, out, rest @ ..] = &args[..] else { return Err("match_files DIR OUT [THREADS]".into()) };
    if let Some(threads) = rest.first() {
        rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build_global()?;
    }
    let folder = Path::new(folder);
    let began = Instant::now();
    let read =
        |name: &str| -> std::io::Result<(String, Vec<u8>)> { Ok((name.to_owned(), std::fs::read(folder.join(name))?)) };
    let policy = match std::fs::read_to_string(folder.join("settings.json")) {
        Ok(text) => files::settings("settings.json", &text)?,
        Err(_) => Default::default(),
    };
    let inputs = files::Inputs {
        payments: read("payments.csv")?,
        receipts: read("receipts.csv")?,
        rates: read("rates.csv").ok(),
    };
    let (book, refused) = files::read(inputs, policy)?;
    eprintln!("read {:?}, {} refused", began.elapsed(), refused.len());
    let solved = solve::solve(&book);
    eprintln!("solved {:?}, {} groups, {:?}", began.elapsed(), solved.groups.len(), solved.budgets);
    std::fs::create_dir_all(out)?;
    let create = |name: &str| -> std::io::Result<std::io::BufWriter<std::fs::File>> {
        Ok(std::io::BufWriter::new(std::fs::File::create(Path::new(out).join(name))?))
    };
    let mut file = create("matches.csv")?;
    files::matches(&book, &solved, &mut file)?;
    file.flush()?;
    let mut file = create("exceptions.csv")?;
    files::exceptions(&book, &solved, &mut file)?;
    file.flush()?;
    if std::env::var_os("EXPLAIN").is_some() {
        let mut file = create("explain.jsonl")?;
        files::explanations(&book, &solved, &mut file)?;
        file.flush()?;
    }
    eprintln!("wrote {:?}", began.elapsed());
    Ok(())
}
