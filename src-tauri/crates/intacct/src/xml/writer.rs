use super::text::{Dropped, xml_text};
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use tieout_money::Money;

/// Writes elements in the order they are asked for, which is the order Intacct's legacy functions insist on.
/// Something that is not given is not written: an empty element may mean "clear this field".
pub struct XmlWriter {
    writer: Writer<Vec<u8>>,
    dropped: Vec<Dropped>,
}

impl XmlWriter {
    pub fn new() -> XmlWriter {
        XmlWriter { writer: Writer::new(Vec::new()), dropped: Vec::new() }
    }

    /// The document so far and what it could not carry.
    pub fn finish(self) -> (String, Vec<Dropped>) {
        let text = String::from_utf8(self.writer.into_inner()).expect("only strings were written");
        (text, self.dropped)
    }

    /// An element with attributes around what `inside` writes. Empty inside gives `<name/>`.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut XmlWriter)) {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            let value = self.legal(&format!("{name}@{key}"), value);
            let value = escape(value.as_str()).replace('\r', "&#13;").replace('\n', "&#10;").replace('\t', "&#9;");
            start.push_attribute(quick_xml::events::attributes::Attribute {
                key: quick_xml::name::QName(key),
                value: value.into(),
            });
        }
        let before = self.writer.get_mut().len();
        self.event(Event::Start(start.borrow()));
        let open = self.writer.get_mut().len();
        inside(self);
        if self.writer.get_mut().len() == open {
            self.writer.get_mut().truncate(before);
            self.event(Event::Empty(start));
        } else {
            self.event(Event::End(BytesEnd::new(name)));
        }
    }

    /// An element around others.
    pub fn group(&mut self, name: &str, inside: impl FnOnce(&mut XmlWriter)) {
        self.element(name, &[], inside);
    }

    /// An element that says something by being there: `<ascending/>`.
    pub fn flag(&mut self, name: &str) {
        self.element(name, &[], |_| {});
    }

    /// A text element; nothing at all when the text is empty.
    pub fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.element(name, &[], |out| out.raw_text(name, text));
        }
    }

    pub fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// The amount with exactly its currency's decimals.
    pub fn money(&mut self, name: &str, money: Money) {
        self.text(name, &money.amount_text());
    }

    /// A date as generic objects want it: `03/31/2025`.
    pub fn date(&mut self, name: &str, day: Date) {
        self.text(name, &us_date(day));
    }

    /// A date as legacy functions want it: year, month and day apart.
    pub fn date_parts(&mut self, name: &str, day: Date) {
        self.group(name, |out| {
            out.text("year", &format!("{:04}", day.year()));
            out.text("month", &format!("{:02}", day.month()));
            out.text("day", &format!("{:02}", day.day()));
        });
    }

    pub(crate) fn raw_text(&mut self, element: &str, text: &str) {
        let text = self.legal(element, text);
        // A bare CR would come back as LF (XML line-end rule).
        let escaped = escape(text.as_str()).replace('\r', "&#13;");
        self.event(Event::Text(BytesText::from_escaped(escaped)));
    }

    fn legal(&mut self, element: &str, text: &str) -> String {
        let (text, characters) = xml_text(text);
        if characters > 0 {
            self.dropped.push(Dropped { element: element.to_owned(), characters });
        }
        text.into_owned()
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("writing to memory cannot fail");
    }
}

impl Default for XmlWriter {
    fn default() -> Self {
        XmlWriter::new()
    }
}

pub(crate) fn us_date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year())
}
