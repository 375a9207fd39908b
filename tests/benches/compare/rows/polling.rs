//! The echo over HTTP long-polling.

use super::{Scale, Watch, echo};
use crate::{Failure, metric::Values, polling::PollingClient, server::Server};
use std::time::Instant;
use tokio::task::JoinSet;

pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let watch = Watch::default();
    let mut tasks = JoinSet::new();
    for _ in 0..scale.connections / 5 {
        let client = PollingClient::connect(server.address()).await?;
        tasks.spawn_local(exchange(client, watch.clone()));
    }
    watch.load(server, scale, 1, tasks).await
}

async fn exchange(mut client: PollingClient, watch: Watch) -> Result<(), Failure> {
    let exchange = echo::Exchange::new(0, &echo::payload(echo::SMALL.text));
    loop {
        let sent = Instant::now();
        let answer = client.ask(&exchange.event).await?;
        if answer != exchange.ack {
            return Err(format!("a wrong answer: {answer:.200}").into());
        }
        watch.served(sent);
    }
}
