use jiff::civil::Date;
use tieout_money::Money;

/// What is to be said in a function or in a group of it, by the gateway's own names and in any order.
/// What is not given is not written: an empty element may mean "clear this field", and that is [`Content::clear`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub(super) said: Vec<(String, Said)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Text(String),
    Day(Date),
    Group(Content),
    Nothing,
    /// A field a company made for itself, on an object that has them beside Sage's.
    Own(String),
}

impl Content {
    pub fn new() -> Content {
        Content::default()
    }

    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    fn say(mut self, name: &str, said: Said) -> Content {
        self.said.push((name.to_owned(), said));
        self
    }

    /// Nothing at all when the text is empty.
    #[must_use]
    pub fn text(self, name: &str, text: &str) -> Content {
        if text.is_empty() { self } else { self.say(name, Said::Text(text.to_owned())) }
    }

    #[must_use]
    pub fn optional(self, name: &str, text: Option<&str>) -> Content {
        self.text(name, text.unwrap_or_default())
    }

    /// The amount with exactly its currency's decimals.
    #[must_use]
    pub fn money(self, name: &str, money: Money) -> Content {
        self.text(name, &money.amount_text())
    }

    #[must_use]
    pub fn flag(self, name: &str, flag: bool) -> Content {
        self.text(name, if flag { "true" } else { "false" })
    }

    /// Written as the function wants its dates.
    #[must_use]
    pub fn day(self, name: &str, day: Date) -> Content {
        self.say(name, Said::Day(day))
    }

    #[must_use]
    pub fn optional_day(self, name: &str, day: Option<Date>) -> Content {
        match day {
            Some(day) => self.day(name, day),
            None => self,
        }
    }

    /// An element around others; not written when there are none.
    #[must_use]
    pub fn group(self, name: &str, content: Content) -> Content {
        if content.is_empty() { self } else { self.say(name, Said::Group(content)) }
    }

    /// The same element for each of these, in their order.
    #[must_use]
    pub fn each(self, name: &str, contents: impl IntoIterator<Item = Content>) -> Content {
        contents.into_iter().fold(self, |it, content| it.say(name, Said::Group(content)))
    }

    #[must_use]
    pub fn texts<'a>(self, name: &str, texts: impl IntoIterator<Item = &'a str>) -> Content {
        texts.into_iter().fold(self, |it, text| it.text(name, text))
    }

    /// An empty element: takes away what the field held.
    #[must_use]
    pub fn clear(self, name: &str) -> Content {
        self.say(name, Said::Nothing)
    }

    /// A field the company made for itself, where the object has such fields as elements of their own.
    #[must_use]
    pub fn own_field(self, name: &str, text: &str) -> Content {
        self.say(name, Said::Own(text.to_owned()))
    }

    /// Said in another order; what is said more than once keeps its own.
    #[cfg(test)]
    pub(crate) fn shuffled(mut self) -> Content {
        self.said.sort_by(|one, other| other.0.chars().rev().cmp(one.0.chars().rev()));
        self
    }

    /// The same where they go by pairs: legacy functions.
    #[must_use]
    pub fn custom_field(name: &str, value: &str) -> Content {
        Content::new().text("customfieldname", name).text("customfieldvalue", value)
    }
}
