//! Clients that come and go.

use super::{Scale, Watch};
use crate::{Failure, client::Client, metric::Values, server::Server};
use std::{net::SocketAddr, time::Instant};
use tokio::task::JoinSet;

/// How many at the same time.
const AT_ONCE: usize = 16;

/// With a token they enter the namespace that asks for it.
pub async fn measure(server: &Server, scale: &Scale, token: Option<String>) -> Result<Values, Failure> {
    let (packet, answer) = match token {
        Some(token) => (format!(r#"40/private,{{"token":"{token}"}}"#), "40/private,{"),
        None => ("40".to_owned(), "40{"),
    };
    let watch = Watch::default();
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        tasks.spawn_local(come_and_go(server.address(), packet.clone(), answer, watch.clone()));
    }
    watch.load(server, scale, 1, tasks).await
}

async fn come_and_go(address: SocketAddr, packet: String, answer: &str, watch: Watch) -> Result<(), Failure> {
    loop {
        let start = Instant::now();
        let mut client = Client::open(address).await?;
        client.enter(&packet, answer).await?;
        watch.served(start);
        client.close().await;
    }
}
