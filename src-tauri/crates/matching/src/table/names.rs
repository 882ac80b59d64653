//! Names, each spelling once: folded to capitals without accents, legal forms dropped, words in order of the alphabet.

use super::words;
use rapidfuzz::distance::osa;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const LEGAL_FORMS: &[&[u8]] = &[
    b"INC",
    b"LLC",
    b"LTD",
    b"GMBH",
    b"CO",
    b"CORP",
    b"COMPANY",
    b"SARL",
    b"SA",
    b"AG",
    b"BV",
    b"KG",
    b"PLC",
    b"THE",
    b"AND",
    b"ET",
    b"FILS",
    b"UND",
    b"LIMITED",
    b"INCORPORATED",
    b"CORPORATION",
    b"LLP",
    b"PTY",
    b"SRL",
    b"SPA",
    b"KK",
    b"MR",
    b"MRS",
    b"MS",
    b"DR",
    b"JR",
    b"SR",
];

/// Keys are hashes already.
#[derive(Default, Clone)]
pub struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = words::hash(bytes.iter().copied());
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

pub type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Plain>>;

/// Name 0 is the blank one.
#[derive(Default)]
pub struct Names {
    numbers: ByHash<u32>,
    /// Hash of the folded text; 0 for a name without words.
    pub key: Vec<u64>,
    folded: Vec<u8>,
    ends: Vec<u32>,
}

impl Names {
    pub fn number(&mut self, name: &[u8]) -> u32 {
        if self.key.is_empty() {
            self.key.push(0);
            self.ends.push(0);
        }
        let name = name.trim_ascii();
        // An address in the place of a name is nobody's name.
        if name.is_empty() || name.contains(&b'@') {
            return 0;
        }
        let raw = words::hash(name.iter().copied());
        if let Some(known) = self.numbers.get(&raw) {
            return *known;
        }
        let number = self.key.len() as u32;
        self.numbers.insert(raw, number);
        let start = self.folded.len();
        fold(name, &mut self.folded);
        let folded = &self.folded[start..];
        self.key.push(if folded.is_empty() { 0 } else { words::hash(folded.iter().copied()) });
        self.ends.push(self.folded.len() as u32);
        number
    }

    pub fn folded(&self, number: u32) -> &[u8] {
        match number {
            0 => b"",
            it => &self.folded[self.ends[it as usize - 1] as usize..self.ends[it as usize] as usize],
        }
    }

    pub fn key_of(&self, number: u32) -> u64 {
        self.key.get(number as usize).copied().unwrap_or(0)
    }
}

/// Past this a name is no name; the rest of it says nothing more.
const NAME_MAX: usize = 200;

fn fold(name: &[u8], into: &mut Vec<u8>) {
    let name = &name[..name.len().min(NAME_MAX)];
    let mut plain: Vec<u8> = Vec::with_capacity(name.len());
    if name.is_ascii() {
        for byte in name {
            letter(*byte, &mut plain);
        }
    } else {
        for it in String::from_utf8_lossy(name).chars() {
            foreign(it, &mut plain);
        }
    }
    let mut found: Vec<&[u8]> =
        plain.split(|it| *it == b' ').filter(|it| !it.is_empty() && !LEGAL_FORMS.contains(it)).collect();
    found.sort_unstable();
    found.dedup();
    for (at, word) in found.iter().enumerate() {
        if at > 0 {
            into.push(b' ');
        }
        into.extend_from_slice(word);
    }
}

fn letter(byte: u8, plain: &mut Vec<u8>) {
    match byte {
        b'\'' | b'.' | b'`' => {}
        // Mueller and Muller are one name: an E after these vowels is how an umlaut is spelt without one.
        b'e' | b'E' if matches!(plain.last(), Some(b'A' | b'O' | b'U')) => {}
        it if it.is_ascii_alphanumeric() => plain.push(it.to_ascii_uppercase()),
        _ => plain.push(b' '),
    }
}

