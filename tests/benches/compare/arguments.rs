//! What to measure, and how long.

use crate::rows::{Row, Scale};
use clap::{Parser, ValueEnum as _};
use std::time::Duration;

/// Compares lambdio with socketioxide used by hand and with Socket.IO on Node.
#[derive(Parser, Debug)]
pub struct Arguments {
    /// The rows to measure; all of them when none is named.
    #[arg(value_enum)]
    rows: Vec<Row>,
    /// Everything small: a smoke test of less than a minute, whose numbers mean nothing.
    #[arg(long, env = "LAMBDIO_BENCH_QUICK")]
    quick: bool,
    /// How often each row is measured on each server, one server after the other. 3, or 1 with --quick.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: Option<u32>,
    /// Seconds of load in one measurement of a row that has a duration, at most 10.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=10))]
    seconds: u64,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// The rows to measure, in the order of the table.
    pub fn rows(&self) -> Vec<Row> {
        let all = Row::value_variants().iter().copied();
        all.filter(|row| self.rows.is_empty() || self.rows.contains(row)).collect()
    }

    pub fn rounds(&self) -> u32 {
        self.rounds.unwrap_or(if self.quick { 1 } else { 3 })
    }

    pub fn is_quick(&self) -> bool {
        self.quick
    }

    pub fn scale(&self) -> Scale {
        if self.quick {
            Scale {
                warm_up: Duration::from_millis(100),
                load: Duration::from_millis(200),
                settle: Duration::from_millis(100),
                connections: 20,
                members: 20,
                idle: 100,
                starts: 1,
            }
        } else {
            Scale {
                warm_up: Duration::from_secs(1),
                load: Duration::from_secs(self.seconds),
                settle: Duration::from_secs(1),
                connections: 100,
                members: 500,
                idle: 5_000,
                starts: 5,
            }
        }
    }
}
