//! What lambdio is required to reach, and what it aims at.

use crate::{
    metric::{CPU, MEMORY, Metric, P99, START},
    peers::Peer,
    record::Record,
    rows::Row,
};
use std::fmt::Write as _;

/// What lambdio's number is compared with.
enum Measure {
    /// Another server's; the target is a ratio.
    Against(Peer),
    /// Nothing.
    Itself,
    /// Its own with a thousand handlers; the target is the ratio of that to this.
    Thousand,
}

struct Target {
    row: Row,
    metric: Metric,
    measure: Measure,
    /// The highest that is allowed.
    required: f64,
    aim: f64,
}

const fn target(row: Row, metric: Metric, measure: Measure, required: f64, aim: f64) -> Target {
    Target { row, metric, measure, required, aim }
}

/// How far two numbers may be apart that are to be equal: what rounds differ by.
const EQUAL: f64 = 1.05;

const TARGETS: [Target; 9] = [
    target(Row::Echo, CPU, Measure::Against(Peer::ByHand), 1.0, 0.85),
    target(Row::Echo, CPU, Measure::Against(Peer::Node), 0.25, 0.2),
    target(Row::Echo, P99, Measure::Against(Peer::ByHand), 1.0, 0.5),
    target(Row::Echo, P99, Measure::Against(Peer::Node), 1.0, 0.5),
    target(Row::Idle, MEMORY, Measure::Itself, 18.0, 16.0),
    target(Row::Echo, CPU, Measure::Thousand, EQUAL, EQUAL),
    target(Row::Idle, MEMORY, Measure::Thousand, EQUAL, EQUAL),
    target(Row::Documents, CPU, Measure::Against(Peer::Node), 0.3, 0.2),
    target(Row::Start, START, Measure::Itself, 50.0, 25.0),
];

/// How what was measured compares with what is required and aimed at.
pub fn judge(record: &Record) -> String {
    let mut lines = String::new();
    for target in &TARGETS {
        let Some((name, value)) = target.value(record) else { continue };
        let verdict = |limit: f64| if value <= limit { "ok" } else { "missed" };
        let _ = writeln!(
            lines,
            "  {name:48}{value:>8.2}{:>10.2} {:8}{:>8.2} {}",
            target.required,
            verdict(target.required),
            target.aim,
            verdict(target.aim)
        );
    }
    if lines.is_empty() { lines } else { format!("\n  {:48}{:>8}{:>10}{:>17}\n{lines}", "", "", "required", "aim") }
}

impl Target {
    /// What is compared, and the number.
    fn value(&self, record: &Record) -> Option<(String, f64)> {
        let Self { row, metric, .. } = self;
        let name = format!("{row}, {}", metric.name);
        match self.measure {
            Measure::Against(peer) => Some((format!("{name}: lambdio / {peer}"), record.ratio(*row, peer, *metric)?)),
            Measure::Itself => {
                let ours = record.summary(*row, Peer::Lambdio, *metric)?.median;
                Some((format!("{name}: lambdio, {}", metric.unit), ours))
            }
            Measure::Thousand => {
                let ratio = record.ratio(*row, Peer::Thousand, *metric)?;
                Some((format!("{name}: 1 000 handlers more / lambdio"), 1.0 / ratio))
            }
        }
    }
}
