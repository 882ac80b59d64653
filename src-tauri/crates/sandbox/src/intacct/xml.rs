//! A request as a tree, each element with the place it stood, so that errors can say line and column.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::Event;

use super::text::escape;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
    /// Byte offset of the end of the start tag.
    pub offset: usize,
}

impl Element {
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Text of a child; none when the child is absent.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// Text of a child; none when absent or empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|text| !text.is_empty())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.filled(name).map(str::to_owned)
    }

    pub fn or_empty(&self, name: &str) -> String {
        self.filled(name).unwrap_or_default().to_owned()
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.name);
        for (key, value) in &self.attributes {
            let _ = write!(out, " {key}=\"{}\"", escape(value));
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        if self.children.is_empty() {
            out.push_str(&escape(&self.text));
        }
        for child in &self.children {
            child.write(out);
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

/// Why a document is no XML: what the parser says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    pub text: String,
    pub offset: usize,
}

/// Line and column of a byte, both from 1.
pub fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// Bytes to text: UTF-8, or Latin-1 when the declaration says so.
pub fn decode(bytes: &[u8]) -> Result<String, Malformed> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).to_ascii_lowercase();
    if head.contains("encoding=\"iso-8859-1\"") {
        return Ok(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    String::from_utf8(bytes.to_vec()).map_err(|error| Malformed {
        text: "Input is not proper UTF-8, indicate encoding !".to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}

fn legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

pub fn parse(source: &str) -> Result<Element, Malformed> {
    if let Some((offset, c)) = source.char_indices().find(|(_, c)| !legal(*c)) {
        return Err(Malformed { text: format!("PCDATA invalid Char value {}", u32::from(c)), offset });
    }
    let mut reader = Reader::from_str(source);
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event().map_err(|error| Malformed { text: error.to_string(), offset: at(&reader) })?;
        let offset = at(&reader);
        let fail = |text: &str| Malformed { text: text.to_owned(), offset };
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                if root.is_some() {
                    return Err(fail("Extra content at the end of the document"));
                }
                let mut element = Element { name: tag.name().into_inner().to_owned(), offset, ..Element::default() };
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|error| fail(&error.to_string()))?;
                    let value = attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .map_err(|error| fail(&error.to_string()))?;
                    element.attributes.push((attribute.key.into_inner().to_owned(), value.into_owned()));
                }
                if matches!(event, Event::Empty(_)) {
                    close(element, &mut open, &mut root);
                } else {
                    open.push(element);
                }
            }
            Event::End(_) => {
                let element = open.pop().ok_or_else(|| fail("Unexpected end tag"))?;
                close(element, &mut open, &mut root);
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content(), &fail)?,
            Event::CData(text) => add_text(&mut open, &text.xml10_content(), &fail)?,
            Event::GeneralRef(reference) => {
                let value = match reference.resolve_char_ref().map_err(|error| fail(&error.to_string()))? {
                    Some(c) if legal(c) => c.to_string(),
                    Some(c) => return Err(fail(&format!("xmlParseCharRef: invalid xmlChar value {}", u32::from(c)))),
                    None => match &*reference {
                        "amp" => "&".to_owned(),
                        "lt" => "<".to_owned(),
                        "gt" => ">".to_owned(),
                        "quot" => "\"".to_owned(),
                        "apos" => "'".to_owned(),
                        other => return Err(fail(&format!("Entity '{other}' not defined"))),
                    },
                };
                add_text(&mut open, &value, &fail)?;
            }
            Event::DocType(_) => return Err(fail("DOCTYPE is not allowed")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    let end = source.len();
    if let Some(unclosed) = open.pop() {
        return Err(Malformed { text: format!("Premature end of data in tag {}", unclosed.name), offset: end });
    }
    root.ok_or_else(|| Malformed { text: "Document is empty".to_owned(), offset: 0 })
}

fn close(mut element: Element, open: &mut [Element], root: &mut Option<Element>) {
    if !element.children.is_empty() {
        element.text.clear();
    }
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
    }
}

fn add_text(open: &mut [Element], text: &str, fail: &dyn Fn(&str) -> Malformed) -> Result<(), Malformed> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(fail("Start tag expected, '<' not found")),
    }
    Ok(())
}
