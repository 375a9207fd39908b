//! Every metric: its name, its kind, its labels, and what it says.

use std::fmt;

/// What a metric is, in the words of Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, from the start of the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values by size, in buckets.
    Histogram,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        })
    }
}

/// One metric. The unit, where it has one, is in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name, such as `lambdio_events_total`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The names of its labels. Their values come from the program and its configuration, never from clients.
    pub labels: &'static [&'static str],
    /// What it says, in one sentence.
    pub help: &'static str,
}

macro_rules! catalogue {
    ($($constant:ident = $kind:ident $name:literal [$($label:literal),*] $help:literal;)+) => {
        $(pub(crate) const $constant: &str = $name;)+

        /// Every metric that a server shows, by subject.
        pub const CATALOGUE: &[Metric] = &[
            $(Metric { name: $name, kind: Kind::$kind, labels: &[$($label),*], help: $help }),+
        ];
    };
}

catalogue! {
    EVENTS = Counter "lambdio_events_total" ["namespace", "event", "outcome"]
        "Events that were answered, by outcome: ok, a code of the runtime, or error for a code of the application.";
    EVENT_DURATION = Histogram "lambdio_event_duration_seconds" ["namespace", "event"]
        "How long an event ran, middleware included, from its beginning to its end.";
    EVENT_QUEUE = Histogram "lambdio_event_queue_seconds" ["namespace", "event"]
        "How long an event waited, from its acceptance to its beginning.";
    EVENTS_WAITING = Gauge "lambdio_events_waiting" []
        "Events that wait in the queues of all sockets, and those that run beside them.";
    QUEUED = Gauge "lambdio_queued_bytes" []
        "Payload that waits in the queues of all sockets.";
    QUEUED_LIMIT = Gauge "lambdio_queued_limit_bytes" []
        "How much payload may wait: events.total_queue_size.";
    IN_FLIGHT = Gauge "lambdio_invocations_in_flight" []
        "Events that run now.";
    IN_FLIGHT_LIMIT = Gauge "lambdio_invocations_limit" []
        "How many events may run at the same time: events.max_in_flight.";

    CONNECTIONS = Gauge "lambdio_connections" ["namespace"]
        "Clients in a namespace.";
    CONNECTS = Counter "lambdio_connects_total" ["namespace", "outcome"]
        "Clients that were let into a namespace, outcome ok, or refused; (unknown) is every namespace that there is not.";
    DISCONNECTS = Counter "lambdio_disconnects_total" ["namespace", "reason"]
        "Clients that left a namespace, by what ended their connection.";
    EVICTIONS = Counter "lambdio_evictions_total" ["namespace", "reason"]
        "Connections that the server ended at once, by reason.";
    SESSIONS = Gauge "lambdio_sessions" ["transport"]
        "Socket.IO sessions that are in some namespace, by their transport: websocket or polling.";
    ROOMS = Gauge "lambdio_rooms" ["namespace"]
        "Rooms of a namespace with somebody in them.";
    ROOM_MEMBERS = Gauge "lambdio_room_members" ["namespace"]
        "Memberships in rooms: a client in three rooms counts three times.";
    UNSENT = Gauge "lambdio_unsent_bytes" []
        "What waits to be sent to all clients.";
    UNSENT_LIMIT = Gauge "lambdio_unsent_limit_bytes" []
        "How much may wait to be sent to all clients: socketio.total_unsent_size.";
    UNSENT_LARGEST = Gauge "lambdio_unsent_largest_bytes" []
        "What waits to be sent to the client for whom most waits; at socketio.max_unsent_size it is disconnected.";
    ACKS = Counter "lambdio_acks_total" ["outcome"]
        "Events of the server that asked for an acknowledgement: ok, timeout, disconnected, misfit or unsent.";

    NETWORK_CONNECTIONS = Gauge "lambdio_network_connections" []
        "Connections that are open, websockets included.";
    NETWORK_LIMIT = Gauge "lambdio_network_connections_limit" []
        "How many connections may be open: server.max_connections, or fewer where the process may not open as many files.";
    NETWORK_ACCEPTED = Counter "lambdio_network_accepted_total" []
        "Connections that were accepted.";
    NETWORK_REFUSED = Counter "lambdio_network_refused_total" ["reason"]
        "Connections and clients that found no room or did not get through their TLS handshake, by reason.";
    NETWORK_ACCEPT_ERRORS = Counter "lambdio_network_accept_errors_total" []
        "Attempts to accept a connection that failed, most often for want of file descriptors.";
    NETWORK_RECEIVED = Counter "lambdio_network_received_bytes_total" []
        "What clients sent, without TLS.";
    NETWORK_SENT = Counter "lambdio_network_sent_bytes_total" []
        "What was sent to clients, without TLS.";

    HTTP_REQUESTS = Counter "lambdio_http_requests_total" ["method", "route", "status"]
        "Requests that were answered, by the template of their route and the class of the status, such as 2xx.";
    HTTP_DURATION = Histogram "lambdio_http_request_duration_seconds" ["method", "route"]
        "How long a request took, from its head to the head of the answer.";
    ROUTE_REQUESTS = Counter "lambdio_route_requests_total" ["method", "route", "outcome"]
        "Requests to routes that were answered, by outcome: ok, a code, or error for a code of the author's own.";
    ROUTE_QUEUE = Histogram "lambdio_route_queue_seconds" ["method", "route"]
        "How long a request waited, from its acceptance to its beginning.";

    LOGINS = Counter "lambdio_logins_total" ["outcome"]
        "Log-ins with name and password, by outcome: ok, or a code.";
    LOGGED_IN = Gauge "lambdio_logged_in_sockets" []
        "Sockets that somebody is logged in on.";
    PASSWORDS = Counter "lambdio_password_hashes_total" []
        "Passwords that were hashed or checked.";
    PASSWORDS_WAITING = Gauge "lambdio_password_hashes_waiting" []
        "Passwords that are being hashed or checked, or wait for it.";

    MONGODB_COMMANDS = Counter "lambdio_mongodb_commands_total" ["command", "outcome"]
        "Commands that the database answered or failed to answer, by outcome: ok or error.";
    MONGODB_DURATION = Histogram "lambdio_mongodb_command_duration_seconds" ["command"]
        "How long a command took, without the wait for a connection.";
    MONGODB_CONNECTIONS = Gauge "lambdio_mongodb_pool_connections" []
        "Connections to the database.";
    MONGODB_IN_USE = Gauge "lambdio_mongodb_pool_in_use" []
        "Connections to the database that are in use.";
    MONGODB_LIMIT = Gauge "lambdio_mongodb_pool_limit" []
        "How many connections to one server of the database there may be: mongo.max_pool_size, or what mongo.uri says.";
    MONGODB_WAIT = Histogram "lambdio_mongodb_pool_wait_seconds" []
        "How long an operation waited for a connection to the database.";
    MONGODB_CREATED = Counter "lambdio_mongodb_pool_created_total" []
        "Connections to the database that were begun.";
    MONGODB_CLOSED = Counter "lambdio_mongodb_pool_closed_total" ["reason"]
        "Connections to the database that were closed, by reason.";
    MONGODB_FAILURES = Counter "lambdio_mongodb_pool_failures_total" []
        "Operations that waited for a connection to the database and got none, as it went away or refuses them. What comes later is answered at once: lambdio_ready.";

    SPANS = Counter "lambdio_trace_spans_total" ["outcome"]
        "Spans of traces, by outcome: sent, or lost as overflow (no room), failed (the collector is away) or rejected (by it).";

    LOG_LOST = Counter "lambdio_log_lines_lost_total" []
        "Lines of the log that were lost: nobody read them in time, or they could not be written.";

    READY = Gauge "lambdio_ready" ["part"]
        "Whether a part can do its work: 1, or 0 where GET /health/ready names it.";
    RELOADS = Counter "lambdio_config_reloads_total" ["outcome"]
        "Times at which the settings were read again, by outcome: changed, unchanged or refused.";
    RELOADED = Gauge "lambdio_config_last_reload_success_timestamp_seconds" []
        "When settings were read last that are in force, the start included, since 1970-01-01 UTC.";
    BUILD = Gauge "lambdio_build_info" ["version"]
        "Always 1, with the version of lambdio.";
    WORKERS = Gauge "lambdio_runtime_workers" []
        "Threads that run handlers.";
    TASKS = Gauge "lambdio_runtime_tasks" []
        "Tasks of the async runtime that are not done yet.";
    TASKS_QUEUED = Gauge "lambdio_runtime_queued_tasks" []
        "Tasks that are ready, and wait in the runtime's global queue for a thread.";

    PROCESS_CPU = Counter "process_cpu_seconds_total" []
        "Time that the process has spent on processors, its own and the kernel's for it.";
    PROCESS_RESIDENT = Gauge "process_resident_memory_bytes" []
        "Memory of the process that is in RAM.";
    PROCESS_VIRTUAL = Gauge "process_virtual_memory_bytes" []
        "Address space of the process.";
    PROCESS_OPEN_FDS = Gauge "process_open_fds" []
        "File descriptors that are open.";
    PROCESS_MAX_FDS = Gauge "process_max_fds" []
        "File descriptors that may be open.";
    PROCESS_THREADS = Gauge "process_threads" []
        "Threads of the process.";
    PROCESS_START = Gauge "process_start_time_seconds" []
        "When the process was started, since 1970-01-01 UTC.";
}

