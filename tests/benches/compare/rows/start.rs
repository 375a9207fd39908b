//! How long a server takes to start.

use super::Bench;
use crate::{
    Failure,
    metric::{START, Values},
    peers::Peer,
    server::{Needs, Server},
};
use std::time::Duration;
use tokio::net::TcpStream;

/// The fastest of a few, of which one has started already: what else goes on in the machine only adds to it.
pub async fn measure(first: &Server, bench: &Bench, peer: Peer) -> Result<Values, Failure> {
    let mut best = started(first).await?;
    for _ in 1..bench.scale.starts {
        let server = Server::start(&bench.programs, &bench.cores, peer, Needs::Nothing).await?;
        best = best.min(started(&server).await?);
        server.stop().await?;
    }
    Ok(vec![(START, best.as_secs_f64() * 1e3)])
}

/// How long it took, if it listens indeed.
async fn started(server: &Server) -> Result<Duration, Failure> {
    TcpStream::connect(server.address()).await?;
    Ok(server.started_in())
}
