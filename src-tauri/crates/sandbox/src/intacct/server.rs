//! The gateway on real HTTP: POST to /ia/xml/xmlgw.phtml, at most two requests at once, faults on order.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::envelope;
use super::gateway::{Gateway, Reply};
use super::wire::{CuttableListener, Peer};
use crate::faults::{CAPTIVE_PORTAL, Fault, Faults, GARBAGE, System, edited};

/// About what the head of an answer takes on the wire.
const HEAD_BYTES: u32 = 120;

pub const PATH: &str = "/ia/xml/xmlgw.phtml";

#[derive(Clone)]
pub struct Settings {
    /// Added to every answer.
    pub latency: Duration,
    /// Requests allowed at once.
    pub at_once: usize,
    pub faults: Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { latency: Duration::ZERO, at_once: 2, faults: Faults::none() }
    }
}

struct Shared {
    gateway: Mutex<Gateway>,
    settings: Settings,
    slots: Semaphore,
    /// Faults ordered through the control endpoint, each with the function it waits for.
    ordered: Mutex<VecDeque<(Option<String>, Fault)>>,
    /// Nanoseconds spent between a request and its answer, all of them together.
    busy: AtomicU64,
}

/// A running gateway; it stops when dropped.
pub struct Server {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Starts on loopback; port 0 picks a free one.
    pub async fn start(gateway: Gateway, settings: Settings, port: u16) -> std::io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let mut gateway = gateway;
        gateway.endpoint = format!("http://{address}{PATH}");
        let slots = Semaphore::new(settings.at_once);
        let shared = Arc::new(Shared {
            gateway: Mutex::new(gateway),
            settings,
            slots,
            ordered: Mutex::default(),
            busy: AtomicU64::new(0),
        });
        let app = Router::new()
            .route(PATH, post(timed))
            .route("/__sandbox/ledger", get(ledger))
            .route("/__sandbox/balances", get(balances))
            .route("/__sandbox/requests", get(requests))
            .route("/__sandbox/fault", post(order_fault))
            .route("/__sandbox/{*path}", post(control))
            .with_state(shared.clone())
            .into_make_service_with_connect_info::<Peer>();
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(CuttableListener(listener), app).await {
                tracing::error!(%error, "the sandbox gateway stopped");
            }
        });
        Ok(Server { address, shared, task })
    }

    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// What the gateway itself took so far, from having read a request to handing over its answer.
    pub fn busy(&self) -> Duration {
        Duration::from_nanos(self.shared.busy.load(Ordering::Relaxed))
    }

    /// The gateway behind the door, for tests in the same process.
    pub fn with<T>(&self, work: impl FnOnce(&mut Gateway) -> T) -> T {
        work(&mut lock(&self.shared.gateway))
    }

    /// Orders a fault for the next request (naming that function, when one is given).
    pub fn order(&self, function: Option<&str>, fault: Fault) {
        lock(&self.shared.ordered).push_back((function.map(str::to_owned), fault));
    }

    /// Runs until the server task ends.
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }
}

async fn on_books<T: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&mut Gateway) -> T + Send + 'static,
) -> Option<T> {
    let shared = shared.clone();
    tokio::task::spawn_blocking(move || work(&mut lock(&shared.gateway))).await.ok()
}

fn xml(status: u16, body: String) -> Response {
    let mut response = (StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body).into_response();
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/xml; encoding=\"UTF-8\""));
    response
}

fn rate_limited(retry_after: Option<u64>) -> Response {
    let mut response = xml(429, envelope::gateway_failure("GW-0010", "API rate limit exceeded [Request ID: SBX]"));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
    }
    response
}

fn page(status: u16, text: &'static str) -> Response {
    let mut response = (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY), text).into_response();
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    response
}

