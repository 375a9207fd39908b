//! A client's websocket, and the task that reads and writes it.

use super::{packet::Packet, received::Received};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::sync::Arc;
use tokio::{
    io::DuplexStream,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel},
    task::AbortHandle,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message},
};

pub(super) type WebSocket = WebSocketStream<DuplexStream>;

/// A client's websocket, in the hands of a task. Dropping it cuts the connection.
#[derive(Debug)]
pub(super) struct Link {
    /// Dropped, it closes the websocket once everything is sent.
    pub outgoing: UnboundedSender<String>,
    pub task: Task,
}

/// A task that ends when this is dropped.
#[derive(Debug)]
pub(super) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    /// Reads packets of `namespace` into `received` from now on.
    pub fn new(socket: WebSocket, namespace: String, received: Arc<Received>) -> Self {
        let (outgoing, texts) = unbounded_channel();
        let (sink, stream) = socket.split();
        let pong = outgoing.downgrade();
        let task = tokio::spawn(async move {
            // neither waits for the other, so that a burst in both directions gets through
            let reason = tokio::select! {
                reason = read(stream, &namespace, &received, &pong) => reason,
                reason = write(sink, texts) => reason,
            };
            received.end(&reason);
        });
        Self { outgoing, task: Task(task.abort_handle()) }
    }
}

/// Reads until the end, and says what that was.
async fn read(
    mut stream: SplitStream<WebSocket>,
    namespace: &str,
    received: &Received,
    pong: &WeakUnboundedSender<String>,
) -> String {
    loop {
        let packet = match stream.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => {
                return "an attachment came, which this client does not understand".to_owned();
            }
            Some(Ok(Message::Close(_))) | None => return "the server closed it".to_owned(),
            Some(Ok(_)) => continue,
            Some(Err(error)) => return describe(&error),
        };
        match packet.as_str() {
            "2" => {
                // without a sender the client is about to close
                let _ = pong.upgrade().map(|pong| pong.send("3".to_owned()));
            }
            "1" => return "the server closed it".to_owned(),
            // of Engine.IO's own: nothing for us
            text if !text.starts_with('4') => {}
            text => match Packet::parse(text, namespace) {
                Ok(packet) => received.take_in(packet),
                Err(problem) => return problem,
            },
        }
    }
}

/// Writes until nobody has anything more to say, then closes. Says what went wrong, if something did.
async fn write(mut sink: SplitSink<WebSocket, Message>, mut texts: UnboundedReceiver<String>) -> String {
    while let Some(text) = texts.recv().await {
        let mut next = Some(text);
        while let Some(text) = next {
            if let Err(error) = sink.feed(Message::text(text)).await {
                return describe(&error);
            }
            next = texts.try_recv().ok();
        }
        if let Err(error) = sink.flush().await {
            return describe(&error);
        }
    }
    // the server may be faster
    let _ = sink.close().await;
    // what it says to that, the reader reads
    std::future::pending().await
}

fn describe(error: &tungstenite::Error) -> String {
    match error {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => "it is closed".to_owned(),
        error => error.to_string(),
    }
}
