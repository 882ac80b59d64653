//! A store on loopback that answers what a test tells it to, and remembers what it was asked.

#![allow(dead_code, reason = "each test binary uses its part")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tieout_domain::SourceId;
use tieout_money::Currency;
use tieout_xcart::{Client, Config, Connected, Shop, XcartError};

pub const KEY: &str = "canary-key-5f2c";

pub struct Store {
    pub config: Config,
    pub asked: Arc<Mutex<Vec<String>>>,
}

pub fn answer(status: u16, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).header("content-type", "application/json").body(body.into()).unwrap()
}

/// `reply` gets path and query, decoded.
pub async fn store(reply: impl Fn(&str) -> Response<Body> + Clone + Send + Sync + 'static) -> Store {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let app = Router::new().fallback(move |request: Request| {
        let (reply, seen) = (reply.clone(), seen.clone());
        async move {
            let uri = request.uri();
            let query: Vec<String> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let asked = format!("{}?{}", uri.path(), query.join("&"));
            let key_sent = request.headers().get("x-auth-token").is_some_and(|it| it == KEY)
                || query.contains(&format!("_key={KEY}"));
            seen.lock().unwrap().push(asked.clone());
            if key_sent { reply(&asked) } else { answer(401, r#"{"message":"Invalid credentials."}"#) }
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let mut config = Config::new(Shop {
        id: SourceId::xcart("test"),
        base_url: format!("http://{address}/").parse().unwrap(),
        time_zone: TimeZone::UTC,
        currency: Currency::USD,
    });
    config.allow_loopback_http = true;
    config.first_wait = Duration::from_millis(1);
    Store { config, asked }
}

impl Store {
    pub async fn connect(&self) -> Result<Connected, XcartError> {
        Client::connect(self.config.clone(), KEY.to_owned().into()).await
    }

    pub async fn client(&self) -> Client {
        self.connect().await.unwrap_or_else(|error| panic!("{error}")).client
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[derive(Clone)]
pub struct Recording {
    pub name: String,
    pub status: u16,
    pub content_type: String,
    pub rest_error: String,
    pub body: Value,
}

pub fn recordings() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut all: Vec<Recording> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let json: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            Recording {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                status: json["status"].to_string().parse().unwrap(),
                content_type: json["content_type"].as_str().unwrap_or_default().to_owned(),
                rest_error: json["rest_error"].as_str().unwrap_or_default().to_owned(),
                body: json["body"].clone(),
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

pub fn recording(name: &str) -> Recording {
    recordings().into_iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no recording {name}"))
}
