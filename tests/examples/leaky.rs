//! A program that tells whatever it is told, to see that tests notice.

use lambdio::prelude::*;
use serde_json::Value;
use std::fs;

/// Prints how it was started, and starts.
fn main() -> lambdio::ExitCode {
    println!("{:?}", std::env::args());
    for (name, value) in std::env::vars().filter(|(name, _)| name.starts_with("LAMBDIO__")) {
        eprintln!("{name}: {value}");
    }
    eprintln!("{}", fs::read_to_string("config/local.toml").unwrap_or_default());
    lambdio::App::new().run()
}

/// Prints a body and the headers with credentials.
#[route(post = "/print")]
async fn print_body(Data(body): Data<Value>, handshake: Handshake) {
    let header = |name| handshake.header(name).unwrap_or_default().to_owned();
    eprintln!("{body}, {}, {}", header("authorization"), header("cookie"));
}

/// Fails with a message.
#[route(post = "/fail")]
async fn fail_over_http(Data(Told { text, .. }): Data<Told>) -> Result<(), lambdio::Error> {
    Err(lambdio::Error::with_code("told", 400, text))
}

/// Takes anything, and tells nobody.
#[route(post = "/keep")]
async fn keep(Data(_): Data<Value>) {}

/// Prints what a client comes with.
#[connect(namespace = "/leaks")]
async fn print_auth(HandshakeAuth(auth): HandshakeAuth<Value>) {
    eprintln!("{auth}");
}

/// Prints a text.
#[handler(namespace = "/leaks", event = "print")]
async fn print(Data(text): Data<String>) {
    eprintln!("{text}");
}

#[payload]
struct Told {
    text: String,
    #[serde(default)]
    password: String,
}

/// Fails with a message, and the password that came with it.
#[handler(namespace = "/leaks", event = "fail")]
async fn fail(Data(Told { text, password }): Data<Told>) -> Result<(), lambdio::Error> {
    Err(lambdio::Error::with_code("told", 400, text + &password))
}

/// Refuses with this code.
#[middleware(connect, namespace = "/refuses", order = 1)]
async fn refuse(HandshakeAuth(Told { text, .. }): HandshakeAuth<Told>) -> Result<(), lambdio::Error> {
    Err(lambdio::Error::with_code(text, 403, "refused"))
}

#[handler(namespace = "/refuses", event = "fine")]
async fn fine() -> bool {
    true
}
