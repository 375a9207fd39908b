//! What operators see at `/metrics`.

mod databases;
mod forgotten;
mod page;
pub mod rows;
mod values;

use lambdio::metrics::{CATALOGUE, Kind, Metric};
use lambdio_tests::Trial;

/// All of them.
pub fn trials() -> Vec<Trial> {
    [databases::trials(), forgotten::trials(), page::trials(), values::trials()].into_iter().flatten().collect()
}

/// The metric that a series belongs to, which may be a part of a histogram.
pub fn metric_of(series: &str) -> Option<&'static Metric> {
    CATALOGUE.iter().find(|metric| match (metric.kind, series.strip_prefix(metric.name)) {
        (Kind::Histogram, Some(part)) => ["_bucket", "_sum", "_count"].contains(&part),
        (_, rest) => rest == Some(""),
    })
}
