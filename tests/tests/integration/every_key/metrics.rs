//! `[metrics]`.

use super::{Row, looks::own_host, restart, with};
use lambdio_tests::{Program, World};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        restart(
            "metrics.enabled",
            |world| at_own_host(world).set("metrics.port=21003"),
            [with("metrics.enabled = true", "21003"), with("metrics.enabled = false", "nowhere")],
            async |_| port_that_shows_metrics(["21003"]).await,
        ),
        restart(
            "metrics.host",
            World::probe,
            [with("metrics.host = \"127.0.0.1\"", "127.0.0.1"), with("metrics.host = \"127.0.0.3\"", "127.0.0.3")],
            async |server| {
                let address = server.metrics_address().await;
                assert!(shows_metrics(&address).await, "{address}");
                address.split(':').next().unwrap_or_default().to_owned()
            },
        ),
        restart(
            "metrics.port",
            at_own_host,
            [with("metrics.port = 21004", "21004"), with("metrics.port = 21005", "21005")],
            async |_| port_that_shows_metrics(["21004", "21005"]).await,
        ),
    ]
}

/// A program whose metrics are where no other has a port.
fn at_own_host(world: &World) -> Program {
    world.probe().without_env("LAMBDIO__METRICS__PORT").set(&format!("metrics.host={}", own_host()))
}

/// On which of these ports metrics are shown. Each row has ports of its own, as rows share the host.
async fn port_that_shows_metrics<const N: usize>(ports: [&str; N]) -> String {
    for port in ports {
        if shows_metrics(&format!("{}:{port}", own_host())).await {
            return port.to_owned();
        }
    }
    "nowhere".to_owned()
}

async fn shows_metrics(address: &str) -> bool {
    let Ok(mut connection) = TcpStream::connect(address).await else { return false };
    let request = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    connection.write_all(request).await.expect("the server reads");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer");
    answer.contains("lambdio_build_info")
}
