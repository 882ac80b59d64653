//! The admin API's error bodies (`reference/xcart.md` 2).

use super::Media;
use crate::xcart::exchange::Reply;
use serde_json::json;

const TYPE: &str = "https://tools.ietf.org/html/rfc2616#section-10";
const TITLE: &str = "An error occurred";

pub struct Refusal {
    pub status: u16,
    pub detail: String,
}

impl Refusal {
    pub fn new(status: u16, detail: impl Into<String>) -> Refusal {
        Refusal { status, detail: detail.into() }
    }

    pub fn not_found() -> Refusal {
        Refusal::new(404, "Not Found")
    }

    /// A value of the wrong JSON type.
    pub fn misformatted() -> Refusal {
        Refusal::new(400, "The input data is misformatted.")
    }

    pub fn reply(&self, media: Media) -> Reply {
        match media {
            Media::JsonLd => Reply::json(
                self.status,
                "application/ld+json; charset=utf-8",
                &json!({"@context": "/api/contexts/Error", "@type": "hydra:Error", "hydra:title": TITLE,
                    "hydra:description": self.detail}),
            ),
            _ => Reply::json(
                self.status,
                "application/problem+json; charset=utf-8",
                &json!({"type": TYPE, "title": TITLE, "detail": self.detail}),
            ),
        }
    }
}

/// Refused before API Platform saw it: another content type, and the status in the body.
pub fn routing(status: u16, detail: &str) -> Reply {
    let body = json!({"type": TYPE, "title": TITLE, "status": status, "detail": detail});
    Reply::json(status, "application/json", &body).with("vary", "Accept")
}
