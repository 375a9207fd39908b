//! Support for tests that drive real programs from outside, with npm's `socket.io-client`.
//!
//! ```no_run
//! use lambdio_tests::{World, trials};
//! use serde_json::json;
//!
//! trials![an_echo_comes_back];
//!
//! async fn an_echo_comes_back(world: World) {
//!     let probe = world.probe().set("events.timeout=1s").await;
//!     let ada = probe.client("ada").await;
//!     let socket = ada.connect("/payloads").await;
//!     assert_eq!(socket.emit_with_ack("text", json!(["hello"])).await, json!(["hello"]));
//! }
//! # fn main() {}
//! ```
//!
//! - [`World`]: what one test has: programs to start, a database of its own, a folder of its own.
//! - [`Program`], [`Server`]: a program with its settings, and the same at work: its log, its end.
//! - [`Reload`]: what became of new settings for a server at work.
//! - [`Metrics`]: what a server counts.
//! - [`Client`], [`Socket`]: a person with cookies, and one of their Socket.IO connections.
//! - [`Browser`], [`Page`]: a person with a browser, and one of its tabs.
//! - [`Proxy`]: a network that can fail; [`ExternalMongod`]: a database that can.
//! - [`Collector`]: what collects traces.
//! - [`Nginx`]: what stands in front of a server in the world.
//! - [`Certificate`]: what a server speaks TLS with.
//! - [`RawConnection`]: a websocket that says what no proper client says.
//! - [`endurance`]: crowds that come and go, small in tests and large in the long runs.
//!
//! Every wait ends after [`PATIENCE`]. A failure says where in the test it is, what was awaited and what was seen
//! instead, and shows the servers' logs. A test that needs a program which this machine lacks is ignored with the
//! reason; with the environment variable `CI=true` it fails.
//!
//! A test with browsers fails at its end if something went wrong in one of their pages that it did not
//! [expect](Browser::expects): an error on the console, an exception that nobody caught, a violation of the
//! Content-Security-Policy, a request to another host.
//!
//! A test fails at its end if one of its programs printed a secret that went through the test, such as a password or a
//! cookie, or told it in an error to a client that had not sent it. Secrets of fewer than eight characters are left out.

#![allow(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a failing expectation fails the test")]
#![allow(clippy::needless_pass_by_value, reason = "a call reads best with json!(…) in its place")]

mod answer;
mod browser;
mod certificate;
mod client;
mod collector;
mod connecting;
mod driver;
pub mod endurance;
mod external;
mod failure;
mod http;
mod log;
mod metrics;
mod mongod;
mod nginx;
mod program;
mod proxy;
mod raw;
mod reload;
mod request;
mod runner;
mod secrets;
mod server;
mod setup;
mod socket;
mod world;

pub use answer::ErrorAnswer;
pub use browser::{Browser, Element, Look, Page, Theme};
pub use certificate::Certificate;
pub use client::Client;
pub use collector::{Attributes, Collector, Span};
pub use connecting::{Connecting, Refusal, Transport};
pub use external::{ExternalMongod, free_port};
pub use failure::eventually;
pub use libtest_mimic::Trial;
pub use log::Log;
pub use metrics::{Metrics, Series};
pub use mongod::{TestDatabase, mongodb_address};
pub use nginx::Nginx;
#[cfg(target_os = "linux")]
pub use program::end_with_this_thread;
pub use program::{Ended, Program, announced_address};
pub use proxy::Proxy;
pub use raw::{Frame, RawConnection};
pub use reload::Reload;
pub use request::{Request, Response};
pub use runner::{LongRun, failure_of, long_runs, main, trial};
pub use rustix::process::Signal;
pub use server::{PASSWORD, Server};
pub use setup::{cargo_build, npm_packages, promtool, root, systemd_analyze};
pub use socket::{Seen, Socket, State};
pub use world::World;

use std::time::Duration;

/// How long a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Lists the tests of a module, so that a forgotten one is a warning about dead code.
#[macro_export]
macro_rules! trials {
    ($($test:ident),+ $(,)?) => {
        /// The tests of this module.
        #[allow(unreachable_pub, dead_code, reason = "an example of it stands alone")]
        pub fn trials() -> Vec<$crate::Trial> {
            vec![$($crate::trial(module_path!(), stringify!($test), $test)),+]
        }
    };
}
