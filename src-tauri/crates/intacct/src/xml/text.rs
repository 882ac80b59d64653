use std::borrow::Cow;

/// An element that lost characters on its way out, because XML 1.0 cannot carry them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    pub element: String,
    pub characters: usize,
}

/// XML 1.0, production 2 (Char). U+0001 or U+FFFE would make the gateway refuse the whole request.
pub fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

pub(super) fn illegal(character: char) -> bool {
    !is_legal(character)
}

/// Whether nothing in it is illegal, which is nearly always so and told from the bytes alone.
pub(super) fn all_legal(text: &str) -> bool {
    // Without a way out of the loop it is done many bytes at a time.
    let suspect = text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == 0xEF));
    !suspect || text.chars().all(is_legal)
}

/// The text without the characters XML forbids, and how many there were.
pub fn xml_text(text: &str) -> (Cow<'_, str>, usize) {
    if all_legal(text) {
        return (Cow::Borrowed(text), 0);
    }
    let illegal = text.chars().filter(|&it| illegal(it)).count();
    (Cow::Owned(text.chars().filter(|&it| is_legal(it)).collect()), illegal)
}
