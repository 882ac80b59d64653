//! A request as X-Cart sees it and the reply it makes, with HTTP itself left outside.

use crate::xcart::php::Query;
use serde_json::Value;

#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Percent-decoded, from the store's root.
    pub path: String,
    pub query: Query,
    pub accept: Option<String>,
    pub content_type: Option<String>,
    /// `X-Auth-Token`.
    pub token: Option<String>,
    /// `X-HTTP-Method-Override`.
    pub method_override: Option<String>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn html(status: u16, body: &str) -> Reply {
        Reply {
            body: body.as_bytes().to_vec(),
            ..Reply::empty(status).with("content-type", "text/html; charset=UTF-8")
        }
    }

    pub fn json(status: u16, content_type: &str, body: &Value) -> Reply {
        Reply { body: body.to_string().into_bytes(), ..Reply::empty(status).with("content-type", content_type) }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}
