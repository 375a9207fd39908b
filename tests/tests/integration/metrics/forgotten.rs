//! Each metric has a row that raises it, and so has each outcome that is known before anything happens.

use super::{databases, metric_of, rows::Row, values};
use lambdio::metrics::CATALOGUE;
use lambdio_tests::{World, trials};
use std::collections::BTreeSet;

trials![each_metric_has_a_row_that_raises_it, each_outcome_that_is_there_from_the_start_has_a_row_that_raises_it];

/// Metrics that no row raises, and why. That they are there is looked at with all others.
const NOT_RAISED: [(&str, &str); 1] =
    [("lambdio_runtime_queued_tasks", "it takes that all threads are busy, and with them the one that shows metrics")];

/// Outcomes that no row raises, and why.
const OUTCOMES_NOT_RAISED: [(&str, &str, &str); 4] = [
    ("lambdio_mongodb_pool_closed_total", "pool_closed", "it is so when the process ends, which shows no metrics then"),
    ("lambdio_trace_spans_total", "failed", "traces/collectors.rs does"),
    ("lambdio_trace_spans_total", "overflow", "traces/collectors.rs does, with thousands of spans"),
    ("lambdio_trace_spans_total", "rejected", "traces/collectors.rs does"),
];

/// All rows.
fn rows() -> impl Iterator<Item = &'static Row> {
    [values::ROWS, databases::ROWS].into_iter().flatten().copied().flatten()
}

/// Those that do not hold before anything has happened.
fn raising() -> impl Iterator<Item = &'static Row> {
    rows().filter(|(.., is)| !is.holds(0.0))
}

async fn each_metric_has_a_row_that_raises_it(_: World) {
    for (series, ..) in rows() {
        assert!(metric_of(series).is_some(), "{series} is no metric");
    }
    let raised: BTreeSet<&str> = raising().filter_map(|(series, ..)| Some(metric_of(series)?.name)).collect();
    let missing: Vec<&str> = CATALOGUE.iter().map(|metric| metric.name).filter(|name| !raised.contains(name)).collect();
    assert_eq!(missing, NOT_RAISED.map(|(name, _)| name), "a row belongs into values.rs or databases.rs");
}

async fn each_outcome_that_is_there_from_the_start_has_a_row_that_raises_it(world: World) {
    let server = world.example("journal").with_database().await;
    let metrics = server.metrics().await;
    let known: BTreeSet<(&str, &str)> = metrics
        .series()
        .iter()
        .filter_map(|series| {
            let outcome = series.labels.get("outcome").or_else(|| series.labels.get("reason"))?;
            Some((series.name.as_str(), outcome.as_str()))
        })
        .collect();
    assert!(known.contains(&("lambdio_network_refused_total", "tls")), "{}", metrics.text());
    let raised: BTreeSet<(&str, &str)> = raising()
        .flat_map(|(name, labels, _)| labels.iter().map(move |label| (*name, *label)))
        .filter(|(_, (label, _))| ["outcome", "reason"].contains(label))
        .map(|(name, (_, outcome))| (name, outcome))
        .collect();
    let missing: Vec<(&str, &str)> = known.difference(&raised).copied().collect();
    let expected = OUTCOMES_NOT_RAISED.map(|(name, outcome, _)| (name, outcome));
    assert_eq!(missing, expected, "a row belongs into values.rs or databases.rs");
}
