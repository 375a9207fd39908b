//! How long a server takes to start.

use super::Bench;
use crate::{
    Failure,
    metric::{START, Values},
    peers::Peer,
    server::{Login, Server},
};
use tokio::net::TcpStream;

/// The fastest of a few: what else goes on in the machine only adds to it.
pub async fn measure(bench: &Bench, peer: Peer) -> Result<Values, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..bench.scale.starts {
        let server = Server::start(&bench.programs, &bench.cores, peer, Login::None).await?;
        TcpStream::connect(server.address()).await?;
        best = best.min(server.started_in().as_secs_f64() * 1e3);
        server.stop().await?;
    }
    Ok(vec![(START, best)])
}
