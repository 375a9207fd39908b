//! Requests without a client behind them: cheap, and each over a connection of its own.

use crate::PATIENCE;
use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Sends a request with a JSON body, or with none where that is empty, and gives the body of the answer.
///
/// The error says what went wrong, and what the server said instead of a success.
pub(crate) async fn request(address: &str, method: &str, path: &str, json: &str) -> Result<String, String> {
    let answer = timeout(PATIENCE, exchange(address, method, path, json)).await;
    let answer = answer.map_err(|_| format!("{method} {path}: no answer within {PATIENCE:?}"))?;
    let answer = answer.map_err(|error| format!("{method} {path}: {error}"))?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 2") => Ok(body.to_owned()),
        _ => Err(format!("{method} {path}: {answer}")),
    }
}

/// The id of the session that an answer of Engine.IO opens: `0{"sid":"…", …}`.
pub(crate) fn session(opened: &str) -> Option<&str> {
    opened.split_once("\"sid\":\"")?.1.split_once('"').map(|(sid, _)| sid)
}

async fn exchange(address: &str, method: &str, path: &str, json: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let length = json.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{json}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
