//! Logs a client in at a server that keeps accounts.

use crate::Failure;
use axum::body::{Body, to_bytes};
use hyper::{Request, client::conn::http1, header::CONTENT_TYPE, header::HOST};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// The largest answer that is read, in bytes.
const ANSWER: usize = 64 * 1024;

/// The token of a new account.
pub async fn register(server: SocketAddr) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Welcome {
        token: String,
    }
    let stream = TcpStream::connect(server).await?;
    let (mut requests, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let body = r#"{"name":"ada","password":"a password for the benchmark","bearer":true}"#;
    let request = Request::post("/auth/register").header(HOST, server.to_string());
    let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(body))?;
    let answer = requests.send_request(request).await?;
    let answer = to_bytes(Body::new(answer.into_body()), ANSWER).await?;
    connection.abort();
    let welcome: Welcome = serde_json::from_slice(&answer)
        .map_err(|error| format!("registering failed ({error}): {}", String::from_utf8_lossy(&answer)))?;
    Ok(welcome.token)
}
