//! docs/wire.md: how many of the recorded exchanges and of the vendors' documents are understood, refused for a stated
//! reason, or not ours. The tests say what became of each (their snapshots); here they are only counted and laid out.

use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What is asked of whom, and the snapshot that holds the answers: `name TAB verdict TAB why` a line.
const SECTIONS: &[(&str, &str)] = &[
    (
        "X-Cart's recorded answers, read by our client",
        "src-tauri/crates/xcart/tests/snapshots/exchanges__exchanges.snap",
    ),
    (
        "X-Cart's recorded requests, asked of the sandbox: the same answer",
        "src-tauri/crates/sandbox/tests/snapshots/xcart_recordings__xcart_exchanges.snap",
    ),
    (
        "Intacct's replies, read by our client",
        "src-tauri/crates/intacct/src/tests/snapshots/tieout_intacct__tests__replies__vendor_replies.snap",
    ),
    (
        "Intacct's request documents, made again by our builder",
        "src-tauri/crates/intacct/src/tests/vendor/snapshots/tieout_intacct__tests__vendor__vendor_requests.snap",
    ),
    (
        "Intacct's request documents, sent to the sandbox",
        "src-tauri/crates/sandbox/tests/snapshots/intacct_documents__intacct_requests.snap",
    ),
];

const VERDICTS: [&str; 3] = ["passed", "refused as stated", "not covered"];

struct Line<'a> {
    name: &'a str,
    verdict: &'a str,
    why: &'a str,
}

pub fn path(root: &Path) -> std::path::PathBuf {
    root.join("docs/wire.md")
}

pub fn page(root: &Path) -> anyhow::Result<String> {
    let mut page = String::from(
        "# True to the wire\n\n\
         Made by `cargo xtask wire` from what the tests found; a test holds it to that. The documents lie beside the\n\
         tests: `xcart/tests/recordings`, `sandbox/tests/recordings`, `intacct/tests/requests`, `intacct/tests/responses`.\n\n\
         | what | in all | passed | refused as stated | not covered |\n|---|---:|---:|---:|---:|\n",
    );
    let mut details = String::new();
    for (title, snapshot) in SECTIONS {
        let text = std::fs::read_to_string(root.join(snapshot)).with_context(|| format!("{snapshot} is not there"))?;
        let lines = lines(&text).with_context(|| (*snapshot).to_owned())?;
        let count = |verdict: &str| lines.iter().filter(|it| it.verdict == verdict).count();
        writeln!(
            page,
            "| {title} | {} | {} | {} | {} |",
            lines.len(),
            count(VERDICTS[0]),
            count(VERDICTS[1]),
            count(VERDICTS[2])
        )?;
        write!(details, "\n## {title}\n\n{}", reasons(&lines)?)?;
    }
    Ok(page + &details)
}

fn lines(snapshot: &str) -> anyhow::Result<Vec<Line<'_>>> {
    let body = snapshot.splitn(3, "---\n").nth(2).context("not a snapshot")?;
    body.lines()
        .map(|line| match line.splitn(3, '\t').collect::<Vec<_>>()[..] {
            [name, verdict, why] if VERDICTS.contains(&verdict) => Ok(Line { name, verdict, why }),
            _ => bail!("this line says nothing: {line}"),
        })
        .collect()
}

/// Each verdict with its reasons, and which documents each reason is of.
fn reasons(lines: &[Line<'_>]) -> anyhow::Result<String> {
    let mut text = String::new();
    for verdict in VERDICTS {
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for line in lines.iter().filter(|it| it.verdict == verdict) {
            by_reason.entry(line.why).or_default().push(line.name);
        }
        if by_reason.is_empty() {
            continue;
        }
        writeln!(text, "**{}**\n", capital(verdict))?;
        for (why, names) in by_reason {
            let names = names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            writeln!(text, "- {}: {names}", why.replace('<', "\\<").replace('|', "\\|"))?;
        }
        text.push('\n');
    }
    Ok(text.trim_end().to_owned() + "\n")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_says_what_the_tests_found() {
        let root = crate::root();
        let written = std::fs::read_to_string(super::path(&root)).unwrap_or_default();
        assert!(written == super::page(&root).unwrap(), "docs/wire.md is out of date: run `cargo xtask wire`");
    }

    #[test]
    fn a_line_that_differs_is_no_page() {
        assert!(super::lines("---\nx\n---\na\tpassed\tthe same\n").is_ok());
        assert!(super::lines("---\nx\n---\na\tdiffers\t\n").is_err());
    }
}
