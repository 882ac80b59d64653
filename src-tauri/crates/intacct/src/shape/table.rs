use super::content::{Content, Said};
use crate::xml::XmlWriter;

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    required: bool,
    many: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    /// `03/31/2025`
    Day,
    /// `<year>2025</year><month>03</month><day>31</day>`
    DayParts,
    Group(&'static [Part]),
    /// On the opening tag of what it stands in.
    Attribute,
    /// Fields of a company's own making.
    OwnFields,
    /// Rows that several tables share.
    Rows(&'static [Part]),
    /// No element: of these, one and only one is said.
    OneOf(&'static [&'static str]),
    /// No element: of these, no two are said together.
    NotBoth(&'static [&'static str]),
}

/// A function as the gateway knows it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// `create` or `update` around the object; nothing around a legacy function.
    pub(super) verb: Option<&'static str>,
    pub(crate) part: Part,
}

/// What was to be said does not fit the table. Always a fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    #[error("{inside} has no element {name}")]
    Unknown { inside: &'static str, name: String },
    #[error("{inside} needs {name}")]
    Missing { inside: &'static str, name: &'static str },
    #[error("{inside} takes one {name}, {count} were given")]
    TooMany { inside: &'static str, name: &'static str, count: usize },
    #[error("{inside} takes one of {names}, {count} were given")]
    OneOf { inside: &'static str, names: String, count: usize },
    #[error("{name} in {inside} holds something of another kind")]
    OtherKind { inside: &'static str, name: &'static str },
}

const fn part(name: &'static str, kind: Kind) -> Part {
    Part { name, kind, required: false, many: false }
}

pub(super) const fn text(name: &'static str) -> Part {
    part(name, Kind::Text)
}

pub(super) const fn day(name: &'static str) -> Part {
    part(name, Kind::Day)
}

pub(super) const fn day_parts(name: &'static str) -> Part {
    part(name, Kind::DayParts)
}

pub(super) const fn group(name: &'static str, parts: &'static [Part]) -> Part {
    part(name, Kind::Group(parts))
}

pub(super) const fn attribute(name: &'static str) -> Part {
    part(name, Kind::Attribute)
}

pub(super) const fn own_fields() -> Part {
    part("", Kind::OwnFields)
}

pub(super) const fn rows(parts: &'static [Part]) -> Part {
    part("", Kind::Rows(parts))
}

pub(super) const fn one_of(names: &'static [&'static str]) -> Part {
    part("", Kind::OneOf(names))
}

pub(super) const fn not_both(names: &'static [&'static str]) -> Part {
    part("", Kind::NotBoth(names))
}

pub(super) const fn need(part: Part) -> Part {
    Part { required: true, ..part }
}

pub(super) const fn many(part: Part) -> Part {
    Part { many: true, ..part }
}

impl Function {
    pub(super) const fn legacy(name: &'static str, parts: &'static [Part]) -> Function {
        Function { verb: None, part: group(name, parts) }
    }

    pub(super) const fn generic(verb: &'static str, object: &'static str, parts: &'static [Part]) -> Function {
        Function { verb: Some(verb), part: group(object, parts) }
    }

    /// `create_invoice`, or `create ARPYMT`.
    pub fn name(&self) -> String {
        match self.verb {
            Some(verb) => format!("{verb} {}", self.part.name),
            None => self.part.name.to_owned(),
        }
    }

    pub(crate) fn write(&self, content: &Content, out: &mut XmlWriter) -> Result<(), ShapeError> {
        let Some(verb) = self.verb else { return self.part.write_group(content, out) };
        let mut written = Ok(());
        out.group(verb, |out| written = self.part.write_group(content, out));
        written
    }
}

impl Part {
    fn parts(&self) -> &'static [Part] {
        match self.kind {
            Kind::Group(parts) => parts,
            _ => &[],
        }
    }

    /// The rows of this group, shared ones in their places.
    #[cfg(test)]
    pub(crate) fn rows(&self) -> Vec<&'static Part> {
        flat(self.parts())
    }

    #[cfg(test)]
    pub(crate) fn row(&self, name: &str) -> Option<&'static Part> {
        self.rows().into_iter().find(|it| it.name == name)
    }

    pub(crate) fn write_group(&self, content: &Content, out: &mut XmlWriter) -> Result<(), ShapeError> {
        check(self.name, self.parts(), content)?;
        let mut attributes = Vec::new();
        for attribute in flat(self.parts()).into_iter().filter(|it| matches!(it.kind, Kind::Attribute)) {
            match content.said.iter().find(|(name, _)| name == attribute.name) {
                Some((_, Said::Text(text))) => attributes.push((attribute.name, text.as_str())),
                Some(_) => return Err(ShapeError::OtherKind { inside: self.name, name: attribute.name }),
                None => {}
            }
        }
        let mut written = Ok(());
        out.element(self.name, &attributes, |out| {
            written = flat(self.parts()).into_iter().try_for_each(|part| part.write_all(self.name, content, out));
        });
        written
    }

    /// Everything that was said under this row's name.
    fn write_all(&self, inside: &'static str, content: &Content, out: &mut XmlWriter) -> Result<(), ShapeError> {
        for (name, said) in &content.said {
            match (self.kind, said) {
                (Kind::OwnFields, Said::Own(text)) => out.text(name, text),
                (Kind::OwnFields | Kind::Attribute, _) => {}
                (_, _) if name != self.name => {}
                (Kind::Text, Said::Text(text)) => out.text(self.name, text),
                (Kind::Day, Said::Day(day)) => out.date(self.name, *day),
                (Kind::DayParts, Said::Day(day)) => out.date_parts(self.name, *day),
                (Kind::Group(_), Said::Group(content)) => self.write_group(content, out)?,
                (_, Said::Nothing) => out.flag(self.name),
                _ => return Err(ShapeError::OtherKind { inside, name: self.name }),
            }
        }
        Ok(())
    }
}

