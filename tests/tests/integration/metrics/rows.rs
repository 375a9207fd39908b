//! What metrics show, as a table.

use lambdio_tests::{Metrics, PATIENCE, Server};
use std::{panic::Location, time::Duration};
use tokio::time::{sleep, timeout};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A series, or all with at least these labels, and what they show together.
pub type Row = (&'static str, &'static [(&'static str, &'static str)], Is);

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Is {
    Exactly(f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Is {
    /// Whether this is such a value.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Exactly(expected) => (value - expected).abs() < 0.001,
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// What the series of a row show together; nothing where there are none.
fn shown(metrics: &Metrics, (name, labels, _): &Row) -> Option<f64> {
    let series = metrics.series().iter().filter(|series| series.name == *name);
    let fitting = series.filter(|series| {
        labels.iter().all(|(label, value)| series.labels.get(*label).is_some_and(|has| has.as_str() == *value))
    });
    fitting.map(|series| series.value).reduce(|sum, value| sum + value)
}

fn fits(metrics: &Metrics, row: &Row) -> bool {
    let (.., is) = row;
    shown(metrics, row).is_some_and(|value| is.holds(value))
}

/// Waits until a server shows all of this at the same time.
#[track_caller]
pub fn shows(server: &Server, rows: &[Row]) -> impl Future<Output = ()> {
    let place = Location::caller();
    async move {
        let mut metrics = server.metrics().await;
        let all = async {
            while !rows.iter().all(|row| fits(&metrics, row)) {
                sleep(PAUSE).await;
                metrics = server.metrics().await;
            }
        };
        // what is not so by then is told below
        let _ = timeout(PATIENCE, all).await;
        for row in rows {
            let ((name, labels, is), seen) = (row, shown(&metrics, row));
            assert!(fits(&metrics, row), "{place}: {name}{labels:?} is {seen:?}, not {is:?}:\n{}", metrics.text());
        }
    }
}
