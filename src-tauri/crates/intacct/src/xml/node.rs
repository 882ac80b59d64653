use super::text::illegal;
use std::borrow::Cow;

/// One element as it was received. Children are always a list, so one record looks like many; an element
/// that holds elements has no text of its own beyond layout. It borrows from the bytes it was read from: a page of
/// 2,000 records is read without copying its names and texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element<'a> {
    pub name: Cow<'a, str>,
    pub attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub text: Cow<'a, str>,
    pub children: Vec<Element<'a>>,
}

/// An element that outlives the reply it came in.
pub type Node = Element<'static>;

impl<'a> Element<'a> {
    pub fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|it| it.name == name)
    }

    pub fn children_named<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Element<'a>> {
        self.children.iter().filter(move |it| it.name == name)
    }

    /// The first element along a path of names below this one.
    pub fn at(&self, path: &[&str]) -> Option<&Element<'a>> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// A child that most likely stands at this place, as it did in the record before.
    pub(crate) fn child_near(&self, place: usize, name: &str) -> Option<(usize, &Element<'a>)> {
        match self.children.get(place).filter(|it| it.name == name) {
            Some(child) => Some((place, child)),
            None => self.children.iter().enumerate().find(|(_, it)| it.name == name),
        }
    }

    /// The text of a child. `None` when it is missing or empty: Intacct writes both for "nothing".
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|it| it.text.trim()).filter(|it| !it.is_empty())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }

    pub fn into_owned(self) -> Node {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Element {
            name: own(self.name),
            attributes: self.attributes.into_iter().map(|(name, value)| (own(name), own(value))).collect(),
            text: own(self.text),
            children: self.children.into_iter().map(Element::into_owned).collect(),
        }
    }

    /// The element again as XML, without layout.
    pub fn to_xml(&self) -> String {
        let mut out = String::with_capacity(self.length());
        self.write(&mut out);
        out
    }

    /// As XML, when nothing has to be escaped.
    fn length(&self) -> usize {
        let attributes: usize = self.attributes.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let inside: usize = self.children.iter().map(Element::length).sum();
        2 * self.name.len() + 5 + self.text.len() + attributes + inside
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
        if self.text.is_empty() && self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        escape(&self.text, false, out);
        self.children.iter().for_each(|it| it.write(out));
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// As [`super::XmlWriter`] writes it, which a test holds it to.
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    let special = |byte: u8| {
        (byte < b' ')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'&')
            | (byte == b'\'')
            | (byte == b'"')
            | (byte == 0xEF)
    };
    // Nearly no text needs it, and a loop without a way out is done many bytes at a time.
    if !text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.bytes().position(special) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            match character {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '\'' => out.push_str("&apos;"),
                '"' => out.push_str("&quot;"),
                '\r' => out.push_str("&#13;"),
                '\n' if in_attribute => out.push_str("&#10;"),
                '\t' if in_attribute => out.push_str("&#9;"),
                other if illegal(other) => {}
                other => out.push(other),
            }
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}
