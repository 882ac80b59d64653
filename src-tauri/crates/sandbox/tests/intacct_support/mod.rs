//! A client of a few lines for the pretend gateway: it writes envelopes by hand and reads replies with quick-xml.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses its part

use tieout_sandbox::faults::Faults;
use tieout_sandbox::intacct::sample::small_company;
use tieout_sandbox::intacct::server::{Server, Settings};
use tieout_sandbox::intacct::xml::{Element, parse};
use tieout_sandbox::intacct::{Access, Company, Gateway};

pub struct Client {
    pub url: String,
    http: reqwest::Client,
    pub session: Option<String>,
}

pub async fn server(company: Company) -> (Server, Client) {
    let server = Server::start(Gateway::new(company, Access::default()), settings(Faults::none()), 0).await.unwrap();
    let client = Client::new(&server);
    (server, client)
}

pub async fn small() -> (Server, Client) {
    server(small_company()).await
}

pub fn settings(faults: Faults) -> Settings {
    Settings { faults, ..Settings::default() }
}

pub fn login() -> String {
    let it = Access::default();
    format!(
        "<login><userid>{}</userid><companyid>sandbox</companyid><password>{}</password></login>",
        it.user, it.password
    )
}

/// A whole request around functions.
pub fn envelope(authentication: &str, unique: bool, transaction: bool, functions: &str) -> String {
    let it = Access::default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><control><senderid>{}</senderid><password>{}</password><controlid>test</controlid><uniqueid>{unique}</uniqueid><dtdversion>3.0</dtdversion><includewhitespace>false</includewhitespace></control><operation transaction=\"{transaction}\"><authentication>{authentication}</authentication><content>{functions}</content></operation></request>",
        it.sender_id, it.sender_password
    )
}

pub fn function(control_id: &str, call: &str) -> String {
    format!("<function controlid=\"{control_id}\">{call}</function>")
}

impl Client {
    pub fn new(server: &Server) -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client { url: server.url(), http: reqwest::Client::builder().no_proxy().build().unwrap(), session: None }
    }

    pub async fn send(&self, body: String) -> Result<(u16, String), reqwest::Error> {
        let reply = self.http.post(&self.url).header("content-type", "application/xml").body(body).send().await?;
        let status = reply.status().as_u16();
        Ok((status, reply.text().await?))
    }

    pub async fn control(&self, path: &str, body: serde_json::Value) -> (u16, String) {
        let url = self.url.replace("/ia/xml/xmlgw.phtml", &format!("/__sandbox/{path}"));
        let reply =
            self.http.post(url).header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    pub async fn peek(&self, path: &str) -> serde_json::Value {
        let url = self.url.replace("/ia/xml/xmlgw.phtml", &format!("/__sandbox/{path}"));
        serde_json::from_str(&self.http.get(url).send().await.unwrap().text().await.unwrap()).unwrap()
    }

    /// One function with a login, unique as told; the `<result>` that came back.
    pub async fn call(&self, control_id: &str, unique: bool, call: &str) -> Element {
        let (_, body) = self.send(envelope(&login(), unique, false, &function(control_id, call))).await.unwrap();
        let root = parse(&body).unwrap();
        root.child("operation").and_then(|it| it.child("result")).cloned().unwrap_or(root)
    }

    pub async fn read(&self, call: &str) -> Element {
        self.call("read", false, call).await
    }
}

pub fn status(result: &Element) -> &str {
    result.given("status").unwrap_or_default()
}

/// All errors of a result or response, "number text".
pub fn errors(element: &Element) -> Vec<String> {
    let mut out = Vec::new();
    if element.name == "error" {
        out.push(format!(
            "{} {}",
            element.given("errorno").unwrap_or_default(),
            element.filled("description2").or(element.given("description")).unwrap_or_default()
        ));
    }
    for child in &element.children {
        out.extend(errors(child));
    }
    out
}

/// The first RECORDNO or key in a reply.
pub fn record_no(element: &Element) -> Option<u64> {
    if element.name == "RECORDNO" || element.name == "key" {
        return element.text.trim().parse().ok();
    }
    element.children.iter().find_map(record_no)
}

pub fn journal(reference: &str, date: &str, amount: &str) -> String {
    format!(
        "<create><GLBATCH><JOURNAL>GJ</JOURNAL><BATCH_DATE>{date}</BATCH_DATE><BATCH_TITLE>Fee</BATCH_TITLE><REFERENCENO>{reference}</REFERENCENO><ENTRIES><GLENTRY><ACCOUNTNO>6100</ACCOUNTNO><TR_TYPE>1</TR_TYPE><TRX_AMOUNT>{amount}</TRX_AMOUNT></GLENTRY><GLENTRY><ACCOUNTNO>1210</ACCOUNTNO><TR_TYPE>-1</TR_TYPE><TRX_AMOUNT>{amount}</TRX_AMOUNT></GLENTRY></ENTRIES></GLBATCH></create>"
    )
}
