//! What is looked up when somebody asks.

use super::{
    catalogue::{
        BUILD, EVENTS_WAITING, IN_FLIGHT, IN_FLIGHT_LIMIT, LOG_LOST, LOGGED_IN, NETWORK_LIMIT, PASSWORDS,
        PASSWORDS_WAITING, QUEUED, QUEUED_LIMIT, READY, ROOM_MEMBERS, ROOMS, SESSIONS, TASKS, TASKS_QUEUED, UNSENT,
        UNSENT_LARGEST, UNSENT_LIMIT, WORKERS,
    },
    process,
};
use crate::{app::AppState, health::State, log};
use socketioxide::{TransportType, socket::Sid};
use std::collections::{BTreeMap, HashSet};
use tokio::runtime::RuntimeMetrics;

/// Looks up how the application, the async runtime and the process are.
///
/// It goes through all clients and their rooms, some milliseconds for ten thousand: not on a thread that runs handlers.
pub(super) fn sample(app: &AppState, runtime: &RuntimeMetrics) {
    metrics::gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    set(WORKERS, runtime.num_workers());
    set(TASKS, runtime.num_alive_tasks());
    set(TASKS_QUEUED, runtime.global_queue_depth());
    let settings = app.settings();
    set(NETWORK_LIMIT, app.clients.limit());
    set(IN_FLIGHT, app.work.in_flight());
    set(IN_FLIGHT_LIMIT, settings.events.max_in_flight);
    set(QUEUED, app.work.waiting());
    set(QUEUED_LIMIT, settings.events.total_queue_size.as_usize());
    set(UNSENT_LIMIT, settings.socketio.total_unsent_size.as_usize());
    for (part, state) in app.readiness.parts() {
        metrics::gauge!(READY, "part" => part).set(if state == State::Ready { 1.0 } else { 0.0 });
    }
    metrics::counter!(LOG_LOST).absolute(log::lost_lines());
    sample_logins(app);
    Clients::of(app).show();
    process::sample();
}

fn sample_logins(app: &AppState) {
    set(LOGGED_IN, app.auth.logged_in());
    if let Ok(accounts) = app.auth.accounts() {
        let (hashed, waiting) = accounts.hashing();
        metrics::counter!(PASSWORDS).absolute(hashed);
        set(PASSWORDS_WAITING, waiting);
    }
}

#[expect(clippy::cast_precision_loss, reason = "gauges are numbers with 53 bits")]
fn set(gauge: &'static str, value: usize) {
    metrics::gauge!(gauge).set(value as f64);
}

/// All clients, as numbers.
#[derive(Default)]
struct Clients {
    websocket: usize,
    polling: usize,
    waiting: usize,
    unsent: u64,
    unsent_largest: u64,
    namespaces: BTreeMap<&'static str, Rooms>,
}

#[derive(Default)]
struct Rooms {
    members: usize,
    names: HashSet<String>,
}

impl Clients {
    fn of(app: &AppState) -> Self {
        let mut clients = Self::default();
        let mut sessions: HashSet<Sid> = HashSet::new();
        for entry in app.registry().namespaces() {
            clients.namespaces.insert(entry.path, Rooms::default());
        }
        for socket in app.sender.everybody() {
            let connection = socket.connection();
            clients.waiting += connection.queue.len();
            let rooms = clients.namespaces.entry(connection.namespace.path()).or_default();
            let names = connection.rooms();
            rooms.members += names.len();
            rooms.names.extend(names);
            if !sessions.insert(connection.sid) {
                continue;
            }
            let unsent = connection.session.unsent();
            clients.unsent += unsent;
            clients.unsent_largest = clients.unsent_largest.max(unsent);
            match connection.transport().map(|raw| raw.transport_type()) {
                Some(TransportType::Websocket) => clients.websocket += 1,
                Some(TransportType::Polling) => clients.polling += 1,
                None => {}
            }
        }
        clients
    }

    #[expect(clippy::cast_precision_loss, reason = "gauges are numbers with 53 bits")]
    fn show(self) {
        metrics::gauge!(SESSIONS, "transport" => "websocket").set(self.websocket as f64);
        metrics::gauge!(SESSIONS, "transport" => "polling").set(self.polling as f64);
        metrics::gauge!(UNSENT).set(self.unsent as f64);
        metrics::gauge!(UNSENT_LARGEST).set(self.unsent_largest as f64);
        set(EVENTS_WAITING, self.waiting);
        for (namespace, Rooms { members, names }) in self.namespaces {
            metrics::gauge!(ROOMS, "namespace" => namespace).set(names.len() as f64);
            metrics::gauge!(ROOM_MEMBERS, "namespace" => namespace).set(members as f64);
        }
    }
}
