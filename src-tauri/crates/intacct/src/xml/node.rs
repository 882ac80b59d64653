use super::XmlWriter;

/// One element as it was received. Children are always a list, so one record looks like many; an element
/// that holds elements has no text of its own beyond layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|it| it.name == name)
    }

    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |it| it.name == name)
    }

    /// The first element along a path of names below this one.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// The text of a child. `None` when it is missing or empty: Intacct writes both for "nothing".
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|it| it.text.trim()).filter(|it| !it.is_empty())
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The element again as XML, without layout.
    pub fn to_xml(&self) -> String {
        let mut out = XmlWriter::new();
        self.write(&mut out);
        out.finish().0
    }

    fn write(&self, out: &mut XmlWriter) {
        let attributes: Vec<_> = self.attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        out.element(&self.name, &attributes, |out| {
            if !self.text.is_empty() {
                out.raw_text(&self.name, &self.text);
            }
            for child in &self.children {
                child.write(out);
            }
        });
    }
}
