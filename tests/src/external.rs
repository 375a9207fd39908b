//! A database server of a test's own, which may be killed, frozen, and started again.

use crate::{PATIENCE, World, failure::fail, mongod, program::end_with_this_thread};
use mongodb::{Client, Database, bson::doc, options::ClientOptions};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    net::{Ipv4Addr, TcpListener},
    panic::Location,
    path::PathBuf,
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use tokio::process::{Child, Command};

/// A `mongod` that nobody supervises, on a port that stays the same. It is killed when this is dropped.
#[derive(Debug)]
pub struct ExternalMongod {
    binary: PathBuf,
    data: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl ExternalMongod {
    /// One that does not run yet. Ends the test as ignored where no `mongod` can be had.
    pub async fn new(world: &World) -> Self {
        let data = world.new_folder("mongod");
        Self { binary: mongod::binary().await, data, port: free_port(), child: None }
    }

    /// Its address, for `mongo.uri`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("mongodb://127.0.0.1:{}/?directConnection=true", self.port)
    }

    /// Starts it, for the first time or once more, and waits until it answers.
    #[track_caller]
    pub fn start(&mut self) -> impl Future<Output = ()> {
        let place = Location::caller();
        let mut command = Command::new(&self.binary);
        command.arg("--dbpath").arg(&self.data).args(["--bind_ip", "127.0.0.1", "--nounixsocket", "--quiet"]);
        command.args(["--port", &self.port.to_string(), "--wiredTigerCacheSizeGB", "0.25"]);
        command.args(["--wiredTigerEngineConfigString", "log=(file_max=8MB,prealloc=false)"]);
        command.arg("--logpath").arg(self.data.join("log")).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(target_os = "linux")]
        end_with_this_thread(&mut command);
        async move {
            self.child = Some(command.spawn().unwrap_or_else(|error| fail(place, error.to_string())));
            let answer = tokio::time::timeout(PATIENCE, async {
                let admin = self.database("admin").await;
                while admin.run_command(doc! { "ping": 1 }).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            if answer.await.is_err() {
                fail(place, format!("the database on port {} does not answer within {PATIENCE:?}", self.port));
            }
        }
    }

    /// A database on it, to look into.
    pub async fn database(&self, name: &str) -> Database {
        let mut options = ClientOptions::parse(self.uri()).await.expect("a proper address");
        options.server_selection_timeout = Some(Duration::from_secs(1));
        Client::with_options(options).expect("proper options").database(name)
    }

    /// Kills it, without a chance for it to do anything, and waits for its end.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("it runs");
        }
    }

    /// Stops its time, or lets it go on: `STOP` and `CONT`.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.as_ref().and_then(Child::id).and_then(|pid| Pid::from_raw(pid.cast_signed()));
        let Some(pid) = pid else { fail(Location::caller(), "the database does not run") };
        kill_process(pid, signal).unwrap_or_else(|error| fail(Location::caller(), error.to_string()));
    }
}

/// A port of the loopback that is free now. Nobody else gets it by chance: no other call gives it, and the kernel hands out ports
/// from 32768 on.
///
/// # Panics
/// There is none.
#[must_use]
pub fn free_port() -> u16 {
    const PORTS: std::ops::Range<u32> = 22_000..32_768;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut ports = PORTS.map(|_| {
        // two runs at once begin at different places
        let number = std::process::id().wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        PORTS.start + number % (PORTS.end - PORTS.start)
    });
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    ports.find_map(|port| u16::try_from(port).ok().filter(is_free)).expect("a free port")
}
