//! The names of the numbers.

/// A number that a row gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    pub name: &'static str,
    pub unit: &'static str,
}

/// What one measurement gives.
pub type Values = Vec<(Metric, f64)>;

const fn metric(name: &'static str, unit: &'static str) -> Metric {
    Metric { name, unit }
}

/// User and system time of all threads of the server, divided by what was served.
pub const CPU: Metric = metric("server CPU each", "µs");
pub const P50: Metric = metric("p50", "ms");
pub const P99: Metric = metric("p99", "ms");
/// How many were served in a second.
pub const RATE: Metric = metric("throughput", "1/s");
/// How much of the time the server was running; well below 100, the load is the limit and not the server.
pub const BUSY: Metric = metric("server busy", "%");
/// How much of the time threads of the server wanted to run and could not, also for each other. Well above what other runs
/// have, something else used the server's core.
pub const WAITING: Metric = metric("server waiting", "%");
/// What the process's proportional set size grew by, divided by the connections. 1 KB is 1 000 bytes.
pub const MEMORY: Metric = metric("memory each", "KB");
/// From the start of the process to the line that says where it listens.
pub const START: Metric = metric("to listening", "ms");
/// Events of the flooding client that came back.
pub const ECHOED: Metric = metric("flood echoed", "1/s");
/// Events of the flooding client that were answered with an error. What was sent and is in neither number got no answer.
pub const REFUSED: Metric = metric("flood refused", "1/s");
/// How often the server ended the flooding client's connection. It came back at once.
pub const PUT_OUT: Metric = metric("flood put out", "1/s");
