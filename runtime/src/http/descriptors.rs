//! File descriptors: each connection takes one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Roughly what a process has open besides its clients: the database's connections, files, the async runtime.
const OTHERS: u64 = 64;

/// Raises the soft limit of this process to the hard one, and warns where this many connections do not fit.
pub(super) fn provide_for(connections: u32) {
    let Some(limit) = raise() else { return };
    if limit < u64::from(connections) + OTHERS {
        tracing::warn!(
            "server.max_connections = {connections} is more than this process can hold: it may have {limit} files open, \
             and needs about {OTHERS} besides connections. Raise the hard limit (ulimit -Hn, or LimitNOFILE= of systemd), \
             or lower server.max_connections"
        );
    }
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
