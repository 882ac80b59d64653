//! Both pretend systems on loopback, a data folder between them, and the command line as people run it.

use crate::shop;
use crate::told::{SECRETS, Told, one_message, same_in_json};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use tieout_sandbox::faults::Faults;
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::intacct::{Access, Company as Books, Gateway};
use tieout_sandbox::xcart::{SharedStore, Store, serve};
use tokio::runtime::Runtime;

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");

/// What `connect` is told, by option.
pub type Connect = Vec<(&'static str, String)>;

pub struct Town {
    pub shop: SharedStore,
    pub intacct: Server,
    xcart_url: String,
    secrets: Vec<(&'static str, String)>,
    folder: tempfile::TempDir,
    // Last: the servers stop with it.
    _runtime: Runtime,
}

impl Drop for Town {
    /// Whatever went wrong, no secret was written down.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            no_secret_in(&self.data());
        }
    }
}

fn no_secret_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_secret_in(&path);
        } else {
            let content = std::fs::read(&path).unwrap();
            let content = String::from_utf8_lossy(&content);
            for secret in SECRETS {
                assert!(!content.contains(secret), "{secret} stands in {}", path.display());
            }
        }
    }
}

impl Town {
    /// One paid order and its open invoice, not connected yet.
    pub fn new() -> Town {
        Town::of(shop::store(), shop::books())
    }

    pub fn of(store: Store, books: Books) -> Town {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let access = Access::default();
        let secrets = vec![
            ("TIEOUT_XCART_KEY", store.settings.key_read.clone()),
            ("TIEOUT_INTACCT_PASSWORD", access.password.clone()),
            ("TIEOUT_INTACCT_SENDER_PASSWORD", access.sender_password.clone()),
        ];
        let shop = SharedStore::new(store);
        let (intacct, listener) = runtime.block_on(async {
            let gateway = Gateway::new(books, access);
            let intacct = Server::start(gateway, Settings::default(), 0).await.unwrap();
            (intacct, tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap())
        });
        let xcart_url = format!("http://{}/", listener.local_addr().unwrap());
        runtime.spawn(serve(listener, shop.clone(), Faults::none(), 0));
        Town { shop, intacct, xcart_url, secrets, folder: tempfile::tempdir().unwrap(), _runtime: runtime }
    }

    /// Connected, with the accountant's settings.
    pub fn open() -> Town {
        Town::opened(Town::new())
    }

    pub fn opened(town: Town) -> Town {
        town.connect(|_| ()).is(0);
        town.settings(shop::SETTINGS).is(0);
        town
    }

