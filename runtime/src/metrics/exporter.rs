//! The recorder that counts for the whole process.

use super::{
    catalogue::{self, CATALOGUE, Kind},
    process, spans,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Our recorder, once it counts: it stays for the rest of the process.
static RECORDING: OnceLock<PrometheusHandle> = OnceLock::new();

/// Whether somebody counts, our recorder or another one.
static IS_RECORDING: AtomicBool = AtomicBool::new(false);

/// What has been counted, in the text format of Prometheus.
#[derive(Clone)]
pub(crate) struct Exporter(PrometheusHandle);

/// Whether what costs something should be counted.
pub(super) fn is_recording() -> bool {
    IS_RECORDING.load(Ordering::Relaxed)
}

impl Exporter {
    /// Counts for the whole process from now on. `None` where the program has a recorder of its own, which stays.
    ///
    /// Handles that were made before count nothing, so this comes before everything that makes some.
    pub fn install() -> Option<Self> {
        if let Some(handle) = RECORDING.get() {
            return Some(Self(handle.clone()));
        }
        IS_RECORDING.store(true, Ordering::Relaxed);
        let recorder = recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            catalogue::describe();
            // another application of this process may have been faster
            return RECORDING.get().cloned().map(Self);
        }
        catalogue::describe();
        spans::show_spans();
        Some(Self(RECORDING.get_or_init(|| handle).clone()))
    }

    /// All that has been counted until now.
    pub fn render(&self) -> String {
        let mut text = self.0.render();
        process::render(&mut text);
        text
    }

    /// Moves what histograms were given into their buckets. Until then each value takes memory, so this is done every few
    /// seconds.
    pub fn tidy(&self) {
        self.0.run_upkeep();
    }
}

fn recorder() -> PrometheusRecorder {
    let histograms = CATALOGUE.iter().filter(|metric| metric.kind == Kind::Histogram);
    histograms
        .fold(PrometheusBuilder::new(), |builder, metric| {
            let matcher = Matcher::Full(metric.name.to_owned());
            // it fails for an empty list only
            builder.set_buckets_for_metric(matcher, &BUCKETS).unwrap_or_default()
        })
        .build_recorder()
}
