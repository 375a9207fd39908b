//! Websockets that say nothing.

use super::Scale;
use crate::{
    Failure,
    client::Client,
    metric::{MEMORY, Values},
    server::Server,
};
use tokio::{task::JoinSet, time::sleep};

/// How many connect at the same time.
const AT_ONCE: usize = 20;

pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    // what the first ones take, once and for all
    let first = open(server, AT_ONCE).await?;
    sleep(scale.settle).await;
    let before = server.memory()?;
    let mut clients = open(server, scale.idle).await?;
    sleep(scale.settle).await;
    let grown = server.memory()?.saturating_sub(before);
    // the first and the last of them are still there
    for mut client in first.into_iter().take(1).chain(clients.pop()) {
        client.ask(r#"["echo",null]"#).await?;
    }
    Ok(vec![(MEMORY, grown as f64 / 1e3 / scale.idle as f64)])
}

async fn open(server: &Server, count: usize) -> Result<Vec<Client>, Failure> {
    let address = server.address();
    let mut tasks: JoinSet<Result<Vec<Client>, Failure>> = JoinSet::new();
    for _ in 0..AT_ONCE {
        tasks.spawn_local(async move {
            let mut clients = Vec::new();
            for _ in 0..count / AT_ONCE {
                clients.push(Client::connect(address).await?);
            }
            Ok(clients)
        });
    }
    let mut clients = Vec::new();
    while let Some(opened) = tasks.join_next().await {
        clients.extend(opened??);
    }
    Ok(clients)
}
