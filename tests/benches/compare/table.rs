//! The table: for each row and number the median of all rounds, with half their distance in percent.

use crate::{
    metric::Metric,
    peers::Peer,
    record::{Record, Summary},
    rows::Row,
};
use clap::ValueEnum as _;
use std::fmt::Write as _;

/// The table of what was measured.
pub fn of(record: &Record) -> String {
    let mut table = format!("\n{:24}", "");
    for peer in Peer::ALL {
        let _ = write!(table, "{peer:>18}");
    }
    let _ = writeln!(table, "{:>11}{:>11}", "/ by hand", "/ Node");
    for row in Row::value_variants() {
        let metrics = record.metrics(*row);
        if !metrics.is_empty() {
            let _ = writeln!(table, "\n{row}: {}", row.description());
        }
        for metric in metrics {
            let _ = writeln!(table, "{}", line(record, *row, metric));
        }
    }
    table
}

fn line(record: &Record, row: Row, metric: Metric) -> String {
    let mut line = format!("  {:22}", format!("{}, {}", metric.name, metric.unit));
    for peer in Peer::ALL {
        let cell = record.summary(row, peer, metric).map(|summary| cell(&summary)).unwrap_or_default();
        let _ = write!(line, "{cell:>18}");
    }
    for peer in [Peer::ByHand, Peer::Node] {
        let ratio = record.ratio(row, peer, metric).map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let _ = write!(line, "{ratio:>11}");
    }
    line.trim_end().to_owned()
}

fn cell(summary: &Summary) -> String {
    let percent = if summary.median > 0.0 { 100.0 * summary.spread / summary.median } else { 0.0 };
    format!("{} ±{percent:2.0}%", number(summary.median))
}

/// Three digits or more.
fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
