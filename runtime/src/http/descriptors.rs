//! File descriptors: each connection takes one, and leaves enough for everything else.

use crate::config::Settings;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Roughly what a process has open besides its clients and the database's connections: 64 connections to the metrics, files,
/// listeners, the async runtime.
const OTHERS: u64 = 64 + 54;

/// Raises the soft limit of this process to the hard one. How many of `server.max_connections` may be there at once, so that
/// enough descriptors are left for the database and files; a warning tells where these are fewer.
pub(super) fn provide_for(settings: &Settings) -> u32 {
    let connections = settings.server.max_connections;
    let Some(limit) = raise() else { return connections };
    let others = OTHERS + u64::from(settings.mongo.max_pool_size);
    let room = room(limit, others);
    if room < connections {
        tracing::warn!(
            "server.max_connections = {connections} is more than this process can hold: it may have {limit} files open, \
             and needs about {others} besides connections, so {room} connections are let in. Raise the hard limit (ulimit \
             -Hn, or LimitNOFILE= of systemd), or lower server.max_connections"
        );
    }
    room.min(connections)
}

/// How many of these descriptors are for clients: what the others leave, and half of them where that is too little.
fn room(limit: u64, others: u64) -> u32 {
    u32::try_from(limit.saturating_sub(others).max(limit / 2)).unwrap_or(u32::MAX)
}

/// How many descriptors this process may have now; `None` is any number.
fn raise() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::debug!(%error, "the soft limit of open files stays as it is");
            current
        }
    }
}
