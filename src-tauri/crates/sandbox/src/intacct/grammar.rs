//! Element order: lower-case functions are sequences, and the gateway refuses a child out of place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::xml::Element;

#[derive(Clone, Debug)]
enum Model {
    Name(String),
    Sequence(Vec<Model>),
    Choice(Vec<Model>),
    Repeat { inner: Box<Model>, at_least: usize, at_most: usize },
}

/// The first child out of place: the element at fault, what was expected there, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplaced {
    pub element: String,
    pub expected: Vec<String>,
    pub missing: bool,
    pub offset: usize,
}

impl Misplaced {
    /// The sentence of a schema validator.
    pub fn text(&self) -> String {
        let expected = match self.expected.as_slice() {
            [] => String::new(),
            [one] => format!(" Expected is ( {one} )."),
            many => format!(" Expected is one of ( {} ).", many.join(", ")),
        };
        if self.missing {
            format!("Element '{}': Missing child element(s).{expected}", self.element)
        } else {
            format!("Element '{}': This element is not expected.{expected}", self.element)
        }
    }
}

fn models() -> &'static BTreeMap<String, Model> {
    static MODELS: OnceLock<BTreeMap<String, Model>> = OnceLock::new();
    MODELS.get_or_init(|| {
        include_str!("grammar.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" := "))
            .map(|(name, model)| (name.to_owned(), Parser { tokens: tokens(model), at: 0 }.choice()))
            .collect()
    })
}

fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if "(),|?*+".contains(c) || c.is_whitespace() {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if !c.is_whitespace() {
                out.push(c.to_string());
            }
        } else {
            word.push(c);
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map(String::as_str).unwrap_or_default()
    }

    fn choice(&mut self) -> Model {
        let mut options = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            options.push(self.sequence());
        }
        if options.len() == 1 { options.remove(0) } else { Model::Choice(options) }
    }

    fn sequence(&mut self) -> Model {
        let mut parts = vec![self.counted()];
        while self.peek() == "," {
            self.at += 1;
            parts.push(self.counted());
        }
        if parts.len() == 1 { parts.remove(0) } else { Model::Sequence(parts) }
    }

    fn counted(&mut self) -> Model {
        let inner = if self.peek() == "(" {
            self.at += 1;
            let inner = self.choice();
            self.at += 1;
            inner
        } else {
            let name = self.peek().to_owned();
            self.at += 1;
            Model::Name(name)
        };
        let (at_least, at_most) = match self.peek() {
            "?" => (0, 1),
            "*" => (0, usize::MAX),
            "+" => (1, usize::MAX),
            _ => return inner,
        };
        self.at += 1;
        Model::Repeat { inner: Box::new(inner), at_least, at_most }
    }
}

/// What the matcher wanted at the farthest place it reached.
#[derive(Default)]
struct Farthest {
    at: usize,
    expected: BTreeSet<String>,
}

impl Model {
    fn ends(&self, names: &[&str], from: usize, farthest: &mut Farthest) -> BTreeSet<usize> {
        match self {
            Model::Name(name) => {
                if names.get(from) == Some(&name.as_str()) {
                    return BTreeSet::from([from + 1]);
                }
                if from > farthest.at {
                    *farthest = Farthest { at: from, expected: BTreeSet::new() };
                }
                if from == farthest.at {
                    farthest.expected.insert(name.clone());
                }
                BTreeSet::new()
            }
            Model::Sequence(parts) => {
                let mut ends = BTreeSet::from([from]);
                for part in parts {
                    ends = ends.into_iter().flat_map(|at| part.ends(names, at, farthest)).collect();
                }
                ends
            }
            Model::Choice(options) => options.iter().flat_map(|option| option.ends(names, from, farthest)).collect(),
            Model::Repeat { inner, at_least, at_most } => {
                let mut all = BTreeSet::new();
                let mut now = BTreeSet::from([from]);
                let mut count = 0;
                loop {
                    if count >= *at_least {
                        all.extend(&now);
                    }
                    if count == *at_most {
                        return all;
                    }
                    let next: BTreeSet<usize> = now.iter().flat_map(|at| inner.ends(names, *at, farthest)).collect();
                    let next: BTreeSet<usize> = next.difference(&all).copied().collect();
                    if next.is_empty() {
                        return all;
                    }
                    now = next;
                    count += 1;
                }
            }
        }
    }
}

/// Whether children of this element are checked at all.
pub fn knows(name: &str) -> bool {
    models().contains_key(name)
}

/// Checks an element's children, and theirs, against the published order.
pub fn check(element: &Element) -> Result<(), Misplaced> {
    if let Some(model) = models().get(&element.name) {
        let names: Vec<&str> = element.children.iter().map(|child| child.name.as_str()).collect();
        let mut farthest = Farthest::default();
        let ends = model.ends(&names, 0, &mut farthest);
        if !ends.contains(&names.len()) {
            // the matcher may have ended before the farthest place it looked at
            let at = farthest.at.max(ends.iter().max().copied().unwrap_or(0));
            let expected: Vec<String> =
                if at == farthest.at { farthest.expected.into_iter().collect() } else { Vec::new() };
            return Err(match element.children.get(at) {
                Some(child) => {
                    Misplaced { element: child.name.clone(), expected, missing: false, offset: child.offset }
                }
                None => Misplaced { element: element.name.clone(), expected, missing: true, offset: element.offset },
            });
        }
    }
    element.children.iter().try_for_each(check)
}