    /// Connects as it should be, but for what is changed.
    pub fn connect(&self, change: impl FnOnce(&mut Connect)) -> Told {
        let args = self.connect_args(change);
        self.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A `connect` that must be refused, as wrong use.
    #[track_caller]
    pub fn refuses_to_connect(&self, change: impl FnOnce(&mut Connect), says: &[&str]) {
        let args = self.connect_args(change);
        self.stops(&args.iter().map(String::as_str).collect::<Vec<_>>(), 2, says);
        self.stops(&["pull"], 2, &["the company is not set up in this data folder", "tieout connect"]);
    }

    fn connect_args(&self, change: impl FnOnce(&mut Connect)) -> Vec<String> {
        let mut told: Connect = vec![
            ("environment", "sandbox".into()),
            ("cool-down-seconds", "1".into()),
            ("store-zone", "UTC".into()),
            ("entity-zone", "UTC".into()),
            ("xcart-url", self.xcart_url.clone()),
            ("intacct-url", self.intacct.url()),
            ("intacct-company", "sandbox".into()),
            ("intacct-user", "sandbox-user".into()),
            ("intacct-sender", "sandbox-sender".into()),
        ];
        change(&mut told);
        let options = told.into_iter().flat_map(|(name, value)| [format!("--{name}"), value]);
        ["connect".to_owned()].into_iter().chain(options).collect()
    }

    pub fn with_secret(mut self, name: &'static str, value: Option<&str>) -> Town {
        self.secrets.retain(|(known, _)| *known != name);
        self.secrets.extend(value.map(|value| (name, value.to_owned())));
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn settings(&self, text: &str) -> Told {
        let file = self.write("settings.toml", text);
        self.run(&["settings", "import", &file])
    }

    pub fn run(&self, args: &[&str]) -> Told {
        self.run_on(&self.data(), args)
    }

    pub fn run_on(&self, data: &Path, args: &[&str]) -> Told {
        let secrets = self.secrets.iter().map(|(name, value)| (*name, value.as_str()));
        let mut command = Command::new(TIEOUT);
        for name in ["TIEOUT_XCART_KEY", "TIEOUT_INTACCT_PASSWORD", "TIEOUT_INTACCT_SENDER_PASSWORD"] {
            command.env_remove(name);
        }
        Told::of(&command.args(args).arg("--data").arg(data).envs(secrets).output().unwrap())
    }

    /// The answer in JSON of a command that ends as said.
    #[track_caller]
    pub fn ask(&self, args: &[&str], code: i32) -> Value {
        let told = self.run(&[args, &["--json"]].concat()).is(code);
        assert_eq!(told.err, "", "words beside the object");
        told.json()
    }

    /// Runs it for people and for programs: one message with these words, the same facts in JSON.
    #[track_caller]
    pub fn stops(&self, args: &[&str], status: i32, says: &[&str]) {
        self.stops_on(&self.data(), args, status, says);
    }

    #[track_caller]
    pub fn stops_on(&self, data: &Path, args: &[&str], status: i32, says: &[&str]) {
        let (happened, remedy) = one_message(&self.run_on(data, args), status, says);
        same_in_json(&self.run_on(data, &[args, &["--json"]].concat()), status, &happened, &remedy);
    }

    /// Reads, matches and proposes; each may find something for a person.
    pub fn look(&self) {
        for step in ["pull", "match", "propose"] {
            let told = self.run(&[step]);
            assert!(matches!(told.code, 0 | 1), "{step}: {told:#?}");
        }
    }

    /// Ann approves everything that waits. Tells how many that were.
    pub fn approve_everything(&self) -> usize {
        let waiting = self.ask(&["list", "proposals"], 0);
        let ids: Vec<&str> = waiting["rows"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        let digest = waiting["digest"].as_str().unwrap();
        let args = [&["approve", "--digest", digest, "--as", "Ann"], &ids[..]].concat();
        self.ask(&args, 0)["approved"].as_array().unwrap().len()
    }

    pub fn count(&self, what: &str) -> u64 {
        self.ask(&["list", what], 0)["total"].as_u64().unwrap()
    }

    /// The open exceptions of one type, as `list exceptions` tells them.
    pub fn exceptions(&self, kind: &str) -> Vec<Value> {
        let all = self.ask(&["list", "exceptions"], 0)["rows"].as_array().unwrap().clone();
        all.into_iter().filter(|it| it["exception"]["kind"] == kind).collect()
    }

    /// How many records were made in Intacct through its gateway.
    pub fn posted_in_intacct(&self) -> usize {
        self.intacct.with(|gateway| gateway.dump().len())
    }
}

/// The pretend store, with what it answers changed on the way: a defect it cannot be made to have.
pub fn tampered(town: &Town, change: impl Fn(&str, &mut Value) + Send + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let store = town.xcart_url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Ok(head) = hear(&mut stream) else { continue };
            let path = head.split(' ').nth(1).unwrap().to_owned();
            let mut there = TcpStream::connect(&store).unwrap();
            let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            there.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            there.read_to_string(&mut answer).unwrap();
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            let mut body: Value = serde_json::from_str(body).unwrap();
            change(&path, &mut body);
            let _ = stream.write_all(closing("HTTP/1.1 200 OK\r\n", &body.to_string()).as_bytes());
        }
    });
    url
}

/// A web server that is neither system: the same answer to everything. Ends with the test's process.
pub fn answering(status: &str, kind: &str, body: &str) -> String {
    answering_with(&format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n"), body)
}

pub fn answering_with(head: &str, body: &str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let answer = closing(head, body);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            if hear(&mut stream).is_ok() {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    url
}

fn closing(head: &str, body: &str) -> String {
    format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// The head of a request, once all of it has come.
fn hear(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut heard = Vec::new();
    let mut more = |heard: &mut Vec<u8>| -> std::io::Result<()> {
        let mut part = [0; 4096];
        match stream.read(&mut part)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => {
                heard.extend_from_slice(&part[..read]);
                Ok(())
            }
        }
    };
    let end = loop {
        match heard.windows(4).position(|it| it == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => more(&mut heard)?,
        }
    };
    let head = String::from_utf8_lossy(&heard[..end]).into_owned();
    let length = head.to_ascii_lowercase();
    let length = length.lines().find_map(|it| it.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    while heard.len() < end + length.unwrap_or(0) {
        more(&mut heard)?;
    }
    Ok(head)
}

/// An address nothing listens at.
pub fn nobody() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

/// Sets one thing `connect` is told.
pub fn set(told: &mut Connect, name: &str, value: &str) {
    let found = told.iter_mut().find(|(known, _)| *known == name).unwrap();
    found.1 = value.to_owned();
}
