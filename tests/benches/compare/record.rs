//! Every number of a run, in memory and as JSON lines.

use crate::{
    Failure, building,
    metric::{Metric, Values},
    peers::Peer,
    rows::Row,
};
use serde_json::{Map, json};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Every number of a run.
pub struct Record {
    path: PathBuf,
    file: File,
    measured: Vec<(Row, Peer, Metric, f64)>,
    failures: Vec<String>,
}

/// The middle of some measurements, and how far they are apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub median: f64,
    /// Half of the distance between the lowest and the highest.
    pub spread: f64,
}

impl Record {
    /// Starts a file in `bench` of the target folder.
    pub fn create() -> Result<Self, Failure> {
        let folder = building::target()?.join("bench");
        fs::create_dir_all(&folder)?;
        let date = humantime::format_rfc3339_seconds(SystemTime::now()).to_string().replace(':', "-");
        let path = folder.join(format!("{date}.jsonl"));
        let file = File::create(&path)?;
        Ok(Self { path, file, measured: Vec::new(), failures: Vec::new() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first line: where and how it was measured.
    pub fn describe(&mut self, description: &str) -> Result<(), Failure> {
        let lines: Vec<&str> = description.lines().collect();
        Ok(writeln!(self.file, "{}", json!({ "description": lines }))?)
    }

    /// What one measurement gave.
    pub fn add(&mut self, row: Row, peer: Peer, round: u32, values: &Values) -> Result<(), Failure> {
        let mut line = Map::new();
        for (metric, value) in values {
            line.insert(format!("{}, {}", metric.name, metric.unit), json!(value));
            self.measured.push((row, peer, *metric, *value));
        }
        let line = json!({ "row": row.to_string(), "peer": peer.name(), "round": round + 1, "values": line });
        Ok(writeln!(self.file, "{line}")?)
    }

    /// A measurement that could not be made.
    pub fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    /// The metrics of a row, in the order they came in.
    pub fn metrics(&self, row: Row) -> Vec<Metric> {
        let mut metrics = Vec::new();
        for (_, _, metric, _) in self.measured.iter().filter(|(of, ..)| *of == row) {
            if !metrics.contains(metric) {
                metrics.push(*metric);
            }
        }
        metrics
    }

    /// All rounds of one number.
    pub fn summary(&self, row: Row, peer: Peer, metric: Metric) -> Option<Summary> {
        let found = self.measured.iter().filter(|(a, b, c, _)| (*a, *b, *c) == (row, peer, metric));
        let mut values: Vec<f64> = found.map(|(.., value)| *value).collect();
        values.sort_by(f64::total_cmp);
        let (lowest, highest) = (values.first()?, values.last()?);
        let upper = values.get(values.len() / 2)?;
        let lower = values.get((values.len() - 1) / 2)?;
        Some(Summary { median: f64::midpoint(*lower, *upper), spread: (highest - lowest) / 2.0 })
    }

    /// lambdio's number divided by another server's.
    pub fn ratio(&self, row: Row, peer: Peer, metric: Metric) -> Option<f64> {
        let theirs = self.summary(row, peer, metric)?.median;
        let ours = self.summary(row, Peer::Lambdio, metric)?.median;
        (theirs > 0.0).then(|| ours / theirs)
    }
}
