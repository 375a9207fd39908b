//! A websocket that says what no proper client says (RFC 6455).

use crate::{
    PATIENCE,
    failure::{Place, fail},
    http,
    secrets::Secrets,
};
use std::{io, panic::Location};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// RFC 6455 wants each byte of a client masked; a mask of zeros leaves them readable.
const MASK: [u8; 4] = [0; 4];

/// A websocket without a client behind it.
#[derive(Debug)]
pub struct RawConnection {
    stream: BufReader<TcpStream>,
    secrets: Secrets,
}

/// What a server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Text: an Engine.IO packet.
    Text(String),
    /// Bytes: an attachment.
    Binary(Vec<u8>),
    /// The end, said or not.
    Closed,
}

impl RawConnection {
    pub(crate) async fn open(address: String, query: String, secrets: Secrets, place: Place) -> Self {
        let opened = timeout(PATIENCE, Self::try_open_with(&address, &query)).await;
        let opened = opened
            .unwrap_or_else(|_| fail(place, "the websocket does not open"))
            .unwrap_or_else(|error| fail(place, format!("the websocket does not open: {error}")));
        Self { secrets, ..opened }
    }

    /// Opens a websocket to `host:port`, up to the server's answer.
    ///
    /// # Errors
    /// What the network says, or that the server refused.
    pub async fn try_open(address: &str) -> io::Result<Self> {
        Self::try_open_with(address, "").await
    }

    async fn try_open_with(address: &str, query: &str) -> io::Result<Self> {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket&{query} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await? == 0 {
                return Err(io::Error::other(format!("it ended after {head:?}")));
            }
        }
        if head.starts_with("HTTP/1.1 101 ") {
            Ok(Self { stream, secrets: Secrets::default() })
        } else {
            Err(io::Error::other(head))
        }
    }

    /// Opens a session over HTTP polling and moves it to a websocket, as browsers do.
    pub(crate) async fn open_by_upgrade(address: String, secrets: Secrets, place: Place) -> Self {
        let path = "/socket.io/?EIO=4&transport=polling";
        let opened = http::request(&address, "GET", path, "").await.unwrap_or_else(|error| fail(place, error));
        secrets.packets(&opened);
        let Some(sid) = http::session(&opened) else { fail(place, format!("no session but {opened}")) };
        let mut connection = Self::open(address, format!("sid={sid}"), secrets, place).await;
        connection.text("2probe").await;
        connection.next_text("3probe").await;
        connection.text("5").await;
        connection
    }

    /// Sends a text frame: `40/chat,` enters a namespace.
    #[track_caller]
    pub fn text(&mut self, text: &str) -> impl Future<Output = ()> {
        let place = Location::caller();
        self.secrets.packets(text);
        async move { self.send(1, text.as_bytes()).await.unwrap_or_else(|error| fail(place, error.to_string())) }
    }

    /// Sends a frame and minds nothing: the server may have closed.
    ///
    /// # Errors
    /// What the network says.
    pub async fn send(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = vec![0x80 | opcode];
        match u16::try_from(payload.len()) {
            Ok(length @ 0..=125) => frame.push(0x80 | length.to_le_bytes()[0]),
            Ok(length) => {
                frame.push(0x80 | 0x7e);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 0x7f);
                frame.extend((payload.len() as u64).to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(payload);
        self.stream.write_all(&frame).await
    }

    /// Sends bytes that need not be a frame.
    ///
    /// # Errors
    /// What the network says.
    pub async fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Says goodbye as RFC 6455 wants it, and waits until the server has closed the connection.
    #[track_caller]
    pub fn close(mut self) -> impl Future<Output = ()> {
        let place = Location::caller();
        async move {
            // the server may be faster
            let _ = self.send(8, &1000_u16.to_be_bytes()).await;
            self.closed_for(place).await;
        }
    }

    /// Ends the connection with a TCP reset, as a broken network does.
    ///
    /// # Errors
    /// What the network says.
    pub fn reset(self) -> io::Result<()> {
        self.stream.get_ref().set_zero_linger()
    }

    /// Waits for the next frame.
    #[track_caller]
    pub fn next_frame(&mut self) -> impl Future<Output = Frame> {
        let place = Location::caller();
        async move {
            match timeout(PATIENCE, self.read()).await {
                Ok(Ok(frame)) => frame,
                // a connection that was reset is closed
                Ok(Err(_)) => Frame::Closed,
                Err(_) => fail(place, format!("no frame within {PATIENCE:?}")),
            }
        }
    }

    /// Waits for a text frame that begins like this; heartbeats and others are passed over.
    #[track_caller]
    pub fn next_text(&mut self, beginning: &str) -> impl Future<Output = String> {
        let place = Location::caller();
        async move {
            let mut passed = Vec::new();
            loop {
                match timeout(PATIENCE, self.read()).await {
                    Ok(Ok(Frame::Text(text))) if text.starts_with(beginning) => return text,
                    Ok(Ok(frame)) if frame != Frame::Closed => passed.push(frame),
                    _ => fail(place, format!("no frame that begins with {beginning:?}, but {passed:?}")),
                }
            }
        }
    }

    /// Waits until the server has closed the connection.
    #[track_caller]
    pub fn closed(&mut self) -> impl Future<Output = ()> {
        self.closed_for(Location::caller())
    }

    async fn closed_for(&mut self, place: Place) {
        let end = async { while !matches!(self.read().await, Ok(Frame::Closed) | Err(_)) {} };
        timeout(PATIENCE, end).await.unwrap_or_else(|_| fail(place, format!("still open after {PATIENCE:?}")));
    }

    async fn read(&mut self) -> io::Result<Frame> {
        let opcode = self.stream.read_u8().await? & 0x0f;
        let length = match self.stream.read_u8().await? {
            126 => usize::from(self.stream.read_u16().await?),
            127 => usize::try_from(self.stream.read_u64().await?).map_err(io::Error::other)?,
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        match opcode {
            1 => {
                let text = String::from_utf8(payload).map_err(io::Error::other)?;
                self.secrets.packets(&text);
                Ok(Frame::Text(text))
            }
            2 => Ok(Frame::Binary(payload)),
            _ => Ok(Frame::Closed),
        }
    }
}
