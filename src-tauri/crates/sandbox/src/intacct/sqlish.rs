//! The where-clause of `readByQuery`: SQL-like text, read into the same filter that `query` uses.

use super::errors::Refusal;
use super::query::{Filter, Operator};

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(String),
}

fn bad(text: impl Into<String>) -> Refusal {
    Refusal::coded("DL02000001", format!("There was an error processing the request. {}", text.into()))
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c == '\'' || c == '"' {
            chars.next();
            let mut value = String::new();
            loop {
                match chars.next() {
                    None => return Err(bad("A quoted value is not closed.")),
                    // a quote inside is escaped with a backslash (reference/intacct.md 2.2)
                    Some('\\') => value.extend(chars.next()),
                    Some(end) if end == c => break,
                    Some(other) => value.push(other),
                }
            }
            out.push(Token::Text(value));
        } else if "()=<>!,".contains(c) {
            chars.next();
            let mut sign = c.to_string();
            if "<>!".contains(c)
                && let Some(&next) = chars.peek()
                && (next == '=' || (c == '<' && next == '>'))
            {
                sign.push(next);
                chars.next();
            }
            out.push(Token::Sign(sign));
        } else {
            let mut word = String::new();
            while let Some(&c) = chars.peek() {
                if c.is_whitespace() || "()=<>!,'".contains(c) {
                    break;
                }
                word.push(c);
                chars.next();
            }
            out.push(Token::Word(word));
        }
    }
    Ok(out)
}

/// No text means no filter.
pub fn parse(text: &str) -> Result<Option<Filter>, Refusal> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens, at: 0 };
    let filter = parser.any()?;
    if parser.at < parser.tokens.len() {
        return Err(bad("ORDER BY and other clauses are not part of a readByQuery filter."));
    }
    Ok(Some(filter))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(it)) if it.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(it)) if it == sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Filter, Refusal> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Or(parts) })
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::And(parts) })
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        if self.word("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.sign("(") {
            let inner = self.any()?;
            if !self.sign(")") {
                return Err(bad("A parenthesis is not closed."));
            }
            return Ok(inner);
        }
        let field = match self.tokens.get(self.at) {
            Some(Token::Word(field)) => field.clone(),
            _ => return Err(bad("A field name was expected.")),
        };
        self.at += 1;
        if self.word("is") {
            let operator = if self.word("not") { Operator::IsNotNull } else { Operator::IsNull };
            return if self.word("null") {
                Ok(Filter::Compare { field, operator, values: Vec::new() })
            } else {
                Err(bad("null was expected."))
            };
        }
        let negated = self.word("not");
        if self.word("in") {
            if !self.sign("(") {
                return Err(bad("in needs a list."));
            }
            let mut values = vec![self.value()?];
            while self.sign(",") {
                values.push(self.value()?);
            }
            if !self.sign(")") {
                return Err(bad("A list is not closed."));
            }
            let operator = if negated { Operator::NotIn } else { Operator::In };
            return Ok(Filter::Compare { field, operator, values });
        }
        if self.word("like") {
            let operator = if negated { Operator::NotLike } else { Operator::Like };
            return Ok(Filter::Compare { field, operator, values: vec![self.value()?] });
        }
        let sign = match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) => sign.clone(),
            _ => return Err(bad("An operator was expected.")),
        };
        self.at += 1;
        let operator = match sign.as_str() {
            "=" => Operator::Equal,
            "<>" | "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            other => return Err(bad(format!("Operator '{other}' is not known."))),
        };
        Ok(Filter::Compare { field, operator, values: vec![self.value()?] })
    }

    fn value(&mut self) -> Result<String, Refusal> {
        let value = match self.tokens.get(self.at) {
            Some(Token::Word(value) | Token::Text(value)) => value.clone(),
            _ => return Err(bad("A value was expected.")),
        };
        self.at += 1;
        Ok(value)
    }
}
