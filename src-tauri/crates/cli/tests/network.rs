//! N1: the whole job speaks to the two hosts that were configured and to nobody else. Once behind a proxy that writes down every
//! host it is asked for, once under a tracer that writes down every address the program dials.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout");

fn demo(data: &Path, proxy: Option<&str>) -> Command {
    let mut command = Command::new(TIEOUT);
    command.args(["demo", "--json", "--orders", "120", "--data"]).arg(data).env("TIEOUT_KEYCHAIN", "off");
    for variable in ["http_proxy", "https_proxy", "all_proxy"] {
        for variable in [variable.to_owned(), variable.to_uppercase()] {
            match proxy {
                Some(proxy) => command.env(variable, proxy),
                None => command.env_remove(variable),
            };
        }
    }
    command.env("NO_PROXY", "").env("no_proxy", "");
    command
}

fn told(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// What a proxy was asked for: requests by host, and connections.
#[derive(Default)]
struct Asked {
    hosts: BTreeMap<String, usize>,
    connections: usize,
}

/// `POST http://host:port/path HTTP/1.1`: the host, when it is such a line.
fn host_of(line: &str) -> Option<&str> {
    let (method, rest) = line.split_once(' ')?;
    let (address, version) = rest.rsplit_once(' ')?;
    let is_request = method.bytes().all(|it| it.is_ascii_uppercase()) && version == "HTTP/1.1";
    let address = address.strip_prefix("http://").unwrap_or(address);
    is_request.then(|| address.split('/').next().unwrap_or_default())
}

fn note(asked: &Mutex<Asked>, sent: &[u8]) {
    for line in String::from_utf8_lossy(sent).split("\r\n") {
        if let Some(host) = host_of(line) {
            *asked.lock().unwrap().hosts.entry(host.to_owned()).or_default() += 1;
        }
    }
}

/// Passes everything on to where the first request of a connection wants to go.
fn pass_on(mut client: TcpStream, asked: &Mutex<Asked>) -> std::io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    let read = client.read(&mut buffer)?;
    let first = String::from_utf8_lossy(&buffer[..read]).into_owned();
    let Some(host) = first.split("\r\n").next().and_then(host_of) else { return Ok(()) };
    let mut server = TcpStream::connect(host)?;
    note(asked, &buffer[..read]);
    server.write_all(&buffer[..read])?;
    std::thread::scope(|scope| {
        let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        scope.spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
        while let Ok(read @ 1..) = client.read(&mut buffer) {
            note(asked, &buffer[..read]);
            if server.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
    });
    Ok(())
}

fn recording_proxy() -> (String, Arc<Mutex<Asked>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Asked::default()));
    let noting = asked.clone();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let noting = noting.clone();
            noting.lock().unwrap().connections += 1;
            std::thread::spawn(move || pass_on(client, &noting));
        }
    });
    (address, asked)
}

#[test]
fn the_whole_job_asks_the_two_configured_hosts_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (proxy, asked) = recording_proxy();
    let output = demo(folder.path(), Some(&proxy)).output().unwrap();
    let demo = told(&output);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(demo["posted"].as_u64().unwrap() > 10 && demo["unknown"] == 0, "{demo}");
    let asked = asked.lock().unwrap();
    println!("{} connections, requests by host: {:?}", asked.connections, asked.hosts);
    assert_eq!(asked.hosts.len(), 2, "{:?}", asked.hosts);
    let requests: usize = asked.hosts.values().sum();
    assert!(requests as u64 >= demo["pulled"]["requests"].as_u64().unwrap(), "all of them came this way");
    assert!(asked.hosts.keys().all(|it| it.starts_with("127.0.0.1:")), "{:?}", asked.hosts);
}

#[test]
fn a_sign_in_page_in_place_of_both_systems_is_named_as_such() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let portal = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let page = "<!doctype html><html><title>Guest Wi-Fi</title><form action=\"/login\"></form></html>";
        for mut client in listener.incoming().flatten() {
            let _ = client.read(&mut [0; 16 * 1024]);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: ";
            let _ = client.write_all(format!("{head}{}\r\n\r\n{page}", page.len()).as_bytes());
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let output = demo(folder.path(), Some(&portal)).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("sign-in page"), "{said}");
    println!("{said}");
}

/// Whoever goes past the proxy is seen here: every `connect` and every datagram of the process and its threads.
#[cfg(target_os = "linux")]
#[test]
fn the_whole_job_dials_the_two_configured_addresses_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("dialled");
    let job = demo(&folder.path().join("data"), None);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-e", "signal=none", "-o"]).arg(&log);
    traced.arg(job.get_program()).args(job.get_args());
    job.get_envs().for_each(|(name, value)| {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    });
    let Ok(output) = traced.output() else {
        println!("skipped: strace is not here");
        return;
    };
    if !log.exists() || !output.status.success() && output.stdout.is_empty() {
        println!("skipped: this machine does not let a program be traced");
        return;
    }
    assert!(told(&output)["posted"].as_u64().unwrap() > 10);
    let mut dialled: BTreeMap<String, usize> = BTreeMap::new();
    for line in std::fs::read_to_string(&log).unwrap().lines().filter(|it| it.contains("sa_family=AF_INET")) {
        let address = line.split_once("sin_port=").or(line.split_once("sin6_port=")).unwrap().1;
        *dialled.entry(address.split('}').next().unwrap().to_owned()).or_default() += 1;
    }
    println!("dialled: {dialled:?}");
    assert_eq!(dialled.len(), 2, "{dialled:?}");
    assert!(dialled.keys().all(|it| it.contains("127.0.0.1")), "{dialled:?}");
}
