//! The store on real HTTP: one loopback listener, a latency, and the faults the plan asks for.

use crate::faults::{CAPTIVE_PORTAL, Fault, Faults, GARBAGE, System, edited};
use crate::xcart::exchange::{Reply, Request};
use crate::xcart::model::Store;
use crate::xcart::php::Query;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use futures::StreamExt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The one store behind the server and the tests that look at it.
#[derive(Debug, Clone, Default)]
pub struct SharedStore(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    store: Mutex<Store>,
    requests: AtomicU64,
    writes: Mutex<Vec<SeenWrite>>,
}

/// A request that asked for a change, and what it was answered, in the order they were worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenWrite {
    /// `PUT /api/products/7`, or `PUT product/7` for the add-on.
    pub what: String,
    pub body: String,
    pub status: u16,
}

impl SharedStore {
    pub fn new(store: Store) -> SharedStore {
        SharedStore(Arc::new(Shared { store: Mutex::new(store), ..Shared::default() }))
    }

    /// Looks at or changes the store, one caller at a time.
    pub fn with<T>(&self, act: impl FnOnce(&mut Store) -> T) -> T {
        // A panic in an earlier closure leaves rows that are still whole: go on with them.
        act(&mut self.0.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A copy to keep or compare.
    pub fn snapshot(&self) -> Store {
        self.with(|store| store.clone())
    }

    /// Every request so far that asked for a change.
    pub fn writes(&self) -> Vec<SeenWrite> {
        self.0.writes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answer(&self, request: &Request) -> Reply {
        let reply = self.with(|store| super::answer(store, request));
        self.note(request, &reply);
        reply
    }

    /// What it would be answered, while nothing happens.
    fn pretend(&self, request: &Request) -> Reply {
        let reply = super::answer(&mut self.snapshot(), request);
        self.note(request, &reply);
        reply
    }

    fn note(&self, request: &Request, reply: &Reply) {
        let asks_only = ["GET", "HEAD"].contains(&request.method.as_str()) && request.method_override.is_none();
        if !asks_only || request.query.last("_method").is_some() {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let seen = SeenWrite { what: name(request), body, status: reply.status };
            self.0.writes.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        }
    }

    /// How many requests have arrived so far.
    pub fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
struct Served {
    store: SharedStore,
    faults: Faults,
    latency: Duration,
}

/// Answers on `listener` until the task is dropped. Each request waits `latency_ms` first.
pub async fn serve(listener: TcpListener, store: SharedStore, faults: Faults, latency_ms: u64) -> io::Result<()> {
    let served = Served { store, faults, latency: Duration::from_millis(latency_ms) };
    let app = Router::new().fallback(handle).with_state(served).into_make_service_with_connect_info::<Cut>();
    axum::serve(CuttableListener(listener), app).await
}

async fn handle(
    State(served): State<Served>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    served.store.0.requests.fetch_add(1, Ordering::Relaxed);
    let request = request(&method, &uri, &headers, &body);
    if !served.latency.is_zero() {
        tokio::time::sleep(served.latency).await;
    }
    let commit = |served: &Served, request: &Request| served.store.answer(request);
    match served.faults.next(System::Xcart, &name(&request)) {
        Some(Fault::Error502BeforeCommit) => response(Reply::html(502, BAD_GATEWAY)),
        Some(Fault::Status429 { retry_after }) => {
            let reply = Reply::html(429, "Too Many Requests");
            response(match retry_after {
                Some(seconds) => reply.with("retry-after", seconds.to_string()),
                None => reply,
            })
        }
        Some(Fault::ExpiredSession) => response(super::refused_key(&request)),
        Some(Fault::CommitThenDrop) => {
            commit(&served, &request);
            cut.now();
            response(Reply::empty(200))
        }
        Some(Fault::TimeoutThenLateCommit { delay_ms }) => {
            // A task of its own: the work is done even when the client has hung up.
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                commit(&served, &request);
            });
            std::future::pending().await
        }
        Some(Fault::SlowReply { ms }) => {
            let reply = commit(&served, &request);
            tokio::time::sleep(Duration::from_millis(ms)).await;
            response(reply)
        }
        Some(Fault::TruncatedReply) => truncated(commit(&served, &request)),
        Some(Fault::Error524AfterCommit) => {
            commit(&served, &request);
            response(Reply::html(524, "<html><body>524: A timeout occurred</body></html>"))
        }
        Some(Fault::GarbageReply) => {
            let reply = commit(&served, &request);
            response(Reply { body: GARBAGE.as_bytes().to_vec(), ..reply })
        }
        Some(Fault::EditedReply { edits }) => {
            let reply = commit(&served, &request);
            let body = edited(String::from_utf8_lossy(&reply.body).into_owned(), &edits);
            response(Reply { body: body.into_bytes(), ..reply })
        }
        Some(Fault::SaysDone) => response(served.store.pretend(&request)),
        Some(Fault::DropBeforeCommit) => {
            cut.now();
            response(Reply::empty(200))
        }
        Some(Fault::CaptivePortal) => response(Reply::html(200, CAPTIVE_PORTAL)),
        // X-Cart has no closed periods, and never says that it is off-line.
        Some(Fault::ClosedPeriod | Fault::TemporarilyOffline) | None => response(commit(&served, &request)),
    }
}

const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n";

fn request(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Request {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // form_urlencoded reads `+` as a space, which in a path it is not.
    let path = uri.path().replace('+', "%2B");
    let decoded = url::form_urlencoded::parse(path.as_bytes()).map(|(name, _)| name.into_owned()).next();
    Request {
        method: method.as_str().to_owned(),
        path: decoded.unwrap_or_default(),
        query: Query::parse(uri.query().unwrap_or_default()),
        accept: text("accept"),
        content_type: text("content-type"),
        token: text("x-auth-token"),
        method_override: text("x-http-method-override"),
        body: body.to_vec(),
    }
}

/// What a fault rule's `what` is held against: `GET /api/orders/7`, or `PUT order/7` for the add-on. No keys.
fn name(request: &Request) -> String {
    match request.query.last("_path") {
        Some(path) if request.path == "/admin.php" => format!("{} {path}", request.method),
        _ => format!("{} {}", request.method, request.path),
    }
}

fn response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The length of the whole answer, half of the answer, and a closed connection.
fn truncated(mut reply: Reply) -> Response {
    let whole = reply.body.len();
    let half = Bytes::from(reply.body.split_off(0)).slice(..whole / 2);
    // The pause lets the half go out before the connection breaks.
    let lost = async {
        tokio::task::yield_now().await;
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "truncated by the fault plan"))
    };
    let parts = futures::stream::once(async move { Ok(half) }).chain(futures::stream::once(lost));
    let mut response = response(reply);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
    *response.body_mut() = Body::from_stream(parts);
    response
}

/// Closes its connection before another byte leaves it.
#[derive(Debug, Clone, Default)]
struct Cut(Arc<AtomicBool>);

impl Cut {
    fn now(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut by the fault plan"));
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Cut {
        stream.io().cut.clone()
    }
}

struct CuttableListener(TcpListener);

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CuttableStream, SocketAddr) {
        let (stream, from) = Listener::accept(&mut self.0).await;
        (CuttableStream { stream, cut: Cut::default() }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

struct CuttableStream {
    stream: TcpStream,
    cut: Cut,
}

impl AsyncRead for CuttableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
