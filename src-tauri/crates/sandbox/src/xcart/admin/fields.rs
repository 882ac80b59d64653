//! What a client wrote: its content type, its JSON, the type of each field, and the rules a value must keep.

use super::Media;
use super::refusal::Refusal;
use crate::xcart::exchange::Request;
use crate::xcart::json::decimal;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// The type a field must have; anything else is "misformatted" (text for a price, say).
#[derive(Clone, Copy)]
pub enum Type {
    Text,
    TextOrNull,
    Truth,
    Whole,
    WholeOrNull,
    Figure,
    List,
}

pub struct Fields(Map<String, Value>);

impl Fields {
    /// Content type, syntax, types: the checks that come before any rule.
    pub fn read(request: &Request, types: &[(&str, Type)]) -> Result<Fields, Refusal> {
        let content_type = request.content_type.as_deref().unwrap_or_default();
        let mime = content_type.split(';').next().unwrap_or_default().trim();
        if mime.is_empty() {
            return Err(Refusal::new(415, "The \"Content-Type\" header must exist."));
        }
        if !Media::ALL.iter().any(|(_, known)| mime.eq_ignore_ascii_case(known)) {
            let known = Media::ALL.map(|(_, mime)| format!("\"{mime}\"")).join(", ");
            return Err(Refusal::new(
                415,
                format!("The content-type \"{content_type}\" is not supported. Supported MIME types are {known}."),
            ));
        }
        let fields = match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => fields,
            Ok(Value::Array(rows)) if rows.is_empty() => Map::new(),
            Ok(_) => return Err(Refusal::misformatted()),
            Err(_) => return Err(Refusal::new(400, "Syntax error")),
        };
        let fits = |(name, kind): &(&str, Type)| fields.get(*name).is_none_or(|value| kind.fits(value));
        if types.iter().all(fits) { Ok(Fields(fields)) } else { Err(Refusal::misformatted()) }
    }

    /// None when the client did not send the field, which leaves it as it was.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.as_str().unwrap_or_default().to_owned())
    }

    pub fn truth(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    pub fn whole(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// Some(None) for a null that was sent.
    pub fn whole_or_null(&self, name: &str) -> Option<Option<u64>> {
        self.0.get(name).map(Value::as_u64)
    }

    pub fn figure(&self, name: &str) -> Option<Decimal> {
        self.0.get(name).and_then(decimal)
    }

    pub fn list(&self, name: &str) -> Option<&Vec<Value>> {
        self.0.get(name).and_then(Value::as_array)
    }
}

impl Type {
    fn fits(self, value: &Value) -> bool {
        match self {
            Type::Text => value.is_string(),
            Type::TextOrNull => value.is_string() || value.is_null(),
            Type::Truth => value.is_boolean(),
            Type::Whole => value.is_i64(),
            Type::WholeOrNull => value.is_i64() || value.is_null(),
            Type::Figure => value.is_number(),
            Type::List => value.is_array(),
        }
    }
}

/// The broken rules of one input, in Symfony's words.
pub struct Rules {
    class: &'static str,
    broken: String,
}

impl Rules {
    pub fn of(class: &'static str) -> Rules {
        Rules { class, broken: String::new() }
    }

    fn broke(&mut self, field: &str, message: &str, code: &str) {
        self.broken.push_str(&format!("Object({}).{field}:\n    {message} (code {code})\n", self.class));
    }

    pub fn not_blank(&mut self, field: &str, value: &str) -> &mut Rules {
        if value.is_empty() {
            self.broke(field, "This value should not be blank.", "c1051bb4-d103-4f74-8988-acbcafc7fdc3");
        }
        self
    }

    pub fn length(&mut self, field: &str, value: &str, least: usize, most: usize) -> &mut Rules {
        let plural = |count: usize| if count == 1 { "character" } else { "characters" };
        let length = value.chars().count();
        if length < least {
            let message = format!("This value is too short. It should have {least} {} or more.", plural(least));
            self.broke(field, &message, "9ff3fdc4-b214-49db-8718-39c315e33d45");
        }
        if length > most {
            let message = format!("This value is too long. It should have {most} {} or less.", plural(most));
            self.broke(field, &message, "d94b19cc-114f-4f44-9cc4-4138e80a87b9");
        }
        self
    }

    pub fn not_negative(&mut self, field: &str, value: Decimal) -> &mut Rules {
        if value < Decimal::ZERO {
            let message = "This value should be either positive or zero.";
            self.broke(field, message, "ea4e51d1-3342-48bd-87f1-9e672cd90cad");
        }
        self
    }

    pub fn email(&mut self, field: &str, value: &str) -> &mut Rules {
        let parts = value.split_once('@');
        if !value.is_empty() && !parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            let message = "This value is not a valid email address.";
            self.broke(field, message, "bd79c0ab-ddba-46cc-a703-a7a4b08de310");
        }
        self
    }

    pub fn choice(&mut self, field: &str, value: &str, choices: &[&str]) -> &mut Rules {
        if !choices.contains(&value) {
            let message = "The value you selected is not a valid choice.";
            self.broke(field, message, "8e179f1b-97aa-4560-a02f-2a8b42e49df7");
        }
        self
    }

    pub fn kept(&self) -> Result<(), Refusal> {
        if self.broken.is_empty() { Ok(()) } else { Err(Refusal::new(400, self.broken.clone())) }
    }
}
