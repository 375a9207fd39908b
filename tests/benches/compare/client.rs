//! A Socket.IO client over a websocket, with no more than the load needs: Engine.IO 4, Socket.IO 5, text.

use crate::Failure;
use futures_util::{SinkExt, StreamExt};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, Utf8Bytes},
};

/// How long an answer may take, before the row fails.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How the answer begins to what is asked more than once.
const ASKED: &str = "43999[";

pub type WebSocket = WebSocketStream<TcpStream>;

/// A client.
pub struct Client(WebSocket);

impl Client {
    /// Opens a websocket, up to the server's open packet.
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (stream, _) = client_async(url, stream).await?;
        let mut client = Self(stream);
        let open = client.next().await?;
        if open.starts_with('0') { Ok(client) } else { Err(format!("no open packet but {open}").into()) }
    }

    /// Opens a websocket and enters the main namespace.
    pub async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let mut client = Self::open(address).await?;
        client.enter("40", "40{").await?;
        Ok(client)
    }

    /// Enters a namespace: what to say, and how the answer begins.
    pub async fn enter(&mut self, packet: &str, answer: &str) -> Result<(), Failure> {
        self.send(packet.into()).await?;
        let answered = self.next().await?;
        if answered.starts_with(answer) { Ok(()) } else { Err(format!("not let in but told {answered}").into()) }
    }

    /// Sends an event with acknowledgement 999 until it is answered: socketioxide lets a client in before its handlers are
    /// there, and forgets what comes first.
    pub async fn ask(&mut self, event: &str) -> Result<Utf8Bytes, Failure> {
        const AGAIN: Duration = Duration::from_millis(300);
        for _ in 0..20 {
            self.send(format!("42999{event}").into()).await?;
            let answer = async {
                loop {
                    let packet = self.receive().await?;
                    if packet.starts_with(ASKED) {
                        return Ok(packet);
                    }
                }
            };
            if let Ok(answer) = timeout(AGAIN, answer).await {
                return answer;
            }
        }
        Err(format!("no answer to {event}").into())
    }

    pub async fn send(&mut self, packet: Utf8Bytes) -> Result<(), Failure> {
        Ok(self.0.send(Message::Text(packet)).await?)
    }

    /// The next packet that is no ping, and no late answer to what was asked more than once.
    pub async fn next(&mut self) -> Result<Utf8Bytes, Failure> {
        loop {
            let packet = self.receive().await?;
            if !packet.starts_with(ASKED) {
                return Ok(packet);
            }
        }
    }

    /// The next packet that is no ping. Pings are answered.
    async fn receive(&mut self) -> Result<Utf8Bytes, Failure> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(packet))) if packet.as_str() == "2" => self.send("3".into()).await?,
                Some(Ok(Message::Text(packet))) => return Ok(packet),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the server closed the connection".into()),
            }
        }
    }

    /// The websocket itself. What it has read already stays in it.
    pub fn into_websocket(self) -> WebSocket {
        self.0
    }

    /// Closes the websocket and waits for its end.
    pub async fn close(mut self) {
        // the server may be faster
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }
}
