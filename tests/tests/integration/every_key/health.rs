//! `[health]`.

use super::{Row, looks::guest, restart, with};
use lambdio_tests::{Server, World};

pub(super) fn rows() -> Vec<Row> {
    vec![
        restart(
            "health.path",
            World::probe,
            [
                with("health.path = \"/health\"", "/health/live /health/ready"),
                with("health.path = \"/internal/state\"", "/internal/state/live /internal/state/ready"),
            ],
            answered,
        ),
        restart(
            "health.public",
            World::probe,
            [with("health.public = true", "/health/live /health/ready"), with("health.public = false", "")],
            answered,
        ),
    ]
}

/// Where the server says how it is.
async fn answered(server: &Server) -> String {
    let client = guest(server).await;
    let mut found = Vec::new();
    for path in ["/health/live", "/health/ready", "/internal/state/live", "/internal/state/ready"] {
        match client.get(path).await.status {
            200 => found.push(path),
            status => assert_eq!(status, 404, "{path}"),
        }
    }
    found.join(" ")
}
