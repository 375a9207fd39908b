//! What operators see: metrics for Prometheus.
//!
//! A server shows them at `http://127.0.0.1:9464/metrics`, or where `[metrics]` says, in the text format of Prometheus:
//!
#![doc = include_str!("catalogue.md")]
//!
//! - An event that no handler serves is `(unknown)`, and so is the namespace that there is not; a request is `(pages)` for a file, `(router)` for the application's own
//!   router, `(socketio)` for Socket.IO, `(preflight)` for what browsers ask beforehand (CORS), `(refused)` where it was refused before anything looked at its path, and
//!   `(unknown)` where nothing serves it. Clients cannot make new series.
//! - What is cheap to find out is looked up when somebody asks; events only add to counters and histograms, without a lock.
//! - Series appear when something happens for the first time, but for those without labels and those whose labels are known.
//! - `process_*` are there on Linux only.
//!
//! The application's own metrics, made with the crate `metrics`, are shown along with these. A program that installs a recorder
//! of its own before [`App::run`](crate::App::run) keeps it: it gets all of these but `process_cpu_seconds_total`, what is
//! looked up every ten seconds, and nothing is served here.
//!
//! - [`CATALOGUE`]: every metric.
//! - `events`, `connections`, `acks`, `http`, `network`, `mongodb`, `logins`, `spans`: what is counted as it happens.
//! - `sample`, `process`: what is looked up.
//! - `exporter`: the recorder; `listener`, `visitors`: where it is shown, and to how many; `counting`: whether there are any.

mod acks;
mod catalogue;
mod connections;
mod counting;
mod events;
mod exporter;
mod http;
mod listener;
mod logins;
mod mongodb;
mod network;
mod outcome;
mod process;
mod sample;
mod spans;
mod visitors;

pub(crate) use acks::AckMetrics;
pub use catalogue::{CATALOGUE, Kind, Metric};
pub(crate) use catalogue::{RELOADED, RELOADS};
pub(crate) use connections::{ConnectionMetrics, refused_unknown_namespace};
pub(crate) use counting::{Counting, Showing};
pub(crate) use events::{EventMetrics, UNKNOWN};
pub(crate) use http::{ElsewhereMetrics, RouteMetrics};
pub(crate) use listener::MetricsError;
pub(crate) use logins::logged_in;
pub(crate) use mongodb::observe as observe_mongodb;
pub(crate) use network::{NetworkMetrics, Refused};
#[cfg(feature = "otlp")]
pub(crate) use spans::{SpanOutcome, count_spans};
