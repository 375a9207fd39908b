//! Where secrets are in what clients send and get.

use super::Kind;
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Secrets that were seen, each with what it is for.
#[derive(Debug, Default)]
pub(super) struct Sightings(Vec<(String, Kind)>);

impl IntoIterator for Sightings {
    type Item = (String, Kind);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Sightings {
    /// A command to a client or a browser: its headers, its path, its body, its `auth` and `query`, arguments of events,
    /// fields of forms.
    pub fn in_command(command: &Value) -> Self {
        let mut sightings = Self::default();
        sightings.headers(&command["headers"]);
        sightings.query(command["path"].as_str().unwrap_or_default());
        sightings.packets(command["body"].as_str().unwrap_or_default());
        for part in ["auth", "query", "args", "list", "emits", "fill"] {
            sightings.json(&command[part]);
        }
        sightings
    }

    /// What a client reports: a response, acknowledgements, events, the session it has.
    pub fn in_answer(answer: &Value) -> Self {
        let mut sightings = Self::default();
        sightings.headers(&answer["headers"]);
        sightings.packets(answer["text"].as_str().unwrap_or_default());
        sightings.add(answer["session"].as_str().unwrap_or_default(), Kind::Session);
        sightings.json(answer);
        sightings
    }

    /// Text of Engine.IO and Socket.IO packets, or JSON.
    pub fn in_packets(text: &str) -> Self {
        let mut sightings = Self::default();
        sightings.packets(text);
        sightings
    }

    pub fn add(&mut self, secret: &str, kind: Kind) {
        if !secret.is_empty() {
            self.0.push((secret.to_owned(), kind));
        }
    }

    /// The values of all fields whose name says that they are secret, and whatever looks like a JWT.
    pub fn json(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (kind_of_field(name), value) {
                        (Some(kind), Value::String(secret)) => self.add(secret, kind),
                        _ => self.json(value),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.json(value)),
            Value::String(text) if is_jwt(text) => self.add(text, Kind::Token),
            Value::String(text) => self.link(text),
            _ => {}
        }
    }

    fn packets(&mut self, text: &str) {
        // Engine.IO puts this between packets of polling
        for packet in text.split('\u{1e}') {
            let Some(start) = packet.find(['{', '[']) else { continue };
            let (head, data) = packet.split_at(start);
            let Ok(data) = serde_json::from_str::<Value>(data) else { continue };
            // OPEN of Engine.IO; a `sid` elsewhere is a name that others may know
            if head == "0" {
                self.add(data["sid"].as_str().unwrap_or_default(), Kind::Session);
            }
            self.json(&data);
        }
    }

    fn headers(&mut self, headers: &Value) {
        for (name, value) in headers.as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "authorization" | "proxy-authorization" => self.authorization(value),
                "cookie" => self.cookies(value),
                // the client joins several of them by commas; only the first part of each is the cookie
                "set-cookie" => {
                    for one in value.split(',') {
                        self.cookies(one.split(';').next().unwrap_or(one));
                    }
                }
                name if name.ends_with("-key") && name.starts_with("x-") => self.add(value, Kind::Key),
                name if name.ends_with("-token") => self.add(value, Kind::Token),
                _ => {}
            }
        }
    }

    fn authorization(&mut self, value: &str) {
        let (scheme, credentials) = value.split_once(' ').unwrap_or(("", value));
        self.add(credentials.trim(), Kind::Authorization);
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(decoded) = BASE64_STANDARD.decode(credentials.trim())
            && let Some((_, password)) = String::from_utf8_lossy(&decoded).split_once(':')
        {
            self.add(password, Kind::Password);
        }
    }

    fn cookies(&mut self, cookies: &str) {
        for (_, value) in cookies.split(';').filter_map(|cookie| cookie.split_once('=')) {
            self.add(value.trim().trim_matches('"'), Kind::Cookie);
        }
    }

    /// The key in the address of a share link.
    fn link(&mut self, address: &str) {
        if let Some((_, key)) = address.rsplit_once("#key=") {
            self.add(key, Kind::Key);
        }
    }

    fn query(&mut self, path: &str) {
        self.link(path);
        let Some((_, query)) = path.split_once('?') else { return };
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let kind = if name == "sid" { Some(Kind::Session) } else { kind_of_field(name) };
            if let Some(kind) = kind {
                self.add(&percent_decode_str(value).decode_utf8_lossy(), kind);
            }
        }
    }
}

/// `password`, `new_password`, `token`, `refreshToken` and their like.
fn kind_of_field(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    if name.ends_with("password") {
        Some(Kind::Password)
    } else if name.ends_with("token") {
        Some(Kind::Token)
    } else if name == "api_key" || name == "apikey" || name.ends_with("secret") {
        Some(Kind::Key)
    } else {
        None
    }
}

/// RFC 7519: the header is a JSON object, and `{"` begins like this in base64.
fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}
