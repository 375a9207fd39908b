//! Events that come back in their acknowledgement.

use super::{Scale, Watch};
use crate::{
    Failure,
    client::{Client, PATIENCE},
    metric::Values,
    server::Server,
};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    task::JoinSet,
    time::{interval_at, timeout},
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// What is echoed, and how much of it at a time.
pub struct Load {
    /// Bytes of the text in the payload.
    pub text: usize,
    /// One in so many of the scale's connections.
    share: usize,
    in_flight: usize,
}

/// How often each client sends where the load is steady.
const EVERY: Duration = Duration::from_millis(20);

pub const SMALL: Load = Load { text: 10, share: 1, in_flight: 4 };
pub const MIDDLE: Load = Load { text: 4 * 1024, share: 2, in_flight: 2 };
pub const LARGE: Load = Load { text: 60 * 1024, share: 5, in_flight: 1 };

/// A payload as all servers write it again: without white space, its keys sorted.
pub fn payload(text: usize) -> String {
    format!(r#"{{"number":1234567,"text":"{}"}}"#, "x".repeat(text))
}

/// What is sent, and what has to come back, with acknowledgement `id`.
pub struct Exchange {
    pub event: Utf8Bytes,
    pub ack: String,
}

impl Exchange {
    pub fn new(id: usize, payload: &str) -> Self {
        Self { event: format!(r#"42{id}["echo",{payload}]"#).into(), ack: format!("43{id}[{payload}]") }
    }
}

pub async fn measure(server: &Server, scale: &Scale, load: &Load) -> Result<Values, Failure> {
    let watch = Watch::default();
    let mut tasks = JoinSet::new();
    for _ in 0..scale.connections / load.share {
        let client = connect(server.address()).await?;
        tasks.spawn_local(exchange(client, load.text, load.in_flight, watch.clone()));
    }
    watch.load(server, scale, 1, tasks).await
}

/// Small events at a rate far below what any server can do: what an event costs when it comes alone.
pub async fn measure_steady(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let watch = Watch::default();
    let mut tasks = JoinSet::new();
    for number in 0..scale.connections {
        let client = connect(server.address()).await?;
        // so that they do not send all at once
        let offset = EVERY.mul_f64(number as f64 / scale.connections as f64);
        tasks.spawn_local(exchange_steadily(client, offset, watch.clone()));
    }
    watch.load(server, scale, 1, tasks).await
}

/// Sends an event at each tick, for ever. An answer's time counts from its tick, also where the one before was late.
async fn exchange_steadily(mut client: Client, offset: Duration, watch: Watch) -> Result<(), Failure> {
    let exchange = Exchange::new(0, &payload(SMALL.text));
    let mut ticks = interval_at(tokio::time::Instant::now() + offset, EVERY);
    loop {
        let tick = ticks.tick().await;
        client.send(exchange.event.clone()).await?;
        let answer = timeout(PATIENCE, client.next()).await.map_err(|_| "an event is not answered")??;
        if answer.as_str() != exchange.ack {
            return Err(format!("a wrong answer: {answer:.200}").into());
        }
        watch.served(tick.into_std());
    }
}

/// A client whose server is ready for it.
pub async fn connect(address: SocketAddr) -> Result<Client, Failure> {
    let mut client = Client::connect(address).await?;
    client.ask(r#"["echo",null]"#).await?;
    Ok(client)
}

/// Keeps so many events in flight, for ever. Every answer is compared with what it has to be.
pub async fn exchange(mut client: Client, text: usize, in_flight: usize, watch: Watch) -> Result<(), Failure> {
    let payload = payload(text);
    let exchanges: Vec<_> = (0..in_flight).map(|id| Exchange::new(id, &payload)).collect();
    let mut sent = vec![Instant::now(); in_flight];
    for exchange in &exchanges {
        client.send(exchange.event.clone()).await?;
    }
    loop {
        let answer = timeout(PATIENCE, client.next()).await.map_err(|_| "an event is not answered")??;
        let found = exchanges.iter().zip(&mut sent).find(|(exchange, _)| exchange.ack == answer.as_str());
        let (exchange, sent) = found.ok_or_else(|| format!("a wrong answer: {answer:.200}"))?;
        watch.served(*sent);
        *sent = Instant::now();
        client.send(exchange.event.clone()).await?;
    }
}
