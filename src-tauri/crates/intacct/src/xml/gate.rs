use super::node::{Element, Node};
use super::text::xml_text;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;
use std::io::BufRead;

/// No reply we ask for comes near this: 2,000 records of 100 fields are about 10 MB.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
pub const MAX_DEPTH: usize = 64;
pub const MAX_ELEMENTS: usize = 1_000_000;
const MAX_ATTRIBUTES: usize = 64;

/// Why a document was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("the reply is larger than {} MB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("the reply is nested deeper than {MAX_DEPTH} elements")]
    TooDeep,
    #[error("the reply has more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    #[error("an element of the reply has more than {MAX_ATTRIBUTES} attributes")]
    TooManyAttributes,
    #[error("the reply is not UTF-8 text")]
    NotUtf8,
    #[error("the reply says it is encoded as {0}; only UTF-8 is read")]
    Encoding(String),
    #[error("it is a web page, not Intacct's XML: a sign-in page of this network, or a proxy, answers in its place")]
    WebPage,
    #[error("the reply contains a document type declaration, which is never read")]
    DocType,
    #[error("the reply contains a processing instruction, which is never read")]
    ProcessingInstruction,
    #[error("the reply uses the undefined entity &{0};")]
    Entity(String),
    #[error("the reply ends in the middle")]
    Truncated,
    #[error("the reply goes on after its end")]
    Trailing,
    #[error("the reply is empty")]
    Empty,
    #[error("the reply is not well-formed XML: {0}")]
    Malformed(String),
}

/// Reads one whole document, or says why not. Never touches the network or a file, never expands an entity
/// beyond XML's own five.
pub fn parse(bytes: &[u8]) -> Result<Node, XmlError> {
    borrowed(bytes).map(Element::into_owned)
}

/// The same without copying what the bytes hold already.
pub fn borrowed(bytes: &[u8]) -> Result<Element<'_>, XmlError> {
    if bytes.len() > MAX_BYTES {
        return Err(XmlError::TooLarge);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(XmlError::Encoding("UTF-16".into()));
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| match error.error_len() {
        None => XmlError::Truncated, // cut inside a character
        Some(_) => XmlError::NotUtf8,
    })?;
    if is_web_page(text) {
        return Err(XmlError::WebPage);
    }
    tree(text, true)
}

/// `in_one` takes elements that hold nothing but plain text in one step; a test holds both ways against each other.
fn tree(text: &str, in_one: bool) -> Result<Element<'_>, XmlError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut building = Building { whole: text, stack: Vec::new(), open: Vec::new(), root: None, elements: 0 };
    let mut behind_tag = false;
    loop {
        if behind_tag && in_one {
            while let Some(field) = rest(text, &reader).and_then(plain_field)
                && building.field(&field)?
            {
                reader.stream().consume(field.length);
            }
        }
        let event = reader.read_event().map_err(|error| malformed(&error))?;
        behind_tag = matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_));
        match event {
            Event::Decl(decl) => {
                if let Some(encoding) = decl.encoding() {
                    let encoding = encoding.map_err(|error| XmlError::Malformed(error.to_string()))?;
                    if !encoding.eq_ignore_ascii_case("utf-8") {
                        return Err(XmlError::Encoding(encoding.into_owned()));
                    }
                }
            }
            Event::DocType(_) => return Err(XmlError::DocType),
            Event::PI(_) => return Err(XmlError::ProcessingInstruction),
            Event::Comment(_) => {}
            Event::Start(start) => building.open(&start)?,
            Event::Empty(start) => {
                building.open(&start)?;
                building.close()?;
            }
            Event::End(_) => building.close()?,
            Event::Text(text) => building.text(text.xml10_content())?,
            Event::CData(text) => building.text(text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref().map_err(|error| malformed(&error))? {
                    Some(character) => character,
                    None => predefined(&reference).ok_or_else(|| XmlError::Entity(reference.to_string()))?,
                };
                building.text(Cow::Owned(resolved.to_string()))?;
            }
            Event::Eof => return building.finish(),
        }
    }
}

fn rest<'a>(text: &'a str, reader: &Reader<&[u8]>) -> Option<&'a str> {
    text.get(usize::try_from(reader.buffer_position()).ok()?..)
}

/// An element that holds nothing but text that stands for itself, which nearly every field of a record is.
struct PlainField<'a> {
    name: &'a str,
    text: &'a str,
    /// Of the whole of it, both tags included.
    length: usize,
}

