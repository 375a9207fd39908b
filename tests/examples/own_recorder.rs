//! A program that counts with a recorder of its own.

use lambdio::prelude::*;
use metrics_util::debugging::{DebuggingRecorder, Snapshotter};
use std::collections::BTreeSet;

#[handler(event = "ping")]
async fn ping() -> &'static str {
    "pong"
}

/// The names of all metrics that were counted since the last time.
#[route(get = "/names")]
async fn names(recorder: Provided<Snapshotter>) -> BTreeSet<String> {
    let seen = recorder.0.snapshot().into_vec();
    seen.into_iter().map(|(key, ..)| key.key().name().to_owned()).collect()
}

fn main() -> lambdio::ExitCode {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    if recorder.install().is_err() {
        return lambdio::ExitCode::FAILURE;
    }
    lambdio::App::new().provide(async move |_: &lambdio::Startup| Ok::<_, lambdio::Error>(snapshotter)).run()
}