/// Tells the recorder what each metric says.
pub(super) fn describe() {
    for Metric { name, kind, help, .. } in CATALOGUE {
        match kind {
            Kind::Counter => metrics::describe_counter!(*name, *help),
            Kind::Gauge => metrics::describe_gauge!(*name, *help),
            Kind::Histogram => metrics::describe_histogram!(*name, *help),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, fmt::Write as _};

    /// The catalogue as a table of Markdown.
    fn table() -> String {
        let mut table = "| name | kind | labels | |\n|---|---|---|---|\n".to_owned();
        for Metric { name, kind, labels, help } in CATALOGUE {
            let _ = writeln!(table, "| `{name}` | {kind} | {} | {} |", labels.join(", "), marked(help));
        }
        table
    }

    /// The sentence, with the keys of the configuration in it marked as such.
    fn marked(help: &str) -> String {
        let is_key = |word: &str| word.contains(['.', '_']) && word.chars().all(|letter| !letter.is_ascii_uppercase());
        let mark = |word: &str| {
            let bare = word.trim_end_matches(['.', ',', ':']);
            if is_key(bare) { word.replacen(bare, &format!("`{bare}`"), 1) } else { word.to_owned() }
        };
        help.split(' ').map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_page_shows_the_catalogue() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/metrics/catalogue.md");
        if std::env::var_os("UPDATE_PAGES").is_some() {
            std::fs::write(file, table()).unwrap();
        }
        let page = std::fs::read_to_string(file).unwrap();
        assert_eq!(page, table(), "write it anew: UPDATE_PAGES=1 cargo test -p lambdio --lib the_page_shows");
    }

    #[test]
    fn each_metric_is_there_once_and_ends_as_its_kind_asks() {
        let names: HashSet<_> = CATALOGUE.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), CATALOGUE.len());
        for Metric { name, kind, help, .. } in CATALOGUE {
            assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
            assert!(help.ends_with('.'), "{name}");
        }
    }
}
