//! What is counted of the database: its commands, and the connections to it.

use super::{
    catalogue::{
        MONGODB_CLOSED, MONGODB_COMMANDS, MONGODB_CONNECTIONS, MONGODB_CREATED, MONGODB_DURATION, MONGODB_FAILURES,
        MONGODB_IN_USE, MONGODB_LIMIT, MONGODB_WAIT,
    },
    exporter::is_recording,
};
use crate::mongo::already_exists;
use metrics::{Counter, Gauge, Histogram};
use mongodb::{
    event::{
        EventHandler,
        cmap::{CmapEvent, ConnectionClosedReason},
        command::CommandEvent,
    },
    options::{ClientOptions, ServerAddress},
};
use std::{
    collections::HashSet,
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

/// The commands that have a name of their own, sorted. A program may make up others, with what a client sent perhaps.
const COMMANDS: [&str; 32] = [
    "abortTransaction",
    "aggregate",
    "authenticate",
    "bulkWrite",
    "collMod",
    "commitTransaction",
    "count",
    "create",
    "createIndexes",
    "delete",
    "distinct",
    "drop",
    "dropDatabase",
    "dropIndexes",
    "endSessions",
    "explain",
    "find",
    "findAndModify",
    "getMore",
    "hello",
    "insert",
    "isMaster",
    "killCursors",
    "listCollections",
    "listDatabases",
    "listIndexes",
    "ping",
    "renameCollection",
    "saslContinue",
    "saslStart",
    "serverStatus",
    "update",
];

/// All others.
const OTHER: &str = "(other)";

/// Has the driver tell of commands and connections, where somebody counts. Handlers that are there already stay.
pub(crate) fn observe(options: &mut ClientOptions) {
    // the driver decodes each command and each answer for this, so only where it is of use
    if !is_recording() {
        return;
    }
    // 0 is any number, as everywhere at the driver
    metrics::gauge!(MONGODB_LIMIT).set(options.max_pool_size.map_or(0.0, f64::from));
    let (commands, pool) = (Commands::new(), Pool::new());
    options.command_event_handler.get_or_insert_with(|| EventHandler::callback(move |event| commands.count(&event)));
    options.cmap_event_handler.get_or_insert_with(|| EventHandler::callback(move |event| pool.count(event)));
}

/// What is counted of commands. Series that never occur are never made.
struct Commands {
    known: [Command; COMMANDS.len()],
    other: Command,
}

#[derive(Default)]
struct Command {
    ok: OnceLock<Counter>,
    error: OnceLock<Counter>,
    duration: OnceLock<Histogram>,
}

impl Commands {
    fn new() -> Self {
        Self { known: std::array::from_fn(|_| Command::default()), other: Command::default() }
    }

    fn count(&self, event: &CommandEvent) {
        match event {
            CommandEvent::Succeeded(event) => self.ended(&event.command_name, event.duration, true),
            CommandEvent::Failed(event) => {
                // each start asks for its collections: that one is there is what it wants
                let ok = event.command_name == "create" && already_exists(&event.failure);
                self.ended(&event.command_name, event.duration, ok);
            }
            _ => {}
        }
    }

    fn ended(&self, name: &str, took: Duration, ok: bool) {
        let place = COMMANDS.binary_search(&name).ok();
        let found = place.and_then(|place| Some((*COMMANDS.get(place)?, self.known.get(place)?)));
        let (name, command) = found.unwrap_or((OTHER, &self.other));
        let (counter, outcome) = if ok { (&command.ok, "ok") } else { (&command.error, "error") };
        let register = || metrics::counter!(MONGODB_COMMANDS, "command" => name, "outcome" => outcome);
        counter.get_or_init(register).increment(1);
        let register = || metrics::histogram!(MONGODB_DURATION, "command" => name);
        command.duration.get_or_init(register).record(took);
    }
}

/// What is counted of the connections to the database.
struct Pool {
    connections: Gauge,
    in_use: Gauge,
    wait: Histogram,
    created: Counter,
    failures: Counter,
    /// The driver tells nothing of an operation that is dropped while it waits for a connection, and then has a connection
    /// returned that nobody took: what is in use is known by name.
    taken: Mutex<HashSet<(ServerAddress, u32)>>,
}

impl Pool {
    fn new() -> Self {
        // there from the beginning: an alert compares with zero, not with nothing
        for reason in ["stale", "idle", "error", "dropped", "pool_closed"] {
            metrics::counter!(MONGODB_CLOSED, "reason" => reason).absolute(0);
        }
        Self {
            connections: metrics::gauge!(MONGODB_CONNECTIONS),
            in_use: metrics::gauge!(MONGODB_IN_USE),
            wait: metrics::histogram!(MONGODB_WAIT),
            created: metrics::counter!(MONGODB_CREATED),
            failures: metrics::counter!(MONGODB_FAILURES),
            taken: Mutex::default(),
        }
    }

    fn count(&self, event: CmapEvent) {
        match event {
            CmapEvent::ConnectionCreated(_) => {
                self.connections.increment(1);
                self.created.increment(1);
            }
            CmapEvent::ConnectionClosed(event) => {
                self.connections.decrement(1);
                metrics::counter!(MONGODB_CLOSED, "reason" => closed(&event.reason)).increment(1);
                self.change(|taken| taken.remove(&(event.address, event.connection_id)));
            }
            CmapEvent::ConnectionCheckoutFailed(_) => self.failures.increment(1),
            CmapEvent::ConnectionCheckedOut(event) => {
                self.wait.record(event.duration);
                self.change(|taken| taken.insert((event.address, event.connection_id)));
            }
            CmapEvent::ConnectionCheckedIn(event) => {
                self.change(|taken| taken.remove(&(event.address, event.connection_id)));
            }
            _ => {}
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "so many connections there are never")]
    fn change(&self, change: impl FnOnce(&mut HashSet<(ServerAddress, u32)>) -> bool) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if change(&mut taken) {
            self.in_use.set(taken.len() as f64);
        }
    }
}

fn closed(reason: &ConnectionClosedReason) -> &'static str {
    match reason {
        ConnectionClosedReason::Stale => "stale",
        ConnectionClosedReason::Idle => "idle",
        ConnectionClosedReason::Error => "error",
        ConnectionClosedReason::Dropped => "dropped",
        ConnectionClosedReason::PoolClosed => "pool_closed",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::COMMANDS;

    #[test]
    fn commands_are_sorted() {
        assert!(COMMANDS.is_sorted());
    }
}
