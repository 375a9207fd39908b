//! What a server has of its clients.

use crate::{
    PATIENCE, Server,
    failure::{Place, fail},
    http,
};
use serde::Deserialize;
use std::{fs, time::Duration};
use tokio::time::{Instant, sleep};

/// What a server has of its clients in `/waves`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Census {
    pub sockets: usize,
    /// Sockets in the rooms that were asked for.
    pub members: usize,
    /// Entries of these rooms' presence lists.
    pub present: usize,
    /// Tasks of the process.
    pub tasks: usize,
    /// Files that the process has open, connections included.
    #[serde(skip)]
    pub files: usize,
}

impl Census {
    /// Counts, with the members of this many rooms.
    pub async fn take(server: &Server, rooms: usize, place: Place) -> Self {
        let answer = http::request(server.address(), "GET", &format!("/waves/census/{rooms}"), "").await;
        let answer = answer.unwrap_or_else(|error| fail(place, error));
        let census: Self =
            serde_json::from_str(&answer).unwrap_or_else(|error| fail(place, format!("{error}: {answer}")));
        let files = fs::read_dir(format!("/proc/{}/fd", pid(server, place))).map_or(0, Iterator::count);
        Self { files, ..census }
    }

    /// Waits until everything is as it was at an earlier census.
    pub async fn is_again(self, server: &Server, rooms: usize, place: Place) {
        let end = Instant::now() + PATIENCE;
        loop {
            let now = Self::take(server, rooms, place).await;
            if now == self {
                return;
            }
            if Instant::now() > end {
                fail(place, format!("something is left behind: there was {self:?}, and now is {now:?}"));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Resident memory in bytes.
pub(super) fn memory(server: &Server, place: Place) -> u64 {
    let path = format!("/proc/{}/status", pid(server, place));
    let status = fs::read_to_string(&path).unwrap_or_else(|error| fail(place, format!("{path}: {error}")));
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kibibytes = line.trim().trim_end_matches("kB").trim().parse::<u64>();
    kibibytes.unwrap_or_else(|error| fail(place, format!("{path}: {error}"))) * 1024
}

fn pid(server: &Server, place: Place) -> u32 {
    server.pid().unwrap_or_else(|| fail(place, "the server has ended"))
}
