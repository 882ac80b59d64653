use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// An input does not grow without end.
const LONGEST: usize = 64 * 1024;

/// Pieces that parsers of amounts, dates, markup and tables tend to stumble over.
const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&amp;",
    "&#0;",
    "&#xFFFE;",
    "&a;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?x ?>",
    "<!DOCTYPE r>",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "-0",
    "1e400",
    "1e-400",
    "NaN",
    "1,234.50",
    "(12.5)",
    "+5",
    "99999999999999999999999999999999999999",
    "0.0000000000000000000000000001",
    "-",
    ".",
    "\\u0000",
    "\\ud800",
    "\r\n",
    "\n",
    "\t",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "2026-02-30",
    "02/30/2026",
    "1970-01-01T00:00:00+0000",
    "USD",
    "JPY",
    "XXX",
    "success",
    "failure",
    "[[",
    "]]",
    "=",
    "#",
    "'''",
    "0x",
    "__proto__",
];

/// Some bytes of the corpus, spoilt a few times.
pub fn mutated(dice: &mut StdRng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = corpus.choose(dice).cloned().unwrap_or_default();
    for _ in 0..dice.random_range(1..=6) {
        once(dice, corpus, &mut bytes);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn once(dice: &mut StdRng, corpus: &[Vec<u8>], bytes: &mut Vec<u8>) {
    let at = dice.random_range(0..=bytes.len());
    let to = (at + dice.random_range(0..=64)).min(bytes.len());
    match dice.random_range(0..8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.random_range(0..8),
        1 if at < bytes.len() => bytes[at] = dice.random(),
        2 => drop(bytes.drain(at..to)),
        3 => {
            let piece = bytes[at..to].to_vec();
            let into = dice.random_range(0..=bytes.len());
            drop(bytes.splice(into..into, piece));
        }
        4 => bytes.truncate(at),
        5 => {
            // A piece of another one of the corpus: a row of a kind this one has not.
            let other = corpus.choose(dice).cloned().unwrap_or_default();
            let from = dice.random_range(0..=other.len());
            let until = (from + dice.random_range(0..=512)).min(other.len());
            drop(bytes.splice(at..to, other[from..until].to_vec()));
        }
        _ => {
            let piece = PIECES.choose(dice).copied().unwrap_or_default();
            drop(bytes.splice(at..to, piece.bytes()));
        }
    }
}