async fn timed(shared: State<Arc<Shared>>, peer: ConnectInfo<Peer>, headers: HeaderMap, body: Bytes) -> Response {
    let (began, books) = (Instant::now(), shared.0.clone());
    let response = call(shared, peer, headers, body).await;
    books.busy.fetch_add(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    response
}

async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(_slot) = shared.slots.try_acquire() else { return rate_limited(None) };
    let kind = headers.get("content-type").and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !kind.contains("xml") {
        return page(415, "<html><body>Unsupported media type</body></html>");
    }
    let functions: Vec<String> = envelope::read(&body)
        .map(|request| request.operations.iter().flat_map(|it| &it.functions).map(|it| it.call.name.clone()).collect())
        .unwrap_or_default();
    let fault = take_fault(&shared, &functions);
    let bytes = body.clone();
    let Some(number) = on_books(&shared, move |gateway| gateway.received(&bytes)).await else { return page(500, "") };
    if !shared.settings.latency.is_zero() {
        tokio::time::sleep(shared.settings.latency).await;
    }
    match fault {
        Some(Fault::Status429 { retry_after }) => return rate_limited(retry_after),
        Some(Fault::Error502BeforeCommit) => return page(502, "<html><body>502 Bad Gateway</body></html>"),
        Some(Fault::CaptivePortal) => return page(200, CAPTIVE_PORTAL),
        Some(Fault::TemporarilyOffline) => {
            // The words are from reference/intacct.md 1.5, which names no number for them.
            return xml(200, envelope::gateway_failure("SBX-OFFLINE", "The Service is Temporarily Off-line"));
        }
        Some(Fault::DropBeforeCommit) => {
            peer.cutter.cut_after(0);
            return page(500, "");
        }
        Some(Fault::TimeoutThenLateCommit { delay_ms }) => {
            let later = shared.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                on_books(&later, move |gateway| gateway.handle(&body, number).status).await;
            });
            return page(504, "<html><body>504 Gateway Time-out</body></html>");
        }
        Some(Fault::ExpiredSession) => {
            on_books(&shared, Gateway::expire_sessions).await;
        }
        Some(Fault::SlowReply { ms }) => tokio::time::sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    let closed = fault == Some(Fault::ClosedPeriod);
    let handled = on_books(&shared, move |gateway| {
        if closed { gateway.handle_with_closed_books(&body, number) } else { gateway.handle(&body, number) }
    })
    .await;
    let Some(Reply { status, body }) = handled else { return page(500, "") };
    match fault {
        Some(Fault::CommitThenDrop) => {
            peer.cutter.cut_after(0);
            return xml(status, body);
        }
        Some(Fault::TruncatedReply) => {
            peer.cutter.cut_after(HEAD_BYTES + u32::try_from(body.len() / 2).unwrap_or(0));
            return xml(status, body);
        }
        Some(Fault::Error524AfterCommit) => return page(524, "<html><body>524: A timeout occurred</body></html>"),
        Some(Fault::GarbageReply) => return xml(status, GARBAGE.to_owned()),
        Some(Fault::EditedReply { edits }) => {
            on_books(&shared, move |gateway| gateway.answered(number)).await;
            return xml(status, edited(body, &edits));
        }
        _ => {}
    }
    on_books(&shared, move |gateway| gateway.answered(number)).await;
    xml(status, body)
}

fn take_fault(shared: &Shared, functions: &[String]) -> Option<Fault> {
    let mut ordered = lock(&shared.ordered);
    let at = ordered.iter().position(|(wanted, _)| wanted.as_ref().is_none_or(|wanted| functions.contains(wanted)));
    if let Some(at) = at {
        return ordered.remove(at).map(|(_, fault)| fault);
    }
    drop(ordered);
    shared.settings.faults.next(System::Intacct, functions.first().map_or("", String::as_str))
}

async fn ledger(State(shared): State<Arc<Shared>>) -> Response {
    Json(lock(&shared.gateway).dump().to_vec()).into_response()
}

async fn requests(State(shared): State<Arc<Shared>>) -> Response {
    Json(lock(&shared.gateway).counts.clone()).into_response()
}

async fn balances(State(shared): State<Arc<Shared>>) -> Response {
    let balances = lock(&shared.gateway).company.balances();
    let rows: Vec<serde_json::Value> = balances
        .into_iter()
        .map(|((account, currency), it)| {
            serde_json::json!({ "account": account, "currency": currency, "trx": it.trx.to_string(), "base": it.base.to_string() })
        })
        .collect();
    Json(rows).into_response()
}

#[derive(Deserialize)]
struct OrderedFault {
    function: Option<String>,
    #[serde(flatten)]
    fault: Fault,
}

async fn order_fault(State(shared): State<Arc<Shared>>, Json(ordered): Json<OrderedFault>) -> Response {
    lock(&shared.ordered).push_back((ordered.function, ordered.fault));
    Json(serde_json::json!({ "done": true })).into_response()
}

async fn control(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    Json(body): Json<serde_json::Value>,
) -> Response {
    match lock(&shared.gateway).control(&path, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => (StatusCode::BAD_REQUEST, refusal.to_string()).into_response(),
    }
}
