//! A Socket.IO client over HTTP long-polling: one connection for what it polls, one for what it posts.

use crate::{Failure, client::PATIENCE};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// What parts packets in one body (Engine.IO 4).
const SEPARATOR: char = '\x1e';

/// A client.
pub struct PollingClient {
    polls: Connection,
    posts: Connection,
    /// Packets that came with another one.
    received: VecDeque<String>,
}

impl PollingClient {
    /// Opens a session, enters the main namespace and waits until the server is ready for events.
    pub async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let mut polls = Connection::open(address, "").await?;
        let open = polls.get().await?;
        let sid = open.split_once(r#""sid":""#).and_then(|(_, rest)| rest.split_once('"'));
        let (sid, _) = sid.ok_or_else(|| format!("no open packet but {open}"))?;
        let sid = format!("&sid={sid}");
        polls.query_with(&sid);
        let posts = Connection::open(address, &sid).await?;
        let mut client = Self { polls, posts, received: VecDeque::new() };
        client.posts.post("40".to_owned()).await?;
        client.until("40").await?;
        // socketioxide lets a client in before its handlers are there
        sleep(Duration::from_millis(20)).await;
        Ok(client)
    }

    /// Posts an event, and polls meanwhile until its acknowledgement is there.
    pub async fn ask(&mut self, event: &str) -> Result<String, Failure> {
        let Self { polls, posts, received } = self;
        let (posted, polled) = tokio::join!(posts.post(event.to_owned()), polls.get());
        posted?;
        received.extend(polled?.split(SEPARATOR).map(str::to_owned));
        self.until("43").await
    }

    /// The next packet that begins so. Pings are answered.
    async fn until(&mut self, begin: &str) -> Result<String, Failure> {
        loop {
            while let Some(packet) = self.received.pop_front() {
                if packet == "2" {
                    self.posts.post("3".to_owned()).await?;
                } else if packet.starts_with(begin) {
                    return Ok(packet);
                }
            }
            let polled = self.polls.get().await?;
            self.received.extend(polled.split(SEPARATOR).map(str::to_owned));
        }
    }
}

/// An HTTP connection that stays open.
struct Connection {
    requests: SendRequest<Full<Bytes>>,
    address: SocketAddr,
    path: String,
}

impl Connection {
    async fn open(address: SocketAddr, query: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        let mut opened = Self { requests, address, path: String::new() };
        opened.query_with(query);
        Ok(opened)
    }

    fn query_with(&mut self, query: &str) {
        self.path = format!("/socket.io/?EIO=4&transport=polling{query}");
    }

    async fn get(&mut self) -> Result<String, Failure> {
        let request = Request::get(&self.path).header(HOST, self.address.to_string()).body(Full::default())?;
        self.send(request).await
    }

    async fn post(&mut self, body: String) -> Result<String, Failure> {
        let request = Request::post(&self.path)
            .header(HOST, self.address.to_string())
            .header(CONTENT_TYPE, "text/plain;charset=UTF-8")
            .body(Full::from(body))?;
        self.send(request).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<String, Failure> {
        let exchange = async {
            self.requests.ready().await?;
            let response = self.requests.send_request(request).await?;
            let status = response.status();
            let body = String::from_utf8(response.into_body().collect().await?.to_bytes().to_vec())?;
            match status {
                StatusCode::OK => Ok(body),
                _ => Err(format!("{status}: {body}").into()),
            }
        };
        timeout(PATIENCE, exchange).await.map_err(|_| "a request is not answered")?
    }
}