fn foreign(it: char, plain: &mut Vec<u8>) {
    if let Ok(byte) = u8::try_from(it)
        && byte.is_ascii()
    {
        return letter(byte, plain);
    }
    let upper = it.to_uppercase().next().unwrap_or(it);
    let as_ascii = match upper {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' | 'Æ' => "A",
        'Ç' | 'Ć' | 'Č' => "C",
        'Ď' | 'Đ' | 'Ð' => "D",
        'È'..='Ë' | 'Ē' | 'Ę' | 'Ě' | 'Ė' => "E",
        'Ğ' => "G",
        'Ì'..='Ï' | 'İ' | 'Ī' => "I",
        'Ł' | 'Ľ' => "L",
        'Ñ' | 'Ń' | 'Ň' => "N",
        'Ò'..='Ö' | 'Ø' | 'Œ' | 'Ő' | 'Ō' => "O",
        'Ř' => "R",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'ß' | 'ẞ' => "SS",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'Ù'..='Ü' | 'Ű' | 'Ů' | 'Ū' => "U",
        'Ý' | 'Ÿ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        '’' | '\u{300}'..='\u{36f}' => "",
        other if other.is_alphanumeric() => {
            let mut bytes = [0; 4];
            plain.extend_from_slice(other.encode_utf8(&mut bytes).as_bytes());
            return;
        }
        _ => " ",
    };
    plain.extend_from_slice(as_ascii.as_bytes());
}

/// 0 to 100 of two names as they are written; 0 where either says nothing.
pub fn names_percent(left: &str, right: &str) -> u8 {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    fold(left.as_bytes(), &mut one);
    fold(right.as_bytes(), &mut other);
    alike(&one, &other)
}

/// 0 to 100 of two folded names; 0 where either is blank.
pub fn alike(left: &[u8], right: &[u8]) -> u8 {
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    if left == right {
        return 100;
    }
    let (mut a, mut b) = ([&b""[..]; WORDS_MAX], [&b""[..]; WORDS_MAX]);
    let (a, b) = (words_of(left, &mut a), words_of(right, &mut b));
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let shared = few.iter().filter(|it| many.contains(it)).count();
    if shared == few.len() && (few.len() >= 2 || few[0].len() >= 6) {
        return 93;
    }
    // J SMITH and JOHN SMITH: all words the same but one, and that is its first letter.
    if shared + 1 == few.len() && few.len() == many.len() && shared >= 1 {
        let odd = |of: &[&[u8]], other: &[&[u8]]| of.iter().position(|it| !other.contains(it));
        if let (Some(x), Some(y)) = (odd(few, many), odd(many, few)) {
            let (x, y) = (few[x], many[y]);
            if (x.len() == 1 || y.len() == 1) && x[0] == y[0] {
                return 90;
            }
            if x.len() >= 4 && words::one_keystroke(x, y) {
                return 92;
            }
            if few.iter().any(|it| it.len() >= 4 && many.contains(it)) {
                return 60;
            }
        }
    }
    // An integer percentage of a likeness; no amount passes through here.
    (osa::normalized_similarity(left.iter().copied(), right.iter().copied()) * 100.0) as u8
}

/// More words than a name has; the rest of it says nothing more.
const WORDS_MAX: usize = 12;

/// Without a place on the heap: names are compared by the million.
fn words_of<'a, 'b>(name: &'a [u8], into: &'b mut [&'a [u8]; WORDS_MAX]) -> &'b [&'a [u8]] {
    let mut count = 0;
    for word in name.split(|it| *it == b' ').take(WORDS_MAX) {
        into[count] = word;
        count += 1;
    }
    &into[..count]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(a: &str, b: &str) -> u8 {
        let mut names = Names::default();
        let (a, b) = (names.number(a.as_bytes()), names.number(b.as_bytes()));
        alike(names.folded(a), names.folded(b))
    }

    #[test]
    fn one_party_under_two_spellings() {
        for (left, right) in [
            ("Gärtnerei Brückenhof GmbH & Co. KG", "Gaertnerei Brueckenhof"),
            ("Ó Súilleabháin Nurseries Ltd", "O Suilleabhain Nurseries"),
            ("Fiona's Potting Shed", "Fionas Potting Shed"),
            ("Mary Jones", "JONES, MARY"),
            ("Mary Jones", "M. Jones"),
            ("Acme Garden Inc.", "ACME GARDEN"),
        ] {
            assert!(both(left, right) >= 90, "{left} / {right}: {}", both(left, right));
        }
        assert!(both("Mary Jones", "Peter Smith") < 50);
        assert!(both("Mary Jones", "Peter Jones") < 80);
        assert_eq!(both("", "Peter Smith"), 0);
    }
}
