//! What systemd hears from a server.

use lambdio_tests::{PATIENCE, Program, Signal, World, trials};
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::{net::UnixDatagram, time::timeout};

trials![
    it_hears_when_clients_are_served_and_when_that_ends,
    it_hears_that_tasks_run_as_often_as_it_asks_for,
    it_hears_nothing_of_a_server_that_does_not_start,
    a_server_serves_where_nobody_can_be_told,
];

/// Stands in for systemd: the socket that `NOTIFY_SOCKET` names.
pub(super) struct Manager {
    socket: UnixDatagram,
    dir: TempDir,
}

impl Manager {
    pub(super) fn new() -> Self {
        // the path of a socket has at most 107 bytes, and those of tests are longer
        let dir = tempfile::tempdir().expect("a folder");
        Self { socket: UnixDatagram::bind(dir.path().join("notify")).expect("a socket"), dir }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().join("notify")
    }

    fn runs(&self, program: Program) -> Program {
        program.env("NOTIFY_SOCKET", &self.path().display().to_string())
    }

    /// The next message, as its lines.
    pub(super) async fn next(&self) -> Vec<String> {
        let mut message = vec![0; 4096];
        let length = timeout(PATIENCE, self.socket.recv(&mut message)).await.expect("a message in time");
        let message = String::from_utf8_lossy(&message[..length.expect("the socket is open")]).into_owned();
        message.lines().map(str::to_owned).collect()
    }

    /// Waits for a message with this line.
    async fn hears(&self, line: &str) {
        while !self.next().await.iter().any(|heard| heard == line) {}
    }
}

async fn it_hears_when_clients_are_served_and_when_that_ends(world: World) {
    let manager = Manager::new();
    let mut probe = manager.runs(world.probe()).await;
    let serving = format!("STATUS=serving on {}", probe.url());
    assert_eq!(manager.next().await, ["READY=1", serving.as_str()]);
    assert_eq!(probe.client("ada").await.get("/greeting").await.status, 200);
    probe.signal(Signal::TERM);
    assert_eq!(manager.next().await, ["STOPPING=1", "STATUS=finishing what was accepted"]);
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn it_hears_that_tasks_run_as_often_as_it_asks_for(world: World) {
    let manager = Manager::new();
    let mut probe = manager.runs(world.probe()).env("WATCHDOG_USEC", "200000").await;
    assert_eq!(manager.next().await[0], "READY=1");
    for _ in 0..3 {
        assert_eq!(manager.next().await, ["WATCHDOG=1"]);
    }
    probe.signal(Signal::TERM);
    manager.hears("STOPPING=1").await;
    assert_eq!(probe.wait_exit().await, Some(0));
}

async fn it_hears_nothing_of_a_server_that_does_not_start(world: World) {
    let manager = Manager::new();
    let ended = manager.runs(world.probe()).set("events.timeout=0s").run().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(manager.socket.try_recv(&mut [0; 16]).is_err(), "nothing was said");
}

async fn a_server_serves_where_nobody_can_be_told(world: World) {
    let probe = world.probe().env("NOTIFY_SOCKET", "/nowhere/notify").await;
    probe.log().line_with(["WARN", "the service manager cannot be told"]).await;
    assert_eq!(probe.client("ada").await.get("/greeting").await.status, 200);
}