/// `<NAME>text</NAME>` at the very beginning: no attribute, no reference, nothing that the general way would change or refuse.
fn plain_field(text: &str) -> Option<PlainField<'_>> {
    let inside = text.strip_prefix('<')?;
    let length = inside.bytes().position(|it| !(it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.')))?;
    let (name, rest) = inside.split_at(length);
    let rest = rest.strip_prefix('>').filter(|_| !name.is_empty())?;
    let end = rest.find('<')?;
    let (held, rest) = rest.split_at(end);
    let after = rest.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
    // References, line ends and what XML cannot carry; without a way out of the loop it is done many bytes at a time.
    let special = held.bytes().fold(false, |found, it| found | (it == b'&') | (it < b' ') | (it == 0xEF));
    (!special).then_some(PlainField { name, text: held, length: text.len() - after.len() })
}

/// A proxy, a sign-in page or a wrong address answers in HTML.
fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(14).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Anything that stops because the bytes stop is one error, wherever the cut fell.
fn malformed(error: &quick_xml::Error) -> XmlError {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match error {
        quick_xml::Error::Syntax(
            SyntaxError::UnclosedPI
            | SyntaxError::UnclosedXmlDecl
            | SyntaxError::UnclosedComment
            | SyntaxError::UnclosedDoctype
            | SyntaxError::UnclosedCData
            | SyntaxError::UnclosedTag
            | SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => XmlError::Truncated,
        quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_)) => XmlError::Truncated,
        other => XmlError::Malformed(other.to_string()),
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// A name as part of the document it stands in; events lend theirs for too short a time.
fn part_of<'a>(whole: &'a str, part: &str) -> Cow<'a, str> {
    let begin = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    match begin.checked_add(part.len()).and_then(|end| whole.get(begin..end)) {
        Some(found) => Cow::Borrowed(found),
        None => Cow::Owned(part.to_owned()),
    }
}

/// The elements whose parents are still open, in the order they began, and the finished root.
struct Building<'a> {
    whole: &'a str,
    stack: Vec<Element<'a>>,
    /// Which of the stack are open, outermost first: what stands behind one of them is inside it.
    open: Vec<usize>,
    root: Option<Element<'a>>,
    elements: usize,
}

