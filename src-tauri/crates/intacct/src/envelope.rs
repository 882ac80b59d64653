//! The request around one function. Credentials are put in here, at the last moment, so that what is stored
//! on disk never holds one.

use crate::config::Config;
use crate::xml::XmlWriter;
use secrecy::{ExposeSecret, SecretString};

/// How a request says who sends it.
pub(crate) enum Credential<'a> {
    Login,
    Session(&'a SecretString),
}

/// Element order as the gateway's schema has it (reference/intacct.md 1.2).
pub(crate) fn wrap(
    config: &Config,
    credential: &Credential<'_>,
    control_id: &str,
    unique: bool,
    function: &str,
) -> SecretString {
    let mut out = XmlWriter::new();
    out.group("control", |out| {
        out.text("senderid", &config.sender);
        out.text("password", config.sender_password.expose_secret());
        out.text("controlid", control_id);
        out.text("uniqueid", if unique { "true" } else { "false" });
        out.text("dtdversion", "3.0");
        out.text("includewhitespace", "false");
        if config.limits.extra_error_ids {
            out.text("showadditionalerrorinfo", "true");
        }
    });
    let (control, _) = out.finish();

    let mut out = XmlWriter::new();
    out.group("authentication", |out| match credential {
        Credential::Login => out.group("login", |out| {
            out.text("userid", &config.user);
            out.text("companyid", &config.company);
            out.text("password", config.password.expose_secret());
            out.optional("locationid", config.entity.as_deref());
        }),
        Credential::Session(id) => out.text("sessionid", id.expose_secret()),
    });
    let (authentication, _) = out.finish();

    // The function goes in byte for byte: it is what was stored before the socket opened.
    SecretString::from(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request>{control}<operation transaction=\"false\">\
         {authentication}<content>{function}</content></operation></request>"
    ))
}

/// `<function controlid="...">` around what `inside` writes.
pub(crate) fn function(control_id: &str, inside: impl FnOnce(&mut XmlWriter)) -> (String, Vec<crate::xml::Dropped>) {
    let mut out = XmlWriter::new();
    out.element("function", &[("controlid", control_id)], inside);
    out.finish()
}