/// A table with its shared rows in their places.
fn flat(parts: &'static [Part]) -> Vec<&'static Part> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match part.kind {
            Kind::Rows(shared) => all.extend(flat(shared)),
            _ => all.push(part),
        }
    }
    all
}

fn check(inside: &'static str, parts: &'static [Part], content: &Content) -> Result<(), ShapeError> {
    let parts = flat(parts);
    let takes_own = parts.iter().any(|it| matches!(it.kind, Kind::OwnFields));
    for (name, said) in &content.said {
        let known = match said {
            Said::Own(_) => takes_own && parts.iter().all(|it| it.name != name),
            _ => parts.iter().any(|it| !it.name.is_empty() && it.name == name),
        };
        if !known {
            return Err(ShapeError::Unknown { inside, name: name.clone() });
        }
    }
    let count = |name: &str| content.said.iter().filter(|(it, _)| it == name).count();
    for part in parts {
        match part.kind {
            Kind::OneOf(names) | Kind::NotBoth(names) => {
                let given = names.iter().filter(|it| count(it) > 0).count();
                let least = usize::from(matches!(part.kind, Kind::OneOf(_)));
                if given < least || given > 1 {
                    return Err(ShapeError::OneOf { inside, names: names.join(", "), count: given });
                }
            }
            Kind::OwnFields | Kind::Rows(_) => {}
            _ => match count(part.name) {
                0 if part.required => return Err(ShapeError::Missing { inside, name: part.name }),
                more @ 2.. if !part.many => {
                    return Err(ShapeError::TooMany { inside, name: part.name, count: more });
                }
                _ => {}
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{CREATE_INVOICE, FUNCTIONS};
    use super::*;
    use jiff::civil::date;

    fn invoice() -> Content {
        let line = Content::new().text("amount", "1.00").text("glaccountno", "4000");
        Content::new()
            .group("invoiceitems", Content::new().each("lineitem", [line]))
            .text("termname", "N30")
            .day("datecreated", date(2025, 3, 31))
            .text("customerid", "C-1")
    }

    fn written(content: &Content) -> Result<String, ShapeError> {
        let mut out = XmlWriter::new();
        CREATE_INVOICE.write(content, &mut out).map(|()| out.finish().0)
    }

    #[test]
    fn what_is_said_in_any_order_is_written_in_the_functions_own() {
        assert_eq!(
            written(&invoice()).unwrap(),
            "<create_invoice><customerid>C-1</customerid><datecreated><year>2025</year><month>03</month><day>31</day>\
             </datecreated><termname>N30</termname><invoiceitems><lineitem><glaccountno>4000</glaccountno>\
             <amount>1.00</amount></lineitem></invoiceitems></create_invoice>"
        );
    }

    #[test]
    fn what_does_not_fit_the_table_is_refused_by_name() {
        for (content, why) in [
            (invoice().text("onhold", "true"), "create_invoice has no element onhold"),
            (Content::new().text("customerid", "C"), "create_invoice needs datecreated"),
            (invoice().text("customerid", "C-2"), "create_invoice takes one customerid, 2 were given"),
            (
                invoice().day("invoiceno", date(2025, 3, 31)),
                "invoiceno in create_invoice holds something of another kind",
            ),
            (
                invoice().group("billto", Content::new().text("contactname", "Jane").text("city", "X")),
                "billto has no element city",
            ),
        ] {
            assert_eq!(written(&content).unwrap_err().to_string(), why);
        }
        let both = Content::new().text("accountlabel", "A").text("glaccountno", "4000").text("amount", "1");
        let mut content = invoice();
        content.said.remove(0);
        let content = content.group("invoiceitems", Content::new().each("lineitem", [both]));
        assert_eq!(
            written(&content).unwrap_err().to_string(),
            "lineitem takes one of accountlabel, glaccountno, 2 were given"
        );
    }

    #[test]
    fn no_table_names_an_element_twice() {
        fn look(part: &Part) {
            let parts = flat(part.parts());
            let names: Vec<_> = parts.iter().map(|it| it.name).filter(|it| !it.is_empty()).collect();
            let mut once = names.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), names.len(), "{}: {names:?}", part.name);
            parts.into_iter().for_each(look);
        }
        FUNCTIONS.iter().for_each(|it| look(&it.part));
    }
}