impl<'a> Building<'a> {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        if self.root.is_some() {
            return Err(XmlError::Trailing);
        }
        if self.open.len() == MAX_DEPTH {
            return Err(XmlError::TooDeep);
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooManyElements);
        }
        let mut attributes = Vec::new();
        let marked = !start.attributes_raw().is_empty();
        for attribute in start.attributes().take_while(|_| marked) {
            if attributes.len() == MAX_ATTRIBUTES {
                return Err(XmlError::TooManyAttributes);
            }
            let attribute = attribute.map_err(|error| XmlError::Malformed(error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| malformed(&error))?;
            attributes.push((Cow::Owned(attribute.key.0.to_owned()), Cow::Owned(value.into_owned())));
        }
        let name = part_of(self.whole, start.name().0);
        self.open.push(self.stack.len());
        self.stack.push(Element { name, attributes, ..Element::default() });
        Ok(())
    }

    /// False where a limit or a place speaks against it, which is then said by the general way.
    fn field(&mut self, field: &PlainField<'a>) -> Result<bool, XmlError> {
        if self.open.is_empty() || self.open.len() == MAX_DEPTH {
            return Ok(false);
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(XmlError::TooManyElements);
        }
        let (name, text) = (Cow::Borrowed(field.name), Cow::Borrowed(field.text));
        self.stack.push(Element { name, text, ..Element::default() });
        Ok(true)
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let at = self.open.pop().ok_or_else(|| XmlError::Malformed("an element ends that never began".into()))?;
        if self.stack.len() > at + 1 {
            let children = self.stack.split_off(at + 1);
            let node = &mut self.stack[at];
            node.children = children;
            if node.text.trim().is_empty() {
                node.text = Cow::Borrowed("");
            }
        }
        if self.open.is_empty() {
            self.root = self.stack.pop();
        }
        Ok(())
    }

    fn text(&mut self, text: Cow<'a, str>) -> Result<(), XmlError> {
        match self.open.last() {
            Some(&at) => {
                let node = &mut self.stack[at];
                let text = match text {
                    Cow::Borrowed(text) => xml_text(text).0,
                    Cow::Owned(text) => Cow::Owned(xml_text(&text).0.into_owned()),
                };
                if node.text.is_empty() {
                    node.text = text;
                } else {
                    node.text.to_mut().push_str(&text);
                }
                Ok(())
            }
            None if text.trim().is_empty() => Ok(()),
            None if self.root.is_some() => Err(XmlError::Trailing),
            None => Err(XmlError::Malformed("text before the first element".into())),
        }
    }

    fn finish(self) -> Result<Element<'a>, XmlError> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            Some(_) => Err(XmlError::Truncated),
            None if self.open.is_empty() => Err(XmlError::Empty),
            None => Err(XmlError::Truncated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{XmlWriter, xml_text};
    use proptest::prelude::*;

    #[test]
    fn hostile_documents_are_refused_by_name() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><r>&b;</r>";
        let deep = format!("{}{}", "<a>".repeat(MAX_DEPTH + 1), "</a>".repeat(MAX_DEPTH + 1));
        let wide: String = (0..400).map(|it| format!(" a{it}=\"\"")).collect();
        for (document, why) in [
            (bomb.to_owned(), XmlError::DocType),
            ("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>".to_owned(), XmlError::DocType),
            ("<r>&file;</r>".to_owned(), XmlError::Entity("file".into())),
            ("<?xml-stylesheet href=\"x\"?><r/>".to_owned(), XmlError::ProcessingInstruction),
            (deep, XmlError::TooDeep),
            (format!("<r{wide}/>"), XmlError::TooManyAttributes),
            ("<r/><r/>".to_owned(), XmlError::Trailing),
            ("<r/>more".to_owned(), XmlError::Trailing),
            ("<r><a>".to_owned(), XmlError::Truncated),
            ("<r><a".to_owned(), XmlError::Truncated),
            (" ".to_owned(), XmlError::Empty),
            ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r/>".to_owned(), XmlError::Encoding("ISO-8859-1".into())),
        ] {
            assert_eq!(parse(document.as_bytes()), Err(why), "{}", document.chars().take(60).collect::<String>());
        }
        assert_eq!(parse(b"<r>\xE9</r>"), Err(XmlError::NotUtf8));
        assert_eq!(parse(b"\xFF\xFE<\0r\0"), Err(XmlError::Encoding("UTF-16".into())));
        for page in [&b"<html><body><p>Sign in<br></body></html>"[..], b"\n<!DOCTYPE HTML><title>Proxy"] {
            assert_eq!(parse(page), Err(XmlError::WebPage));
        }
        assert!(matches!(parse(b"<response><p>Sign in<br></p></response>"), Err(XmlError::Malformed(_))));
        assert!(matches!(parse(b"<r><a></b></r>"), Err(XmlError::Malformed(_))));
    }

    #[test]
    fn a_field_at_the_depth_that_is_allowed_is_read_and_one_below_is_not() {
        for (depth, inside) in [(MAX_DEPTH - 1, Ok(())), (MAX_DEPTH, Err(XmlError::TooDeep))] {
            let document = format!("{}<f>1</f>{}", "<a>".repeat(depth), "</a>".repeat(depth));
            assert_eq!((tree(&document, true).map(drop), tree(&document, false).map(drop)), (inside.clone(), inside));
        }
        let many = format!("<r>{}</r>", "<a>1</a>".repeat(MAX_ELEMENTS));
        assert_eq!(parse(many.as_bytes()), Err(XmlError::TooManyElements));
    }

    #[test]
    fn size_is_capped() {
        let mut huge = vec![b' '; MAX_BYTES + 1];
        huge[0] = b'<';
        assert_eq!(parse(&huge), Err(XmlError::TooLarge));
        let many = format!("<r>{}</r>", "<a/>".repeat(MAX_ELEMENTS));
        assert_eq!(parse(many.as_bytes()), Err(XmlError::TooManyElements));
    }

    #[test]
    fn both_spellings_of_nothing_are_one() {
        let node = parse(b"<r> <a></a> <b/> <c>1</c> </r>").unwrap();
        assert_eq!((node.text_of("a"), node.text_of("b"), node.text_of("c")), (None, None, Some("1")));
        assert_eq!(node.text, "");
    }

    #[test]
    fn entities_are_resolved_once() {
        let node = parse(b"<r>that&#039;s &amp;lt; &#x20AC;<![CDATA[<x>]]></r>").unwrap();
        assert_eq!(node.text, "that's &lt; \u{20AC}<x>");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(text in any::<String>(), attribute in any::<String>()) {
            let mut out = XmlWriter::new();
            out.element("r", &[("a", &attribute)], |out| out.text("t", &text));
            let (document, dropped) = out.finish();
            let node = parse(document.as_bytes()).unwrap();
            let (kept, lost) = xml_text(&text);
            prop_assert_eq!(node.child("t").map_or("", |it| it.text.as_ref()), kept.as_ref());
            let (kept_attribute, _) = xml_text(&attribute);
            prop_assert_eq!(node.attribute("a"), Some(kept_attribute.as_ref()));
            let reported: usize = dropped.iter().filter(|it| it.element == "t").map(|it| it.characters).sum();
            prop_assert_eq!(reported, lost);
            prop_assert_eq!(&parse(node.to_xml().as_bytes()).unwrap(), &node);
            prop_assert_eq!(node.to_xml(), parse(document.as_bytes()).unwrap().to_xml());
            // Written as the writer writes it.
            prop_assert_eq!(node.to_xml(), document);
        }

        #[test]
        fn fields_taken_in_one_step_come_out_as_the_general_way_says(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<a>", "</a>", "<b>", "</b>", "<a.B_1>", "</a.B_1>", "<a >", "</a >", "<a/>", "<a x=\"1\">", "<ab>", "</ab>",
                "text", " ", "\r\n", "&amp;", "&x;", "&#1;", "\u{1}", "\u{FFFE}", "é", ">", "]]>", "<!-- c -->",
                "<![CDATA[<a>]]>", "<?p?>", "<!DOCTYPE r>", "<", "</", "<a", "<a>1</a>", "<b>2</b>", "<a>3", "</a", "<:>", "</:>",
            ]), 0..24),
            whole in any::<bool>(),
        ) {
            let inside = parts.concat();
            let document = if whole { format!("<r>{inside}</r>") } else { inside };
            prop_assert_eq!(tree(&document, true), tree(&document, false), "{}", document);
        }

        #[test]
        fn no_bytes_make_the_gate_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }
    }
}
