//! One HTTP request over a connection of its own.

use super::ClientError;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::{io::DuplexStream, time::timeout};

/// Sends a request, and waits for the whole answer.
pub(crate) async fn send(
    stream: DuplexStream,
    request: Request<Bytes>,
    patience: Duration,
) -> Result<Response<Bytes>, ClientError> {
    let what = format!("{} {}", request.method(), request.uri());
    match timeout(patience, try_send(stream, request.map(Full::new))).await {
        Ok(answer) => answer.map_err(|error| ClientError::NotConnected(format!("{what}: {error}"))),
        Err(_) => Err(ClientError::Late {
            what: format!("the answer to {what}"),
            patience,
            instead: "nothing came".to_owned(),
        }),
    }
}

async fn try_send(stream: DuplexStream, mut request: Request<Full<Bytes>>) -> hyper::Result<Response<Bytes>> {
    request.headers_mut().entry(HOST).or_insert(HeaderValue::from_static("localhost"));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let talk = async {
        let (head, body) = sender.send_request(request).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    };
    tokio::pin!(talk);
    tokio::select! {
        answer = &mut talk => answer,
        // it ends with the answer, or with an error that the answer repeats
        _ = connection => talk.await,
    }
}
