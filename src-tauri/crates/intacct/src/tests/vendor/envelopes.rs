//! What stands around a function, made by the code that sends it.

use super::super::samples::config;
use super::written;
use crate::envelope::{Credential, wrap};
use crate::query::moment_text;
use crate::xml::{Node, parse};
use secrecy::{ExposeSecret, SecretString};

pub fn fragment(name: &str, theirs: &Node) -> Option<Node> {
    let function = "<function controlid=\"unittest\"><getAPISession/></function>";
    let sent = |session: Option<&str>, control_id: &str, unique: bool| {
        let mut config = config();
        config.sender = "testsenderid".into();
        config.sender_password = "pass123!".into();
        config.user = "testuser".into();
        config.company = "testcompany".into();
        config.password = "testpass".into();
        config.entity = theirs.at(&["login", "locationid"]).map(|it| it.text.to_string());
        let session = session.map(SecretString::from);
        let credential = session.as_ref().map_or(Credential::Login, Credential::Session);
        parse(wrap(&config, &credential, control_id, unique, function).expose_secret().as_bytes()).unwrap()
    };
    Some(match name {
        "auth-session--write-xml" => {
            sent(Some("testsessionid.."), "c", false).at(&["operation", "authentication"])?.clone()
        }
        _ if name.starts_with("auth-login") => sent(None, "c", false).at(&["operation", "authentication"])?.clone(),
        _ if name.starts_with("control") => sent(None, "testcontrol", true).child("control")?.clone(),
        "operation--write-xml-session" => sent(Some("fakesession.."), "c", false).child("operation")?.clone(),
        "xmlwriter--write-element-as-date-time" => {
            let text = moment_text("2016-03-01T12:30:59Z".parse().unwrap());
            written(|out| out.text("createdAt", &text))
        }
        "xmlwriter--write-element-as-bool" => written(|out| out.text("isreport", "true")),
        "xmlwriter--write-element" => written(|out| out.text("report", "ReportName")),
        "xmlwriter--write-null-and-not-null-elements" => written(|out| out.flag("report")),
        _ => return None,
    })
}
