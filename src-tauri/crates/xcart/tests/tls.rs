//! Certificates (N2): only one that is issued by somebody trusted, for this name and for today is spoken to, and nothing
//! is sent before that is known. There is no switch to accept another.
//!
//! Whom the system trusts is told to a child process through SSL_CERT_FILE, so that a right certificate can be shown to
//! be accepted by the very same client.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

const ADDRESS: &str = "TIEOUT_TLS_ADDRESS";

/// A server with this certificate, and how many requests it could read.
async fn server(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> (u16, Arc<AtomicUsize>) {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, count) = (acceptor.clone(), count.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let mut buffer = [0; 4096];
                if stream.read(&mut buffer).await.unwrap_or(0) > 0 {
                    count.fetch_add(1, Ordering::SeqCst);
                    let answer = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (port, heard)
}

/// What the client says of this address, asked in a process that trusts the authority in that file.
async fn said(port: u16, authority: &std::path::Path) -> String {
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "asked_in_a_process_of_its_own", "--ignored", "--nocapture"]);
    child.env(ADDRESS, format!("https://localhost:{port}/")).env("SSL_CERT_FILE", authority).env_remove("SSL_CERT_DIR");
    let output = child.output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|it| it.split_once("said: ")).unwrap_or_else(|| panic!("{text}"));
    line.1.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_right_certificate_is_spoken_to() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    std::fs::write(&file, params.self_signed(&authority_key).unwrap().pem()).unwrap();
    let authority = Issuer::new(params, authority_key);

    let key = KeyPair::generate().unwrap();
    let named = |name: &str| CertificateParams::new(vec![name.to_owned()]).unwrap();
    let mut old = named("localhost");
    (old.not_before, old.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
    let right = named("localhost").signed_by(&key, &authority).unwrap();

    let (port, heard) = server(vec![right.der().clone()], &key).await;
    let words = said(port, &file).await;
    assert!(words.contains("401"), "a right certificate is accepted: {words}");
    assert!(heard.load(Ordering::SeqCst) > 0);

    for (name, chain) in [
        ("self-signed", named("localhost").self_signed(&key).unwrap()),
        ("run out", old.signed_by(&key, &authority).unwrap()),
        ("for another name", named("shop.example").signed_by(&key, &authority).unwrap()),
    ] {
        let (port, heard) = server(vec![chain.der().clone()], &key).await;
        let words = said(port, &file).await;
        assert!(words.contains("is not safe") && words.contains("certificate"), "{name}: {words}");
        assert_eq!(heard.load(Ordering::SeqCst), 0, "{name}: nothing was sent");
        println!("{name}: {words}");
    }
}

#[tokio::test]
#[ignore = "the other half of the test above"]
async fn asked_in_a_process_of_its_own() {
    use tieout_xcart::{Client, Config, Shop};
    let Some(address) = std::env::var_os(ADDRESS) else { return };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = Config::new(Shop {
        id: tieout_domain::SourceId::xcart("test"),
        base_url: address.to_str().unwrap().parse().unwrap(),
        time_zone: jiff::tz::TimeZone::UTC,
        currency: tieout_money::Currency::USD,
    });
    config.allow_loopback_http = true;
    config.retries = 0;
    println!("said: {}", Client::connect(config, "CANARY".to_owned().into()).await.err().unwrap());
}
