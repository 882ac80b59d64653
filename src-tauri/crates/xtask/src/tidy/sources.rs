//! Where the clock may be read and where floats may not be: same input, same answer, next year too.

use super::files;
use std::fs;
use std::path::Path;

/// Crates that are told the time by their caller.
const TIMELESS: &[&str] =
    &["money", "domain", "matching", "planning", "flows", "poster", "xcart", "intacct", "store", "vault"];
const CLOCKS: &[&str] = &["Timestamp::now", "SystemTime::now", "Zoned::now"];

/// Files that may read the clock all the same. X-Cart's `Retry-After` may name a time of day, and only this machine's
/// clock tells how long that is from now.
const EXCUSED: &[&str] = &["src-tauri/crates/xcart/src/http.rs"];

/// Crates in which an amount lives as itself: a float there is a rounding error waiting for its day.
const EXACT: &[&str] = &["money", "domain", "planning", "flows", "poster", "store"];
const FLOATS: &[&str] = &["f32", "f64"];

pub fn complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for name in TIMELESS {
        for path in files(&root.join("src-tauri/crates").join(name).join("src"), &["rs"])? {
            if path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests") {
                continue;
            }
            let source = fs::read_to_string(&path)?;
            let place = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            if EXCUSED.contains(&place.as_str()) {
                continue;
            }
            complaints.extend(judge(name, &source).into_iter().map(|(line, why)| format!("{place}:{line}: {why}")));
        }
    }
    Ok(complaints)
}

/// Line numbers and complaints about one file of the crate `name`; its unit tests may do as they like.
fn judge(name: &str, source: &str) -> Vec<(usize, String)> {
    let mut complaints = Vec::new();
    for (at, line) in source.lines().enumerate() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            break; // unit tests stand at the end of a file
        }
        let code = line.split("//").next().unwrap_or_default();
        for clock in CLOCKS.iter().filter(|clock| TIMELESS.contains(&name) && code.contains(*clock)) {
            complaints.push((at + 1, format!("`{clock}` below the edge; take the time as an argument")));
        }
        for float in FLOATS.iter().filter(|float| EXACT.contains(&name) && has_word(code, float)) {
            complaints.push((at + 1, format!("`{float}` near money; use Decimal or a whole number")));
        }
    }
    complaints
}

fn has_word(code: &str, word: &str) -> bool {
    code.split(|it: char| !it.is_alphanumeric() && it != '_').any(|it| it == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, source: &str, lines: &[usize]) {
        let found: Vec<usize> = judge(name, source).into_iter().map(|(line, _)| line).collect();
        assert_eq!(found, lines, "{source}");
    }

    #[test]
    fn the_clock_and_floats_are_found_in_code_but_not_in_comments_or_tests() {
        check("domain", "let at = Timestamp::now();", &[1]);
        check("domain", "// never Timestamp::now() here", &[]);
        check("money", "\nfn rate(&self) -> f64 {", &[2]);
        check("money", "let of64 = half64;", &[]);
        check("matching", "fn similarity() -> f64", &[]);
        check("store", "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { SystemTime::now(); } }", &[]);
    }
}
